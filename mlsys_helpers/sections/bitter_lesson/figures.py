"""The figures of section 1.3. Each takes data that model or experiments made, and describes itself in words.

Where an explorer redraws a figure, the figure is in two parts: a backdrop that stays and marks that move. Orange is
search that knows nothing, violet search that knows a little, red what a rule reaches.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Rectangle

from mlsys_helpers.kit.figure import COLOUR, DASH, INK, describe, fill, line, new_axes, new_figure, points, styled
from mlsys_helpers.kit.units import KILO, MEGA, number, percent
from mlsys_helpers.sections.bitter_lesson.connect_four import COLUMNS, ROWS, Boards
from mlsys_helpers.sections.bitter_lesson.model import elo_gap

# A board

SIDES = (("x", INK, "white"), ("o", "white", INK))  # the side that began, the other: letter, stone, colour of letter


def _stones(ax: Axes, board: Boards) -> None:
    """The stones of one board, columns 1 to 7, rows 1 to 6."""
    for stones, (letter, stone, ink) in zip(_sides(board), SIDES, strict=True):
        for square in range(7 * COLUMNS):
            if stones >> square & 1:
                centre = square // 7 + 1, square % 7 + 1
                ax.add_patch(Circle(centre, 0.4, facecolor=stone, edgecolor=INK))
                ax.text(*centre, letter, ha="center", va="center", weight="bold", color=ink)


def _sides(board: Boards) -> tuple[int, int]:
    """The stones of the side that began and of the other, for the first board."""
    mine, theirs = int(board.mine[0]), int(board.theirs[0])
    return (mine, theirs) if int(board.occupied[0]).bit_count() % 2 == 0 else (theirs, mine)


def _empty_board(ax: Axes) -> None:
    ax.add_patch(Rectangle((0.5, 0.5), COLUMNS, ROWS, facecolor="none", edgecolor=INK, lw=1.2))
    for row in range(1, ROWS + 1):
        ax.plot(range(1, COLUMNS + 1), [row] * COLUMNS, ".", color=COLOUR["neutral"], zorder=0.5)
    ax.set_xticks(range(1, COLUMNS + 1))
    ax.grid(False)


def tell_board(board: Boards) -> str:
    """The stones of each side, column by column from the bottom."""
    first, second = _sides(board)
    told = []
    for column in range(COLUMNS):
        squares = range(7 * column, 7 * column + ROWS)
        stones = ["x" if first >> square & 1 else "o" for square in squares if (first | second) >> square & 1]
        if stones:
            told.append(f"column {column + 1} holds {', '.join(stones)}")
    return f"From the bottom up, {'; '.join(told)}." if told else "The board is empty."


@styled
def plot_board(board: Boards, *, ax: Axes | None = None) -> Axes:
    """One position, x for the side that began."""
    ax = ax or new_axes(300, 270)
    _empty_board(ax)
    _stones(ax, board)
    ax.set(xlim=(0.4, COLUMNS + 0.6), ylim=(0.4, ROWS + 0.6), aspect="equal", yticks=[], xlabel="column")
    ax.spines[:].set_visible(False)
    return describe(ax, tell_board(board))


# Playouts to Elo

FLOOR_ELO, ROOF_ELO = -1200, 300


def duels_backdrop(ax: Axes, budgets) -> None:
    """Elo over playouts, with the rules at zero."""
    ax.set(xscale="log", xlim=(budgets[0] / 1.3, budgets[-1] * 1.3), ylim=(FLOOR_ELO, ROOF_ELO))
    ax.set(xlabel="playouts a move", ylabel="Elo over the rules")
    ax.set_xticks(budgets, [f"{budget:,}" for budget in budgets])
    ax.minorticks_off()
    ax.axhline(0, lw=1.5, **line("limit"))
    ax.text(budgets[0], 50, "as strong as the rules", color=INK, va="bottom")


def duels_marks(ax: Axes, duels, meaning: str = "compute", label: str = "") -> None:
    """The Elo of each budget with its 95 % interval, joined where points were taken."""
    low, high = (np.clip(side, FLOOR_ELO, ROOF_ELO) for side in duels.gap_intervals)
    seen = np.isfinite(duels.gaps)
    ax.vlines(duels.budgets, low, high, color=COLOUR[meaning], lw=4, alpha=0.45)
    ax.plot(duels.budgets[seen], duels.gaps[seen], label=label, **line(meaning), marker=points(meaning)["marker"])
    if not np.isnan(duels.crossing):
        _ring(ax, duels.crossing)


def _ring(ax: Axes, at: float) -> None:
    """Where a curve draws level with the rules."""
    ax.plot(at, 0, "o", markersize=11, markerfacecolor="none", markeredgecolor=INK, markeredgewidth=2)


def tell_duels(duels) -> str:
    """The weakest and the strongest budget, and the crossing."""
    games = int(duels.total("games")[0])
    ends = [f"{percent(duels.scores[i])} of the points with {duels.budgets[i]:,} playouts a move" for i in (0, -1)]
    at = "does not draw level with them" if np.isnan(duels.crossing) else f"draws level at {number(duels.crossing, 2)}"
    return f"Against the rules, {games} games a budget, the search takes {ends[0]} and {ends[1]}; it {at}."


@styled
def plot_duels(duels, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Elo of blind search over the rules at each budget; the ring is the crossing."""
    ax = ax or new_axes(640, 340)
    duels_backdrop(ax, duels.budgets)
    duels_marks(ax, duels)
    ax.set_title(title)
    return describe(ax, tell_duels(duels))


