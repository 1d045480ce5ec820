"""Hostile and broken submissions, as small sources, and notebooks that are tampered with.

A hostile source stands in the cell of the first task, which it attacks; all other tasks are answered honestly.
`{outside}` is a folder that anybody may write to, with the class's secrets in it. `{found}` answers rightly: an attack
that finds what it looks for is seen by the points that it earns.
"""

from collections.abc import Callable
from pathlib import Path

from tests.grading.sandbox.exercise import ANSWERS, FIRST, HOME, data, find, solved

_EVERYWHERE = """
import os
def everywhere(text):
    for fd in range(256):
        try: os.write(fd, text)
        except OSError: pass
"""

_FORGE = """
import sys, os, stat, time
def say(value):
    frame = sys._getframe()
    while 'cases' not in frame.f_locals.get('step', {}): frame = frame.f_back
    step = frame.f_locals['step']
    outcomes = ', '.join(['["v", ' + value + ']'] + ['["u"]'] * (len(step['cases']) - 1))
    body = f'{{"nonce": "{step["nonce"]}", "printed": "", "outcomes": [{outcomes}]}}'.encode()
    data = len(body).to_bytes(4, 'big') + body
    line = next(fd for fd in range(3, 256) if is_line(fd))
    while data: data = data[os.write(line, data):]
    time.sleep(0.2)
    os._exit(0)
def is_line(fd):
    try: return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError: return False
"""

_RIGHT = (
    "return g['bytes_moved'] / g['bandwidth_bytes_per_s'], "
    "g['flop'] / g['peak_flop_per_s'] / g['utilisation'], g['latency_s']"
)

