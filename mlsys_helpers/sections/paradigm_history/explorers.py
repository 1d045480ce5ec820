"""Replace: the explorers of this section: controls bound to model and figures."""

from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.explorer import Explorer, Steps
from mlsys_helpers.sections.paradigm_history import figures

ITEM_S = 0.1  # an example, no measurement
CONTROLS = {
    "items": Steps("Items", (1, 10, 100, 1000, 10_000), start=10, unit="in the job"),
    "setup_s": Steps("Set-up", (1, 10, 100), start=10, unit="s"),
}


def average(*names: str) -> Explorer:
    """The time of each item. `names` chooses controls of CONTROLS, all without any; the others stay at their start."""
    controls = {one_of("control", name, CONTROLS): CONTROLS[name] for name in names or CONTROLS}
    fixed = {name: control.start for name, control in CONTROLS.items() if name not in controls}
    return Explorer(
        "What a set-up adds to each item",
        controls,
        backdrop=figures.average_backdrop,
        marks=lambda ax, **values: figures.average_marks(ax, item_s=ITEM_S, **fixed | values),
        sentence=lambda **values: figures.tell_average(item_s=ITEM_S, **fixed | values),
        height=320,
    )
