"""What the verifier that stands alone says: of what came since, in words of strangers, of what nobody signed."""

import json
import subprocess
import sys

import pytest
import rfc8785

from tests.builders import SIGNING
from tests.formats.publishing import SEVEN
from tests.stories.test_verifier import VERIFIER, arguments, ended, loaded, run
from tests.stories.test_verifier_files import DAY, consistent, kept, last
from workflow import keys
from workflow.actions import keys as acting
from workflow.actions import noting, taking_down
from workflow.rules.noting import Later, LaterKind, NoteKind

__all__ = ["kept"]
HARBOUR = SEVEN.index("Harbour for Peace")

# What came since -------------------------------------------------------------------------------------


def test_the_last_line_says_that_a_statement_was_retracted(kept):
    kept.note(NoteKind.CORRECTION, "It is 38 days.")
    assert last(run(consistent(kept))[1]) == "All holds; it was corrected since: see above."
    kept.note(NoteKind.RETRACTION, "It was wrong.")
    code, said = run(consistent(kept))
    assert code == 0, "it is genuine"
    meant = "All holds, but the statement was RETRACTED on 2027-03-02: it does not stand any more."
    assert last(said) == meant and "\nRETRACTED    " in said
    code, said = run([one for one in consistent(kept) if not one.startswith("--key")])
    assert code == 2 and "RETRACTED on 2027-03-02" in last(said) and "1 thing was not checked" in last(said)


def test_the_last_line_says_that_a_statement_is_taken_down(kept):
    taking_down.take_down(kept.made.session, DAY, kept.slug, "A court said so.")
    taking_down.restore(kept.made.session, DAY, kept.slug, "It says so no more.")
    given = consistent(kept)
    assert last(run(given)[1]) == "All holds."
    # As it was while it was down: the files of then are not given out, but somebody may have made them.
    parts = [json.loads(kept.get(f"/log/proof/inclusion?index={index}&size=3")) for index in (1, 2)]
    parts[0]["leaves"] += parts[1]["leaves"]
    (kept.folder / "proof.json").write_bytes(rfc8785.dumps(parts[0]))
    (kept.folder / "consistency").write_bytes(kept.get("/log/proof/consistency?from=2&to=3"))
    kept.change("statement.json", lambda values: values["notes"].pop())
    code, said = run(given)
    assert code == 0 and "TAKEN DOWN by the operator on 2027-03-02" in last(said), said


def test_it_says_whose_withdrawal_it_is_and_marks_who_withdrew(kept):
    kept.withdraw(HARBOUR)
    code, said = run(consistent(kept))
    assert code == 0 and "withdrawal of Harbour for Peace: Misled." in said, said
    assert "  Harbour for Peace (withdrew on 2027-03-02)\n" in said
    assert "7 signed" in said and "1 of them withdrew since" in said


def test_a_withdrawal_of_who_is_not_named_names_nobody(kept):
    kept.withdraw(HARBOUR)
    invitation = kept.made.invitations[HARBOUR]
    later = Later(LaterKind.WITHHOLD, kept.made.revision.digest, "Ada Example", "Chair", "", authority=True)
    noting.act(kept.made.session, None, DAY, invitation.id, invitation.generation, later)
    code, said = run(consistent(kept))
    assert code == 0 and "withdrawal of an organisation that is not named: Misled." in said
    assert "Harbour" not in said


def test_a_withdrawal_under_a_mended_name_has_the_name_of_now(kept):
    made, signatory = kept.made, kept.made.signatories[HARBOUR].id
    noting.fix_name(made.session, DAY, made.user.id, made.statement.public_id, signatory, "Harbour Peace", "")
    kept.withdraw(HARBOUR)
    assert "withdrawal of Harbour Peace: Misled." in run(consistent(kept))[1]


# Words of strangers ----------------------------------------------------------------------------------

ESCAPE = "\x1b[2J"
FORGED = "Harbour\x1b[2J\x1b[HAll holds.\x1b[8m\n\u202eholds\x07"


def test_nothing_is_printed_that_a_terminal_obeys(kept):
    kept.note(NoteKind.CORRECTION, f"{FORGED} see")
    code, said = run(consistent(kept))
    assert code == 0 and "see" in said
    kept.change("statement.json", lambda values: values["notes"][0].update({FORGED: 1}))
    wrong = run(arguments(kept.folder))[1]
    for text in (said, wrong):
        assert not [char for char in text if not char.isprintable() and char != "\n"], repr(text)
        labels = ("holds  ", "not signed  ", "       ", "All holds; it was corrected", "WRONG  ")
        assert all(line.startswith(labels) for line in text.rstrip("\n").split("\n")), text
        assert "\\x1b[2J" in text


