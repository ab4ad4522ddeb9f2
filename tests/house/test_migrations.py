"""The head of the migrations is the models, and every migration goes down and up again with data in every
table."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, insert, inspect, select, text

from workflow import models, upgrade
from workflow.db import Base, engine_for

THEN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HEX = "0" * 64
_number = count(1)

# One row for every table: a table that is not here fails. Values stand in the order in which they are needed.
ROWS: dict[str, dict[str, object]] = {
    "organisations": {"id": 1, "name": "Lakeside Relief", "listed_name": "Lakeside Relief", "country": ""},
    "users": {
        "id": 1,
        "organisation_id": 1,
        "name": "Ada",
        "mail": "ada@lead.example",
        "language": "en",
        "time_zone": "UTC",
        "generation": 1,
        "created_at": THEN,
    },
    "desk_sessions": {"id": 1, "user_id": 1, "key_hash": HEX, "created_at": THEN, "ends_at": THEN},
    "tries": {"fingerprint": HEX, "count": 1, "until": THEN},
    "coalitions": {
        "id": 1,
        "lead_id": 1,
        "name": "Lake Coalition",
        "public_name": "Lake Coalition",
        "slug": "lake-coalition",
    },
    "members": {"id": 1, "coalition_id": 1, "organisation_id": 1, "default_role": "required"},
    "contacts": {
        "id": 1,
        "organisation_id": 1,
        "name": "Bo",
        "mail": "bo@lake.example",
        "language": "ar",
        "time_zone": "UTC",
        "removed": False,
    },
    "statements": {
        "id": 1,
        "public_id": "abc",
        "lead_id": 1,
        "coalition_id": 1,
        "stage": "published",
        "slug": "a-headline",
        "revision_count": 1,
        "event_count": 1,
        "chain_head": HEX,
        "created_at": THEN,
    },
    "revisions": {
        "id": 1,
        "statement_id": 1,
        "number": 1,
        "content": "{}",
        "digest": HEX,
        "created_at": THEN,
        "created_by_id": 1,
    },
    "kept_drafts": {
        "id": 1,
        "user_id": 1,
        "statement_id": 1,
        "key": "abc",
        "number": 1,
        "based_on": 1,
        "fields": {"headline": "Half typed"},
        "kept_at": THEN,
    },
    "events": {
        "id": 1,
        "statement_id": 1,
        "number": 1,
        "kind": "drafted",
        "at": THEN,
        "body": "{}",
        "previous_hash": HEX,
        "hash": HEX,
    },
    "public_files": {
        "id": 1,
        "statement_id": 1,
        "language": "en",
        "kind": "pdf",
        "drawn_from": HEX,
        "drawn_with": "1",
        "made_at": THEN,
        "size": 3,
        "content": b"PDF",
    },
    "disclosures": {"commitment": HEX, "statement_id": 1, "salt": "ab", "value": "Lakeside Relief"},
    "circulations": {
        "id": 1,
        "statement_id": 1,
        "number": 1,
        "purpose": "sign-off",
        "revision_id": 1,
        "at_least": 0,
        "code_required": True,
        "deadline_at": THEN + timedelta(days=2),
        "deadline_zone": "UTC",
        "cover_note": "",
        "objections_hold": False,
        "visibility": "everything",
        "editorial_hours": 0,
        "editorial_words": 0,
        "carried": [],
        "opened_at": THEN,
        "ended_at": THEN,
        "outcome": "complete",
    },
    "signatories": {
        "id": 1,
        "circulation_id": 1,
        "organisation_id": 1,
        "role": "required",
        "name": "Lakeside Relief",
        "name_accepted": False,
        "answer_id": 1,
        "quotes": {},
    },
    "invitations": {
        "id": 1,
        "signatory_id": 1,
        "contact_id": 1,
        "generation": 1,
        "expires_at": THEN,
        "created_at": THEN,
    },
    "answers": {
        "id": 1,
        "signatory_id": 1,
        "revision_id": 1,
        "invitation_id": 1,
        "kind": "sign-off",
        "text": "",
        "listed_name": "",
        "person_name": "Bo",
        "person_role": "Chair",
        "answered_at": THEN,
        "event_hash": HEX,
    },
    "code_challenges": {
        "id": 1,
        "invitation_id": 1,
        "generation": 1,
        "digest": HEX,
        "answer_hash": HEX,
        "created_at": THEN,
        "expires_at": THEN,
        "tries": 0,
    },
    "quote_answers": {
        "id": 1,
        "signatory_id": 1,
        "revision_id": 1,
        "invitation_id": 1,
        "quote_digest": HEX,
        "decision": "approved",
        "wording": "",
        "person_name": "Bo",
        "person_role": "Chair",
        "decided_at": THEN,
        "event_hash": HEX,
    },
    "comments": {
        "id": 1,
        "circulation_id": 1,
        "kind": "comment",
        "proposed": "",
        "reason": "",
        "signatory_id": 1,
        "revision_id": 1,
        "invitation_id": 1,
        "person_name": "Bo",
        "text": "Good.",
        "made_at": THEN,
    },
    "reconfirmations": {
        "id": 1,
        "signatory_id": 1,
        "answer_id": 1,
        "invitation_id": 1,
        "reconfirmed_at": THEN,
        "event_hash": HEX,
    },
    "late_voices": {
        "id": 1,
        "signatory_id": 1,
        "invitation_id": 1,
        "withheld": False,
        "person_name": "Zoe",
        "person_role": "Chair",
        "said_at": THEN,
        "event_hash": HEX,
    },
    "recordings": {
        "id": 1,
        "signatory_id": 1,
        "revision_id": 1,
        "user_id": 1,
        "kind": "sign-off",
        "text": "",
        "listed_name": "Lakeside Relief",
        "person_name": "Bo",
        "person_role": "Chair",
        "how": "phone",
        "note": "She rang.",
        "file_name": "",
        "recorded_at": THEN,
        "until": THEN,
        "event_hash": HEX,
    },
    "contests": {
        "id": 1,
        "signatory_id": 1,
        "answer_id": 1,
        "invitation_id": 1,
        "contested_at": THEN,
        "event_hash": HEX,
        "reason": "",
    },
    "notes": {
        "id": 1,
        "statement_id": 1,
        "kind": "withdrawal",
        "text": "",
        "signatory_id": 1,
        "commitment": HEX,
        "invitation_id": 1,
        "person_name": "Bo",
        "person_role": "Chair",
        "noted_at": THEN,
        "event_hash": HEX,
    },
    "publications": {
        "id": 1,
        "statement_id": 1,
        "revision_id": 1,
        "slug": "a-headline",
        "headline": "A headline",
        "language": "en",
        "record": "{}",
        "record_digest": HEX,
        "listing": "[]",
        "published_at": THEN,
    },
    "log_keys": {"number": 1, "public": HEX, "origin": "x/log", "statement": "", "leaf": 0, "since": THEN},
    "log_leaves": {"number": 0, "body": "{}", "statement_id": 1},
    "log_nodes": {"level": 0, "place": 0, "hash": HEX},
    "log_checkpoints": {"size": 1, "text": "x/log"},
    "record_signatures": {"statement_id": 1, "public": HEX, "raw": b"\0" * 64, "minisign": "", "ssh": ""},
    "public_changes": {"id": 1000, "statement_id": 1},
    "translations": {
        "id": 1,
        "statement_id": 1,
        "language": "fr",
        "content": "{}",
        "digest": HEX,
        "approved_by": "Lakeside Relief",
        "user_id": 1,
        "added_at": THEN,
        "event_hash": HEX,
    },
    "open_pages": {
        "id": 1,
        "circulation_id": 1,
        "key": "abc",
        "criteria": "",
        "opened_at": THEN,
        "opened_by_id": 1,
    },
    "applications": {
        "id": 1,
        "circulation_id": 1,
        "revision_id": 1,
        "key": "abc",
        "individual": False,
        "name": "Ferry Circle",
        "country": "",
        "person_name": "Nia",
        "person_role": "Chair",
        "mail": "nia@ferry.example",
        "language": "en",
        "name_key": "clrcleferry",
        "mail_key": "nia@ferry.example",
        "imitates": False,
        "words": "ferry circle",
        "made_at": THEN,
        "tries": 0,
        "confirmed_at": THEN,
        "decision": "accepted",
        "decided_at": THEN,
        "reason": "",
        "signatory_id": 1,
    },
    "listings": {
        "statement_id": 1,
        "ordered_by": "country",
        "style": "columns",
        "lead_first": False,
        "article_ignored": False,
        "international_first": True,
        "sections": ["Organisers"],
    },
    "logos": {
        "organisation_id": 1,
        "digest": HEX,
        "content": b"\x89PNG\0",
        "width": 600,
        "height": 300,
        "added_at": THEN,
    },
    "listed_as": {
        "id": 1,
        "statement_id": 1,
        "organisation_id": 1,
        "section": "Organisers",
        "number": 1,
        "acronym": "LR",
        "mark": "umbrella",
    },
    "previews": {
        "id": 1,
        "circulation_id": 1,
        "name": "Dana",
        "mail": "dana@paper.example",
        "language": "en",
        "time_zone": "UTC",
        "generation": 1,
        "created_by_id": 1,
        "issued_at": THEN,
    },
    "preview_openings": {"id": 1, "preview_id": 1, "generation": 1, "opened_at": THEN},
    "journalists": {
        "id": 1,
        "lead_id": 1,
        "name": "Dana",
        "mail": "dana@paper.example",
        "language": "en",
        "added_at": THEN,
    },
    "press_choices": {"id": 1, "statement_id": 1, "journalist_id": 1},
    "letters": {
        "id": 1,
        "kind": "receipt",
        "statement_id": 1,
        "contact_id": 1,
        "facts": {},
        "message_id": "m",
        "created_at": THEN,
        "attempts": 0,
        "last_error": "",
    },
    "jobs": {
        "id": 1,
        "kind": "send-letter",
        "subject_id": 1,
        "run_at": THEN,
        "urgency": 5,
        "dedupe_key": "k",
        "attempts": 0,
    },
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request, tmp_path):
    """Makes empty databases, of one kind after the other."""
    engines: list[Engine] = []
    made: list[str] = []

    def make() -> Engine:
        name = f"migrations_{next(_number)}"
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path / name}.sqlite3"
        else:
            url = request.getfixturevalue("postgresql").create(name)
            made.append(name)
        engines.append(engine_for(url))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()
    for name in made:
        request.getfixturevalue("postgresql").drop(name)


def steps() -> list[str]:
    """Every migration, first to last."""
    script = ScriptDirectory.from_config(upgrade._config())
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def shape(engine: Engine) -> dict[str, object]:
    """Everything that a database says of its tables, in one order."""
    looked = inspect(engine)
    found = {}
    for table in sorted(set(looked.get_table_names()) - {"alembic_version"}):
        found[table] = {
            "columns": sorted(
                (column["name"], str(column["type"]), column["nullable"], str(column["default"]))
                for column in looked.get_columns(table)
            ),
            "key": looked.get_pk_constraint(table),
            "foreign keys": _sorted(looked.get_foreign_keys(table)),
            "unique": _sorted(looked.get_unique_constraints(table)),
            "indexes": _sorted(looked.get_indexes(table)),
            "checks": _sorted(looked.get_check_constraints(table)),
        }
    return found


def _sorted(entries: list) -> list[str]:
    return sorted(str(_plain(entry)) for entry in entries)


def _plain(value: object) -> object:
    """A reflected value that compares by what it says: a partial index's condition comes as an object."""
    if isinstance(value, dict):
        return sorted((str(name), _plain(inner)) for name, inner in value.items())
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else str(value)


