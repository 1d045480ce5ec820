"""Honest submissions that go about it in another way, or come in another form. All deserve full marks."""

import json

from tests.grading.sandbox.exercise import FIRST, data, find, solved, text

_TERMS = """
def time_terms(bytes_moved, bandwidth_bytes_per_s, flop, peak_flop_per_s, utilisation, latency_s):
    return bytes_moved / bandwidth_bytes_per_s, flop / (peak_flop_per_s * utilisation), latency_s
"""
_CACHE = "2 * chat.layers * chat.kv_heads * chat.head_dim * int(chat.bytes_per_value) * chat.context * chat.batch"

ANSWERED = {  # (what the cell has in it, source)
    "list_for_tuple": ("def time_terms", _TERMS.replace("return ", "return [").rstrip() + "]"),
    "stars": (
        "def time_terms",
        """
def time_terms(*, flop, latency_s, **g):
    return g['bytes_moved'] / g['bandwidth_bytes_per_s'], flop / g['peak_flop_per_s'] / g['utilisation'], latency_s
""",
    ),
    "namedtuple": (
        "def time_terms",
        "from typing import NamedTuple\nclass T(NamedTuple):\n    a: float\n    b: float\n    c: float\n"
        + _TERMS.replace("return ", "return T(").rstrip()
        + ")",
    ),
    "prints": ("def time_terms", _TERMS.replace("    return", "    print('here', bytes_moved)\n    return")),
    "lambda": (
        "def binding_term",
        "binding_term = lambda data_s, compute_s, latency_s: 'data' if data_s >= max(compute_s, latency_s) "
        "else 'compute' if compute_s >= latency_s else 'latency'",
    ),
    "np_str": (
        "def binding_term",
        """
def binding_term(data_s, compute_s, latency_s):
    return np.array(['data', 'compute', 'latency'])[np.argmax([data_s, compute_s, latency_s])]
""",
    ),
    "upper_case": (
        "def binding_term",
        """
def binding_term(data_s, compute_s, latency_s):
    terms = [data_s, compute_s, latency_s]
    return ['Data', 'Compute', 'Latency'][terms.index(max(terms))]
""",
    ),
    "slow_but_right": (
        "def binding_term",
        """
import time
def binding_term(data_s, compute_s, latency_s):
    time.sleep(0.03)
    terms = {'data': data_s, 'compute': compute_s, 'latency': latency_s}
    return max(terms, key=terms.get)
""",
    ),
    "loop_for_arrays": (
        "def pipelined_s",
        """
def pipelined_s(data_s, compute_s, latency_s):
    try:
        pairs = zip(np.broadcast_to(data_s, np.shape(compute_s)), compute_s)
        return np.array([max(data, compute) + latency_s for data, compute in pairs])
    except TypeError:
        return max(data_s, compute_s) + latency_s
""",
    ),
    "list_for_array": (
        "def pipelined_s",
        """
def pipelined_s(data_s, compute_s, latency_s):
    return (np.maximum(data_s, compute_s) + latency_s).tolist()
""",
    ),
    "np_where": (
        "def pipelined_s",
        """
def pipelined_s(data_s, compute_s, latency_s):
    return np.where(np.asarray(data_s) > compute_s, data_s, compute_s) + latency_s
""",
    ),
    "vectorize": (
        "def pipelined_s",
        "pipelined_s = np.vectorize(lambda data_s, compute_s, latency_s: max(data_s, compute_s) + latency_s)",
    ),
    "float32_value": (
        "achieved_before",
        """
gain = 1 / run.utilisation_before - 1 / run.utilisation_after
days_saved = np.float32(run.flop / run.chips / run.peak_flop_per_s * gain / 86400)
""",
    ),
    "longdouble_value": (
        "bytes_per_token",
        f"kv_cache_gb = np.longdouble({_CACHE}) / 10**9",
    ),
    "fraction_value": ("bytes_per_token", f"from fractions import Fraction\nkv_cache_gb = Fraction({_CACHE}, 10**9)"),
    "decimal_value": (
        "bytes_per_token",
        f"from decimal import Decimal\nkv_cache_gb = Decimal({_CACHE}) / Decimal('1e9')",
    ),
}
BESIDE = {  # an extra cell behind the imports
    "flood_of_prints": "for i in range(50_000): print(i)",
    "recursion": """
import functools
@functools.cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
fib(300)
""",
    "magic_line": "%matplotlib inline\nx = 1",
    "magic_time": "%time y = sum(range(100))\n%timeit -n 10 sum(range(10))\nassert y",
    "magic_cell": "%%time\nz = 3\nz",
    "magic_in_text": 's = """\n%matplotlib inline\n!ls\n"""\nassert "%m" in s\n%load_ext autoreload\n%autoreload 2',
    "much_code": "# \u2014" * 40_000,
    "shell": "!ls\nfound = !echo hello\nassert found == ['hello'], found",
    "help": "np.maximum?\n?np.minimum",
    "await": """
import asyncio
await asyncio.sleep(0.001)
async def f(): return 3
assert await f() == 3
""",
    "writes_and_reads_a_file": """
open('notes.csv', 'w').write('a,b\\n1,2')
assert np.genfromtxt('notes.csv', delimiter=',', names=True)['a'] == 1
""",
    "writefile": "%%writefile mine.py\nvalue = 7",
    "copies_files": """
import shutil
open('a', 'w').write('x')
shutil.copy2('a', 'b')
assert open('b').read() == 'x'
""",
    "temporary_files": "import tempfile\nwith tempfile.NamedTemporaryFile() as f: f.write(b'x')",
    "guarded_input": "try:\n    n = int(input('n? '))\nexcept Exception:\n    n = 3\nassert n == 3",
    "subprocess": """
import subprocess, sys
assert subprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True).stdout == b'1\\n'
""",
    "threads": """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool: assert list(pool.map(abs, [-1])) == [1]
""",
    "processes": """
from multiprocessing import Process
process = Process(target=print)
process.start(); process.join()
assert process.exitcode == 0
""",
    "process_pool": """
from multiprocessing import Pool
with Pool(2) as pool: assert pool.map(abs, [-1, 2]) == [1, 2]
""",
    "user_and_home": "import getpass, pathlib\nassert getpass.getuser() and pathlib.Path.home().is_dir()",
    "dataclass_and_pickle": """
import pickle
from dataclasses import dataclass
@dataclass
class P:
    x: int
assert pickle.loads(pickle.dumps(P(1))) == P(1)
""",
    "getsource": "import inspect\ndef here():\n    return 1\nassert 'return 1' in inspect.getsource(here)",
    "kit": """
from mlsys_helpers.kit.units import DAY_S
from mlsys_helpers import facts
assert DAY_S == 86_400 and facts.__file__
""",
    "explorer_and_quiz": """
from mlsys_helpers.quiz import quiz
from mlsys_helpers.sections.iron_law import explorers
explorers.anything(3).show()
hint('iron_law.time_terms')
solution('iron_law.time_terms')
""",
    "widgets": "import ipywidgets\nslider = ipywidgets.IntSlider(3)\ndisplay(slider)\nassert slider.value == 3",
    "failing_scratch_cell": "1 / 0",
    "broken_scratch_cell": "def half(:",
    "sys_exit_in_scratch": "import sys; sys.exit()",
    "random_seed": "np.random.seed(0)\nrng = np.random.default_rng(1)\nrng.normal(size=1000).mean()",
    "warnings": "import warnings, logging\nwarnings.warn('careful')\nlogging.warning('here')\nnp.array([1.0]) / 0",
    "display": "display({'a': 1})\nfrom IPython.display import HTML, display as show\nHTML('<b>x</b>')",
    "plot": "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])\nplt.show()",
    "future": "from __future__ import annotations\nx: Missing = 1",
    "decorated": """
from functools import lru_cache, wraps
def logged(function):
    @wraps(function)
    def called(*args): return function(*args)
    return called
@logged
@lru_cache
def double(n): return 2 * n
assert double(2) == 4
""",
    "recursion_to_900": "def deep(n): return n and deep(n - 1)\nassert deep(900) == 0",
    "match_and_walrus": """
match (found := [1, 2]):
    case [first, *rest]: assert first == 1 and found
""",
    "matrix_and_longdouble": "assert np.matrix([[1, 2]]).A1.sum() + np.longdouble(1) == 4",
    "savefig": """
import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.savefig('figure.png')
assert open('figure.png', 'rb').read(4)[1:] == b'PNG'
""",
    "ten_megabytes_of_print": "print('x' * 10_000_000)",
    "async_for": """
async def count():
    yield 1
async for n in count(): pass
assert n == 1
""",
    "check_in_a_loop": "for name, answer in (('iron_law.time_terms', None),): check(name, answer)",
    "check_in_a_function": "def again(): check('iron_law.time_terms', time_terms)",
    "unittest": """
import unittest
class Tests(unittest.TestCase):
    def test_it(self): self.assertEqual(1, 1)
assert unittest.main(argv=[''], exit=False).result.wasSuccessful()
""",
    "own_limits_and_priority": """
import os, resource
resource.setrlimit(resource.RLIMIT_STACK, resource.getrlimit(resource.RLIMIT_STACK))
os.nice(1)
""",
    "ends_its_own_process": """
import subprocess
process = subprocess.Popen(['sleep', '100'])
process.terminate()
assert process.wait() == -15
""",
    "pip": "!pip install -q pandas\n%pip install pandas",
    "reuses_names": "run = list = sum = 3\nmax_ = max",
}
IN_OWN_FILES = {"process_pool"}  # it wants /dev/shm, which is not a submission's where all share the files
FAILING = {"failing_scratch_cell", "broken_scratch_cell", "sys_exit_in_scratch"}


