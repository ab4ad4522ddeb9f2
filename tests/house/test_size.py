"""Every module says what room it is, has at most 300 lines, and functions of at most 40."""

import ast

from tests.house.reading import functions, modules, nothing

LINES_OF_A_MODULE = 300
LINES_OF_A_FUNCTION = 40


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body without the docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_every_module_says_what_room_it_is():
    assert len(modules()) >= 40
    silent = [module.path for module in modules() if not (ast.get_docstring(module.tree) or "").strip()]
    nothing(silent)


def test_no_module_is_too_long():
    long = {m.path: n for m in modules() if (n := len(m.text.splitlines())) > LINES_OF_A_MODULE}
    nothing(f"{place}: {n} lines" for place, n in long.items())


def test_no_function_is_too_long():
    looked_at = [(module, function) for module in modules() for function in functions(module)]
    assert len(looked_at) >= 200
    long = {
        f"{module.path}:{function.lineno} {function.name}": n
        for module, function in looked_at
        if (n := _length(function)) > LINES_OF_A_FUNCTION
    }
    nothing(f"{place}: {n} lines" for place, n in long.items())