@styled
def plot_little_knowledge(blind, tactical) -> Axes:
    """Both searches over playouts and over processor time, each with its crossing."""
    figure = new_figure(720, 340)
    left, right = figure.subplots(1, 2, sharey=True)
    duels_backdrop(left, blind.budgets)
    left.set_xticks(blind.budgets[::3], [f"{budget:,}" for budget in blind.budgets[::3]])
    for duels, meaning, label in ((blind, "compute", "blind"), (tactical, "accent", "wins and blocks")):
        duels_marks(left, duels, meaning, label)
        each_s, seen = duels.total("cpu_s") / duels.total("games"), np.isfinite(duels.gaps)
        right.plot(each_s[seen], duels.gaps[seen], label=label, **line(meaning), marker=points(meaning)["marker"])
        _ring(right, duels.cpu_s_per_game(duels.crossing))
    right.axhline(0, lw=1.5, **line("limit"))
    right.set(xscale="log", xlabel="processor seconds a game")
    left.legend(loc="lower right", title="playouts")
    both = f"{number(blind.crossing, 2)} playouts a move, search whose playouts win and block at"
    describe(left, f"Blind search draws level at {both} {number(tactical.crossing, 2)}.")
    cost = [duels.cpu_s_per_game(duels.crossing) for duels in (blind, tactical)]
    describe(right, f"In processor seconds a game the crossings lie at {number(cost[0], 2)} and {number(cost[1], 2)}.")
    return left


# What rules are worth


@styled
def plot_worth(worth, *, ax: Axes | None = None) -> Axes:
    """Elo of each rule when it is added in order, and when it alone is left out."""
    ax = ax or new_axes(640, 330)
    for shift, meaning, label, of in (
        (-0.19, "neutral", "added to the rules above it", lambda row: (row.added, row.added_elo)),
        (0.19, "accent", "lost when only it is forgotten", lambda row: (row.last, row.last_elo)),
    ):
        for y, row in enumerate(worth):
            spread, elo = of(row)
            low, high = elo_gap(spread.low), elo_gap(spread.high)
            ax.barh(y + shift, elo, 0.36, label=label if y == 0 else None, **fill(meaning))
            ax.plot([low, high], [y + shift, y + shift], color=INK, lw=2, solid_capstyle="butt")
            ax.text(max(high, 0) + 6, y + shift, f"{elo:.0f}", va="center", fontsize=9)
    ax.set_yticks(range(len(worth)), [row.name.replace("_", " ") for row in worth])
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.set(xlabel="Elo (lines: range over seeds)", xlim=(-50, 450))
    ax.legend(loc="lower center", ncols=2, bbox_to_anchor=(0.4, 1.0), borderaxespad=0.2)
    told = "; ".join(f"{row.name.replace('_', ' ')} {row.added_elo:.0f} and {row.last_elo:.0f}" for row in worth)
    return describe(ax, f"Elo of each rule when added in order, and when it alone is left out: {told}.")


