"""Every message has a sentence, and every sentence its values."""

import ast
import inspect
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import workflow
from workflow.rules import refusals
from workflow.rules.refusals import FileRefused, LinkClosed, Message, Refusal, WrongStage
from workflow.text.sentence_table import SENTENCES, VARIANTS, WORDS
from workflow.text.sentences import say

PACKAGE = Path(workflow.__file__).parent
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def plain(text):
    return text


def messages():
    """(where, id, names of values or None where they cannot be read off) of every `Message("…")`."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "Message" or not node.args:
                continue
            if not isinstance(node.args[0], ast.Constant):
                continue
            names = set()
            if len(node.args) > 1:
                values = node.args[1]
                names = {getattr(key, "value", None) for key in values.keys} if isinstance(values, ast.Dict) else None
            yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node.args[0].value, names


def raised():
    """(where, id, names of values) of every refusal that is raised with values by name."""
    known = {name: kind for name, kind in vars(refusals).items() if inspect.isclass(kind)}
    own = [name for name, kind in known.items() if issubclass(kind, Refusal) and "__init__" not in vars(kind)]
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call | ast.Name | ast.Attribute):
                called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                name = getattr(called, "id", getattr(called, "attr", ""))
                keywords = node.exc.keywords if isinstance(node.exc, ast.Call) else []
                if name in own and all(keyword.arg for keyword in keywords):
                    names = {keyword.arg for keyword in keywords}
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}", known[name].id, names


def variants(id_):
    return [id_, *(name for name in SENTENCES if id_ in VARIANTS and name.startswith(f"{id_}-"))]


def test_every_refusal_has_a_sentence():
    kinds = [kind for kind in vars(refusals).values() if inspect.isclass(kind) and issubclass(kind, Refusal)]
    assert [kind.id for kind in kinds if kind.id not in SENTENCES] == []


def test_every_message_has_a_sentence():
    assert [(where, id_) for where, id_, _ in messages() if id_ not in SENTENCES] == []


def test_every_value_in_a_sentence_is_given():
    lacking = []
    for where, id_, names in [*messages(), *raised()]:
        if names is None or id_ not in SENTENCES:
            continue
        wanted = set(PLACEHOLDER.findall(SENTENCES[id_])) | set(PLACEHOLDER.findall(SENTENCES.get(f"{id_}-one", "")))
        if wanted - names:
            lacking.append((where, id_, wanted - names))
    assert lacking == []


@pytest.mark.parametrize("id_", SENTENCES)
def test_sentences_can_be_filled(id_):
    sentence = SENTENCES[id_]
    assert sentence and "%" not in PLACEHOLDER.sub("", sentence)
    assert sentence % dict.fromkeys(PLACEHOLDER.findall(sentence), "x")


def test_variants_lead_somewhere():
    for id_ in VARIANTS:
        assert id_ in SENTENCES and len(variants(id_)) > 1


def test_every_stage_has_words():
    from workflow.rules.lifecycle import Stage

    assert set(WORDS["stage"]) == {stage.value for stage in Stage}


def test_values_are_put_into_words():
    assert "12,000" in say(Message("too-long", {"limit": 12000, "length": 3}), plain)
    assert "A, B and C" in say(Message("no-contact", {"organisations": ["A", "B", "C"]}), plain)
    assert "still a draft" in say(WrongStage(stage="draft", move="recall").message, plain)
    assert "recalled" in say(LinkClosed(outcome="recalled").message, plain)
    moment = datetime(2026, 11, 27, 18, tzinfo=UTC)
    assert "27 November 2026" in say(Message("already-there", {"name": moment}), plain)


def test_messages_within_messages():
    inner = Message("role-unknown", {"role": "boss"})
    said = say(Message("file-field", {"field": "role", "problem": inner}), plain)
    assert said == f"role: {say(inner, plain)}"
    refusal = FileRefused(inner, 3)
    assert say(refusal.message, plain) == say(inner, plain) or "3" in say(refusal.message, plain)
    assert say(Message("file", {"line": 3, "problem": inner}), plain).startswith("Line 3: ")
    assert say(Message("file", {"line": 0, "problem": inner}), plain) == say(inner, plain)


def test_the_sentence_of_what_is_missing():
    parts = (
        Message("missing.waiting", {"names": ("Lakeside Relief",)}),
        Message("missing.objects", {"names": ("Hillside Forum",)}),
        Message("missing.declined", {"names": ("A", "B")}),
    )
    said = say(Message("missing.several", {"parts": parts}), plain)
    assert said == "Waiting for Lakeside Relief; Hillside Forum objects; A and B declined"


def test_what_goes_on_a_sentence_begins_with_no_capital():
    names = {"names": ("Hillside Forum",)}
    for id_ in ("missing.voices", "missing.recorded", "missing.open", "missing.silence", "missing.silence-broken"):
        alone = say(Message("missing.several", {"parts": (Message(id_, names),)}), plain)
        both = (Message("missing.waiting", names), Message(id_, names))
        said = say(Message("missing.several", {"parts": both}), plain)
        assert alone[0].isupper()
        assert said == f"Waiting for Hillside Forum; {alone[0].lower()}{alone[1:]}", said


def test_no_part_of_what_is_missing_brings_a_capital_into_a_sentence():
    starts_with_a_word = [
        id_
        for id_, sentence in SENTENCES.items()
        if id_.startswith("missing.") and sentence[0].isupper() and not id_.endswith("-one")
    ]
    alone = {"missing.nothing", "missing.waiting", "missing.comments"}  # nothing stands before these
    assert {id_ for id_ in starts_with_a_word if f"{id_}-too" not in SENTENCES} == alone


def test_values_are_never_read_as_formats():
    assert "%(x)s %s 100%" in say(Message("already-there", {"name": "%(x)s %s 100%"}), plain)


def test_a_translation_takes_the_place_of_the_sentence():
    said = say(Message("missing"), {SENTENCES["missing"]: "يرجى الملء"}.get, "ar")
    assert said == "يرجى الملء"


def test_a_name_within_arabic_is_set_apart():
    name = Message("missing.waiting", {"names": ("Lakeside Relief", "Hillside Forum")})
    assert say(name, plain, "ar") == "Waiting for \u2068Lakeside Relief\u2069 و\u2068Hillside Forum\u2069"
    assert "\u2068" not in say(name, plain)
    assert "\u2068" not in say(WrongStage(stage="draft", move="recall").message, plain, "ar")


def test_an_arabic_name_within_english_is_set_apart_too():
    name = Message("missing.waiting", {"names": ("Hillside Forum", "المرصد")})
    said = say(name, plain)
    assert "Hillside Forum" in said
    assert "\u2068المرصد\u2069" in said  # else what follows it, a number say, stands on its wrong side
    assert "\u2068Hillside" not in said


def test_a_name_that_ends_in_a_stop_brings_no_second_one():
    refused = Message("listing.addressee", {"names": ("Rope Makers Inc.",)})
    assert "Rope Makers Inc. Who is written to" in say(refused, plain)


def test_names_before_a_count_are_joined_in_the_manner_of_the_language():
    others = Message("missing.waiting", {"names": Message("names-and-others", {"first": ("A", "B"), "others": 2})})
    assert say(others, plain) == "Waiting for A, B and 2 others"
    assert "\u2068A\u2069، \u2068B\u2069" in say(others, plain, "ar")


def test_an_unknown_id_is_still_a_sentence():
    assert say(Message("nobody-knows", {"a": 1}), plain) == SENTENCES["refusal"]
    assert "…" in say(Message("already-there"), plain)
