"""Closing on a real database: what locks, what the record holds, under which address, and who is told."""

import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import rfc8785
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from tests.actions.acting import (
    contacts_of,
    count,
    disclosed,
    events,
    letters,
    new_text,
    rows,
    sign,
    stage_of,
    verdict,
)
from tests.builders import EDITION, LINKS, NAMES, NOW, QUOTELESS, SIGNING, World, circulate, offered, world
from tests.ground.databases import Database
from tests.prove.invariants import violations
from workflow import db
from workflow.actions import amending, circulation, commenting, inviting, signing
from workflow.models.circulation import Circulation
from workflow.models.coalition import Contact, Member
from workflow.models.drafting import Statement
from workflow.models.history import Event
from workflow.models.posting import Job, Letter
from workflow.models.publication import Publication
from workflow.rules.circulation import Kind, Role
from workflow.rules.publication import slug
from workflow.rules.signing import Offered
from workflow.text.digest import commitment

ADDRESS = slug(EDITION.headline)
LATER = NOW + timedelta(days=2, hours=1)


def published(session) -> Publication:
    (found,) = rows(session, Publication)
    return found


def record_of(session) -> dict:
    return json.loads(published(session).record)


def listed(session) -> list[str]:
    values = disclosed(session)
    return [values[one].value["listed_name"] for one in json.loads(published(session).listing)]


# The record -------------------------------------------------------------------------------------


def test_the_record_holds_what_was_signed_and_when(session):
    made = circulate(world(session, members=2), at_least=1)
    sign(made, 0, now=NOW + timedelta(hours=1))
    sign(made, 1, now=NOW + timedelta(hours=2))
    record = record_of(session)
    assert (record["format"], record["slug"]) == ("publication-record/1", ADDRESS)
    assert record["statement"] == {
        "kind": "press-release",
        "revision": 1,
        "digest": made.revision.digest,
        "content": json.loads(made.revision.content),
    }
    assert hashlib.sha256(rfc8785.dumps(record["statement"]["content"])).hexdigest() == made.revision.digest
    assert record["rule"] == {"required": "all", "at_least": 1, "validity_days": 90}
    assert record["instants"] == {
        "circulated": "2027-03-01T09:00:00Z",
        "deadline": "2027-03-03T09:00:00Z",
        "locked": "2027-03-01T11:00:00Z",
        "published": "2027-03-01T11:00:00Z",
    }
    assert sorted(one["signed_at"] for one in record["signatories"]) == [
        "2027-03-01T10:00:00Z",
        "2027-03-01T11:00:00Z",
    ]
    assert {(one["revision"], one["digest"]) for one in record["signatories"]} == {(1, made.revision.digest)}


def test_the_publication_is_canonical_and_carries_its_digest(session):
    made = circulate(world(session, members=1))
    sign(made, 0)
    found = published(session)
    assert rfc8785.dumps(json.loads(found.record)).decode() == found.record
    assert hashlib.sha256(found.record.encode()).hexdigest() == found.record_digest
    assert (found.slug, found.headline, found.language) == (ADDRESS, EDITION.headline, "en")
    assert (found.revision_id, found.published_at) == (made.revision.id, NOW)


def test_position_in_the_record_tells_nothing(session):
    made = circulate(world(session, members=7))
    for index in (3, 1, 6, 0, 2, 5, 4):
        sign(made, index)
    commitments = [one["commitment"] for one in record_of(session)["signatories"]]
    assert commitments == sorted(commitments)
    assert len(set(commitments)) == 7


def test_the_names_beside_the_record_are_what_it_commits_to(session):
    made = circulate(world(session, members=3))
    for index in range(3):
        sign(made, index)
    values = disclosed(session)
    for one in record_of(session)["signatories"]:
        beside = values[one["commitment"]]
        assert commitment(beside.salt, beside.value) == one["commitment"]
        assert set(beside.value) == {"listed_name"}
    found = published(session)
    assert sorted(json.loads(found.listing)) == [one["commitment"] for one in record_of(session)["signatories"]]


def test_every_commitment_in_the_history_is_disclosed_and_fits(session):
    made = circulate(world(session, members=2))
    sign(made, 0, Kind.OBJECTION)
    sign(made, 0)
    sign(made, 1)
    values = disclosed(session)
    bodies = "".join(one.body for one in rows(session, Event))
    assert len(values) >= 2 + 3 * 3 + 2
    for one in values.values():
        assert one.commitment in bodies
        assert commitment(one.salt, one.value) == one.commitment
    assert len({one.salt for one in values.values()}) == len(values)


