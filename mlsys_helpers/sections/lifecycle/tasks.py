"""The nine tasks of section 1.9, each with the mistakes that people make in it."""

import numpy as np

from mlsys_helpers.exercise.mistakes import altered, scaled
from mlsys_helpers.exercise.task import Case, Mistake, Task
from mlsys_helpers.kit.seeds import log_uniform
from mlsys_helpers.kit.units import MICRO, MILLI, YEAR_S
from mlsys_helpers.sections.lifecycle import model

# 1. The state machine


def _stage_with(instead: dict):
    """`next_stage`, but with other answers for some (stage, good)."""

    def wrong(stage, good):
        return instead.get((stage, good)) or model.next_stage(stage, good)

    return wrong


def _stage_cases(rng) -> list[Case]:
    pairs = [(stage, good) for stage in model.STAGES for good in (True, False)]
    return [Case("the team leaves", {"stage": pairs[i][0], "good": pairs[i][1]}) for i in rng.permutation(len(pairs))]


_COLLECTION, _PREPARATION, _TRAINING, _EVALUATION, _DEPLOYMENT, _MONITORING = model.STAGES

NEXT_STAGE = Task(
    name="lifecycle.next_stage",
    title="Where does the team go next?",
    reference=model.next_stage,
    cases=_stage_cases,
    mistakes=(
        Mistake(
            "failed candidate goes to collection",
            _stage_with({(_EVALUATION, False): _COLLECTION}),
            "A candidate that fails the gate goes back to preparation: the data are there, they are prepared anew.",
        ),
        Mistake(
            "failed candidate is trained again",
            _stage_with({(_EVALUATION, False): _TRAINING}),
            "Training again on the same prepared data is too short a way back: the loop leads to data preparation.",
        ),
        Mistake(
            "failed candidate is judged again",
            _stage_with({(_EVALUATION, False): _EVALUATION}),
            "Judging the same candidate again changes nothing about it: it must be made anew, from preparation on.",
        ),
        Mistake(
            "alarm goes to preparation",
            _stage_with({(_MONITORING, False): _PREPARATION}),
            "An alarm says that the world has moved: old data prepared anew do not show that. It goes to collection.",
        ),
        Mistake(
            "alarm goes to training",
            _stage_with({(_MONITORING, False): _TRAINING}),
            "An alarm says that the world has moved, and the data do not show that: new ones are collected first.",
        ),
        Mistake(
            "back to the start",
            lambda stage, good: model.next_stage(stage, good) if good or stage == _MONITORING else _COLLECTION,
            "You begin anew at everything that is not good. Only two stages judge, and a failed candidate goes back to "
            "preparation only.",
        ),
        Mistake(
            "verdict not looked at",
            lambda stage, good: model.STAGES[(model.STAGES.index(stage) + 1) % len(model.STAGES)],
            "You never look at `good`. Two of the stages go on in another place when it is false.",
        ),
        Mistake(
            "verdict turned round",
            lambda stage, good: model.next_stage(stage, not good),
            "You went back where the verdict was good, and on where it was not.",
        ),
        Mistake(
            "a straight line",
            _stage_with({(_EVALUATION, False): _DEPLOYMENT, (_MONITORING, False): _MONITORING}),
            "Nothing ever goes back in yours: that is the line without its two loops.",
        ),
        Mistake(
            "monitoring ends",
            _stage_with({(_MONITORING, True): _COLLECTION}),
            "While monitoring finds no fault it goes on: there is nothing to collect for yet.",
        ),
        Mistake(
            "every stage can fail",
            lambda stage, good: model.next_stage(stage, good) if good or stage == _MONITORING else _before(stage),
            "Only evaluation and monitoring judge. After the other four the next stage follows, whatever `good` says.",
        ),
    ),
    hints=(
        "Which two of the six stages pass a verdict?",
        "Two exceptions: a failed evaluation, and monitoring either way. Everywhere else the next in the list follows.",
        'Return "data preparation" for a failed evaluation; for "monitoring", itself or stages[0]; '
        "else stages[stages.index(stage) + 1].",
    ),
    points=2,
    minutes=3,
    difficulty="warm-up",
)


def _before(stage: str) -> str:
    at = model.STAGES.index(stage)
    return model.STAGES[model.PREPARATION if at == model.EVALUATION else max(at - 1, 0)]


# 2. The first deployment


