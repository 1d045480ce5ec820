"""Every claim that the notebook makes about what a reader will see in the explorers."""

import numpy as np
import pytest

from mlsys_helpers import facts
from mlsys_helpers.quiz.bank import section_bank
from mlsys_helpers.sections.iron_law import explorers, model


def binding(job, batch, chip="A100_SXM_80", precision="fp16", tokens=1024):
    return explorers.job_terms(job, batch, chip, precision, tokens).binding


def test_writing_is_never_bound_by_compute_and_reading_is_at_once():
    assert {binding("Llama-2-7B, writing (decode)", b) for b in explorers.BATCHES} == {"data"}
    assert binding("Llama-2-7B, reading (prefill)", 1) == "compute"


@pytest.mark.parametrize(
    ("job", "first"),
    [
        ("ResNet-50, images", 32),
        ("MobileNetV2, images", 64),
        ("DLRM, recommendations", None),
        ("DS-CNN, keyword spotting", None),
    ],
)
def test_when_latency_lets_go(job, first):
    free = [b for b in explorers.BATCHES if binding(job, b) != "latency"]
    assert (free[0] if free else None) == first


@pytest.mark.parametrize(
    ("chip", "crossings"), [("A100_SXM_80", {"ResNet-50, images": 8, "DLRM, recommendations": 512}), ("H100_SXM", {})]
)
def test_which_lighthouse_crosses_the_ridge_and_at_which_batch(chip, crossings):
    ridge = model.ridge(facts.chip(chip).peak("fp16"), facts.chip(chip).bandwidth_bytes_per_s)
    found = {}
    for batch in explorers.BATCHES:
        for job, work in explorers.lighthouse_work(batch).items():
            if work.intensity > ridge:
                found.setdefault(job, batch)
    assert found == crossings


def test_writing_comes_closest_to_the_peak_on_the_chip_with_the_lowest_ridge():
    def reach(name):
        chip = facts.chip(name)
        return 1 / model.ridge(chip.peak("fp16"), chip.bandwidth_bytes_per_s)

    assert max(explorers.CHIPS, key=reach) == "APPLE_M1_MAX"


def test_long_sequences_move_more_cache_than_weights():
    llama = facts.workload("llama2_7b")
    cache = 64 * 1024 * model.transformer(llama).kv_bytes_per_token()
    assert cache > llama.weight_bytes


def test_int8_halves_data_and_compute_on_an_a100_and_leaves_latency():
    job = "Llama-2-7B, writing (decode)"
    half, one = (explorers.job_terms(job, 1, "A100_SXM_80", p, 1024) for p in ("int8", "fp16"))
    assert one.data_s / half.data_s == pytest.approx(2) and one.compute_s / half.compute_s == pytest.approx(2)
    assert one.latency_s == half.latency_s and half.share_of("latency") > one.share_of("latency")


def test_returns_on_the_ladder():
    rungs, spent = explorers.ladder(), explorers.ladder_energy(1, "fp16").total_j
    points = np.diff([rung.top1_percent for rung in rungs]) / np.diff(spent)
    assert [round(r.params / 1e6, 2) for r in rungs] == sorted(round(r.params / 1e6, 2) for r in rungs)
    assert points.argmax() == 1 and points.argmin() == 3
    assert explorers.ladder_work(1, "int8").intensity.max() < 800
    assert set(explorers.ladder_energy(1, "int8").dominant) == {"data"}
    assert set(explorers.ladder_energy(1024, "int8").dominant) == {"compute"}


def test_the_typical_latency_is_most_of_the_published_run():
    assert 1e-4 < explorers.typical_latency_s() < 4.97e-4


def test_an_unknown_control_is_named():
    with pytest.raises(ValueError, match="did you mean 'batch'"):
        explorers.terms("job", "bach")
    with pytest.raises(ValueError, match="no step at 3"):
        explorers.roofline().set(batch=3)


def test_the_order_that_the_quiz_asks_for_is_the_order_of_the_intensities():
    order = section_bank("iron_law").question("iron_law.order_by_intensity").items
    works = {
        "Llama-2-7B writes one token": explorers.job_work("Llama-2-7B, writing (decode)", 1, "fp16", 1024),
        "MobileNetV2 looks at one image": explorers.job_work("MobileNetV2, images", 1, "fp16", 1024),
        "ResNet-50 looks at one image": explorers.job_work("ResNet-50, images", 1, "fp16", 1024),
        "Llama-2-7B reads a prompt of 1,024 tokens": explorers.job_work(
            "Llama-2-7B, reading (prefill)", 1, "fp16", 1024
        ),
    }
    assert sorted(works, key=lambda item: works[item].intensity) == list(order)