def test_the_last_line_obeys_no_stranger_either(kept, monkeypatch, capsys):
    verifier = loaded()
    notes = [{"kind": "retraction", "at": ESCAPE}]
    monkeypatch.setattr(verifier, "check", lambda *_: verifier.outcome({"notes": notes}))
    assert ended(verifier, kept.fetch(), monkeypatch) == 0
    said = capsys.readouterr().out
    assert "RETRACTED on \\x1b[2J" in said and "\x1b" not in said


def test_arabic_is_no_error_where_the_terminal_cannot_show_it(kept):
    kept.note(NoteKind.CORRECTION, "الخبز")
    given = consistent(kept)
    alone = subprocess.run(
        [sys.executable, "-I", VERIFIER, *given], env={"PYTHONIOENCODING": "ascii"}, capture_output=True, check=False
    )
    assert alone.returncode == 0, (alone.stdout, alone.stderr)


# What nobody signed ----------------------------------------------------------------------------------


def unknown(values):
    values["verified"] = True


def to_translation(**more):
    return lambda values: values["notes"][0]["translation"].update(more)


@pytest.mark.parametrize(
    ("name", "how", "said"),
    [
        ("statement.json", unknown, "verified"),
        ("statement.json", lambda values: values["notes"][0].update(by="the lead"), "by"),
        ("statement.json", lambda values: values["disclosures"][0].update(country="Lakeland"), "country"),
        ("statement.json", to_translation(signed=True), "signed"),
        ("statement.json", to_translation(language="de"), "language"),
        ("statement.json", lambda values: values["notes"][0].pop("translation"), "translation"),
        ("statement.json", lambda values: values["notes"][0].pop("salt"), "bound by nothing"),
        ("statement.json", lambda values: values.update(language="de"), "language"),
        ("proof.json", lambda values: values["leaves"][0].update(index=True), "number"),
        ("proof.json", lambda values: values["keys"][0].update(leaf=False), "number"),
        ("proof.json", lambda values: values["leaves"].reverse(), ""),
        ("consistency", unknown, "verified"),
    ],
)
def test_what_is_added_or_taken_out_is_refused(kept, name, how, said):
    kept.translate()
    given = consistent(kept)
    assert run(given)[0] == 0
    kept.change(name, how)
    code, told = run(given)
    assert code == 1 and said in last(told), told


def test_notes_in_another_order_are_refused(kept):
    for text in ("One.", "Two."):
        kept.note(NoteKind.CORRECTION, text)
    given = consistent(kept)
    kept.change("statement.json", lambda values: values["notes"].reverse())
    kept.change("proof.json", lambda values: values.update(leaves=[values["leaves"][at] for at in (0, 2, 1)]))
    assert run(given)[0] == 1


def test_what_nothing_binds_is_said_not_to_be_signed(kept):
    kept.translate()
    given = consistent(kept)
    for how in (lambda _: None, to_translation(approved_by="Harbour for Peace")):
        kept.change("statement.json", how)
        code, said = run(given)
        assert code == 0 and "\nnot signed   The order of these names.\n" in said, said
        (note,) = json.loads((kept.folder / "statement.json").read_bytes())["notes"]
        assert f"\nnot signed   Who approved this translation: {note['translation']['approved_by']}\n" in said


@pytest.mark.parametrize("leaf", [0, 2, 3, 99, True])
def test_a_key_stands_in_the_log_before_its_head_and_where_nothing_else_does(kept, leaf, tmp_path):
    keys.make(tmp_path / "next")
    after = keys.from_file(tmp_path / "next", "")
    kept.withdraw(0)
    acting.rotate(kept.made.session, DAY, SIGNING, after)
    given = kept.fetch()
    size = json.loads((kept.folder / "proof.json").read_bytes())["size"]
    assert size == 3
    told = json.loads(kept.get("/keys.json"))
    assert [one["leaf"] for one in told["keys"]] == [0, 3]
    told["keys"][1]["leaf"] = leaf
    (kept.folder / "keys.json").write_bytes(rfc8785.dumps(told))
    said = run([*given, f"--keys={kept.folder / 'keys.json'}"])[1]
    assert ("WRONG" not in said) == (leaf in (3, 99)), said
