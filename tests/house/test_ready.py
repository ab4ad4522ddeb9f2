"""What is kept ready before Flask is never old: every table behind a public page tells its changes, every way to change
one is walked, and no page is kept that knows the time, the cookie or what else was asked."""

import itertools
import re
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from tests.builders import LINKS, NOW, SIGNING, circulate, offered, world
from tests.house.reading import ROOT, nothing
from tests.web.living import addresses, live_again, rules_with
from workflow import db
from workflow.actions import coalition_public, drawing, noting, signing, taking_down
from workflow.app import create_app
from workflow.rules.circulation import Role
from workflow.rules.completion import Completion, Ending
from workflow.rules.noting import Later, LaterKind, NoteKind
from workflow.web.public_addresses import kept_endpoints
from workflow.web.ready_door import DOOR

# Read for public pages without a trigger that tells: why that is right.
UNWATCHED = {
    "public_changes": "says what changed",
    "revisions": "rows never change, and a published one has its publication's trigger",
    "events": "rows never change, and what is shown of one has its note's trigger",
    "logos": "the bytes of a digest never change; whether they stand in a list is told by disclosures",
    "log_checkpoints": "a proof is for the head that it names, and stays true when the log grows",
    "log_keys": "the name of the log never changes; the rest is read for proofs",
    "log_leaves": "rows never change",
    "log_nodes": "rows never change",
    "circulations": "tells which signatory is the lead, which is frozen in the lock",
    "signatories": "tells which signatory is the lead, which is frozen in the lock",
}
# Whose answers are 200 and kept by nobody: why.
NEVER_KEPT: dict[str, str] = {}
TABLE = re.compile(r"\b(?:FROM|JOIN)\s+\"?(\w+)\"?", re.I)


@pytest.fixture
def living(site):
    return live_again(site)


def kept_addresses(living) -> list[tuple[str, str]]:
    """Endpoint and address of every GET whose answer may be kept."""
    kept = kept_endpoints(living.site.app)
    rules = [rule for rule in rules_with(living.site, "GET") if rule.endpoint in kept]
    return [(rule.endpoint, address) for rule in rules for address in addresses(living, rule)]


def told_by_triggers(engine) -> set[str]:
    """The tables with a trigger for each of insert, update and delete, and those with one for the column that shows."""
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'tell_%'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'tell_%'",
    }[engine.dialect.name]
    with engine.connect() as connection:
        names = set(connection.execute(text(asked)).scalars())
    tables = {name.removeprefix("tell_").rpartition("_")[0] for name in names}
    verbs = ("insert", "update", "delete")
    by_column = {"statements": "tell_statements_stage", "coalitions": "tell_coalitions_name"}
    return {one for one in tables if by_column.get(one) in names or {f"tell_{one}_{verb}" for verb in verbs} <= names}


def test_every_table_behind_a_public_page_tells_its_changes(living):
    engine, asked = living.site.app.extensions["undersigned"].engine, []
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    for _, address in kept_addresses(living):
        living.site.client().get(address)
    tables = {name for statement in asked for name in TABLE.findall(statement)}
    assert {"publications", "notes", "disclosures", "statements"} <= tables
    nothing(tables - told_by_triggers(engine) - set(UNWATCHED))


def test_both_databases_have_the_same_triggers(postgresql_database, sqlite_database):
    assert told_by_triggers(postgresql_database.engine) == told_by_triggers(sqlite_database.engine)


def test_what_may_be_kept_is_kept_and_nothing_else(living):
    kept, met, wrong = kept_endpoints(living.site.app), set(), []
    memory = living.site.app.extensions[DOOR].memory
    for rule in rules_with(living.site, "GET"):
        for address in addresses(living, rule):
            memory.forget(None)
            answer = living.site.client().get(address, buffered=True)
            said = answer.headers.get("Cache-Control", "")
            public = answer.status_code == 200 and "public" in said and "no-cache" not in said
            if public and rule.endpoint not in kept:
                wrong.append(f"{rule.endpoint} may be kept by caches; say in web/__init__.py: KEPT that we may too")
            if memory.places and rule.endpoint not in kept:
                wrong.append(f"{rule.endpoint} was kept")
            if memory.places:
                met.add(rule.endpoint)
            elif answer.status_code == 200 and rule.endpoint in kept and rule.endpoint not in NEVER_KEPT:
                wrong.append(f"{address} is never kept")
    nothing(dict.fromkeys(wrong))
    assert {"public.statement", "public.statements", "public.feed", "static"} <= met


def test_what_is_ready_is_what_the_application_answers(living):
    """With a query that nobody asked for, at another time, signed in or not: the same answer as without memory."""
    fresh, at = create_app(living.site.settings), NOW
    client, user, asked = living.site.client(), living.signed_in(living.lead), fresh.test_client()
    found = [address for _, address in kept_addresses(living)]
    for address in found:
        client.get(address, buffered=True)
    living.site.at(at + timedelta(days=500))
    wrong = []
    for address in found:
        more = f"{address}{'&' if '?' in address else '?'}fbclid=x"
        fresh.extensions[DOOR].memory.forget(None)
        plain = told(asked.get(address, buffered=True))
        fresh.extensions[DOOR].memory.forget(None)
        if not plain == told(client.get(address, buffered=True)) == told(user.get(address, buffered=True)):
            wrong.append(f"{address} depends on the time, or on who asks")
        if told(asked.get(more, buffered=True)) != told(client.get(more, buffered=True)):
            wrong.append(f"{address} depends on what stands after the question mark")
    fresh.extensions["undersigned"].engine.dispose()
    nothing(wrong)


