"""The rooms: no room for leftovers, pure rules, one clock, blueprints that do not know each other.

Who may import whom is kept by import-linter (pyproject.toml); here stands what it cannot say.
"""

import ast
import sys
from pathlib import PurePath

import pytest

from tests.house.reading import ROOT, blueprints, called, files, imported, modules, nothing

LEFTOVERS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "services",
    "service",
    "repositories",
    "repository",
    "common",
} | {"manager", "managers", "misc", "lib", "core"}
CHAPTERS = {
    "accounts",
    "coalition",
    "drafting",
    "circulation",
    "signing",
    "commenting",
    "publication",
    "posting",
    "public",
}
TIME = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}


def test_there_is_no_room_for_leftovers():
    paths = [path.relative_to(ROOT) for path in files()]
    assert len(paths) >= 100
    parts = {part for path in paths for part in (*path.parts[:-1], PurePath(path).stem)}
    nothing(parts & LEFTOVERS)


@pytest.mark.parametrize("room", ["rules", "actions", "models", "queries", "web"])
def test_every_chapter_has_its_file_on_the_main_floors(room):
    here = {module.name.split(".")[-1] for module in modules() if module.room == room}
    assert len(here & CHAPTERS) >= 3, f"workflow/{room} has few of the chapters {sorted(CHAPTERS)}"


def test_rules_import_the_standard_library_only():
    rules = [module for module in modules() if module.room == "rules"]
    assert len(rules) >= 6
    foreign = [
        f"{module.path}:{line} imports {name}"
        for module in rules
        for name, line in imported(module)
        if name.split(".")[0] not in sys.stdlib_module_names and not f"{name}.".startswith("workflow.rules.")
    ]
    nothing(foreign)


def test_only_the_clock_asks_the_time():
    asking = [
        f"{module.path}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (called(node.func.value), node.func.attr) in TIME
    ]
    nothing(place for place in asking if not place.startswith("workflow/clock.py:"))
    assert asking, "the clock asks nobody: this test looks in the wrong place"


def test_blueprints_do_not_import_blueprints():
    found = blueprints()
    assert len(found) >= 5
    names = {module.name for module in found.values()}
    crossing = [
        f"{module.path}:{line} imports {name}"
        for module in found.values()
        for name, line in imported(module)
        if any(name == other or name.startswith(f"{other}.") for other in names - {module.name})
    ]
    nothing(crossing)
