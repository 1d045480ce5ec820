"""The tables are sourced, in the right units, and agree with counts made another way."""

import itertools
import subprocess
import sys

import pytest

from mlsys_helpers import facts
from mlsys_helpers.facts.loader import SOURCE_KINDS

TABLES = {
    "chips": (facts.chips(), lambda row: row.chip),
    "workloads": (facts.workloads(), lambda row: row.workload),
    "energies": (facts.energies(), lambda row: row.operation),
    "measurements": (facts.measurements() + facts.measurements(evaluable=False), lambda row: row.id),
    "quoted": (facts.all_quoted(), lambda row: row.quantity),
    "accuracy": (facts.accuracy(), lambda row: (row.model, row.input_pixels)),
    "leaner_runs": (facts.leaner_runs(), lambda row: (row.task, row.model)),
    "processors": (facts.processors(), lambda row: row.processor),
    "landmarks": (facts.landmarks(), lambda row: row.landmark),
    "training_runs": (facts.training_runs(), lambda row: row.model),
}


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_a_source(table):
    rows, key = TABLES[table]
    for row in rows:
        assert row.source_title.strip(), key(row)
        assert row.source_url.startswith("https://"), key(row)
        assert row.source_kind in SOURCE_KINDS, key(row)


@pytest.mark.parametrize("table", TABLES)
def test_names_are_unique(table):
    rows, key = TABLES[table]
    names = [key(row) for row in rows]
    assert len(names) == len(set(names)) > 10


# --- chips


@pytest.mark.parametrize(
    "name, precision, peak",
    [
        ("H100_SXM", "fp16", 989.4e12),
        ("A100_SXM_80", "fp16", 312e12),
        ("A100_SXM_80", "bf16", 312e12),
        ("RTX_3090", "fp16", 71.2e12),
        ("T4", "int8", 130e12),
        ("TPU_v4", "bf16", 275e12),
        ("GTX_580", "fp32", 1.581e12),
        ("ORIN_NANO_8", "int8", 20e12),
    ],
)
def test_peaks_are_the_dense_ones(name, precision, peak):
    assert facts.chip(name).peak(precision) == pytest.approx(peak, rel=1e-3)


@pytest.mark.parametrize("chip", [c for c in facts.chips() if c.kind != "soc"], ids=lambda chip: chip.chip)
def test_lower_precision_is_never_slower_and_never_sparse(chip):
    """Halving the bits at most doubles a dense rate (GeForce INT8: 4x); more would hide a sparse figure.

    Not for Apple's chips: their INT8 column is another engine on the die.
    """
    for slower, faster, most in (("tf32", "fp16", 2.05), ("fp16", "fp8", 2.05), ("fp16", "int8", 4.05)):
        if slower in chip.peaks and faster in chip.peaks:
            assert 0.95 <= chip.peak(faster) / chip.peak(slower) <= most, (chip.chip, slower, faster)
    if {"fp32", "fp16"} <= chip.peaks.keys():
        assert 0.95 <= chip.peak("fp16") / chip.peak("fp32") <= 30


@pytest.mark.parametrize("kind", sorted({chip.kind for chip in facts.chips()}))
def test_chip_figures_are_in_si_units(kind):
    """A figure left in GB/s, TFLOP/s, GB or billions of transistors falls out of these ranges."""
    for chip in facts.chips(kind):
        _check_units(chip)


def _check_units(chip):
    assert 2010 <= chip.year <= 2026
    assert all(1e8 <= peak <= 1e16 for peak in chip.peaks.values())
    for value, least, most in (
        (chip.bandwidth_bytes_per_s, 2e8, 3e16),
        (chip.memory_bytes, 1e5, 1e12),
        (chip.tdp_w, 0.01, 1500),
        (chip.price_usd, 5, 3e6),
        (chip.interconnect_bytes_per_s, 1e9, 1e13),
        (chip.transistors, 1e9, 1e13),
    ):
        assert value is None or least <= value <= most, (chip.chip, value)


def test_recalled_names_fields_that_hold_a_value():
    recalled = [(chip, field) for chip in facts.chips() for field in chip.recalled]
    assert recalled
    assert all(getattr(chip, field) is not None for chip, field in recalled)


def test_a_chip_without_a_precision_names_those_it_has():
    with pytest.raises(ValueError, match=r"T4.*'fp8'.*fp32, fp16, bf16, int8"):
        facts.chip("T4").peak("fp8")
    with pytest.raises(ValueError, match="no peak of SYNTIANT_NDP120"):
        facts.chip("SYNTIANT_NDP120").peak("int8")