def _first_day(collection, preparation, training, evaluation, deployment, passes):
    return model.round_days(np.array([collection, preparation, training, evaluation, deployment]), passes)


def _with_tries(tries, collections=lambda tries: 1):
    """The day, had the gate been tried so many times, and data been collected for some of them."""

    def wrong(collection, preparation, training, evaluation, deployment, passes):
        tried = tries(passes)
        return collections(tried) * collection + tried * (preparation + training + evaluation) + deployment

    return wrong


def _first_cases(rng) -> list[Case]:
    low = {"collection": 10, "preparation": 5, "training": 2, "evaluation": 2, "deployment": 1}
    given = {stage: int(rng.integers(least, 4 * least + 5)) for stage, least in low.items()}
    return [Case("your project", given | {"passes": round(rng.uniform(0.2, 0.45), 2)})]


FIRST_DEPLOYMENT = Task(
    name="lifecycle.first_deployment",
    title="When does the first model serve?",
    reference=_first_day,
    cases=_first_cases,
    by_value=True,
    rtol=0.003,
    mistakes=(
        Mistake(
            "straight line",
            _with_tries(lambda q: 1),
            "That is the plan without its loop: as if the first candidate always passed.",
        ),
        Mistake(
            "everything repeated",
            lambda passes, **days: sum(days.values()) / passes,
            "You repeated all five stages. A failed candidate goes back to preparation, and collects nothing again.",
        ),
        Mistake(
            "tries that failed only",
            _with_tries(lambda q: 1 / q - 1),
            "1/q - 1 is how many candidates fail. The one that passes takes its days as well.",
        ),
        Mistake(
            "chance multiplied",
            _with_tries(lambda q: 2 - q),
            "1 + (1 - q) allows for one repetition at most; a second candidate may fail, too.",
        ),
        Mistake(
            "collection repeated, too",
            _with_tries(lambda q: 1 / q, collections=lambda tried: tried),
            "You collected again for each candidate. Only preparation, training and evaluation are repeated.",
        ),
        Mistake(
            "every candidate deployed",
            lambda deployment, passes, **days: _first_day(deployment=deployment / passes, passes=passes, **days),
            "You deployed each candidate. Only the one that passes the gate gets there.",
        ),
        Mistake(
            "deployment left out",
            altered(_first_day, deployment=0),
            "That is the day on which a candidate passes. It has still to be deployed.",
        ),
        Mistake(
            "chance to fail",
            altered(_first_day, passes=lambda q: 1 - q),
            "You divided by the chance to fail; the number of tries is one over the chance to pass.",
        ),
    ),
    hints=(
        "How many candidates are tried on average, if each passes with chance q?",
        "1/q candidates. Each takes preparation, training and evaluation; collection and deployment happen once.",
        "tries = 1 / project.passes, then collection + tries * (preparation + training + evaluation) + deployment.",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 3. The lowest point

MONTH_DAYS = 365 / 12


def _lowest(accuracy, alarm, lost_per_month, round_days, unseen_days):
    return accuracy - model.lowest_loss(alarm, lost_per_month / MONTH_DAYS, round_days, unseen_days)


def _lowest_cases(rng) -> list[Case]:
    def product() -> dict:
        return {
            "accuracy": round(rng.uniform(0.85, 0.98), 3),
            "alarm": round(rng.uniform(0.01, 0.05), 3),
            "lost_per_month": round(rng.uniform(0.004, 0.03), 3),
            "round_days": int(rng.integers(20, 100)),
            "unseen_days": int(rng.integers(5, 30)),
        }

    return [
        Case("a product", product()),
        Case("a world that stands still", product() | {"lost_per_month": 0.0}),
        Case("a round that takes no time, seen at once", product() | {"round_days": 0, "unseen_days": 0}),
        *(Case("a random product", product()) for _ in range(3)),
        Case("three speeds of going round, as an array", product() | {"round_days": np.array([7, 30, 90])}),
    ]


LOWEST_ACCURACY = Task(
    name="lifecycle.lowest_accuracy",
    title="How low does it get?",
    reference=_lowest,
    cases=_lowest_cases,
    mistakes=(
        Mistake(
            "alarm is the floor",
            altered(_lowest, round_days=lambda days: 0 * days, unseen_days=0),
            "That is where the alarm rings. The old model serves on, and loses on, until the new one takes over.",
        ),
        Mistake(
            "seen at once",
            altered(_lowest, unseen_days=0),
            "You left out `unseen_days`: the labels that ring the alarm are that old.",
        ),
        Mistake(
            "replaced at once",
            altered(_lowest, round_days=lambda days: 0 * days),
            "You left out `round_days`: nothing is replaced before the team has gone round.",
        ),
        Mistake(
            "months for days",
            altered(_lowest, lost_per_month=lambda lost: lost * MONTH_DAYS),
            "You took the loss of a month for that of a day.",
        ),
        Mistake(
            "years for months",
            altered(_lowest, lost_per_month=lambda lost: lost / 12),
            "You spread the loss of a month over a year.",
        ),
        Mistake(
            "share of the accuracy",
            lambda accuracy, **given: accuracy * (1 - accuracy + _lowest(accuracy, **given)),
            "You took the loss as a share of the accuracy. It is counted in accuracy: 3 points from 90 % leave 87 %.",
        ),
        Mistake(
            "loss for accuracy",
            lambda accuracy, **given: accuracy - _lowest(accuracy, **given),
            "That is what is lost; asked is the accuracy that is left.",
        ),
    ),
    hints=(
        "What goes on losing accuracy while the team collects, prepares and trains?",
        "The loss at the alarm, and the loss of all the days after that level was passed until a new model serves.",
        "accuracy - alarm - lost_per_month / (365 / 12) * (unseen_days + round_days)",
    ),
    points=2,
    minutes=5,
    difficulty="standard",
)

# 4. The battery


def _looks_per_hour(capacity_mah, volts, awake_mw, asleep_uw, look_ms, years):
    energy_j = model.battery_j(capacity_mah * MILLI, volts)
    duty = model.duty_for(energy_j, years * YEAR_S, awake_mw * MILLI, asleep_uw * MICRO)
    return duty * 3600 / (look_ms * MILLI)


def _battery_cases(rng) -> list[Case]:
    given = {
        "capacity_mah": int(rng.integers(18, 27)) * 10,
        "volts": 3.0,
        "awake_mw": int(rng.integers(20, 90)),
        "asleep_uw": int(rng.integers(8, 20)),
        "look_ms": int(rng.integers(15, 120)),
        "years": round(rng.uniform(0.5, 1.5), 1),
    }
    return [Case("your doorbell", given)]


LOOKS = Task(
    name="lifecycle.looks_per_hour",
    title="How often may a doorbell look?",
    reference=_looks_per_hour,
    cases=_battery_cases,
    by_value=True,
    rtol=0.01,
    mistakes=(
        Mistake(
            "sleep is free",
            altered(_looks_per_hour, asleep_uw=0),
            "You let it sleep for nothing. It sleeps nearly all of the time, so microwatts count.",
        ),
        Mistake(
            "charge for energy",
            altered(_looks_per_hour, volts=1.0),
            "Ampere-hours are a charge. Energy is charge times voltage.",
        ),
        Mistake(
            "mAh for Ah",
            altered(_looks_per_hour, capacity_mah=lambda capacity: 1000 * capacity),
            "That is a thousand times the energy: 1 mAh is a thousandth of 1 Ah.",
        ),
        Mistake(
            "sleep added",
            lambda **given: 2 * _looks_per_hour(**given | {"asleep_uw": 0}) - _looks_per_hour(**given),
            "You added the power of sleep to what is left; it must be taken off first.",
        ),
        Mistake(
            "a day for an hour",
            scaled(_looks_per_hour, 24),
            "That is a day's looks; asked is an hour's.",
        ),
        Mistake(
            "seconds awake for looks",
            lambda look_ms, **given: _looks_per_hour(look_ms=1000, **given),
            "That is how many seconds of an hour it may be awake. Divide by the length of one look.",
        ),
    ),
    hints=(
        "What average power does the battery allow over its whole life?",
        "Joules over seconds of life, less the power of sleep, is what looks may take; one look is power times time.",
        "(energy_j / life_s - asleep_w) * 3600 / ((awake_w - asleep_w) * look_s), with energy_j = Ah * 3600 * V",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 5. Heat


def _sustained(power_w, energy_j_each, k_per_w, ambient_c, limit_c):
    body = model.Body(k_per_w, 1.0, ambient_c, limit_c)
    return model.sustained_rate(power_w, body.sustained_w, energy_j_each)


def _heat_cases(rng) -> list[Case]:
    def phone(power_w=None) -> dict:
        return {
            "power_w": power_w or round(rng.uniform(4, 10), 1),
            "energy_j_each": log_uniform(rng, 0.01, 1.0),
            "k_per_w": round(rng.uniform(6, 12), 1),
            "ambient_c": round(rng.uniform(15, 28), 1),
            "limit_c": round(rng.uniform(40, 48), 1),
        }

    return [
        Case("a phone that gets hot", phone()),
        Case("a chip so frugal that it never gets hot", phone(0.5)),
        *(Case("a random phone", phone()) for _ in range(3)),
        Case("a server with a fan", phone(100.0) | {"k_per_w": 0.5}),
        Case("winter, spring and summer, as an array", phone() | {"ambient_c": np.array([0.0, 15.0, 32.0])}),
    ]


SUSTAINED_RATE = Task(
    name="lifecycle.sustained_rate",
    title="What lasts",
    reference=_sustained,
    cases=_heat_cases,
    mistakes=(
        Mistake(
            "burst for ever",
            altered(_sustained, k_per_w=1e-6),
            "That is the rate of the first minutes. Once it is hot, only as much power may flow in as heat gets away.",
        ),
        Mistake(
            "always at the limit",
            altered(_sustained, power_w=1e9),
            "You let a chip draw more than it can: where the heat gets away easily, its own power is the smaller.",
        ),
        Mistake(
            "air at zero degrees",
            altered(_sustained, ambient_c=lambda c: 0 * c),
            "You left out the air: heat leaves by the difference between the limit and what is around.",
        ),
        Mistake(
            "resistance multiplied",
            altered(_sustained, k_per_w=lambda k: 1 / k),
            "You multiplied by the kelvin for each watt; a worse cooling must let less power through.",
        ),
        Mistake(
            "stands still when hot",
            lambda power_w, energy_j_each, k_per_w, ambient_c, limit_c: np.where(
                ambient_c + k_per_w * power_w > limit_c, 0.0, power_w / energy_j_each
            ),
            "A hot chip need not stop: it goes on with as much power as heat gets away.",
        ),
        Mistake(
            "energy multiplied",
            lambda energy_j_each, **given: _sustained(energy_j_each=1 / energy_j_each, **given),
            "You multiplied by the joules of an answer: the more each takes, the fewer there are.",
        ),
        Mistake(
            "power for rate",
            altered(_sustained, energy_j_each=1.0),
            "That is a power in watts. Divide by the joules of one answer.",
        ),
    ),
    hints=(
        "How much power flows out of a body that stands at its limit?",
        "(limit - ambient) / k_per_w watts get away; the chip never draws more than its own power. Then joules each.",
        "np.minimum(power_w, (limit_c - ambient_c) / k_per_w) / energy_j_each",
    ),
    points=2,
    minutes=4,
    difficulty="standard",
)

# 6. The best cut


def _best_cut(device_s, sent_bytes, cloud_s, link_bytes_per_s, round_trip_s):
    return int(np.argmin(model.split_s(device_s, sent_bytes, cloud_s, link_bytes_per_s, round_trip_s)))


def _no_way_back(device_s, sent_bytes, cloud_s, link_bytes_per_s, round_trip_s):
    """The last cut charged like the others."""
    times = model.split_s(device_s, sent_bytes, cloud_s, link_bytes_per_s, round_trip_s)
    times[-1] += sent_bytes[-1] / link_bytes_per_s + round_trip_s
    return int(np.argmin(times))


def _cut_cases(rng) -> list[Case]:
    def network(parts=6) -> dict:
        sent = np.array([150e3, 300e3, 80e3, 30e3, 20e3, 25e3, 4e3][: parts + 1])
        device_s = rng.uniform(0.02, 0.05, parts).round(4)
        return {
            "device_s": device_s,
            "sent_bytes": sent,
            "cloud_s": (device_s / 20).round(5),
            "link_bytes_per_s": 1e6,
            "round_trip_s": 0.02,
        }

    quick_device = network() | {"device_s": np.full(6, 0.003), "cloud_s": np.full(6, 0.001), "round_trip_s": 0.05}
    tie = {
        "device_s": np.array([0.010, 0.010, 0.010]),
        "sent_bytes": np.array([50e3, 17e3, 20e3, 2e3]),
        "cloud_s": np.array([0.001, 0.001, 0.001]),
        "link_bytes_per_s": 1e6,
        "round_trip_s": 0.0021,
    }
    return [
        Case("a middling link", network()),
        Case("a very fast link", network() | {"link_bytes_per_s": 1e9, "round_trip_s": 0.002}),
        Case("hardly any link", network() | {"link_bytes_per_s": 1e3}),
        Case("a quick device, far from the cloud", quick_device),
        Case("a cut that only the cloud's share decides", _cloud_counts()),
        Case("all on the device, by a hair", tie),
        Case(
            "by a hair, next door to the cloud",
            tie | {"round_trip_s": 0.0, "sent_bytes": np.array([50e3, 18.5e3, 20e3, 2e3])},
        ),
        Case("a slow link", network() | {"link_bytes_per_s": 4e5}),
        *(Case("a random device", network() | {"link_bytes_per_s": log_uniform(rng, 3e5, 4e6)}) for _ in range(3)),
    ]


def _cloud_counts() -> dict:
    return {
        "device_s": np.array([0.03, 0.03, 0.01]),
        "sent_bytes": np.array([10e3, 9e3, 8e3, 1e3]),
        "cloud_s": np.array([0.05, 0.02, 0.05]),
        "link_bytes_per_s": 1e6,
        "round_trip_s": 0.0,
    }


BEST_CUT = Task(
    name="lifecycle.best_cut",
    title="Where to cut the network",
    reference=_best_cut,
    cases=_cut_cases,
    mistakes=(
        Mistake(
            "least bytes",
            lambda device_s, sent_bytes, cloud_s, link_bytes_per_s, round_trip_s: int(np.argmin(sent_bytes[:-1])),
            "You cut where the least must be sent. The layers before that cut take time on the device, too.",
        ),
        Mistake(
            "bits for bytes",
            altered(_best_cut, link_bytes_per_s=lambda rate: rate / 8),
            "You divided the link by eight: its rate is in bytes a second already.",
        ),
        Mistake(
            "cloud for nothing",
            altered(_best_cut, cloud_s=lambda s: 0 * s),
            "You left out the layers that run in the cloud: they take their time as well.",
        ),
        Mistake(
            "round trip left out",
            altered(_best_cut, round_trip_s=0.0),
            "You left out the round trip, which every cut but the last pays once.",
        ),
        Mistake(
            "round trip without a trip",
            _no_way_back,
            "You charged the link and the round trip to the last cut as well, which sends nothing.",
        ),
        Mistake(
            "all or nothing",
            lambda device_s, sent_bytes, cloud_s, link_bytes_per_s, round_trip_s: (
                0 if sum(cloud_s) + sent_bytes[0] / link_bytes_per_s + round_trip_s < sum(device_s) else len(device_s)
            ),
            "Yours always ends up at one of the two ends. A cut in between can beat both.",
        ),
        Mistake(
            "last cut left out",
            lambda **given: int(np.argmin(model.split_s(**given)[:-1])),
            "You never leave all layers on the device: there are n + 1 cuts.",
        ),
        Mistake(
            "seconds for a cut",
            lambda **given: float(model.split_s(**given).min()),
            "That is how long the best cut takes. Asked is which one it is.",
        ),
    ),
    hints=(
        "For one cut k, what happens on the device, on the way, and in the cloud?",
        "sum(device_s[:k]) + sent_bytes[k] / link_bytes_per_s + round_trip_s + sum(cloud_s[k:]); the last cut sends "
        "nothing.",
        "Make the list of these times for k in range(n), append sum(device_s), and return its np.argmin as an int.",
    ),
    points=4,
    minutes=7,
    difficulty="stretch",
)

# 7. Bytes


def _stored_cases(rng) -> list[Case]:
    def network(**changes) -> dict:
        return {
            "weights": int(rng.integers(10, 50)) * 8000,
            "bits": int(rng.choice([2, 3, 4, 6, 8])),
            "kept": round(rng.uniform(0.1, 0.9), 2),
            "scales": int(rng.integers(3, 60)),
        } | changes

    return [
        Case("nothing pruned", network(kept=1.0)),
        Case("a pruned network", network()),
        Case("one scale for each of 60 channels", network(scales=60)),
        *(Case("a random network", network()) for _ in range(4)),
        Case("nothing pruned, four precisions as an array", network(bits=np.array([8, 4, 2, 1]), kept=1.0)),
    ]


def _map_of(bits_each):
    def wrong(weights, bits, kept, scales):
        right = model.stored_bytes(weights, bits, kept, scales)
        return right + (weights * (bits_each - 1) / 8 if kept < 1 else 0.0)

    return wrong


STORED_BYTES = Task(
    name="lifecycle.stored_bytes",
    title="Bytes, truly counted",
    reference=model.stored_bytes,
    cases=_stored_cases,
    rtol=1e-4,  # a byte more or less, where a part is rounded up
    mistakes=(
        Mistake(
            "no map",
            _map_of(0),
            "The map is missing: once weights are left out, one bit for each of them must say which are there.",
        ),
        Mistake(
            "a byte for each place of the map",
            _map_of(8),
            "Your map takes a byte for each weight; one bit is enough to say that it is there.",
        ),
        Mistake(
            "map without pruning",
            lambda weights, bits, kept, scales: (weights * kept * bits + weights) / 8 + 4 * scales,
            "You store a map where every weight is kept: nothing needs one then.",
        ),
        Mistake(
            "scales left out",
            altered(model.stored_bytes, scales=0),
            "The scales are missing: 4 bytes each, or the whole numbers cannot be turned back into weights.",
        ),
        Mistake("bits for bytes", scaled(model.stored_bytes, 8), "That is eight times too many: bits, not bytes."),
        Mistake(
            "map of the kept ones",
            lambda weights, bits, kept, scales: (
                (weights * kept * bits + (weights * kept if kept < 1 else 0)) / 8 + 4 * scales
            ),
            "Your map has a bit for each weight that is kept. It must tell of every weight whether it is there.",
        ),
        Mistake(
            "nothing pruned",
            lambda weights, bits, kept, scales: (weights * bits + (weights if kept < 1 else 0)) / 8 + 4 * scales,
            "You stored every weight, also those that are left out.",
        ),
        Mistake(
            "pruned for kept",
            lambda weights, bits, kept, scales: (
                (weights * (1 - kept) * bits + (weights if kept < 1 else 0)) / 8 + 4 * scales
            ),
            "You stored the weights that are left out: `kept` is the share that stays.",
        ),
    ),
    hints=(
        "Once half of the weights are gone, how does the chip know which ones?",
        "kept weights at `bits` bits, a map of one bit for each weight if any is left out, and 4 bytes for each scale.",
        "map_bits = weights if kept < 1 else 0; return (weights * kept * bits + map_bits) / 8 + 4 * scales",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 8. The flywheel


def _tipping(usable, wanted, steepness, half_data, ceiling):
    return float(model.Flywheel(usable, wanted, steepness, half_data, ceiling).fixed_points()[0])


def _wheel_cases(rng) -> list[Case]:
    given = {
        "usable": round(rng.uniform(0.55, 0.7), 3),
        "wanted": round(rng.uniform(0.4, 0.5), 3),
        "steepness": int(rng.integers(4, 8)),
        "half_data": round(rng.uniform(0.12, 0.2), 3),
        "ceiling": round(rng.uniform(0.9, 0.95), 3),
    }
    return [Case("your wheel", given)]


TIPPING_POINT = Task(
    name="lifecycle.tipping_point",
    title="From which quality on does it climb?",
    reference=_tipping,
    cases=_wheel_cases,
    by_value=True,
    rtol=0.005,
    mistakes=(
        Mistake(
            "where it ends",
            lambda **given: float(model.Flywheel(**given).fixed_points()[-1]),
            "That is where it ends up: a fixed point that draws paths in. Asked is the one that they leave.",
        ),
        Mistake(
            "where people come",
            lambda wanted, **given: wanted,
            "That is where half of the people come. Whether the loop climbs depends on all three stages.",
        ),
        Mistake(
            "all data usable",
            altered(_tipping, usable=1.0),
            "That is the tipping point if all data were usable; only the share `usable` is.",
        ),
        Mistake(
            "ceiling left out",
            altered(_tipping, ceiling=1.0),
            "You left out the ceiling: data / (data + half_data) is multiplied by it.",
        ),
    ),
    hints=(
        "What is special about a quality that one turn leaves as it is?",
        "Two such qualities lie above zero. Below the lower one a turn makes it worse: search between 0.05 and there.",
        "Write turn(q). Halve 0.05 to 0.55 again and again: keep the upper half where turn(middle) < middle.",
    ),
    points=3,
    minutes=6,
    difficulty="stretch",
)

# 9. A fleet


def _rollout_cases(rng) -> list[Case]:
    def fleet(**changes) -> dict:
        return {
            "devices": int(rng.integers(20, 400)) * 100,
            "waves": (0.01, 0.1, 1.0),
            "watch_s": int(rng.integers(1, 5)) * 21_600,
            "model_bytes": int(rng.integers(50, 3000)) * 1000,
            "device_bytes_per_s": log_uniform(rng, 2e3, 1e5),
            "server_bytes_per_s": log_uniform(rng, 1e5, 3e6),
        } | changes

    return [
        Case("three waves", fleet()),
        Case("all at once", fleet(waves=(1.0,))),
        Case("one device", fleet(devices=1, waves=(1.0,), device_bytes_per_s=5e3, server_bytes_per_s=1e6)),
        Case("a strong server, slow devices", fleet(device_bytes_per_s=200.0, server_bytes_per_s=1e9)),
        Case("four waves", fleet(waves=(0.02, 0.2, 0.5, 1.0))),
        *(Case("a random fleet", fleet()) for _ in range(3)),
    ]


def _one_link(**given):
    return altered(model.rollout_s, **given)


def _each_share_in_full(devices, waves, watch_s, **link):
    sent = model.update_s(devices * np.array(waves), **link).sum()
    return float(sent + watch_s * (len(waves) - 1))


def _quicker_link(devices, waves, watch_s, model_bytes, device_bytes_per_s, server_bytes_per_s):
    new = devices * np.diff([0, *waves])
    sent = np.minimum(model_bytes / device_bytes_per_s, new * model_bytes / server_bytes_per_s).sum()
    return float(sent + watch_s * (len(waves) - 1))


def _watched_at_the_end(**given):
    return model.rollout_s(**given) + given["watch_s"]


def _links_added(devices, waves, watch_s, model_bytes, device_bytes_per_s, server_bytes_per_s):
    server_s = devices * model_bytes / server_bytes_per_s
    return len(waves) * model_bytes / device_bytes_per_s + server_s + watch_s * (len(waves) - 1)


ROLLOUT = Task(
    name="lifecycle.rollout_s",
    title="An update for a fleet",
    reference=model.rollout_s,
    cases=_rollout_cases,
    rtol=1e-4,  # whole seconds of hours are as good
    mistakes=(
        Mistake(
            "shares sent in full",
            _each_share_in_full,
            "The waves are shares reached: the second wave goes from 1 % to 10 %, so it sends to 9 % of the devices.",
        ),
        Mistake(
            "not watched",
            altered(model.rollout_s, watch_s=0.0),
            "You left out `watch_s`: one watches before the next wave begins.",
        ),
        Mistake(
            "one after another",
            lambda devices, waves, watch_s, model_bytes, device_bytes_per_s, server_bytes_per_s: (
                devices * model_bytes / min(device_bytes_per_s, server_bytes_per_s) + watch_s * (len(waves) - 1)
            ),
            "You served one device after another. In a wave all new ones load at the same time.",
        ),
        Mistake(
            "quicker link",
            _quicker_link,
            "You took the quicker of both ways. Bytes pass the device's link and the server's, so the slower counts.",
        ),
        Mistake(
            "watched at the end",
            _watched_at_the_end,
            "You watch after the last wave, too. Asked is when the last device has the model.",
        ),
        Mistake(
            "server has no limit",
            _one_link(server_bytes_per_s=1e15),
            "You let every device load at its own full speed at once; they share what the server can send.",
        ),
        Mistake(
            "device has no limit",
            _one_link(device_bytes_per_s=1e15),
            "Your server sends as fast as it can; one device takes no more than its own link carries.",
        ),
        Mistake(
            "both links added",
            _links_added,
            "You added both links. Bytes pass them at the same time, so the slower one sets the time.",
        ),
    ),
    hints=(
        "How many devices are new in the second wave?",
        "A wave takes the longer of model_bytes / device link and new devices * model_bytes / server link.",
        "new = devices * np.diff([0, *waves]); add up the larger of both times for each wave, and watch_s once less "
        "than there are waves.",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

TASKS = (
    NEXT_STAGE,
    FIRST_DEPLOYMENT,
    LOWEST_ACCURACY,
    LOOKS,
    SUSTAINED_RATE,
    BEST_CUT,
    STORED_BYTES,
    TIPPING_POINT,
    ROLLOUT,
)