def test_the_record_ends_where_the_chain_ends(session):
    made = circulate(world(session, members=1))
    sign(made, 0)
    last = max(rows(session, Event), key=lambda one: one.number)
    assert (last.kind, last.hash) == ("published", record_of(session)["chain_head"])
    assert events(session) == ["revised", "circulated", "quote decided", "answered", "locked", "published"]
    locked = json.loads(next(one.body for one in rows(session, Event) if one.kind == "locked"))
    assert locked["facts"] == {
        "revision": 1,
        "digest": made.revision.digest,
        "signatories": [one["commitment"] for one in record_of(session)["signatories"]],
    }


def test_no_name_stands_in_the_history_or_in_the_record(session):
    """Whatever was done: organisations, people and their words stand only in what can be erased."""
    plain = replace(EDITION, place="", body="The valley road has been closed for forty days.", quotes=())
    made = circulate(world(session, members=4, edition=plain))
    later = Contact(organisation_id=made.members[3].id, name="Grace Secondperson", mail="grace@late.example.org")
    session.add(later)
    session.commit()
    statement = made.statement.public_id
    inviting.invite(session, NOW, made.user.id, statement, later.id)
    inviting.revoke(session, NOW, made.user.id, statement, made.invitations[3].id)
    sign(made, 0, Kind.OBJECTION, text="Paragraph two is Grace's opinion", person_name="Olga Objector")
    sign(made, 1, Kind.DECLINE, text="Ourboard forbids it", person_role="Chairwoman")
    commenting.comment(
        session, NOW, made.invitations[0].id, 1, digest=made.revision.digest, person_name="Rita", text="Remarkable"
    )
    amending.extend(session, NOW, made.user.id, statement, LATER + timedelta(days=9), "UTC")
    new_text(made, replace(plain, body="The valley road has been closed for fifty days."), based_on=1)
    sign(made, 0, listed_name="Lakeside Worldwide")
    amending.decide_name(session, NOW, made.user.id, statement, made.signatories[0].id, "Lakeside Worldwide", True)
    for index in (1, 2):
        sign(made, index)
    (extra,) = (one for one in made.invitations if one.contact_id == later.id)
    signing.answer(session, LINKS, NOW, extra.id, 1, offered(made, 3))
    assert stage_of(made) == "published"
    found = published(session)
    written = [str(row) for row in session.execute(text("SELECT * FROM events"))]
    written += [found.record, found.listing]
    session.rollback()
    said = "\n".join(written).casefold()
    assert len(written) >= 14
    for secret in (
        *NAMES,
        "Lakeside",
        "Worldwide",
        "Grace",
        "late.example",
        "Olga",
        "Objector",
        "Paragraph two",
        "Ourboard",
        "Chairwoman",
        "Rita",
        "Remarkable",
        "Person 1",
        "Contact 0",
        "Director",
        "Lea Lead",
        "example.com",
        "Valley Coalition",
    ):
        assert secret.casefold() not in said, secret


# The order and the names ------------------------------------------------------------------------


def test_signatories_are_listed_word_by_word_whatever_order_they_signed_in(session):
    made = world(session, members=7)
    names = (
        "Syrian Welsh Circle",
        "Syria Harbour UK",
        "Syrian Association of the Valley",
        "The Orchard Trust",
        "Peace and Justice for All",
        "Élan Vallée",
        "Oxbow for Peace",
    )
    for member, name in zip(made.members, names, strict=True):
        session.merge(member).listed_name = name
        member.listed_name = name
    session.commit()
    circulate(made)
    for index in (6, 2, 0, 5, 1, 3, 4):
        sign(made, index)
    assert listed(session) == [
        "Élan Vallée",
        "The Orchard Trust",
        "Oxbow for Peace",
        "Peace and Justice for All",
        "Syria Harbour UK",
        "Syrian Association of the Valley",
        "Syrian Welsh Circle",
    ]


def test_a_member_renamed_after_asking_is_listed_as_it_was_asked(session):
    made = circulate(world(session, members=1))
    session.merge(made.members[0]).listed_name = "Renamed"
    session.commit()
    sign(made, 0)
    assert listed(session) == ["Lakeside Relief"]


# The rule ---------------------------------------------------------------------------------------


def test_a_number_alone_locks_as_soon_as_it_is_reached(session):
    made = circulate(world(session, 4, QUOTELESS), roles=[Role.OPTIONAL] * 4, at_least=2)
    sign(made, 3)
    sign(made, 0, Kind.OBJECTION)
    assert stage_of(made) == "circulating"
    sign(made, 1)
    assert stage_of(made) == "published"
    assert listed(session) == ["Hillside Forum", "The Orchard Trust"]