# What a search plays

BAR_FOOT = ROWS + 0.9
BAR_HEIGHT = 3.0


def choices_backdrop(ax: Axes) -> None:
    """An empty board, and above it room for a bar over each column."""
    _empty_board(ax)
    ax.set(xlim=(-0.6, COLUMNS + 1.6), ylim=(0.4, BAR_FOOT + BAR_HEIGHT + 0.7), aspect="equal", xlabel="column")
    ax.set_yticks([BAR_FOOT, BAR_FOOT + BAR_HEIGHT], ["0", "all"])
    ax.axhline(BAR_FOOT, color=INK, lw=1)
    ax.spines[:].set_visible(False)
    ax.set_ylabel("searches", loc="top")


def choices_marks(ax: Axes, board: Boards, counts) -> None:
    """The stones, and how often each column was played."""
    _stones(ax, board)
    heights = BAR_HEIGHT * np.asarray(counts) / np.sum(counts)
    ax.bar(range(1, COLUMNS + 1), heights, 0.7, bottom=BAR_FOOT, **fill("compute"))
    for column, (count, height) in enumerate(zip(counts, heights, strict=True), 1):
        ax.text(column, BAR_FOOT + height + 0.1, str(count), ha="center", fontsize=9)


# The small-data reversal

LEARNER_LOOK = {"naive Bayes": "neutral", "logistic regression": "data", "hand-picked signs": "accent"}


@styled
def plot_reversal(story, *, ax: Axes | None = None) -> Axes:
    """Accuracy by training messages, the range over seeds as a band, against rules that need none."""
    ax = ax or new_axes(640, 370)
    for name, curves in story.learned.items():
        look = LEARNER_LOOK[name]
        ax.fill_between(story.sizes, curves.min(axis=0), curves.max(axis=0), color=COLOUR[look], alpha=0.2, lw=0)
        ax.plot(story.sizes, curves.mean(axis=0), label=name, marker=points(look)["marker"], **line(look))
    for (name, scores), dash in zip(story.ruled.items(), (DASH["limit"], "-"), strict=True):
        ax.axhline(scores.mean(), color=COLOUR["limit"], linestyle=dash, label=f"{name}, no training")
    ax.set(xscale="log", xlabel="training messages", ylabel="right on unseen messages", ylim=(0.6, 0.96))
    ax.set_xticks(story.sizes, [f"{size:,}" for size in story.sizes])
    ax.minorticks_off()
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    ax.legend(loc="lower right")
    rules = ", ".join(f"{name} {percent(scores.mean())}" for name, scores in story.ruled.items())
    means = {name: curves.mean(axis=0) for name, curves in story.learned.items()}
    ends = ", ".join(f"{name} from {percent(m[0])} to {percent(m[-1])}" for name, m in means.items())
    return describe(ax, f"Rules: {rules}. Learned from {story.sizes[0]} to {story.sizes[-1]:,} messages: {ends}.")


# Energy


def energy_backdrop(ax: Axes, known_j: dict[str, float], asked: str) -> None:
    """Bars on a logarithmic axis of MWh for what is known, and an empty row for what is asked."""
    ax.set(xscale="log", xlim=(1e-4, 1e5), ylim=(len(known_j) + 0.6, -0.6), xlabel="electricity, MWh")
    ax.set_yticks(range(len(known_j) + 1), [*known_j, asked])
    ax.grid(axis="y", visible=False)
    for y, spent_j in enumerate(known_j.values()):
        ax.barh(y, megawatt_hours(spent_j), 0.55, **fill("neutral"))
        ax.text(megawatt_hours(spent_j) * 1.3, y, number(megawatt_hours(spent_j), 4), va="center")


def energy_marks(ax: Axes, spent_j: float, y: int) -> None:
    """The bar that is asked."""
    ax.barh(y, megawatt_hours(spent_j), 0.55, **fill("compute"))
    ax.text(megawatt_hours(spent_j) * 1.3, y, number(megawatt_hours(spent_j)), va="center", weight="bold")


def megawatt_hours(energy_j: float) -> float:
    """Joules as MWh."""
    return energy_j / (MEGA * 3.6 * KILO)
