"""The eight tasks of section 1.2, each with the mistakes that people make in it."""

from itertools import combinations

import numpy as np

from mlsys_helpers.exercise.mistakes import altered, scaled
from mlsys_helpers.exercise.task import Case, Mistake, Task
from mlsys_helpers.kit.units import KILO, MEGA, MIB
from mlsys_helpers.sections.paradigm_history import alexnet, model

# 1. Two certainties


def _certainty(rng, low=-0.95, high=0.95) -> float:
    return round(float(rng.uniform(low, high)), 2)


def _combine_cases(rng) -> list[Case]:
    def two(a, b) -> dict:
        return {"a": a, "b": b}

    return [
        Case("no evidence yet", two(0.0, _certainty(rng))),
        Case("one rule is certain", two(1.0, _certainty(rng))),
        Case("two for", two(_certainty(rng, 0.3), _certainty(rng, 0.3))),
        Case("two against", two(_certainty(rng, -0.9, -0.3), _certainty(rng, -0.9, -0.3))),
        Case("one for, one against", two(_certainty(rng, 0.5), _certainty(rng, -0.4, -0.1))),
        *(Case("random evidence", two(_certainty(rng), _certainty(rng))) for _ in range(3)),
    ]


COMBINE = Task(
    name="paradigm_history.combine",
    title="Two certainties together",
    reference=lambda a, b: model.combine(a, b),
    cases=_combine_cases,
    mistakes=(
        Mistake(
            "plain sum",
            lambda a, b: a + b,
            "You added the certainties: two strong rules would then be more than certain.",
        ),
        Mistake(
            "product",
            lambda a, b: a * b,
            "You multiplied, as if both rules had to hold. Each of them is evidence for the same thing.",
        ),
        Mistake(
            "the formula of two positives for all",
            lambda a, b: a + b * (1 - a),
            "a + b(1 - a) is for two positives. Two negatives mirror it, and one of each has a formula of its own.",
        ),
        Mistake(
            "two negatives not mirrored",
            lambda a, b: a + b * (1 - a) if a < 0 and b < 0 else model.combine(a, b),
            "Right but for two negatives. The mirror image of a + b(1 - a) is a + b(1 + a): it never passes -1.",
        ),
        Mistake(
            "signs left in the minimum",
            lambda a, b: (a + b) / (1 - min(a, b)) if a * b < 0 else model.combine(a, b),
            "In the mixed case take the smaller of the sizes, without signs: min(|a|, |b|).",
        ),
        Mistake(
            "mixed evidence added",
            lambda a, b: a + b if a * b < 0 else model.combine(a, b),
            "Right where both point the same way. One for and one against is divided by 1 - min(|a|, |b|); otherwise "
            "the order in which evidence comes would matter.",
        ),
        Mistake(
            "the larger one",
            lambda a, b: max(a, b, key=abs),
            "You keep the stronger evidence and forget the weaker: it should move the answer a little.",
        ),
    ),
    hints=(
        "How much does the first rule leave open, and which share of that does the second close?",
        "Three cases, by the signs: both at least 0, both at most 0 (the mirror image), and one of each.",
        "a + b * (1 - a);  a + b * (1 + a);  (a + b) / (1 - min(abs(a), abs(b)))",
    ),
    points=3,
    minutes=5,
    difficulty="warm-up",
)

# 2. Rules that disagree

Rule = tuple[dict[str, str], str]


def _agree(a: Rule, b: Rule) -> bool:
    return all(b[0].get(name, value) == value for name, value in a[0].items())


def _conflicts(rules: list[Rule]) -> int:
    return sum(_agree(a, b) and a[1] != b[1] for a, b in combinations(rules, 2))


def _random_rules(rng, count: int) -> list[Rule]:
    def rule() -> Rule:
        asked = rng.choice(["gram", "shape", "air", "site"], int(rng.integers(1, 4)), replace=False)
        return {str(name): str(rng.choice(["yes", "no"])) for name in asked}, str(rng.choice(["A", "B", "C"]))

    return [rule() for _ in range(count)]


def _conflict_cases(rng) -> list[Case]:
    negative, positive = ({"gram": "no"}, "A"), ({"gram": "yes"}, "B")
    apart, alike = ({"air": "yes"}, "B"), ({"site": "yes"}, "A")
    return [
        Case("a single rule", {"rules": [negative]}),
        Case("two that can never fire together", {"rules": [negative, positive]}),
        Case("two that ask different things", {"rules": [negative, apart]}),
        Case("two that agree, and one that does not", {"rules": [negative, alike, apart]}),
        *(Case("a random rule base", {"rules": _random_rules(rng, 9)}) for _ in range(4)),
    ]


