"""The models, each checked twice: a limit that must hold, and a published figure or another way to the same number."""

from graphlib import CycleError, TopologicalSorter
from itertools import permutations

import numpy as np
import pytest

from mlsys_helpers import facts
from mlsys_helpers.kit.units import DAY_S
from mlsys_helpers.sections.book_map import allreduce, book, model
from mlsys_helpers.sections.iron_law.model import training_time_s

DIAMOND = {"base": set(), "left": {"base"}, "right": {"base"}, "top": {"left", "right"}}


def test_what_comes_first_and_what_is_lost_are_two_sides_of_one_map():
    needs = book.needs()
    for name in needs:
        for other in needs:
            assert (other in model.read_first(needs, name)) == (name in model.lost_without(needs, [other]))
    assert model.read_first(DIAMOND, "top") == {"base", "left", "right"} and not model.read_first(DIAMOND, "base")


@pytest.mark.parametrize("needs", [DIAMOND, {"a": set(), "b": set(), "c": {"a"}, "d": set()}])
def test_orders_are_those_that_nobody_objects_to(needs):
    assert model.orders(needs) == sum(not model.too_early(needs, order) for order in permutations(needs))


def test_a_layer_is_the_longest_way():
    assert model.layers(DIAMOND | {"late": {"base", "top"}})["late"] == 3
    assert model.orders({name: set() for name in "abcd"}) == 24
    with pytest.raises(CycleError):
        model.layers({"a": {"b"}, "b": {"a"}})


def test_too_early_names_what_comes_too_early():
    assert model.too_early(DIAMOND, ["left", "base", "top", "right"]) == ["left", "top"]
    assert model.too_early(DIAMOND, list(TopologicalSorter(DIAMOND).static_order())) == []


# The book


def test_the_book_has_four_parts_of_four_chapters_and_is_in_an_order_that_it_allows():
    assert [chapter.part for chapter in book.chapters().values()] == sorted([1, 2, 3, 4] * 4)
    assert model.too_early(book.needs(), list(book.chapters())) == []


@pytest.mark.parametrize("rows", [book.edges(), book.returns()], ids=["needs", "ideas"])
def test_every_arrow_says_whose_it_is_and_why(rows):
    assert len({(row.chapter, getattr(row, "needs", getattr(row, "idea", ""))) for row in rows}) == len(rows)
    for row in rows:
        assert row.kind in book.KINDS and row.chapter in book.chapters() and row.why.endswith(".")
        assert row.kind == "reading" or "ection 1." in row.why or "elf-check 12." in row.why or "ections 1." in row.why


@pytest.mark.parametrize("kind", ["text", None])
def test_the_parts_have_one_order_with_our_arrows_or_without(kind):
    parts = book.part_needs(kind)
    assert model.orders(parts) == 1 and sorted(parts, key=model.layers(parts).get) == list(book.PARTS.values())


# The ring


@pytest.mark.parametrize("workers", [2, 3, 8, 40])
def test_bytes_and_hops_are_those_of_a_ring_that_runs(workers):
    ring = allreduce.ring(allreduce.gradients(workers, seed=2))
    payload = ring.sums[0].nbytes
    assert set(ring.sent_bytes) == {model.sent_bytes(workers, payload)} and ring.rounds == model.ring_hops(workers)
    a_piece_s = payload / workers / 1e9 + 5e-6
    assert model.all_reduce_s(workers, payload, 1e9, 5e-6) == pytest.approx(ring.rounds * a_piece_s)


def test_one_worker_sends_nothing_and_many_send_two_payloads():
    assert model.sent_bytes(1, 1e9) == 0 and model.all_reduce_s(1, 1e9, 1e9, 1e-6) == 0
    assert model.sent_bytes(1e9, 1.0) == pytest.approx(2)
    assert np.all(np.diff(model.sent_bytes(np.arange(1, 100), 1.0)) > 0)


def test_the_slowest_link_is_what_three_published_nodes_reached():
    chip, cards = facts.chip("A100_SXM_40"), 4 * facts.quoted("hdr_card").value
    slowest = model.slowest_link(24, chip.interconnect_bytes_per_s / 2, cards)
    assert slowest == cards and facts.quoted("allreduce_three_nodes").value == pytest.approx(slowest, rel=0.05)
    assert model.slowest_link(8, 3e11, cards) == 3e11


def test_hops_are_counted_as_the_library_does():
    assert model.hops_s(8, 1.0, 100.0) == model.ring_hops(8) == 14
    assert model.hops_s(24, 1.0, 100.0) == 2 * 23 - 4 + 400
    assert model.tree_hops(1024) == 20 and model.tree_hops(1) == 0


def test_a_cut_of_small_networks_counted_by_hand():
    assert model.bisection_links(16, "ring") == 2
    assert model.bisection_links(16, "torus") == 8  # four rows, each cut in two places
    assert model.bisection_links(16, "fat tree") == 8


# A step


def test_a_step_without_a_network_is_the_chapter_s_napkin():
    gpt3, achieved = facts.workload("gpt3"), 0.45 * facts.chip("A100_SXM_80").peak("fp16")
    batch = facts.quoted("gpt3_batch").value
    step = model.fleet_step(1024, gpt3.params, batch, achieved, 1e30)
    days = step.added_s * gpt3.training_tokens / batch / DAY_S
    napkin_s = training_time_s(gpt3.training_flop, 1024, facts.chip("A100_SXM_80").peak("fp16"), 0.45)
    assert days == pytest.approx(napkin_s / DAY_S, rel=0.01)


@pytest.mark.parametrize("params", [1e8, 175e9])
def test_network_and_arithmetic_are_equal_at_the_crossover_whatever_the_model(params):
    workers = model.crossover_workers(5e5, 1.4e14, 2.5e10)
    step = model.fleet_step(workers, params, 5e5, 1.4e14, 2.5e10)
    assert step.data_s == pytest.approx(step.compute_s)
    assert model.crossover_workers(1e-9, 1.4e14, 2.5e10) == pytest.approx(1)


def test_efficiency_is_whole_without_a_network():
    assert model.scaling_efficiency(16, 32.0, 2.0) == 1 and model.scaling_efficiency(16, 32.0, 32.0, weak=True) == 1
    assert model.scaling_efficiency(16, 32.0, 4.0) == 0.5


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: model.sent_bytes(0, 1), "workers"),
        (lambda: model.all_reduce_s(2, 1, 0), "bandwidth_bytes_per_s"),
        (lambda: model.bisection_links(16, "tori"), "torus"),
        (lambda: model.read_first(DIAMOND, "topp"), "top"),
        (lambda: book.where("data terms"), "data term"),
        (lambda: allreduce.ring(allreduce.gradients(7, seed=1)), "do not cut into 7 equal pieces"),
    ],
)
def test_what_makes_no_sense_is_named(call, named):
    with pytest.raises(ValueError, match=named):
        call()
