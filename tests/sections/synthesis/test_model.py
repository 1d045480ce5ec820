"""The queue against known results and a plain loop; time and quality each against a count by hand."""

from dataclasses import replace

import numpy as np
import pytest

from mlsys_helpers import facts
from mlsys_helpers.sections.case_studies import model as queues
from mlsys_helpers.sections.synthesis import incident, model, serving

SERVICE = model.Service(
    chip="T4", workload="gpt2_xl", precision="fp16", batch=4, replicas=1, step_latency_s=1e-3, requests_per_s=2.0,
    prompt_tokens=100.0, cap_tokens=1024.0, shared_tokens=200.0, cached=True, reply_tokens=6, accuracy_0=0.94,
    sensitivity=0.5, divergence=0.0, drift_per_day=0.0, rounding_loss=0.01, retrain_tokens=1e8, label_days=5.0,
)  # fmt: skip

# The queue


def servers(rate, batch=1, fixed=0.0, item=0.0, token=0.0, prompt=1.0, cap=np.inf):
    return serving.Servers(
        *(np.atleast_1d(np.asarray(x, float)) for x in (rate, batch, fixed, item, token, prompt, cap))
    )


def plenty(spread=0.6, seed=1):
    return serving.traffic(seed, spells=60, requests=4000, spread=spread)


@pytest.mark.parametrize("busy", [0.3, 0.6, 0.8])
def test_without_batches_it_is_the_queue_of_the_textbooks(busy):
    fixed = serving.watch(servers(busy, fixed=1.0), plenty(), 500)
    assert fixed.total_s.mean() == pytest.approx(queues.md1_mean_s(busy), rel=0.04)
    varied = serving.watch(servers(busy, token=1.0), plenty(), 500)
    assert varied.wait_s.mean() == pytest.approx(model.mg1_wait_s(busy, 1.0, np.exp(0.6**2) - 1), rel=0.08)


def test_exponential_services_give_the_p99_of_section_1_10():
    exponential = serving.Traffic(plenty().arrivals, np.random.default_rng(3).exponential(1.0, (60, 4000)))
    seen = serving.watch(servers(0.6, token=1.0), exponential, 500)
    assert seen.quantile(0.99)[0] == pytest.approx(queues.mm1_quantile_s(0.6), rel=0.06)


def test_a_slow_plain_loop_agrees_request_by_request():
    seen = serving.traffic(5, spells=2, requests=200)
    fast = serving.watch(servers(3.0, 4, 0.5, 0.02, 0.001, 100.0, 150.0), seen, 0)
    for spell in range(2):
        came, prompts = seen.arrivals[spell] / 3.0, np.minimum(100 * seen.lengths[spell], 150)
        free, at, total = 0.0, 0, []
        while at < 200:
            start = max(free, came[at])
            taken = min(4, int((came <= start).sum()) - at)
            free = start + 0.5 + 0.02 * taken + 0.001 * prompts[at : at + taken].sum()
            total += list(free - came[at : at + taken])
            at += taken
        assert fast.total_s[spell, 0] == pytest.approx(total)


def test_an_empty_house_and_a_batch_that_rescues_it():
    calm = serving.watch(servers(1e-6, fixed=0.1), serving.traffic(1), 0)
    assert calm.total_s == pytest.approx(0.1) and calm.batches().max() == 1
    busy = serving.watch(servers([12, 12], [1, 8], [0.1, 0.1], [0, 0], [0, 0], [1, 1], [9, 9]), serving.traffic(1))
    assert busy.quantile(0.99)[0] > 2 and busy.quantile(0.99)[1] < 0.3


def test_known_results_meet_those_of_section_1_10():
    for busy in (0.2, 0.7, 0.95):
        assert 2.0 + model.mg1_wait_s(busy / 2, 2.0) == pytest.approx(queues.md1_mean_s(busy, 2.0))
        assert 2.0 + model.mg1_wait_s(busy / 2, 2.0, 1.0) == pytest.approx(queues.mm1_mean_s(busy, 2.0))
    rate = model.mm1_rate_per_s(0.02, 0.2)
    assert queues.mm1_quantile_s(0.02 * rate, 0.99, 0.02) == pytest.approx(0.2)
    assert model.mm1_rate_per_s(0.1, 0.2) == 0 and model.mg1_wait_s(np.array([0.0, 2.0]), 1.0).tolist() == [0, np.inf]


# Time


