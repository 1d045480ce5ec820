"""The eight tasks of section 1.11, each with the mistakes that people make in it."""

import numpy as np

from mlsys_helpers.exercise.mistakes import altered, scaled
from mlsys_helpers.exercise.task import Case, Mistake, Needs, Task
from mlsys_helpers.sections.five_pillars import model

# 1. Whose failure

FINDINGS = ("data_right", "training_whole", "served_as_trained", "inputs_moved", "alarm_rang", "groups_asked")
SOUND = dict(zip(FINDINGS, (True, True, True, False, False, True), strict=True))

_READS = {
    "data": ("data_right",),
    "training": ("training_whole",),
    "deployment": ("served_as_trained",),
    "operations": ("inputs_moved", "alarm_rang"),
    "ethics": ("groups_asked",),
}


def _owner(data_right, training_whole, served_as_trained, inputs_moved, alarm_rang, groups_asked):
    found = {
        "data": not data_right,
        "training": not training_whole,
        "deployment": not served_as_trained,
        "operations": inputs_moved and not alarm_rang,
        "ethics": not groups_asked,
    }
    return next((owner for owner, wrong in found.items() if wrong), "nobody")


def _owner_cases(rng) -> list[Case]:
    def case(label: str, **changed: bool) -> Case:
        return Case(label, SOUND | changed)

    drawn = [{name: bool(rng.random() < 0.5) for name in FINDINGS} for _ in range(6)]
    return [
        case("all is well"),
        case("the mail moved and nobody noticed", inputs_moved=True),
        case("the mail moved and the alarm rang", inputs_moved=True, alarm_rang=True),
        case("an alarm without a reason", alarm_rang=True),
        case("nobody asked who pays", groups_asked=False),
        case("nobody asked who pays, and rows are missing", groups_asked=False, data_right=False),
        case("half a job, and another pipeline", training_whole=False, served_as_trained=False),
        case("a quiet move, and nobody asked who pays", inputs_moved=True, groups_asked=False),
        *(Case("random findings", given) for given in drawn),
    ]


