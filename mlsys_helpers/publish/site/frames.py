"""An explorer without a kernel: every picture that its controls can ask for, drawn beforehand by the explorer itself.

No formula is written twice: a frame is what the notebook's explorer draws at that position, and its text is what the
explorer says there. Where the positions are too many, sliders keep fewer steps; where even that does not help, the
page shows the state in which the notebook opens.
"""

import ast
import hashlib
import html
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from pathlib import Path

from PIL import Image

from mlsys_helpers.kit.explorer import Choice, Explorer, Steps

MOST = 300  # frames for one explorer: 3 MB, of which a reader loads those that they look at
ROOT = Path(__file__).resolve().parents[2]
FEWEST_STEPS = 5  # a slider with fewer answers no question


@dataclass(frozen=True)
class Frames:
    """The positions of an explorer and what it shows at each: `files` and `sentences`, the last control fastest."""

    title: str
    size: Sequence[int]
    controls: Sequence[dict]  # label, texts, at, kind, of
    files: Sequence[str]
    sentences: Sequence[str]

    @property
    def start(self) -> int:
        """The place of the state in which the explorer opens."""
        place = 0
        for control in self.controls:
            place = place * len(control["texts"]) + control["at"]
        return place


def explorer(call: str, package: str) -> Explorer:
    """The explorer that a cell of a notebook shows: `explorers.terms("job", "batch")` of a section's `package`."""
    return eval(call, {"explorers": import_module(f"{package}.explorers")})  # a cell of our own notebooks


def kept_steps(controls: Mapping[str, Choice | Steps], most: int = MOST) -> dict[str, Sequence[int]] | None:
    """For each control the places of the values to draw; None where even the fewest are too many.

    The longest slider gives up steps first; the first, the last and the starting one stay.
    """
    counts = {name: len(control.values) for name, control in controls.items()}
    while math.prod(counts.values()) > most:
        sliders = [name for name in counts if isinstance(controls[name], Steps) and counts[name] > FEWEST_STEPS]
        if not sliders:
            return None
        counts[max(sliders, key=lambda name: counts[name])] -= 1
    return {name: _spread(control, counts[name]) for name, control in controls.items()}


def _spread(control: Choice | Steps, count: int) -> Sequence[int]:
    """`count` places among the control's values, evenly, with both ends and the start."""
    last = len(control.values) - 1
    if count > last:
        return range(last + 1)
    start = control.index_of(control.start)
    places = sorted({round(n * last / (count - 1)) for n in range(count)})
    if start not in places:
        nearest = min(places[1:-1], key=lambda place: abs(place - start))
        places[places.index(nearest)] = start
    return sorted(places)


def positions(controls: Mapping[str, Choice | Steps], places: Mapping[str, Sequence[int]]) -> Iterable[dict]:
    """The values of every position, in the order of the frames."""
    for chosen in product(*places.values()):
        yield {name: controls[name].values[at] for name, at in zip(places, chosen, strict=True)}


def frames(call: str, package: str, folder: Path, cache_folder: Path) -> Frames | None:
    """The frames of the explorer that `call` makes, their pictures written into `folder`; None if they are too many.

    What is in `cache_folder` from an earlier build is taken from there, as long as no code or table has changed.
    """
    key = hashlib.sha256(f"{_fingerprint(package)} {package} {call} {MOST} {FEWEST_STEPS}".encode()).hexdigest()[:20]
    stored, pictures = cache_folder / f"{key}.json", cache_folder / "pictures"
    if not stored.is_file():
        pictures.mkdir(parents=True, exist_ok=True)
        drawn = _draw(explorer(call, package), lambda name, png: _keep(pictures / name, png))
        stored.write_text(json.dumps(drawn and vars(drawn)), encoding="utf8")
    content = json.loads(stored.read_text(encoding="utf8"))
    if content is None:
        return None
    made = Frames(**content)
    for name in set(made.files):
        _keep(folder / name, (pictures / name).read_bytes())
    return made


def _draw(live: Explorer, keep: Callable[[str, bytes], None]) -> Frames | None:
    places = kept_steps(live.controls)
    if places is None:
        return None
    files, sentences = [], []
    for values in positions(live.controls, places):
        live.set(**values)
        png = packed(live.png)
        files.append(f"{hashlib.sha256(png).hexdigest()[:16]}.png")
        sentences.append(live.sentence)
        keep(files[-1], png)
    controls = tuple(_told(control, places[name]) for name, control in live.controls.items())
    size = Image.open(io.BytesIO(live.png)).size
    return Frames(live.title, size, controls, tuple(files), tuple(sentences))


