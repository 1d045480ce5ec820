"""The explorers of section 1.8: a contract whose limits move, and a vote whose voters err together."""

from dataclasses import replace

from mlsys_helpers.kit.explorer import Explorer, Steps, chosen
from mlsys_helpers.kit.units import percent, si
from mlsys_helpers.sections.ai_engineering import figures, model, zoo

LIMITS = {limit.quantity: limit for limit in zoo.CONTRACT}


def _share(value: float) -> str:
    return percent(value, 2)


def _unit(unit: str):
    return lambda value: si(value, unit, 1)


ACCURACIES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99)
CONTRACT_CONTROLS = {
    "accuracy": Steps("Accuracy at least", ACCURACIES, start=LIMITS["accuracy"].bound, show=_share),
    "worst_digit": Steps("Worst digit at least", ACCURACIES[:6], start=LIMITS["worst digit"].bound, show=_share),
    "p99": Steps(
        "p99 at most", (2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 1e-1), start=1e-2, show=_unit("s")
    ),
    "size": Steps("Size at most", (1e3, 2e3, 8e3, 1.6e4, 6.4e4, 2.5e5, 5e5, 1e6, 4e6), start=6.4e4, show=_unit("B")),
    "energy": Steps("Energy at most", (1e-8, 5e-8, 1e-7, 2e-7, 5e-7, 1e-6, 4e-6, 1e-5), start=2e-7, show=_unit("J")),
}


def findings(**bounds: float) -> dict[str, tuple[model.Finding, ...]]:
    """What becomes of each of the zoo, the most accurate first, under the contract with other bounds."""
    contract = tuple(
        replace(limit, bound=bounds.get(limit.quantity.replace(" ", "_"), limit.bound)) for limit in zoo.CONTRACT
    )
    best_first = sorted(zoo.quality(), key=lambda name: -zoo.quality()[name].accuracy)
    return {name: model.judge(contract, zoo.promises(name)) for name in best_first}


def contract(*names: str) -> Explorer:
    """Who keeps the contract. `names` chooses controls of CONTRACT_CONTROLS; all without any.

    A limit that is left out stays as the contract has it.
    """
    controls, _ = chosen(CONTRACT_CONTROLS, names)
    as_signed = findings()
    rows = tuple(as_signed)
    return Explorer(
        "Which reader keeps the contract? (what each can promise)",
        controls,
        backdrop=lambda ax: figures.contract_backdrop(ax, rows, tuple(as_signed.values())),
        marks=lambda ax, **bounds: figures.contract_marks(ax, tuple(findings(**bounds).values())),
        sentence=lambda **bounds: figures.tell_contract(rows, tuple(findings(**bounds).values())),
        width=720,
        height=440,
    )


ERRORS = (0.001, 0.003, 0.01, 0.04, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
CORRELATIONS = (0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 0.9, 1.0)


def votes() -> Explorer:
    """A vote of equal parts by how often they err, how far they err together, and how many they are."""
    return Explorer(
        "What a vote can promise",
        {
            "error": Steps("One part is wrong in", ERRORS, start=0.04, show=_share),
            "correlation": Steps("Correlation of errors", CORRELATIONS, start=0.5, show="{:g}".format),
            "voters": Steps("Voters", tuple(figures.VOTERS.tolist()), start=3),
        },
        backdrop=figures.vote_backdrop,
        marks=figures.vote_marks,
        sentence=figures.tell_vote,
        height=360,
    )
