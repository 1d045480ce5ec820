"""The layer table against published counts, and the cuts that the notebook speaks of."""

import numpy as np
import pytest

from mlsys_helpers import facts
from mlsys_helpers.sections.lifecycle import explorers, split


def test_mobilenet_has_the_published_operations_and_parameters():
    """The paper prints 300 million multiply-adds; 3,504,872 parameters is what libraries count."""
    macs, params = (sum(getattr(layer, what) for layer in split.layers()) for what in ("macs", "params"))
    assert macs == pytest.approx(300e6, rel=0.005)
    assert params == 3_504_872
    row = facts.workload("mobilenetv2")
    assert params == pytest.approx(row.params, rel=0.01) and macs == pytest.approx(row.macs_per_item, rel=0.04)


def test_the_sides_halve_five_times():
    values = [layer.values for layer in split.layers()]
    assert values[0] == 112 * 112 * 32 and values[17] == 7 * 7 * 320 and values[-1] == 1000


def test_the_device_s_layers_add_up_to_what_was_measured():
    assert split.device_s("Raspberry Pi 2").sum() == pytest.approx(0.191)


def where(device, picture):
    last = len(split.layers())
    kinds = {0: "cloud", last: "device"}
    return {link: kinds.get(split.cuts(device, link, picture).best, "middle") for link in explorers.LINKS}


def test_the_middle_wins_from_3_to_10_megabit_if_pixels_are_sent():
    found = where("Raspberry Pi 2", "raw pixels")
    assert [link for link, place in found.items() if place == "middle"] == [3e6, 1e7]
    assert found[1e6] == "device" and found[3e7] == "cloud"


@pytest.mark.parametrize("device", split.DEVICES)
def test_with_a_small_file_the_best_cut_is_at_an_end(device):
    assert "middle" not in where(device, "a file a tenth of that").values()
    early = [layer.values for layer in split.layers()[:7]]
    assert min(early) > split.sent_bytes("a file a tenth of that")[0]


def test_the_phone_is_done_before_a_message_is_there_and_back():
    for picture in split.PICTURES:
        assert set(where("Phone of 2017", picture).values()) == {"device"}
    assert split.device_s("Phone of 2017").sum() < split.ROUND_TRIP_S


def test_the_battery_pays_for_computing_and_for_the_radio():
    joules = split.battery_j(6.0, 0.0616)
    assert joules[-1] == pytest.approx(6.0 * 0.0616)
    assert joules[0] == pytest.approx(224 * 224 * 3 * 5.16e-6)
    assert 0 < int(np.argmin(joules)) < len(joules) - 1
