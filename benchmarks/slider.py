"""How long from a slider step to new pixels? An Explorer, a bare round trip and plain `interact`, in one run.

    .venv/bin/python benchmarks/slider.py                      # the roofline of section 1.6
    .venv/bin/python benchmarks/slider.py package.module:name  # another explorer: a function without arguments

All three live in one notebook in JupyterLab in headless Chromium and take turns, so that noise hits each alike. A
step is one arrow key on the slider; the clock runs in the page, from the key event until the answer stands in the
document (`ready`) and until the animation frame that shows it is painted (`pixels`, which the limits are about).
`bare` is a slider whose kernel callback writes a label. `interact` draws the explorer's own backdrop and marks on a
fresh pyplot figure. Every animation frame is watched for a missing picture and for anything on the page that moved.
Exit status 1 when a limit is missed.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
ROOFLINE = "mlsys_helpers.sections.iron_law.explorers:roofline"
LANES = {"bare": ".bare-answer", "explorer": ".companion-explorer img", "interact": ".widget-output img"}
LIMITS = (  # measured, against, percentile, and whether the ratio must stay below (1.4) or reach (2.5) the limit
    ("explorer", "bare", 50, "at most", 1.4),
    ("explorer", "bare", 95, "at most", 1.6),
    ("interact", "explorer", 50, "at least", 2.5),
    ("interact", "explorer", 95, "at least", 2.5),
)

# One step: wait for the key, then for the answer that `selector` finds in cell `box` to be another one than before.
WATCH = """([index, selector]) => {
  const box = document.querySelectorAll('.jp-CodeCell')[index];
  const scroller = document.querySelector('.jp-WindowedPanel-outer') ?? document.querySelector('.jp-Notebook');
  const found = () => box.querySelector(selector);
  const answer = () => found() ? (found().src ?? found().textContent) + found().alt : '';
  const shown = () => found() && (found().tagName !== 'IMG' || (found().complete && found().naturalWidth));
  const place = () => [scroller.scrollTop, scroller.scrollHeight, ...[...document.querySelectorAll('.jp-CodeCell')].map(
    c => Math.round(c.getBoundingClientRect().top))].join();
  const before = answer(), where = place(), seen = {frames: 0, blank: 0, jumps: 0};
  let start, over = false;
  const look = () => {
    seen.frames += 1; seen.blank += shown() ? 0 : 1; seen.jumps += place() === where ? 0 : 1;
    if (!over) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  document.addEventListener('keydown', () => { start = performance.now(); }, {capture: true, once: true});
  window.step = new Promise((done, fail) => {
    setTimeout(() => fail('no answer within 20 s to a step of ' + selector), 20000);
    const finish = ready => {
      const pixels = performance.now() - start;
      setTimeout(() => { over = true; done({ready, pixels, ...seen}); }, 120);
    };
    const paint = ready => requestAnimationFrame(() => {
      if (!shown()) return paint(ready);
      const after = new MessageChannel();  // its message is handled once the frame is painted
      after.port1.onmessage = () => finish(ready);
      after.port2.postMessage(0);
    });
    const observer = new MutationObserver(() => {
      if (!answer() || answer() === before) return;
      observer.disconnect();
      paint(performance.now() - start);
    });
    observer.observe(box, {subtree: true, childList: true, characterData: true, attributes: true});
  });
}"""


def bare(steps: int):
    """The round trip that no explorer can beat: a slider, a kernel callback, a label."""
    from ipywidgets import Label, SelectionSlider, VBox

    slider, answer = SelectionSlider(options=range(steps), description="Step"), Label("0")
    answer.add_class("bare-answer")
    slider.observe(lambda change: setattr(answer, "value", str(change["new"])), names="index")
    return VBox([slider, answer])


def plain_interact(explorer):
    """The explorer's first slider and drawing, the way a notebook does it without help."""
    from ipywidgets import SelectionSlider, interact
    from matplotlib import pyplot as plt

    name = first_slider(explorer)
    others = explorer.values

    def draw(step):
        _, ax = plt.subplots(figsize=(6.4, 4.0), dpi=100)
        explorer.backdrop(ax)
        explorer.marks(ax, **others | {name: step})
        plt.show()

    interact(draw, step=SelectionSlider(options=explorer.controls[name].values))


def first_slider(explorer) -> str:
    """The name of the explorer's first slider."""
    from mlsys_helpers.kit.explorer import Steps

    return next(name for name, control in explorer.controls.items() if isinstance(control, Steps))


def measure(explorer: str, steps: int, warm_up: int = 5) -> dict[str, list[dict]]:
    """What each lane's steps took and showed, `steps` of each, taking turns."""
    from tests.browser.lab import Lab

    module, name = explorer.split(":")
    here = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom benchmarks import slider"
    with tempfile.TemporaryDirectory() as folder, Lab(Path(folder), height=2400) as lab:
        lab.write(
            "slider.ipynb",
            f"{here}\nslider.bare({steps + warm_up + 1})",
            f"from {module} import {name} as make\nmake()",
            "slider.plain_interact(make())",
        )
        notebook = lab.open("slider.ipynb")
        if errors := notebook.run_all():
            raise RuntimeError(f"the notebook did not run: {errors}")
        notebook.page.wait_for_timeout(2000)
        lanes = {lane: Lane(notebook, index, answer) for index, (lane, answer) in enumerate(LANES.items())}
        turns = [{name: lane.step() for name, lane in lanes.items()} for _ in range(warm_up + steps)]
        return {name: [turn[name] for turn in turns[warm_up:]] for name in lanes}


class Lane:
    """The slider of one cell and the answer to it, moved to and fro over its whole range."""

    def __init__(self, notebook, index: int, answer: str):
        self.page, self.where, self.turn = notebook.page, [index, answer], 0
        self.handle = self.page.locator(".jp-CodeCell").nth(index).locator("[role=slider]").first
        self.span = int(float(self.handle.get_attribute("aria-valuemax")))
        notebook.press("Home", on=self.handle)
        self.page.wait_for_timeout(1000)

    def step(self) -> dict:
        """One arrow key: milliseconds until `ready` and `pixels`, and the frames seen, blank and moved."""
        key = "ArrowRight" if self.turn // self.span % 2 == 0 else "ArrowLeft"
        self.turn += 1
        self.handle.focus()
        self.page.evaluate(WATCH, self.where)
        self.page.keyboard.press(key)
        return self.page.evaluate("window.step")


def report(taken: dict[str, list[dict]]) -> bool:
    """Print the table; whether every limit was met."""
    times = {lane: np.array([step["pixels"] for step in steps]) for lane, steps in taken.items()}
    heads = ("steps", "pixels", "p95", "ready", "p95", "frames", "blank", "jumps")
    print(f"{'ms':8}" + "".join(f"{head:>8}" for head in heads))
    for lane, steps in taken.items():
        frames, blank, jumps = (sum(step[what] for step in steps) for what in ("frames", "blank", "jumps"))
        median, p95 = np.percentile(times[lane], [50, 95])
        ready, ready_p95 = np.percentile([step["ready"] for step in steps], [50, 95])
        numbers = (median, p95, ready, ready_p95)
        print(f"{lane:8}{len(steps):8}" + "".join(f"{n:8.1f}" for n in numbers) + f"{frames:8}{blank:8}{jumps:8}")
    met = []
    for above, below, percentile, sense, limit in LIMITS:
        ratio = np.percentile(times[above], percentile) / np.percentile(times[below], percentile)
        met.append(ratio <= limit if sense == "at most" else ratio >= limit)
        name = "median" if percentile == 50 else f"p{percentile}"
        print(f"{above} / {below}, {name}: {ratio:.2f}, {sense} {limit}: {'met' if met[-1] else 'MISSED'}")
    met.append(not any(step["blank"] or step["jumps"] for step in taken["explorer"]))
    print(f"explorer without a blank frame and without a jump: {'met' if met[-1] else 'MISSED'}")
    return all(met)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("explorer", nargs="?", default=ROOFLINE, help="package.module:function")
    parser.add_argument("--steps", type=int, default=60, help="steps of each lane (default 60)")
    args = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    print(f"{args.explorer}, load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    return 0 if report(measure(args.explorer, args.steps)) else 1


if __name__ == "__main__":
    sys.exit(main())
