"""How the tests of the house read the house: its files, its modules as syntax trees, its templates."""

import ast
import functools
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "workflow"
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, its dotted name, its text and its tree."""

    path: str
    name: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The folder that it stands in, or its own name where it stands on the ground: `rules`, `cli`."""
        return self.name.split(".")[1] if "." in self.name else ""


@functools.cache
def modules(folder: Path = PACKAGE) -> tuple[Module, ...]:
    """Every Python file below `folder`."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        relative = path.relative_to(ROOT)
        name = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
        text = path.read_text(encoding="utf-8")
        found.append(Module(str(relative), name, text, ast.parse(text)))
    return tuple(found)


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones too."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported(module: Module) -> Iterator[tuple[str, int]]:
    """Every module that is imported, as dotted name and line; for `from a import b` both `a` and `a.b`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = module.name.split(".")
                keep = len(above) - node.level + (1 if module.path.endswith("__init__.py") else 0)
                base = ".".join([*above[:keep], *([base] if base else [])])
            yield base, node.lineno
            for alias in node.names:
                yield f"{base}.{alias.name}", node.lineno


def called(node: ast.expr) -> str:
    """The last name of what is called or used as a decorator: `a.b(c)` and `a.b` give `b`."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def blueprints() -> dict[str, Module]:
    """Modules of `workflow.web` by the name of the blueprint that they make."""
    found = {}
    for module in modules():
        if module.room != "web":
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and called(node) == "Blueprint" and node.args:
                name = node.args[0]
                assert isinstance(name, ast.Constant), f"{module.path}: a blueprint's name is written out"
                found[str(name.value)] = module
    return found


def chapters() -> dict[str, tuple[Module, ...]]:
    """The modules of each blueprint: the one that makes it, and those that add views to it (`<name>_*.py`)."""
    return {
        name: (
            made_by,
            *(one for one in modules() if one.room == "web" and one.name.startswith(f"workflow.web.{name}_")),
        )
        for name, made_by in blueprints().items()
    }


def views(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions with a route, by their decorators."""
    for function in functions(module):
        if any(
            isinstance(decorator, ast.Call) and called(decorator) in ("route", "get", "post")
            for decorator in function.decorator_list
        ):
            yield function


def templates(pattern: str = "*") -> list[tuple[str, str]]:
    """Every template below `templates/`, as name (`signing/read.html`) and text."""
    return [
        (path.relative_to(TEMPLATES).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(TEMPLATES.rglob(pattern))
        if path.is_file()
    ]


@functools.cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the project (kept or about to be), without what is made or downloaded."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0 and listed.stdout:
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        made = {".venv", ".tools", "build", "dist", "demo-data"}
        paths = [path for path in ROOT.rglob("*") if not made & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in paths if path.is_file() and not path.is_symlink()))


def lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text with their numbers."""
    yield from enumerate(text.splitlines(), 1)


def line_of(text: str, start: int) -> int:
    """The line number of an offset in a text."""
    return text.count("\n", 0, start) + 1


def nothing(found: Iterable[object]) -> None:
    """Fail with every finding on a line of its own."""
    found = sorted(map(str, found))
    if found:
        pytest.fail("\n".join([f"{len(found)} found:", *found]), pytrace=False)
