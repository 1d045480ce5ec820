"""Strength as a number, and what compute costs: Elo from scores, where two curves cross, energy, corrected guesses.

Conventions. A score is points per game between 0 and 1, a win one point and a draw half. An Elo gap of 400 is ten to
one in expected points. Compute here is a count of random games (playouts) per move. Energy is in joules, time in
seconds.

Sources: Elo, The Rating of Chessplayers, 1978; Wilson, JASA 22, 1927; Bradley and Terry, Biometrika 39, 1952; Machine
Learning Systems, volume I, section 1.3 with its footnotes 16 and 17.
"""

from dataclasses import dataclass

import numpy as np

from mlsys_helpers.kit.checks import non_negative, plain, positive, real, share

ELO_PER_TENFOLD = 400.0
Z_95 = 1.959963984540054  # half the width of a 95 % interval, in standard deviations


def expected_score(gap):
    """Points per game that a player `gap` Elo stronger than the other expects: 1 / (1 + 10^(-gap / 400))."""
    return plain(1 / (1 + 10 ** (-real("gap", gap) / ELO_PER_TENFOLD)))


def elo_gap(score):
    """The Elo gap that explains a score per game: 400 log10(score / (1 - score)); infinite for 0 and 1.

    Raises ValueError for a score outside 0 to 1.
    """
    points = real("score", score)
    if points.size and (points.min() < 0 or points.max() > 1):
        raise ValueError(f"score must lie between 0 and 1, points over games, got {score!r}")
    with np.errstate(divide="ignore"):
        return plain(ELO_PER_TENFOLD * (np.log10(points) - np.log10(1 - points)))


def score_interval(points, games):
    """Wilson's 95 % interval for the long-run score after `points` in `games`, as (low, high).

    SciPy has it for whole numbers of wins; points come in halves. A draw varies less than a win and a loss, so with
    draws the interval is a little too wide, never too narrow.
    """
    games, score = positive("games", games), non_negative("points", points) / positive("games", games)
    if np.max(score) > 1:
        raise ValueError(f"points must not exceed games, got {points!r} in {games!r}")
    centre = score + Z_95**2 / (2 * games)
    half = Z_95 * np.sqrt(score * (1 - score) / games + Z_95**2 / (4 * games**2))
    scale = 1 + Z_95**2 / games
    return plain(np.maximum((centre - half) / scale, 0)), plain(np.minimum((centre + half) / scale, 1))


def least_score(games, confidence=0.95):
    """The score that winning all of `games` proves, exactly: the p for which p^games is 1 - confidence."""
    return plain((1 - share("confidence", confidence)) ** (1 / positive("games", games)))


@dataclass(frozen=True, eq=False)
class Ratings:
    """Elo of each player, with the first one at 0, and the standard error of each gap to it."""

    names: tuple[str, ...]
    elo: np.ndarray
    error: np.ndarray


def bradley_terry(names, points, games) -> Ratings:
    """One Elo for each player from all pairings at once: the ratings that make the results most likely.

    `points[i, j]` is what player i took from j in `games[i, j]` games. Raises ValueError where the results do not fix
    the ratings, as when a player lost every game.
    """
    from scipy.optimize import minimize  # only this function needs SciPy
    from scipy.sparse.csgraph import connected_components

    per_elo = np.log(10) / ELO_PER_TENFOLD
    points, games = real("points", points), real("games", games)
    if not (np.allclose(games, games.T) and np.allclose(points + points.T, games)):
        raise ValueError("points[i, j] + points[j, i] must be games[i, j], which must equal games[j, i]")
    if connected_components(points > 0, connection="strong")[0] > 1:
        raise ValueError("the results do not fix the ratings: some players took no point from the others")

    def surprise(free):
        """Minus the logarithm of the likelihood, and its slope."""
        gap = _gaps_between(free)
        return (points * np.logaddexp(0, -gap)).sum(), (games / (1 + np.exp(-gap)) - points).sum(axis=1)[1:]

    fit = minimize(surprise, np.zeros(len(names) - 1), jac=True, method="BFGS", options={"gtol": 1e-6})
    win = 1 / (1 + np.exp(-_gaps_between(fit.x)))
    weight = games * win * (1 - win)
    information = (np.diag(weight.sum(axis=1)) - weight)[1:, 1:]
    error = np.sqrt(np.diag(np.linalg.inv(information)))
    return Ratings(tuple(names), np.r_[0.0, fit.x] / per_elo, np.r_[0.0, error] / per_elo)


def _gaps_between(free) -> np.ndarray:
    """How far each player is ahead of each other, the first one at 0, in units of the natural logarithm of the odds."""
    strength = np.r_[0.0, free]
    return strength[:, None] - strength


def crossing(compute, gaps, level=0.0):
    """The compute at which a curve first rises through `level`, between its points on a straight line over log compute.

    NaN where it never does, or only from minus infinity (no point taken), from where no line can be drawn.
    """
    compute, gaps = positive("compute", compute), np.asarray(gaps, float)
    rises = np.flatnonzero((gaps[:-1] > -np.inf) & (gaps[:-1] < level) & (gaps[1:] >= level) & (gaps[1:] < np.inf))
    if not rises.size:
        return float("nan")
    at = rises[0]
    step = (level - gaps[at]) / (gaps[at + 1] - gaps[at])
    return float(compute[at] * (compute[at + 1] / compute[at]) ** step)


def best_bound(visits, points, explore: float) -> int:
    """The child, counted from 0, with the highest bound: points / visits + explore * sqrt(ln N / visits).

    N is the visits of all children together. A child without visits comes before all others.
    """
    visits, points = non_negative("visits", visits), non_negative("points", points)
    if not visits.all():
        return int(visits.argmin())
    return int((points / visits + explore * np.sqrt(np.log(visits.sum()) / visits)).argmax())


def energy_j(devices, power_w, time_s, overhead=1.0):
    """Joules of `devices` that draw `power_w` each for `time_s`, times the building's `overhead` (PUE)."""
    return plain(
        positive("devices", devices)
        * positive("power_w", power_w)
        * positive("time_s", time_s)
        * positive("overhead", overhead)
    )


def above_chance(accuracy, options):
    """Accuracy on questions with `options` answers, rescaled so that blind guessing is 0 and no error is 1."""
    chance = 1 / positive("options", options)
    return plain((real("accuracy", accuracy) - chance) / (1 - chance))
