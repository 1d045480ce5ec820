"""Section 1.6: time, energy and money."""

from functools import partial

from mlsys_helpers import facts
from mlsys_helpers.kit.units import DAY_S, TERA
from mlsys_helpers.numbers.claim import Claim
from mlsys_helpers.numbers.given import (
    ACCELERATORS,
    ALEXNET_DAYS,
    ALEXNET_GPUS,
    BETTER_UTILISATION,
    GPT3_FLOP,
    GPT4_GPU_DAYS,
    PEAK_FLOP_PER_S,
    PERCENT,
    UTILISATION,
)
from mlsys_helpers.sections.efficiency import model as efficiency
from mlsys_helpers.sections.iron_law import model as iron_law

claim = partial(Claim, "1.6")
LIGHTHOUSES = {"ResNet-50", "GPT-2/Llama", "DLRM", "MobileNetV2", "Keyword Spotting"}  # table 6
PARADIGMS = ("cloud", "edge", "mobile", "TinyML")  # perspective 1.2
MISSIONS = {  # table 7, with their workloads
    "frontier training": "GPT-4",
    "autonomous perception": "YOLOv8-nano",
    "mobile assistant": "small LLM",
    "smart doorbell": "Wake Vision",
}
DAYS_PER_WEEK = 7
CASES = ("Waymo", "FarmBeats", "AlphaFold")
IMAGENET_IMAGES = 14.2e6


def training_days(utilisation: float) -> float:
    """Days that napkin math 1.1 takes at a utilisation."""
    return iron_law.training_time_s(GPT3_FLOP, ACCELERATORS, PEAK_FLOP_PER_S, utilisation) / DAY_S


def decode_saved_percent(**faster: float) -> float:
    """Time that a faster A100 saves the largest GPT-2, one token at a time, short context."""
    chip, work = facts.chip("A100_SXM_80"), iron_law.workload_work(facts.workload("gpt2_xl"), tokens=1)
    terms = iron_law.time_terms(work.bytes_moved, chip.bandwidth_bytes_per_s, work.flop, chip.peak("fp16"))
    return PERCENT * (1 - 1 / iron_law.speedup(terms, **faster))


def movement_percent(work: iron_law.Work) -> float:
    """Share of the energy of FP16 work that goes into moving its data."""
    moving, computing = facts.energy("dram_read_32bit").energy_j_per_byte, facts.energy("fp16_multiply").energy_j
    spent = iron_law.energy(work.bytes_moved, work.flop, moving, computing)
    return PERCENT * spent.move_j / spent.total_j


def training_flop(name: str) -> float:
    """Estimated work of training the model called `name`, FLOP."""
    return next(run.training_flop for run in facts.training_runs() if run.model == name)


