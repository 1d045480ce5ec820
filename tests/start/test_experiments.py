"""The probe reads what a calibration measured; the simulated service keeps to Little's law."""

import numpy as np
import pytest

from mlsys_helpers.machine.calibrate import calibrate
from mlsys_helpers.start import experiments, figures, model


@pytest.fixture(scope="module")
def runs():
    return experiments.study()


def of(runs, number):
    found = [run for run in runs if run.service == experiments.SERVICES[number].name]
    assert len(found) == 5
    return found


def test_law_and_count_agree(runs):
    assert max(abs(run.error) for run in runs) < 0.02


def test_only_the_average_time_counts(runs):
    nominal = model.in_flight(model.rate_per_s(model.SEARCHES_PER_DAY) / experiments.SAMPLE, experiments.TIME_S)
    for number in (0, 1):
        assert np.mean([run.counted for run in of(runs, number)]) == pytest.approx(nominal, rel=0.03)


def test_where_computers_are_short_searches_wait_and_more_are_inside(runs):
    spare, short = of(runs, 1), of(runs, 2)
    assert min(run.counted for run in short) > max(run.counted for run in spare)
    assert min(run.time_s for run in short) > max(run.time_s for run in spare)
    spread = [np.ptp([run.counted for run in found]) for found in (spare, short)]
    assert spread[1] > 5 * spread[0]  # "how nervous a nearly full service is"


def test_a_seed_gives_the_same_run():
    service = experiments.SERVICES[2]
    assert experiments.simulate(service, 1) == experiments.simulate(service, 1) != experiments.simulate(service, 2)


def test_computers_to_spare_mean_no_waiting():
    assert experiments.simulate(experiments.SERVICES[0], 3).time_s == pytest.approx(experiments.TIME_S)


def test_walls_are_read_from_the_calibration():
    machine = calibrate(largest_bytes=2**18, matrix_sizes=(16, 64), repeats=2)
    walls = experiments.walls(machine)
    assert walls.bytes_per_s == machine.bandwidth_bytes_per_s(2**18, "copy")
    assert walls.flop_per_s == machine.peak_flop_per_s()
    assert walls.calls_per_s * machine.call_latency_s == pytest.approx(1)
    assert walls.warning == machine.warning


def test_the_picture_tells_the_largest_gap(runs):
    worst = max(abs(run.error) for run in runs)
    assert f"{100 * worst:.1f} %" in figures.plot_agreement(runs).get_label()
