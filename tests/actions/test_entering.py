"""The public log: entered in the transaction of what it tells of, one after the other, signed once, and audited."""

import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text

from tests.builders import LINKS, NOW, QUOTELESS, SIGNING, circulate, offered, world
from workflow import db, keys
from workflow.actions import keys as acting
from workflow.actions import noting, signing
from workflow.keys import KeyRefused
from workflow.models.log import Leaf, LogCheckpoint, LogKey, RecordSignature, TreeNode
from workflow.models.publication import Publication
from workflow.models.signing import Answer
from workflow.queries import log as looking
from workflow.queries.audit import Held, audit
from workflow.rules.noting import Later, LaterKind, NoteKind
from workflow.text import signing_forms
from workflow.text.signed_note import checkpoints_in


def published(session, lead="Valley Coalition", members=2):
    made = circulate(world(session, members=members, edition=QUOTELESS, lead=lead))
    for index in range(members):
        signing.answer(session, LINKS, NOW, made.invitations[index].id, 1, offered(made, index))
    return made


def withdraw(session, made, index=0):
    said = {"person_name": "Bo", "person_role": "Chair", "text": "We were wrong."}
    later = Later(LaterKind.WITHDRAW, made.revision.digest, **said)
    noting.act(session, LINKS, NOW, made.invitations[index].id, 1, later)


def bodies(session):
    session.rollback()
    return [json.loads(one) for one in session.scalars(select(Leaf.body).order_by(Leaf.number))]


def fresh(session):
    session.expunge_all()
    session.rollback()
    return session


def test_what_is_published_and_noted_stands_in_the_log_with_a_checkpoint_each(session):
    made = published(session)
    withdraw(session, made)
    user, statement = made.user.id, made.statement.public_id
    noting.fix_name(session, NOW, user, statement, made.signatories[1].id, "Hillside Forum e.V.", "")
    noting.note(session, NOW, user, statement, NoteKind.RETRACTION, "It is over.")
    told = bodies(session)
    assert [one["kind"] for one in told] == ["key", "publication", "withdrawal", "name-fix", "retraction"]
    assert list(session.scalars(select(LogCheckpoint.size).order_by(LogCheckpoint.size))) == [1, 2, 3, 4, 5]
    whole = json.dumps(told)
    assert not any(word in whole for word in ("Lakeside", "Hillside", "Bo", "Chair", "wrong", "over", statement))
    assert audit(session).wrong == ()


def test_a_record_is_signed_in_the_transaction_of_its_publication(session):
    made = published(session)
    fresh(session)
    row = session.scalars(select(RecordSignature)).one()
    record = session.scalars(select(Publication.record)).one().encode()
    forms = signing_forms.Signatures(row.raw, row.minisign, row.ssh)
    assert signing_forms.fits(forms, record, SIGNING.public, keys.verify)
    assert not signing_forms.fits(forms, record + b" ", SIGNING.public, keys.verify)
    assert row.statement_id == made.statement.id


def test_without_the_key_nothing_is_published(database):
    with db.sessions_for(database.engine)() as session:
        made = circulate(world(session, members=1, edition=QUOTELESS))
        with pytest.raises(KeyRefused):
            signing.answer(session, LINKS, NOW, made.invitations[0].id, 1, offered(made, 0))
        fresh(session)
        assert session.scalars(select(Answer)).all() == [] and session.scalars(select(Publication)).all() == []


def test_another_key_than_the_logs_own_enters_nothing(database, session, tmp_path):
    published(session)
    keys.make(tmp_path / "other.pem")
    other = keys.from_file(tmp_path / "other.pem", "localhost/log")
    with db.sessions_for(database.engine, other)() as strange:
        made = circulate(world(strange, members=1, edition=QUOTELESS, lead="Hill Coalition"))
        with pytest.raises(KeyRefused):
            signing.answer(strange, LINKS, NOW, made.invitations[0].id, 1, offered(made, 0))
    assert len(bodies(session)) == 2


