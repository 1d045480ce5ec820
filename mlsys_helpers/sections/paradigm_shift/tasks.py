"""The seven tasks of section 1.1, each with the mistakes that people make in it."""

import hashlib

import numpy as np

from mlsys_helpers.exercise.mistakes import altered, scaled
from mlsys_helpers.exercise.task import Case, Mistake, Task
from mlsys_helpers.kit.seeds import log_uniform
from mlsys_helpers.sections.paradigm_shift import model

# 1. Digits of a number that no machine holds


def _digit_count(values, bits_per_value):
    return model.digits(model.log10_inputs(values, bits_per_value))


def _digit_cases(rng) -> list[Case]:
    def picture() -> dict:
        return {"values": 3 * int(rng.integers(10, 2000)) ** 2, "bits_per_value": int(rng.choice([4, 8, 10, 12]))}

    return [
        Case("one value of one bit", {"values": 1, "bits_per_value": 1}),
        Case("a photo", {"values": 150_528, "bits_per_value": 8}),
        *(Case("a random picture", picture()) for _ in range(4)),
        Case("three sizes at once, as an array", {"values": np.array([12, 3072, 150_528]), "bits_per_value": 8}),
    ]


DIGIT_COUNT = Task(
    name="paradigm_shift.digit_count",
    title="Digits of a number that no machine holds",
    reference=_digit_count,
    cases=_digit_cases,
    mistakes=(
        Mistake(
            "exponent for digits",
            lambda **given: _digit_count(**given) - 1,
            "That is one too few: 10^2 = 100 has three digits. Digits are the whole part of the exponent, plus one.",
        ),
        Mistake(
            "bits taken for levels",
            lambda values, bits_per_value: np.floor(values * np.log10(bits_per_value)) + 1,
            "You took the bits for the number of levels: b bits make 2 to the power b levels.",
        ),
        Mistake(
            "natural logarithm",
            lambda values, bits_per_value: np.floor(values * bits_per_value * np.log(2)) + 1,
            "That is counted with the natural logarithm; decimal digits need log10.",
        ),
        Mistake(
            "binary digits",
            lambda values, bits_per_value: values * bits_per_value,
            "Those are binary digits, bits. Asked are decimal ones: there are fewer, by the factor log10(2).",
        ),
        Mistake(
            "never rounded",
            model.log10_inputs,
            "That is the exponent itself. A number of digits is whole: its whole part, plus one.",
        ),
        Mistake(
            "one added before cutting",
            lambda **given: model.log10_inputs(**given) + 1,
            "A number of digits is whole: cut the exponent to its whole part before you add one.",
        ),
        Mistake(
            "rounded for cut",
            lambda **given: np.round(model.log10_inputs(**given)) + 1,
            "You rounded the exponent to the nearest whole number, which may be up. Digits count its whole part.",
        ),
    ),
    hints=(
        "How many digits has 1000, and what is its log10?",
        "log10 of 2 to the power k is k times log10(2); digits are its whole part plus one. np.floor takes arrays.",
        "np.floor(values * bits_per_value * np.log10(2)) + 1",
    ),
    points=3,
    minutes=5,
    difficulty="warm-up",
)

# 2. How much a test set reaches


def _coverage(width, height, channels, bits_per_value, tests):
    return model.log10_coverage(tests, model.log10_inputs(width * height * channels, bits_per_value))


def _coverage_cases(rng) -> list[Case]:
    given = {
        "width": int(rng.integers(16, 200)) * 4,
        "height": int(rng.integers(16, 200)) * 4,
        "channels": int(rng.choice([3, 4])),
        "bits_per_value": int(rng.choice([8, 10, 12])),
        "tests": int(rng.integers(20, 900)) * 1000,
    }
    return [Case("your camera", given)]