def test_a_batch_pays_for_the_weights_once_a_pass():
    once, _ = model.request_terms(SERVICE)
    weights_s = 2 * facts.workload("gpt2_xl").params / facts.chip("T4").bandwidth_bytes_per_s
    assert once.data_s == pytest.approx(6 * weights_s) and once.compute_s == 0
    assert once.latency_s == pytest.approx(6e-3)
    data = {p: model.request_terms(replace(SERVICE, precision=p))[0].data_s for p in model.BYTES}
    assert data["fp32"] == pytest.approx(2 * data["fp16"]) == pytest.approx(4 * data["int8"])


def test_a_cached_opening_is_not_read_again():
    kept, lost = (model.request_terms(replace(SERVICE, cached=c))[1] for c in (True, False))
    flop = facts.chip("T4").peak("fp16") * model.UTILISATION * (lost.compute_s - kept.compute_s)
    assert flop == pytest.approx(2 * facts.workload("gpt2_xl").params * 200, rel=0.06)  # attention is the rest


@pytest.mark.parametrize("prompt", [40, 200, 500])
def test_time_is_nearly_straight_in_the_length_of_a_prompt(prompt):
    s = replace(SERVICE, prompt_tokens=float(prompt))
    straight = model.servers([s], [False])
    for part in (0.25, 0.75, 2.0):
        line = float(straight.item_s[0] + straight.token_s[0] * part * prompt)
        bent = (
            sum(t.added_s for t in model.request_terms(replace(s, prompt_tokens=part * prompt)))
            - model.request_terms(s)[0].added_s
        )
        assert line == pytest.approx(bent, rel=0.08, abs=3e-4)


def test_without_traffic_a_request_takes_its_own_terms():
    calm = replace(SERVICE, requests_per_s=1e-4)
    seen = serving.watch(model.servers([calm], [False]), serving.traffic(1, spread=1e-9))
    assert seen.total_s == pytest.approx(sum(t.added_s for t in model.request_terms(calm)), rel=0.01)
    assert model.parts_s(calm, serving.traffic(1))["waiting"] == pytest.approx(0, abs=1e-4)


def test_every_service_of_the_game_fits_its_chip():
    for seed in range(1, 6):
        s = incident.incident(seed).broken
        context = s.prompt_tokens + s.shared_tokens + s.reply_tokens
        sizes = (model.BYTES[s.precision], model.CACHE_BYTES[s.precision])
        needs = model.transformer(s.workload).memory_bytes(context, 4 * s.batch, *sizes)
        assert needs < facts.chip(s.chip).memory_bytes


def test_ninety_and_ten_percent_need_a_batch():
    batch = model.decode_batch("T4", "gpt2_xl", 100, 0.1, 0.9)
    work, chip = model.transformer("gpt2_xl").decode_work(100, batch), facts.chip("T4")
    moving, computing = work.bytes_moved / chip.bandwidth_bytes_per_s, work.flop / chip.peak("fp16")
    assert computing / moving == pytest.approx(1 / 9) and batch > 20
    assert model.batch_for(0.1, 0.9, 180.0, 2.0, 4.0, 0.1) == np.inf  # 20 FLOP for each of its own bytes: too few


# Quality


def test_accuracy_is_equation_3_and_each_loss_has_its_own_cure():
    def days(**changed):
        return model.accuracy_by_day(replace(SERVICE, **changed))

    assert days() == pytest.approx(0.94) and days(divergence=0.1) == pytest.approx(0.89)
    again = days(divergence=0.1, retrained="rented")
    assert again[:6] == pytest.approx(0.89) and again[6:] == pytest.approx(0.94)
    for name in ("skew_loss", "threshold_loss", "label_loss"):
        assert days(retrained="rented", **{name: 0.05})[-1] == pytest.approx(0.89)
    assert days(label_loss=0.05, clean_labels=True)[-1] == pytest.approx(0.89)  # of use once they are learned from
    assert days(label_loss=0.05, clean_labels=True, retrained="rented")[-1] == pytest.approx(0.94)


def test_training_on_the_serving_machine_slows_it():
    busy, calm = model.months([replace(SERVICE, retrained="here"), SERVICE], serving.traffic(0)).late
    assert busy > calm
    two = replace(SERVICE, replicas=2)
    assert model.retraining_days(two) == pytest.approx(model.retraining_days(SERVICE) / 2)
    # 6ND over 40 % of the T4's peak, 6 x 1.56e9 x 1e8 / 2.6e13 = 36,000 s; twice that on half the chip
    assert model.retraining_days(SERVICE) == pytest.approx(2 * 35_900 / 86_400, rel=0.01)
