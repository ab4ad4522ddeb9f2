"""No failure is swallowed: no bare `except`, no `except Exception` that does nothing."""

import ast

from tests.house.reading import called, modules, nothing

WIDE = {"Exception", "BaseException"}


def _names(node: ast.expr | None) -> set[str]:
    if node is None:
        return {"BaseException"}
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return {called(part) for part in parts}


def _wide(arguments: list[ast.expr]) -> bool:
    return bool({called(argument) for argument in arguments} & WIDE)


def _does_nothing(body: list[ast.stmt]) -> bool:
    return all(
        isinstance(statement, ast.Pass | ast.Continue | ast.Break)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in body
    )


def swallowed(tree: ast.Module) -> list[int]:
    """Lines where any failure at all goes unheard."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            if node.type is None or (_names(node.type) & WIDE and _does_nothing(node.body)):
                found.append(node.lineno)
        elif isinstance(node, ast.Call) and called(node) == "suppress" and _wide(node.args):
            found.append(node.lineno)
    return found


def test_no_failure_is_swallowed():
    handlers = sum(isinstance(node, ast.ExceptHandler) for module in modules() for node in ast.walk(module.tree))
    assert handlers >= 10
    nothing(f"{module.path}:{line}" for module in modules() for line in swallowed(module.tree))


def test_swallowing_is_seen():
    for handler in (
        "except:\n  x()",
        "except Exception:\n  pass",
        "except (ValueError, BaseException):\n  ...",
    ):
        assert swallowed(ast.parse(f"try:\n  y()\n{handler}")) == [3]
    assert swallowed(ast.parse("with suppress(Exception): x()")) == [1]
    assert swallowed(ast.parse("try:\n  y()\nexcept Exception:\n  note()\n  raise")) == []
