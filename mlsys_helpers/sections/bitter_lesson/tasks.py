"""The eight tasks of section 1.3, each with the mistakes that people make in it."""

from itertools import permutations

import numpy as np

from mlsys_helpers.exercise.mistakes import altered, scaled
from mlsys_helpers.exercise.task import Case, Mistake, Task
from mlsys_helpers.kit.units import HOUR_S, KILO, MEGA
from mlsys_helpers.sections.bitter_lesson import model

# 1. Elo from a match


def _match_gap(wins, draws, losses):
    return model.elo_gap((wins + draws / 2) / (wins + draws + losses))


def _match(rng) -> dict:
    """A match with each result at least three times, and never level."""
    wins, draws, losses = (int(n) for n in rng.integers(3, 60, 3))
    return {"wins": wins, "draws": draws, "losses": losses + (wins == losses)}


def _match_cases(rng) -> list[Case]:
    sweep = {"wins": np.array([10, 20, 40]), "draws": 5, "losses": 17}
    return [
        Case("a level match with draws", {"wins": 20, "draws": 10, "losses": 20}),
        Case("ten points to one, without draws", {"wins": 10, "draws": 0, "losses": 1}),
        *(Case("a random match", _match(rng)) for _ in range(4)),
        Case("three matches at once, as an array", sweep),
    ]


