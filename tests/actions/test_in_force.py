"""Another text in force: asked again or kept by the editorial rule, with hours in which anybody can object."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.actions.acting import events, letters, reread, rows, sign, stage_of, verdict
from tests.builders import EDITION, LINKS, NOW, QUOTELESS, World, circulate, offered, world
from tests.prove.invariants import violations
from workflow.actions import circulation, drafting, in_force, signing
from workflow.models.circulation import Circulation
from workflow.models.coalition import Organisation
from workflow.models.posting import Job
from workflow.models.publication import Publication
from workflow.rules.circulation import Kind, Purpose, Role, Rule
from workflow.rules.quoting import QuoteWord
from workflow.rules.refusals import EditorialNotDeclared, NotFound, NothingToSign, QuoteWithoutOwner, WrongStage
from workflow.rules.signing import QuoteOffered

EDITORIAL = Rule(editorial_hours=6, editorial_words=5)
SOON, AFTER = NOW + timedelta(hours=1), NOW + timedelta(hours=8)


def revised(made: World, now=SOON, *, editorial: bool, **changes) -> World:
    """The text is changed and put in force."""
    number = reread(made).circulation.revision.number
    who = (made.session, now, made.user.id, made.statement.public_id)
    edition = replace(made.revision.parsed.authoritative, **changes)
    drafting.revise(*who, edition, number)
    in_force.put_in_force(*who, number + 1, editorial=editorial)
    return reread(made)


def over(made: World, now=AFTER) -> bool:
    return in_force.objections_over(made.session, now, made.circulation.id)


def record(session) -> dict:
    (found,) = rows(session, Publication)
    return json.loads(found.record)


# The editorial rule -----------------------------------------------------------------------------


def test_an_editorial_change_keeps_sign_offs_once_the_hours_are_over(session):
    made = circulate(world(session, 2, QUOTELESS), rule=EDITORIAL)
    sign(made, 0)
    revised(made, editorial=True, place="Hillside")
    assert [part.id for part in verdict(made).missing] == ["missing.waiting", "missing.editorial"]
    # Whose sign-off is kept hears of the hours; who has not signed is asked about the new text.
    kept, asked = letters(session, "editorial"), letters(session, "new_text")
    assert [one.invitation_id for one in kept] == [made.invitations[0].id]
    assert [one.invitation_id for one in asked] == [made.invitations[1].id]
    sign(made, 1)
    assert (stage_of(made), over(made, SOON), stage_of(made)) == ("circulating", False, "circulating")
    assert over(made) and stage_of(made) == "published"
    assert not over(made), "noted once"
    told = record(session)
    assert sorted(one["revision"] for one in told["signatories"]) == [1, 2]
    assert [one["revision"] for one in told["carried_over"]["revisions"]] == [1]
    assert told["carried_over"]["changes"][0]["to_revision"] == 2
    assert told["rule"]["editorial"] == {"hours": 6, "words": 5}
    assert violations(session) == []


def test_who_objects_in_the_hours_holds_the_text(session):
    made = circulate(world(session, 2, QUOTELESS), rule=EDITORIAL)
    sign(made, 0)
    revised(made, editorial=True, place="Hillside")
    sign(made, 0, Kind.OBJECTION, now=SOON)
    sign(made, 1, now=SOON)
    assert over(made) and stage_of(made) == "circulating"
    assert [part.id for part in verdict(made).missing] == ["missing.objects"]
    sign(made, 0, now=AFTER)
    assert stage_of(made) == "published"


LAST_HOUR, AFTER_DEADLINE = NOW + timedelta(days=2, hours=-1), NOW + timedelta(days=2, hours=1)
IN_FULL = NOW + timedelta(days=2, hours=5)


def test_an_objection_within_the_promised_hours_holds_though_the_deadline_was_before_their_end(session):
    rule = replace(EDITORIAL, objections_hold=True)
    made = circulate(world(session, 2, QUOTELESS), rule=rule, roles=[Role.REQUIRED, Role.OPTIONAL])
    sign(made, 1)
    revised(made, LAST_HOUR, editorial=True, place="Hillside")
    sign(made, 0, now=LAST_HOUR)
    assert rows(session, Circulation)[0].deadline_at == IN_FULL
    assert "deadline moved" in events(session)
    sign(made, 1, Kind.OBJECTION, now=AFTER_DEADLINE)
    assert stage_of(made) == "circulating"
    assert over(made, IN_FULL) and stage_of(made) == "circulating"
    assert [part.id for part in verdict(made).missing] == ["missing.objects"]


def test_who_signs_anew_within_the_hours_loses_nothing_by_it(session):
    made = circulate(world(session, 2, QUOTELESS), rule=EDITORIAL)
    sign(made, 0)
    revised(made, LAST_HOUR, editorial=True, place="Hillside")
    sign(made, 1, now=LAST_HOUR)
    sign(made, 0, now=AFTER_DEADLINE)
    assert stage_of(made) == "published"


def test_an_editorial_change_does_not_wash_an_objection_away(session):
    rule = replace(EDITORIAL, objections_hold=True)
    made = circulate(world(session, 2, QUOTELESS), rule=rule, roles=[Role.REQUIRED, Role.OPTIONAL])
    sign(made, 1, Kind.OBJECTION)
    sign(made, 0)
    revised(made, editorial=True, place="Hillside")
    assert [part.id for part in verdict(made).missing] == ["missing.objects", "missing.editorial"]
    assert over(made) and stage_of(made) == "circulating"
    sign(made, 1, Kind.ABSTAIN, now=AFTER)
    assert stage_of(made) == "published"


def test_a_required_objection_stands_over_an_editorial_change_too(session):
    made = circulate(world(session, 2, QUOTELESS), rule=EDITORIAL)
    sign(made, 0, Kind.OBJECTION)
    sign(made, 1)
    revised(made, editorial=True, place="Hillside")
    assert [part.id for part in verdict(made).missing] == ["missing.objects", "missing.editorial"]


def test_what_an_organisation_approved_is_not_put_down_to_the_lead(session):
    made = circulate(world(session, 2))
    sign(made, 0)
    other = Organisation.id == made.members[1].id
    session.execute(update(Organisation).where(other).values(listed_name="Lakeside Relief"))
    session.commit()
    sign(made, 1)
    assert [one["approved_by"] for one in record(session)["quotes"]] == ["organisation"]


def test_everybody_signing_anew_needs_no_hours(session):
    made = circulate(world(session, 1, QUOTELESS), rule=EDITORIAL, roles=[Role.REQUIRED])
    sign(made, 0, Kind.OBJECTION)
    revised(made, editorial=True, place="Hillside")
    sign(made, 0, now=SOON)
    assert stage_of(made) == "published"
    assert "carried_over" not in record(session)


def test_two_editorial_changes_keep_what_the_first_kept(session):
    made = circulate(world(session, 2, QUOTELESS), rule=EDITORIAL)
    sign(made, 0)
    revised(made, editorial=True, place="Hillside")
    assert over(made)
    revised(made, AFTER, editorial=True, place="Hillside Green")
    sign(made, 1, now=AFTER)
    assert stage_of(made) == "circulating"
    assert over(made, AFTER + timedelta(hours=6)) and stage_of(made) == "published"
    assert len(record(session)["carried_over"]["changes"]) == 2


def test_a_change_that_is_no_editorial_one_makes_all_stale(session):
    made = circulate(world(session, 2, QUOTELESS), rule=EDITORIAL)
    sign(made, 0)
    revised(made, editorial=True, place="Hillside")
    revised(made, editorial=False, place="Harbour")
    sign(made, 1, now=SOON)
    assert not over(made)
    assert [part.id for part in verdict(made).missing] == ["missing.stale"]


def test_an_optional_one_that_can_still_object_holds_the_text_too(session):
    made = circulate(world(session, 2, QUOTELESS), roles=[Role.REQUIRED, Role.OPTIONAL], rule=EDITORIAL)
    sign(made, 1)
    revised(made, editorial=True, place="Hillside")
    sign(made, 0, now=SOON)
    assert [part.id for part in verdict(made).missing] == ["missing.editorial"]
    assert over(made) and len(record(session)["signatories"]) == 2


def test_sign_offs_are_kept_only_where_that_was_declared(session):
    made = circulate(world(session, 2, QUOTELESS))
    with pytest.raises(EditorialNotDeclared):
        revised(made, editorial=True, place="Hillside")
    assert made.revision.number == 1


def test_the_hours_end_by_a_job_of_their_own_and_a_recalled_one_is_left_alone(session):
    made = circulate(world(session, 2, QUOTELESS), rule=EDITORIAL)
    sign(made, 0)
    revised(made, editorial=True, place="Hillside")
    (job,) = [one for one in rows(session, Job) if one.kind == "objections-over"]
    assert (job.subject_id, job.run_at) == (made.circulation.id, SOON + timedelta(hours=6))
    circulation.recall(session, SOON, made.user.id, made.statement.public_id)
    assert not over(made)


# Quotes -------------------------------------------------------------------------------------------


def say(made: World, index: int, word: QuoteWord, wording: str = "", now=NOW) -> None:
    """The signatory at `index` says something of its quote, and nothing of the text."""
    (digest,) = made.signatories[index].quotes
    answer = replace(offered(made, index, Kind.ABSTAIN), kind=None, quotes=(QuoteOffered(digest, word, wording),))
    invitation = made.invitations[index]
    signing.answer(made.session, LINKS, now, invitation.id, invitation.generation, answer)
    reread(made)


def without_quotes(made: World, index: int, now=NOW) -> None:
    sign(made, index, now=now, quotes=())
    reread(made)


def test_a_quote_that_nobody_approved_holds_the_lock(session):
    made = circulate(world(session, 2))
    without_quotes(made, 0)
    without_quotes(made, 1)
    assert [part.id for part in verdict(made).missing] == ["missing.quote"]
    say(made, 0, QuoteWord.REWORDED, "Nobody should walk.")
    assert [part.id for part in verdict(made).missing] == ["missing.quote-reworded"]
    say(made, 0, QuoteWord.REFUSED)
    assert [part.id for part in verdict(made).missing] == ["missing.quote-refused"]
    say(made, 0, QuoteWord.APPROVED)
    assert stage_of(made) == "published"
    assert record(session)["quotes"][0]["approved_by"] == "organisation"
    assert len(letters(session, "quote_receipt")) == len(letters(session, "quote_decided")) == 3
    assert violations(session) == []


def test_an_unchanged_quote_keeps_its_approval_and_a_changed_one_is_asked_again_from_its_owner(session):
    made = circulate(world(session, 2))
    say(made, 0, QuoteWord.APPROVED)
    revised(made, editorial=False, place="Hillside")
    assert list(made.signatories[0].quotes.values()) == ["approved"]
    spoken = replace(EDITION.quotes[0], text="Nobody should walk ten hours to a doctor.")
    revised(made, editorial=False, quotes=(spoken,))
    assert list(made.signatories[0].quotes.values()) == ["waiting"]
    assert made.signatories[1].quotes == {}


def test_nobody_else_can_approve_it(session):
    made = circulate(world(session, 2))
    (digest,) = made.signatories[0].quotes
    answer = replace(offered(made, 1, Kind.ABSTAIN), kind=None, quotes=(QuoteOffered(digest, QuoteWord.APPROVED),))
    with pytest.raises(NotFound):
        signing.answer(session, LINKS, NOW, made.invitations[1].id, 1, answer)


@pytest.mark.parametrize("role", [Role.OPTIONAL, Role.OBSERVER])
def test_owners_who_need_not_sign_still_approve_their_quotes(session, role):
    made = circulate(world(session, 2), roles=[role, Role.REQUIRED])
    without_quotes(made, 1)
    assert [part.id for part in verdict(made).missing] == ["missing.quote"]
    say(made, 0, QuoteWord.APPROVED)
    assert stage_of(made) == "published"


def test_a_quote_of_nobody_on_the_roll_needs_the_leads_word(session):
    made = world(session, 2, replace(EDITION, quotes=(replace(EDITION.quotes[0], organisation="Far Away"),)))
    asking = circulation.Asking(
        [(one.id, Role.REQUIRED) for one in made.members], NOW + timedelta(days=2), "UTC", code_required=False
    )
    who = (session, NOW, made.user.id, made.statement.public_id)
    with pytest.raises(QuoteWithoutOwner):
        circulation.circulate(*who, asking)
    made.circulation = circulation.circulate(*who, replace(asking, vouched=True))
    reread(made)
    sign(made, 0)
    sign(made, 1)
    assert stage_of(made) == "published"
    assert record(session)["quotes"][0]["approved_by"] == "lead"


# Comments first -----------------------------------------------------------------------------------


def for_comment(session) -> World:
    return circulate(world(session, 2), rule=Rule(purpose=Purpose.COMMENT))


def to_sign(made: World, now=SOON) -> World:
    roll = [(one.id, Role.REQUIRED) for one in made.members]
    asking = circulation.Asking(roll, now + timedelta(days=2), "UTC", code_required=False)
    circulation.ask_to_sign(made.session, now, made.user.id, made.statement.public_id, asking)
    return reread(made)


@pytest.mark.parametrize("kind", [Kind.SIGN_OFF, Kind.DECLINE, Kind.ABSTAIN])
def test_nothing_is_signed_while_comments_are_collected(session, kind):
    made = for_comment(session)
    with pytest.raises(NothingToSign):
        sign(made, 0, kind)
    sign(made, 0, Kind.OBJECTION)
    sign(made, 0, Kind.TAKEN_BACK)
    assert stage_of(made) == "circulating"
    assert [part.id for part in verdict(made).missing] == ["missing.comments"]


def test_from_comments_to_sign_off_in_one_step_and_what_was_said_is_history(session):
    made = for_comment(session)
    sign(made, 0, Kind.OBJECTION)
    first = made.circulation.id
    to_sign(made)
    assert (made.circulation.number, made.circulation.purpose, stage_of(made)) == (2, "sign-off", "circulating")
    assert len(letters(session, "approval")) == 4 and letters(session, "concluded") == []
    assert [one.outcome for one in rows(session, type(made.circulation)) if one.id == first] == ["concluded"]
    sign(made, 0)
    sign(made, 1)
    assert stage_of(made) == "published"
    assert violations(session) == []


def test_only_comments_lead_to_sign_off_and_only_they_are_concluded(session):
    made = circulate(world(session, 2))
    with pytest.raises(WrongStage):
        to_sign(made)
    with pytest.raises(WrongStage):
        circulation.conclude(session, NOW, made.user.id, made.statement.public_id)
    assert stage_of(made) == "circulating"


def test_comments_are_closed_and_everybody_is_told(session):
    made = for_comment(session)
    circulation.conclude(session, SOON, made.user.id, made.statement.public_id)
    assert (stage_of(made), len(letters(session, "concluded"))) == ("draft", 2)