HOSTILE = {
    # objects that would agree with any answer
    "equal_to_everything": """
class Yes:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 1
def time_terms(**g): return Yes()
""",
    "equal_float": """
class Yes(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
def time_terms(**g): return (Yes(1), Yes(1), Yes(1))
""",
    "array_like": """
class Yes:
    def __array__(self, *a, **k): return np.zeros(3)
    def __len__(self): return 3
    def __getitem__(self, i): return self
def time_terms(**g): return Yes()
""",
    "ndarray_subclass": """
class Yes(np.ndarray):
    def __array_function__(self, *a, **k): return True
    def __array_ufunc__(self, *a, **k): return True
def time_terms(**g): return np.zeros(3).view(Yes)
""",
    "tuple_subclass": """
class Yes(tuple):
    def __len__(self): return 3
    def __iter__(self): return iter((1, 2, 3))
def time_terms(**g): return Yes()
""",
    "str_subclass": """
class Yes(str):
    def strip(self): return self
    def casefold(self): return self
def time_terms(**g): return Yes('data')
""",
    "bool_for_numbers": "def time_terms(**g): return (True, True, True)",
    "reduce_to_code": """
class Evil:
    def __reduce__(self): return (__import__('os').system, ('touch {outside}/unpickled',))
def time_terms(**g): return Evil()
""",
    "pickle_bytes": "import pickle\ndef time_terms(**g): return pickle.dumps(print)",
    # patches
    "shadowed_builtins": """
import builtins
builtins.isinstance = lambda *a: True
builtins.type = lambda *a: float
builtins.abs = lambda x: 0
builtins.all = builtins.any = lambda x: True
def time_terms(**g): return (1, 2, 3)
""",
    "patched_allclose": """
np.allclose = np.isclose = np.array_equal = lambda *a, **k: True
def time_terms(**g): return (1.0, 2.0, 3.0)
""",
    "patched_testing": """
import numpy.testing, math
numpy.testing.assert_allclose = lambda *a, **k: None
math.isclose = lambda *a, **k: True
def time_terms(**g): return (1.0, 2.0, 3.0)
""",
    "patched_json": """
import json
json.dumps = lambda *a, **k: '{}'
json.loads = lambda *a, **k: None
def time_terms(**g): return (1.0, 2.0, 3.0)
""",
    "patched_runner": """
import sys
for name, module in list(sys.modules.items()):
    if 'grading' in name:
        module.judge = module.same = lambda *a: True
def time_terms(**g): return (1.0, 2.0, 3.0)
""",
    "own_check": """
check = lambda *a, **k: 'right: all 6 cases agree'
def time_terms(**g): return (1.0, 2.0, 3.0)
""",
    "patched_exercise_package": """
import mlsys_helpers.exercise.judge as judge
judge.judge = judge.same = judge._holds = lambda *a, **k: True
def time_terms(**g): return (1.0, 2.0, 3.0)
""",
    "input_transformer": """
get_ipython().input_transformers_post.append(lambda lines: ['raise SystemExit'])
get_ipython().ast_transformers.append(None)
def time_terms(**g): return (1.0, 2.0, 3.0)
""",
    "import_hook": """
import sys
class Hook:
    def find_spec(self, name, *a):
        return None
sys.meta_path.insert(0, Hook())
sys.settrace(lambda *a: None)
def time_terms(**g): return (1.0, 2.0, 3.0)
""",
    # looking for answers
    "frame_walk": """
import sys
def time_terms(**g):
    frame = sys._getframe()
    while frame:
        for place in (frame.f_locals, frame.f_globals):
            for value in list(place.values()):
                if callable(getattr(value, 'reference', None)):
                    return value.reference(**g)
        frame = frame.f_back
""",
    "gc_walk": """
import gc
def time_terms(**g):
    for found in gc.get_objects():
        if type(found).__name__ == 'Task':
            return found.reference(**g)
        if type(found) is dict and 'expected' in found:
            return found['expected']
""",
    "history": "def time_terms(**g): return Out[1] or In[1]",
    "import_tasks": """
from mlsys_helpers.sections.iron_law import tasks
def time_terms(**g): return tasks.TIME_TERMS.reference(**g)
""",
    "import_model": """
from mlsys_helpers.sections.iron_law import model
def time_terms(**g):
    terms = model.time_terms(**g)
    return terms.data_s, terms.compute_s, terms.latency_s
""",
    "import_solutions": """
from mlsys_helpers.publish.answers import solution_text
def time_terms(**g):
    exec(str(solution_text('iron_law.time_terms')), globals())
    return time_terms(**g)
""",
    "read_solutions": """
import json, re
def time_terms(**g):
    for cell in json.load(open('{answer}'))['cells']:
        source = ''.join(cell['source'])
        if source.startswith('def time_terms'):
            space = {}
            exec(source, space)
            return space['time_terms'](**g)
""",
    "read_tasks_file": """
text = open('{home}/mlsys_helpers/sections/iron_law/tasks.py').read()
space = {}
exec(text, space)
def time_terms(**g): return space['_terms'](**g)
""",
    "read_gradebook": "def time_terms(**g): return open('{outside}/gradebook').read()",
    "read_by_shell": """
import subprocess
def time_terms(**g):
    text = subprocess.run('cat {outside}/* {answer}', shell=True, capture_output=True, text=True, check=True).stdout
    space = {}
    exec(text, space)
    return space['time_terms'](**g)
""",
    "search_disk": """
import os
def time_terms(**g):
    for place, _, names in os.walk('/'):
        if 'tasks.py' in names and 'iron_law' in place:
            space = {}
            exec(open(os.path.join(place, 'tasks.py')).read(), space)
            return space['_terms'](**g)
""",
    "symlink_out": """
import os
os.symlink('{answer}', 'link')
def time_terms(**g): return open('link').read()
""",
    "read_proc": """
def time_terms(**g):
    return open('/proc/1/environ').read() + open('/proc/self/maps').read()
""",
    "read_environment": """
import os
def time_terms(**g):
    assert any('SECRET' in name for name in os.environ)
""",
    "ptrace_parent": """
import ctypes, os
def time_terms(**g):
    assert ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0
""",
    "stubs_removed": """
import sys
sys.meta_path[:] = [finder for finder in sys.meta_path if 'grading' not in type(finder).__module__]
for name in [name for name in sys.modules if name.startswith('mlsys')]: del sys.modules[name]
sys.path.insert(0, '{home}')
from mlsys_helpers.sections.iron_law.tasks import TIME_TERMS
def time_terms(**g): return TIME_TERMS.reference(**g)
""",
    "keyring": """
import ctypes
def time_terms(**g):
    assert ctypes.CDLL(None).syscall(250, 0, -3, 1) >= 0
""",
    # writing
    "write_gradebook": "open('{outside}/gradebook', 'w').write('full marks')\ndef time_terms(**g): return 1",
    "append_gradebook": "open('{outside}/gradebook', 'a').write('full marks')\ndef time_terms(**g): return 1",
    "truncate": "import os\nos.truncate('{outside}/gradebook', 0)\ndef time_terms(**g): return 1",
    "truncate_by_number": """
import ctypes
assert ctypes.CDLL(None).syscall(76, b'{outside}/gradebook', 0) == 0
def time_terms(**g): return 1
""",
    "link_and_write": """
import os
os.link('{outside}/gradebook', 'mine')
open('mine', 'w').write('full marks')
def time_terms(**g): return 1
""",
    "shadow_modules": """
for name in ('json', 'numpy', 'mlsys_helpers', 'sitecustomize', 'random'):
    open(name + '.py', 'w').write('raise SystemExit')
import os
os._exit(0)
def time_terms(**g): return 1
""",
    "delete_others": """
import shutil, os
shutil.rmtree('{outside}', ignore_errors=True)
os.system('rm -rf {outside}/* /tmp/* ~/*')
def time_terms(**g): return 1
""",
    "rename_others": "import os\nos.rename('{outside}/gradebook', '{outside}/mine')\ndef time_terms(**g): return 1",
    "write_new_outside": "open('{outside}/new', 'w').write('x')\ndef time_terms(**g): return 1",
    "write_site_packages": """
import numpy
open(numpy.__file__, 'a').write('x = 1')
def time_terms(**g): return 1
""",
    "change_times": "import os\nos.utime('{outside}/gradebook', (1, 1))\ndef time_terms(**g): return 1",
    "chmod_outside": "import os\nos.chmod('{outside}/gradebook', 0o777)\ndef time_terms(**g): return 1",
    "mount": """
import ctypes
assert ctypes.CDLL(None).unshare(0x10000000 | 0x20000) == 0
assert ctypes.CDLL(None).mount(b'/', b'/tmp', None, 4096, None) == 0
def time_terms(**g): return 1
""",
    "chroot_escape": """
import ctypes, os
ctypes.CDLL(None).unshare(0x10000000)
os.mkdir('in'); os.chroot('in')
for _ in range(50): os.chdir('..')
os.chroot('.')
open('{outside}/new', 'w').write('x')
def time_terms(**g): return 1
""",
    # forging
    "forge_descriptors": """
{everywhere}import os, json
def time_terms(**g):
    body = json.dumps({'nonce': '', 'printed': '', 'outcomes': [['v', 1.0]] * 6}).encode()
    everywhere(len(body).to_bytes(4, 'big') + body)
""",
    "garbage_descriptors": """
{everywhere}import os
def time_terms(**g):
    everywhere(b'\\xff' * 64)
""",
    "huge_frame": """
{everywhere}import os
def time_terms(**g):
    everywhere((2**31).to_bytes(4, 'big') + b'x' * 1000)
""",
    "deep_json": """
{everywhere}import os
def time_terms(**g):
    body = b'[' * 100_000
    everywhere(len(body).to_bytes(4, 'big') + body)
""",
    "close_descriptors": "import os\ndef time_terms(**g): os.closerange(0, 256)",
    "forge_whole_frame": """
{everywhere}import sys, os, json
def time_terms(**g):
    frame = sys._getframe()
    while 'step' not in frame.f_locals: frame = frame.f_back
    step = frame.f_locals['step']
    said = {'nonce': step['nonce'], 'printed': 'x' * 10**6, 'outcomes': [['v', {'points': 3}]] * 6}
    body = json.dumps(said).encode()
    everywhere(len(body).to_bytes(4, 'big') + body)
    os._exit(0)
""",
    "drip": """
{everywhere}import os, time
def time_terms(**g):
    everywhere((1000).to_bytes(4, 'big'))
    while True:
        everywhere(b' ')
        time.sleep(0.05)
""",
    "forge_ready": """
{everywhere}import os, json
body = json.dumps('ready').encode()
everywhere(len(body).to_bytes(4, 'big') + body)
def time_terms(**g): return 1
""",
    # ending and hanging
    "exit_zero": "import os\ndef time_terms(**g): os._exit(0)",
    "exit_at_top": "import os\nos._exit(0)",
    "sys_exit": "import sys\ndef time_terms(**g): sys.exit(0)",
    "sys_exit_at_top": "raise SystemExit",
    "keyboard_interrupt": "def time_terms(**g): raise KeyboardInterrupt",
    "kill_parent": "import os, signal\ndef time_terms(**g): os.kill(os.getppid(), signal.SIGKILL)",
    "kill_all": "import os, signal\ndef time_terms(**g): os.kill(-1, signal.SIGKILL)",
    "kill_self": "import os, signal\ndef time_terms(**g): os.kill(os.getpid(), signal.SIGKILL); os.abort()",
    "stop_self": "import os, signal\ndef time_terms(**g): os.kill(os.getpid(), signal.SIGSTOP); sys.exit()",
    "segfault": "import ctypes\ndef time_terms(**g): ctypes.string_at(0)",
    "segfault_at_top": "import ctypes\nctypes.string_at(0)",
    "loop_at_top": "while True: pass",
    "loop_in_function": "def time_terms(**g):\n    while True: pass",
    "loop_ignoring_interrupts": """
import signal
for number in range(1, 32):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
def time_terms(**g):
    while True:
        try:
            while True: pass
        except BaseException: pass
""",
    "loop_in_c": "def time_terms(**g): return 10 ** 10 ** 9",
    "sleep": "import time\ndef time_terms(**g): time.sleep(10_000)",
    "threads": """
import threading
def forever():
    import time
    while True: time.sleep(0.001)
def time_terms(**g):
    for _ in range(10): threading.Thread(target=forever).start()
    raise ValueError
""",
    "thread_bomb": """
import threading, time
def time_terms(**g):
    while True: threading.Thread(target=time.sleep, args=(1000,)).start()
""",
    "atexit": "import atexit, time\natexit.register(time.sleep, 1000)\ndef time_terms(**g): return 1",
    "deep_recursion": """
import sys
sys.setrecursionlimit(10**9)
def time_terms(**g): return time_terms(**g)
""",
    "plain_recursion": "def time_terms(**g): return time_terms(**g)",
    # floods
    "memory_hog": "def time_terms(**g):\n    kept = []\n    while True: kept.append(bytearray(100_000_000))",
    "fork_bomb": """
import os
def time_terms(**g):
    while True:
        try: os.fork() or os.setsid()
        except OSError: pass
""",
    "output_flood": "def time_terms(**g):\n    while True: print('x' * 100_000)",
    "raw_output_flood": "import os\ndef time_terms(**g):\n    while True: os.write(1, b'x' * 100_000)",
    "huge_return": "def time_terms(**g): return [0.0] * 50_000_000",
    "huge_text": "def time_terms(**g): return 'x' * 500_000_000",
    "big_integer": "def time_terms(**g): return (10 ** 100_000,) * 3",
    "nested_return": """
def time_terms(**g):
    x = []
    for _ in range(100_000): x = [x]
    return x
""",
    "cyclic_return": "def time_terms(**g):\n    x = []\n    x.append(x)\n    return x",
    "wide_return": "def time_terms(**g):\n    x = [1.0]\n    for _ in range(30): x = [x, x]\n    return x",
    "huge_error": "def time_terms(**g): raise ValueError('x' * 10**8)",
    "nasty_error": """
class E(Exception):
    def __str__(self): raise self
def time_terms(**g): raise E
""",
    "surrogates": "def time_terms(**g): raise ValueError('\\ud800 <script>')",
    "disk_file": "def time_terms(**g):\n    with open('big', 'wb') as f:\n        while True: f.write(b'x' * 10**7)",
    "disk_files": """
def time_terms(**g):
    n = 0
    while True:
        with open(f'f{n}', 'wb') as f: f.write(b'x' * 10**6)
        n += 1
""",
    "deep_folders": """
import os
def time_terms(**g):
    for _ in range(100_000):
        os.mkdir('d'); os.chdir('d')
""",
    # leaving something behind
    "daemon": """
import os, time
def time_terms(**g):
    if os.fork() == 0:
        os.setsid()
        if os.fork(): os._exit(0)
        while True:
            time.sleep(0.02)
            try: open('{outside}/alive', 'w').write('x')
            except OSError: pass
""",
    "nohup": "import os\nos.system('nohup setsid sleep 987 >/dev/null 2>&1 &')\ndef time_terms(**g): return 1",
    "network": """
import socket
def time_terms(**g):
    socket.create_connection(('127.0.0.1', {port}), 1).sendall(b'answers')
""",
    "network_udp": """
import socket
def time_terms(**g):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.sendto(b'answers', ('127.0.0.1', {port}))
    raise ValueError
""",
    "unix_socket": """
import socket
def time_terms(**g):
    s = socket.socket(socket.AF_UNIX); s.connect('{outside}/socket'); s.sendall(b'answers')
""",
    "abstract_socket": """
import socket
def time_terms(**g):
    s = socket.socket(socket.AF_UNIX); s.connect(chr(0) + '{abstract}'); s.sendall(b'answers')
""",
    "socket_by_uring": """
import ctypes
def time_terms(**g):
    assert ctypes.CDLL(None).syscall(425, 8, ctypes.create_string_buffer(256)) >= 0
""",
    # lasting, or aimed at who comes next
    "memory_of_earlier": """
import ctypes, os
libc = ctypes.CDLL(None)
libc.sbrk.restype = ctypes.c_void_p
libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
heard, told = os.pipe()
def page(at): return os.read(heard, 4096) if libc.write(told, at, 4096) > 0 else b''
def time_terms(**g):
    want = b'another' + b' student'
    heap, here = libc.sbrk(0) // 4096 * 4096 - 4096, id(g) // 4096 * 4096
    for start, step in ((heap, -4096), (here, -4096), (here, 4096)):
        for at in range(start, start + 20_000 * step, step):
            if want in page(at): {found}
""",
    "shared_memory": """
import ctypes
def time_terms(**g):
    libc = ctypes.CDLL(None)
    if max(libc.shmget(4711, 4096, 0o1666), libc.semget(4711, 1, 0o1666), libc.msgget(4711, 0o1666)) >= 0: {found}
""",
    "message_queue": """
import ctypes
def time_terms(**g):
    if ctypes.CDLL(None).syscall(240, b'queue', 0o102, 0o666, None) >= 0: {found}
""",
    "note_in_box": "def time_terms(**g):\n    open('../note', 'w').write('x')\n    {found}",
    "box_swapped": """
import os
def time_terms(**g):
    os.rename('../work', '../other')
    os.symlink('{outside}', '../work')
    {found}
""",
    "box_locked": """
import os
def time_terms(**g):
    for place in ('.', '..', '/'):
        try: os.chmod(place, 0)
        except OSError: pass
""",
    "own_user_namespace": """
import ctypes, os
def time_terms(**g):
    libc, new = ctypes.CDLL(None), (ctypes.c_uint64 * 11)()
    new[0], new[4] = 0x10000000, 17
    for made in (lambda: libc.syscall(56, 0x10000011, 0, 0, 0, 0), lambda: libc.syscall(435, new, 88)):
        child = made()
        if child == 0: os._exit(0)
        if child > 0: {found}
""",
    "call_of_32_bits": """
import ctypes, mmap
def time_terms(**g):
    code = bytes.fromhex('53b867010000bb01000000b901000000ba00000000cd805bc3')  # socket, as i386 calls it
    held = mmap.mmap(-1, 4096, prot=7)
    held.write(code)
    if ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(held)))() >= 0: {found}
""",
    "limits_of_parent": """
import ctypes, os
def time_terms(**g):
    if os.getppid() and ctypes.CDLL(None).prlimit(os.getppid(), 7, None, (ctypes.c_uint64 * 2)(99, 99)) == 0: {found}
""",
    "holds_the_line": """
import os, time
def time_terms(**g):
    if os.fork(): os._exit(0)
    time.sleep(1000)
""",
    # aimed at the judge
    "colliding_set": """
{forge}def time_terms(**g): say('["s", [' + ','.join(str(k * (2**61 - 1)) for k in range(19_000)) + ']]')
""",
    "colliding_dict": """
{forge}def time_terms(**g): say('["d", [' + ','.join(f'[{k * (2**61 - 1)}, 0]' for k in range(9_000)) + ']]')
""",
    "one_long_text": "{forge}def time_terms(**g): say('[\"l\", [\"' + 'x' * 4_000 + '\"' + ', \"\"' * 19_000 + ']]')",
    "nested_forgery": "{forge}def time_terms(**g): say('[' * 900 + ']' * 900)",
    "array_of_no_end": '{forge}def time_terms(**g): say(\'["a", "f", [0, 4611686018427387904], []]\')',
    "doubled_keys": '{forge}def time_terms(**g): say(\'1.0]], "outcomes": [["v", 2.0\')',
    "not_numbers": "{forge}def time_terms(**g): say('[\"t\", [NaN, Infinity, -1e999]]')",
    # broken
    "syntax_error": "def time_terms(**g) return 1",
    "half_typed": "def time_terms(**g):\n    return (1,",
    "null_bytes": "def time_terms(**g):\n    return '\\0'\n\x00",
    "input": "def time_terms(**g): return float(input('data? '))",
    "nan": "def time_terms(**g): return (float('nan'),) * 3",
    "inf": "def time_terms(**g): return (float('inf'),) * 3",
    "wrong_types": "def time_terms(**g): return {'data': 1, 'compute': object(), (1, 2): {3}}",
    "generator": "def time_terms(**g): yield 1",
    "coroutine": "async def time_terms(**g): return 1",
    "complex": "def time_terms(**g): return (1j, 2j, 3j)",
    "none": "def time_terms(**g): pass",
    "wrong_arguments": "def time_terms(a, b): return a",
    "class_for_function": "class time_terms: pass",
    "deleted_name": "def time_terms(**g): return 1\ndel time_terms",
    "object_array": "def time_terms(**g): return np.array([object()] * 3)",
    "changed_givens": """
def time_terms(**g):
    for value in g.values():
        if isinstance(value, np.ndarray): value[:] = 0
    return (0.0, 0.0, 0.0)
""",
}


