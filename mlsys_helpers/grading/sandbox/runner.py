"""The process that runs one submission: cells and cases in, plain values out. It knows no answer.

A learner's code shares this process and can forge all that it says, for its own submission only: a forged value is as
good as a returned one. Each step carries a nonce, so that what was written before a step began is no answer to it.
"""

import builtins
import inspect
import io
import linecache
import sys
from types import ModuleType
from typing import Any

from mlsys_helpers.grading.sandbox import magics, stubs, values, wire

MAX_PRINTED, MAX_ERROR = 20_000, 500
READY = "ready"


class Printed(io.TextIOBase):
    """Keeps the first part of what is printed and counts the rest."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.room = MAX_PRINTED

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Keep what there is room for."""
        if self.room > 0:
            self.kept.append(text[: self.room])
        self.room -= len(text)
        return len(text)

    def taken(self) -> str:
        """What was printed since the last time."""
        text = "".join(self.kept) + (f"\n... {-self.room:,} letters more" if self.room < 0 else "")
        self.kept, self.room = [], MAX_PRINTED
        return text


def serve(read_fd: int, write_fd: int) -> None:
    """Say READY, do the steps of the one frame that arrives, and answer each in a frame of its own."""
    printed = Printed()
    sys.stdout = sys.stderr = printed
    send, encode = wire.send, values.encode
    namespace = _namespace()
    send(write_fd, READY)
    heard = wire.receive(read_fd, max_frame=wire.MAX_TRUSTED)
    stubs.give({task: _given(given) for task, given in heard["givens"].items()})
    for number, step in enumerate(heard["steps"]):
        if step["task"]:
            said: dict[str, Any] = {"outcomes": _outcomes(step, namespace, encode)}
        else:
            said = {"error": run_cell(step["code"], namespace, f"<cell {number}>")}
        send(write_fd, said | {"nonce": step["nonce"], "printed": printed.taken()})


def _namespace() -> dict[str, Any]:
    main = ModuleType("__main__")
    sys.modules["__main__"] = main
    shell = magics.Shell(main.__dict__)
    builtins.get_ipython = lambda: shell  # type: ignore[attr-defined]
    builtins.display = lambda *shown, **options: print(*map(repr, shown))  # type: ignore[attr-defined]  # noqa: T201
    return main.__dict__


def _given(given: dict[str, Any]) -> dict[str, Any]:
    return {name: values.decode(value) for name, value in given.items()}


def run_cell(source: str, namespace: dict[str, Any], name: str) -> str:
    """Run a cell; the error that stopped it, or an empty text."""
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    try:
        code = magics.compiled(source, name)
        if code.co_flags & inspect.CO_COROUTINE:
            import asyncio

            asyncio.run(eval(code, namespace))
        else:
            exec(code, namespace)
    except BaseException as error:  # SystemExit and KeyboardInterrupt end a cell, not the notebook
        return described(error)
    return ""


def _outcomes(step: dict[str, Any], namespace: dict[str, Any], encode) -> list[Any]:
    """For each case its value, `["v", value]`, or `["e", error]`; `["u"]` where nothing was tried."""
    try:
        answer = eval(step["code"], namespace)
    except BaseException as error:
        return [["e", described(error)]] * len(step["cases"])
    if step["by_value"]:
        return [["u"] if answer is None or answer is ... else _plain(answer, encode)] * len(step["cases"])
    return [_call(answer, given, encode) for given in step["cases"]]


def _plain(value: Any, encode) -> list[Any]:
    try:
        return ["v", encode(value)]
    except BaseException as error:
        return ["e", described(error)]


def _call(function: Any, given: dict[str, Any], encode) -> list[Any]:
    if not callable(function):
        if function is None or function is ...:
            return ["u"]
        return ["e", f"expected a function, got {type(function).__name__}"]
    try:
        value = function(**_given(given))
    except NotImplementedError:
        return ["u"]
    except BaseException as error:
        return ["e", described(error)]
    return _plain(value, encode)


def described(error: BaseException) -> str:
    """An error in a line."""
    try:
        return f"{type(error).__name__}: {error}"[:MAX_ERROR]
    except BaseException:
        return "an error that cannot be told"
