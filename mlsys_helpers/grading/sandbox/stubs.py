"""What a submission finds under the companion's name while it is graded: nothing that knows an answer.

`givens` gives the student's own numbers; check, hint, solution and whatever else is asked for are inert. Modules that
are allowed are the companion's own, where the sandbox leaves them readable.
"""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

NAME = "mlsys_helpers"
ALLOWED = ("kit", "facts")


class Inert:
    """Can be called, asked for attributes and shown; says and does nothing."""

    def __call__(self, *args: Any, **kwargs: Any) -> "Inert":
        """Itself, whatever it is called with."""
        return self

    def __getattr__(self, name: str) -> "Inert":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __repr__(self) -> str:
        return "not shown while graded"


class _Stub(ModuleType):
    """A module in which every name is inert, but those that lead to an allowed module."""

    allowed: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        inner = f"{self.__name__}.{name}".partition(".")[2]
        if any(f"{allowed}.".startswith(f"{inner}.") for allowed in self.allowed):
            return import_module(f"{NAME}.{inner}")
        return Inert()


class Finder:
    """Finds a stub for each module of the companion at `place` that may not be read here, and the others themselves."""

    def __init__(self, place: Path | None, allowed: tuple[str, ...]) -> None:
        self.place, self.allowed = place, allowed

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """An allowed module by its file, since the folder above it may not be listed; else a stub."""
        first, _, inner = name.partition(".")
        if first != NAME:
            return None
        if self.place and any(inner == allowed or inner.startswith(f"{allowed}.") for allowed in self.allowed):
            return spec_from_file_location(name, _file(self.place, inner))
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """An empty stub."""
        return _Stub(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing: a stub is complete when it is made."""


def readable(place: Path, allowed: tuple[str, ...]) -> list[Path]:
    """The files and folders of the companion at `place` that `allowed` names: modules, or data files with a /."""
    paths = [place / name if "/" in name else place.joinpath(*name.split(".")) for name in allowed]
    return [path if path.exists() else path.with_suffix(".py") for path in paths]


def _file(place: Path, inner: str) -> Path:
    path = place.joinpath(*inner.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def install(place: Path | None, allowed: tuple[str, ...] = ALLOWED) -> None:
    """Put the stubs first. `place` is the companion's folder, for the modules that are allowed (`kit`, `facts`)."""
    for name in [name for name in sys.modules if name == NAME or name.startswith(f"{NAME}.")]:
        del sys.modules[name]
    _Stub.allowed = allowed if place else ()
    sys.meta_path.insert(0, Finder(place, allowed))
    package = _Stub(NAME)
    package.__path__ = []
    package.__spec__ = ModuleSpec(NAME, None, is_package=True)
    sys.modules[NAME] = package


def give(numbers: dict[str, dict[str, Any]]) -> None:
    """Make `mlsys_helpers.exercise` answer `givens` with this student's numbers."""
    module = _Stub(f"{NAME}.exercise")
    module.__spec__ = ModuleSpec(f"{NAME}.exercise", None)

    def givens(task: str) -> SimpleNamespace:
        if task not in numbers:
            raise ValueError(f"{task} has no numbers of your own")
        return SimpleNamespace(**numbers[task])

    module.givens = givens  # type: ignore[attr-defined]
    sys.modules[module.__name__] = sys.modules[NAME].exercise = module  # type: ignore[attr-defined]
