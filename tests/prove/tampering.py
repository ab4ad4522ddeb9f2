"""Random tampering with histories, notes and the log, by whoever owns the database: each is found, by something.

A small installation lives: texts that are published, noted, retracted, and one that still circulates. What others hold
is the newest checkpoint, and the head in the newest receipt of each text. Everything older than that is then tampered
with, one thing at a time, plainly, or with every hash made to fit again, or with the keys stolen as well.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from tests.builders import LINKS, NOW, QUOTELESS, SIGNING, circulate, offered, world
from tests.prove.forging import make_fit, table
from workflow import keys
from workflow.actions import keys as key_actions
from workflow.actions import noting, signing, translating
from workflow.db import SIGNING_KEY
from workflow.keys import SigningKey
from workflow.queries import log as looking
from workflow.queries.audit import Held, audit
from workflow.rules.circulation import Kind
from workflow.rules.noting import Later, LaterKind, NoteKind
from workflow.text.editions import begun_from
from workflow.text.signed_note import checkpoints_in

PROTECTED = (
    *("events", "notes", "publications", "revisions", "answers", "translations"),
    *("log_keys", "log_leaves", "log_nodes", "log_checkpoints", "record_signatures"),
)
HOW = ("plain", "fitted", "with the keys")


@dataclass
class Told:
    """How many tamperings there were, how each kind was found, and what was not."""

    runs: int = 0
    found_by: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)


@dataclass
class Living:
    """The installation, what is held outside of it, and up to where it is held, by table."""

    session: Session
    keys: list[SigningKey]
    held: Held
    events: dict[int, int]
    notes: int
    leaves: int


def live(sessions: sessionmaker[Session], folder: Path) -> Living:
    """Let the installation live, and note what others hold of it at one moment; then more comes."""
    session = sessions()
    made = [circulate(world(session, members=3, edition=QUOTELESS, lead=f"Lead {number}")) for number in range(4)]
    for one in made:
        for index in range(3 if one is not made[3] else 2):
            kind = Kind.OBJECTION if one is made[3] and index else Kind.SIGN_OFF
            signing.answer(session, LINKS, NOW, one.invitations[index].id, 1, offered(one, index, kind))
        if one is made[0]:
            of_it = (one.user.id, one.statement.public_id)
            translating.add_translation(session, NOW, *of_it, begun_from(one.revision.parsed.authoritative, "fr"))
        if one is not made[3]:
            _note(session, one)
    file = folder / "next.pem"
    keys.make(file)
    after = keys.from_file(file, "")
    key_actions.rotate(session, NOW, SIGNING, after)
    session.info[SIGNING_KEY] = after
    _correct(session, made[0], "It is forty-one.")
    events, notes = table("events"), table("notes")
    newest = select(events.c.hash).order_by(events.c.number.desc())
    heads = [session.scalars(newest.where(events.c.statement_id == one.statement.id)).first() for one in made]
    numbered = select(events.c.statement_id, events.c.number).where(events.c.hash.in_(heads))
    last = {row.statement_id: row.number for row in session.execute(numbered)}
    checkpoints = list(checkpoints_in(looking.newest_checkpoint(session)))
    held = Held(checkpoints, [one for one in heads if one])
    newest_note = session.scalar(select(notes.c.id).order_by(notes.c.id.desc()).limit(1)) or 0
    living = Living(session, [SIGNING, after], held, last, newest_note, looking.size(session))
    _correct(session, made[1], "It is forty-two.")  # younger than what is held
    session.rollback()
    return living


def _note(session: Session, made: Any) -> None:
    said = {"person_name": "Bo Example", "person_role": "Chair", "text": "We were wrong."}
    later = Later(LaterKind.WITHDRAW, made.revision.digest, **said)
    noting.act(session, LINKS, NOW, made.invitations[0].id, 1, later)
    user, statement = made.user.id, made.statement.public_id
    noting.fix_name(session, NOW, user, statement, made.signatories[1].id, "Hillside Forum e.V.", "A mistake.")
    noting.note(session, NOW, user, statement, NoteKind.RETRACTION, "It is over.")


def _correct(session: Session, made: Any, words: str) -> None:
    noting.note(session, NOW, made.user.id, made.statement.public_id, NoteKind.CORRECTION, words)


def unprotect(session: Session) -> None:
    """Take the triggers off, as who owns the database can."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    asked = (
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid WHERE NOT tgisinternal"
        if postgresql
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    )
    for name, of in session.execute(text(asked)).all():
        if of in PROTECTED:
            session.execute(text(f"DROP TRIGGER {name}{f' ON {of}' if postgresql else ''}"))


