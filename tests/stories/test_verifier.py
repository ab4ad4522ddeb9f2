"""The verifier that stands alone: it accepts what the application publishes, and refuses it after any changed byte."""

import importlib.util
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import NOW, SIGNING
from tests.formats.publishing import publish
from workflow.actions import noting
from workflow.models.accounts import User
from workflow.models.drafting import Statement
from workflow.rules.noting import NoteKind
from workflow.text.signing_forms import fingerprint

VERIFIER = Path(__file__).parents[2] / "docs" / "verify.py"
FILES = ("record", "proof.json", "record.sig", "record.minisig", "record.sshsig")
TRIED_IN_EACH = 60


@pytest.fixture
def kept(site, tmp_path):
    """The files of a publication with a note, a head of the log from before the note, and how to check them."""
    with site.session() as session:
        slug = publish(session)
    client, address = site.client(), f"/statements/{slug}"
    (tmp_path / "checkpoint").write_bytes(client.get("/log/checkpoint").data)
    with site.session() as session:
        user, statement = session.query(User.id).scalar(), session.query(Statement.public_id).first()[0]
        noting.note(session, NOW, user, statement, NoteKind.CORRECTION, "It is 38 days.")
    for name in FILES:
        (tmp_path / name).write_bytes(client.get(f"{address}/{name}").data)
    (tmp_path / "statement.json").write_bytes(client.get(f"{address}.json").data)
    (tmp_path / "consistency").write_bytes(client.get("/log/proof/consistency?from=2&to=3").data)
    (tmp_path / "text").write_bytes(client.get(f"{address}.txt").data)
    return tmp_path


def arguments(folder):
    outside = [f"--{name}={folder / name}" for name in ("checkpoint", "consistency")]
    return [
        *(str(folder / name) for name in (*FILES, "statement.json")),
        f"--key={fingerprint(SIGNING.public)}",
        *outside,
    ]


def run(given):
    """Alone: no project on the path, no environment."""
    ended = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), *given],
        cwd="/",
        env={"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=False,
    )
    assert not ended.stderr or ended.returncode == 2, ended.stderr.decode()
    return ended.returncode, ended.stdout.decode()


def loaded():
    spec = importlib.util.spec_from_file_location("the_verifier", VERIFIER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ended(verifier, given, monkeypatch):
    verifier.unchecked.clear()
    monkeypatch.setattr(sys, "argv", ["verify.py", *given])
    return verifier.main()


def test_it_accepts_what_is_published_and_says_what_holds(kept):
    code, said = run(arguments(kept))
    assert code == 0 and said.endswith("All holds; it was corrected since: see above.\n"), said
    for words in ("Harbour for Peace", "38 days", "record.sig, record.minisig, record.sshsig", "was not rewritten"):
        assert words in said


def test_what_is_missing_is_said_and_is_no_success(kept):
    given = [one for one in arguments(kept) if not one.startswith("--")]
    code, said = run(given)
    assert code == 2 and said.count("not checked") >= 2 and "WRONG" not in said
    assert run([*given, "--key=" + "0" * 64])[0] == 1
    assert run(given[:1])[0] == 2


@pytest.mark.parametrize("name", [*FILES, "statement.json", "checkpoint", "consistency"])
def test_any_changed_byte_is_refused(kept, name, monkeypatch):
    verifier, whole = loaded(), (kept / name).read_bytes()
    assert ended(verifier, arguments(kept), monkeypatch) == 0
    # Since when the first key signs stands in the log's first entry, which is not here; nothing rests on it.
    free = re.search(rb'"since":"([^"]*)"', whole) if name == "proof.json" else None
    places = [at for at in range(len(whole)) if not (free and free.start(1) <= at < free.end(1))]
    for at in random.Random(name).sample(places, min(TRIED_IN_EACH, len(places))):
        changed = bytearray(whole)
        changed[at] ^= 1 << (at % 7)
        (kept / name).write_bytes(changed)
        # What is no head of a log, or no JSON, any more was fetched or saved badly, and is no proof against anybody.
        codes = {1, 2} if name in ("checkpoint", "consistency") else {1}
        assert ended(verifier, arguments(kept), monkeypatch) in codes, (at, whole[at : at + 20])
    assert run(arguments(kept))[0] in codes


def test_a_text_found_somewhere_is_compared(kept, monkeypatch):
    verifier, found = loaded(), (kept / "text").read_text()
    given = [*arguments(kept), f"--text={kept / 'text'}"]
    assert ended(verifier, given, monkeypatch) == 2  # the date in words and the contact are shown, to be looked at
    pasted = found.replace("‘", "'").replace("’", "'").replace("\n", "\r\n  ")
    for text, code in (
        (pasted, 2),
        (found.replace("must reopen", "must not reopen"), 1),
        (found.replace("Harbour for Peace • ", ""), 1),
        (found.replace("nine hours", "ten hours"), 1),
    ):
        (kept / "text").write_text(text)
        assert ended(verifier, given, monkeypatch) == code


def test_an_added_sentence_is_shown(kept):
    text = kept / "text"
    text.write_text(text.read_text().replace("ENDS", "We demand a bridge of gold.\n\nENDS"))
    code, said = run([*arguments(kept), f"--text={text}"])
    assert code == 2 and "We demand a bridge of gold" in said
