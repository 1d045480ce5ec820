"""Every claim that the notebook makes about what a reader will see in the explorers."""

import pytest

from mlsys_helpers import facts
from mlsys_helpers.quiz.bank import section_bank
from mlsys_helpers.sections.ml_systems import explorers, figures, model

# The relay


def test_from_how_many_cores_on_the_chip_binds():
    binding = {cores: explorers.service(cores, 1).binding for cores in explorers.CORES}
    assert [cores for cores, stage in binding.items() if stage == "compute"] == [c for c in explorers.CORES if c >= 64]
    assert binding[32] == "prepare" and explorers.service(32, 1).prepare > 0.7 * explorers.service(32, 1).compute
    assert [explorers.service(cores, 1).binding for cores in (45, 46)] == ["prepare", "compute"]


def test_where_the_link_takes_over():
    cores, chips = 16, 1
    while (stage := explorers.service(cores, chips).binding) != "carry":
        cores, chips = (2 * cores, chips) if stage == "prepare" else (cores, 2 * chips)
    assert (cores, chips) == (128, 4)
    assert explorers.service(1024, 16).throughput == explorers.service(128, 4).throughput


def test_doublings_of_the_chips_alone_buy_nothing():
    start = explorers.service()
    assert start.upgraded("compute", 2.0**8).throughput == start.throughput
    assert list(model.relay(start, 8))[-1].throughput > 10 * start.throughput


# The ladder


def test_what_the_notebook_says_of_the_ladder():
    """10^5 in memory and 10^6 in arithmetic for one accelerator against a Cortex-M4; in watts 100 times less."""
    cloud, tiny = (explorers.device(name, 1.0) for name in ("Cloud: H100", "TinyML: Cortex-M4"))
    assert 1e5 < cloud.memory_bytes / tiny.memory_bytes < 2e5
    assert 1e6 < cloud.flop_per_s / tiny.flop_per_s < 3e6
    assert 50 < (cloud.flop_per_s / tiny.flop_per_s) / (cloud.power_w / tiny.power_w) < 200


def test_the_power_of_the_microcontroller_is_under_the_mission_s_cap():
    assert facts.chip("STM32L4R5").tdp_w < explorers.MISSIONS["Smart doorbell"].power_cap_w


# The envelope


def vetoed(mission, job, on, stored):
    return [limit for limit, part in explorers.used(mission, job, on, stored).items() if part > 1]


def test_mobilenet_fits_no_doorbell():
    for stored in explorers.BYTES_PER_VALUE:
        for on in list(explorers.DEVICES)[:3]:
            assert vetoed("Smart doorbell", "MobileNetV2", on, stored) == ["power"]
        last = vetoed("Smart doorbell", "MobileNetV2", "TinyML: Cortex-M4", stored)
        assert last[0] == "memory" and len(last) > 1
    assert vetoed("Smart doorbell", "Visual wake words", "TinyML: Cortex-M4", "8 bits") == []


def test_llama_becomes_a_phone_assistant_at_four_bits():
    where = ("Phone assistant", "Llama-2-7B", "Mobile: A17 Pro")
    assert [vetoed(*where, stored) for stored in explorers.BYTES_PER_VALUE] == [["memory", "latency"], ["latency"], []]


def test_a_phone_assistant_at_eight_bits_leaves_hardly_any_memory_to_anything_else():
    used = explorers.used("Phone assistant", "Llama-2-7B", "Mobile: A17 Pro", "8 bits")
    assert 0.85 < used["memory"] < 1


def test_the_largest_model_overloads_even_the_h100_in_the_car():
    for stored in explorers.BYTES_PER_VALUE:
        assert {"latency", "power"} <= set(vetoed("Car camera", "Llama-2-70B", "Cloud: H100", stored))


def test_power_alone_keeps_the_h100_out_of_the_car():
    for job in list(explorers.MODELS)[1:]:
        for stored in explorers.BYTES_PER_VALUE:
            assert vetoed("Car camera", job, "Cloud: H100", stored) == ["power"]


def test_each_limit_is_somewhere_the_nearest_or_the_veto():
    seen = {
        limit
        for mission in explorers.MISSIONS
        for job in explorers.MODELS
        for on in explorers.DEVICES
        for limit in vetoed(mission, job, on, "8 bits")
    }
    assert seen == set(model.LIMITS)


def test_the_sentence_names_what_says_no():
    assert "Vetoed by power" in figures.tell_envelope(
        explorers.used("Car camera", "ResNet-50", "Cloud: H100", "8 bits")
    )


def test_every_sentence_says_what_the_mission_asks_and_fits_its_three_lines():
    explorer = explorers.envelope()
    told = [explorer.tell(**values) for values in explorer.corners()]
    assert max(map(len, told)) < 270
    assert explorers.asked("Car camera") == "Asked: 30 a second, each within 10 ms, at most 60 W."
    assert all(text.startswith("Asked: ") for text in told)


def test_the_layers_of_one_deployment():
    rows = explorers.layers("Smart doorbell", "Visual wake words", "TinyML: Cortex-M4", "8 bits")
    assert [row[0].lower() for row in rows] == ["mission", "workload", "system", "hardware"]
    assert rows[0][2] == "1 a second, each within 500 ms"
    assert rows[2] == ("System", "TinyML node", "a budget of 0.1 W")
    assert rows[3][1:] == ("Cortex-M4", "480 MFLOP/s, 655 kB, 0.041 W busy")


def test_a_larger_model_gains_points_and_asks_for_several_times_the_machine():
    (_, low, small, quick), (_, high, large, slow) = explorers.larger_model()
    assert 3 < float(high.removesuffix(" %")) - float(low.removesuffix(" %")) < 4
    assert (small, large) == ("20 MB", "73 MB") and (quick, slow) == ("659 µs", "1.9 ms")


# The economy


def test_the_last_step_bought_hardly_more_for_a_dollar():
    value = {chip: explorers.images_per_dollar(chip) for chip in explorers.PRICED}
    assert 1 < value["H100_SXM"] / value["A100_SXM_40"] < 1.15
    assert 3 < facts.chip("H100_SXM").peak("fp16") / facts.chip("A100_SXM_40").peak("fp16") < 3.3


def test_the_last_step_depends_on_whose_price_it_is():
    """The H100's price is its share of a server; the row notes 30,000 to 40,000 dollars for the chip alone."""
    chip, a100 = facts.chip("H100_SXM"), explorers.images_per_dollar("A100_SXM_40")
    assert "share of DGX H100 list price" in chip.note and "30-40 kUSD" in chip.note
    alone = explorers.images_per_dollar("H100_SXM") * chip.price_usd / 30_000
    assert 1.5 < alone / a100 < 1.7


def test_ten_times_the_data_at_a_flat_curve():
    assert 1 - model.error_factor(10, 0.1) == pytest.approx(0.2, abs=0.01)
    assert model.first_order_gain(10, 0.5) > 1


def test_the_order_that_the_quiz_asks_for_is_that_of_the_layers():
    items = section_bank("ml_systems").question("ml_systems.four_layers_in_order").items
    for item, word in zip(items, ("microcontroller", "sealed box", "network", "lynx"), strict=True):
        assert word in item