def test_chips_of_one_kind():
    assert {"TPU_v1", "TPU_v5p"} <= {chip.chip for chip in facts.chips("tpu")}
    assert all(chip.kind == "mcu" for chip in facts.chips("mcu"))


# --- workloads: counted again from the shapes


@pytest.mark.parametrize("model", facts.workloads(), ids=lambda model: model.workload)
def test_a_multiply_add_is_two_flop(model):
    if model.macs_per_item is not None:
        assert model.flop_per_item == 2 * model.macs_per_item
    if model.item == "token":
        assert model.flop_per_item == 2 * model.params
    assert model.params >= 1e4 and model.bytes_per_param in (1, 2, 4)


def _gated(model):
    attention = 2 * model.hidden * model.heads * model.head_dim + 2 * model.hidden * model.kv_heads * model.head_dim
    layer = attention + 3 * model.hidden * model.ffn + 2 * model.hidden
    return 2 * model.vocab * model.hidden + model.layers * layer + model.hidden


@pytest.mark.parametrize(
    "model", [m for m in facts.workloads() if m.workload.startswith("llama")], ids=lambda m: m.workload
)
def test_llama_parameters_follow_from_the_shapes(model):
    assert _gated(model) == model.params


@pytest.mark.parametrize("name, positions, rel", [("gpt2", 1024, 0), ("gpt2_xl", 1024, 0), ("gpt3", 2048, 0.005)])
def test_gpt_parameters_follow_from_the_shapes(name, positions, rel):
    model = facts.workload(name)
    layer = 12 * model.hidden**2 + 13 * model.hidden
    counted = (model.vocab + positions) * model.hidden + model.layers * layer + 2 * model.hidden
    assert counted == pytest.approx(model.params, rel=rel, abs=0)
    assert model.heads * model.head_dim == model.hidden and model.ffn == 4 * model.hidden


def _conv(side, out, into, kernel, groups=1):
    """Parameters with bias, multiply-adds, outputs of a convolution whose output is `side` wide (or (h, w))."""
    area = side[0] * side[1] if isinstance(side, tuple) else side**2
    weights = out * into * kernel // groups
    return weights + out, area * weights, area * out


def _count(layers):
    return tuple(map(sum, zip(*layers, strict=True)))


def test_ds_cnn_counted_from_its_layers():
    blocks = [_conv((25, 5), 64, 64, 9, groups=64), _conv((25, 5), 64, 64, 1)] * 4
    params, macs, outputs = _count([_conv((25, 5), 64, 1, 40), *blocks])
    model = facts.workload("ds_cnn")
    assert (params + 65 * 12, macs + 64 * 12) == (model.params, model.macs_per_item)
    assert model.bytes_per_item == 2 * outputs


def test_wake_vision_counted_from_its_layers():
    shapes = ((50, 8, 3), (25, 16, 8), (12, 24, 16), (6, 30, 24), (3, 34, 30), (1, 37, 34))
    params, macs, outputs = _count([_conv(*shape, 9) for shape in shapes])
    model = facts.workload("wake_vision")
    assert (params + 38 * 37 + 38 * 2, macs + 37 * 37 + 37 * 2) == (model.params, model.macs_per_item)
    assert model.bytes_per_item == 2 * (outputs + 37 + 2)


def test_alexnet_counted_from_its_layers():
    shapes = ((55, 96, 3, 121), (27, 256, 96, 25, 2), (13, 384, 256, 9), (13, 384, 384, 9, 2), (13, 256, 384, 9, 2))
    dense = ((1, 4096, 9216, 1), (1, 4096, 4096, 1), (1, 1000, 4096, 1))
    params, macs, _ = _count([_conv(*shape) for shape in shapes + dense])
    conv_outputs = _count([_conv(*shape) for shape in shapes])[2]
    model = facts.workload("alexnet")
    assert (params, macs) == (model.params, model.macs_per_item)
    assert model.bytes_per_item == 2 * 4 * conv_outputs
    assert macs == pytest.approx(0.727e9, rel=0.01)  # the count of an independent table (convnet-burden)


