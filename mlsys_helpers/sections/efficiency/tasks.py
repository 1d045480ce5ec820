"""The eight tasks of section 1.7, each with the mistakes that people make in it."""

import numpy as np
from scipy.stats import linregress, t

from mlsys_helpers.exercise.mistakes import altered, scaled
from mlsys_helpers.exercise.task import Case, Mistake, Needs, Task
from mlsys_helpers.kit.seeds import log_uniform
from mlsys_helpers.sections.efficiency import cadences, model

# 1. A halving time from two points


def _fall(rng) -> dict:
    return {"factor": log_uniform(rng, 1.5, 500), "months": log_uniform(rng, 6, 200)}


def _fall_cases(rng) -> list[Case]:
    return [
        Case("one halving", {"factor": 2.0, "months": 15.0}),
        Case("the chapter's figures", {"factor": 44.5, "months": 84.0}),
        *(Case("a random fall", _fall(rng)) for _ in range(4)),
        Case("three factors at once, as an array", _fall(rng) | {"factor": np.array([2.0, 8.0, 44.5])}),
    ]


HALVING_MONTHS = Task(
    name="efficiency.halving_months",
    title="A halving time from two points",
    reference=model.doubling_months,
    cases=_fall_cases,
    mistakes=(
        Mistake(
            "natural logarithm",
            scaled(model.doubling_months, 1 / np.log(2)),
            "That is the time to fall by a factor of e. Halvings are counted with the logarithm to base 2.",
        ),
        Mistake(
            "decimal logarithm",
            scaled(model.doubling_months, np.log2(10)),
            "That is the time to fall tenfold. Halvings are counted with the logarithm to base 2.",
        ),
        Mistake(
            "linear for exponential",
            lambda factor, months: months / factor,
            "You shared the months out evenly over the factor. A factor of 8 is three halvings, not eight.",
        ),
        Mistake(
            "halvings for months",
            lambda factor, months: np.log2(factor) / months,
            "That is halvings for each month. Turn it upside down for months for each halving.",
        ),
        Mistake(
            "number of halvings",
            lambda factor, months: np.log2(factor) + 0 * months,
            "That is how many halvings there were. The months are shared among them.",
        ),
        Mistake(
            "factor turned upside down",
            scaled(model.doubling_months, -1),
            "A halving time is positive. The factor says how many times less there is, so it is above 1 already.",
        ),
    ),
    hints=(
        "How many times must you halve 1 to reach 1/8?",
        "The factor is 2 to the number of halvings; the months are shared among these halvings.",
        "months / np.log2(factor)",
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 2. Orders of magnitude in device-days


def _audit(days_before, peak_before_flop_per_s, days_after, peak_after_flop_per_s):
    return model.orders(model.work_factor(days_before, peak_before_flop_per_s, days_after, peak_after_flop_per_s))


def _audit_cases(rng) -> list[Case]:
    given = {
        "days_before": int(rng.integers(8, 40)),
        "peak_before_flop_per_s": float(f"{rng.uniform(1.2, 4.5):.2f}e12"),
        "days_after": int(rng.integers(300, 4000)) * 1000,
        "peak_after_flop_per_s": float(f"{rng.uniform(1.2, 9.9):.2f}e14"),
    }
    return [Case("your two training runs", given)]


AUDIT_ORDERS = Task(
    name="efficiency.audit_orders",
    title="GPU-days of which GPU?",
    reference=_audit,
    cases=_audit_cases,
    by_value=True,
    rtol=0.003,
    mistakes=(
        Mistake(
            "device-days as a unit of work",
            altered(_audit, peak_before_flop_per_s=1.0, peak_after_flop_per_s=1.0),
            "You compared days as if the two chips were equal. The newer one does more in a day.",
        ),
        Mistake(
            "peaks divided",
            lambda days_before, peak_before_flop_per_s, days_after, peak_after_flop_per_s: _audit(
                days_before, peak_after_flop_per_s, days_after, peak_before_flop_per_s
            ),
            "You divided by the faster chip's advantage. Work is days times rate, so it multiplies.",
        ),
        Mistake(
            "days left out",
            altered(_audit, days_before=1.0, days_after=1.0),
            "That compares the chips only; the second run also had many more GPU-days.",
        ),
        Mistake(
            "earlier over later",
            scaled(_audit, -1),
            "Orders below zero say that the later run was smaller: you divided the earlier by the later.",
        ),
        Mistake(
            "natural logarithm",
            scaled(_audit, np.log(10)),
            "That is the natural logarithm of the ratio. Orders of magnitude are powers of ten.",
        ),
        Mistake(
            "doublings for orders",
            scaled(_audit, np.log2(10)),
            "That counts doublings. Orders of magnitude are powers of ten.",
        ),
        Mistake(
            "factor for orders",
            lambda **given: 10 ** _audit(**given),
            "That is the factor itself. How many powers of ten is it?",
        ),
    ),
    hints=(
        "How much can a chip compute in a day?",
        "Work is GPU-days times FLOP/s; divide the later by the earlier, then take the logarithm to base 10.",
        "np.log10(pair.days_after * pair.peak_after_flop_per_s / (... the same before ...))",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 3. A halving time from a table, with its interval


def _fitted(months, flop):
    fit = model.trend(np.asarray(months) / 12, flop)
    return fit.months, fit.low_months, fit.high_months


def _table(rng, points: int) -> dict:
    """Dated training costs that fall exponentially, with some scatter; rows in no order."""
    months = np.sort(rng.choice(100, points, replace=False)) + 1.0
    halvings = months / rng.uniform(9, 20) + rng.normal(0, 0.25, points)
    order = rng.permutation(points)
    return {"months": months[order], "flop": (3e17 * 2.0**-halvings)[order]}


def _fitted_cases(rng) -> list[Case]:
    level = cadences.alexnet_level()
    exact = np.array([0.0, 20.0, 40.0, 70.0, 90.0])
    return [
        Case("points that lie on the curve", {"months": exact, "flop": 1e17 * 2.0 ** (-exact / 10)}),
        Case("AlexNet's level", {"months": np.round(12 * (level.years - 2012), 1), "flop": level.values}),
        *(Case("a random table", _table(rng, points)) for points in (6, 8, 12)),
    ]


def _regressed(logarithm, width):
    """The three values with another logarithm, or another number of standard errors for half the interval."""

    def wrong(months, flop):
        fit = linregress(months, logarithm(flop))
        half = width(len(months)) * fit.stderr
        return -1 / fit.slope, 1 / (-fit.slope + half), 1 / (-fit.slope - half)

    return wrong


def _students(points: int) -> float:
    return t.ppf(0.975, points - 2)


def _by_endpoints(months, flop):
    first, last = np.argmin(months), np.argmax(months)
    only = (months[last] - months[first]) / np.log2(flop[first] / flop[last])
    return only, only, only


def _around_the_months(months, flop):
    middle, fit = _fitted(months, flop)[0], linregress(months, np.log2(flop))
    half = _students(len(months)) * fit.stderr
    return middle, middle - half, middle + half


def _swapped(months, flop):
    middle, low, high = _fitted(months, flop)
    return middle, high, low


FITTED_HALVING = Task(
    name="efficiency.fitted_halving",
    title="A halving time from a table",
    reference=_fitted,
    cases=_fitted_cases,
    rtol=1e-4,
    mistakes=(
        Mistake(
            "natural logarithm",
            _regressed(np.log, _students),
            "Those are times to fall by a factor of e: take log2 of the FLOP before the fit.",
        ),
        Mistake(
            "decimal logarithm",
            _regressed(np.log10, _students),
            "Those are times to fall tenfold: take log2 of the FLOP before the fit.",
        ),
        Mistake(
            "endpoints only",
            _by_endpoints,
            "That uses the first and the last row only. The rows between them say how sure the slope is.",
        ),
        Mistake(
            "normal for Student's t",
            _regressed(np.log2, lambda points: 1.959963984540054),
            "The middle is right, the interval too narrow: with so few rows use Student's t with n - 2 degrees of "
            "freedom instead of 1.96.",
        ),
        Mistake(
            "n degrees of freedom",
            _regressed(np.log2, lambda points: t.ppf(0.975, points)),
            "The middle is right, the interval too narrow: a line has two parameters, which leaves n - 2 degrees of "
            "freedom.",
        ),
        Mistake(
            "one side of the interval",
            _regressed(np.log2, lambda points: t.ppf(0.95, points - 2)),
            "That is a 90 % interval: 95 % leaves 2.5 % on each side, so the quantile is 0.975.",
        ),
        Mistake(
            "one standard error",
            _regressed(np.log2, lambda points: 1.0),
            "The middle is right, but half an interval is t times the standard error of the slope.",
        ),
        Mistake(
            "sign of the slope",
            lambda months, flop: tuple(-one for one in _fitted(months, flop)),
            "FLOP fall, so the slope is negative; a halving time is not. Turn the sign of the slope.",
        ),
        Mistake(
            "halvings a month",
            lambda months, flop: tuple(1 / one for one in _fitted(months, flop)),
            "Those are halvings for each month. A halving time is one over that.",
        ),
        Mistake(
            "interval around the months",
            _around_the_months,
            "The middle is right, but you added half of the *slope's* interval to months. Add it to the slope, then "
            "turn both ends into months.",
        ),
        Mistake(
            "ends swapped",
            _swapped,
            "The steepest slope gives the *shortest* halving time: your two ends are swapped.",
        ),
    ),
    hints=(
        "Along which axis does an exponential become a straight line?",
        "Fit log2(flop) against months with linregress; its slope is minus halvings a month. Take the interval of the "
        "slope first, then turn its ends into months.",
        "fit = linregress(months, np.log2(flop)); half = t.ppf(0.975, len(months) - 2) * fit.stderr; "
        "the middle is 1 / -fit.slope, the short end 1 / (-fit.slope + half).",
    ),
    points=4,
    minutes=9,
    difficulty="stretch",
)

# 4. The systems gap


def _gap_cases(rng) -> list[Case]:
    given = {
        "months": int(rng.integers(24, 97)),
        "demand_doubling_months": round(rng.uniform(3.2, 6.0), 2),
        "supply_doubling_months": round(rng.uniform(21, 33), 1),
        "halving_months": round(rng.uniform(12, 19), 1),
    }
    return [Case("your gap", given)]


def _gap_added(months, demand_doubling_months, supply_doubling_months, halving_months):
    supplied = model.growth(months, supply_doubling_months) + model.growth(months, halving_months)
    return model.growth(months, demand_doubling_months) / supplied


SYSTEMS_GAP = Task(
    name="efficiency.systems_gap",
    title="The systems gap",
    reference=model.systems_gap,
    cases=_gap_cases,
    by_value=True,
    rtol=0.01,
    mistakes=(
        Mistake(
            "ratio of doubling times",
            lambda months, demand_doubling_months, supply_doubling_months, halving_months: (
                supply_doubling_months / demand_doubling_months
            ),
            "That is a ratio of doubling times. Doubling times stand in exponents: work out each growth first.",
        ),
        Mistake(
            "algorithms left out",
            altered(model.systems_gap, halving_months=None),
            "The leaner algorithms are missing: they need less by their own factor.",
        ),
        Mistake(
            "halving as growth",
            lambda months, demand_doubling_months, supply_doubling_months, halving_months: (
                model.systems_gap(months, demand_doubling_months, supply_doubling_months)
                * model.growth(months, halving_months)
            ),
            "You put the algorithms on the side of demand. They need less, so they close the gap.",
        ),
        Mistake(
            "gains added",
            _gap_added,
            "You added what hardware and algorithms give. Half the work on a chip twice as fast is four times as far.",
        ),
        Mistake(
            "hardware left out",
            lambda months, demand_doubling_months, supply_doubling_months, halving_months: (
                model.growth(months, demand_doubling_months) / model.growth(months, halving_months)
            ),
            "The hardware is missing below the line.",
        ),
        Mistake(
            "upside down",
            lambda **given: 1 / model.systems_gap(**given),
            "That is supply over demand; the task asks how many times larger demand is.",
        ),
        Mistake(
            "orders for a factor",
            lambda **given: np.log10(model.systems_gap(**given)),
            "That is the gap in orders of magnitude; the task asks for the factor.",
        ),
    ),
    hints=(
        "How many times does each of the three double or halve in those months?",
        "Each factor is 2 ** (months / its own months). Demand stands above the line, the other two below it.",
        "2 ** (trend.months / trend.demand_doubling_months) / (... hardware ... * ... algorithms ...)",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 5. Total use


def _saving(rng) -> dict:
    return {"gain": log_uniform(rng, 1.5, 500), "elasticity": round(rng.uniform(0.1, 0.45) + rng.integers(0, 4) / 2, 2)}


def _use_cases(rng) -> list[Case]:
    return [
        Case("a demand that does not answer", {"gain": 10.0, "elasticity": 0.0}),
        Case("the crossing", {"gain": 10.0, "elasticity": 1.0}),
        Case("a strong answer", {"gain": 10.0, "elasticity": 1.5}),
        *(Case("a random saving", _saving(rng)) for _ in range(4)),
        Case("three elasticities at once, as an array", _saving(rng) | {"elasticity": np.array([0.3, 1.0, 1.7])}),
    ]


TOTAL_USE = Task(
    name="efficiency.total_use",
    title="What becomes of the saving",
    reference=model.total_use,
    cases=_use_cases,
    mistakes=(
        Mistake(
            "service for use",
            lambda gain, elasticity: gain**elasticity,
            "That is how much more service is asked for. Each unit of it also takes less than before.",
        ),
        Mistake(
            "no rebound",
            lambda gain, elasticity: 1 / gain + 0 * elasticity,
            "That is for a demand that does not answer. It answers with gain to the power of elasticity.",
        ),
        Mistake(
            "inverted",
            lambda gain, elasticity: gain ** (1 - elasticity),
            "That falls where use rises: the exponent has the wrong sign.",
        ),
        Mistake(
            "linear answer",
            lambda gain, elasticity: (1 + elasticity * (gain - 1)) / gain,
            "You let demand grow in proportion to the gain. A constant elasticity is an exponent.",
        ),
        Mistake(
            "elasticity as a factor",
            lambda gain, elasticity: elasticity * gain / gain,
            "You multiplied by the elasticity. It is an exponent: demand grows by gain ** elasticity.",
        ),
        Mistake(
            "saving for use",
            lambda gain, elasticity: 1 - model.total_use(gain, elasticity),
            "That is the share saved. The task asks for what is used, 1 for no change.",
        ),
    ),
    hints=(
        "If each unit takes a tenth and ten times as many are asked for, what is the total?",
        "Total use is units asked for, times what one unit takes: gain ** elasticity, and 1 / gain.",
        "gain ** elasticity / gain",
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 6. The elasticity that would be needed


def _needed(gain, gain_months, use_orders, use_months):
    return model.implied_elasticity(gain ** (use_months / gain_months), 10**use_orders)


def _needed_cases(rng) -> list[Case]:
    given = {
        "gain": round(rng.uniform(12, 40), 1),
        "gain_months": int(rng.integers(72, 91)),
        "use_orders": round(rng.uniform(5.8, 8.5), 2),
        "use_months": int(rng.integers(110, 131)),
    }
    return [Case("your two trends", given)]


ELASTICITY_NEEDED = Task(
    name="efficiency.elasticity_needed",
    title="The elasticity that would be needed",
    reference=_needed,
    cases=_needed_cases,
    by_value=True,
    rtol=0.005,
    mistakes=(
        Mistake(
            "windows that differ",
            lambda gain, gain_months, use_orders, use_months: _needed(gain, 1, use_orders, 1),
            "You compared a gain of one window with a growth of another. Stretch the gain to the longer window first.",
        ),
        Mistake(
            "one left out",
            lambda **given: _needed(**given) - 1,
            "Use is gain ** (elasticity - 1): you have the exponent, one less than the elasticity.",
        ),
        Mistake(
            "gain stretched in proportion",
            lambda gain, gain_months, use_orders, use_months: _needed(
                gain * use_months / gain_months, 1, use_orders, 1
            ),
            "You stretched the gain in proportion to the months. It grows exponentially: "
            "raise it to the ratio of the windows.",
        ),
        Mistake(
            "gain stretched the wrong way",
            lambda gain, gain_months, use_orders, use_months: _needed(gain, use_months, use_orders, gain_months),
            "The longer window has the larger gain; yours became smaller.",
        ),
        Mistake(
            "orders as a factor",
            lambda gain, gain_months, use_orders, use_months: _needed(
                gain, gain_months, np.log10(use_orders), use_months
            ),
            "You took the orders of magnitude for the factor: seven orders are ten million times.",
        ),
        Mistake(
            "mixed logarithms",
            lambda gain, gain_months, use_orders, use_months: (
                1 + use_orders / (use_months / gain_months * np.log(gain))
            ),
            "Orders are decimal logarithms, so the gain needs the decimal logarithm, too.",
        ),
    ),
    hints=(
        "At the same pace, how large would the gain have been over `use_months`?",
        "First raise the gain to use_months / gain_months. Then solve use = gain ** (e - 1) for e with logarithms.",
        "longer = trends.gain ** (trends.use_months / trends.gain_months); 1 + trends.use_orders / np.log10(...)",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 7. Where to begin


def _rooms(data: float, algorithm: float, machine: float) -> dict:
    """A diagnosis with these three headrooms."""
    return {
        "examples": 1000 * data,
        "examples_enough": 1000,
        "flop": 1e12 * algorithm,
        "flop_lean": 1e12,
        "flop_per_s": 1e9,
        "flop_per_s_within_reach": 1e9 * machine,
    }


def _random_rooms(rng) -> dict:
    return _rooms(*(log_uniform(rng, 1.1, 60) for _ in range(3)))


def _dimension_cases(rng) -> list[Case]:
    return [
        Case("labels are missing and the chip is idle", _rooms(0.5, 2.0, 40.0)),
        Case("labels are missing", _rooms(0.9, 3.0, 1.5)),
        Case("far more data than needed", _rooms(12.0, 3.0, 5.0)),
        Case("a wasteful recipe", _rooms(2.0, 23.0, 8.0)),
        Case("an idle chip", _rooms(2.0, 5.0, 30.0)),
        Case("a tie of data and algorithm", _rooms(4.0, 4.0, 2.0)),
        Case("a tie of algorithm and machine", _rooms(2.0, 8.0, 8.0)),
        Case("exactly enough examples", _rooms(1.0, 1.5, 4.0)),
        *(Case("a random run", _random_rooms(rng)) for _ in range(3)),
    ]


def _largest(rooms: dict[str, float], order=model.DIMENSIONS) -> str:
    return max(order, key=lambda dimension: rooms[dimension])


def _differences(examples, examples_enough, flop, flop_lean, flop_per_s, flop_per_s_within_reach) -> dict[str, float]:
    return {
        "data": examples - examples_enough,
        "algorithm": flop - flop_lean,
        "machine": flop_per_s_within_reach - flop_per_s,
    }


FIRST_DIMENSION = Task(
    name="efficiency.first_dimension",
    title="Where to begin",
    reference=model.first_dimension,
    cases=_dimension_cases,
    mistakes=(
        Mistake(
            "missing labels ignored",
            lambda **given: _largest(model.headrooms(**given)),
            "Examples are missing, and no headroom in seconds makes any: data comes first there.",
        ),
        Mistake(
            "enough taken for missing",
            lambda **given: (
                "data" if given["examples"] <= given["examples_enough"] else _largest(model.headrooms(**given))
            ),
            "As many examples as are needed are enough: only fewer are missing.",
        ),
        Mistake(
            "smallest headroom",
            lambda **given: (
                "data"
                if given["examples"] < given["examples_enough"]
                else min(model.DIMENSIONS, key=model.headrooms(**given).__getitem__)
            ),
            "You chose the smallest headroom; the largest one saves most.",
        ),
        Mistake(
            "tie to the last",
            lambda **given: (
                "data"
                if given["examples"] < given["examples_enough"]
                else _largest(model.headrooms(**given), model.DIMENSIONS[::-1])
            ),
            "On a tie the dimension named first wins: data, then algorithm, then machine.",
        ),
        Mistake(
            "machine never considered",
            lambda **given: (
                "data"
                if given["examples"] < given["examples_enough"]
                else _largest(model.headrooms(**given) | {"machine": 0.0})
            ),
            "Your answer is never 'machine'. Is the rate upside down? A chip that reaches little of what is within "
            "reach has much headroom.",
        ),
        Mistake(
            "surplus examples ignored",
            lambda **given: (
                "data"
                if given["examples"] < given["examples_enough"]
                else _largest(model.headrooms(**given) | {"data": 0.0})
            ),
            "More examples than would do are a headroom, too: compare all three.",
        ),
        Mistake(
            "differences for ratios",
            lambda **given: "data" if given["examples"] < given["examples_enough"] else _largest(_differences(**given)),
            "You compared differences. FLOP and examples have no common size; ratios compare.",
        ),
        Mistake(
            "another name",
            lambda **given: model.first_dimension(**given).replace("machine", "compute"),
            'The third dimension\'s axis is called "machine" here.',
        ),
    ),
    hints=(
        "What is each of the three spending now, and what would do?",
        "First ask whether examples are missing. Otherwise compare three ratios, each spent over enough; for the rate "
        "it is within reach over reached.",
        'rooms = {"data": examples / examples_enough, "algorithm": flop / flop_lean, "machine": ...}; '
        "max(rooms, key=rooms.get) keeps the first on a tie.",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 8. Why gains do not multiply


def _speedups(visits, lean_visits, full_batch, small_batch, flop_per_visit, flop_per_s, call_s):
    def time_s(seen, batch):
        return model.training_s(seen, batch, flop_per_visit, flop_per_s, call_s)

    plain = time_s(visits, 1)
    return plain / time_s(visits, full_batch), plain / time_s(lean_visits, 1), plain / time_s(lean_visits, small_batch)


def _recipe(rng) -> dict:
    full_batch, small_batch = int(rng.integers(500, 2000)), int(rng.integers(8, 64))
    return {
        "visits": full_batch * int(rng.integers(40, 120)),  # whole batches, so that nobody need round calls
        "lean_visits": small_batch * int(rng.integers(60, 200)),
        "full_batch": full_batch,
        "small_batch": small_batch,
        "flop_per_visit": log_uniform(rng, 5e3, 5e4),
        "flop_per_s": log_uniform(rng, 5e9, 5e10),
        "call_s": log_uniform(rng, 5e-6, 5e-5),
    }


def _speedup_cases(rng) -> list[Case]:
    return [
        Case("calls that cost nothing", _recipe(rng) | {"call_s": 0.0}),
        *(Case("a random recipe", _recipe(rng)) for _ in range(4)),
        Case("two costs of a call at once, as an array", _recipe(rng) | {"call_s": np.array([1e-6, 1e-4])}),
    ]


def _multiplied(**given):
    machine, algorithm, _ = _speedups(**given)
    return machine, algorithm, machine * algorithm


def _one_call_each(**given):
    return _speedups(**given | {"full_batch": 1, "small_batch": 1})


JOINT_SPEEDUP = Task(
    name="efficiency.joint_speedup",
    title="Why gains do not multiply",
    reference=_speedups,
    cases=_speedup_cases,
    mistakes=(
        Mistake(
            "gains multiplied",
            _multiplied,
            "Your third value is the product of the first two. That would take full batches; the lean recipe makes a "
            "call for each small batch.",
        ),
        Mistake(
            "a call for each visit",
            _one_call_each,
            "You pay a call for each visit everywhere. A batch is one call: divide the visits by the batch.",
        ),
        Mistake(
            "calls left out",
            altered(_speedups, call_s=0.0),
            "You counted arithmetic only. Each call costs `call_s` on top.",
        ),
        Mistake(
            "upside down",
            lambda **given: tuple(1 / one for one in _speedups(**given)),
            "Those are shares of the plain time. A speed-up is the plain time over the new one.",
        ),
        Mistake(
            "another order",
            lambda **given: _speedups(**given)[1::-1] + _speedups(**given)[2:],
            "Your first two are swapped: machine first, then algorithm.",
        ),
        Mistake(
            "small batches alone",
            lambda **given: (_speedups(**given)[0], *_speedups(**given)[2:] * 2),
            "Your second value hands over small batches. The algorithm way alone makes one call a visit.",
        ),
    ),
    hints=(
        "How many calls does each of the four ways make?",
        "Write one helper: seconds for some visits in batches of some size, as arithmetic plus calls. The plain way "
        "has a batch of 1.",
        "time_s = lambda seen, batch: seen * flop_per_visit / flop_per_s + seen / batch * call_s; then divide "
        "time_s(visits, 1) by each of the three.",
    ),
    points=3,
    minutes=6,
    difficulty="stretch",
)

NEEDS = Needs(packages=("scipy.stats",))
TASKS = (
    HALVING_MONTHS,
    AUDIT_ORDERS,
    FITTED_HALVING,
    SYSTEMS_GAP,
    TOTAL_USE,
    ELASTICITY_NEEDED,
    FIRST_DIMENSION,
    JOINT_SPEEDUP,
)
