"""The forger: whoever owns the database, and may have stolen the keys, makes everything fit again after a change.

Histories are chained anew, all that names an event names the new one, the records are written and signed again, the
log is entered again with its tree and its checkpoints. What is then still found is found by what others hold.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from workflow.db import Base
from workflow.keys import SigningKey
from workflow.queries.audit_histories import histories
from workflow.text import chain, merkle, signing_forms
from workflow.text.digest import canonical_json
from workflow.text.instants import iso
from workflow.text.signed_note import checkpoint_text, signed

NAMING_EVENTS = ("answers", "notes", "reconfirmations", "contests", "recordings", "quote_answers")


def table(name: str) -> Table:
    """The table of that name."""
    return Base.metadata.tables[name]


def no_signature(message: bytes) -> bytes:
    """What a forger puts who has no key."""
    return hashlib.sha512(message).digest()


def make_fit(session: Session, keys: Sequence[SigningKey], *, stolen: bool) -> None:
    """Make everything that is derived fit to the events, texts and notes as they are now."""
    renamed: dict[str, str] = {}
    for row in session.execute(select(table("statements").c.id, table("statements").c.public_id)).all():
        _chain(session, row.id, row.public_id, renamed)
    for name in NAMING_EVENTS:
        _rename(session, table(name), renamed)
    signs: dict[str, Callable[[bytes], bytes]] = {
        one.public.hex(): one.sign if stolen else no_signature for one in keys
    }
    _records(session, signs)
    _log(session, signs)


def _chain(session: Session, statement_id: int, public_id: str, renamed: dict[str, str]) -> None:
    events, statements = table("events"), table("statements")
    of_it = events.c.statement_id == statement_id
    rows = [dict(one) for one in session.execute(select(events).where(of_it).order_by(events.c.number)).mappings()]
    session.execute(delete(events).where(of_it))
    head = chain.START
    for number, row in enumerate(rows, 1):
        facts = json.loads(_with(row["body"], renamed))["facts"]
        body = chain.body(public_id, number, row["kind"], iso(row["at"]), facts)
        hashed = chain.hash_after(head, body)
        renamed[row["hash"]] = hashed
        row |= {"number": number, "body": body, "previous_hash": head, "hash": hashed}
        head = hashed
    if rows:
        session.execute(insert(events), rows)
    ends = {"event_count": len(rows), "chain_head": head}
    session.execute(update(statements).where(statements.c.id == statement_id).values(**ends))


def _with(text: str, renamed: dict[str, str]) -> str:
    for old, new in renamed.items():
        if old != new and old in text:
            text = text.replace(old, new)
    return text


def _rename(session: Session, rows: Table, renamed: dict[str, str]) -> None:
    for row in session.execute(select(rows.c.id, rows.c.event_hash)).all():
        new = renamed.get(row.event_hash, row.event_hash)
        if new != row.event_hash:
            session.execute(update(rows).where(rows.c.id == row.id).values(event_hash=new))


def _records(session: Session, signs: dict[str, Callable[[bytes], bytes]]) -> None:
    publications, events, made = table("publications"), table("events"), table("record_signatures")
    for row in session.execute(select(publications)).mappings().all():
        of_it = (events.c.statement_id == row["statement_id"]) & (events.c.kind == "published")
        head = session.scalar(select(events.c.hash).where(of_it))
        values = json.loads(row["record"])
        values["chain_head"] = head
        record = canonical_json(values)
        digest = hashlib.sha256(record.encode()).hexdigest()
        chosen = update(publications).where(publications.c.id == row["id"])
        session.execute(chosen.values(record=record, record_digest=digest))
        by = session.scalar(select(made.c.public).where(made.c.statement_id == row["statement_id"]))
        if by in signs and record != row["record"]:
            comment = f"record {digest} published {iso(row['published_at'])}"
            forms = signing_forms.signatures(record.encode(), bytes.fromhex(by), signs[by], comment)
            again = update(made).where(made.c.statement_id == row["statement_id"])
            session.execute(again.values(raw=forms.raw, minisign=forms.minisign, ssh=forms.ssh))


def _log(session: Session, signs: dict[str, Callable[[bytes], bytes]]) -> None:
    """The same log as before, as far as it is still true: what stays keeps its place."""
    leaves, keys = table("log_leaves"), table("log_keys")
    before = [dict(one) for one in session.execute(select(leaves).order_by(leaves.c.number)).mappings()]
    wanted = {one.statement_id: list(one.leaves) for one in histories(session)}
    told: list[dict[str, Any]] = []
    places: dict[str, int] = {}
    for row in before:
        if '"kind":"key"' in row["body"]:
            places[json.loads(row["body"])["key"]] = len(told)
            told.append({"body": row["body"], "statement_id": None})
        elif wanted.get(row["statement_id"]):
            told.append({"body": wanted[row["statement_id"]].pop(0), "statement_id": row["statement_id"]})
    told += [{"body": body, "statement_id": one} for one, bodies in wanted.items() for body in bodies]
    session.execute(delete(leaves))
    session.execute(insert(leaves), [{"number": number, **one} for number, one in enumerate(told)])
    nodes: dict[tuple[int, int], bytes] = {}
    for number, one in enumerate(told):
        leaf = merkle.leaf_hash(one["body"].encode())
        for level, place, found in list(merkle.completed(number, leaf, lambda *at: nodes[at])):
            nodes[level, place] = found
    session.execute(delete(table("log_nodes")))
    rows = [{"level": level, "place": place, "hash": found.hex()} for (level, place), found in nodes.items()]
    session.execute(insert(table("log_nodes")), rows)
    known = [one for one in session.execute(select(keys).order_by(keys.c.number)).mappings() if one["public"] in signs]
    for one in known:
        if one["public"] in places and one["leaf"] != places[one["public"]]:
            chosen = update(keys).where(keys.c.public == one["public"])
            session.execute(chosen.values(leaf=places[one["public"]]))
    in_order = [(one["origin"], one["public"], places.get(one["public"], 0)) for one in known]
    _checkpoints(session, len(told), nodes, in_order, signs)


def _checkpoints(
    session: Session,
    size: int,
    nodes: dict[tuple[int, int], bytes],
    keys: Sequence[tuple[str, str, int]],
    signs: dict[str, Callable[[bytes], bytes]],
) -> None:
    checkpoints = table("log_checkpoints")
    session.execute(delete(checkpoints))
    for one in range(1, size + 1):
        of_its_time = [key for key in keys if key[2] < one] or list(keys)
        signing = of_its_time[-2:] if of_its_time[-1][2] == one - 1 else of_its_time[-1:]
        told = checkpoint_text(signing[0][0], one, merkle.root(one, lambda *at: nodes[at]))
        note = signed(told, signing[0][0], {bytes.fromhex(key): signs[key] for _, key, _ in reversed(signing)})
        session.execute(insert(checkpoints).values(size=one, text=note))