CONFLICTS = Task(
    name="paradigm_history.conflicts",
    title="Rules that disagree",
    reference=_conflicts,
    cases=_conflict_cases,
    mistakes=(
        Mistake(
            "all pairs",
            lambda rules: len(rules) * (len(rules) - 1) // 2,
            "That is every pair there is. Count those that can fire on one case and conclude different things.",
        ),
        Mistake(
            "each pair twice",
            lambda rules: 2 * _conflicts(rules),
            "You met each pair twice, as (a, b) and as (b, a).",
        ),
        Mistake(
            "premises not asked",
            lambda rules: sum(a[1] != b[1] for a, b in combinations(rules, 2)),
            "You counted pairs that can never fire together: their premises want different values of the same thing.",
        ),
        Mistake(
            "same conclusion counted",
            lambda rules: sum(_agree(a, b) for a, b in combinations(rules, 2)),
            "Two rules that conclude the same support each other. Only different conclusions are in conflict.",
        ),
        Mistake(
            "silence taken for a difference",
            lambda rules: sum(
                a[1] != b[1] and all(b[0].get(name) == value for name, value in a[0].items())
                for a, b in combinations(rules, 2)
            ),
            "A rule that does not mention a name does not mind its value, so the name keeps no two rules apart.",
        ),
        Mistake(
            "only rules that share a premise",
            lambda rules: sum(
                _agree(a, b) and a[1] != b[1] and bool(a[0].keys() & b[0].keys()) for a, b in combinations(rules, 2)
            ),
            "Rules that ask about different things can both fire on one case, so such pairs count too.",
        ),
    ),
    hints=(
        "When can two rules both be right about the premises of one case?",
        "When no name that both mention has two values. itertools.combinations(rules, 2) meets each pair once.",
        "all(second[name] == value for name, value in first.items() if name in second), and conclusions that differ",
    ),
    points=3,
    minutes=7,
    difficulty="stretch",
)

# 3. What a word says


def _log_odds(spam_with, spam, ham_with, ham):
    return model.log_odds(spam_with, spam, ham_with, ham)


def _share_logs(spam_with, spam, ham_with, ham, more=1.0, most=2.0):
    with np.errstate(divide="ignore"):
        return np.log((spam_with + more) / (spam + most)) - np.log((ham_with + more) / (ham + most))


def _word_cases(rng) -> list[Case]:
    def word(**fixed) -> dict:
        spam, ham = int(rng.integers(60, 900)), int(rng.integers(60, 900))
        drawn = {"spam_with": int(rng.integers(1, spam)), "spam": spam, "ham_with": int(rng.integers(1, ham))}
        return drawn | {"ham": ham} | fixed

    return [
        Case("as common in both", {"spam_with": 9, "spam": 100, "ham_with": 9, "ham": 100}),
        Case("a word never seen in good mail, and one that was", word(ham_with=np.array([0, 7]))),
        *(Case("a random word", word()) for _ in range(4)),
        Case("three words at once, as an array", word(spam_with=np.array([1, 20, 50]), ham_with=np.array([40, 20, 2]))),
    ]


