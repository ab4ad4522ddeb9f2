"""Raw SQL against what was published, signed or said: refused by the database itself."""

import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.builders import EDITION, LINKS, NOW, circulate, offered, world
from workflow.actions import noting, signing, translating
from workflow.models.contesting import Contest
from workflow.models.recording import Recording
from workflow.models.signing import Answer, LateVoice, Reconfirmation
from workflow.rules.noting import NoteKind
from workflow.text.editions import begun_from

TABLES = (
    "publications",
    "events",
    "revisions",
    "answers",
    "reconfirmations",
    "late_voices",
    "notes",
    "contests",
    "recordings",
    "translations",
)


@pytest.fixture
def published(session):
    made = circulate(world(session, members=2))
    for index in range(2):
        signing.answer(session, LINKS, NOW, made.invitations[index].id, 1, offered(made, index))
    user, public_id = made.user.id, made.statement.public_id
    noting.note(session, NOW, user, public_id, NoteKind.CORRECTION, "It is 38 days.")
    translating.add_translation(session, NOW, user, public_id, begun_from(EDITION, "fr"))
    answer = session.scalars(select(Answer)).first()
    session.add(
        Reconfirmation(
            signatory_id=answer.signatory_id,
            answer_id=answer.id,
            invitation_id=answer.invitation_id,
            reconfirmed_at=NOW,
            event_hash=answer.event_hash,
        )
    )
    session.add(
        LateVoice(
            signatory_id=answer.signatory_id,
            invitation_id=answer.invitation_id,
            withheld=False,
            person_name="Zoe",
            person_role="Chair",
            said_at=NOW,
            event_hash=answer.event_hash,
        )
    )
    session.add(
        Contest(
            signatory_id=answer.signatory_id,
            answer_id=answer.id,
            invitation_id=answer.invitation_id,
            contested_at=NOW,
            event_hash=answer.event_hash,
        )
    )
    session.add(
        Recording(
            signatory_id=answer.signatory_id,
            revision_id=answer.revision_id,
            user_id=user,
            kind="sign-off",
            person_name="Bo",
            person_role="Chair",
            how="phone",
            recorded_at=NOW,
            until=NOW,
            event_hash=answer.event_hash,
        )
    )
    session.commit()
    return made


def copy_of(connection, table):
    """The first row of a table, as column names and values."""
    row = connection.execute(text(f"SELECT * FROM {table} ORDER BY id LIMIT 1")).mappings().one()
    # PostgreSQL gives JSON as values, and takes it as text.
    return {name: json.dumps(value) if isinstance(value, dict) else value for name, value in row.items()}


def attempts(table, row, dialect):
    """Statements that would change or remove the row, each with its parameters."""
    columns = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    yield f"UPDATE {table} SET id = id + 1000", {}
    if table == "answers":
        yield "UPDATE answers SET kind = 'abstain'", {}
        yield "UPDATE answers SET withheld = NOT withheld", {}
        yield "UPDATE answers SET logo = 'x'", {}
        yield """UPDATE answers SET names = '{"ar": "x"}'""", {}
        yield "UPDATE answers SET revision_id = revision_id, event_hash = 'x'", {}
    elif table == "contests":
        yield "UPDATE contests SET answer_id = answer_id", {}
        yield "UPDATE contests SET event_hash = 'x'", {}
    elif table == "recordings":
        yield "UPDATE recordings SET kind = 'abstain'", {}
        yield "UPDATE recordings SET event_hash = 'x'", {}
    elif table == "notes":
        yield "UPDATE notes SET kind = 'retraction'", {}
        yield "UPDATE notes SET text = 'It is 40 days.'", {}
        yield "UPDATE notes SET noted_at = noted_at", {}
    else:
        last = list(row)[-1]
        yield f"UPDATE {table} SET {last} = {last}", {}
    yield f"DELETE FROM {table}", {}
    yield f"DELETE FROM {table} WHERE id = {row['id']}", {}
    insert = f"INSERT INTO {table} ({columns}) VALUES ({values})"
    yield f"{insert} ON CONFLICT (id) DO UPDATE SET id = 99999", row
    if dialect == "sqlite":
        yield insert.replace("INSERT", "INSERT OR REPLACE", 1), row
        yield insert.replace("INSERT", "REPLACE", 1), row
        yield (
            insert.replace("INSERT", "INSERT OR REPLACE", 1),
            {**row, "id": 99999}
            if table
            in (
                "publications",
                "events",
                "revisions",
                "translations",
            )
            else row,
        )
        yield f"UPDATE OR REPLACE {table} SET id = id + 1", {}
    else:
        yield f"TRUNCATE {table} CASCADE", {}