def test_dlrm_counted_from_its_layers():
    mlps = [[13, 512, 256, 128], [128 + 27 * 26 // 2, 1024, 1024, 512, 256, 1]]
    pairs = [pair for sizes in mlps for pair in itertools.pairwise(sizes)]
    model = facts.workload("dlrm")
    assert model.params == sum(a * b + b for a, b in pairs)
    assert model.macs_per_item == sum(a * b for a, b in pairs) + 351 * 128
    assert model.embedding_bytes == 177_944_275 * 128 * 4


def test_workloads_agree_with_the_measured_rows():
    """The same model, entered twice by different routes."""
    rows = {row.workload: row for row in facts.measurements()}
    for name, row in {"ds_cnn": "DS-CNN keyword spotting (X-CUBE-AI)", "dlrm": "DLRM small inference b2048"}.items():
        assert facts.workload(name).flop_per_item == rows[row].flops_per_item
    bert = rows["BERT-Large pretraining seq128"].flops_per_item
    assert 3 * facts.workload("bert_large").flop_per_item == pytest.approx(bert, rel=1e-3)


def test_gpt3_training_is_about_six_flop_per_parameter_and_token():
    gpt3 = facts.workload("gpt3")
    assert gpt3.training_flop == pytest.approx(6 * gpt3.params * gpt3.training_tokens, rel=0.01)


def test_the_five_lighthouse_models_are_there():
    wanted = {"resnet50", "gpt2", "gpt2_xl", "llama3_8b", "dlrm", "mobilenetv2", "ds_cnn"}
    assert wanted <= {model.workload for model in facts.workloads()}


# --- energy


def test_energy_ratios_of_the_chapter():
    dram_byte_j = facts.energy("dram_read_32bit").energy_j_per_byte
    assert dram_byte_j == pytest.approx(160e-12)
    assert dram_byte_j / facts.energy("fp16_multiply").energy_j == pytest.approx(145.5, abs=0.05)
    assert dram_byte_j / facts.energy("int8_multiply").energy_j == pytest.approx(800)


def test_energies_are_joules_and_farther_memory_costs_more():
    assert all(1e-14 < row.energy_j < 1e-8 for row in facts.energies())
    far = [facts.energy(f"{place}_read").energy_j for place in ("sram_8kb", "sram_32kb", "sram_1mb")]
    far.append(facts.energy("dram_read_64bit").energy_j)
    assert far == sorted(far)


def test_arithmetic_has_no_energy_per_byte():
    with pytest.raises(ValueError, match="int8_add is arithmetic"):
        _ = facts.energy("int8_add").energy_j_per_byte


# --- measurements


def _share_of_peaks(row):
    chip = facts.chip(row.hardware)
    flop = row.flops_per_item * row.items_per_step
    moved = (row.params or 0) * row.bytes_per_param + row.bytes_per_item * row.items_per_step
    device_s = row.seconds_per_step * row.n_parallel
    return flop / device_s / chip.peak(row.precision), moved / device_s / chip.bandwidth_bytes_per_s


def test_no_measurement_beats_its_chip_but_by_winograd():
    """Faster than the peak means wrong units or accounting, but for convolutions in fewer multiplications (2.25x)."""
    shares = {row: _share_of_peaks(row) for row in facts.measurements()}
    assert max(data for _, data in shares.values()) <= 1
    faster = {row: compute for row, (compute, _) in shares.items() if compute > 1}
    assert all(row.precision == "fp32" and row.kind in ("cpu_cnn", "cnn_train") for row in faster)
    assert len(faster) == 5 and max(faster.values()) <= 2.25


def test_rows_set_aside_say_why():
    aside = facts.measurements(evaluable=False)
    assert len(aside) == 7
    assert all("not evaluable" in row.note.lower() for row in aside)
    assert sum(_share_of_peaks(row)[0] > 1 for row in aside) == 2


def test_measurements_are_all_there_and_selectable():
    assert len(facts.measurements()) == 233
    decode = facts.measurements("llm_decode_b1")
    assert len(decode) == 45 and {row.kind for row in decode} == {"llm_decode_b1"}
    assert all(row.seconds_per_step > 0 and row.n_parallel >= 1 for row in facts.measurements())


# --- accuracy


def test_the_resnet_ladder_climbs():
    ladder = facts.accuracy("resnet")
    assert [row.model.split(".")[0] for row in ladder] == [f"resnet{n}" for n in (18, 34, 50, 101, 152)]
    assert [row.top1_percent for row in ladder] == sorted(row.top1_percent for row in ladder)
    assert ladder[2].flop_per_image == facts.workload("resnet50").flop_per_item


def test_accuracies_are_percent_and_macs_are_counts():
    for row in facts.accuracy():
        assert 50 < row.top1_percent < row.top5_percent < 100, row.model
        assert 1e7 < row.macs < 1e11 and 1e6 < row.params < 1e9, row.model


# --- the loader


@pytest.mark.parametrize(
    "ask, wrong, meant",
    [
        (facts.chip, "A100_SXM", "A100_SXM_80"),
        (facts.chip, "h100_sxm", "H100_SXM"),
        (facts.workload, "ResNet-50", "resnet50"),
        (facts.energy, "fp16_multiplication", "fp16_multiply"),
        (facts.chips, "gpus", "gpu"),
        (facts.measurements, "cnn_training", "cnn_train"),
        (facts.accuracy, "resnets", "resnet"),
    ],
)
def test_unknown_names_get_the_nearest_match(ask, wrong, meant):
    with pytest.raises(ValueError, match=f"{wrong!r}.*did you mean.*{meant!r}"):
        ask(wrong)


HEADER = "operation,name,node_nm,energy_j,energy_high_j,per,source_kind,note,source_title,source_url\n"


@pytest.mark.parametrize(
    "text, complaint",
    [
        (HEADER.replace("energy_j,", "") + "a,A,45,,op,paper,,T,U\n", "line 1: column 'energy_j' is missing"),
        (HEADER.replace("note", "note,colour") + "a,A,45,1e-12,,op,paper,,,T,U\n", "line 1: column 'colour'"),
        (HEADER + "a,A,45,1e-12,,op,paper,,T,U\nb,B,45,1 pJ,,op,paper,,T,U\n", "line 3, column energy_j: .* '1 pJ'"),
        (HEADER + "a,A,45,nan,,op,paper,,T,U\n", "line 2, column energy_j: expected a finite number, got 'nan'"),
        (HEADER + "a,A,45,,,op,paper,,T,U\n", "line 2, column energy_j: expected a finite number, got ''"),
        (HEADER + "a,A,7.5,1e-12,,op,paper,,T,U\n", "line 2, column node_nm: expected a whole number"),
        (HEADER + "a,A,45,1e-12,,op,paper,one, two,T,U\n", "line 2: too many cells"),
        (HEADER + "a,A,45,1e-12,,op\n", "line 2: too few cells"),
        ("", "line 1: column 'operation' is missing"),
    ],
)
def test_a_malformed_table_is_refused_by_file_row_and_column(tmp_path, text, complaint):
    path = tmp_path / "wrong.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"wrong\.csv, " + complaint):
        facts.read_table(path, facts.EnergyPerOp)


def test_a_well_formed_table_is_read_and_empty_cells_are_none(tmp_path):
    path = tmp_path / "right.csv"
    path.write_text(HEADER + 'a,A,,1e-12,,byte,paper,"one, two",T,U\n')
    (row,) = facts.read_table(path, facts.EnergyPerOp)
    assert (row.node_nm, row.energy_j, row.energy_high_j, row.note) == (None, 1e-12, None, "one, two")
    with pytest.raises(AttributeError):
        row.energy_j = 2.0


def test_importing_facts_loads_nothing_heavy():
    heavy = "{'matplotlib', 'pandas', 'ipywidgets', 'IPython', 'difflib'}"
    code = f"import sys, mlsys_helpers.facts as f; f.chip('T4'); print(*({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_training_runs_are_in_order_and_agree_with_counts_made_here():
    runs = facts.training_runs()
    assert [row.year for row in runs] == sorted(row.year for row in runs) and int(runs[0].year) == 1950
    gpt3 = next(row for row in runs if row.model.startswith("GPT-3"))
    assert gpt3.training_flop == pytest.approx(facts.workload("gpt3").training_flop, rel=0.01)


def test_the_printed_reductions_are_those_of_the_compute_but_for_one():
    first = {row.task: row for row in facts.leaner_runs() if row.task == row.model.split(" ")[0]}
    off = {
        row.model
        for row in facts.leaner_runs()
        if row.reduction_printed != pytest.approx(first[row.task].training_flop / row.training_flop, rel=0.06)
    }
    assert len(first) == 4 and off == {"EfficientNet (b1)"}


def test_the_first_processor_is_of_1971_and_landmarks_know_their_dimension():
    assert (facts.processors()[0].year, facts.processors()[0].transistors) == (1971, 2300)
    assert {row.dimension for row in facts.landmarks()} == {"data", "algorithm", "machine"}
