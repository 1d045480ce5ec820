"""The eight tasks of section 1.13, each with the mistakes that people make in it."""

from itertools import combinations

import numpy as np

from mlsys_helpers.exercise.mistakes import altered, scaled
from mlsys_helpers.exercise.task import Case, Mistake, Task
from mlsys_helpers.sections.fallacies import model

# 1. A faster stage, a slower surprise


def _saved_percent(before_ms, stage_ms, after_ms, times):
    return 100 * (1 - 1 / model.speedup(stage_ms / (before_ms + stage_ms + after_ms), times))


def _saved_cases(rng) -> list[Case]:
    given = {
        "before_ms": int(rng.integers(30, 90)),
        "stage_ms": int(rng.integers(20, 60)),
        "after_ms": int(rng.integers(10, 28)),
        "times": float(rng.choice([2.5, 4.0, 5.0, 8.0])),
    }
    return [Case("your pipeline", given)]


SAVED = Task(
    name="fallacies.saved_percent",
    title="What the whole gains",
    reference=_saved_percent,
    cases=_saved_cases,
    by_value=True,
    rtol=0.002,
    mistakes=(
        Mistake(
            "the stage's own saving",
            lambda times, **given: 100 * (1 - 1 / times),
            "That is what the stage saves of its own time. The others take as long as before.",
        ),
        Mistake(
            "speed-up for saving",
            lambda **given: 100 * (1 / (1 - _saved_percent(**given) / 100) - 1),
            "You divided the time saved by the time after. Asked is the share of the time before.",
        ),
        Mistake(
            "the stage's share",
            lambda before_ms, stage_ms, after_ms, times: 100 * stage_ms / (before_ms + stage_ms + after_ms),
            "That is the stage's share of the whole: it would be saved if the stage became free.",
        ),
        Mistake(
            "what is left of the stage",
            lambda times, **given: _saved_percent(times=times, **given) / (times - 1),
            "That is what the stage still takes, as a share of the whole. Asked is what it no longer takes.",
        ),
        Mistake(
            "what the request still takes",
            lambda **given: 100 - _saved_percent(**given),
            "That is the time after, in percent of the time before. Asked is by how much it fell.",
        ),
        Mistake("a fraction", scaled(_saved_percent, 0.01), "That is a fraction; asked are percent."),
    ),
    hints=(
        "How many milliseconds did the whole take before, and how many does it take after?",
        "Only the middle stage changes: stage_ms becomes stage_ms / times.",
        "100 * (job.stage_ms - job.stage_ms / job.times) / (job.before_ms + job.stage_ms + job.after_ms)",
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 2. How fast must it be


def _needed_cases(rng) -> list[Case]:
    def reachable() -> dict:
        part = round(float(rng.uniform(0.2, 0.9)), 2)
        return {"part": part, "wanted": round(float(rng.uniform(1.02, 0.95 / (1 - part) + 0.05)), 3)}

    return [
        Case("inference in the chapter's pipeline, for 1.3", {"part": 45 / 130, "wanted": 1.3}),
        Case("nothing is wanted", {"part": 0.4, "wanted": 1.0}),
        Case("the part is everything", {"part": 1.0, "wanted": 7.0}),
        *(Case("a random part", reachable()) for _ in range(3)),
        Case("just the ceiling", {"part": 0.5, "wanted": 2.0}),
        Case("above the ceiling", {"part": 0.5, "wanted": float(rng.integers(3, 9))}),
    ]


def _algebra(part, wanted):
    left = 1 / wanted - (1 - part)
    return part / left if left else np.inf


NEEDED = Task(
    name="fallacies.needed",
    title="How fast must it be?",
    reference=model.needed,
    cases=_needed_cases,
    mistakes=(
        Mistake(
            "a negative speed-up",
            _algebra,
            "Above the ceiling your answer is negative. No speed-up is enough there: np.inf.",
        ),
        Mistake(
            "wanted over part",
            lambda part, wanted: wanted / part,
            "You divided by the share, as if the stage's gain were passed on in proportion. Solve Amdahl's formula.",
        ),
        Mistake(
            "the gain in proportion",
            lambda part, wanted: 1 + (wanted - 1) / part,
            "You gave the part the whole's gain divided by its share. That holds for small gains only.",
        ),
        Mistake(
            "the saving in proportion",
            lambda part, wanted: wanted,
            "That makes the part as much faster as the whole. The rest of the whole did not change.",
        ),
        Mistake(
            "Amdahl the other way round",
            lambda part, wanted: model.speedup(part, wanted),
            "That is the speed-up of the whole if the part became `wanted` times as fast. Asked is the way back.",
        ),
        Mistake(
            "one over what is left",
            lambda part, wanted: model.needed(part, wanted) / part,
            "What is left for the part is right, but before it took `part`, not 1.",
        ),
        Mistake(
            "part and rest swapped",
            lambda part, wanted: model.needed(1 - part, wanted) if part < 1 else np.inf,
            "You made the rest faster and left the part as it was.",
        ),
    ),
    hints=(
        "If the old whole takes 1, how long may the new one take, and how much of that does the rest use?",
        "What is left for the part is 1 / wanted - (1 - part); it took `part` before. What if nothing is left?",
        "left = 1 / wanted - (1 - part); return part / left if left > 1e-12 else np.inf",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 3. The best place for the next 20 ms


def _place(stages_ms, saved_ms, most):
    return model.best_place(stages_ms, saved_ms, most)


def _place_cases(rng) -> list[Case]:
    def pipeline() -> dict:
        names = ("read", "resize", "infer", "rank", "send")
        return {name: int(time) for name, time in zip(names, rng.permutation(np.arange(15, 90, 7))[:5], strict=True)}

    chapter = {"preprocess": 60, "infer": 45, "postprocess": 25}
    stages, other = pipeline(), pipeline()
    free = dict.fromkeys(stages, 1000.0)
    slowest = max(other, key=other.get)
    stuck = dict.fromkeys(other, 1000.0) | {slowest: 1.05}
    return [
        Case("the chapter's pipeline, all stages free", {
            "stages_ms": chapter, "saved_ms": 20, "most": dict.fromkeys(chapter, 1000.0)}),
        Case("preprocessing cannot get faster", {
            "stages_ms": chapter, "saved_ms": 20, "most": {"preprocess": 1.2, "infer": 3.0, "postprocess": 10.0}}),
        Case("a limit that is just enough", {
            "stages_ms": chapter, "saved_ms": 20, "most": {"preprocess": 1.5, "infer": 1.8, "postprocess": 5.0}}),
        Case("no stage is long enough", {
            "stages_ms": chapter, "saved_ms": 60, "most": dict.fromkeys(chapter, 1000.0)}),
        Case("no stage can be sped up enough", {
            "stages_ms": chapter, "saved_ms": 20, "most": dict.fromkeys(chapter, 1.1)}),
        Case("random stages", {"stages_ms": stages, "saved_ms": 9, "most": free}),
        Case("random stages, the slowest stuck", {"stages_ms": other, "saved_ms": 9, "most": stuck}),
    ]  # fmt: skip


def _no_limits(stages_ms, saved_ms, most):
    return model.best_place(stages_ms, saved_ms, dict.fromkeys(stages_ms, np.inf))


def _most_promising(stages_ms, saved_ms, most):
    stage = max(most, key=most.get)
    longer = stages_ms[stage] > saved_ms
    return (stage, stages_ms[stage] / (stages_ms[stage] - saved_ms)) if longer else ("none", np.inf)


def _never_none(stages_ms, saved_ms, most):
    found = model.best_place(stages_ms, saved_ms, most)
    slowest = max(stages_ms, key=stages_ms.get)
    return found if found[0] != "none" else (slowest, most[slowest])


def _largest_factor(stages_ms, saved_ms, most):
    factors = {stage: t / (t - saved_ms) for stage, t in stages_ms.items() if t > saved_ms}
    allowed = {stage: factor for stage, factor in factors.items() if factor <= most[stage]}
    return max(allowed.items(), key=lambda item: item[1], default=("none", np.inf))


def _factor_of_the_whole(stages_ms, saved_ms, most):
    stage, factor = _place(stages_ms, saved_ms, most)
    total_ms = sum(stages_ms.values())
    return stage, total_ms / (total_ms - saved_ms) if stage != "none" else factor


PLACE = Task(
    name="fallacies.best_place",
    title="The best place for the next 20 ms",
    reference=_place,
    cases=_place_cases,
    mistakes=(
        Mistake("limits ignored", _no_limits, "That stage cannot become so much faster: see `most`."),
        Mistake(
            "the stage that can gain most",
            _most_promising,
            "You chose the stage with the largest possible speed-up. What counts is how little it must speed up.",
        ),
        Mistake("the smallest allowed stage", _largest_factor, "That stage must speed up most of all. Asked is least."),
        Mistake(
            "the limit excluded",
            lambda stages_ms, saved_ms, most: _place(stages_ms, saved_ms, {s: m * 0.999 for s, m in most.items()}),
            "A stage may become exactly as fast as `most` says.",
        ),
        Mistake("always a stage", _never_none, 'No stage alone can save that much: ("none", np.inf).'),
        Mistake(
            "what is left of the stage",
            lambda **given: (_place(**given)[0], 1 / _place(**given)[1]),
            "The stage is right. The factor is old time over new time, so it is above 1.",
        ),
        Mistake(
            "the whole's factor",
            _factor_of_the_whole,
            "The stage is right. The factor is the stage's own, not that of the whole.",
        ),
        Mistake("factor first", lambda **given: _place(**given)[::-1], "The stage comes first, then its factor."),
    ),
    hints=(
        "If a stage of 60 ms must give up 20 ms, how many times as fast must it be?",
        "t / (t - saved_ms) for each stage, only where t > saved_ms. Drop what is above most[stage]; take the least.",
        "factors = {s: t / (t - saved_ms) for s, t in stages_ms.items() if t > saved_ms}; keep those <= most[s], then "
        'min(kept.items(), key=lambda item: item[1], default=("none", np.inf))',
    ),
    points=4,
    minutes=7,
    difficulty="standard",
)

# 4. Right and in time


def _utility(accuracy, answers_ms, deadline_ms, fallback):
    return model.utility(accuracy, float(np.mean(np.asarray(answers_ms) <= deadline_ms)), fallback)


def _utility_cases(rng) -> list[Case]:
    def service(fallback: float) -> dict:
        answers = np.round(rng.lognormal(np.log(20), 0.8, 25), 1)
        return {
            "accuracy": round(float(rng.uniform(0.9, 0.97)), 3),
            "answers_ms": answers,
            "deadline_ms": float(np.quantile(answers, rng.uniform(0.3, 0.7)).round(1)),
            "fallback": fallback,
        }

    four = np.array([5.0, 10.0, 40.0, 80.0])
    return [
        Case("all in time", {"accuracy": 0.95, "answers_ms": four, "deadline_ms": 100.0, "fallback": 0.8}),
        Case("none in time, nothing instead", {
            "accuracy": 0.95, "answers_ms": four, "deadline_ms": 1.0, "fallback": 0.0}),
        Case("one answer exactly at the deadline", {
            "accuracy": 0.95, "answers_ms": four, "deadline_ms": 40.0, "fallback": 0.0}),
        *(Case("random answers, nothing instead", service(0.0)) for _ in range(2)),
        *(Case("random answers, a simple answer instead", service(0.88)) for _ in range(2)),
    ]  # fmt: skip


UTILITY = Task(
    name="fallacies.utility",
    title="Right and in time",
    reference=_utility,
    cases=_utility_cases,
    mistakes=(
        Mistake(
            "the deadline excluded",
            lambda accuracy, answers_ms, deadline_ms, fallback: model.utility(
                accuracy, float(np.mean(answers_ms < deadline_ms)), fallback
            ),
            "An answer exactly at the deadline is in time.",
        ),
        Mistake(
            "judged by the mean",
            lambda accuracy, answers_ms, deadline_ms, fallback: (
                accuracy if np.mean(answers_ms) <= deadline_ms else fallback
            ),
            "You compared the mean time with the deadline. Each request is in time or late by itself.",
        ),
        Mistake(
            "the fallback for everybody",
            lambda fallback, **given: _utility(fallback=0.0, **given) + fallback,
            "You added the fallback for every request. Only late ones get it.",
        ),
        Mistake(
            "no fallback",
            altered(_utility, fallback=0.0),
            "A late request is answered by the fallback, which is right in a share `fallback` of cases.",
        ),
        Mistake(
            "the fallback for wrong answers",
            lambda accuracy, answers_ms, deadline_ms, fallback: model.utility(
                1.0, accuracy * float(np.mean(answers_ms <= deadline_ms)), fallback
            ),
            "You gave wrong answers the fallback, too. Nobody knows that they are wrong; only late ones get it.",
        ),
        Mistake(
            "requests counted",
            lambda answers_ms, **given: len(answers_ms) * _utility(answers_ms=answers_ms, **given),
            "You counted requests. Asked is the share: np.mean in place of np.sum.",
        ),
        Mistake("percent", scaled(_utility, 100), "That is percent; asked is a share between 0 and 1."),
        Mistake(
            "lateness ignored", lambda accuracy, **given: accuracy, "That is the accuracy, as if nothing was late."
        ),
        Mistake(
            "late and in time swapped",
            lambda accuracy, answers_ms, deadline_ms, fallback: model.utility(
                accuracy, float(np.mean(answers_ms > deadline_ms)), fallback
            ),
            "You counted the late answers as those in time.",
        ),
    ),
    hints=(
        "Which share of the answers is in time, the one exactly at the deadline included?",
        "The mean of answers_ms <= deadline_ms is that share; the others get the fallback.",
        "on_time = np.mean(answers_ms <= deadline_ms); return accuracy * on_time + fallback * (1 - on_time)",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 5. How many may be late


def _late_percent(simple_percent, better_percent):
    return 100 * model.late_allowed(simple_percent / 100, better_percent / 100)


def _late_cases(rng) -> list[Case]:
    simple = round(float(rng.uniform(86, 94)), 1)
    return [
        Case(
            "your two models",
            {"simple_percent": simple, "better_percent": round(simple + float(rng.uniform(0.8, 3.5)), 1)},
        )
    ]


LATE = Task(
    name="fallacies.late_percent",
    title="How many may be late?",
    reference=_late_percent,
    cases=_late_cases,
    by_value=True,
    rtol=0.003,
    mistakes=(
        Mistake(
            "the difference",
            lambda simple_percent, better_percent: better_percent - simple_percent,
            "That is the lead in points. Of late answers only the right ones are lost: a little more may be late.",
        ),
        Mistake(
            "over the simple accuracy",
            lambda simple_percent, better_percent: 100 * (better_percent - simple_percent) / simple_percent,
            "You divided the lead by the simple model's accuracy. It is the better model whose answers are late.",
        ),
        Mistake(
            "the share in time",
            lambda **given: 100 - _late_percent(**given),
            "That is the share that must be in time. Asked is the share that may be late.",
        ),
        Mistake("a fraction", scaled(_late_percent, 0.01), "That is a fraction; asked are percent."),
        Mistake(
            "errors for right answers",
            lambda simple_percent, better_percent: 100 * (1 - (100 - better_percent) / (100 - simple_percent)),
            "That is the share of the simple model's errors that the better one avoids. Being late is another matter.",
        ),
    ),
    hints=(
        "If a share x of the better model's answers is late and worth nothing, what share of requests ends right?",
        "Set better_percent * (1 - x) equal to simple_percent.",
        "late_percent = 100 * (1 - models.simple_percent / models.better_percent)",
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 6. Months until the floor


def _months(deployed_percent, seen_percent, after_months, floor_percent):
    lost_per_month = (deployed_percent - seen_percent) / after_months
    return model.time_until(deployed_percent / 100, floor_percent / 100, lost_per_month / 100) - after_months


def _months_cases(rng) -> list[Case]:
    deployed = round(float(rng.uniform(84, 93)), 1)
    seen = round(deployed - float(rng.uniform(1.0, 2.4)), 1)
    return [
        Case(
            "your model",
            {
                "deployed_percent": deployed,
                "seen_percent": seen,
                "after_months": int(rng.integers(2, 6)),
                "floor_percent": round(seen - float(rng.uniform(2.6, 5)), 1),
            },
        )
    ]


MONTHS = Task(
    name="fallacies.months_left",
    title="Months until the floor",
    reference=_months,
    cases=_months_cases,
    by_value=True,
    rtol=0.005,
    mistakes=(
        Mistake(
            "counted from deployment",
            lambda after_months, **given: _months(after_months=after_months, **given) + after_months,
            "That is counted from deployment. Asked are the months from today.",
        ),
        Mistake(
            "the loss so far taken as one month's",
            lambda after_months, **given: _months(after_months=after_months, **given) / after_months,
            "You took the loss of all the months so far for that of one month.",
        ),
        Mistake(
            "from the first accuracy, at today's date",
            lambda deployed_percent, seen_percent, after_months, floor_percent: (
                floor_percent / ((deployed_percent - seen_percent) / after_months)
            ),
            "You divided the floor itself by the loss. What can still be lost is today's accuracy less the floor.",
        ),
        Mistake(
            "percent of a percent",
            lambda deployed_percent, seen_percent, after_months, floor_percent: (
                (seen_percent - floor_percent)
                / (100 * (deployed_percent - seen_percent) / deployed_percent / after_months)
            ),
            "You took the loss as percent of the first accuracy. Points are lost here: 85 to 84 is one point.",
        ),
        Mistake(
            "the same share each month",
            lambda deployed_percent, seen_percent, after_months, floor_percent: (
                after_months * np.log(floor_percent / seen_percent) / np.log(seen_percent / deployed_percent)
            ),
            "You let it lose the same share each month. It goes on losing as many points.",
        ),
    ),
    hints=(
        "How many points are lost a month, and how many may still be lost?",
        "Lost so far over after_months is the rate; seen_percent less floor_percent is what is left.",
        "(box.seen_percent - box.floor_percent) * box.after_months / (box.deployed_percent - box.seen_percent)",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 7. The group behind the average


def _worst_group(right, group):
    shares = {name: float(np.mean(right[group == name])) for name in np.unique(group).tolist()}
    name = min(shares, key=shares.get)
    return name, float(np.mean(right)) - shares[name]


def _worst_cases(rng) -> list[Case]:
    def audit() -> dict:
        names, sizes = np.array(["old", "new", "guest", "staff"]), rng.permutation([12, 25, 40, 60])
        rates = rng.permutation([0.55, 0.75, 0.85, 0.95])
        right = np.concatenate([np.arange(n) < round(float(r) * n) for n, r in zip(sizes, rates, strict=True)])
        order = rng.permutation(right.size)
        return {"right": right[order], "group": np.repeat(names, sizes)[order]}

    rare = {"right": np.array([True] * 9 + [False]), "group": np.array(["many"] * 9 + ["few"])}
    large = {
        "right": np.array([True] * 17 + [False] * 3 + [True, True, False, False]),
        "group": np.array(["large"] * 20 + ["small"] * 4),
    }
    return [
        Case("a group of one, and always wrong", rare),
        Case("one group only", {"right": np.array([True, False, True, True]), "group": np.array(["all"] * 4)}),
        Case("the large group has more errors, the small one a higher rate", large),
        *(Case("random groups", audit()) for _ in range(3)),
    ]


def _by(measure):
    """The group that is least by `measure(right, mask)`, with its true shortfall."""

    def wrong(right, group):
        found = {name: measure(right, group == name) for name in np.unique(group).tolist()}
        name = min(found, key=found.get)
        return name, float(np.mean(right) - np.mean(right[group == name]))

    return wrong


WORST = Task(
    name="fallacies.worst_group",
    title="The group behind the average",
    reference=_worst_group,
    cases=_worst_cases,
    mistakes=(
        Mistake(
            "most errors",
            _by(lambda right, mask: -int((~right[mask]).sum())),
            "That group has the most errors, but it is also large. Compare shares, not counts.",
        ),
        Mistake(
            "the smallest group",
            _by(lambda right, mask: int(mask.sum())),
            "That is the smallest group, which need not be served worst.",
        ),
        Mistake(
            "the best group",
            _by(lambda right, mask: -float(right[mask].mean())),
            "That group is served best.",
        ),
        Mistake(
            "its accuracy for its shortfall",
            lambda right, group: (
                _worst_group(right, group)[0],
                float(np.mean(right)) - _worst_group(right, group)[1],
            ),
            "The group is right. Asked is how far it lies below the average of all, and you gave its own accuracy.",
        ),
        Mistake(
            "mean of the groups",
            lambda right, group: (
                _worst_group(right, group)[0],
                float(np.mean([np.mean(right[group == name]) for name in np.unique(group)]))
                - float(np.mean(right))
                + _worst_group(right, group)[1],
            ),
            "You compared with the mean of the groups. The benchmark's number is the mean over all messages.",
        ),
        Mistake(
            "below zero",
            lambda **given: (_worst_group(**given)[0], -_worst_group(**given)[1]),
            "The group is right. How far it lies below is the mean over all less its own, so not negative.",
        ),
        Mistake(
            "percent",
            lambda **given: (_worst_group(**given)[0], 100 * _worst_group(**given)[1]),
            "The group is right. Its shortfall is asked as a share, not in percent.",
        ),
        Mistake(
            "below the best group",
            lambda right, group: (
                _worst_group(right, group)[0],
                max(float(np.mean(right[group == name])) for name in np.unique(group))
                - float(np.mean(right))
                + _worst_group(right, group)[1],
            ),
            "You compared with the best group. The benchmark's number is the mean over all messages.",
        ),
    ),
    hints=(
        "Which share is right in each group, however many it has?",
        "right[group == name] are the answers of one group. The benchmark's number is right.mean().",
        "shares = {str(name): right[group == name].mean() for name in np.unique(group)}; "
        "worst = min(shares, key=shares.get); return worst, right.mean() - shares[worst]",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 8. Enough tests


def _suite(catches, bugs):
    found = model.smallest_suite(catches, bugs)
    return np.inf if found is None else len(found)


def _suite_cases(rng) -> list[Case]:
    def table() -> dict:
        bugs = [f"bug {number}" for number in range(1, 8)]
        catches = {f"test {letter}": {bug for bug in bugs if rng.random() < 0.4} for letter in "ABCDEF"}
        for bug in bugs:
            catches[f"test {'ABCDEF'[rng.integers(6)]}"].add(bug)
        return {"catches": catches, "bugs": set(bugs)}

    trap = {"A": {"1", "2", "3", "4"}, "B": {"1", "2", "5"}, "C": {"3", "4", "6"}}
    return [
        Case("the test that catches most is not needed", {"catches": trap, "bugs": set("123456")}),
        Case("one test is enough", {"catches": {"A": {"1"}, "B": {"1", "2", "3"}}, "bugs": {"1", "2", "3"}}),
        Case("all are needed", {"catches": {"A": {"1"}, "B": {"2"}, "C": {"3"}}, "bugs": {"1", "2", "3"}}),
        Case("a bug that nobody catches", {"catches": {"A": {"1"}, "B": {"2"}}, "bugs": {"1", "2", "3"}}),
        Case("tests that catch other bugs, too", {
            "catches": {"A": {"1", "2", "9"}, "B": {"2"}, "C": {"1", "8"}}, "bugs": {"1", "2"}}),
        Case("no bugs", {"catches": {"A": {"1"}}, "bugs": set()}),
        *(Case("a random table", table()) for _ in range(3)),
    ]  # fmt: skip


def _greedy(catches, bugs):
    left, count = set(bugs), 0
    while left:
        best = max(catches, key=lambda test: len(catches[test] & left))
        if not catches[best] & left:
            return np.inf
        left -= catches[best]
        count += 1
    return count


def _useful(catches, bugs):
    return sum(bool(found & bugs) for found in catches.values()) if bugs <= set().union(*catches.values()) else np.inf


def _exactly(catches, bugs):
    suites = (suite for size in range(len(catches) + 1) for suite in combinations(catches.values(), size))
    return next((len(suite) for suite in suites if set().union(*suite) == bugs), np.inf)


def _without_the_impossible(catches, bugs):
    return _suite(catches, bugs & set().union(*catches.values()))


SUITE = Task(
    name="fallacies.enough_tests",
    title="Enough tests",
    reference=_suite,
    cases=_suite_cases,
    mistakes=(
        Mistake(
            "greedy",
            _greedy,
            "You take the test that catches most of what is left, again and again. Fewer can be enough: try all sets, "
            "small ones first.",
        ),
        Mistake(
            "every test that catches something",
            _useful,
            "You count every test that catches a bug. Many are not needed.",
        ),
        Mistake(
            "a missed bug left out",
            _without_the_impossible,
            "One bug is caught by no test at all: then no number is enough, and the answer is np.inf.",
        ),
        Mistake(
            "exactly these bugs",
            _exactly,
            "A test may catch bugs that are not in `bugs`, too. Ask whether `bugs` is a subset of what is caught.",
        ),
        Mistake(
            "at least one",
            lambda **given: max(_suite(**given), 1),
            "With no bugs to catch, no test is needed: 0.",
        ),
    ),
    hints=(
        "Could two tests that each catch little be enough where the one that catches most is no help?",
        "combinations(catches, size) gives all sets of that size; begin with size 0, stop at the first that is enough.",
        "for size in range(len(catches) + 1): for tests in combinations(catches, size): "
        "if bugs <= set().union(*(catches[t] for t in tests)): return size",
    ),
    points=4,
    minutes=8,
    difficulty="stretch",
)

TASKS = (SAVED, NEEDED, PLACE, UTILITY, LATE, MONTHS, WORST, SUITE)
