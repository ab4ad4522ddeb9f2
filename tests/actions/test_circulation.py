"""Circulating on a real database: who is asked, asked again, told, and what is refused."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.actions.acting import (
    contacts_of,
    count,
    events,
    letters,
    new_text,
    reread,
    rows,
    sign,
    stage_of,
    verdict,
)
from tests.builders import EDITION, NOW, World, circulate, world
from workflow.actions import amending, circulation, drafting, in_force
from workflow.actions.circulation import Asking
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.models.posting import Job, Letter
from workflow.models.publication import Publication
from workflow.models.signing import Answer
from workflow.rules.circulation import Kind, Role, Rule
from workflow.rules.people import LINK_LIFE_AFTER_DEADLINE
from workflow.rules.refusals import (
    DeadlinePassed,
    EmptyRule,
    FormRefused,
    LinkClosed,
    NoContact,
    NotFound,
    NothingChanged,
    RuleOutOfReach,
    WrongStage,
)

DAY = timedelta(days=1)
DEADLINE = NOW + 2 * DAY
OTHER = replace(EDITION, body="The valley road has been closed for fifty days.")


def asking(made: World, **changes: object) -> Asking:
    roll = [(member.id, Role.REQUIRED) for member in made.members]
    return replace(Asking(roll, DEADLINE, "Europe/London", code_required=False), **changes)


def ask(made: World, *, user_id: int | None = None, **changes: object) -> Circulation:
    return circulation.circulate(
        made.session, NOW, user_id or made.user.id, made.statement.public_id, asking(made, **changes)
    )


def do(made: World, action, *values: object, **named: object) -> object:
    return action(made.session, named.pop("now", NOW), made.user.id, made.statement.public_id, *values, **named)


# Asking -----------------------------------------------------------------------------------------


def test_everybody_on_the_roll_is_asked_by_a_letter_of_their_own(session):
    made = world(session)
    session.add(Contact(organisation_id=made.members[0].id, name="Second", mail="second@valley.example.com"))
    session.add(Contact(organisation_id=made.members[1].id, name="Gone", mail="gone@valley.example.com", removed=True))
    session.commit()
    roles = [Role.REQUIRED, Role.OPTIONAL, Role.OBSERVER]
    circulate(made, roles=roles, at_least=2)
    assert [(one.organisation_id, one.role, one.name) for one in made.signatories] == [
        (member.id, role.value, member.listed_name) for member, role in zip(made.members, roles, strict=True)
    ]
    invited = [(one.signatory_id, one.contact_id, one.generation) for one in made.invitations]
    assert len(invited) == len(set(invited)) == 4
    assert {one.expires_at for one in made.invitations} == {DEADLINE + LINK_LIFE_AFTER_DEADLINE}
    put = letters(session, "approval")
    assert {(one.contact_id, one.invitation_id) for one in put} == {
        (one.contact_id, one.id) for one in made.invitations
    }
    assert (made.circulation.number, made.circulation.at_least, stage_of(made)) == (1, 2, "circulating")
    assert events(session) == ["revised", "circulated"]


def test_each_letter_has_the_job_that_sends_it_and_the_deadline_has_its_own(session):
    made = circulate(world(session))
    jobs = rows(session, Job)
    assert sorted(job.subject_id for job in jobs if job.kind == "send-letter") == [
        letter.id for letter in rows(session, Letter)
    ]
    (awaited,) = (job for job in jobs if job.kind == "deadline")
    assert (awaited.subject_id, awaited.run_at) == (made.circulation.id, DEADLINE)


def test_the_lead_itself_needs_nobody_to_be_written_to(session):
    made = world(session)
    from workflow.models.coalition import Member

    session.add(Member(coalition_id=made.coalition.id, organisation_id=made.statement.lead_id))
    session.commit()
    ask(made, roll=[(made.statement.lead_id, Role.REQUIRED), (made.members[0].id, Role.REQUIRED)])
    assert count(session, Signatory) == 2
    assert contacts_of(letters(session, "approval")) == [made.contacts[0].id]


def unreachable(made: World) -> dict[str, object]:
    made.session.get(Contact, made.contacts[1].id).removed = True
    made.session.commit()
    return {}


def incomplete(made: World) -> dict[str, object]:
    do(made, drafting.revise, replace(EDITION, headline=""), 1)
    return {}


def foreign(made: World) -> dict[str, object]:
    other = world(made.session, lead="Other Coalition")
    return {"roll": [(other.members[0].id, Role.REQUIRED)]}


@pytest.mark.parametrize(
    ("refusal", "what"),
    [
        (EmptyRule, lambda made: {"roll": [(made.members[0].id, Role.OPTIONAL)]}),
        (EmptyRule, lambda made: {"roll": []}),
        (RuleOutOfReach, lambda made: {"rule": Rule(at_least=4)}),
        (DeadlinePassed, lambda made: {"deadline_at": NOW}),
        (DeadlinePassed, lambda made: {"deadline_at": NOW - DAY}),
        (NoContact, unreachable),
        (FormRefused, incomplete),
        (NotFound, foreign),
        (NotFound, lambda made: {"user_id": world(made.session, lead="Other Coalition").user.id}),
    ],
)
def test_what_cannot_be_asked_leaves_no_trace(session, refusal, what):
    made = world(session)
    changes = what(made)
    before = count(session, Letter), events(session)
    with pytest.raises(refusal):
        ask(made, **changes)
    assert stage_of(made) == "draft"
    assert (count(session, Letter), events(session)) == before
    assert count(session, Circulation) == count(session, Job) == 0


def test_who_cannot_be_written_to_is_named(session):
    made = world(session)
    unreachable(made)
    with pytest.raises(NoContact) as refused:
        ask(made)
    assert refused.value.params == {"organisations": [made.members[1].listed_name]}


def test_an_open_circulation_is_not_opened_again(session):
    made = circulate(world(session))
    with pytest.raises(WrongStage):
        ask(made)
    assert count(session, Circulation) == 1


# A new text -------------------------------------------------------------------------------------


def test_a_new_text_makes_sign_offs_stale_and_asks_everybody_again(session):
    made = circulate(world(session))
    sign(made, 0)
    sign(made, 1)
    new_text(made, OTHER, based_on=1)
    assert made.revision.number == 2
    assert contacts_of(letters(session, "new_text")) == [one.id for one in made.contacts]
    assert [part.id for part in verdict(made).missing] == ["missing.waiting", "missing.stale"]
    # The last missing one signs the new text; the two sign-offs to the old one do not count for it.
    sign(made, 2)
    assert (stage_of(made), count(session, Publication)) == ("circulating", 0)
    sign(made, 0)
    sign(made, 1)
    assert stage_of(made) == "published"
    assert count(session, Answer) == 5


def test_a_revision_alone_is_not_in_force(session):
    made = circulate(world(session, members=2))
    sign(made, 0)
    do(made, drafting.revise, OTHER, 1)
    sign(made, 1)
    (published,) = rows(session, Publication)
    assert json.loads(published.record)["statement"]["revision"] == 1


def test_the_text_in_force_is_not_put_in_force_again(session):
    made = circulate(world(session))
    with pytest.raises(NothingChanged):
        do(made, in_force.put_in_force, 1)
    with pytest.raises(NotFound):
        do(made, in_force.put_in_force, 2)
    assert letters(session, "new_text") == []


def test_an_incomplete_text_is_not_put_in_force(session):
    made = circulate(world(session))
    do(made, drafting.revise, replace(EDITION, body=""), 1)
    with pytest.raises(FormRefused):
        do(made, in_force.put_in_force, 2)
    assert reread(made).revision.number == 1


def test_after_words_came_back_everybody_can_sign_them(session):
    made = circulate(world(session, members=2))
    sign(made, 0)
    new_text(made, OTHER, based_on=1)
    new_text(made, EDITION, based_on=2)
    assert (made.revision.number, verdict(made).missing[-1].id) == (3, "missing.stale")
    sign(made, 1)
    assert stage_of(made) == "circulating"
    sign(made, 0)
    assert stage_of(made) == "published"
    assert [answer.revision_id for answer in rows(session, Answer)][-1] == made.revision.id


def test_an_earlier_text_that_all_have_signed_meanwhile_locks_when_it_comes_back(session):
    made = circulate(world(session, members=2))
    sign(made, 0, listed_name="Lakeside Relief International")
    sign(made, 1)
    new_text(made, OTHER, based_on=1)
    do(made, amending.decide_name, made.signatories[0].id, "Lakeside Relief International", True)
    assert stage_of(made) == "circulating"
    do(made, in_force.put_in_force, 1)
    assert (stage_of(made), count(session, Publication)) == ("published", 1)


def test_a_new_text_by_itself_never_publishes(session):
    made = circulate(world(session, members=2), roles=[Role.OPTIONAL, Role.OPTIONAL], at_least=2)
    sign(made, 0)
    new_text(made, OTHER, based_on=1)
    sign(made, 1)
    new_text(made, EDITION, based_on=2)
    assert (stage_of(made), count(session, Publication)) == ("circulating", 0)


# Ending -----------------------------------------------------------------------------------------


def test_recalled_it_is_a_draft_again_and_asked_again_from_the_start(session):
    made = circulate(world(session, members=2))
    sign(made, 0)
    earlier = made.invitations
    do(made, circulation.recall)
    assert stage_of(made) == "draft"
    assert contacts_of(letters(session, "recalled")) == [one.id for one in made.contacts]
    with pytest.raises(LinkClosed) as refused:
        sign(made, 1)
    assert refused.value.params == {"outcome": "recalled"}
    circulate(made)
    assert made.circulation.number == 2
    assert not {one.id for one in earlier} & {one.id for one in made.invitations}
    assert contacts_of(letters(session, "approval")) == sorted([one.id for one in made.contacts] * 2)
    # What was signed before the recall does not count now.
    sign(made, 1)
    assert stage_of(made) == "circulating"
    sign(made, 0)
    assert stage_of(made) == "published"


def test_links_of_an_earlier_circulation_stay_closed_in_the_next(session):
    made = circulate(world(session, members=2))
    signatories = made.signatories
    do(made, circulation.recall)
    circulate(made)
    made.signatories = signatories
    with pytest.raises(LinkClosed):
        sign(made, 0)
    assert count(session, Answer) == 0


def test_abandoned_while_circulating_everybody_is_told(session):
    made = circulate(world(session))
    do(made, circulation.abandon)
    assert stage_of(made) == "abandoned"
    assert contacts_of(letters(session, "abandoned")) == [one.id for one in made.contacts]
    with pytest.raises(LinkClosed) as refused:
        sign(made, 0)
    assert refused.value.params == {"outcome": "abandoned"}
    for action in (circulation.abandon, circulation.recall):
        with pytest.raises(WrongStage):
            do(made, action)


def test_a_draft_is_abandoned_without_letters(session):
    made = world(session)
    do(made, circulation.abandon)
    assert (stage_of(made), count(session, Letter), events(session)) == ("abandoned", 0, ["revised", "abandoned"])


def test_after_the_publication_nothing_is_amended(session):
    made = circulate(world(session, members=1))
    sign(made, 0)
    before = count(session, Letter), events(session)
    for action, *values in (
        (circulation.abandon,),
        (circulation.recall,),
        (in_force.put_in_force, 1),
        (amending.extend, DEADLINE + DAY, "UTC"),
        (amending.decide_name, made.signatories[0].id, "Lakeside Relief", True),
        (drafting.revise, OTHER, 1),
    ):
        with pytest.raises(WrongStage):
            do(made, action, *values)
    assert (count(session, Letter), events(session)) == before


@pytest.mark.parametrize(
    ("action", "values"),
    [
        (circulation.abandon, ()),
        (circulation.recall, ()),
        (in_force.put_in_force, (2,)),
        (amending.extend, (DEADLINE + DAY, "UTC")),
        (amending.decide_name, (1, "Lakeside Relief", True)),
        (drafting.revise, (OTHER, 1)),
    ],
)
def test_another_lead_finds_nothing(session, action, values):
    made = circulate(world(session))
    stranger = world(session, lead="Other Coalition").user
    before = count(session, Letter), events(session)
    with pytest.raises(NotFound):
        action(session, NOW, stranger.id, made.statement.public_id, *values)
    assert (count(session, Letter), events(session)) == before


def test_a_removed_user_finds_nothing(session):
    made = circulate(world(session))
    from workflow.models.accounts import User

    session.get(User, made.user.id).removed_at = NOW
    session.commit()
    with pytest.raises(NotFound):
        do(made, circulation.recall)


# The deadline -----------------------------------------------------------------------------------


def test_a_late_answer_is_kept_and_counts_once_the_deadline_is_moved(session):
    made = circulate(world(session, members=2))
    sign(made, 0)
    late = DEADLINE + timedelta(hours=1)
    sign(made, 1, now=late)
    assert (stage_of(made), count(session, Answer)) == ("circulating", 2)
    assert [part.id for part in verdict(made).missing] == ["missing.late"]
    do(made, amending.extend, DEADLINE + DAY, "UTC", now=late + timedelta(hours=1))
    assert (stage_of(made), count(session, Publication)) == ("published", 1)
    assert len(letters(session, "extended")) == 2


def test_an_answer_at_the_deadline_is_in_time_and_a_moment_later_is_not(session):
    made = circulate(world(session, members=2))
    sign(made, 0, now=DEADLINE)
    assert [part.id for part in verdict(made).missing] == ["missing.waiting"]
    sign(made, 1, now=DEADLINE + timedelta(microseconds=1))
    assert [part.id for part in verdict(made).missing] == ["missing.late"]


def test_the_deadline_moves_with_its_letters_links_and_job(session):
    made = circulate(world(session))
    do(made, amending.extend, DEADLINE + DAY, "Asia/Beirut")
    reread(made)
    assert (made.circulation.deadline_at, made.circulation.deadline_zone) == (DEADLINE + DAY, "Asia/Beirut")
    assert {one.expires_at for one in made.invitations} == {DEADLINE + DAY + LINK_LIFE_AFTER_DEADLINE}
    assert contacts_of(letters(session, "extended")) == [one.id for one in made.contacts]
    assert {one.run_at for one in rows(session, Job) if one.kind == "deadline"} == {DEADLINE, DEADLINE + DAY}


def test_a_deadline_can_come_back(session):
    made = circulate(world(session))
    for until in (DEADLINE + DAY, DEADLINE, DEADLINE + DAY):
        do(made, amending.extend, until, "UTC")
    assert sorted(job.run_at for job in rows(session, Job) if job.kind == "deadline") == [DEADLINE, DEADLINE + DAY]


def test_a_deadline_is_not_moved_into_the_past_or_nowhere(session):
    made = circulate(world(session))
    with pytest.raises(DeadlinePassed):
        do(made, amending.extend, NOW, "UTC")
    with pytest.raises(NothingChanged):
        do(made, amending.extend, DEADLINE, "Europe/London")
    assert letters(session, "extended") == []


# Names ------------------------------------------------------------------------------------------


def listed(session) -> list[str]:
    """The names of the publication in the order in which they are listed."""
    from tests.actions.acting import disclosed

    (published,) = rows(session, Publication)
    values = disclosed(session)
    return [values[commitment].value["listed_name"] for commitment in json.loads(published.listing)]


def test_a_name_that_is_not_the_registered_one_holds_the_lock_until_accepted(session):
    made = circulate(world(session, members=2))
    sign(made, 0, listed_name="Lakeside Relief International")
    sign(made, 1)
    assert [part.id for part in verdict(made).missing] == ["missing.name"]
    assert stage_of(made) == "circulating"
    do(made, amending.decide_name, made.signatories[0].id, "Lakeside Relief International", True)
    assert stage_of(made) == "published"
    assert listed(session) == ["Hillside Forum", "Lakeside Relief International"]


def test_falling_back_lists_the_registered_name(session):
    made = circulate(world(session, members=2))
    sign(made, 0, listed_name="Lakeside Relief: reopen it now!")
    sign(made, 1)
    do(made, amending.decide_name, made.signatories[0].id, "Lakeside Relief: reopen it now!", False)
    assert stage_of(made) == "published"
    assert listed(session) == ["Hillside Forum", "Lakeside Relief"]
    (told,) = letters(session, "name_decided")
    assert (told.contact_id, told.facts) == (made.contacts[0].id, {"accepted": False})


def test_a_changed_proposal_is_not_accepted_unseen(session):
    made = circulate(world(session, members=1))
    sign(made, 0, listed_name="Lakeside Relief International")
    sign(made, 0, listed_name="Lakeside says no")
    with pytest.raises(NotFound):
        do(made, amending.decide_name, made.signatories[0].id, "Lakeside Relief International", True)
    assert stage_of(made) == "circulating"


def test_an_accepted_name_does_not_carry_over_to_another(session):
    made = circulate(world(session, members=2))
    sign(made, 0, listed_name="Lakeside Relief International")
    do(made, amending.decide_name, made.signatories[0].id, "Lakeside Relief International", True)
    sign(made, 0, listed_name="Lakeside Relief Worldwide")
    sign(made, 1)
    assert [part.id for part in verdict(made).missing] == ["missing.name"]


def test_only_a_signatory_of_this_roll_is_decided_on(session):
    made = circulate(world(session, members=2))
    other = circulate(world(session, members=1, lead="Other Coalition"))
    sign(other, 0, listed_name="Another name")
    with pytest.raises(NotFound):
        do(made, amending.decide_name, other.signatories[0].id, "Another name", True)
    with pytest.raises(NotFound):
        do(made, amending.decide_name, made.signatories[0].id, "", True)


def test_an_objection_is_taken_back_by_taking_back(session):
    made = circulate(world(session, members=2))
    sign(made, 0)
    sign(made, 0, Kind.TAKEN_BACK)
    sign(made, 1)
    assert (stage_of(made), [part.id for part in verdict(made).missing]) == ("circulating", ["missing.waiting"])


def test_who_is_no_longer_to_be_written_to_gets_no_letters(session):
    made = circulate(world(session))
    session.execute(select(1))
    session.get(Contact, made.contacts[0].id).removed = True
    session.get(Invitation, made.invitations[1].id).revoked_at = NOW
    session.commit()
    do(made, amending.extend, DEADLINE + DAY, "UTC")
    new_text(made, OTHER, based_on=1)
    do(made, circulation.recall)
    for kind in ("extended", "new_text", "recalled"):
        assert contacts_of(letters(session, kind)) == [made.contacts[2].id]