# What is done -------------------------------------------------------------------------------------


class Tamperer:
    """Changes one thing at random that is older than what is held. Each deed gives what it did, in words."""

    def __init__(self, living: Living, chance: random.Random) -> None:
        self.living, self.session, self.chance = living, living.session, chance
        self.events, self.notes, self.leaves = table("events"), table("notes"), table("log_leaves")

    def event(self) -> dict[str, Any]:
        rows = self.session.execute(select(self.events)).mappings().all()
        old = [dict(one) for one in rows if one["number"] <= self.living.events[one["statement_id"]]]
        return self.chance.choice(old)

    def note(self) -> dict[str, Any]:
        chosen = select(self.notes).where(self.notes.c.id <= self.living.notes)
        return dict(self.chance.choice(self.session.execute(chosen).mappings().all()))

    def leaf(self) -> dict[str, Any]:
        chosen = select(self.leaves).where(self.leaves.c.number < self.living.leaves)
        return dict(self.chance.choice(self.session.execute(chosen).mappings().all()))

    def hex(self) -> str:
        return self.chance.randbytes(32).hex()

    def flipped(self, words: str) -> str:
        """The same words with one sign changed."""
        at = self.chance.randrange(len(words))
        return words[:at] + self.chance.choice([one for one in "abc019" if one != words[at]]) + words[at + 1 :]

    def set(self, name: str, row: dict[str, Any], **values: Any) -> str:
        rows = table(name)
        whole = [column == row[column.name] for column in rows.primary_key.columns]
        self.session.execute(update(rows).where(*whole).values(**values))
        return f"{name}: {', '.join(values)} changed"

    def drop(self, name: str, row: dict[str, Any]) -> str:
        rows = table(name)
        self.session.execute(delete(rows).where(*(column == row[column.name] for column in rows.primary_key.columns)))
        return f"{name}: deleted"

    # Histories

    def change_event(self) -> str:
        row, hour = self.event(), timedelta(hours=1)
        others = [one for one in self.living.events if one != row["statement_id"]]
        values = self.chance.choice([
            {"kind": "abandoned" if row["kind"] != "abandoned" else "opened"}, {"at": row["at"] + hour},
            {"body": self.flipped(row["body"])}, {"previous_hash": self.hex()}, {"hash": self.hex()},
            {"number": row["number"] + 500},
            {"statement_id": self.chance.choice(others), "number": row["number"] + 500},
        ])  # fmt: skip
        return self.set("events", row, **values)

    def delete_event(self) -> str:
        return self.drop("events", self.event())

    def insert_event(self) -> str:
        row = self.event()
        at = row["number"]
        later = (self.events.c.statement_id == row["statement_id"]) & (self.events.c.number >= at)
        chosen = select(self.events).where(later).order_by(self.events.c.number.desc())
        for one in self.session.execute(chosen).mappings().all():
            self.set("events", dict(one), number=one["number"] + 1)
        values = {**row, "id": 10_000 + self.chance.randrange(9999), "kind": "list arranged", "hash": self.hex()}
        self.session.execute(insert(self.events).values(**values))
        return "events: inserted"

    def swap_events(self) -> str:
        one, other = self.event(), self.event()
        if (one["kind"], one["body"]) == (other["kind"], other["body"]):
            return ""
        for row, given in ((one, other), (other, one)):
            self.set("events", row, kind=given["kind"], at=given["at"], body=given["body"])
        return "events: swapped"

    def cut_events(self) -> str:
        row = self.event()
        tail = (self.events.c.statement_id == row["statement_id"]) & (self.events.c.number >= row["number"])
        self.session.execute(delete(self.events).where(tail))
        return "events: cut"

    # Notes

    def change_note(self) -> str:
        row = self.note()
        choices: list[dict[str, Any]] = [
            {"text": "Other words."}, {"noted_at": row["noted_at"] + timedelta(hours=1)}, {"event_hash": self.hex()},
            {"kind": "correction" if row["kind"] == "retraction" else "retraction"}, {"person_name": "Somebody Else"},
            {"statement_id": self.chance.choice([one for one in self.living.events if one != row["statement_id"]])},
            *([{"commitment": self.hex()}] if row["commitment"] else []),
            *([{"replaced_by": self.hex()}] if row["replaced_by"] else []), *([{"text": ""}] if row["text"] else []),
        ]  # fmt: skip
        return self.set("notes", row, **self.chance.choice(choices))

    def delete_note(self) -> str:
        return self.drop("notes", self.note())

    def delete_note_with_its_event(self) -> str:
        row = self.note()
        self.session.execute(delete(self.events).where(self.events.c.hash == row["event_hash"]))
        return self.drop("notes", row) + ", with its event"

    def insert_note(self) -> str:
        row = self.note()
        self.session.execute(insert(self.notes).values(**{**row, "id": 10_000, "text": self.hex()}))
        return "notes: inserted"

    def swap_notes(self) -> str:
        one, other = self.note(), self.note()
        if one["text"] == other["text"]:
            return ""
        self.set("notes", one, text=other["text"])
        self.set("notes", other, text=one["text"])
        return "notes: swapped"

    # Translations

    def translation(self) -> dict[str, Any]:
        return dict(self.session.execute(select(table("translations"))).mappings().one())

    def change_translation(self) -> str:
        row = self.translation()
        choices: list[dict[str, Any]] = [
            {"content": row["content"].replace("The", "One", 1)}, {"digest": self.hex()}, {"language": "de"},
            {"approved_by": "Somebody Else"}, {"added_at": row["added_at"] + timedelta(hours=1)},
            {"event_hash": self.hex()},
            {"statement_id": self.chance.choice([one for one in self.living.events if one != row["statement_id"]])},
        ]  # fmt: skip
        return self.set("translations", row, **self.chance.choice(choices))

    def delete_translation(self) -> str:
        return self.drop("translations", self.translation())

    # The log, its keys and signatures

    def change_leaf(self) -> str:
        row = self.leaf()
        others = [one for one in (*self.living.events, None) if one != row["statement_id"]]
        values = {"body": self.flipped(row["body"]), "number": row["number"] + 500}
        values["statement_id"] = self.chance.choice(others)
        name = self.chance.choice(list(values))
        return self.set("log_leaves", row, **{name: values[name]})

    def delete_leaf(self) -> str:
        return self.drop("log_leaves", self.leaf())

    def insert_leaf(self) -> str:
        row = self.leaf()
        for one in self.session.execute(select(self.leaves).order_by(self.leaves.c.number.desc())).mappings().all():
            if one["number"] >= row["number"]:
                self.set("log_leaves", dict(one), number=one["number"] + 1)
        self.session.execute(insert(self.leaves).values(**{**row, "body": row["body"].replace("2027", "2026", 1)}))
        return "log_leaves: inserted"

    def swap_leaves(self) -> str:
        one, other = self.leaf(), self.leaf()
        if one["number"] == other["number"]:
            return ""
        for row, given in ((one, other), (other, one)):
            self.set("log_leaves", row, body=given["body"], statement_id=given["statement_id"])
        return "log_leaves: swapped"

    def cut_log(self) -> str:
        at = self.leaf()["number"]
        self.session.execute(delete(self.leaves).where(self.leaves.c.number >= at))
        nodes, checkpoints = table("log_nodes"), table("log_checkpoints")
        for row in self.session.execute(select(nodes)).mappings().all():
            if (row["place"] + 1) << row["level"] > at:
                self.drop("log_nodes", dict(row))
        self.session.execute(delete(checkpoints).where(checkpoints.c.size > at))
        return "log: cut"

    def change_beside_the_log(self) -> str:
        name = self.chance.choice(["log_nodes", "log_checkpoints", "log_keys", "record_signatures", "publications"])
        row = dict(self.chance.choice(self.session.execute(select(table(name))).mappings().all()))
        column = self.chance.choice({
            "log_nodes": ["hash", "level", "place"], "log_checkpoints": ["size", "text"],
            "log_keys": ["public", "origin", "leaf", "since", "statement"],
            "record_signatures": ["public", "raw", "minisign", "ssh"],
            "publications": ["record", "record_digest", "slug", "published_at"],
        }[name])  # fmt: skip
        value = row[column]
        if isinstance(value, bytes):
            changed: Any = bytes([value[0] ^ 1]) + value[1:]
        elif isinstance(value, int):
            changed = value + 700
        elif isinstance(value, str):
            changed = self.flipped(value) if value else "said"
        else:
            changed = value + timedelta(hours=1)
        return self.set(name, row, **{column: changed})

    def delete_beside_the_log(self) -> str:
        name = self.chance.choice(["log_nodes", "log_checkpoints", "log_keys", "record_signatures", "publications"])
        row = dict(self.chance.choice(self.session.execute(select(table(name))).mappings().all()))
        return self.drop(name, row)

    def deeds(self, how: str) -> list[Callable[[], str]]:
        """What can be done so that there is still a change after everything was made to fit."""
        lasting = [
            self.delete_event, self.insert_event, self.swap_events, self.cut_events, self.change_kind_and_words,
            self.delete_note_with_its_event, self.swap_leaves, self.rewrite_all,
        ]  # fmt: skip
        if how != "plain":
            return lasting
        return [
            *(self.change_event, self.delete_event, self.insert_event, self.swap_events, self.cut_events),
            *(self.change_note, self.delete_note, self.insert_note, self.swap_notes, self.delete_note_with_its_event),
            *(self.change_leaf, self.delete_leaf, self.insert_leaf, self.swap_leaves, self.cut_log),
            *(self.change_beside_the_log, self.delete_beside_the_log),
            *(self.change_translation, self.delete_translation),
        ]

    def change_kind_and_words(self) -> str:
        """An event that tells of something else, with columns and body that say the same."""
        row = self.event()
        kind = "list arranged" if row["kind"] != "list arranged" else "opened"
        return self.set("events", row, kind=kind)

    def rewrite_all(self) -> str:
        """Every event of a text a day earlier."""
        row = self.event()
        of_it = self.events.c.statement_id == row["statement_id"]
        for one in self.session.execute(select(self.events).where(of_it)).mappings().all():
            self.set("events", dict(one), at=one["at"] - timedelta(days=1))
        return "all: rewritten"


