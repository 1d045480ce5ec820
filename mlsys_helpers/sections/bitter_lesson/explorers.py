"""The explorers of section 1.3: playouts to Elo, what a search plays on one board, and what device-hours come to."""

from functools import cache

import numpy as np

from mlsys_helpers import facts
from mlsys_helpers.kit.explorer import Choice, Explorer, Steps
from mlsys_helpers.kit.spread import SEEDS
from mlsys_helpers.kit.units import DAY_S, YEAR_S, number, percent
from mlsys_helpers.sections.bitter_lesson import figures, model
from mlsys_helpers.sections.bitter_lesson.connect_four import position
from mlsys_helpers.sections.bitter_lesson.duel import Duels, stored
from mlsys_helpers.sections.bitter_lesson.experiments import TRIES, choices

# Playouts to Elo


@cache
def pooled(seeds: int) -> Duels:
    """The stored duels of the first so many seeds, blind search only."""
    return stored().of(*SEEDS[:seeds])


def duel_sentence(playouts: int, seeds: int) -> str:
    """Score, Elo and interval at a budget, and whether the better player is known."""
    duels = pooled(seeds)
    at = int(np.flatnonzero(duels.budgets == playouts)[0])
    low, high = (side[at] for side in duels.gap_intervals)
    better = "The rules are stronger." if high < 0 else "The search is stronger." if low > 0 else "Nobody knows yet."
    games, score = int(duels.total("games")[at]), duels.scores[at]
    gap = f"{duels.gaps[at]:+.0f} ({low:+.0f} to {high:+.0f})" if score else f"somewhere below {high:+.0f}"
    share = f"{percent(score)} of the points in {games:,} games"
    return f"With {playouts:,} playouts a move the search took {share}: its Elo over the rules is {gap}. {better}"


def duels() -> Explorer:
    """Elo of blind search over the rules, by budget and by how many games were played."""
    budgets = [int(budget) for budget in stored().budgets]

    def draw(ax, playouts: int, seeds: int) -> None:
        figures.duels_marks(ax, pooled(seeds))
        ax.axvspan(playouts / 1.12, playouts * 1.12, color=figures.COLOUR["neutral"], alpha=0.25)

    return Explorer(
        "Playouts to Elo",
        {
            "playouts": Steps("Playouts a move", budgets, start=28),
            "seeds": Choice("Games", {f"{200 * n:,} at each budget": n for n in (1, 2, 5)}, start=1),
        },
        backdrop=lambda ax: figures.duels_backdrop(ax, stored().budgets),
        marks=draw,
        sentence=duel_sentence,
        height=340,
    )


# One board

BOARDS = {
    "Three stacked: column 1 must be stopped": "12121",
    "The empty board": "",
    "Two in a row, open on both sides": "4455",
}
BUDGETS = (7, 28, 56, 112, 224, 448)


def one_board() -> Explorer:
    """How often a search plays each column of one board, by budget; all searches are run when it is made."""
    for moves in BOARDS.values():
        for budget in BUDGETS:
            choices(moves, budget)

    def tell(moves: str, playouts: int) -> str:
        counts = choices(moves, playouts)
        first, second = counts.argsort()[::-1][:2]
        told = f"{counts[first]} play column {first + 1}"
        told += f" and {counts[second]} column {second + 1}" if counts[second] else ""
        return f"Of {TRIES} searches with {playouts} playouts each, {told}."

    return Explorer(
        "What blind search plays",
        {"moves": Choice("Board", BOARDS), "playouts": Steps("Playouts", BUDGETS, start=28, unit="for this move")},
        backdrop=figures.choices_backdrop,
        marks=lambda ax, moves, playouts: figures.choices_marks(ax, position(moves), choices(moves, playouts)),
        sentence=tell,
        height=400,
    )


# Energy


def known_j() -> dict[str, float]:
    """Two amounts of electricity to compare with."""
    return {
        "GPT-3, trained once": facts.quoted("gpt3_training_energy").value,
        "a US household, one year": facts.quoted("household_year").value,
    }


def training_j(devices: int, chip: str, overhead: float) -> float:
    """Joules of `devices` chips at their rated power for as long as AlphaGo Zero trained."""
    time_s = facts.quoted("alphago_zero_training_time").value
    return model.energy_j(devices, facts.chip(chip).tdp_w, time_s, overhead)


def energy_sentence(devices: int, chip: str, overhead: float, kg_per_kwh: float) -> str:
    """Device-hours, energy, household time and carbon."""
    spent_j = training_j(devices, chip, overhead)
    time_s = facts.quoted("alphago_zero_training_time").value
    hours = f"{devices * time_s / 3600:,.0f} TPU-hours"
    years = spent_j / facts.quoted("household_year").value
    household = f"{number(years)} household-years" if years >= 1 else f"{number(years * YEAR_S / DAY_S)} household-days"
    kwh = 1000 * figures.megawatt_hours(spent_j)
    return f"{hours} come to {number(kwh)} kWh: {household}, and {number(kwh * kg_per_kwh)} kg of CO2 equivalent."


def grid_kg_per_kwh() -> float:
    """What the two figures for GPT-3 say of its electricity: kg of CO2 equivalent for each kWh."""
    co2, energy = facts.quoted("gpt3_training_co2e"), facts.quoted("gpt3_training_energy")
    return co2.value / (1000 * figures.megawatt_hours(energy.value))


def energy() -> Explorer:
    """From TPUs, days and assumptions to MWh, household time and carbon."""
    chips = {f"{facts.chip(name).name}, {facts.chip(name).tdp_w:g} W": name for name in ("TPU_v1", "TPU_v2", "TPU_v3")}
    devices = {
        f"{facts.quoted(name).value:,.0f}: {why}": int(facts.quoted(name).value)
        for name, why in (
            ("alphago_zero_match_tpus", "they played the match"),
            ("alphago_zero_self_play_tpus", "they played to learn"),
        )
    }
    grids = {name: facts.quoted(f"grid_{name}").value for name in ("solar", "coal")}
    carbon = {f"as for GPT-3, {number(grid_kg_per_kwh(), 2)} kg/kWh": grid_kg_per_kwh()}
    carbon |= {f"{name} power, {number(kg_per_kwh, 2)} kg/kWh": kg_per_kwh for name, kg_per_kwh in grids.items()}
    compared = known_j()
    return Explorer(
        "Three days of TPUs at their rated power, in MWh",
        {
            "devices": Choice("TPUs", devices),
            "chip": Choice("Power of each", chips),
            "overhead": Steps("Building overhead", (1.0, 1.1, 1.2, 1.5, 2.0), start=1.1, unit="times"),
            "kg_per_kwh": Choice("Carbon", carbon),
        },
        backdrop=lambda ax: figures.energy_backdrop(ax, compared, "your setting"),
        marks=lambda ax, devices, chip, overhead, kg_per_kwh: figures.energy_marks(
            ax, training_j(devices, chip, overhead), len(compared)
        ),
        sentence=energy_sentence,
        height=230,
    )
