"""The tables of section 1.12."""

from mlsys_helpers import facts
from mlsys_helpers.kit.table import Table, table
from mlsys_helpers.kit.units import duration, number
from mlsys_helpers.sections.book_map import book, fleet, model
from mlsys_helpers.sections.iron_law.model import Terms, time_terms, transformer

CONTEXT = 1024
JOBS = {
    "writing for one user": lambda llama, weight_bytes: llama.decode_work(CONTEXT, 1, weight_bytes, 2.0),
    "writing for 64 at once": lambda llama, weight_bytes: llama.decode_work(CONTEXT, 64, weight_bytes, 2.0),
    "reading a prompt": lambda llama, weight_bytes: llama.prefill_work(CONTEXT, 1, weight_bytes, 2.0),
}


def ideas_by_part(group: str) -> Table:
    """In which parts each idea of a group returns: the chapters that the text names, and in brackets those we add."""
    rows = []
    for idea in dict.fromkeys(row.idea for row in book.returns() if row.group == group):
        cells = []
        for part in book.PARTS:
            here = [row for row in book.where(idea) if book.chapters()[row.chapter].part == part]
            said = [
                book.title(row.chapter) if row.kind == "text" else f"({book.title(row.chapter)})"
                for row in sorted(here, key=lambda row: list(book.chapters()).index(row.chapter))
            ]
            cells.append(", ".join(said))
        rows.append((idea, *cells))
    return table((group, *book.PARTS.values()), rows)


def job_terms(job: str, weight_bytes: float) -> Terms:
    """The iron law for a job of JOBS with Llama-2-7B, weights in so many bytes, arithmetic and KV cache in FP16."""
    chip, work = facts.chip(fleet.CHIP), JOBS[job](transformer(facts.workload("llama2_7b")), weight_bytes)
    return time_terms(work.bytes_moved, chip.bandwidth_bytes_per_s, work.flop, chip.peak("fp16"))


def quantised_speedup(job: str) -> float:
    """How many times faster a job gets when weights take one byte instead of two, data and arithmetic overlapped."""
    return job_terms(job, 2.0).overlapped_s / job_terms(job, 1.0).overlapped_s


def quantised() -> Table:
    """The three jobs before and after."""
    rows = [
        (
            job,
            before.binding,
            duration(before.overlapped_s),
            duration(after.overlapped_s),
            number(quantised_speedup(job)),
        )
        for job in JOBS
        for before, after in [(job_terms(job, 2.0), job_terms(job, 1.0))]
    ]
    return table(("Llama-2-7B, A100", "binding term", "2 bytes a weight", "1 byte a weight", "times faster"), rows)


def gpt3() -> Table:
    """What the network adds to the chapter's 25 days, by the cards in a node."""
    rows = []
    for cards in (1, 4, 8):
        one, (added, overlapped) = fleet.step(fleet.EXAMPLE_WORKERS, cards), fleet.gpt3_days(cards)
        row = (
            cards,
            duration(float(one.compute_s)),
            duration(float(one.data_s)),
            f"{added:.1f} days",
            f"{overlapped:.1f} days",
        )
        rows.append(row)
    return table(("cards in a node", "arithmetic", "sum of gradients", "one after the other", "overlapped"), rows)


def bisection() -> Table:
    """Links in the worst cut of three networks."""
    rows = [
        (shape, *(f"{model.bisection_links(workers, shape):,.0f}" for workers in (64, 1024)))
        for shape in ("ring", "torus", "fat tree")
    ]
    return table(("links across the worst cut", "64 workers", "1,024 workers"), rows)


def lost_by_part() -> Table:
    """What becomes unreadable elsewhere when a whole part is left out."""
    rows = []
    for part, name in book.PARTS.items():
        skipped = [chapter.chapter for chapter in book.chapters().values() if chapter.part == part]
        lost = model.lost_without(book.needs(), skipped)
        rows.append((name, len(lost), book.titles(lost)))
    return table(("left out", "lost", "which"), rows)