def told(answer) -> tuple:
    return answer.status, sorted(pair for pair in answer.headers if pair[0] != "Date"), answer.data


def test_nginx_is_told_to_keep_what_we_keep_and_nothing_else(living):
    text_ = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    place = re.compile(re.search(r"location ~ (\^/\(\$\|\S+) \{", text_).group(1))
    kept = kept_endpoints(living.site.app)
    wrong = []
    for rule in rules_with(living.site, "GET"):
        path = next(addresses(living, rule)).partition("?")[0]
        if bool(place.search(path)) != (rule.endpoint in kept):
            wrong.append(f"{path} ({rule.endpoint})")
    nothing(wrong)


# Every way to change what is public ----------------------------------------------------------------


def walk(session):
    """Publish, and change what is public in every way there is; says each time what was done."""
    made = world(session, 5, lead="Walking Lead")
    ending = Ending(Completion.AT_ONCE, late_until=NOW + timedelta(days=20))
    made = circulate(made, roles=[Role.REQUIRED] * 4 + [Role.OPTIONAL], ending=ending)
    for index in range(4):
        signing.answer(session, LINKS, NOW, made.invitations[index].id, 1, offered(made, index))
    yield "published"
    drawing.draw(session, NOW, made.statement.id, "http://localhost")
    yield "drawn"
    for name in ("Walking Campaign", "Renamed Campaign"):
        coalition_public.name_in_public(session, NOW, made.user.id, made.coalition.id, name)
        yield f"the coalition is called {name}"
    who = (session, NOW, made.user.id, made.statement.public_id)
    said = {"person_name": "Cy Example", "person_role": "Chair", "authority": True, "text": "We moved on."}

    def later(kind: LaterKind, index: int) -> None:
        noting.act(session, LINKS, NOW, made.invitations[index].id, 1, Later(kind, made.revision.digest, **said))

    later(LaterKind.SIGN_LATE, 4)
    yield "signed late"
    later(LaterKind.WITHDRAW, 0)
    yield "withdrawn"
    later(LaterKind.WITHHOLD, 1)
    yield "withheld"
    noting.fix_name(*who, made.signatories[2].id, "A Mended Name", "It was misspelt.")
    yield "name mended"
    noting.act_at_desk(*who, made.signatories[2].id, Later(LaterKind.WITHHOLD, made.revision.digest, **said))
    yield "mended name withheld"
    noting.note(*who, NoteKind.CORRECTION, "It was 40 days.")
    yield "corrected"
    taking_down.take_down(session, NOW, session.scalar(text("SELECT slug FROM publications")), "By order of a court.")
    yield "taken down"
    taking_down.restore(session, NOW, session.scalar(text("SELECT slug FROM publications")), "The order fell.")
    yield "shown again"
    noting.note(*who, NoteKind.RETRACTION, "It does not stand.")
    yield "retracted"


def test_after_everything_that_changes_what_is_public_nothing_old_is_answered(any_site):
    site, fresh = any_site, create_app(any_site.settings)
    wrong, seen = [], {}
    with site.session() as session:
        for done in walk(session):
            session.rollback()
            with site.database.engine.connect() as connection:
                slugs = list(connection.execute(text("SELECT slug FROM publications")).scalars())
            forms = [rule.rule for rule in site.app.url_map.iter_rules() if rule.endpoint in kept_endpoints(site.app)]
            named = {"<coalition>": "walking-campaign", "<int:number>": "1"}
            paths = [form.replace("<slug>", slug) for form in forms for slug in slugs]
            for part, value in named.items():
                paths = [path.replace(part, value) for path in paths]
            paths = [path for path in paths if "<" not in path]
            assert len(paths) >= 8
            changed = 0
            for path in paths:
                fresh.extensions[DOOR].memory.forget(None)
                ready, asked = (told(app.test_client().get(path)) for app in (site.app, fresh))
                again = told(site.client().get(path))
                wrong += [f"{done}: {path}"] if not ready == asked == again else []
                changed += seen.get(path) != ready
                seen[path] = ready
            assert changed, f"nothing public changed: {done}"
    fresh.extensions["undersigned"].engine.dispose()
    nothing(dict.fromkeys(wrong))


def test_every_watched_table_tells_in_a_walk(database):
    """A trigger that is never heard protects nothing."""
    heard = {}
    with db.sessions_for(database.engine, SIGNING)() as session:
        for done in walk(session):
            session.rollback()
            heard[done] = session.execute(text("SELECT count(*) FROM public_changes")).scalar_one()
            session.rollback()
    numbers = list(heard.values())
    assert all(before < after for before, after in itertools.pairwise(numbers)), heard