def test_what_was_published_before_there_was_a_log_is_entered_when_it_begins(database, session):
    """As after an upgrade: the rows are there, the log is empty."""
    made = published(session)
    withdraw(session, made)
    other = published(session, lead="Hill Coalition")
    session.rollback()
    with database.engine.begin() as connection:
        for table in ("record_signatures", "log_checkpoints", "log_nodes", "log_leaves", "log_keys"):
            for verb in ("update", "delete", "insert" if connection.dialect.name == "sqlite" else "truncate"):
                of = f" ON {table}" if connection.dialect.name == "postgresql" else ""
                connection.execute(text(f"DROP TRIGGER protect_{table}_{verb}{of}"))
            connection.execute(text(f"DELETE FROM {table}"))
    acting.begin(session, NOW)
    acting.begin(session, NOW)
    told = bodies(session)
    assert [one["kind"] for one in told] == ["key", "publication", "publication", "withdrawal"]
    assert len(session.scalars(select(LogCheckpoint.size)).all()) == 4
    assert audit(session).wrong == ()
    withdraw(session, other)
    assert audit(fresh(session)).wrong == ()


def test_a_new_key_is_named_by_the_old_one_and_what_was_signed_before_stays(database, session, tmp_path):
    file = tmp_path / "key.pem"
    keys.make(file)
    signing_key = keys.from_file(file, "sign.example.org/log")
    with db.sessions_for(database.engine, signing_key)() as own:
        made = published(own)
        before = signing_key.public
        keys.make(keys.next_file(file))
        acting.rotate(own, NOW + timedelta(days=1), signing_key, keys.from_file(keys.next_file(file), ""))
        # A process that still holds the old key finds the new one, before and after it has taken its place.
        withdraw(own, made)
        keys.take_over(file)
        withdraw(own, made, 1)
        fresh(own)
        assert [one["kind"] for one in bodies(own)] == ["key", "publication", "key", "withdrawal", "withdrawal"]
        told = looking.keys(own)
        assert [one.public for one in told] == [before, signing_key.public] and before != signing_key.public
        assert own.scalars(select(RecordSignature.public)).one() == before.hex()
        assert audit(own).wrong == ()
        assert {one.public for one in own.scalars(select(LogKey))} == {before.hex(), signing_key.public.hex()}


def test_a_key_that_is_not_the_logs_own_cannot_name_the_next(session, tmp_path):
    published(session)
    for name in ("a", "b"):
        keys.make(tmp_path / name)
    first, second = (keys.from_file(tmp_path / name, "") for name in ("a", "b"))
    with pytest.raises(KeyRefused):
        acting.rotate(session, NOW, first, second)
    with pytest.raises(KeyRefused):
        acting.rotate(session, NOW, SIGNING, SIGNING)
    assert len(bodies(session)) == 2


def test_publications_at_the_same_instant_stand_one_after_the_other(database, session):
    """Each in a statement of its own, so that nothing but the log makes them wait for each other."""
    made = [circulate(world(session, members=1, edition=QUOTELESS, lead=f"Lead {number}")) for number in range(6)]
    acting.begin(session, NOW)
    session.rollback()
    faults = []

    def sign(one):
        with database.sessions() as own:
            try:
                signing.answer(own, LINKS, NOW, one.invitations[0].id, 1, offered(one, 0))
            except Exception as fault:  # noqa: BLE001 - told below
                faults.append(fault)

    threads = [threading.Thread(target=sign, args=(one,)) for one in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert [one["kind"] for one in bodies(session)] == ["key", *["publication"] * 6]
    assert audit(fresh(session)).wrong == ()


def test_a_publication_costs_the_log_as_many_statements_however_long_it_is(session):
    made = [circulate(world(session, members=1, edition=QUOTELESS, lead=f"Lead {number}")) for number in range(9)]
    sent = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *told: sent.append(told[2]))
    counts = []
    for one in made:
        del sent[:]
        signing.answer(session, LINKS, NOW, one.invitations[0].id, 1, offered(one, 0))
        counts.append(len([words for words in sent if "log_" in words or "record_signatures" in words]))
    assert max(counts[1:]) <= 8 and len(set(counts[1:])) == 1
    assert session.query(TreeNode).count() < 2 * len(bodies(session))


def test_what_is_held_outside_finds_what_the_database_cannot_tell(session):
    made = published(session)
    heads = list(session.scalars(select(Answer.event_hash)))
    (checkpoint,) = checkpoints_in(looking.newest_checkpoint(session))
    withdraw(session, made)
    assert audit(fresh(session), Held([checkpoint], heads)).wrong == ()
    (wrong,) = audit(session, Held(heads=["f" * 64])).wrong
    assert "receipt" in wrong
    longer = "sign.example.org/log\n99\n" + "A" * 43 + "=\n\n\u2014 sign.example.org/log AAAA\n"
    (held,) = checkpoints_in(f"A mail.\r\n\r\n> {longer.replace(chr(10), chr(10) + '> ')}")
    assert len(audit(session, Held([held])).wrong) == 2
