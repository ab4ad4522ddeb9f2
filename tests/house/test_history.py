"""Whatever a statement's history records has a sentence: nobody reads the name that the code has for an event."""

import ast
from collections.abc import Iterator

from tests.house.reading import Module, called, functions, modules, nothing
from workflow.rules.circulation import Outcome
from workflow.rules.noting import EVENT_OF
from workflow.web.drafting_history import SENTENCES

TABLES = {"EVENT_OF": list(EVENT_OF.values())}


def constants() -> dict[str, str]:
    """Module constants that are text, by their names, over all modules."""
    return {
        target.id: node.value.value
        for module in modules()
        for node in module.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def records(module: Module) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, ast.Call]]:
    """Every call that writes into a statement's history, with the function that it stands in."""
    for inner in functions(module):
        for node in ast.walk(inner):
            owner = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
            if isinstance(node, ast.Call) and isinstance(owner, ast.Name) and called(node) == "record":
                if owner.id not in ("statement", "self"):
                    continue  # an action of that name
                yield inner, node


def kinds(module: Module, inner: ast.FunctionDef | ast.AsyncFunctionDef, said: ast.expr) -> list[str]:
    """What an expression can say; nothing where that cannot be found out."""
    if isinstance(said, ast.Constant):
        return [str(said.value)]
    if isinstance(said, ast.IfExp):
        return [*kinds(module, inner, said.body), *kinds(module, inner, said.orelse)]
    if isinstance(said, ast.Subscript) and isinstance(said.value, ast.Name):
        return TABLES.get(said.value.id, [])
    if isinstance(said, ast.Attribute) and said.attr == "value":
        return kinds(module, inner, said.value)
    if isinstance(said, ast.Attribute) and isinstance(said.value, ast.Name) and said.value.id == "Outcome":
        return [Outcome[said.attr].value]
    if not isinstance(said, ast.Name):
        return []
    return [constants()[said.id]] if said.id in constants() else passed(module, inner, said.id)


def passed(module: Module, inner: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> list[str]:
    """What a name in a function can be: what is set there, or what its callers in the module give."""
    given = [arg.arg for arg in inner.args.args]
    if name not in given:
        return [
            one
            for node in ast.walk(inner)
            if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == name for to in node.targets)
            for one in kinds(module, inner, node.value)
        ]
    return [
        one
        for caller in functions(module)
        for node in ast.walk(caller)
        if isinstance(node, ast.Call) and called(node) == inner.name and len(node.args) > given.index(name)
        for one in kinds(module, caller, node.args[given.index(name)])
    ]


def test_every_event_has_a_sentence():
    found = [
        (f"{module.path}:{node.lineno}", kinds(module, inner, node.args[0]))
        for module in modules()
        for inner, node in records(module)
    ]
    assert len(found) >= 40
    nothing([f"{place}: what it records cannot be read" for place, said in found if not said])
    nothing([f"{place}: {one}" for place, said in found for one in said if one not in SENTENCES])


def test_every_sentence_is_of_an_event():
    recorded = {
        one for module in modules() for inner, node in records(module) for one in kinds(module, inner, node.args[0])
    }
    nothing(sorted(set(SENTENCES) - recorded))