# Searching ----------------------------------------------------------------------------------------


def tamper(living: Living, seed: int, number: int, say: Callable[[str], None] = lambda _: None) -> Told:
    """Tamper so many times, each time with the installation as it was, and audit after each."""
    session, told, chance = living.session, Told(), random.Random(seed)
    clean = audit(session, living.held)
    told.violations += [f"before anything was done: {one}" for one in clean.wrong]
    unprotect(session)
    doer = Tamperer(living, chance)
    while told.runs < number:
        how = chance.choice(HOW)
        deed = chance.choice(doer.deeds(how))
        for what in _tried(living, deed, how):
            told.runs += 1
            told.met[f"{how}: {what}"] += 1
            wrong = audit(session, living.held).wrong
            outside = all("held outside" in one or "in a receipt" in one for one in wrong)
            told.found_by["what is held outside alone" if outside else "the database itself"] += 1
            if not wrong:
                told.violations.append(f"{how}: {what} ({deed.__name__}) was not found")
            if told.runs % 1000 == 0:
                say(f"{told.runs} tamperings, {len(told.violations)} not found")
    session.rollback()
    if number >= 200 and not told.found_by["what is held outside alone"]:
        told.violations.append("no forger ever made everything fit: that proves nothing of what is held outside")
    return told


def _tried(living: Living, deed: Callable[[], str], how: str) -> Iterator[str]:
    """Do it, give what was done, and undo it. What the database refuses for its keys was not done."""
    session = living.session
    whole = _whole(session) if how != "plain" else None
    before = session.begin_nested()
    try:
        what = deed()
        if what and whole is not None:
            make_fit(session, living.keys, stolen=how == "with the keys")
            what = what if _whole(session) != whole else ""  # what was made to fit may be what was there
    except DatabaseError:
        what = ""
    try:
        if what:
            yield what
    finally:
        before.rollback()
        session.expunge_all()


def _whole(session: Session) -> list[list[Any]]:
    """Every row of what is protected."""
    return [sorted(map(tuple, session.execute(select(table(name))).all()), key=repr) for name in PROTECTED]
