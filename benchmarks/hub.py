"""What a class costs a hub: `python benchmarks/hub.py [students] [browsers]`.

A real JupyterHub behind a real proxy, as hub/ configures it, and students (eight, if not said) who all do the same at
once: start, open section 1.6 and run it, answer a question of the quiz, answer a task of the released notebook and hand
it in. The first two (or as many as said) do the reading in a browser. Memory is PSS: pages that several processes share
count once. What is printed goes into hub/README.md. Needs Linux and npm; as root, with a Python that others may run,
each student is a user of their own.
"""

import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from mlsys_helpers.grading import course, roster  # noqa: E402
from mlsys_helpers.grading.collecting import collect  # noqa: E402
from mlsys_helpers.grading.handing_out import release  # noqa: E402
from mlsys_helpers.publish.links import links  # noqa: E402
from tests.browser.lab import CHROMIUM, CHROMIUM_ARGS, Notebook  # noqa: E402
from tests.hub.hub import Hub, exchange, separate  # noqa: E402
from tests.hub.test_hub import NOTEBOOK, homework  # noqa: E402

READ = "notebooks/06_iron_law.ipynb"


def main(students: int = 8, browsers: int = 2) -> None:
    """Let a class work, and print a line for each step."""
    names = [f"s{number}" for number in range(1, students + 1)]
    apart = "each a user of their own" if separate() else "all the same user"
    print(f"{students} students, {apart}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    with tempfile.TemporaryDirectory(prefix="hub-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        folder.chmod(0o755)
        listed = roster.parse(("id,name\n" + "".join(f"{name},{name}\n" for name in names)).encode(), "roster.csv")
        assigned = released(folder / "cs249", listed)
        with Hub(folder / "hub", names) as hub:
            exchange.release(assigned.folder, hub.exchange)
            work(hub, names, browsers)
        inbox = folder / "inbox"
        taken = [line for line in exchange.collect(hub.exchange, inbox) if line.endswith(": taken")]
        found = collect.collect(inbox, assigned, listed).having("taken")
        print(
            f"handed in: {len(taken)}; collected for {len({row.file.student for row in found})} of {students} students"
        )


def released(place: Path, listed: roster.Roster) -> course.Assignment:
    """Section 1.6 as an assignment."""
    course.new_course(place, "cs249")
    assigned = course.Assignment("cs249", "06", place / "06", release.parts(["iron_law"]))
    release.write(release.release(assigned, listed))
    return assigned


def work(hub: Hub, names: list[str], browsers: int) -> None:
    """All do the same at once, step after step."""
    print(f"hub and proxy: {gigabytes(core(hub))}")
    begun = time.monotonic()
    hub.ask(names[0])
    hub.start(names[0])
    print(f"the first server: {time.monotonic() - begun:.1f} s, alone, with the working copy laid out")
    with ThreadPoolExecutor(len(names)) as pool:
        begun = time.monotonic()
        started = dict(pool.map(lambda name: (hub.start(name, 600), time.monotonic() - begun), names[1:]))
        everyone = [hub.start(names[0]), *started]
        tell("the others at once", list(started.values()))
        pss("server at rest", everyone)
        before = [student.cpu_s() for student in everyone]
        reading = pool.submit(read, hub, names[:browsers]) if browsers and CHROMIUM else None
        took = list(pool.map(lambda student: timed(lambda: ran(student)), everyone[browsers:]))
        tell("section 1.6 run by all at once", took + (reading.result() if reading else []))
        used = [student.cpu_s() - was for student, was in zip(everyone, before, strict=True)]
        print(f"for which a student used one core for {median(used):.0f} s in the median")
        pss("server and kernel after section 1.6", everyone)
        tell("homework done and handed in", list(pool.map(lambda student: timed(lambda: homework(student)), everyone)))
        pss("with a second kernel and a terminal", everyone)
        hub.stop(names[0])
        begun = time.monotonic()
        hub.start(names[0])
        print(f"a server that starts again: {time.monotonic() - begun:.1f} s, with an update of the working copy")
    refused = everyone[1].api("GET", "/contents", of=names[0]).status_code
    print(f"{names[1]} at the server of {names[0]}: HTTP {refused}; homes: {homes(hub)}")
    print(f"hub and proxy afterwards: {gigabytes(core(hub))}; disk for each student: {disk(hub.homes / names[0])}")


def ran(student) -> None:
    """Read section 1.6 through the API."""
    if errors := student.run(READ, 1200):
        raise RuntimeError(f"{student.name}: {errors}")


def read(hub: Hub, names: list[str]) -> list[float]:
    """These log in with a browser each, follow the link of section 1.6 and run it; seconds from opened to done."""
    (address,) = [link.address for link in links(hub.address) if link.address.endswith(READ)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        opened, begun = [], time.monotonic()
        for name in names:
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.goto(address)
            page.fill("#username_input", name)
            page.fill("#password_input", "anything")
            page.click("#login_submit")
            page.wait_for_function("window.jupyterapp?.shell.currentWidget?.content?.widgets?.length", timeout=300_000)
            opened.append(Notebook(page))
            opened[-1].wait(lambda state: state["idle"], "the kernel", 300)
        for notebook in opened:
            notebook.command("notebook:run-all-cells")
        took = []
        for number, notebook in enumerate(opened):
            done = notebook.wait(lambda s: s["idle"] and (s["errors"] or not s["waiting"]), "all cells", 1200)
            took.append(time.monotonic() - begun)
            if done["errors"] or notebook.page_errors:
                raise RuntimeError(f"{names[number]}: {done['errors']} {notebook.page_errors}")
            if picture := os.environ.get("HUB_PICTURE"):
                notebook.page.screenshot(path=f"{picture}-{names[number]}.png")
        browser.close()
        return took


def timed(job) -> float:
    """Seconds that a job took."""
    begun = time.monotonic()
    job()
    return time.monotonic() - begun


def tell(what: str, took: list[float]) -> None:
    """The median and the longest of these seconds."""
    print(f"{what}: median {median(took):.1f} s, longest {max(took):.1f} s", flush=True)


def pss(what: str, everyone: list) -> None:
    """The memory of the students' processes."""
    found = [student.memory_bytes() for student in everyone]
    print(f"{what}: median {median(found) / 1e6:.0f} MB, most {max(found) / 1e6:.0f} MB a student", flush=True)


def core(hub: Hub) -> int:
    """The memory of the hub itself and its proxy."""
    own = psutil.Process(hub.process.pid)
    found = [own, *(child for child in own.children() if "proxy" in " ".join(child.cmdline()))]
    return sum(process.memory_full_info().pss for process in found)


def gigabytes(size: int) -> str:
    """In GB."""
    return f"{size / 1e9:.2f} GB"


def disk(home: Path) -> str:
    """What a home holds."""
    total = 0
    for path in home.rglob("*"):
        with suppress(OSError):
            total += path.lstat().st_blocks * 512
    return f"{total / 1e6:.0f} MB"


def homes(hub: Hub) -> str:
    """Whose files are in whose home."""
    if not separate():
        return "of one user here"
    for name in hub.names:
        owners = {path.lstat().st_uid for path in (hub.homes / name).rglob("*")}
        if owners != {hub.uids[name]} or not (hub.homes / name / "mlsys" / NOTEBOOK).exists():
            raise RuntimeError(f"in the home of {name} are files of {owners}")
    return "in each only files of its own student"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
