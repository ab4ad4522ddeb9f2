"""Every route wears exactly one gate, right under its address."""

import ast

import pytest

from tests.house.reading import PACKAGE, blueprints, called, chapters, modules, nothing, views
from workflow.app import create_app
from workflow.config import from_environment
from workflow.rules.access import Permission

GATES = {"requires", "by_link", "anyone"}
# Flask's own: it sends the files below static/, which are in the repository for everybody to read.
WITHOUT = {"static"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    demo = {"WORKFLOW_DEMO": "1", "WORKFLOW_DATA_DIR": str(tmp_path_factory.mktemp("routes"))}
    return create_app(from_environment(demo))


def test_every_route_has_a_gate_of_a_known_kind(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()} - WITHOUT
    assert len(endpoints) >= 30
    wrong = {}
    for endpoint in sorted(endpoints):
        gate = getattr(app.view_functions[endpoint], "__gate__", None)
        known = gate in (("anyone",), ("by_link",)) or (
            isinstance(gate, tuple) and len(gate) == 2 and gate[0] == "requires" and isinstance(gate[1], Permission)
        )
        if not known:
            wrong[endpoint] = gate
    nothing(f"{endpoint}: {gate}" for endpoint, gate in wrong.items())


def test_every_kind_of_gate_is_in_use(app):
    kinds = {getattr(view, "__gate__", ("none",))[0] for view in app.view_functions.values()}
    assert kinds >= GATES


def test_every_view_wears_one_gate_under_its_addresses():
    found = [(module, view) for written in chapters().values() for module in written for view in views(module)]
    assert len(found) >= 30
    wrong = []
    for module, view in found:
        worn = [called(decorator) for decorator in view.decorator_list]
        gates = [place for place, name in enumerate(worn) if name in GATES]
        routes = [place for place, name in enumerate(worn) if name in ("route", "get", "post")]
        # A gate above an address would never be asked: the address keeps the function as it was below.
        if len(gates) != 1 or gates[0] < max(routes):
            wrong.append(f"{module.path}:{view.lineno} {view.name} wears {worn}")
    nothing(wrong)


def test_no_view_takes_a_head_for_a_post():
    """A view that asks for "GET" would do for HEAD what it does for a form, without the form's token."""
    wrong = []
    for module in modules(PACKAGE / "web"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Compare) and "request.method" in ast.unparse(node):
                names = {one.value for one in ast.walk(node) if isinstance(one, ast.Constant)}
                if "GET" in names or "HEAD" in names:
                    wrong.append(f"{module.path}:{node.lineno} {ast.unparse(node)}")
    nothing(wrong)


def test_every_blueprint_is_served(app):
    assert set(blueprints()) == set(app.blueprints)