def test_required_and_a_number(session):
    made = circulate(world(session, members=3), roles=[Role.REQUIRED, Role.OPTIONAL, Role.OPTIONAL], at_least=2)
    sign(made, 0)
    assert [part.id for part in verdict(made).missing] == ["missing.number"]
    sign(made, 2)
    assert stage_of(made) == "published"
    assert listed(session) == ["Harbour Aid", "Lakeside Relief"]


def test_optional_ones_do_not_hold_the_lock_and_observers_are_not_listed(session):
    made = circulate(world(session, 3, QUOTELESS), roles=[Role.OPTIONAL, Role.OBSERVER, Role.REQUIRED])
    sign(made, 0, Kind.DECLINE)
    sign(made, 2)
    assert (stage_of(made), listed(session)) == ("published", ["Harbour Aid"])


def test_who_signed_late_or_another_text_is_not_listed(session):
    roles = [Role.OPTIONAL, Role.OPTIONAL, Role.OPTIONAL, Role.REQUIRED]
    made = circulate(world(session, members=4), roles=roles)
    sign(made, 0)
    new_text(made, replace(EDITION, body="Another body."), based_on=1)
    sign(made, 1)
    sign(made, 3, listed_name="Orchard")
    sign(made, 2, now=LATER)
    assert [part.id for part in verdict(made).missing] == ["missing.name"]
    decided = made.signatories[3].id, "Orchard", False
    amending.decide_name(session, LATER, made.user.id, made.statement.public_id, *decided)
    assert (stage_of(made), listed(session)) == ("published", ["Hillside Forum", "The Orchard Trust"])
    assert violations(session) == []


@pytest.mark.parametrize("kind", [Kind.OBJECTION, Kind.DECLINE, Kind.ABSTAIN, Kind.TAKEN_BACK])
def test_nothing_but_a_sign_off_of_a_required_one_locks(session, kind):
    made = circulate(world(session, members=2))
    sign(made, 0)
    sign(made, 1, kind)
    assert (stage_of(made), count(session, Publication)) == ("circulating", 0)


def test_the_lead_on_the_roll_can_be_the_last(session):
    made = world(session, 1, QUOTELESS)
    session.add(Member(coalition_id=made.coalition.id, organisation_id=made.statement.lead_id))
    session.commit()
    asked = circulation.Asking(
        [(made.members[0].id, Role.REQUIRED), (made.statement.lead_id, Role.REQUIRED)], LATER, "UTC", "", False
    )
    made.circulation = circulation.circulate(session, NOW, made.user.id, made.statement.public_id, asked)
    wanted = Offered(
        Kind.SIGN_OFF, made.revision.digest, "", "Valley Coalition", "Lea Lead", "Press officer", authority=True
    )
    signing.answer_at_desk(session, NOW, made.user.id, made.statement.public_id, wanted)
    again = signing.answer_at_desk(session, NOW, made.user.id, made.statement.public_id, wanted)
    assert again.user_id == made.user.id
    (invitation,) = letters(session, "approval")
    signing.answer(session, LINKS, NOW, invitation.invitation_id, 1, offered(made, 0))
    assert (stage_of(made), listed(session)) == ("published", ["Lakeside Relief", "Valley Coalition"])
    assert violations(session) == []


# Letters ----------------------------------------------------------------------------------------


def test_everybody_who_was_asked_and_the_one_who_asked_are_told(session):
    made = circulate(world(session, members=3), roles=[Role.REQUIRED, Role.OPTIONAL, Role.OBSERVER])
    sign(made, 0)
    told = letters(session, "published")
    assert contacts_of(told) == [one.id for one in made.contacts]
    assert [letter.user_id for letter in told if letter.user_id] == [made.user.id]
    waiting = {job.subject_id for job in rows(session, Job) if job.kind == "send-letter"}
    assert waiting == {letter.id for letter in rows(session, Letter)}


# The address ------------------------------------------------------------------------------------


def finish(session, lead: str, **changes: object) -> World:
    made = circulate(world(session, members=1, lead=lead, edition=replace(EDITION, **changes)))
    sign(made, 0)
    return made


def test_no_statement_has_an_address_before_its_lock(session):
    made = circulate(world(session, members=1))
    assert [one.slug for one in rows(session, Statement)] == [None]
    sign(made, 0)
    assert [one.slug for one in rows(session, Statement)] == [ADDRESS]


