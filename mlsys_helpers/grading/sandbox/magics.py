"""A notebook's lines that are no Python, made into calls: `%magic`, `!command`, `name?`. IPython is not needed.

Only a cell that does not compile is looked at, and only the line that the compiler stumbles over.
"""

import ast
import re
import subprocess
import sys
from types import CodeType
from typing import Any

_LINE = re.compile(r"^(\s*(?:[\w, ]+?=\s*)?)([%!]{1,2})\s*(.*?)\s*$")
_HELP = re.compile(r"^\s*(\?{1,2}[\w.]+|[\w.]+\?{1,2})\s*$")
_CELL = re.compile(r"^\s*%%(\w+)[ \t]*([^\n]*)\n?")
_RUNS_BODY = ("time", "timeit", "capture", "prun", "python", "python3")


def compiled(source: str, name: str) -> CodeType:
    """The code of a cell. Top-level await is allowed. Raises SyntaxError for what is no notebook code either."""
    head = _CELL.match(source)
    if head:
        body = source[head.end() :]
        if head[1] not in _RUNS_BODY:
            return _compile(f"get_ipython().run_cell_magic({head[1]!r}, {head[2]!r}, {body!r})", name)
        source = "\n" + body
    lines = source.split("\n")
    for _ in range(len(lines) + 1):
        try:
            return _compile("\n".join(lines), name)
        except SyntaxError as error:
            place = (error.lineno or 0) - 1
            called = _called(lines[place]) if 0 <= place < len(lines) else None
            if called is None:
                raise
            lines[place] = called
    raise SyntaxError("not a cell of a notebook")


def _compile(source: str, name: str) -> CodeType:
    return compile(source, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


def _called(line: str) -> str | None:
    if _HELP.match(line):
        return "pass"
    found = _LINE.match(line)
    if not found:
        return None
    before, sign, text = found.groups()
    if sign.startswith("!"):
        return f"{before}get_ipython().{'getoutput' if '=' in before or sign == '!!' else 'system'}({text!r})"
    name, _, rest = text.partition(" ")
    return f"{before}get_ipython().run_line_magic({name!r}, {rest!r})"


class Shell:
    """The few things of IPython's shell that cells ask for."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.user_ns = namespace

    def system(self, command: str) -> None:
        """Run `command` and print what it says."""
        sys.stdout.write("\n".join(self.getoutput(command)) + "\n")

    def getoutput(self, command: str) -> list[str]:
        """The lines that `command` writes."""
        done = subprocess.run(command, shell=True, capture_output=True, text=True, errors="replace")
        return (done.stdout + done.stderr).splitlines()

    def run_line_magic(self, name: str, line: str, *args: Any) -> Any:
        """`%time` and `%timeit` run their line once, `%env NAME=value` sets it; any other magic does nothing."""
        if name in ("time", "timeit"):
            code = re.sub(r"^(-\w+\s*\d*\s+)*", "", line)
            exec(_compile(code, "<magic>"), self.user_ns)

    def run_cell_magic(self, name: str, line: str, body: str) -> None:
        """`%%writefile` writes its body, `%%bash` and `%%sh` run it; any other does nothing."""
        if name == "writefile":
            with open(line.split()[-1], "a" if "-a" in line.split() else "w", encoding="utf8") as file:
                file.write(body)
        elif name in ("bash", "sh"):
            self.system(body)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: None
