"""The explorers of section 1.12: what to read first, where an idea returns, and when a network binds."""

from mlsys_helpers.kit.explorer import Choice, Explorer, Steps
from mlsys_helpers.sections.book_map import book, figures, model
from mlsys_helpers.sections.book_map.fleet import EACH, MODELS, SHARED, curve, step

LOOKS = {"text": "data", "reading": "compute"}
FIRST, LOST = "what to read first", "what is lost without it"

# The book


def related(chapter: str, show: str) -> set[str]:
    """The chapters to read before `chapter`, or those that cannot be read without it."""
    needs = book.needs()
    return model.read_first(needs, chapter) if show == FIRST else model.lost_without(needs, [chapter])


def tell_reading(chapter: str, show: str) -> str:
    """How many chapters, and which."""
    found = related(chapter, show)
    what = "builds on" if show == FIRST else "is needed by"
    return f"{book.title(chapter)} {what} {len(found)} of the 15 others: {book.titles(found)}."


def reading() -> Explorer:
    """I am interested in a chapter: what must I read first, and what is lost without it?"""
    return Explorer(
        "A way through the book",
        {
            "chapter": Choice(
                "Chapter", {chapter.title: name for name, chapter in book.chapters().items()}, "model_compression"
            ),
            "show": Choice("Show", (FIRST, LOST)),
        },
        backdrop=figures.map_backdrop,
        marks=lambda ax, chapter, show: figures.map_marks(
            ax, dict.fromkeys(related(chapter, show), "data") | {chapter: "accent"}
        ),
        sentence=tell_reading,
        width=figures.MAP_SIZE[0],
        height=figures.MAP_SIZE[1],
    )


def tell_idea(idea: str) -> str:
    """Where an idea returns, by whose word, and what to read before all of it."""
    by = {kind: {row.chapter for row in book.where(idea) if row.kind == kind} for kind in book.KINDS}
    told = [f"the text names {book.titles(by['text'])}"] * bool(by["text"])
    told += [f"we add {book.titles(by['reading'])}"] * bool(by["reading"])
    before = set().union(*(model.read_first(book.needs(), row.chapter) for row in book.where(idea)))
    first = before - by["text"] - by["reading"]
    sentence = "; ".join(told)
    return f"{idea}: {sentence}. To read all of it, {len(first)} more come first: {book.titles(first)}."


def ideas() -> Explorer:
    """Where does an idea of this first chapter return?"""
    groups = {f"{row.idea} ({row.group})": row.idea for row in book.returns()}
    return Explorer(
        "Where an idea returns",
        {"idea": Choice("Idea", groups)},
        backdrop=figures.map_backdrop,
        marks=lambda ax, idea: figures.map_marks(ax, {row.chapter: LOOKS[row.kind] for row in book.where(idea)}),
        sentence=tell_idea,
        width=figures.MAP_SIZE[0],
        height=figures.MAP_SIZE[1],
    )


# A fleet


def tell_fleet(workers: int, cards: int, batch: str, workload: str) -> str:
    """One state in words."""
    alone, now = (step(n, cards, batch, workload) for n in (1, workers))
    efficiency = model.scaling_efficiency(workers, alone.added_s, now.added_s, weak=batch == EACH)
    return figures.tell_fleet(now, workers, curve(cards, batch, workload)[1], efficiency)


def fleet() -> Explorer:
    """From one worker to thousands: which is longer, arithmetic or the sum of gradients?"""
    return Explorer(
        "A step of training on A100s, eight to a node (computed, without overlap)",
        {
            "workers": Steps("Workers", figures.WORKERS, start=8),
            "cards": Choice("Network cards in a node", {"one": 1, "four": 4, "eight": 8}),
            "batch": Choice("The batch is", (SHARED, EACH)),
            "workload": Choice("Model", MODELS, "gpt3"),
        },
        backdrop=figures.fleet_backdrop,
        marks=lambda ax, workers, **choices: figures.fleet_marks(ax, *curve(**choices), workers),
        sentence=tell_fleet,
    )
