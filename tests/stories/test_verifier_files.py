"""The files that a reader has: the verifier finds what it needs in them, and what cannot be read accuses nobody."""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import rfc8785

from tests.builders import NOW, SIGNING, World, circulate
from tests.formats.publishing import SEVEN, TWIN, begin, sign
from tests.stories.test_verifier import FILES, VERIFIER, arguments, run
from tests.web.test_editions import FRENCH
from workflow import keys
from workflow.actions import keys as acting
from workflow.actions import noting, translating
from workflow.models.publication import Publication
from workflow.rules.noting import Later, LaterKind, NoteKind

DAY = NOW + timedelta(days=1)
HARBOUR = SEVEN.index("Harbour for Peace")


@dataclass
class Kept:
    """A publication, and the folder in which a reader keeps its files."""

    site: object
    made: World
    folder: Path
    slug: str = ""

    def get(self, path: str) -> bytes:
        answer = self.site.client().get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.data

    def fetch(self) -> list[str]:
        """All files as they are now; gives what the verifier is called with."""
        for name in FILES:
            (self.folder / name).write_bytes(self.get(f"/statements/{self.slug}/{name}"))
        (self.folder / "statement.json").write_bytes(self.get(f"/statements/{self.slug}.json"))
        return [one for one in arguments(self.folder) if not one.startswith("--con")]

    def note(self, kind: NoteKind, text: str) -> None:
        noting.note(self.made.session, DAY, self.made.user.id, self.made.statement.public_id, kind, text)

    def withdraw(self, index: int, text: str = "Misled.") -> None:
        later = Later(LaterKind.WITHDRAW, self.made.revision.digest, "Ada Example", "Chair", text)
        invitation = self.made.invitations[index]
        noting.act(self.made.session, None, DAY, invitation.id, invitation.generation, later)

    def translate(self) -> None:
        translating.add_translation(self.made.session, DAY, self.made.user.id, self.made.statement.public_id, FRENCH)

    def change(self, name: str, how) -> None:
        """One of the JSON files, changed and written as canonically as it was."""
        values = json.loads((self.folder / name).read_bytes())
        how(values)
        (self.folder / name).write_bytes(rfc8785.dumps(values))


@pytest.fixture
def kept(site, tmp_path):
    with site.session() as session:
        made = circulate(begin(session, SEVEN, TWIN), now=NOW)
        for index in range(len(SEVEN)):
            sign(made, index, NOW)
        found = Kept(site, made, tmp_path, session.query(Publication.slug).scalar())
        session.rollback()
        (tmp_path / "checkpoint").write_bytes(found.get("/log/checkpoint"))
        yield found


def consistent(kept: Kept) -> list[str]:
    """Everything there is to check, so that nothing stays unchecked."""
    given = kept.fetch()
    size = json.loads((kept.folder / "proof.json").read_bytes())["size"]
    (kept.folder / "consistency").write_bytes(kept.get(f"/log/proof/consistency?from=2&to={size}"))
    return [*given, f"--consistency={kept.folder / 'consistency'}"]


def last(said: str) -> str:
    return said.rstrip("\n").split("\n")[-1]


@pytest.mark.parametrize("content", [b"", b"<html>Not found</html>"])
def test_a_proof_of_consistency_that_is_none_accuses_nobody(kept, content):
    kept.note(NoteKind.CORRECTION, "It is 38 days.")
    given = consistent(kept)
    (kept.folder / "consistency").write_bytes(content)
    code, said = run(given)
    assert code == 2 and "WRONG" not in said and "could not be read" in said, said
    assert 'curl -fsS "https://localhost/log/proof/consistency?from=2&to=3" > consistency' in said


def test_a_head_that_is_newer_than_the_proof_is_compared_the_other_way_round(kept):
    given = kept.fetch()
    kept.note(NoteKind.CORRECTION, "It is 38 days.")
    (kept.folder / "checkpoint").write_bytes(kept.get("/log/checkpoint"))
    code, said = run(given)
    assert code == 2 and "from=2&to=3" in said
    (kept.folder / "consistency").write_bytes(kept.get("/log/proof/consistency?from=2&to=3"))
    given.append(f"--consistency={kept.folder / 'consistency'}")
    code, said = run(given)
    assert (code, last(said)) == (0, "All holds."), said
    (kept.folder / "consistency").write_bytes(kept.get("/log/proof/consistency?from=1&to=2"))
    code, said = run(given)
    assert code == 2 and "leads from 1 to 2; fetch it anew" in said and "WRONG" not in said, said