CLAIMS = (
    claim("gpt3_flop", "napkin math 1.1", "Work of training GPT-3", "3.14e23", "FLOP", lambda: 314e21),
    claim(
        "peak",
        "napkin math 1.1",
        "Peak of an accelerator that trains GPT-3",
        "312",
        "TFLOP/s",
        why="That of an A100 in dense FP16.",
    ),
    claim("utilisation", "napkin math 1.1", "Share of the peak that training GPT-3 reaches", "45", "%"),
    claim("accelerators", "napkin math 1.1", "Accelerators that train GPT-3", "1024", "accelerators"),
    claim(
        "gpt3_days",
        "napkin math 1.1",
        "Training of GPT-3 on 1,024 accelerators at 45 % of their peak",
        "25",
        "days",
        lambda: iron_law.training_time_s(GPT3_FLOP, ACCELERATORS, PEAK_FLOP_PER_S, UTILISATION) / DAY_S,
    ),
    claim(
        "gpt3_days_better",
        "napkin math 1.1",
        "Training of GPT-3 on 1,024 accelerators at 60 % of their peak",
        "19",
        "days",
        lambda: iron_law.training_time_s(GPT3_FLOP, ACCELERATORS, PEAK_FLOP_PER_S, BETTER_UTILISATION) / DAY_S,
    ),
    claim(
        "gpt3_days_saved",
        "napkin math 1.1",
        "Time that going from 45 to 60 % of the peak saves",
        "nearly 6",
        "days",
        lambda: training_days(UTILISATION) - training_days(BETTER_UTILISATION),
        why="It is more than 6. The rounded 25 and 19 are 6 apart, no less.",
    ),
    claim(
        "gpt3_time_ratio",
        "napkin math 1.1",
        "What is left of the time at 60 % of the peak for 45 %",
        unit="of it",
        recompute=lambda: UTILISATION / BETTER_UTILISATION,
    ),
    claim(
        "gpt3_gpu_days",
        "napkin math 1.1",
        "Training of GPT-3 in accelerator-days",
        unit="accelerator-days",
        recompute=lambda: ACCELERATORS * training_days(UTILISATION),
    ),
    claim(
        "terms_in_seconds",
        "equation 4",
        "The unit of every term of the iron law",
        "seconds",
        why="Bytes over bytes a second, operations over operations a second.",
    ),
    claim(
        "energy_term",
        "text before equation 6",
        "Energy, beside the three terms of time",
        "a fourth term",
        against=("terms_in_seconds",),
        why="Joules cannot be added to seconds. Equation 6 is a second budget.",
    ),
    claim(
        "overlap_gain",
        "equation 5",
        "The most that overlapping two terms of the iron law can gain",
        unit="×",
        recompute=lambda: iron_law.Terms(1, 1, 0).added_s / iron_law.Terms(1, 1, 0).overlapped_s,
        why="Reached where the two are equal.",
    ),
    claim(
        "dram_fp16",
        "text after equation 6",
        "Energy of a byte from memory, in FP16 operations",
        "145.5",
        "×",
        lambda: iron_law.energy_crossover(
            facts.energy("dram_read_32bit").energy_j_per_byte, facts.energy("fp16_multiply").energy_j
        ),
        why="The energies are not printed; these are the ones behind the ratio.",
    ),
    claim(
        "dram_int8",
        "text after equation 6",
        "Energy of a byte from memory, in INT8 operations",
        "800",
        "×",
        lambda: iron_law.energy_crossover(
            facts.energy("dram_read_32bit").energy_j_per_byte, facts.energy("int8_multiply").energy_j
        ),
    ),
    claim(
        "fp16_int8",
        "text after equation 6",
        "An FP16 operation in INT8 operations, by the two printed ratios of energy",
        unit="×",
        recompute=lambda: 800 / 145.5,
        why="The energies themselves give 5.5, so the two ratios fit each other.",
    ),
    claim(
        "movement_dominates",
        "equation 6",
        "Moving data, as a share of the energy of a computation",
        "dominant",
        "%",
        lambda: movement_percent(iron_law.matmul_work(4096, 4096, 4096, 2)),
        within=(50, 100),
        why="In a product of two matrices 4,096 wide. A byte costs more, but there are far more operations than bytes.",
    ),
    claim(
        "return_on_compute",
        "text on return on compute",
        "Work that a gain in accuracy of 1 % may cost",
        "10",
        "×",
        lambda: iron_law.return_on_compute(0.70, 0.71, 1, 10),
        gives="points for each cost of before",
        why="An example. What was added is the difference.",
    ),
    claim("gain_percent", "text on return on compute; section 1.13", "Gain in accuracy for ten times the work", "1 %"),
    claim(
        "gain_point",
        "self-checks 2 and 6",
        "Gain in accuracy for ten times the work, in the self-checks",
        "1 percentage point",
        against=("gain_percent",),
        why="Not the same for any accuracy below 100 %.",
    ),
    claim(
        "cost_divisor",
        "self-check 6, answer",
        "By what to divide a gain in accuracy for ten times the work",
        "10",
        "× the cost of before",
        lambda: 10 - 1,
        why="The definition takes what was added. How far the return fell needs the figures of the generation before.",
    ),
    claim("lighthouses", "text, table 6", "Lighthouse models", "5", "models", lambda: len(LIGHTHOUSES)),
    claim("deployments", "text; table 5", "Deployment paradigms", "4", "paradigms", lambda: len(PARADIGMS)),
    claim("missions", "text; table 7", "Engineering missions", "4", "missions", lambda: len(MISSIONS)),
    claim("cases", "text; section 1.10", "Case studies", "3", "cases", lambda: len(CASES)),
    claim(
        "mission_workloads",
        "text",
        "Missions whose workload is a lighthouse model",
        "all",
        "missions",
        lambda: len(LIGHTHOUSES & set(MISSIONS.values())),
        within=(4, 4),
        against=("1.9, table 7",),
        why="The missions have workloads of their own.",
    ),
    claim(
        "gpt2_params",
        "text",
        "Weights that GPT-2 reads for every token",
        "billions",
        "parameters",
        lambda: facts.workload("gpt2_xl").params,
        within=(2e9, 1e12),
        why="The largest GPT-2 has one and a half, the smallest an eighth of one. Llama has billions.",
    ),
    claim(
        "decode_intensity",
        "text",
        "Operations of GPT-2 for each byte of weights that it reads",
        unit="FLOP/B",
        recompute=lambda: iron_law.intensity(2, 2),
        why="A multiplication and an addition for each weight of two bytes.",
    ),
    claim(
        "decode_peak",
        "text",
        "Time that twice the peak saves GPT-2 for each token",
        "barely",
        "%",
        lambda: decode_saved_percent(compute=2),
        within=(0, 1),
        why="On an A100 of 80 GB, terms added.",
    ),
    claim(
        "decode_bandwidth",
        "text",
        "Time that twice the bandwidth saves GPT-2 for each token",
        unit="%",
        recompute=lambda: decode_saved_percent(data=2),
    ),
    claim(
        "dlrm_bytes",
        "table 6",
        "Size of recommendation models",
        "terabytes",
        recompute=lambda: facts.workload("dlrm").embedding_bytes / TERA,
        gives="TB in the largest public benchmark",
        why="Production models are larger.",
    ),
    claim("imagenet_year", "footnote 21", "The ImageNet data set", "2009"),
    claim(
        "imagenet_workers",
        "footnote 21",
        "People who labelled ImageNet",
        "49,000",
        "workers",
        lambda: IMAGENET_IMAGES / 49_000,
        gives="images each",
    ),
    claim(
        "imagenet_images",
        "footnote 21",
        "Images in ImageNet",
        "14.2 million",
        "images",
        lambda: IMAGENET_IMAGES / 21_841,
        gives="images for each category",
    ),
    claim("imagenet_categories", "footnote 21", "Categories in ImageNet", "21,841", "categories"),
    claim(
        "imagenet_split",
        "footnote 21",
        "Images of ImageNet to train on in the challenge of 2012",
        "1.3 million",
        "images",
        lambda: PERCENT * 1.3e6 / IMAGENET_IMAGES,
        gives="% of all",
    ),
    claim(
        "alexnet_week",
        "text",
        "Training of AlexNet on two graphics cards, in section 1.6",
        "1",
        "week",
        lambda: ALEXNET_DAYS / DAYS_PER_WEEK,
        why="Six days in table 3.",
    ),
    claim(
        "orders",
        "text; sections 1.7 and 1.14",
        "Growth of the resources of training since AlexNet",
        "7",
        "orders of magnitude",
        lambda: efficiency.orders(GPT4_GPU_DAYS / (ALEXNET_DAYS * ALEXNET_GPUS)),
        against=("gpt4_gpu_days", "alexnet_days"),
        why="In the device-days of table 3, which are no unit of work. The figure that would show it is missing.",
    ),
    claim(
        "orders_flop",
        "text; sections 1.7 and 1.14",
        "Growth of the operations of training since AlexNet, by public estimates",
        unit="orders of magnitude",
        recompute=lambda: efficiency.orders(training_flop("GPT-4") / training_flop("AlexNet")),
        why="Estimates of Epoch AI. Seven would lie between the two ways to count.",
    ),
    claim(
        "filter_reuse",
        "self-check 4",
        "Uses of a filter of ResNet-50 in one pass",
        "thousands",
        "uses",
        lambda: facts.workload("resnet50").macs_per_item / facts.workload("resnet50").params,
        within=(2000, 1e6),
        why="The average over all weights, for one image. Early layers reach thousands; the text speaks of batches.",
    ),
)