LOG_ODDS = Task(
    name="paradigm_history.log_odds",
    title="What a word says about a message",
    reference=_log_odds,
    cases=_word_cases,
    mistakes=(
        Mistake(
            "counts for shares",
            lambda spam_with, spam, ham_with, ham: np.log((spam_with + 1) / (ham_with + 1)),
            "You compared counts. With three times as much spam in the box every word would look guilty: take shares.",
        ),
        Mistake(
            "no smoothing",
            lambda spam_with, spam, ham_with, ham: _share_logs(spam_with, spam, ham_with, ham, 0.0, 0.0),
            "A word never seen in one class would decide alone, with an infinite weight: add 1 and 2.",
        ),
        Mistake(
            "one below the line",
            lambda spam_with, spam, ham_with, ham: _share_logs(spam_with, spam, ham_with, ham, 1.0, 1.0),
            "Two messages are imagined in each class, one with the word and one without: add 2 below the line.",
        ),
        Mistake("logarithm to base 2", scaled(_log_odds, 1 / np.log(2)), "That is in bits; use the natural logarithm."),
        Mistake(
            "logarithm to base 10",
            scaled(_log_odds, 1 / np.log(10)),
            "That is a logarithm to base 10; use the natural one, np.log.",
        ),
        Mistake(
            "class sizes added",
            lambda spam, ham, **given: _log_odds(spam=spam, ham=ham, **given) + np.log(spam / ham),
            "You added ln(spam / ham), what is known before any word. Asked is what the word alone adds.",
        ),
        Mistake(
            "upside down",
            scaled(_log_odds, -1),
            "The sign is turned: positive must speak for spam.",
        ),
        Mistake(
            "odds without logarithm",
            lambda **given: np.exp(_log_odds(**given)),
            "That is the ratio of the shares. Take its logarithm, so that words can be added.",
        ),
    ),
    hints=(
        "In what share of spam does the word occur, and in what share of good mail?",
        "Share, smoothed: (messages with the word + 1) / (messages + 2), once for each class; then ln of the ratio.",
        "np.log((spam_with + 1) / (spam + 2)) - np.log(...)",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 4. The integral image


def _image(rng, height=8, width=8) -> np.ndarray:
    return rng.integers(0, 17, size=(height, width))


def _image_cases(rng) -> list[Case]:
    dot = np.zeros((4, 4), int)
    dot[1, 2] = 5
    return [
        Case("an empty page", {"image": np.zeros((3, 3), int)}),
        Case("a single dot", {"image": dot}),
        *(Case("a random image", {"image": _image(rng)}) for _ in range(3)),
        Case("wider than high", {"image": _image(rng, 3, 6)}),
    ]


INTEGRAL_IMAGE = Task(
    name="paradigm_history.integral_image",
    title="A table of running sums",
    reference=model.integral_image,
    cases=_image_cases,
    mistakes=(
        Mistake(
            "no border of zeros",
            lambda image: image.cumsum(axis=0).cumsum(axis=1),
            "The sums are right, but the first row and column of zeros are missing, so rectangles at the edge break.",
        ),
        Mistake(
            "border at the end",
            lambda image: np.pad(image.cumsum(axis=0).cumsum(axis=1), [(0, 1), (0, 1)]),
            "The zeros belong above and to the left: an empty rectangle begins at 0, it does not end there.",
        ),
        Mistake(
            "border at the end, summed",
            lambda image: np.pad(image, [(0, 1), (0, 1)]).cumsum(axis=0).cumsum(axis=1),
            "The zeros belong above and to the left; yours came below and to the right, and were summed over.",
        ),
        Mistake(
            "one direction only",
            lambda image: np.pad(image, [(1, 0), (1, 0)]).cumsum(axis=1),
            "You ran along each row only. Each entry is the sum of all pixels above *and* to the left.",
        ),
        Mistake(
            "down only",
            lambda image: np.pad(image, [(1, 0), (1, 0)]).cumsum(axis=0),
            "You ran down each column only. Each entry is the sum of all pixels above *and* to the left.",
        ),
        Mistake(
            "one long row",
            lambda image: np.pad(image.cumsum().reshape(image.shape), [(1, 0), (1, 0)]),
            "Without an axis, cumsum runs through the image as one long row. Do one direction, then the other.",
        ),
    ),
    hints=(
        "If the running sums of each row are known, what is left to do?",
        "np.cumsum along one axis, then along the other; np.pad puts zeros above and to the left.",
        "np.pad(image, [(1, 0), (1, 0)]).cumsum(axis=...).cumsum(axis=...)",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 5. Four look-ups


def _rectangle_cases(rng) -> list[Case]:
    def rectangle(**fixed) -> dict:
        top, left = (int(x) for x in rng.integers(1, 4, 2))
        bottom, right = (int(x) for x in rng.integers(5, 8, 2))
        made = {"integral": model.integral_image(1 + _image(rng)), "top": top, "left": left}
        return made | {"bottom": bottom, "right": right} | fixed

    return [
        Case("the whole image", rectangle(top=0, left=0, bottom=8, right=8)),
        Case("a rectangle of no height", rectangle(top=4, bottom=4)),
        Case("a single pixel", rectangle(top=2, left=5, bottom=3, right=6)),
        *(Case("a random rectangle", rectangle()) for _ in range(4)),
    ]


RECTANGLE_SUM = Task(
    name="paradigm_history.rectangle_sum",
    title="Any rectangle in four look-ups",
    reference=model.rectangle_sum,
    cases=_rectangle_cases,
    mistakes=(
        Mistake(
            "corner taken away twice",
            lambda integral, top, left, bottom, right: (
                integral[bottom, right] - integral[top, right] - integral[bottom, left]
            ),
            "What lies above and to the left was taken away twice: put it back once.",
        ),
        Mistake(
            "corner taken away three times",
            lambda integral, top, left, bottom, right: (
                model.rectangle_sum(integral, top, left, bottom, right) - 2 * integral[top, left]
            ),
            "The upper left corner went with both strips already. Add it, do not take it away again.",
        ),
        Mistake(
            "two corners",
            lambda integral, top, left, bottom, right: integral[bottom, right] - integral[top, left],
            "Two corners are too few: the strips above and to the left are still in.",
        ),
        Mistake(
            "one index too small",
            lambda integral, top, left, bottom, right: model.rectangle_sum(
                integral, top - 1, left - 1, bottom - 1, right - 1
            ),
            "You read one row and column too early: with its zeros the table needs no correction of the indices.",
        ),
        Mistake(
            "rows and columns exchanged",
            lambda integral, top, left, bottom, right: model.rectangle_sum(integral, left, top, right, bottom),
            "Rows and columns are exchanged: integral[row, column], and top and bottom are rows.",
        ),
    ),
    hints=(
        "The entry at the lower right corner holds too much. Which two strips must go?",
        "Take away what is above and what is to the left; a corner then went twice.",
        "integral[bottom, right] - integral[top, right] - integral[bottom, left] + ...",
    ),
    points=2,
    minutes=4,
    difficulty="standard",
)

# 6. Parameters of a layer


def _layer_parameters(kernel, inputs, outputs, groups, side):
    return float(alexnet.Layer("yours", inputs, outputs, kernel, side, groups).parameters)


def _layer_cases(rng) -> list[Case]:
    given = {
        "kernel": int(rng.choice([3, 5, 7, 11])),
        "inputs": 16 * int(rng.integers(3, 33)),
        "outputs": 16 * int(rng.integers(3, 33)),
        "groups": int(rng.choice([2, 4])),
        "side": int(rng.choice([13, 27, 55])),
    }
    return [Case("your layer", given)]


LAYER_PARAMETERS = Task(
    name="paradigm_history.layer_parameters",
    title="Parameters of a cut layer",
    reference=_layer_parameters,
    cases=_layer_cases,
    by_value=True,
    mistakes=(
        Mistake(
            "groups forgotten",
            altered(_layer_parameters, groups=1),
            "That is the uncut layer. Here each kernel sees only its own group's share of the inputs.",
        ),
        Mistake(
            "bias forgotten",
            lambda outputs, **given: _layer_parameters(outputs=outputs, **given) - outputs,
            "The weights are right; each output also has a bias.",
        ),
        Mistake(
            "outputs divided too",
            lambda outputs, groups, **given: (
                (_layer_parameters(outputs=outputs, groups=groups, **given) - outputs) / groups + outputs
            ),
            "You divided inputs and outputs by the groups. All outputs exist; each only sees fewer inputs.",
        ),
        Mistake(
            "kernel not squared",
            lambda kernel, inputs, outputs, groups, side: kernel * inputs / groups * outputs + outputs,
            "A kernel is as high as it is wide: its side counts twice.",
        ),
        Mistake(
            "positions counted",
            lambda side, **given: side**2 * _layer_parameters(side=side, **given),
            "You counted each position of the output. The same weights are used at all of them.",
        ),
        Mistake(
            "multiply-adds for parameters",
            lambda side, outputs, **given: side**2 * (_layer_parameters(side=side, outputs=outputs, **given) - outputs),
            "Those are multiply-adds: each weight, at each position. Parameters are kept once, and there are biases.",
        ),
        Mistake(
            "one output for all",
            lambda outputs, **given: _layer_parameters(outputs=outputs, **given) / outputs,
            "That is one output, with its bias. The layer has many.",
        ),
        Mistake(
            "weights of one output",
            lambda outputs, **given: _layer_parameters(outputs=outputs, **given) / outputs - 1,
            "Those are the weights of one output. Add its bias, and count all outputs.",
        ),
    ),
    hints=(
        "How many numbers does one kernel hold, if it sees only its own group's inputs?",
        "kernel x kernel x inputs / groups weights, and one bias, for each output. The side of the output is a decoy.",
        "(layer.kernel**2 * layer.inputs / layer.groups + 1) * layer.outputs",
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 7. Memory of training


def _training_mb(params, kept_per_image, batch, cards):
    """MB on each card: weights, gradients and momentum; activations and their gradients; 4 bytes each."""
    return 4 * (3 * params + 2 * kept_per_image * batch) / cards / MEGA


def _memory_cases(rng) -> list[Case]:
    given = {
        "params": int(rng.integers(400, 600)) * 100_000,
        "kept_per_image": int(rng.integers(110, 180)) * 10_000,
        "batch": int(rng.integers(8, 21)) * 8,
        "cards": int(rng.choice([2, 4])),
    }
    return [Case("your network", given)]


TRAINING_MEMORY = Task(
    name="paradigm_history.training_memory_mb",
    title="What training keeps on each card",
    reference=_training_mb,
    cases=_memory_cases,
    by_value=True,
    rtol=0.005,
    mistakes=(
        Mistake(
            "MiB for MB",
            scaled(_training_mb, MEGA / MIB),
            "That is in MiB, 1024 x 1024 bytes. An MB is 1e6 bytes.",
        ),
        Mistake(
            "activations without gradients",
            lambda params, kept_per_image, batch, cards: _training_mb(params, kept_per_image / 2, batch, cards),
            "Every activation gets a gradient of its own size on the way back.",
        ),
        Mistake(
            "momentum forgotten",
            lambda params, **given: _training_mb(params=params * 2 / 3, **given),
            "A weight has a gradient and a momentum beside it: three numbers, not two.",
        ),
        Mistake(
            "one image for all",
            altered(_training_mb, batch=1),
            "That is one image: all images of the batch are kept until the backward pass.",
        ),
        Mistake(
            "one card for all", altered(_training_mb, cards=1), "That is all of it; each card holds its part only."
        ),
        Mistake(
            "activations not divided",
            lambda params, kept_per_image, batch, cards: _training_mb(params, kept_per_image * cards, batch, cards),
            "You divided the weights among the cards but not the activations.",
        ),
        Mistake(
            "weights not divided",
            lambda params, cards, **given: _training_mb(params=params * cards, cards=cards, **given),
            "You divided the activations among the cards but not what belongs to the weights.",
        ),
        Mistake("numbers for bytes", scaled(_training_mb, 1 / 4), "That counts numbers. Each takes 4 bytes."),
        Mistake("GB for MB", scaled(_training_mb, 1 / KILO), "That is in GB; the task asks for MB."),
        Mistake("bytes for MB", scaled(_training_mb, MEGA), "That is in bytes; the task asks for MB."),
    ),
    hints=(
        "Which numbers are kept for each weight, and which for each activation?",
        "Three for a weight (itself, gradient, momentum), two for an activation of each image. Four bytes a number.",
        "4 * (3 * net.params + 2 * net.kept_per_image * net.batch) / net.cards, then to MB",
    ),
    points=4,
    minutes=8,
    difficulty="stretch",
)

# 8. 6ND


def _zettaflop(params_billion, tokens_billion):
    return model.training_flop(params_billion * 1e9, tokens_billion * 1e9) / 1e21


def _zetta_cases(rng) -> list[Case]:
    given = {
        "params_billion": round(float(rng.uniform(2, 400)), 1),
        "tokens_billion": int(rng.integers(200, 3000)),
    }
    return [Case("your model", given)]


ZETTAFLOP = Task(
    name="paradigm_history.zettaflop",
    title="Six times N times D",
    reference=_zettaflop,
    cases=_zetta_cases,
    by_value=True,
    rtol=0.005,
    mistakes=(
        Mistake("forward only", scaled(_zettaflop, 1 / 3), "That is the forward pass, 2 FLOP. Backward costs 4 more."),
        Mistake("MAC for FLOP", scaled(_zettaflop, 1 / 2), "You counted multiply-adds: each is 2 FLOP."),
        Mistake(
            "missing factor of 6", scaled(_zettaflop, 1 / 6), "That is parameters times tokens. Each pair costs 6 FLOP."
        ),
        Mistake("FLOP for zettaFLOP", scaled(_zettaflop, 1e21), "That is in FLOP. A zettaFLOP is 1e21 of them."),
        Mistake("exa for zetta", scaled(_zettaflop, KILO), "That is in exaFLOP, 1e18. A zettaFLOP is 1e21."),
        Mistake(
            "billions left out", scaled(_zettaflop, 1e-9), "Both numbers are in billions, so a factor of 1e9 each."
        ),
    ),
    hints=(
        "How many FLOP does one parameter do for one token, forward and backward?",
        "6 x parameters x tokens, with both as plain numbers, over 1e21.",
        "6 * run.params_billion * 1e9 * run.tokens_billion * 1e9 / 1e21",
    ),
    points=2,
    minutes=3,
    difficulty="warm-up",
)

TASKS = (
    COMBINE,
    CONFLICTS,
    LOG_ODDS,
    INTEGRAL_IMAGE,
    RECTANGLE_SUM,
    LAYER_PARAMETERS,
    TRAINING_MEMORY,
    ZETTAFLOP,
)