def triggers(engine: Engine) -> list[str]:
    """The names of all triggers."""
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[engine.dialect.name]
    with engine.connect() as connection:
        return sorted(connection.execute(text(asked)).scalars())


def fill(engine: Engine) -> None:
    """One row into every table."""
    with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            connection.execute(insert(table).values(ROWS[table.name]))


def counted(engine: Engine) -> dict[str, int]:
    """How many rows each of the tables that are there has."""
    there = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
            if table.name in there
        }


def test_the_head_of_the_migrations_is_the_models(empty):
    assert len(Base.metadata.tables) >= 18, models
    migrated, made = empty(), empty()
    upgrade.upgrade(migrated)
    Base.metadata.create_all(made)
    assert upgrade.is_current(migrated)
    assert not upgrade.is_current(made)
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    # Alembic compares no CHECK constraints: what the database itself says of both must be the same.
    assert shape(migrated) == shape(made)


def test_every_table_has_a_row_to_migrate_with():
    assert set(ROWS) == set(Base.metadata.tables)


def test_every_migration_goes_down_and_up_with_data(empty):
    engine = empty()
    path = steps()
    assert len(path) >= 2
    upgrade.upgrade(engine)
    fill(engine)
    whole, protected = shape(engine), triggers(engine)
    assert len(protected) >= 9
    for below in reversed(["base", *path[:-1]]):
        before = counted(engine)
        upgrade.downgrade(engine, below)
        after = counted(engine)
        assert after == {table: before[table] for table in after}, f"rows were lost on the way to {below}"
        if below != "base":
            upgrade.upgrade(engine)
            assert (shape(engine), triggers(engine)) == (whole, protected)
            upgrade.downgrade(engine, below)
    assert shape(engine) == {}
    assert triggers(engine) == []
    upgrade.upgrade(engine)
    assert (shape(engine), triggers(engine)) == (whole, protected)
    fill(engine)


def test_what_is_published_with_logos_cannot_go_back_to_where_there_were_none(empty):
    engine = empty()
    upgrade.upgrade(engine)
    with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            manner = {"manner": '{"style": "logos", "individuals": []}'} if table.name == "publications" else {}
            connection.execute(insert(table).values({**ROWS[table.name], **manner}))
    upgrade.downgrade(engine, "0018")
    before = shape(engine)
    with pytest.raises(RuntimeError, match="published with logos"):
        upgrade.downgrade(engine, "0016")
    assert shape(engine) == before


def test_migrating_again_changes_nothing(empty):
    engine = empty()
    upgrade.upgrade(engine)
    fill(engine)
    before = (shape(engine), triggers(engine), counted(engine))
    upgrade.upgrade(engine)
    assert (shape(engine), triggers(engine), counted(engine)) == before
