"""Signatures in the forms of openssl, minisign and ssh-keygen: taken by what others wrote, refused when changed."""

import random

from tests.builders import SIGNING
from tests.prove.changed_records import Told, made_record, signed_forms, tools_here, try_libraries, try_tools
from workflow import keys
from workflow.text import signing_forms
from workflow.text.signed_note import checkpoint_text, checkpoints_in, key_id, opened, signed, verifier_key

# The example of c2sp.org/signed-note: a note that others signed.
NOTE = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\ned è subito sera.\n\n"
    "\u2014 quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)
NAME = "sign.example.org/log"


def test_a_short_record_with_any_byte_changed_is_refused():
    told, message = Told(), made_record(1)
    try_libraries(told, message, list(range(0, len(message), 3)), random.Random(1))
    assert told.violations == [] and told.runs > 300
    assert set(told.refused_by.values()) == {told.runs}


def test_a_long_record_with_a_byte_changed_is_refused():
    told, message, chance = Told(), made_record(1000), random.Random(2)
    try_libraries(told, message, chance.sample(range(len(message)), 40), chance)
    assert told.violations == [] and set(told.refused_by.values()) == {40}


def test_the_tools_that_are_here_take_the_record_and_refuse_a_changed_one(tmp_path):
    told = Told()
    try_tools(told, made_record(2), 3, random.Random(3), tmp_path)
    print(f"tried with {', '.join(tools_here()) or 'none of the tools: this machine has none'}")
    assert told.violations == []


def test_what_is_accepted_anew_is_exactly_what_was_made():
    message = made_record(1)
    made = signed_forms(message)
    assert signing_forms.fits(made, message, SIGNING.public, keys.verify)
    others = signing_forms.signatures(message, SIGNING.public, SIGNING.sign, "another comment")
    for changed in (
        signing_forms.Signatures(bytes(64), made.minisign, made.ssh),
        signing_forms.Signatures(made.raw, made.minisign.replace("comment: s", "comment: S"), made.ssh),
        signing_forms.Signatures(made.raw, made.minisign.replace("of a test", "of no test"), made.ssh),
        signing_forms.Signatures(made.raw, "nothing", made.ssh),
        signing_forms.Signatures(made.raw, made.minisign, made.ssh + " "),
        signing_forms.Signatures(made.raw, made.minisign, others.ssh[:-60]),
    ):
        assert not signing_forms.fits(changed, message, SIGNING.public, keys.verify)


def test_the_same_record_gives_the_same_signatures():
    assert signed_forms(made_record(3)) == signed_forms(made_record(3))


def test_a_note_is_opened_by_its_key_alone():
    note = signed(checkpoint_text(NAME, 7, bytes(32)), NAME, {SIGNING.public: SIGNING.sign})
    (found,) = checkpoints_in(note)
    assert (found.origin, found.size, found.root, found.text) == (NAME, 7, bytes(32), note)
    assert opened(note, NAME, SIGNING.public, keys.verify) == note.split("\n\n")[0] + "\n"
    assert opened(note, "sign.example.com/log", SIGNING.public, keys.verify) is None
    assert opened(note, NAME, bytes(32), keys.verify) is None
    for at in range(len(note)):
        other = note[:at] + ("x" if note[at] != "x" else "y") + note[at + 1 :]
        assert opened(other, NAME, SIGNING.public, keys.verify) != opened(note, NAME, SIGNING.public, keys.verify)


def test_keys_are_named_as_the_specification_has_it():
    """The first line of a vkey is checked against an independent computation of its id."""
    import hashlib

    wanted = hashlib.sha256(f"{NAME}\n".encode() + b"\x01" + SIGNING.public).digest()[:4]
    assert key_id(NAME, SIGNING.public) == wanted
    assert verifier_key(NAME, SIGNING.public).split("+")[:2] == [NAME, wanted.hex()]
    # An unknown key's line is ignored, and the note refused for want of a known one.
    assert opened(NOTE, "quasimodo.example/salvatore", SIGNING.public, keys.verify) is None


def test_checkpoints_are_found_in_a_mail():
    note = signed(checkpoint_text(NAME, 7, bytes(32)), NAME, {SIGNING.public: SIGNING.sign})
    quoted = "\r\n".join(f"> {line}" for line in f"Dear Ada,\n\n{note}\nYours".splitlines())
    assert [one.text for one in checkpoints_in(quoted)] == [note]
    assert [one.text for one in checkpoints_in(note + note)] == [note, note]
    assert list(checkpoints_in("Nothing of the kind.\n\n" + NOTE)) == []
