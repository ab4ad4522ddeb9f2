"""The glossary's words are the words of the code: what its "not" column says does not occur as a name of
ours."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePath

from tests.house.reading import ROOT, Module, modules, nothing

# Words of the column that the code may still use, because they also mean something else that is right.
OTHER_MEANINGS = {
    "member": "an organisation of a coalition; only for a user is it the wrong word",
    "note": "the dated public note after a publication, and the notes to editors",
    "edit": "changing a draft is no correction",
    "error": "Python's exceptions and HTTP's errors are called so; a domain `no` is a Refusal",
    "log": "the public log, a tree of leaves; only for the events of a statement is it the wrong word",
    "list": "a list in a text, and words joined into one; only for a roll is it the wrong word",
    "group": "the parts of a pattern and of a command line are called so by the libraries",
}
# Names that others gave: (file, identifier) or (any file, identifier).
GIVEN_BY_OTHERS: dict[tuple[str, str], str] = {
    ("*", "__post_init__"): "the dataclasses'",
    ("*", "status"): "HTTP's",
    ("*", "status_code"): "HTTP's",
    ("*", "request"): "Flask's",
    ("*", "post"): "HTTP's method",
    ("workflow/app.py", "LARGEST_REQUEST"): "HTTP's",
    ("workflow/web/errors.py", "STATUS"): "HTTP's",
    ("workflow/web/errors.py", "status_of"): "HTTP's",
    ("workflow/text/commonmark.py", "state"): "markdown-it's",
    ("workflow/text/commonmark.py", "pending"): "markdown-it's",
    ("workflow/cli.py", "version"): "click's",
}


def forbidden() -> dict[str, str]:
    """The words of the "not" column, each with the word to use."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    assert rows[0] == ["word", "means", "not"]
    words = {}
    for right, _, wrong in rows[2:]:
        for word in filter(None, (part.strip() for part in wrong.split(","))):
            words[word.lower()] = right
    return words


def parts(identifier: str) -> tuple[str, ...]:
    """The words of an identifier: `SignerName2` and `signer_name_2` give signer, name."""
    return tuple(word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier))


def defined(module: Module) -> Iterator[tuple[str, int]]:
    """Every name that the module gives to something, with its line."""
    yield PurePath(module.path).stem, 1
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)) or (
            isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        ):
            yield (node.id if isinstance(node, ast.Name) else node.attr), node.lineno
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname, 1
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name, node.lineno


def wrong_word(identifier: str, words: dict[str, str]) -> str | None:
    """The word of the "not" column in an identifier, or none. Words of two parts stand next to each other."""
    found = parts(identifier)
    for word in words:
        wanted = tuple(parts(word))
        size = len(wanted)
        if any(found[start : start + size] == wanted for start in range(len(found) - size + 1)):
            return word
    return None


def test_the_glossary_is_read():
    words = forbidden()
    assert len(words) >= 30
    assert words["version"] == "revision"
    assert set(OTHER_MEANINGS) <= set(words), "an exception for a word that the glossary does not forbid"


def test_a_wrong_word_is_found():
    words = forbidden()
    assert wrong_word("latest_version", words) == "version"
    assert wrong_word("SignerName", words) == "signer"
    assert wrong_word("magic_link", words) == "magic link"
    assert wrong_word("versioned", words) is None
    assert wrong_word("accounts", words) is None  # the name of a chapter


def test_no_word_of_the_not_column_is_a_name_of_ours():
    words = {word: right for word, right in forbidden().items() if word not in OTHER_MEANINGS}
    looked_at = 0
    wrong = set()
    for module in modules():
        for identifier, line in defined(module):
            looked_at += 1
            word = wrong_word(identifier, words)
            given = {("*", identifier), (module.path, identifier)} & set(GIVEN_BY_OTHERS)
            if word and not given:
                wrong.add(f"{module.path}:{line} {identifier} (say {words[word]})")
    assert looked_at >= 2000
    nothing(wrong)