COVERAGE = Task(
    name="paradigm_shift.coverage",
    title="How much your test set reaches",
    reference=_coverage,
    cases=_coverage_cases,
    by_value=True,
    rtol=1e-8,
    mistakes=(
        Mistake(
            "sign",
            scaled(_coverage, -1),
            "The sign is wrong: a share below 1 has a negative logarithm.",
        ),
        Mistake(
            "the gap for the share",
            lambda width, height, channels, bits_per_value, tests: model.log10_inputs(
                width * height * channels, bits_per_value
            ),
            "That is log10 of the whole input space. Asked is the tested share of it.",
        ),
        Mistake(
            "one test",
            altered(_coverage, tests=1),
            "That is the share that a single picture covers: add log10 of the number of tests.",
        ),
        Mistake(
            "bits taken for levels",
            lambda width, height, channels, bits_per_value, tests: (
                np.log10(tests) - width * height * channels * np.log10(bits_per_value)
            ),
            "You took the bits for the number of levels: b bits make 2 to the power b levels.",
        ),
        Mistake(
            "one channel",
            altered(_coverage, channels=1),
            "That is a picture in grey: every pixel has a value in each channel.",
        ),
        Mistake(
            "natural logarithm",
            scaled(_coverage, float(np.log(10))),
            "That is the natural logarithm; log10 was asked for.",
        ),
        Mistake(
            "binary logarithm",
            scaled(_coverage, float(np.log2(10))),
            "That is the binary logarithm; log10 was asked for.",
        ),
        Mistake(
            "logarithms added",
            lambda tests, **picture: np.log10(tests) - _coverage(tests=1, **picture),
            "You multiplied where a share divides: log10 of tests, less log10 of inputs.",
        ),
    ),
    hints=(
        "A share is tests over inputs: what is the logarithm of a quotient?",
        "log10(tests) less log10(inputs), and log10(inputs) is values x bits x log10(2).",
        "values = camera.width * camera.height * camera.channels; np.log10(camera.tests) - values * ... * np.log10(2)",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 3. What a clean run rules out


def _clean_cases(rng) -> list[Case]:
    def run() -> dict:
        return {"tests": int(log_uniform(rng, 20, 1e5)), "confidence": round(rng.uniform(0.6, 0.94), 3)}

    return [
        Case("a single test", {"tests": 1, "confidence": 0.95}),
        Case("a thousand tests", {"tests": 1000, "confidence": 0.95}),
        *(Case("a random run", run()) for _ in range(4)),
        Case("three runs at once, as an array", {"tests": np.array([10, 300, 50_000]), "confidence": 0.99}),
    ]


CLEAN_RUN = Task(
    name="paradigm_shift.clean_run",
    title="What a clean run rules out",
    reference=model.clean_run_bound,
    cases=_clean_cases,
    mistakes=(
        Mistake(
            "rule of three",
            lambda tests, confidence: 3 / tests,
            "That is the rule of three: near at 95 % and many tests, wrong elsewhere. Asked is the exact bound.",
        ),
        Mistake(
            "confidence for doubt",
            altered(model.clean_run_bound, confidence=lambda level: 1 - level),
            "You used the confidence where the doubt belongs: a clean run must have become as rare as 1 - confidence.",
        ),
        Mistake(
            "chance of a clean run",
            lambda tests, confidence: (1 - confidence) ** (1 / tests),
            "That is the share that works. Asked is the failure rate: one less it.",
        ),
        Mistake(
            "two-sided",
            altered(model.clean_run_bound, confidence=lambda level: (1 + level) / 2),
            "You halved the doubt, as for two sides. After a clean run there is one side only.",
        ),
        Mistake(
            "logarithm without the root",
            lambda tests, confidence: -np.log(1 - confidence) / tests,
            "That is the approximation for many tests; with few of them it may even exceed 1. Solve (1-p)^n exactly.",
        ),
        Mistake(
            "power for root",
            lambda tests, confidence: 1 - (1 - confidence) ** tests,
            "You took the n-th power of the doubt. Undoing the n-th power of 1 - p takes the n-th root.",
        ),
    ),
    hints=(
        "With which probability does a program that fails at rate p pass n tests?",
        "(1 - p)**n equals 1 - confidence at the bound: take the n-th root of both sides.",
        "1 - (1 - confidence) ** (1 / tests)",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 4. How many tests a promise takes


def _needed_cases(rng) -> list[Case]:
    given = {
        "failure_rate": float(f"{log_uniform(rng, 1e-5, 4e-4):.3g}"),
        "confidence": float(rng.choice([0.98, 0.99, 0.995, 0.998])),
    }
    return [Case("your promise", given)]


TESTS_NEEDED = Task(
    name="paradigm_shift.tests_needed",
    title="How many tests your promise takes",
    reference=model.tests_needed,
    cases=_needed_cases,
    by_value=True,
    rtol=5e-4,
    mistakes=(
        Mistake(
            "rule of three",
            lambda failure_rate, confidence: 3 / failure_rate,
            "That is the rule of three, which is for 95 %. Your confidence is another one.",
        ),
        Mistake(
            "confidence for doubt",
            altered(model.tests_needed, confidence=lambda level: 1 - level),
            "You let the run be as likely as the confidence; it must have become as rare as 1 - confidence.",
        ),
        Mistake(
            "one over the rate",
            lambda failure_rate, confidence: 1 / failure_rate,
            "After so many tests one failure is expected on average, but a clean run is still likely (37 %).",
        ),
        Mistake(
            "two logarithms",
            lambda failure_rate, confidence: np.log10(1 - confidence) / np.log1p(-failure_rate),
            "Above the line is a log10, below it a natural logarithm: take the same one twice.",
        ),
        Mistake(
            "two-sided",
            altered(model.tests_needed, confidence=lambda level: (1 + level) / 2),
            "You halved the doubt, as for two sides. After a clean run there is one side only.",
        ),
    ),
    hints=(
        "For which n does (1 - rate)**n fall to 1 - confidence?",
        "Take the logarithm of both sides and divide; then round up to a whole test.",
        "np.ceil(np.log(1 - promise.confidence) / np.log(1 - promise.failure_rate))",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 5. A fingerprint of a data set


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _rows(messages, labels) -> list[str]:
    return [f"{label} {message}" for message, label in zip(messages, labels, strict=True)]


def _whole_fingerprint(messages, labels) -> str:
    return _sha("".join(sorted(map(_sha, _rows(messages, labels)))))


def _fingerprint(messages, labels) -> str:
    return _whole_fingerprint(messages, labels)[:12]


WORDS = ("meeting", "free", "money", "report", "lunch", "click", "invoice", "win", "budget", "now")


def _fingerprint_cases(rng) -> list[Case]:
    def box(size: int) -> dict:
        messages = [" ".join(rng.choice(WORDS, 3).tolist()) for _ in range(size)]
        return {"messages": messages, "labels": rng.integers(0, 2, size).tolist()}

    twins = box(3)
    twice = {"messages": twins["messages"] * 2, "labels": twins["labels"] * 2}
    backwards = {name: column[::-1] for name, column in twins.items()}
    turned = twins | {"labels": [1 - label for label in twins["labels"]]}
    return [
        Case("no message at all", {"messages": [], "labels": []}),
        Case("three messages", twins),
        Case("the same in another order", backwards),
        Case("the same messages, each held twice", twice),
        Case("the same messages, labels turned", turned),
        *(Case("random messages", box(8)) for _ in range(3)),
    ]


FINGERPRINT = Task(
    name="paradigm_shift.fingerprint",
    title="A fingerprint for a data set",
    reference=_fingerprint,
    cases=_fingerprint_cases,
    mistakes=(
        Mistake(
            "order kept",
            lambda **given: _sha("".join(map(_sha, _rows(**given))))[:12],
            "Your fingerprint changes with the order of the messages: sort the hashes before you join them.",
        ),
        Mistake(
            "labels left out",
            lambda messages, labels: _sha("".join(sorted(map(_sha, messages))))[:12],
            "Your fingerprint does not see the labels. They are half of the source code.",
        ),
        Mistake(
            "twins dropped",
            lambda **given: _sha("".join(sorted(set(map(_sha, _rows(**given))))))[:12],
            "A message held twice counts for one in yours, yet it weighs double in training: no set, a list.",
        ),
        Mistake(
            "pairs torn apart",
            lambda messages, labels: _fingerprint(sorted(messages), sorted(labels)),
            "You sorted messages and labels each on their own: which label belongs to which message is lost.",
        ),
        Mistake(
            "rows not hashed",
            lambda **given: _sha("".join(sorted(_rows(**given))))[:12],
            "You joined the texts themselves. Without hashing each first, nobody can tell where one message ends.",
        ),
        Mistake(
            "not cut",
            _whole_fingerprint,
            "All 64 digits came back; the task asks for the first twelve.",
        ),
        Mistake(
            "message first",
            lambda messages, labels: _fingerprint(labels, messages),
            "You put the message before its label. That is as good a fingerprint, but another: the label comes first.",
        ),
        Mistake(
            "texts sorted",
            lambda **given: _sha("".join(map(_sha, sorted(_rows(**given)))))[:12],
            "You sorted the texts, then hashed them. That is blind to order too, but the task sorts the hashes.",
        ),
    ),
    hints=(
        "If two people load the same messages in another order, at which step do they become equal again?",
        "A hash for each label and message together, the hashes sorted, joined, and hashed once more.",
        'hashes = sorted(sha(f"{label} {message}") for message, label in zip(messages, labels)); then sha of the join.',
    ),
    points=4,
    minutes=8,
    difficulty="standard",
)

# 6. A behavioural regression test


def _broken(before, after, truth):
    return model.change(before, after, truth).broken


def _verdict_cases(rng) -> list[Case]:
    def verdicts(size: int) -> dict:
        truth = rng.integers(0, 2, size)
        return {name: np.where(rng.random(size) < 0.3, 1 - truth, truth) for name in ("before", "after")} | {
            "truth": truth
        }

    right = verdicts(6)["truth"]
    one_of_each = {
        "before": np.array([1, 1, 0, 0, 1, 0]),
        "after": np.array([1, 0, 1, 0, 0, 1]),
        "truth": np.array([1, 1, 1, 1, 0, 0]),
    }
    return [
        Case("nothing changed", {"before": right, "after": right, "truth": right}),
        Case("one of every kind", one_of_each),
        Case("everything broken", {"before": right, "after": 1 - right, "truth": right}),
        *(Case("random verdicts", verdicts(20)) for _ in range(4)),
    ]


BROKEN = Task(
    name="paradigm_shift.newly_wrong",
    title="A behavioural regression test",
    reference=_broken,
    cases=_verdict_cases,
    mistakes=(
        Mistake(
            "every flip",
            lambda before, after, truth: np.flatnonzero(before != after),
            "Those are all messages that changed sides. Some of them changed from wrong to right.",
        ),
        Mistake(
            "everything wrong now",
            lambda before, after, truth: np.flatnonzero(after != truth),
            "Those are all that are wrong now. Some were wrong before, so the new program did not break them.",
        ),
        Mistake(
            "mended for broken",
            lambda before, after, truth: np.flatnonzero((before != truth) & (after == truth)),
            "Those were wrong and are right now. Asked is the other direction.",
        ),
        Mistake(
            "a count for the places",
            lambda before, after, truth: int(((before == truth) & (after != truth)).sum()),
            "That is how many there are. Whoever must look at them needs their places in the list.",
        ),
        Mistake(
            "a mask for the places",
            lambda before, after, truth: (before == truth) & (after != truth),
            "That says True or False of every message. Asked are the places that are True: np.flatnonzero finds them.",
        ),
        Mistake(
            "a tuple for the places",
            lambda before, after, truth: np.nonzero((before == truth) & (after != truth)),
            "np.where and np.nonzero give a tuple, one array for each axis. Take its first, or use np.flatnonzero.",
        ),
    ),
    hints=(
        "Two things must be true of a message that broke. Which?",
        "Right before and wrong now: two comparisons with `truth`, joined by &. np.flatnonzero gives the places.",
        "np.flatnonzero((before == truth) & (after != truth))",
    ),
    points=3,
    minutes=5,
    difficulty="warm-up",
)

# 7. A proxy kept honest


def _estimate_now(searches, reports, window):
    lag = len(searches) - len(reports)
    return float(searches[-1] * model.lagged_scale(searches, np.append(reports, np.zeros(lag)), lag, window)[-1])


def _proxy_cases(rng) -> list[Case]:
    def weeks(known: int, lag: int, window: int) -> dict:
        reports = rng.uniform(1, 6, known).round(2)
        searches = np.append(reports, rng.uniform(1, 6, lag)) * np.linspace(2, 5, known + lag)
        return {"searches": searches.round(2), "reports": reports, "window": window}

    return [
        Case("one report only", weeks(known=1, lag=2, window=1)),
        Case("a window longer than the past", weeks(known=5, lag=2, window=50)),
        Case("the last report only", weeks(known=12, lag=1, window=1)),
        *(Case("random weeks", weeks(int(rng.integers(10, 30)), int(rng.integers(1, 4)), 6)) for _ in range(4)),
    ]


ESTIMATE_NOW = Task(
    name="paradigm_shift.estimate_now",
    title="A proxy kept honest",
    reference=_estimate_now,
    cases=_proxy_cases,
    mistakes=(
        Mistake(
            "weeks misaligned",
            lambda searches, reports, window: float(
                searches[-1] * np.sum(reports[-window:]) / np.sum(searches[-window:])
            ),
            "You set reports against the searches of other weeks: reports lag, so their weeks end earlier.",
        ),
        Mistake(
            "the whole past",
            lambda searches, reports, window: float(searches[-1] * np.sum(reports) / np.sum(searches[: len(reports)])),
            "You used the whole past. Old weeks tell of a world in which a search meant something else.",
        ),
        Mistake(
            "searches for each visit",
            lambda searches, reports, window: float(
                searches[-1] * np.sum(searches[: len(reports)][-window:]) / np.sum(reports[-window:])
            ),
            "The scale is upside down: visits for each search, times the searches of this week.",
        ),
        Mistake(
            "the scale alone",
            lambda searches, reports, window: float(
                np.sum(reports[-window:]) / np.sum(searches[: len(reports)][-window:])
            ),
            "That is the scale, visits for each search. Multiply it by the searches of this week.",
        ),
        Mistake(
            "mean of ratios",
            lambda searches, reports, window: float(
                searches[-1] * np.mean(reports[-window:] / searches[: len(reports)][-window:])
            ),
            "You averaged the weekly ratios, so a quiet, noisy week counts as much as a busy one: divide sum by sum.",
        ),
        Mistake(
            "last reported week",
            lambda searches, reports, window: float(
                searches[len(reports) - 1] * np.sum(reports[-window:]) / np.sum(searches[: len(reports)][-window:])
            ),
            "That is an estimate for the week of the last report. Asked is this week, the last one with searches.",
        ),
    ),
    hints=(
        "Which searches belong to the same weeks as the reports?",
        "searches[: len(reports)] are those weeks; keep the last `window` of both, divide the sums, scale this week's.",
        "same_weeks = searches[: len(reports)][-window:]; then searches[-1] * np.sum(reports[-window:]) / np.sum(...)",
    ),
    points=4,
    minutes=8,
    difficulty="stretch",
)

TASKS = (DIGIT_COUNT, COVERAGE, CLEAN_RUN, TESTS_NEEDED, FINGERPRINT, BROKEN, ESTIMATE_NOW)
