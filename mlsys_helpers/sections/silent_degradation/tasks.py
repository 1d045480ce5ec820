"""The eight tasks of section 1.5, each with the mistakes that people make in it."""

from functools import partial

import numpy as np
from scipy import stats

from mlsys_helpers.exercise.mistakes import altered, scaled
from mlsys_helpers.exercise.task import Case, Mistake, Needs, Task
from mlsys_helpers.kit.seeds import log_uniform
from mlsys_helpers.sections.silent_degradation import model

# 1. Misses


def _extra_misses(frames_per_s, present_share, accuracy_before, accuracy_after):
    missed = model.misses_per_hour(frames_per_s, np.array([1 - accuracy_before, 1 - accuracy_after]), present_share)
    return float(missed[1] - missed[0])


def _misses_cases(rng) -> list[Case]:
    before = round(rng.uniform(0.93, 0.985), 3)
    given = {
        "frames_per_s": int(rng.integers(8, 31)),
        "present_share": round(rng.uniform(0.05, 0.4), 2),
        "accuracy_before": before,
        "accuracy_after": round(before - rng.uniform(0.02, 0.12), 3),
    }
    return [Case("your car", given)]


EXTRA_MISSES = Task(
    name="silent_degradation.extra_misses",
    title="What a few points cost in an hour",
    reference=_extra_misses,
    cases=_misses_cases,
    by_value=True,
    rtol=0.005,
    mistakes=(
        Mistake(
            "every frame shows somebody",
            altered(_extra_misses, present_share=1.0),
            "That is as if somebody stood in every frame; only `present_share` of them show a pedestrian.",
        ),
        Mistake(
            "all misses for the added ones",
            altered(_extra_misses, accuracy_before=1.0),
            "Those are all the misses after the decline; asked is how many more than before.",
        ),
        Mistake(
            "a minute for an hour",
            scaled(_extra_misses, 1 / 60),
            "That is for one minute: an hour has 3,600 seconds.",
        ),
        Mistake(
            "percentage points for shares",
            scaled(_extra_misses, 100),
            "A hundred times too many: a decline of one point is a share of 0.01.",
        ),
    ),
    hints=(
        "How many frames of one hour show a pedestrian at all?",
        "Frames an hour, times the share that shows somebody, times the share of those newly missed.",
        "3600 * car.frames_per_s * car.present_share * (car.accuracy_before - car.accuracy_after)",
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 2. The four divergences


def _divergences(now, before, added=model.ADDED, order=1):
    p, q = (model.shares(np.asarray(counts), added) for counts in (now, before)[::order])
    return tuple(float(divergence(p, q)) for divergence in model.DIVERGENCES.values())


def _with_part(place, change):
    def wrong(now, before):
        found = list(_divergences(now, before))
        found[place] = change(now, before, found)
        return tuple(found)

    return wrong


def _distance_of_shares(now, before):
    return float(stats.wasserstein_distance(*(model.shares(np.asarray(counts)) for counts in (now, before))))


def _divergence_cases(rng) -> list[Case]:
    def pair(bins, label="random counts") -> Case:
        now, before = rng.integers(1, 60, (2, bins))
        return Case(label, {"now": now, "before": before})

    start, near, far = 1 + 40 * np.eye(8, dtype=int)[[0, 1, 7]]
    return [
        pair(6),
        Case("no drift at all", {"now": np.array([5, 20, 15]), "before": np.array([5, 20, 15])}),
        Case("a bin that was empty before", {"now": np.array([12, 30, 8]), "before": np.array([20, 30, 0])}),
        Case("nearly everything moved one bin on", {"now": near, "before": start}),
        Case("nearly everything moved seven bins on", {"now": far, "before": start}),
        pair(4),
        pair(10, "ten bins"),
    ]


DIVERGENCES = Task(
    name="silent_degradation.divergences",
    title="Four ways to be far apart",
    reference=_divergences,
    cases=_divergence_cases,
    mistakes=(
        Mistake(
            "no smoothing",
            partial(_divergences, added=0),
            "The half case in every bin is missing: without it one empty bin makes KL and PSI infinite.",
        ),
        Mistake(
            "one case for half a case",
            partial(_divergences, added=1),
            "You added a whole case to every bin; the task says half a case. See how much it moves KL.",
        ),
        Mistake(
            "KL the other way round",
            _with_part(1, lambda now, before, found: _divergences(before, now)[1]),
            "Your KL starts from the old histogram. It is not symmetric: p is what is seen now.",
        ),
        Mistake(
            "total variation without the half",
            _with_part(0, lambda now, before, found: 2 * found[0]),
            "Your total variation is twice as large: what one bin gains another loses, so halve the sum.",
        ),
        Mistake(
            "bits for nats",
            lambda now, before: tuple(np.divide(_divergences(now, before), (1, np.log(2), np.log(2), 1))),
            "Your KL and PSI are in bits. Here logarithms are natural (np.log).",
        ),
        Mistake(
            "PSI as KL",
            _with_part(2, lambda now, before, found: found[1]),
            "Your PSI is KL once more. PSI weighs each logarithm by p - q: KL in both directions, added.",
        ),
        Mistake(
            "total variation for Wasserstein",
            _with_part(3, lambda now, before, found: found[0]),
            "Your last number does not know how far the cases moved. Compare cumulative shares, not single bins.",
        ),
        Mistake(
            "shares for places",
            _with_part(3, lambda now, before, found: _distance_of_shares(now, before)),
            "You gave SciPy the shares as if they were readings. wasserstein_distance takes the places of the bins "
            "first, twice, and then the shares as weights.",
        ),
    ),
    hints=(
        "What do p and q look like once every bin has half a case more and each sums to 1?",
        "Half the sum of |p - q|; the sum of p ln(p/q); the sum of (p - q) ln(p/q); the sum of |cumulative p - q|.",
        "p = (now + 0.5) / (now + 0.5).sum(), q likewise; the last is np.abs(np.cumsum(p - q)).sum().",
    ),
    points=4,
    minutes=8,
    difficulty="standard",
)

# 3. What chance alone gives


def _chance_cases(rng) -> list[Case]:
    def given() -> dict:
        cases = [int(log_uniform(rng, 50, 20_000)) for _ in range(2)]
        return {"bins": int(rng.integers(5, 21)), "now": cases[0], "reference": cases[1]}

    return [
        Case("one bin holds everything", given() | {"bins": 1}),
        Case("ten bins, a hundred cases on either side", {"bins": 10, "now": 100, "reference": 100}),
        Case("a reference so large that its chance hardly counts", given() | {"reference": 10**9}),
        *(Case("random sizes", given()) for _ in range(3)),
        Case("three windows at once, as an array", given() | {"now": np.array([50, 500, 5000])}),
    ]


PSI_BY_CHANCE = Task(
    name="silent_degradation.psi_by_chance",
    title="The PSI of no drift",
    reference=model.psi_without_drift,
    cases=_chance_cases,
    mistakes=(
        Mistake(
            "bins for bins less one",
            altered(model.psi_without_drift, bins=lambda bins: bins + 1),
            "You counted every bin. The shares sum to 1, so one of them is not free: bins - 1.",
        ),
        Mistake(
            "only the window",
            lambda bins, now, reference: model.psi_without_drift(bins, now, 1e15),
            "Only the window's chance is in it; the reference is a sample too.",
        ),
        Mistake(
            "cases pooled",
            lambda bins, now, reference: (bins - 1) / (now + reference),
            "You pooled the cases. The noise of two samples adds: 1/now + 1/reference, not 1/(now + reference).",
        ),
        Mistake(
            "a standard error",
            lambda bins, now, reference: (bins - 1) * np.sqrt(1 / now + 1 / reference),
            "You took a square root. PSI is made of squared differences, so it shrinks with 1/n, not 1/sqrt(n).",
        ),
    ),
    hints=(
        "With one single bin, what can PSI be, whatever the samples?",
        "Free bins, times the noise of the window plus the noise of the reference, each one over its cases.",
        "(bins - 1) * (1 / now + 1 / reference)",
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 4. Fitting lambda


def _fit(divergence, accuracy, slope_sign=-1, multiplier=None):
    found = stats.linregress(divergence, accuracy)
    half = (
        stats.t.ppf(0.975, len(divergence) - 2) if multiplier is None else multiplier(len(divergence))
    ) * found.stderr
    slope = slope_sign * found.slope
    return float(found.intercept), float(slope), float(slope - half), float(slope + half)


def _fit_cases(rng) -> list[Case]:
    def weeks(points, label="a random quarter") -> Case:
        divergence = np.sort(rng.uniform(0, 0.3, points)).round(3)
        accuracy = 0.95 - rng.uniform(0.3, 1.2) * divergence + rng.normal(0, 0.01, points)
        return Case(label, {"divergence": divergence, "accuracy": accuracy.round(3)})

    three = {"divergence": np.array([0.0, 0.1, 0.2]), "accuracy": np.array([0.95, 0.90, 0.83])}
    return [
        weeks(6),
        Case("three points, the fewest that have an interval", three),
        *(weeks(n) for n in (7, 9)),
        weeks(40, "forty days"),
    ]


FIT_LAMBDA = Task(
    name="silent_degradation.fit_lambda",
    title="Lambda and its interval",
    reference=_fit,
    cases=_fit_cases,
    rtol=1e-3,
    mistakes=(
        Mistake(
            "sign kept",
            partial(_fit, slope_sign=1),
            "Your lambda is the slope itself. The equation has a minus in front, so a falling line gives a positive "
            "lambda; turn the interval round with it.",
        ),
        Mistake(
            "ends the wrong way round",
            lambda divergence, accuracy: tuple(_fit(divergence, accuracy)[place] for place in (0, 1, 3, 2)),
            "The ends of your interval have changed places: asked is the lower one first. A minus turns them round.",
        ),
        Mistake(
            "normal for Student",
            partial(_fit, multiplier=lambda points: stats.norm.ppf(0.975)),
            "Your interval uses 1.96. With so few points the spread is estimated too: Student's t.",
        ),
        Mistake(
            "degrees of freedom",
            partial(_fit, multiplier=lambda points: stats.t.ppf(0.975, points - 1)),
            "You took points - 1 degrees of freedom. The line costs two: intercept and slope.",
        ),
        Mistake(
            "standard error for half-width",
            partial(_fit, multiplier=lambda points: 1.0),
            "Your interval reaches one standard error to each side: that holds about two thirds, not 95 %.",
        ),
        Mistake(
            "one-sided quantile",
            partial(_fit, multiplier=lambda points: stats.t.ppf(0.95, points - 2)),
            "Your interval leaves 5 % on each side. For 95 % in all leave 2.5 %: the 0.975 quantile.",
        ),
        Mistake(
            "axes swapped",
            lambda divergence, accuracy: _fit(accuracy, divergence),
            "You regressed divergence on accuracy. Accuracy is what the line predicts: it goes second.",
        ),
    ),
    hints=(
        "Which of the two is the x axis, and which sign does a falling line have?",
        "stats.linregress gives slope, intercept and stderr; the half-width is t(0.975, n - 2) times stderr.",
        "half = stats.t.ppf(0.975, len(divergence) - 2) * found.stderr; return intercept, -slope, -slope - half, ...",
    ),
    points=4,
    minutes=7,
    difficulty="standard",
)

# 5. Months until the floor


def _months_left(accuracy_0, accuracy_now, months_in_service, floor):
    return model.time_until(accuracy_0, floor, (accuracy_0 - accuracy_now) / months_in_service)


def _months_cases(rng) -> list[Case]:
    start = round(rng.uniform(0.84, 0.97), 3)
    lost = rng.uniform(0.03, 0.08)
    given = {
        "accuracy_0": start,
        "accuracy_now": round(start - lost, 3),
        "months_in_service": int(rng.integers(4, 13)),
        "floor": round(start - lost * rng.uniform(0.55, 0.8), 3),
    }
    return [Case("your recommender", given)]


MONTHS_LEFT = Task(
    name="silent_degradation.months_until_floor",
    title="Months until the floor",
    reference=_months_left,
    cases=_months_cases,
    by_value=True,
    rtol=0.005,
    mistakes=(
        Mistake(
            "loss as a share of the start",
            lambda accuracy_0, accuracy_now, months_in_service, floor: (
                (accuracy_0 - floor) / ((1 - accuracy_now / accuracy_0) / months_in_service)
            ),
            "You divided points by a loss relative to the start. Both must be points, or both relative.",
        ),
        Mistake(
            "floor over rate",
            lambda accuracy_0, accuracy_now, months_in_service, floor: (
                floor / ((accuracy_0 - accuracy_now) / months_in_service)
            ),
            "You divided the floor itself by the rate. Only the room above the floor can be lost.",
        ),
        Mistake(
            "from now on",
            lambda accuracy_0, accuracy_now, months_in_service, floor: (
                months_in_service - _months_left(accuracy_0, accuracy_now, months_in_service, floor)
            ),
            "That is how long ago the floor was passed; asked is how long after the start.",
        ),
        Mistake("years for months", scaled(_months_left, 1 / 12), "That is in years; the task asks for months."),
        Mistake("weeks for months", scaled(_months_left, 365.25 / 12 / 7), "That is in weeks; asked are months."),
    ),
    hints=(
        "How many points are lost in one month, if they are lost evenly?",
        "Points above the floor at the start, over points lost a month.",
        "(p.accuracy_0 - p.floor) / ((p.accuracy_0 - p.accuracy_now) / p.months_in_service), with p your product",
    ),
    points=3,
    minutes=4,
    difficulty="standard",
)

# 6. Choosing tau


def _best_tau(drift_per_day, retrain_cost, sensitivity, answers_per_day):
    loss = sensitivity * answers_per_day
    tau = model.best_threshold(drift_per_day, retrain_cost, loss)
    return tau, model.cost_per_time(tau, drift_per_day, retrain_cost, loss)


def _priced(rule):
    """A wrong threshold, priced rightly."""

    def wrong(drift_per_day, retrain_cost, sensitivity, answers_per_day):
        loss = sensitivity * answers_per_day
        tau = rule(drift_per_day, retrain_cost, loss)
        return tau, model.cost_per_time(tau, drift_per_day, retrain_cost, loss)

    return wrong


def _tau_cases(rng) -> list[Case]:
    def product() -> dict:
        return {
            "drift_per_day": log_uniform(rng, 1e-5, 1e-2),
            "retrain_cost": log_uniform(rng, 1e3, 1e6),
            "sensitivity": round(rng.uniform(0.1, 1.5), 2),
            "answers_per_day": log_uniform(rng, 1e3, 1e6),
        }

    plain = {"drift_per_day": 0.0005, "retrain_cost": 10_000, "sensitivity": 0.4, "answers_per_day": 10_000}
    return [
        Case("a round product", plain),
        Case("the same, a hundred times dearer to retrain", plain | {"retrain_cost": 1_000_000}),
        *(Case("a random product", product()) for _ in range(3)),
        Case("three drift rates at once, as an array", product() | {"drift_per_day": np.array([1e-5, 1e-4, 1e-3])}),
    ]


BEST_TAU = Task(
    name="silent_degradation.best_tau",
    title="The best threshold",
    reference=_best_tau,
    cases=_tau_cases,
    mistakes=(
        Mistake(
            "loss counted at tau",
            lambda sensitivity, **given: _best_tau(sensitivity=2 * sensitivity, **given),
            "You charged every day as if divergence stood at tau. It climbs there: on average it is half of tau.",
        ),
        Mistake(
            "two forgotten under the root",
            _priced(lambda drift, cost, loss: np.sqrt(drift * cost / loss)),
            "The bill is right for your tau, but another tau is cheaper. Where are both halves of the bill equal?",
        ),
        Mistake(
            "sensitivity left out",
            altered(_best_tau, sensitivity=1.0),
            "You charged a whole wrong answer for a unit of divergence. Only a share `sensitivity` turns wrong.",
        ),
        Mistake(
            "root forgotten",
            _priced(lambda drift, cost, loss: 2 * drift * cost / loss),
            "That is the square of the best threshold: setting the derivative to zero leaves tau squared.",
        ),
        Mistake(
            "upside down",
            _priced(lambda drift, cost, loss: np.sqrt(loss / (2 * drift * cost))),
            "Your threshold falls when retraining gets dearer. It should rise: turn the fraction over.",
        ),
        Mistake(
            "drift below the line",
            _priced(lambda drift, cost, loss: np.sqrt(2 * cost / (drift * loss))),
            "Your threshold falls when the world drifts faster. Faster drift brings more retrainings, so the best "
            "tau rises.",
        ),
        Mistake(
            "retraining left out of the bill",
            lambda **given: (_best_tau(**given)[0], _best_tau(**given)[1] / 2),
            "The threshold is the best one, but the cost is half: at the best tau both halves of the bill are equal.",
        ),
    ),
    hints=(
        "How many days does one cycle last, and how far above zero is the divergence on average meanwhile?",
        "Cost a day = retrain_cost * drift / tau + sensitivity * answers * tau / 2. Where is it least?",
        "tau = np.sqrt(2 * retrain_cost * drift_per_day / (sensitivity * answers_per_day)); put it into the cost.",
    ),
    points=4,
    minutes=8,
    difficulty="standard",
)

# 7. A parity test


def _skewed(trained, served):
    return np.flatnonzero(~np.isclose(served, trained, rtol=1e-6, atol=0).all(axis=0))


def _skew_cases(rng) -> list[Case]:
    def table() -> np.ndarray:
        return rng.uniform(0.5, 4, (5, 6)).round(3)

    def case(label, change) -> Case:
        trained = table()
        served = trained.copy()
        change(served)
        return Case(label, {"trained": trained, "served": served})

    def fractions(x):
        x[:, 1] /= 100

    def first_row(x):
        x[0, 0] += 1

    def last_row(x):
        x[-1, 3] += 1

    def shuffled(x):
        x[:, 2] = np.roll(x[:, 2], 1)

    def swapped(x):
        x[:, [0, 5]] = x[:, [5, 0]]

    def rounded(x):
        x[:, 1] *= 1 + 1e-12
        x[2, 4] += 1

    small = table() * 1e-9
    doubled = small.copy()
    doubled[:, 4] *= 2
    return [
        case("one column in fractions", fractions),
        case("one value in the last message", last_row),
        case("one value in the first message", first_row),
        case("the right values on the wrong messages", shuffled),
        Case("very small features, one of them doubled", {"trained": small, "served": doubled}),
        case("two columns swapped", swapped),
        case("one value off, and one column off in its last digits only", rounded),
        case("the same pipeline twice", lambda x: None),
    ]


SKEWED = Task(
    name="silent_degradation.skewed_columns",
    title="Catch the skew",
    reference=_skewed,
    cases=_skew_cases,
    mistakes=(
        Mistake(
            "means only",
            lambda trained, served: np.flatnonzero(
                ~np.isclose(served.mean(axis=0), trained.mean(axis=0), rtol=1e-6, atol=0)
            ),
            "You compare averages. Values that land on the wrong message keep their average: compare row by row.",
        ),
        Mistake(
            "first message only",
            lambda trained, served: np.flatnonzero(~np.isclose(served[0], trained[0], rtol=1e-6, atol=0)),
            "You look at the first message only; a skew that needs a rare word shows up later. Use every row.",
        ),
        Mistake(
            "absolute tolerance",
            lambda trained, served: np.flatnonzero(~np.isclose(served, trained).all(axis=0)),
            "Small features pass although they are doubled: np.isclose allows 1e-8 by default. Set atol=0.",
        ),
        Mistake(
            "every row must differ",
            lambda trained, served: np.flatnonzero((~np.isclose(served, trained, rtol=1e-6, atol=0)).all(axis=0)),
            "You report a column only where all its rows differ. One differing message is a skew.",
        ),
        Mistake(
            "last digits count",
            lambda trained, served: np.flatnonzero((served != trained).any(axis=0)),
            "You ask for equal bits. A sum in another order changes the last digits; that is no skew. Allow 1e-6.",
        ),
        Mistake(
            "a mask for numbers",
            lambda trained, served: ~np.isclose(served, trained, rtol=1e-6, atol=0).all(axis=0),
            "You return True or False for every column; asked are the numbers of the columns: np.flatnonzero.",
        ),
        Mistake(
            "rows for columns",
            lambda trained, served: np.flatnonzero(~np.isclose(served, trained, rtol=1e-6, atol=0).all(axis=1)),
            "Those are messages. Columns are the second axis, so ask over the first: all(axis=0).",
        ),
        Mistake(
            "the sound columns",
            lambda trained, served: np.flatnonzero(np.isclose(served, trained, rtol=1e-6, atol=0).all(axis=0)),
            "Those are the columns that agree; asked are the ones that do not.",
        ),
    ),
    hints=(
        "Is one differing value enough to call a column skewed?",
        "np.isclose with rtol=1e-6 and atol=0 compares cell by cell; a sound column is close in all rows.",
        "same = np.isclose(served, trained, rtol=1e-6, atol=0).all(axis=0); return np.flatnonzero(~same)",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 8. Labels to see a fall


def _labels_needed(accuracy_before, accuracy_after, false_alarms, power):
    return model.cases_to_see(accuracy_before, accuracy_after, false_alarms, power)


def _one_variance(accuracy_before, accuracy_after, false_alarms, power):
    errors = stats.norm.isf(false_alarms) + stats.norm.ppf(power)
    return float(accuracy_before * (1 - accuracy_before) * (errors / (accuracy_before - accuracy_after)) ** 2)


def _label_cases(rng) -> list[Case]:
    def audit() -> dict:
        before = round(rng.uniform(0.85, 0.97), 3)
        return {
            "accuracy_before": before,
            "accuracy_after": round(before - rng.uniform(0.01, 0.15), 3),
            "false_alarms": float(rng.choice([0.001, 0.01, 0.02])),
            "power": float(rng.choice([0.8, 0.9, 0.95])),
        }

    chapter = {"accuracy_before": 0.95, "accuracy_after": 0.85, "false_alarms": 0.01, "power": 0.9}
    return [
        Case("the chapter's pedestrians", chapter),
        Case("a single point", chapter | {"accuracy_after": 0.94}),
        *(Case("a random audit", audit()) for _ in range(4)),
    ]


LABELS_NEEDED = Task(
    name="silent_degradation.labels_needed",
    title="Labels to see a fall",
    reference=_labels_needed,
    cases=_label_cases,
    mistakes=(
        Mistake(
            "two-sided",
            altered(_labels_needed, false_alarms=lambda share: share / 2),
            "You split the false alarms over both sides. Only a fall matters: one side, stats.norm.isf(false_alarms).",
        ),
        Mistake(
            "one variance for both",
            _one_variance,
            "You used the old accuracy's spread twice. After the fall errors are more common, so the spread is wider.",
        ),
        Mistake(
            "power left out",
            altered(_labels_needed, power=0.5),
            "Power is missing: so few labels would see the fall only every other time.",
        ),
        Mistake(
            "rounded up",
            lambda **given: float(np.ceil(_labels_needed(**given))),
            "You rounded up, as one should before hiring. Asked is the real number.",
        ),
        Mistake(
            "the wrong tail",
            altered(_labels_needed, power=lambda share: 1 - share),
            "One of your two quantiles is negative, so the errors subtract. Both shares are far out: isf(false_alarms) "
            "and ppf(power) are positive.",
        ),
        Mistake(
            "square forgotten",
            lambda **given: float(np.sqrt(_labels_needed(**given))),
            "That is the square root of it: a fall half as deep takes four times as many labels.",
        ),
    ),
    hints=(
        "How many standard errors of the old accuracy must the alarm limit lie below it?",
        "The fall holds z_a standard errors of the old accuracy and z_b of the new: n = ((z_a s_0 + z_b s_1) / fall)².",
        "z_a = stats.norm.isf(false_alarms), z_b = stats.norm.ppf(power), s = sqrt(a * (1 - a)) for each accuracy a.",
    ),
    points=3,
    minutes=7,
    difficulty="stretch",
)

NEEDS = Needs(packages=("scipy.stats",))
TASKS = (
    EXTRA_MISSES,
    DIVERGENCES,
    PSI_BY_CHANCE,
    FIT_LAMBDA,
    MONTHS_LEFT,
    BEST_TAU,
    SKEWED,
    LABELS_NEEDED,
)