MATCH_GAP = Task(
    name="bitter_lesson.match_gap",
    title="Elo from a match",
    reference=_match_gap,
    cases=_match_cases,
    mistakes=(
        Mistake(
            "natural logarithm",
            scaled(_match_gap, np.log(10)),
            "That is 2.3 times too much: 400 Elo stand for a factor of ten, so the logarithm is to base 10.",
        ),
        Mistake(
            "draws dropped",
            altered(_match_gap, draws=0),
            "You left the draws out. A draw is half a point and one game, and it pulls the score towards a half.",
        ),
        Mistake(
            "draws as losses",
            lambda wins, draws, losses: _match_gap(wins, 0, losses + draws),
            "You gave nothing for a draw: it is half a point.",
        ),
        Mistake(
            "draws as wins",
            lambda wins, draws, losses: _match_gap(wins + draws, 0, losses),
            "You gave a whole point for a draw: it is half of one.",
        ),
        Mistake(
            "draws for one side",
            lambda wins, draws, losses: 400 * np.log10((wins + draws / 2) / losses),
            "You gave the half points for draws to one side only: the other side gets them too.",
        ),
        Mistake("the other side", scaled(_match_gap, -1), "That is how far the opponent is ahead: the sign is turned."),
        Mistake(
            "score without odds",
            lambda wins, draws, losses: 400 * np.log10((wins + draws / 2) / (wins + draws + losses)),
            "You took the logarithm of the score. It is taken of the odds: points won over points lost.",
        ),
    ),
    hints=(
        "How many points did each side take, if a draw is half a point for both?",
        "The gap is 400 times the logarithm, to base 10, of points won over points lost.",
        "400 * np.log10((wins + draws / 2) / (losses + draws / 2))",
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 2. Above chance


def _above_chance_cases(rng) -> list[Case]:
    def test() -> dict:
        options = int(rng.integers(2, 11))
        return {"accuracy": round(rng.uniform(1.2 / options, 0.97), 3), "options": options}

    return [
        Case("blind guessing among four", {"accuracy": 0.25, "options": 4}),
        Case("no error", {"accuracy": 1.0, "options": 5}),
        Case("worse than guessing", {"accuracy": 0.3, "options": 2}),
        *(Case("a random test", test()) for _ in range(4)),
        Case("three scores at once, as an array", {"accuracy": np.array([0.3, 0.6, 0.9]), "options": 4}),
    ]


ABOVE_CHANCE = Task(
    name="bitter_lesson.above_chance",
    title="What is left after guessing",
    reference=model.above_chance,
    cases=_above_chance_cases,
    mistakes=(
        Mistake(
            "chance taken off, not rescaled",
            lambda accuracy, options: accuracy - 1 / options,
            "You took chance off, but then a faultless test would not score 1: divide by what guessing leaves open.",
        ),
        Mistake(
            "ratio to chance",
            lambda accuracy, options: accuracy * options,
            "That is how many times better than chance. Asked is a scale on which chance is 0 and no error is 1.",
        ),
        Mistake(
            "divided by the accuracy",
            lambda accuracy, options: (accuracy - 1 / options) / accuracy,
            "You divided by the accuracy. Divide by the room above chance, 1 - 1/options.",
        ),
        Mistake("percent for share", scaled(model.above_chance, 100), "That is a percentage; give a share."),
        Mistake(
            "one option too few",
            altered(model.above_chance, options=lambda options: options + 1),
            "Your guesser has one answer more to choose from than the test offers.",
        ),
    ),
    hints=(
        "What does a blind guesser score, and what should your scale say of it?",
        "A straight line through two points: chance, which is 1/options, becomes 0, and 1 stays 1.",
        "(accuracy - 1 / options) / (1 - 1 / options)",
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 3. What a clean sheet proves


def _proven_gap(games, confidence):
    return model.elo_gap(model.least_score(games, confidence))


def _proven_cases(rng) -> list[Case]:
    given = {"games": int(rng.integers(12, 160)), "confidence": float(rng.choice([0.9, 0.98, 0.99, 0.995]))}
    return [Case("your match", given)]


PROVEN_GAP = Task(
    name="bitter_lesson.proven_gap",
    title="What a clean sheet proves",
    reference=_proven_gap,
    cases=_proven_cases,
    by_value=True,
    rtol=0.003,  # whole Elo will do
    mistakes=(
        Mistake(
            "both sides of doubt",
            altered(_proven_gap, confidence=lambda confidence: (1 + confidence) / 2),
            "You halved the doubt, as for an interval with two ends. Nothing can be better than winning all: "
            "there is one end, and it takes the whole of 1 - confidence.",
        ),
        Mistake(
            "rule of three",
            lambda games, confidence: model.elo_gap(1 - 3 / games),
            "The rule of three, 3/n, belongs to 95 %, and is an approximation. Solve score ** games = 1 - confidence.",
        ),
        Mistake(
            "score for Elo",
            model.least_score,
            "That is the score that is proven; the task asks for the Elo gap that it stands for.",
        ),
        Mistake(
            "confidence for doubt",
            lambda games, confidence: model.elo_gap(confidence ** (1 / games)),
            "You asked when a clean sheet is likely. Asked is the weakest player for whom it is just not too unlikely: "
            "use 1 - confidence.",
        ),
        Mistake("natural logarithm", scaled(_proven_gap, np.log(10)), "The logarithm of the odds is to base 10."),
        Mistake(
            "the score seen",
            lambda games, confidence: model.elo_gap(1.0),
            "That is the gap of the score itself, which has no end. Asked is the gap that the games prove.",
        ),
        Mistake(
            "Wilson's interval",
            lambda games, confidence: model.elo_gap(model.score_interval(games, games)[0]),
            "That is the low end of Wilson's 95 % interval, an approximation with two ends. "
            "A clean sheet can be solved exactly: score ** games = 1 - confidence.",
        ),
    ),
    hints=(
        "If the true score per game is p, how likely is it to win all of the games?",
        "Find the p whose clean sheet has a chance of just 1 - confidence, then turn it into Elo.",
        "p = (1 - match.confidence) ** (1 / match.games), then 400 * log10(p / (1 - p)).",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 4. From device-hours to energy


def _training_mwh(accelerators, hours, power_w, overhead):
    return model.energy_j(accelerators, power_w, hours * HOUR_S, overhead) / (MEGA * HOUR_S)


def _training_cases(rng) -> list[Case]:
    given = {
        "accelerators": int(rng.integers(3, 400)) * 8,
        "hours": int(rng.integers(40, 900)),
        "power_w": int(rng.choice([75, 192, 280, 400, 450, 700])),
        "overhead": float(rng.choice([1.08, 1.1, 1.12, 1.18, 1.25, 1.4])),
    }
    return [Case("your training run", given)]


TRAINING_MWH = Task(
    name="bitter_lesson.training_mwh",
    title="From device-hours to energy",
    reference=_training_mwh,
    cases=_training_cases,
    by_value=True,
    rtol=0.005,
    mistakes=(
        Mistake("overhead left out", altered(_training_mwh, overhead=1.0), "The cooling of the building is missing."),
        Mistake(
            "overhead divided",
            altered(_training_mwh, overhead=lambda overhead: 1 / overhead),
            "A building draws more than its machines: multiply by the overhead.",
        ),
        Mistake("kWh for MWh", scaled(_training_mwh, KILO), "That is in kWh; a MWh is a thousand of them."),
        Mistake("Wh for MWh", scaled(_training_mwh, MEGA), "That is in Wh; a MWh is a million of them."),
        Mistake("MJ for MWh", scaled(_training_mwh, HOUR_S), "That is in MJ: power times seconds gives joules."),
        Mistake("GJ for MWh", scaled(_training_mwh, 3.6), "That is in GJ; a MWh is 3.6 of them."),
        Mistake("days for hours", scaled(_training_mwh, 24), "You took the hours for days."),
        Mistake("one device for all", altered(_training_mwh, accelerators=1), "That is one device alone."),
    ),
    hints=(
        "What do watts times hours give, and how many of those make a MWh?",
        "Devices x hours x watts is in watt-hours; the overhead multiplies; a MWh is 1e6 Wh.",
        "run.accelerators * run.hours * run.power_w * run.overhead / 1e6",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 5. The interval of a score


def _wald(points, games):
    score = points / games
    half = model.Z_95 * np.sqrt(score * (1 - score) / games)
    return score - half, score + half


def _wilson(z, points, games):
    score = points / games
    centre, half = score + z**2 / (2 * games), z * np.sqrt(score * (1 - score) / games + z**2 / (4 * games**2))
    return (centre - half) / (1 + z**2 / games), (centre + half) / (1 + z**2 / games)


def _interval_cases(rng) -> list[Case]:
    def match() -> dict:
        games = int(rng.integers(20, 400))
        return {"points": float(rng.integers(2, 2 * games - 2)) / 2, "games": games}

    return [
        Case("a single draw", {"points": 0.5, "games": 30}),
        *(Case("a random match", match()) for _ in range(4)),
        Case("a long match", {"points": 52_000.0, "games": 100_000}),
        Case("three matches at once, as an array", {"points": np.array([3.0, 20.5, 39.0]), "games": 40}),
    ]


SCORE_INTERVAL = Task(
    name="bitter_lesson.score_interval",
    title="The interval of a score",
    reference=model.score_interval,
    cases=_interval_cases,
    rtol=1e-4,  # so that 1.96 will do for z
    mistakes=(
        Mistake(
            "Wald's interval",
            _wald,
            "That is the textbook interval score +- 1.96 standard errors. With few points it reaches below 0, "
            "and with none it has no width: Wilson's does not fail there.",
        ),
        Mistake(
            "90 % for 95 %",
            lambda points, games: _wilson(1.6448536269514722, points, games),
            "Your z leaves 5 % on each side, which makes 90 %. For 95 % z is 1.96.",
        ),
        Mistake(
            "not scaled back",
            lambda points, games: tuple(
                side * (1 + model.Z_95**2 / games) for side in _wilson(model.Z_95, points, games)
            ),
            "The last step is missing: both ends are divided by 1 + z**2 / games.",
        ),
        Mistake(
            "not centred anew",
            lambda points, games: tuple(
                side - model.Z_95**2 / (2 * games) / (1 + model.Z_95**2 / games)
                for side in _wilson(model.Z_95, points, games)
            ),
            "You centred on the score itself. Wilson's interval is centred nearer to a half.",
        ),
        Mistake(
            "no z before the root",
            lambda points, games: tuple(
                (side + other + (side - other) / model.Z_95) / 2
                for side, other in permutations(_wilson(model.Z_95, points, games))
            ),
            "The root is to be multiplied by z.",
        ),
        Mistake(
            "ends exchanged",
            lambda points, games: model.score_interval(points, games)[::-1],
            "Low and high are exchanged.",
        ),
    ),
    hints=(
        "Which three pieces does the formula need, and which of them do both ends share?",
        "Three lines: centre, half and scale; the ends are (centre - half) / scale and (centre + half) / scale.",
        "half = z * np.sqrt(score * (1 - score) / games + z**2 / (4 * games**2))",
    ),
    points=4,
    minutes=7,
    difficulty="standard",
)

# 6. The crossing


def _crossing(compute, gaps):
    at = model.crossing(compute, gaps)
    return np.inf if np.isnan(at) else at


def _rises(gaps) -> np.ndarray:
    """The steps that rise through zero, by their left ends."""
    return np.flatnonzero((gaps[:-1] < 0) & (gaps[1:] >= 0))


def _last_crossing(compute, gaps):
    rises = _rises(gaps)
    return _crossing(compute[rises[-1] :], gaps[rises[-1] :]) if rises.size else np.inf


def _end(which: int):
    def end(compute, gaps):
        rises = _rises(gaps)
        return float(compute[rises[0] + which]) if rises.size else np.inf

    return end


def _linear(compute, gaps):
    rises = _rises(gaps)
    if not rises.size:
        return np.inf
    at = rises[0]
    return float(compute[at] - gaps[at] * (compute[at + 1] - compute[at]) / (gaps[at + 1] - gaps[at]))


def _logarithm(compute, gaps):
    at = _crossing(compute, gaps)
    return at if np.isinf(at) else float(np.log10(at))


def _crossing_cases(rng) -> list[Case]:
    def curve() -> dict:
        compute = 7.0 * 2.0 ** np.arange(6)
        gaps = np.cumsum(rng.uniform(40, 150, 6))
        return {"compute": compute, "gaps": np.round(gaps - gaps[2] - rng.uniform(8, 32), 1)}

    return [
        Case("half-way in decades", {"compute": np.array([10.0, 1000.0]), "gaps": np.array([-50.0, 50.0])}),
        Case("never level", {"compute": np.array([10.0, 100.0, 1000.0]), "gaps": np.array([-300.0, -90.0, -20.0])}),
        *(Case("a random curve", curve()) for _ in range(4)),
        Case(
            "a curve that falls back and rises again",
            {"compute": np.array([1.0, 2.0, 4.0, 8.0, 16.0]), "gaps": np.array([40.0, -30.0, -10.0, 30.0, 60.0])},
        ),
        Case(
            "a curve that rises twice",
            {"compute": np.array([1.0, 2.0, 4.0, 8.0]), "gaps": np.array([-60.0, 20.0, -10.0, 50.0])},
        ),
        Case("level at a budget", {"compute": np.array([5.0, 10.0, 20.0]), "gaps": np.array([-70.0, 0.0, 40.0])}),
    ]


CROSSING = Task(
    name="bitter_lesson.level_at",
    title="Where two curves cross",
    reference=_crossing,
    cases=_crossing_cases,
    mistakes=(
        Mistake(
            "linear in compute",
            _linear,
            "You drew the line over the compute itself. The budgets double, so the line is drawn over its logarithm.",
        ),
        Mistake("first budget above", _end(1), "That is the first budget that wins; the curves cross before it."),
        Mistake("last budget below", _end(0), "That is the last budget that loses; the curves cross after it."),
        Mistake("the logarithm itself", _logarithm, "That is the logarithm of the compute: undo it at the end."),
        Mistake(
            "the last crossing",
            _last_crossing,
            "That is the last time the curve rises through zero; the task asks for the first.",
        ),
        Mistake(
            "the nearest end",
            lambda compute, gaps: float(np.exp(np.interp(0, gaps, np.log(compute)))),
            "np.interp answers with the last budget where the curve never draws level, "
            "and wants gaps that only rise. Look for the step yourself.",
        ),
    ),
    hints=(
        "Between which two neighbouring budgets does the gap turn from negative to positive?",
        "Go from the left log(compute) to the right one by the share -left / (right - left), taken of the gaps.",
        "share = -gaps[i] / (gaps[i + 1] - gaps[i]); compute[i] * (compute[i + 1] / compute[i]) ** share",
    ),
    points=4,
    minutes=8,
    difficulty="standard",
)

# 7. One step of the search


def _bounds(visits, points, explore, log=np.log, root=np.sqrt):
    visits, points = np.asarray(visits, float), np.asarray(points, float)
    return int((points / visits + explore * root(log(visits.sum()) / visits)).argmax())


def _unvisited_first(choose):
    def best(visits, points, explore):
        visits = np.asarray(visits)
        return choose(visits, np.asarray(points), explore) if visits.all() else int(visits.argmin())

    return best


def _unvisited_never(visits, points, explore):
    seen = np.flatnonzero(np.asarray(visits))
    return int(seen[_bounds(np.asarray(visits)[seen], np.asarray(points)[seen], explore)])


def _best_child_cases(rng) -> list[Case]:
    def node() -> dict:
        visits = rng.integers(5, 200, 7)
        return {"visits": visits, "points": np.round(visits * rng.uniform(0.2, 0.8, 7) * 2) / 2, "explore": 1.4}

    def asked(visits, points, explore=1.4) -> dict:
        return {"visits": np.array(visits), "points": np.array(points), "explore": explore}

    return [
        Case("a move that was never tried", asked([9, 0, 4], [8.0, 0.0, 1.0])),
        Case("a move that was never tried beside one that won its only game", asked([2, 1, 0], [0.0, 1.0, 0.0])),
        Case("nothing to explore for", asked([40, 10, 25], [22.0, 4.0, 20.0], 0.0)),
        Case("a rare move that may be good", asked([300, 6, 200], [190.0, 3.0, 110.0])),
        Case("a frequent move that is good enough", asked([90, 60, 70], [88.0, 18.0, 14.0])),
        Case("where the root decides", asked([3, 10, 387], [0.0, 10.0, 38.0])),
        Case("where the base of the logarithm decides", asked([400, 40, 90], [300.0, 18.0, 30.0])),
        *(Case("a random node", node()) for _ in range(3)),
    ]


BEST_CHILD = Task(
    name="bitter_lesson.best_child",
    title="Where to look next",
    reference=model.best_bound,
    cases=_best_child_cases,
    mistakes=(
        Mistake(
            "greedy",
            _unvisited_first(lambda visits, points, explore: int((points / visits).argmax())),
            "You take the best average. A move tried a few times may have been unlucky: add the bonus for being rare.",
        ),
        Mistake(
            "most visited",
            lambda visits, points, explore: int(np.argmax(visits)),
            "That is the move to play at the end. While searching, look where average plus bonus is highest.",
        ),
        Mistake(
            "logarithm to base ten",
            _unvisited_first(lambda visits, points, explore: _bounds(visits, points, explore, np.log10)),
            "Your bonus is too small: the logarithm is the natural one, of the visits of all moves together.",
        ),
        Mistake(
            "no root",
            _unvisited_first(lambda visits, points, explore: _bounds(visits, points, explore, root=np.asarray)),
            "Your bonus falls too fast with the visits: it has a square root.",
        ),
        Mistake(
            "points for average",
            _unvisited_first(lambda visits, points, explore: _bounds(visits, points * visits, explore)),
            "You start from all the points of a move. Start from its average, points / visits.",
        ),
        Mistake(
            "none counted as one",
            lambda visits, points, explore: _bounds(np.maximum(visits, 1), points, explore),
            "Counting 0 visits as 1 makes the division work, but does not put an untried move first.",
        ),
        Mistake(
            "counted from one",
            lambda visits, points, explore: 1 + model.best_bound(visits, points, explore),
            "Your places start at 1; the task counts from 0.",
        ),
        Mistake(
            "untried moves never",
            _unvisited_never,
            "A move that was never tried has the widest doubt of all: it comes first.",
        ),
        Mistake(
            "points of the other side",
            _unvisited_first(lambda visits, points, explore: _bounds(visits, visits - points, explore)),
            "You take the move that is worst for the side to move: the points given are its own.",
        ),
    ),
    hints=(
        "What should be said of a move that nobody has tried yet?",
        "If any visits are 0, return the place of one; else the place of the largest average plus bonus.",
        "np.argmax(points / visits + explore * np.sqrt(np.log(visits.sum()) / visits))",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 8. Four in a row, by shifting


def _lines(stones, steps=(1, 7, 6, 8), length=4):
    return sum(_row(stones, step, length).bit_count() for step in steps)


def _row(stones, step, length):
    row = stones
    for k in range(1, length):
        row &= stones >> (k * step)
    return row


def _stones(*squares) -> int:
    """A board from (column, row) pairs, both from 0."""
    return sum(1 << (7 * column + row) for column, row in squares)


def _lines_cases(rng) -> list[Case]:
    def crowd() -> dict:
        squares = [(column, row) for column in range(7) for row in range(6)]
        return {"stones": _stones(*(squares[i] for i in rng.permutation(42)[:24]))}

    return [
        Case("an empty board", {"stones": 0}),
        Case("four up", {"stones": _stones((3, 0), (3, 1), (3, 2), (3, 3))}),
        Case("four across", {"stones": _stones((2, 1), (3, 1), (4, 1), (5, 1))}),
        Case("a rising diagonal", {"stones": _stones((1, 0), (2, 1), (3, 2), (4, 3))}),
        Case("a falling diagonal", {"stones": _stones((1, 5), (2, 4), (3, 3), (4, 2))}),
        Case("five across, which is two lines", {"stones": _stones(*((column, 0) for column in range(1, 6)))}),
        Case("the top of one column and the foot of the next", {"stones": _stones((0, 4), (0, 5), (1, 0), (1, 1))}),
        Case("four stones nine bits apart, which are no line", {"stones": _stones((0, 1), (1, 3), (2, 5), (4, 0))}),
        *(Case("a crowd of stones", crowd()) for _ in range(4)),
    ]


LINES_OF_FOUR = Task(
    name="bitter_lesson.lines_of_four",
    title="Four in a row, by shifting",
    reference=_lines,
    cases=_lines_cases,
    mistakes=(
        Mistake("only upwards", lambda stones: _lines(stones, (1,)), "You found the vertical lines only."),
        Mistake(
            "no diagonals",
            lambda stones: _lines(stones, (1, 7)),
            "Two directions are missing: the diagonals are shifts by 6 and by 8.",
        ),
        Mistake(
            "falling diagonals left out",
            lambda stones: _lines(stones, (1, 7, 8)),
            "One direction is missing: down to the right is a shift by 6.",
        ),
        Mistake(
            "rising diagonals left out",
            lambda stones: _lines(stones, (1, 7, 6)),
            "One direction is missing: up to the right is a shift by 8.",
        ),
        Mistake(
            "eight to a column",
            lambda stones: _lines(stones, (1, 8, 7, 9)),
            "Your shifts are those of a board with eight bits to a column; here it has seven.",
        ),
        Mistake(
            "six to a column",
            lambda stones: _lines(stones, (1, 6, 5, 7)),
            "Your shifts are those of six bits to a column. There are seven: six squares and one that stays empty.",
        ),
        Mistake("three in a row", lambda stones: _lines(stones, length=3), "You counted three in a row."),
        Mistake(
            "any for how many",
            lambda stones: int(_lines(stones) > 0),
            "You stop at the first line. Count the bits that are left: each one is the start of a line.",
        ),
    ),
    hints=(
        "What is left of `stones & (stones >> 1)`, and what if you do the same with shifts of 2 and 3?",
        "For each of the steps 1, 7, 6 and 8: stones and its shifts by one, two and three steps, all combined with &.",
        "(stones & stones >> s & stones >> 2 * s & stones >> 3 * s).bit_count(), added over the four steps.",
    ),
    points=4,
    minutes=8,
    difficulty="stretch",
)

TASKS = (
    MATCH_GAP,
    ABOVE_CHANCE,
    PROVEN_GAP,
    TRAINING_MWH,
    SCORE_INTERVAL,
    CROSSING,
    BEST_CHILD,
    LINES_OF_FOUR,
)