def _told(control: Choice | Steps, places: Sequence[int]) -> dict:
    unit = getattr(control, "unit", "")
    start = control.index_of(control.values[0] if control.start is None else control.start)
    return {
        "label": f"{control.label} ({unit})" if unit else control.label,
        "texts": [control.texts[at] for at in places],
        "at": list(places).index(start),
        "kind": "slider" if isinstance(control, Steps) else "list",
        "of": len(control.values),
    }


def packed(png: bytes) -> bytes:
    """A picture of at most 256 colours, packed in a tenth of the time of `kit.figure.small_png`."""
    file = io.BytesIO()
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.quantize(method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _keep(path: Path, content: bytes) -> None:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _fingerprint(package: str) -> str:
    """What can change a picture: every module that the explorers of `package` import, all tables, what draws."""
    import matplotlib
    import numpy
    import sklearn

    modules = _imported(f"{package}.explorers", {})
    tables = [path for folder in ("data", "facts", "kit", "sections") for path in (ROOT / folder).rglob("*.*")]
    content = [path.read_bytes() for path in sorted(tables) if path.suffix in {".csv", ".gz", ".mplstyle"}]
    content += [modules[name] for name in sorted(modules)]
    versions = f"{matplotlib.__version__} {numpy.__version__} {sklearn.__version__}"
    return hashlib.sha256(versions.encode() + b"".join(content)).hexdigest()


def _imported(module: str, found: dict[str, bytes]) -> dict[str, bytes]:
    """The source of `module` and of every module of the companion that it imports, directly or not."""
    path = ROOT.parent.joinpath(*module.split("."))
    file = next((one for one in (path.with_suffix(".py"), path / "__init__.py") if one.is_file()), None)
    if file is None or module in found:
        return found
    found[module] = file.read_bytes()
    for node in ast.walk(ast.parse(found[module])):
        names = [one.name for one in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        base = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        for name in [base, *(f"{base}.{one}".strip(".") for one in names)]:
            if name.startswith("mlsys_helpers."):
                _imported(name, found)
    return found


def form(made: Frames, number: int) -> str:
    """The explorer as HTML: native controls, the picture with its text alternative, and the sentence that says it."""
    width, height = made.size
    controls = "".join(_control(control, f"explorer-{number}-{n}") for n, control in enumerate(made.controls))
    data = json.dumps({"files": made.files, "sentences": made.sentences}, ensure_ascii=False).replace("</", "<\\/")
    sentence = html.escape(made.sentences[made.start])
    return (
        f'<form class="companion-explorer" aria-label="Explorer: {html.escape(made.title)}" autocomplete="off">'
        f'<p class="companion-title"><strong>{html.escape(made.title)}</strong></p>{controls}'
        f'<img class="companion-figure" src="../_static/frames/{made.files[made.start]}" width="{width}"'
        f' height="{height}" alt="{sentence}"><p class="companion-sentence" role="status">{sentence}</p>'
        f'{_fewer(made)}<script type="application/json">{data}</script></form>'
    )


def _control(control: dict, id: str) -> str:
    label, texts, at = html.escape(control["label"]), [html.escape(text) for text in control["texts"]], control["at"]
    if control["kind"] == "slider":
        steps = html.escape(json.dumps(control["texts"], ensure_ascii=False))
        tool = (
            f'<input type="range" id="{id}" min="0" max="{len(texts) - 1}" step="1" value="{at}"'
            f' aria-valuetext="{texts[at]}" data-texts="{steps}">'
            f'<span class="companion-value" aria-hidden="true">{texts[at]}</span>'
        )
    else:
        chosen = ["" if n != at else " selected" for n in range(len(texts))]
        options = "".join(f'<option value="{n}"{chosen[n]}>{text}</option>' for n, text in enumerate(texts))
        tool = f'<select id="{id}">{options}</select>'
    return f'<div class="companion-control"><label for="{id}">{label}</label>{tool}</div>'


def _fewer(made: Frames) -> str:
    thinned = [control for control in made.controls if len(control["texts"]) < control["of"]]
    if not thinned:
        return ""
    told = "; ".join(f"{c['label']}: {len(c['texts'])} of {c['of']} steps" for c in thinned)
    return f'<p class="companion-aside">Fewer steps than in the notebook. {html.escape(told)}.</p>'