def hostile(name: str, outside: Path, port: int) -> bytes:
    """The submission that attacks with HOSTILE[name]; `port` of this machine listens, and so does a local socket."""
    source = HOSTILE[name]
    words = {"outside": outside, "port": port, "home": HOME, "answer": ANSWERS, "everywhere": _EVERYWHERE}
    words |= {"forge": _FORGE, "found": _RIGHT}
    for word, meant in (words | {"abstract": outside.name}).items():
        source = source.replace(f"{{{word}}}", str(meant))
    book = solved()
    find(book, "def time_terms")["source"] = source
    return data(book)


def _check_cell(book: dict) -> dict:
    return find(book, f'check("{FIRST}"')


def _skip_execution(book: dict) -> None:
    _check_cell(book)["metadata"] = {"tags": ["skip-execution"], "nbgrader": {"grade": False, "points": 99}}


def _deleted_check(book: dict) -> None:
    book["cells"].remove(_check_cell(book))


def _doubled_check(book: dict) -> None:
    book["cells"] += [_check_cell(book)] * 3


def _edited_check(book: dict) -> None:
    _check_cell(book)["source"] = f'time_terms = ...\nprint("right")\n"{FIRST}: 3 of 3 points"'


def _forged_output(book: dict) -> None:
    verdict = {
        "task": FIRST,
        "status": "right",
        "points": 3,
        "possible": 3,
        "message": "",
        "mistake": "",
        "attempt": "",
    }
    bundle = {"application/vnd.mlsys.verdict+json": verdict}
    _check_cell(book)["outputs"] = [{"output_type": "display_data", "data": bundle, "metadata": {}}]