@pytest.mark.parametrize("table", TABLES)
def test_what_is_written_is_never_changed(database, published, table):
    with database.engine.connect() as connection:
        before = connection.execute(text(f"SELECT * FROM {table} ORDER BY id")).all()
        row = copy_of(connection, table)
        connection.rollback()
        tried = 0
        for sql, values in attempts(table, row, connection.dialect.name):
            with pytest.raises(DBAPIError) as refused:
                connection.execute(text(sql), values)
                connection.commit()
            assert "append-only" in str(refused.value), sql
            connection.rollback()
            tried += 1
        assert tried >= 6
        assert connection.execute(text(f"SELECT * FROM {table} ORDER BY id")).all() == before


def test_every_pooled_connection_is_protected(database, published):
    connections = [database.engine.connect() for _ in range(4)]
    for connection in connections:
        row = copy_of(connection, "publications")
        connection.rollback()
        columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        verb = "INSERT OR REPLACE" if connection.dialect.name == "sqlite" else "INSERT"
        tail = "" if verb != "INSERT" else " ON CONFLICT (id) DO UPDATE SET headline = 'x'"
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(f"{verb} INTO publications ({columns}) VALUES ({values}){tail}"), row)
        connection.rollback()
    for connection in connections:
        connection.close()


def test_what_a_person_wrote_can_be_erased(database, published):
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE answers SET person_name = '', person_role = '', text = ''"))
        connection.execute(text("DELETE FROM disclosures"))
        connection.execute(text("UPDATE notes SET person_name = '', person_role = '', text = ''"))


def test_a_public_address_exists_only_from_the_lock_on(database, session):
    made = world(session)
    with pytest.raises(DBAPIError), database.engine.begin() as connection:
        connection.execute(text("UPDATE statements SET slug = 'early' WHERE id = :id"), {"id": made.statement.id})


def test_one_statement_has_at_most_one_open_circulation(database, session):
    made = circulate(world(session))
    with pytest.raises(DBAPIError), database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO circulations (statement_id, number, purpose, revision_id, at_least, code_required, "
                "deadline_at, deadline_zone, cover_note, opened_at) SELECT statement_id, 2, purpose, revision_id, "
                "at_least, code_required, deadline_at, deadline_zone, cover_note, opened_at FROM circulations "
                "WHERE id = :id"
            ),
            {"id": made.circulation.id},
        )


LOG = {
    "log_keys": "number",
    "log_leaves": "number",
    "log_nodes": "level",
    "log_checkpoints": "size",
    "record_signatures": "statement_id",
}


@pytest.mark.parametrize("table", LOG)
def test_what_stands_in_the_public_log_is_never_changed(database, published, table):
    key = LOG[table]
    with database.engine.connect() as connection:
        postgresql = connection.dialect.name == "postgresql"
        before = sorted(map(str, connection.execute(text(f"SELECT * FROM {table}")).all()))
        row = dict(connection.execute(text(f"SELECT * FROM {table} LIMIT 1")).mappings().one())
        connection.rollback()
        columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        insert = f"INSERT INTO {table} ({columns}) VALUES ({values})"
        whole = "level, place" if table == "log_nodes" else key
        tries = [
            (f"UPDATE {table} SET {key} = {key} + 1000", {}),
            *((f"UPDATE {table} SET {name} = {name}", {}) for name in row),
            (f"DELETE FROM {table}", {}),
            (f"{insert} ON CONFLICT ({whole}) DO UPDATE SET {key} = 99999", row),
            *([(f"TRUNCATE {table} CASCADE", {})] if postgresql else []),
            *((f"{verb} {insert[7:]}", row) for verb in (() if postgresql else ("INSERT OR REPLACE", "REPLACE"))),
        ]
        for sql, given in tries:
            with pytest.raises(DBAPIError) as refused:
                connection.execute(text(sql), given)
                connection.commit()
            assert "append-only" in str(refused.value), sql
            connection.rollback()
        assert sorted(map(str, connection.execute(text(f"SELECT * FROM {table}")).all())) == before