def test_the_same_headline_gets_the_next_address(session):
    for number in range(11):
        finish(session, f"Coalition {number}")
    found = [one.slug for one in rows(session, Publication)]
    last = [one.public_id for one in rows(session, Statement)][-2:]
    assert found[:9] == [ADDRESS, *(f"{ADDRESS}-{number}" for number in range(2, 10))]
    assert found[9:] == [f"{ADDRESS}-{public_id}" for public_id in last]
    assert [one.slug for one in rows(session, Statement)] == found
    assert violations(session) == []


def test_an_arabic_headline_has_an_arabic_address(session):
    finish(session, "Coalition", headline="سبع منظمات تطالب بفتح الطريق", language="ar")
    assert published(session).slug == "سبع-منظمات-تطالب-بفتح-الطريق"
    assert published(session).language == "ar"


def test_a_headline_without_letters_still_gets_an_address(session):
    finish(session, "Coalition", headline="…!")
    assert published(session).slug == "statement"


def test_the_same_headline_locked_at_the_same_instant_gives_two_addresses(database, session):
    rounds = 12
    pairs = []
    for number in range(rounds):
        edition = replace(EDITION, headline=f"Round {number} of the same words")
        worlds = [
            circulate(world(session, members=1, lead=f"Side {side} of {number}", edition=edition))
            for side in ("one", "two")
        ]
        pairs.append([(made.invitations[0].id, offered(made, 0)) for made in worlds])
    engine = db.engine_for(database.url)
    sessions = db.sessions_for(engine, SIGNING)
    barrier = threading.Barrier(2)

    def close(side: int) -> None:
        for pair in pairs:
            barrier.wait(30)
            with sessions() as own:
                signing.answer(own, LINKS, NOW, pair[side][0], 1, pair[side][1])

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(close, side) for side in (0, 1)]:
            done.result()
    engine.dispose()
    expected = {f"round-{number}-of-the-same-words" for number in range(rounds)}
    assert {one.slug for one in rows(session, Publication)} == expected | {f"{one}-2" for one in expected}
    assert {one.stage for one in rows(session, Statement)} == {"published"}
    assert {one.outcome for one in rows(session, Circulation)} == {"complete"}
    assert violations(session) == []


@pytest.mark.postgresql
def test_an_address_taken_at_the_last_moment_is_left_to_the_other(postgresql_database):
    """The look finds the address free, the other commits in between, and the write is refused.

    Only on PostgreSQL is there an in between: on SQLite writers wait for each other from their beginning.
    """
    with postgresql_database.sessions() as session:
        taken_at_the_last_moment(postgresql_database, session)


def taken_at_the_last_moment(database: Database, session: Session) -> None:
    first, second = (circulate(world(session, members=1, lead=lead)) for lead in ("Coalition", "Other"))
    sessions = db.sessions_for(database.engine, SIGNING)
    looked, go = threading.Event(), threading.Event()

    def hold(connection, cursor, statement, *_):
        if threading.current_thread() is not threading.main_thread() and "SET stage" in statement and not go.is_set():
            looked.set()
            go.wait(20)

    event.listen(database.engine, "before_cursor_execute", hold)

    def slow() -> None:
        with sessions() as own:
            signing.answer(own, LINKS, NOW, first.invitations[0].id, 1, offered(first, 0))

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(slow)
        assert looked.wait(20)
        sign(second, 0)
        go.set()
        done.result()
    event.remove(database.engine, "before_cursor_execute", hold)
    slugs = {one.id: one.slug for one in rows(session, Statement)}
    assert slugs == {first.statement.id: f"{ADDRESS}-2", second.statement.id: ADDRESS}
    assert violations(session) == []


@pytest.mark.parametrize("table", ["answers", "events", "disclosures", "publications", "letters", "jobs"])
def test_a_fault_in_the_middle_leaves_everything_as_it_was(database, session, table):
    made = circulate(world(session, members=2))
    sign(made, 0)
    before = events(session), count(session, Letter), count(session, Job), len(disclosed(session))

    def fail(connection, cursor, statement, *_):
        if statement.startswith(f"INSERT INTO {table} "):
            raise ConnectionError("gone in the middle")

    event.listen(database.engine, "after_cursor_execute", fail)
    with pytest.raises(ConnectionError):
        sign(made, 1)
    event.remove(database.engine, "after_cursor_execute", fail)
    assert (events(session), count(session, Letter), count(session, Job), len(disclosed(session))) == before
    assert (stage_of(made), violations(session)) == ("circulating", [])
    sign(made, 1)
    assert stage_of(made) == "published"