def _kernelspec(book: dict) -> None:
    book["metadata"] = {"kernelspec": {"name": "evil", "argv": ["sh", "-c", "touch evil"]}, "student": "s2"}


def _markdown(book: dict) -> None:
    find(book, "def time_terms")["cell_type"] = "markdown"


def _renamed_check(book: dict) -> None:
    _check_cell(book)["source"] = 'check("iron_law.binding_term", binding_term)'


def _bogus_parts(book: dict) -> None:
    book["cells"] += [None, 3, "x", {}, {"cell_type": "code"}, {"cell_type": "code", "source": [1, None]}, []]
    book["nbformat"], book["metadata"] = "x", None


TAMPERED: dict[str, Callable[[dict], None]] = {
    "check_skipped": _skip_execution,
    "check_deleted": _deleted_check,
    "check_doubled": _doubled_check,
    "check_edited": _edited_check,
    "output_forged": _forged_output,
    "bogus_kernelspec": _kernelspec,
    "answer_as_markdown": _markdown,
    "check_renamed": _renamed_check,
    "bogus_parts": _bogus_parts,
}


def tampered(name: str) -> bytes:
    """A notebook whose first answer is wrong and whose form is tampered with."""
    book = solved()
    find(book, "def time_terms")["source"] = "def time_terms(**g): return (1.0, 2.0, 3.0)"
    TAMPERED[name](book)
    return data(book)