def receipt(checkpoint: str, encoding: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "sign@example.org", "ada@example.org", "Your receipt"
    mail.set_content(f"You signed. Keep this:\n\n{checkpoint}\nGoodbye — the lead.\n", cte=encoding)
    mail.add_alternative(f"<p>You signed.</p>\n<pre>{checkpoint}</pre>", subtype="html", cte=encoding)
    return bytes(mail)


@pytest.mark.parametrize("form", ["text", "quoted", "quoted-printable", "base64", "8bit"])
def test_the_head_of_the_log_is_found_in_a_receipt(kept, form):
    given, checkpoint = kept.fetch(), (kept.folder / "checkpoint").read_text()
    text = f"You signed.\r\n\r\nKeep this:\n\n{checkpoint}\nGoodbye — the lead.\n"
    if form == "quoted":
        text = "\n".join(f"> {line}" for line in text.split("\n"))
    content = text.encode() if form in ("text", "quoted") else receipt(checkpoint, form)
    (kept.folder / "checkpoint").write_bytes(content)
    code, said = run(given)
    assert (code, last(said)) == (0, "All holds."), said
    (kept.folder / "checkpoint").write_bytes(content.replace(b"localhost", b"elsewhere"))
    if form != "base64":
        assert run(given)[0] == 1, "a head of another log"


def test_a_file_without_a_head_of_a_log_accuses_nobody(kept):
    given = kept.fetch()
    (kept.folder / "checkpoint").write_text("You signed. Thank you.")
    code, said = run(given)
    assert code == 2 and "WRONG" not in said and "no head of a log" in said


@pytest.mark.parametrize("name", ["record", "checkpoint", "text"])
def test_a_file_that_is_missing_is_one_sentence(kept, name):
    given = [*kept.fetch(), f"--text={kept.folder / 'text'}"]
    (kept.folder / "text").write_bytes(kept.get(f"/statements/{kept.slug}.txt"))
    (kept.folder / name).unlink()
    alone = subprocess.run([sys.executable, "-I", VERIFIER, *given], capture_output=True, text=True, check=False)
    assert alone.returncode == 2 and not alone.stderr, alone.stderr
    (line,) = [line for line in alone.stdout.split("\n") if f"{name}: No such file" in line]
    assert line.startswith(("NOT READ     ", "not checked  ")), line


def test_a_text_that_is_no_text_is_not_wrong(kept):
    (kept.folder / "text").write_bytes(b"%PDF-1.7\xff\xfe")
    code, said = run([*kept.fetch(), f"--text={kept.folder / 'text'}"])
    assert code == 2 and "WRONG" not in said and "plain text" in last(said)


def test_a_file_that_is_not_looked_at_is_not_held_to_be_checked(kept):
    (kept.folder / "statement.pdf").write_bytes(b"%PDF-1.7")
    code, said = run([str(kept.folder / "statement.pdf"), *kept.fetch()])
    assert code == 2 and "statement.pdf" in said


def test_a_head_by_a_newer_key_accuses_nobody_and_is_checked_with_the_keys(kept, tmp_path):
    given = kept.fetch()
    keys.make(tmp_path / "next")
    after = keys.from_file(tmp_path / "next", "")
    acting.rotate(kept.made.session, DAY, SIGNING, after)
    (kept.folder / "checkpoint").write_bytes(kept.get("/log/checkpoint"))
    code, said = run(given)
    assert code == 2 and "WRONG" not in said and "give --keys" in said, said
    (kept.folder / "keys.json").write_bytes(kept.get("/keys.json"))
    (kept.folder / "consistency").write_bytes(kept.get("/log/proof/consistency?from=2&to=3"))
    more = [f"--{name}={kept.folder / file}" for name, file in (("keys", "keys.json"), ("consistency", "consistency"))]
    code, said = run([*given, *more])
    assert (code, last(said)) == (0, "All holds."), said
