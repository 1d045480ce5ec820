"""Every claim that the notebook and the quiz make about explorers and tables."""

import numpy as np
import pytest

from mlsys_helpers.kit.figure import description
from mlsys_helpers.quiz.bank import section_bank
from mlsys_helpers.sections.book_map import book, explorers, figures, fleet, model, tables

NEEDS = book.needs()


def part(number):
    return {name for name, chapter in book.chapters().items() if chapter.part == number}


def test_compression_comes_after_nine_chapters_and_all_of_part_one():
    first = explorers.related("model_compression", explorers.FIRST)
    assert len(first) == 9 and part(1) <= first


def test_most_is_lost_without_the_workflow_and_least_of_part_three_without_benchmarking():
    lost = {name: len(explorers.related(name, explorers.LOST)) for name in NEEDS if name != "introduction"}
    assert max(lost, key=lost.get) == "ml_workflow" and lost["ml_workflow"] == 13
    assert min(part(3), key=lost.get) == "benchmarking"
    assert explorers.related("benchmarking", explorers.LOST) == {"conclusion"}


def test_orders_left_as_text_and_quiz_say():
    assert model.orders(NEEDS) == 24
    assert 20e6 < model.orders(book.needs("text")) < 21e6  # "some twenty million"


def test_without_part_three_all_of_part_four_is_lost_and_nothing_else():
    assert model.lost_without(NEEDS, part(3)) == part(4)


def test_the_text_takes_the_data_term_up_again_in_part_three_only():
    said = {book.chapters()[row.chapter].part for row in book.where("data term") if row.kind == "text"}
    assert said == {1, 3}


def test_the_pillars_whose_chapter_the_text_does_not_name_and_where_pillars_meet():
    pillars = {row.idea for row in book.returns() if row.group == "pillar"}
    unnamed = {idea for idea in pillars if all(row.kind == "reading" for row in book.where(idea))}
    assert unnamed == {"Deployment Infrastructure", "Operations and Monitoring"}
    parts = {idea: {book.chapters()[row.chapter].part for row in book.where(idea)} for idea in pillars}
    assert sum(4 in found for found in parts.values()) == 3 and {3} not in parts.values()


def test_what_quantisation_does_to_each_job():
    faster = {job: tables.quantised_speedup(job) for job in tables.JOBS}
    assert faster["reading a prompt"] == 1 and tables.job_terms("reading a prompt", 2.0).binding == "compute"
    assert faster["writing for one user"] > 1.9 and 1.1 < faster["writing for 64 at once"] < 1.3
    llama_bytes = tables.job_terms("writing for 64 at once", 2.0).data_s
    assert tables.job_terms("writing for 64 at once", 1.0).data_s > 0.5 * llama_bytes  # caches are most of the bytes


def test_on_the_chapter_s_fleet_with_one_card_the_network_takes_longer():
    step = fleet.step(1024, cards=1)
    assert step.data_s > step.compute_s
    assert all(fleet.step(1024, cards).data_s < step.compute_s for cards in (4, 8))
    assert fleet.gpt3_days(1)[0] > 2 * 25 and fleet.gpt3_days(8)[1] == pytest.approx(25.4, abs=0.1)


def crossing(cards, batch, workload):
    return fleet.curve(cards, batch, workload)[1]


def test_the_model_hardly_moves_the_crossing_and_eight_cards_move_it_eight_times_out():
    found = [crossing(1, fleet.SHARED, workload) for workload in fleet.MODELS.values()]
    assert max(found) < 1.02 * min(found)
    eight = crossing(8, fleet.SHARED, "gpt3")
    assert 7.5 * crossing(1, fleet.SHARED, "gpt3") < eight < 8 * crossing(1, fleet.SHARED, "gpt3")
    formula = model.crossover_workers(3.2e6, fleet.achieved_flop_per_s(), fleet.node_bytes_per_s(1))
    assert crossing(1, fleet.SHARED, "gpt3") == pytest.approx(formula, rel=0.01)


def test_for_gpt2_eight_cards_move_the_crossing_five_times_out_since_hops_are_a_third_of_the_sum():
    found = crossing(8, fleet.SHARED, "gpt2_xl")
    assert found / crossing(1, fleet.SHARED, "gpt2_xl") == pytest.approx(5, abs=0.1)
    step = fleet.step(found, 8, fleet.SHARED, "gpt2_xl")
    assert 1 / 3 < step.latency_s / (step.latency_s + step.data_s) < 0.4


def test_a_line_is_drawn_at_every_worker_count_of_the_slider_and_leaves_the_node_at_nine():
    assert set(fleet.WORKERS) < set(fleet.DRAWN)
    terms, first = fleet.curve(1, fleet.EACH, "gpt3")
    network_s = terms.data_s + terms.latency_s
    assert first == 9 and fleet.DRAWN[np.argmax(network_s > terms.compute_s)] == 9


def test_in_weak_scaling_with_four_cards_they_do_not_cross_and_hops_weigh_most_for_the_smallest():
    assert all(np.isnan(crossing(4, fleet.EACH, workload)) for workload in fleet.MODELS.values())
    steps = [fleet.step(8192, 4, fleet.EACH, workload) for workload in fleet.MODELS.values()]
    hops = [step.latency_s / (step.latency_s + step.data_s) for step in steps]
    assert hops == sorted(hops, reverse=True) and hops[0] > 0.2


def test_every_chapter_has_a_place_of_its_own_below_what_it_needs():
    places = figures.places(NEEDS, {name: chapter.part for name, chapter in book.chapters().items()})
    assert len(set(places.values())) == len(NEEDS)
    assert all(places[edge.needs][1] < places[edge.chapter][1] for edge in book.edges())


def test_the_map_is_told_in_words():
    told = description(figures.plot_book())
    assert all(chapter.title in told for chapter in book.chapters().values())
    by_text, ours = told.split("Our reading")
    assert "Data Engineering needs ML Workflow" in by_text and "ML Systems needs Introduction" in ours


def test_more_than_a_third_of_the_arrows_are_ours():
    assert 1 / 3 < sum(edge.kind == "reading" for edge in book.edges()) / len(book.edges()) < 1 / 2


def test_the_parts_of_the_quiz_are_in_the_book_s_order():
    items = section_bank("book_map").question("book_map.four_parts").items
    assert len(items) == len(book.PARTS) and items[0].startswith("Constraints") and items[-1].startswith("Systems")