def honest(name: str) -> bytes:
    """The solved notebook with one thing done differently."""
    book = solved()
    if name in ANSWERED:
        start, source = ANSWERED[name]
        find(book, start)["source"] = source
    else:
        imports = book["cells"].index(find(book, "import numpy"))
        book["cells"].insert(imports + 1, {"cell_type": "code", "id": "extra", "outputs": [], "source": BESIDE[name]})
    return data(book)


def _old_format(book: dict) -> dict:
    cells = [{"cell_type": c["cell_type"], "input": c["source"], "language": "python"} for c in book["cells"]]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


def _without_ids(book: dict) -> dict:
    for cell in book["cells"]:
        cell.pop("id", None)
    return book


def _backwards(book: dict) -> dict:
    first = find(book, "def time_terms")
    book["cells"].remove(first)
    book["cells"].append(first)
    return book


def _imports_gone(book: dict) -> dict:
    book["cells"].remove(find(book, "import numpy"))
    return book


def _answer_in_check_cell(book: dict) -> dict:
    answer, check = find(book, "def time_terms"), find(book, f'check("{FIRST}"')
    book["cells"].remove(answer)
    check["source"] = text(answer) + "\n\n" + text(check)
    return book


def _mended_later(book: dict) -> dict:
    answer = find(book, "def time_terms")
    again = {"cell_type": "code", "id": "late", "source": text(answer) + f'\n\ncheck("{FIRST}", time_terms)'}
    answer["source"] = "def time_terms(**given): return 1"
    book["cells"].append(again)
    return book