OWNER = Task(
    name="five_pillars.owner",
    title="Who owns it?",
    reference=_owner,
    cases=_owner_cases,
    mistakes=(
        Mistake(
            "drift given to data",
            lambda **found: _owner(**found | {"data_right": found["data_right"] and not found["inputs_moved"]}),
            "Nothing was wrong with the data when the model learned from it. Whoever should have rung owns the move.",
        ),
        Mistake(
            "a move is a failure",
            lambda **found: _owner(**found | {"alarm_rang": False}),
            "The inputs moved and the alarm rang: operations did its job.",
        ),
        Mistake(
            "every alarm is a failure",
            lambda **found: "operations" if found["alarm_rang"] and _owner(**found) == "nobody" else _owner(**found),
            "An alarm alone is no failure here. Ask whether the inputs moved unnoticed.",
        ),
        Mistake(
            "silence is a failure",
            lambda **found: _owner(**found | {"inputs_moved": True}),
            "An alarm that did not ring has failed only if the inputs moved.",
        ),
        Mistake(
            "ethics first",
            lambda **found: _owner(**found) if found["groups_asked"] else "ethics",
            "Groups can suffer because rows were missing. Take the first step that went wrong.",
        ),
        Mistake(
            "from the end",
            lambda **found: next(
                (
                    owner
                    for owner in ("ethics", "operations", "deployment", "training", "data")
                    if _owner(**SOUND | {name: found[name] for name in _READS[owner]}) == owner
                ),
                "nobody",
            ),
            "You named the last step that went wrong. Asked is the first.",
        ),
        Mistake(
            "nobody forgotten",
            lambda **found: "ethics" if _owner(**found) == "nobody" else _owner(**found),
            "Where every finding is in order, nobody owns a failure.",
        ),
    ),
    hints=(
        "Which finding speaks of which pillar, and which two belong together?",
        "Five questions in the order of the pillars, each with a `return`. For operations look at "
        "`inputs_moved` and `alarm_rang` together.",
        'if not data_right: return "data"; ... if inputs_moved and not alarm_rang: return "operations"; ...',
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 2. How often to save


def _interval_min(devices, device_mtbf_years, save_s):
    mtbf_h = model.fleet_mtbf_h(devices, device_mtbf_years * 365 * 24)
    return 60 * model.young_h(save_s / 3600, mtbf_h)


def _interval_cases(rng) -> list[Case]:
    given = {
        "devices": 8 * int(rng.integers(60, 1000)),
        "device_mtbf_years": round(float(rng.uniform(3, 9)), 1),
        "save_s": int(rng.integers(20, 200)),
    }
    return [Case("your job", given)]


INTERVAL = Task(
    name="five_pillars.interval_min",
    title="How often to save?",
    reference=_interval_min,
    cases=_interval_cases,
    by_value=True,
    rtol=0.005,
    mistakes=(
        Mistake(
            "one device",
            altered(_interval_min, devices=1),
            "That is a job on one device. Yours stops when any of them fails.",
        ),
        Mistake(
            "factor 2 forgotten",
            scaled(_interval_min, 1 / np.sqrt(2)),
            "A failure loses half an interval on average: hence the 2 under the root.",
        ),
        Mistake("hours", scaled(_interval_min, 1 / 60), "That is in hours; asked are minutes."),
        Mistake("seconds", scaled(_interval_min, 60), "That is in seconds; asked are minutes."),
        Mistake(
            "root forgotten",
            lambda **given: _interval_min(**given) ** 2,
            "You left out the square root. Minutes times minutes is no time.",
        ),
        Mistake(
            "rate for time",
            lambda devices, device_mtbf_years, save_s: _interval_min(1 / devices, device_mtbf_years, save_s),
            "You multiplied the time between failures by the devices. More devices fail more often.",
        ),
    ),
    hints=(
        "A device fails every few years. How often does one of thousands?",
        "First the time between failures of the whole job, in the unit of the save. Then Young's root.",
        "mtbf_s = job.device_mtbf_years * 365 * 24 * 3600 / job.devices; (2 * job.save_s * mtbf_s) ** 0.5 / 60",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 3. What an interval costs


def _hours(work_h, interval_h, save_h, mtbf_h, restart_h):
    return work_h * model.slowdown(interval_h, save_h, mtbf_h, restart_h)


def _hours_cases(rng) -> list[Case]:
    drawn = [
        Case(
            "a random job",
            {
                "work_h": float(rng.integers(50, 500)),
                "interval_h": round(float(rng.uniform(0.3, 3)), 2),
                "save_h": round(float(rng.uniform(0.02, 0.3)), 3),
                "mtbf_h": float(rng.integers(2, 30)),
                "restart_h": round(float(rng.uniform(0.05, 0.5)), 2),
            },
        )
        for _ in range(3)
    ]
    rare = {"work_h": 100.0, "interval_h": 1.0, "save_h": 0.1, "mtbf_h": 1e7, "restart_h": 0.5}
    sweep = {"work_h": 100.0, "interval_h": np.array([0.5, 1.0, 4.0]), "save_h": 0.1, "mtbf_h": 5.0, "restart_h": 0.2}
    return [Case("failures almost never", rare), *drawn, Case("an array of intervals", sweep)]


HOURS = Task(
    name="five_pillars.hours_on_the_clock",
    title="Hours on the clock",
    reference=_hours,
    cases=_hours_cases,
    rtol=1e-6,
    mistakes=(
        Mistake(
            "Young's sum",
            lambda work_h, interval_h, save_h, mtbf_h, restart_h: (
                work_h * (1 + model.waste_young(interval_h, save_h, mtbf_h, restart_h))
            ),
            "That is Young's sum, which forgets that failures hit saves and repeated work, too. Use the exponential.",
        ),
        Mistake(
            "save left out of the stretch",
            altered(_hours, save_h=0.0),
            "A stretch is the interval and its save: both must go through without a failure.",
        ),
        Mistake("restart forgotten", altered(_hours, restart_h=0.0), "Each failure also costs a restart."),
        Mistake(
            "work left out",
            altered(_hours, work_h=1.0),
            "That is for one hour of work. Multiply by the work.",
        ),
        Mistake(
            "one stretch",
            lambda work_h, interval_h, **given: _hours(interval_h, interval_h, **given),
            "That is one stretch. How many of them does the work have?",
        ),
        Mistake(
            "saves taken for work",
            lambda work_h, interval_h, save_h, mtbf_h, restart_h: _hours(
                work_h * interval_h / (interval_h + save_h), interval_h, save_h, mtbf_h, restart_h
            ),
            "Of each stretch only the interval is work: there are work / interval stretches.",
        ),
        Mistake(
            "restart only added",
            lambda work_h, interval_h, save_h, mtbf_h, restart_h: (
                _hours(work_h, interval_h, save_h, mtbf_h, 0.0) + restart_h
            ),
            "You added one restart to the whole job. There is one after every failure: the factor exp(restart / mtbf).",
        ),
    ),
    hints=(
        "How many stretches does the work have, and how long is each on average?",
        "work_h / interval_h stretches, each mtbf_h * exp(restart_h / mtbf_h) * (exp(stretch / mtbf_h) - 1) long.",
        "work_h / interval_h * mtbf_h * np.exp(restart_h / mtbf_h) * np.expm1((interval_h + save_h) / mtbf_h)",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 4. Where to ring


def _ring_at(audited, healthy, false_a_month):
    return int(model.errors_to_ring(audited, healthy, false_a_month / model.MONTH_DAYS))


def _ring_cases(rng) -> list[Case]:
    given = {
        "audited": int(rng.integers(100, 1000)),
        "healthy": round(float(rng.uniform(0.03, 0.08)), 4),
        "false_a_month": float(rng.choice([0.1, 0.2, 0.25, 0.5])),
    }
    return [Case("your audit", given)]


RING = Task(
    name="five_pillars.ring_at",
    title="When to ring?",
    reference=_ring_at,
    cases=_ring_cases,
    by_value=True,
    rtol=1e-9,
    mistakes=(
        Mistake(
            "one too low",
            lambda **given: _ring_at(**given) - 1,
            "Nearly. `isf` gives the number that may still be *exceeded* with that chance: ring one above it.",
        ),
        Mistake(
            "one too high",
            lambda **given: _ring_at(**given) + 1,
            "A lower number already keeps the budget: ring at the least one that does.",
        ),
        Mistake(
            "month for day",
            lambda audited, healthy, false_a_month: int(model.errors_to_ring(audited, healthy, false_a_month)),
            "You spent the month's budget on one day. A month has 30 days with one look each.",
        ),
        Mistake(
            "wrong tail",
            lambda audited, healthy, false_a_month: int(
                model.errors_to_ring(audited, healthy, 1 - false_a_month / model.MONTH_DAYS)
            ),
            "That is the low end: nearly every healthy day has more errors. Take the other tail, `isf` and not `ppf`.",
        ),
        Mistake(
            "right answers counted",
            lambda audited, healthy, false_a_month: _ring_at(audited, 1 - healthy, false_a_month),
            "That is a number of right answers. The alarm counts errors.",
        ),
    ),
    hints=(
        "With what chance may a healthy day ring, if a month has 30 days?",
        "Binomial: the least k so that k or more errors have at most that chance. SciPy: stats.binom.isf.",
        "int(stats.binom.isf(watch.false_a_month / 30, watch.audited, watch.healthy)) + 1",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 5. CUSUM


def _from_the_step(steps) -> np.ndarray:
    total, sums = 0.0, []
    for step in steps:
        total = max(step, total + step)
        sums.append(total)
    return np.array(sums)


def _forgetful(steps) -> np.ndarray:
    total, sums = 0.0, []
    for step in steps:
        total = total + step if step > 0 else 0.0
        sums.append(total)
    return np.array(sums)


def _cusum_cases(rng) -> list[Case]:
    return [
        Case("good days only", {"steps": np.array([-1.0, -2.0, -0.5])}),
        Case("bad days only", {"steps": np.array([0.5, 1.0, 1.5])}),
        *(Case("a random month", {"steps": np.round(rng.normal(0.05, 1, 30), 2)}) for _ in range(3)),
        Case("a random fall and rise", {"steps": np.array([2.0, -5.0, 1.0, 1.0, -0.5, 3.0])}),
    ]


CUSUM = Task(
    name="five_pillars.cusum",
    title="Bad days pile up",
    reference=lambda steps: model.cusum(steps),
    cases=_cusum_cases,
    rtol=1e-9,
    mistakes=(
        Mistake(
            "never reset",
            lambda steps: np.cumsum(steps),
            "Good days must not be saved up: the sum never falls below zero.",
        ),
        Mistake(
            "good days skipped",
            lambda steps: np.cumsum(np.maximum(0, steps)),
            "Good days do count, down to zero. You left them out.",
        ),
        Mistake(
            "reset to the step",
            _from_the_step,
            "After a fall you begin at the step, which may be below zero. Begin at zero.",
        ),
        Mistake(
            "forgotten on a good day",
            _forgetful,
            "A good day takes its own step away, not all that was there before it.",
        ),
        Mistake(
            "cut at the end",
            lambda steps: np.maximum(0, np.cumsum(steps)),
            "You cut the sums at zero only after adding everything up: old good days still hold later bad ones down.",
        ),
        Mistake(
            "last only", lambda steps: float(model.cusum(steps)[-1]), "Return the sum after every day, not the last."
        ),
    ),
    hints=(
        "What is the sum after a very good day, when it was small before?",
        "Go day by day: new sum = max(0, old sum + step). Keep each.",
        "total = 0.0; for step in steps: total = max(0.0, total + step); sums.append(total)",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 6. What an average hides


def _hidden(mean_error, group_share):
    return model.worst_group(mean_error, group_share), model.widest_gap(mean_error, group_share)


def _hidden_cases(rng) -> list[Case]:
    drawn = [
        Case(
            "a random average",
            {
                "mean_error": round(float(rng.uniform(0.01, 0.3)), 3),
                "group_share": round(float(rng.uniform(0.35, 0.9)), 3),
            },
        )
        for _ in range(2)
    ]
    small = {
        "mean_error": round(float(rng.uniform(0.1, 0.3)), 3),
        "group_share": round(float(rng.uniform(0.01, 0.09)), 3),
    }
    many = {"mean_error": 0.05, "group_share": np.array([0.02, 0.05, 0.1, 0.5])}
    return [
        Case("as large as the errors", {"mean_error": 0.05, "group_share": 0.05}),
        Case("no errors", {"mean_error": 0.0, "group_share": 0.2}),
        *drawn,
        Case("a group smaller than the errors", small),
        Case("an array of groups", many),
    ]


HIDDEN = Task(
    name="five_pillars.hidden",
    title="What an average hides",
    reference=_hidden,
    cases=_hidden_cases,
    rtol=1e-9,
    mistakes=(
        Mistake(
            "no limit at 1",
            lambda mean_error, group_share: (mean_error / group_share, mean_error / group_share),
            "Nobody fails more often than always: cap the group at 1.",
        ),
        Mistake(
            "others free of errors",
            lambda mean_error, group_share: (
                model.worst_group(mean_error, group_share),
                model.worst_group(mean_error, group_share),
            ),
            "When the whole group fails, errors may be left over. They fall on the others and make the gap smaller.",
        ),
        Mistake(
            "product for ratio",
            lambda mean_error, group_share: (mean_error * group_share, mean_error * group_share),
            "You multiplied. A small group gathers the errors of all: divide by its share.",
        ),
        Mistake(
            "rest not divided",
            lambda mean_error, group_share: (
                model.worst_group(mean_error, group_share),
                model.worst_group(mean_error, group_share) - np.maximum(0, np.subtract(mean_error, group_share)),
            ),
            "What is left over is a share of all people. To be the others' error share it is divided by their share.",
        ),
        Mistake(
            "gap to the average",
            lambda mean_error, group_share: (
                model.worst_group(mean_error, group_share),
                model.worst_group(mean_error, group_share) - mean_error,
            ),
            "That is the gap to the average, in which the group is contained. Asked is the gap to everybody else.",
        ),
    ),
    hints=(
        "If all errors fall on one group, what share of it fails, and when is that more than everyone?",
        "Worst: min(1, mean / share). Errors left over, max(0, mean - share), are borne by the share 1 - share.",
        "worst = np.minimum(1, mean_error / group_share); "
        "gap = worst - np.maximum(0, mean_error - group_share) / (1 - group_share)",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 7. Gap or chance


def _chance(wrong, group, deals, gap=model.group_gap):
    measured = gap(wrong, group)
    return measured, float(np.mean([gap(wrong, deal) >= measured - 1e-12 for deal in deals]))


def _counts_gap(wrong, group) -> float:
    return float(np.ptp(np.bincount(group, weights=wrong)))


def _chance_cases(rng) -> list[Case]:
    def case(label: str, rates: tuple[float, ...], sizes: tuple[int, ...], deals: int) -> Case:
        group = np.repeat(np.arange(len(sizes)), sizes)
        wrong = (rng.random(len(group)) < np.repeat(rates, sizes)).astype(int)
        wrong[0], wrong[-1] = 1, 0  # never all alike
        dealt = np.array([rng.permutation(group) for _ in range(deals)])
        return Case(label, {"wrong": wrong, "group": group, "deals": dealt})

    sure = np.repeat([0, 1], 4)
    dealt = np.array([[0, 1] * 4, sure, 1 - sure, [0, 0, 1, 1] * 2])
    return [
        Case("all errors in one group", {"wrong": sure, "group": sure, "deals": dealt}),
        Case(
            "no gap at all", {"wrong": np.array([0, 1, 0, 1]), "group": np.array([0, 0, 1, 1]), "deals": dealt[:, ::2]}
        ),
        case("a random real gap", (0.05, 0.3), (60, 40), 60),
        case("random groups without a gap", (0.2, 0.2, 0.2, 0.2), (40, 15, 25, 10), 80),
        case("three random groups", (0.1, 0.2, 0.15), (50, 30, 10), 80),
    ]


CHANCE = Task(
    name="five_pillars.gap_by_chance",
    title="A gap, or chance?",
    reference=_chance,
    cases=_chance_cases,
    rtol=1e-9,
    mistakes=(
        Mistake(
            "more only",
            lambda wrong, group, deals: (
                model.group_gap(wrong, group),
                float(np.mean([model.group_gap(wrong, d) > model.group_gap(wrong, group) + 1e-12 for d in deals])),
            ),
            "Deals that reach the measured gap exactly count as well: at least as large.",
        ),
        Mistake(
            "errors counted, not shares",
            lambda **given: _chance(**given, gap=_counts_gap),
            "You compared numbers of errors. Large groups have more; divide by the size of the group.",
        ),
        Mistake(
            "smaller counted",
            lambda wrong, group, deals: (model.group_gap(wrong, group), 1 - _chance(wrong, group, deals)[1]),
            "That is how often chance stays below the gap. Asked is how often it reaches it.",
        ),
        Mistake(
            "deals counted",
            lambda wrong, group, deals: (model.group_gap(wrong, group), len(deals) * _chance(wrong, group, deals)[1]),
            "That is a number of deals. Asked is their share: divide by all of them.",
        ),
        Mistake(
            "gap only",
            lambda wrong, group, deals: model.group_gap(wrong, group),
            "That is the gap. Return also the share of deals that reach it.",
        ),
        Mistake(
            "gap to the average",
            lambda wrong, group, deals: (
                float((np.bincount(group, weights=wrong) / np.bincount(group)).max() - np.mean(wrong)),
                _chance(wrong, group, deals)[1],
            ),
            "That is from the worst group to the average. The widest gap runs from the worst group to the best.",
        ),
    ),
    hints=(
        "What is the widest gap of one grouping, and how would you get it for each of the deals?",
        "np.bincount(group, weights=wrong) / np.bincount(group) is every group's error share. Largest less smallest.",
        "A helper gap(group); then gap(group), np.mean([gap(deal) >= gap(group) for deal in deals])",
    ),
    points=4,
    minutes=8,
    difficulty="stretch",
)

# 8. What a probe is worth


def _probe_h(belief, chances, penalty_h, probe_h):
    belief, chances, penalty_h = map(np.asarray, (belief, chances, penalty_h))
    return float(probe_h + sum((penalty_h @ (belief * likely)).min() for likely in chances))


def _probe_cases(rng) -> list[Case]:
    def case(label: str, causes: int, readings: int, probe_h: float) -> Case:
        chances = rng.dirichlet(np.ones(readings), causes).T
        penalty_h = rng.integers(5, 30, (causes, causes)).astype(float)
        np.fill_diagonal(penalty_h, 0)
        given = {"belief": rng.dirichlet(np.ones(causes) * 2), "chances": chances, "penalty_h": penalty_h}
        return Case(label, given | {"probe_h": probe_h})

    uneven = {
        "belief": np.array([0.6, 0.4]),
        "chances": np.array([[0.6, 0.5], [0.4, 0.5]]),
        "penalty_h": np.array([[0.0, 100.0], [5.0, 0.0]]),
    }
    two = {"belief": np.array([0.5, 0.5]), "penalty_h": np.array([[0.0, 24.0], [24.0, 0.0]]), "probe_h": 2.0}
    return [
        Case("a probe that tells all", two | {"chances": np.eye(2)}),
        Case("a probe that tells nothing", two | {"chances": np.full((2, 2), 0.5)}),
        Case("one mistake much dearer than the other", two | uneven),
        case("three random causes", 3, 2, 1.0),
        case("four random causes, three readings", 4, 3, 3.0),
        case("a free probe", 3, 3, 0.0),
    ]


def _each_normalised(belief, chances, penalty_h, probe_h):
    worth = [(penalty_h @ (belief * likely / (belief @ likely))).min() for likely in np.asarray(chances)]
    return float(probe_h + np.mean(worth))


PROBE = Task(
    name="five_pillars.probe_cost",
    title="What a probe is worth",
    reference=_probe_h,
    cases=_probe_cases,
    rtol=1e-9,
    mistakes=(
        Mistake(
            "hours of the probe left out",
            altered(_probe_h, probe_h=0.0),
            "The probe itself takes hours.",
        ),
        Mistake(
            "named before the reading",
            lambda belief, chances, penalty_h, probe_h: float(probe_h + (penalty_h @ belief).min()),
            "You name the same cause whatever the probe shows. Choose anew after each reading.",
        ),
        Mistake(
            "all readings alike",
            _each_normalised,
            "You averaged over readings as if each came equally often. Weigh each by its chance.",
        ),
        Mistake(
            "every reading counted whole",
            lambda belief, chances, penalty_h, probe_h: float(
                probe_h + sum((penalty_h @ (belief * c / (belief @ c))).min() for c in np.asarray(chances))
            ),
            "You added what each reading leads to, as if all came at once. Weigh each by its chance.",
        ),
        Mistake(
            "penalties turned round",
            lambda belief, chances, penalty_h, probe_h: _probe_h(belief, chances, np.transpose(penalty_h), probe_h),
            "Rows of `penalty_h` are what you name, columns what it is. You had them the other way round.",
        ),
        Mistake(
            "belief forgotten",
            lambda belief, chances, penalty_h, probe_h: _probe_h(
                np.full(len(belief), 1 / len(belief)), chances, penalty_h, probe_h
            ),
            "You took all causes for equally likely. Begin from `belief`.",
        ),
        Mistake(
            "likeliest named",
            lambda belief, chances, penalty_h, probe_h: float(
                probe_h + sum((penalty_h @ (belief * c))[int(np.argmax(belief * c))] for c in np.asarray(chances))
            ),
            "You named the likeliest cause. Another may be cheaper to be wrong about: take the least expected penalty.",
        ),
    ),
    hints=(
        "For one reading: how likely is it together with each cause, and what would you then name?",
        "belief * chances[r] are the joint chances. penalty_h @ that is the expected penalty of naming each cause.",
        "probe_h + sum((penalty_h @ (belief * likely)).min() for likely in chances)",
    ),
    points=4,
    minutes=8,
    difficulty="stretch",
)

NEEDS = Needs(packages=("scipy.stats",))
TASKS = (OWNER, INTERVAL, HOURS, RING, CUSUM, HIDDEN, CHANCE, PROBE)
