"""Between the lock and the publication: embargo, minutes, the lead's press, validity, and what unlocks."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tests.actions.acting import count, events, letters, reread, rows, sign, stage_of, verdict
from tests.builders import LINKS, NOW, QUOTELESS, World, circulate, offered, world
from tests.opening import opened
from tests.prove.invariants import violations
from workflow.actions import amending, codes, deadline, locked, recording, signing
from workflow.actions import circulation as circulating
from workflow.models.drafting import Statement
from workflow.models.history import Disclosure
from workflow.models.posting import Job
from workflow.models.publication import Publication
from workflow.models.signing import Reconfirmation
from workflow.queries.opening import open_page
from workflow.rules.circulation import Kind, Role, Rule
from workflow.rules.completion import Completion, Ending
from workflow.rules.noting import Later, LaterKind
from workflow.rules.recording import Evidence
from workflow.rules.refusals import (
    CodeWrong,
    EmbargoPassed,
    FormRefused,
    LinkClosed,
    NotFound,
    NothingChanged,
    SignOffsTooOld,
    TextMoved,
    WrongStage,
)
from workflow.text.instants import in_zone

AT = NOW + timedelta(days=3)
EMBARGO = Ending(Completion.EMBARGO, embargo_at=in_zone(AT, "Europe/London"))
HOLD = Ending(Completion.HOLD, hold_minutes=5)
PRESS = Ending(Completion.PRESS)
RANG = Evidence("phone", "She rang.")


def locked_world(session: Session, ending: Ending = EMBARGO, members: int = 2, lead: str = "Valley Coalition") -> World:
    """Everybody has signed."""
    made = circulate(world(session, members, QUOTELESS, lead), ending=ending)
    for index in range(members):
        sign(made, index)
    return reread(made)


def due(made: World, now) -> bool:
    return locked.publish_due(made.session, now, made.circulation.id)


def instants(session: Session) -> list:
    return sorted(job.run_at for job in rows(session, Job) if job.kind == "publish")


def reconfirm(made: World, index: int, now, **changes: str) -> None:
    later = Later(LaterKind.RECONFIRM, changes.get("digest", made.revision.digest))
    locked.reconfirm(made.session, LINKS, now, made.invitations[index].id, 1, later)


def take_back(made: World, index: int, now) -> None:
    sign(made, index, Kind.TAKEN_BACK, now=now)


def test_an_embargoed_text_is_locked_and_published_at_its_instant_once(session):
    made = locked_world(session)
    assert stage_of(made) == "locked"
    assert count(session, Publication) == 0
    assert instants(session) == [AT]
    assert len(letters(session, "locked")) == 3  # two contacts and the lead
    assert not due(made, AT - timedelta(seconds=1))
    assert stage_of(made) == "locked"
    assert due(made, AT)
    assert not due(made, AT), "whoever comes second does nothing"
    (publication,) = rows(session, Publication)
    instants_told = json.loads(publication.record)["instants"]
    assert instants_told["embargo"] == instants_told["published"] == "2027-03-04T09:00:00Z"
    assert instants_told["locked"] == "2027-03-01T09:00:00Z"
    assert len(letters(session, "published")) == 3
    assert violations(session) == []


def test_the_commitments_of_the_lock_are_those_of_the_record(session):
    made = locked_world(session)
    due(made, AT)
    (publication,) = rows(session, Publication)
    made = reread(made)
    assert sorted(json.loads(publication.listing)) == sorted(one.commitment for one in made.signatories)


def test_a_hold_publishes_so_many_minutes_after_the_lock(session):
    made = locked_world(session, HOLD)
    assert instants(session) == [NOW + timedelta(minutes=5)]
    assert due(made, NOW + timedelta(minutes=5))


def test_where_the_lead_presses_nothing_happens_by_itself(session):
    made = locked_world(session, PRESS)
    assert instants(session) == []
    assert not due(made, NOW + timedelta(days=30))
    who = (session, NOW + timedelta(days=1), made.user.id, made.statement.public_id)
    locked.publish_now(*who)
    assert stage_of(made) == "published"
    with pytest.raises(WrongStage):
        locked.publish_now(*who)


def test_before_the_instant_the_lead_cannot_press(session):
    made = locked_world(session)
    with pytest.raises(WrongStage):
        locked.publish_now(session, NOW, made.user.id, made.statement.public_id)
    assert stage_of(made) == "locked"


def test_an_embargo_that_is_over_at_the_lock_holds_nothing_back(session):
    made = circulate(world(session, 1, QUOTELESS), ending=EMBARGO, deadline=AT + timedelta(days=2))
    sign(made, 0, now=AT + timedelta(hours=1))
    assert stage_of(made) == "published"


def test_the_embargo_moves_and_the_old_instant_publishes_nothing(session):
    made = locked_world(session)
    later = AT + timedelta(days=2)
    who = (session, NOW, made.user.id, made.statement.public_id)
    locked.move_embargo(*who, later, "Europe/London")
    assert not due(made, AT)
    assert stage_of(made) == "locked"
    assert len(letters(session, "embargo_moved")) == 3
    assert instants(session) == [AT, later]
    with pytest.raises(NothingChanged):
        locked.move_embargo(*who, later, "Europe/London")
    with pytest.raises(EmbargoPassed):
        locked.move_embargo(*who, NOW, "Europe/London")
    assert due(made, later)


def test_links_open_as_long_as_the_embargo_waits(session):
    made = locked_world(session, Ending(Completion.EMBARGO, embargo_at=NOW + timedelta(days=60)))
    assert all(one.expires_at > NOW + timedelta(days=60) for one in made.invitations)


def test_taking_back_between_lock_and_publication_unlocks(session):
    made = locked_world(session)
    take_back(made, 0, NOW + timedelta(hours=1))
    assert stage_of(made) == "circulating"
    made = reread(made)
    assert made.circulation.outcome is None
    assert [one.commitment for one in made.signatories] == [None, None]
    (statement,) = rows(session, Statement)
    assert statement.slug is None
    assert not [one for one in rows(session, Disclosure) if one.value == {"listed_name": "Lakeside Relief"}]
    assert len(letters(session, "unlocked")) == 3
    assert events(session)[-2:] == ["unlocked", "answered"]
    assert violations(session) == []
    assert not due(made, AT), "the job finds that it is not locked"
    sign(made, 0, now=NOW + timedelta(hours=2))
    assert stage_of(made) == "locked"
    assert due(made, AT)
    assert violations(session) == []


def test_where_the_rule_is_met_without_it_a_taken_back_sign_off_only_leaves_the_list(session):
    made = circulate(world(session, 2, QUOTELESS), ending=EMBARGO, roles=[Role.OPTIONAL, Role.REQUIRED])
    sign(made, 0)
    sign(made, 1)
    take_back(made, 0, NOW + timedelta(hours=1))
    assert stage_of(made) == "locked"
    assert letters(session, "unlocked") == []
    assert due(made, AT)
    (publication,) = rows(session, Publication)
    assert len(json.loads(publication.listing)) == 1
    assert violations(session) == []


def test_nothing_else_is_answered_to_a_locked_text(session):
    made = locked_world(session)
    for kind in (Kind.OBJECTION, Kind.DECLINE, Kind.ABSTAIN):
        with pytest.raises((LinkClosed, WrongStage)):
            sign(made, 0, kind)
    assert stage_of(made) == "locked"


def test_a_wrong_code_unlocks_nothing(session):
    made = circulate(world(session, 1, QUOTELESS), ending=EMBARGO)
    sign(made, 0)
    made = reread(made)
    made.circulation.code_required = True
    session.merge(made.circulation)
    session.commit()
    asked = offered(made, 0, Kind.TAKEN_BACK)
    challenge = codes.ask_code(session, NOW, made.invitations[0].id, 1, asked)
    with pytest.raises(CodeWrong):
        signing.answer(
            session, LINKS, NOW, made.invitations[0].id, 1, asked, challenge_id=challenge, code="not six digits"
        )
    assert stage_of(made) == "locked"


def test_a_locked_text_can_be_recalled(session):
    made = locked_world(session)
    circulating.recall(session, NOW, made.user.id, made.statement.public_id)
    assert stage_of(made) == "draft"
    assert not due(made, AT)
    assert violations(session) == []


def test_sign_offs_that_are_too_old_hold_the_publication_and_only_they_are_asked(session):
    made = circulate(
        world(session, 2, QUOTELESS),
        ending=Ending(Completion.EMBARGO, embargo_at=NOW + timedelta(days=12), validity_days=10),
        deadline=NOW + timedelta(days=5),
    )
    sign(made, 0)
    sign(made, 1, now=NOW + timedelta(days=4))
    at = NOW + timedelta(days=12)
    assert not due(made, at)
    assert stage_of(made) == "locked"
    asked = letters(session, "reconfirm")
    assert [one.contact_id for one in asked] == [made.contacts[0].id]
    assert [one.facts for one in letters(session, "held")] == [{"why": "validity"}]
    assert not due(made, at), "asked once"
    assert len(letters(session, "reconfirm")) == 1
    made = reread(made)
    reconfirm(made, 0, at + timedelta(hours=1))
    assert stage_of(made) == "published"
    assert count(session, Reconfirmation) == 1
    assert violations(session) == []


def test_where_all_are_too_old_the_last_reconfirmation_publishes(session):
    made = locked_world(session, Ending(Completion.EMBARGO, embargo_at=AT, validity_days=2))
    assert not due(made, AT)
    reconfirm(made, 0, AT)
    assert stage_of(made) == "locked"
    reconfirm(made, 1, AT)
    assert stage_of(made) == "published"


def test_the_last_instant_of_validity_still_holds(session):
    made = locked_world(session, Ending(Completion.EMBARGO, embargo_at=AT, validity_days=3))
    assert due(made, AT)


def test_a_slipped_embargo_asks_at_once_where_that_helps(session):
    made = locked_world(session, Ending(Completion.EMBARGO, embargo_at=AT, validity_days=10))
    when = NOW + timedelta(days=2)
    who = (session, when, made.user.id, made.statement.public_id)
    locked.move_embargo(*who, NOW + timedelta(days=40), "UTC")
    assert letters(session, "reconfirm") == [], "reconfirmed now it would not hold then either"
    locked.move_embargo(*who, NOW + timedelta(days=11), "UTC")
    assert len(letters(session, "reconfirm")) == 2
    made = reread(made)
    reconfirm(made, 0, when)
    reconfirm(made, 1, when)
    assert stage_of(made) == "locked", "it is published at its instant, not before"
    assert due(made, NOW + timedelta(days=11))


def test_the_lead_presses_in_vain_and_is_told_when_it_can_press_again(session):
    made = locked_world(session, Ending(Completion.PRESS, validity_days=1))
    who = (session, AT, made.user.id, made.statement.public_id)
    with pytest.raises(SignOffsTooOld):
        locked.publish_now(*who)
    assert stage_of(made) == "locked"
    made = reread(made)
    reconfirm(made, 0, AT)
    with pytest.raises(SignOffsTooOld):
        locked.publish_now(*who)
    reconfirm(made, 1, AT)
    assert stage_of(made) == "locked"
    assert [one.facts["why"] for one in letters(session, "held")] == ["validity", "ready"]
    locked.publish_now(*who)
    assert stage_of(made) == "published"


def test_at_once_is_held_too_where_a_sign_off_is_too_old(session):
    made = circulate(world(session, 2, QUOTELESS), ending=Ending(validity_days=1), deadline=NOW + timedelta(days=9))
    sign(made, 0)
    sign(made, 1, now=NOW + timedelta(days=5))
    assert stage_of(made) == "locked"
    reconfirm(reread(made), 0, NOW + timedelta(days=5))
    assert stage_of(made) == "published"


def test_a_reconfirmation_binds_the_text_that_was_shown(session):
    made = locked_world(session)
    with pytest.raises(TextMoved):
        reconfirm(made, 0, NOW, digest="0" * 64)
    due(made, AT)
    with pytest.raises(WrongStage):
        reconfirm(made, 0, AT)


def test_an_ending_that_cannot_be_is_refused(session):
    made = world(session, 1, QUOTELESS)
    with pytest.raises(EmbargoPassed):
        circulate(made, ending=Ending(Completion.EMBARGO, embargo_at=NOW))
    for wrong in (Ending(validity_days=0), Ending(Completion.HOLD, hold_minutes=0)):
        with pytest.raises(FormRefused):
            circulate(made, ending=wrong)


def test_an_answer_that_stops_counting_unlocks_at_the_instant_and_alarms(session):
    """Whatever makes an answer count no more between lock and publication; here the row itself."""
    made = locked_world(session)
    signatory = made.signatories[0]
    signatory.answer_id = None
    session.merge(signatory)
    session.commit()
    assert not verdict(made).complete
    assert not due(made, AT)
    assert stage_of(made) == "circulating"
    assert count(session, Publication) == 0
    assert len(letters(session, "unlocked")) == 3


def test_the_publication_waits_behind_no_letter(session):
    locked_world(session)
    assert {job.kind: job.urgency for job in rows(session, Job)}["publish"] == 0
    assert min(job.urgency for job in rows(session, Job) if job.kind == "send-letter") > 0


def test_two_workers_at_the_same_instant_publish_once(database, session):
    made = [locked_world(session, lead=f"Lead {number}") for number in range(6)]
    barrier = Barrier(2)

    def work(_side: int) -> int:
        done = 0
        for one in made:
            with database.sessions() as own:
                barrier.wait(60)
                done += locked.publish_due(own, AT, one.circulation.id)
        return done

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(work, (0, 1))) == len(made)
    assert count(session, Publication) == len(made)
    assert len(letters(session, "published")) == 3 * len(made)
    assert violations(session) == []


def test_a_deadline_that_is_moved_does_not_shorten_the_life_of_links(session):
    made = circulate(world(session, 1, QUOTELESS), ending=Ending(late_until=NOW + timedelta(days=60)))
    amending.extend(session, NOW, made.user.id, made.statement.public_id, NOW + timedelta(days=4), "UTC")
    assert all(one.expires_at > NOW + timedelta(days=60) for one in reread(made).invitations)


def test_what_came_due_while_it_was_locked_waits_anew_once_it_is_open_again(session):
    made = circulate(world(session, 3, QUOTELESS), ending=PRESS, roles=[Role.REQUIRED, Role.OPTIONAL, Role.OPTIONAL])
    recorded = recording.record(
        session, NOW, made.user.id, made.statement.public_id, made.signatories[1].id, offered(made, 1), RANG
    ).id
    sign(made, 0)
    assert stage_of(made) == "locked"
    later = NOW + timedelta(days=2, hours=1)
    assert not recording.word_stands(session, later, recorded)
    assert not deadline.reached(session, later, made.circulation.id)
    session.execute(delete(Job))  # done, for all that the worker knows
    session.commit()
    sign(made, 0, Kind.TAKEN_BACK, now=later)
    waiting = {job.kind: job.subject_id for job in rows(session, Job)}
    assert waiting["word-stands"] == recorded
    assert waiting["deadline"] == made.circulation.id
    assert recording.word_stands(session, later, recorded)


def test_the_lock_closes_the_page_for_everybody_for_good(session):
    made, page = opened(session, rule=Rule(), ending=PRESS)
    sign(made, 0)
    sign(made, 1)
    assert stage_of(made) == "locked"
    sign(made, 1, Kind.TAKEN_BACK)
    assert stage_of(made) == "circulating"
    with pytest.raises(NotFound):
        open_page(session, page.key, NOW)


def test_a_sign_off_taken_back_at_the_very_instant_is_in_time_or_too_late_and_nothing_between(database, session):
    made = [locked_world(session, lead=f"Lead {number}") for number in range(6)]
    wanted = [offered(one, 0, Kind.TAKEN_BACK) for one in made]
    barrier = Barrier(2)

    def publish() -> None:
        for one in made:
            with database.sessions() as own:
                barrier.wait(60)
                locked.publish_due(own, AT, one.circulation.id)

    def withdraw() -> int:
        in_time = 0
        for one, answer in zip(made, wanted, strict=True):
            with database.sessions() as own:
                barrier.wait(60)
                try:
                    signing.answer(own, LINKS, AT, one.invitations[0].id, 1, answer)
                    in_time += 1
                except (LinkClosed, WrongStage):
                    continue
        return in_time

    with ThreadPoolExecutor(2) as pool:
        published, taken_back = pool.submit(publish), pool.submit(withdraw)
        published.result()
        in_time = taken_back.result()
    stages = [statement.stage for statement in rows(session, Statement)]
    assert stages.count("circulating") == in_time
    assert stages.count("published") == len(made) - in_time == count(session, Publication)
    assert violations(session) == []