def _split(book: dict) -> dict:
    answer = find(book, "def time_terms")
    book["cells"].insert(
        book["cells"].index(answer), {"cell_type": "code", "id": answer["id"], "source": "import math"}
    )
    answer["id"] = "new"
    return book


def _windows_line_ends(book: dict) -> dict:
    return json.loads(json.dumps(book).replace("\\n", "\\r\\n"))


def _merged(book: dict) -> dict:
    """Two answers in one cell, as after Jupyter's Merge Cells."""
    first, second = find(book, "def time_terms"), find(book, "def binding_term")
    first["source"] = text(first) + "\n\n" + text(second)
    book["cells"].remove(second)
    return book


def _all_in_one_cell(book: dict) -> dict:
    code = "\n\n".join(text(cell) for cell in book["cells"] if cell["cell_type"] == "code")
    return book | {"cells": [{"cell_type": "code", "id": "all", "source": code}]}


def _imports_something_absent(book: dict) -> dict:
    imports = find(book, "import numpy")
    imports["source"] = "import not_installed_here\n" + text(imports)
    return book


def _old_mac_line_ends(book: dict) -> dict:
    return json.loads(json.dumps(book).replace("\\n", "\\r"))


def _from_colab(book: dict) -> dict:
    """Colab keeps ids in the metadata, and its users install and mount."""
    for cell in book["cells"]:
        cell["metadata"] = {"id": cell.pop("id", "x")}
    source = "!pip -q install mlsys-companion\nfrom google.colab import drive"
    return book | {"nbformat_minor": 0, "cells": [{"cell_type": "code", "source": source}, *book["cells"]]}


_MADE = (
    _merged,
    _all_in_one_cell,
    _imports_something_absent,
    _old_mac_line_ends,
    _from_colab,
    _old_format,
    _without_ids,
    _backwards,
    _imports_gone,
    _answer_in_check_cell,
    _mended_later,
    _split,
    _windows_line_ends,
)
FORMS = {form.__name__[1:]: form for form in _MADE}


def formed(name: str) -> bytes:
    """The solved notebook in another form."""
    return data(FORMS[name](solved()))
