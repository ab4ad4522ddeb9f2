""" "This was not us": what stops counting, who is told, what the lead's word does, in every stage."""

from datetime import timedelta

import pytest

from tests.actions import acting
from tests.actions.acting import contacts_of, events, letters, reread, rows, stage_of, verdict
from tests.builders import EDITION, LINKS, NOW, QUOTELESS, circulate, offered, world
from tests.prove.invariants import violations
from workflow.actions import circulation as circulating
from workflow.actions import contesting, signing
from workflow.actions.inviting import revoke
from workflow.links import Purpose
from workflow.mail.letters import render
from workflow.mail.outbox import Kind as LetterKind
from workflow.models.circulation import Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.models.contesting import Contest
from workflow.models.posting import Letter
from workflow.models.publication import Publication
from workflow.models.signing import Answer
from workflow.queries.contesting import mail_mark
from workflow.queries.posting import letter_view
from workflow.rules.circulation import Kind, Role, Rule
from workflow.rules.completion import Completion, Ending
from workflow.rules.contesting import AnsweredSince, ContestedAlready, ResolvedAlready
from workflow.rules.refusals import FormRefused, LinkTampered, NotFound

LATER = NOW + timedelta(hours=1)
WAITS = Ending(Completion.PRESS)


def two_contacts(session, **how):
    """Lakeside has a second contact, Zoe; gives the world and her invitation's id."""
    made = world(session, edition=how.pop("edition", QUOTELESS))
    session.add(Contact(organisation_id=made.members[0].id, name="Zoe", mail="zoe@lake.example.org"))
    session.commit()
    circulate(made, **how)
    (zoe,) = [one for one in made.invitations if one.contact_id not in [contact.id for contact in made.contacts]]
    return made, zoe


def contest(made, invitation, answer: int, now=LATER, mark=None):
    mail = made.session.get_one(Contact, invitation.contact_id).mail
    made.session.rollback()
    return contesting.contest(made.session, now, invitation.id, answer, mark or mail_mark(mail)).id


def resolve(made, contest, resolution="stands", reason="They told us on the phone.", now=LATER):
    who = (made.session, now, made.user.id, made.statement.public_id)
    return contesting.resolve(*who, contest, resolution, reason)


def sign_by(made, invitation, index=0, kind=Kind.SIGN_OFF, now=LATER, **changes):
    """The signatory at `index` answers by this invitation."""
    given = offered(made, index, kind, **changes)
    return signing.answer(made.session, LINKS, now, invitation.id, invitation.generation, given).id


def sign(made, index, kind=Kind.SIGN_OFF, **how) -> int:
    """The id of an answer by the first invitation."""
    return acting.sign(made, index, kind, **how).id


def test_every_registered_contact_gets_the_receipt(session):
    made, zoe = two_contacts(session)
    sign(made, 0)
    assert contacts_of(letters(session, LetterKind.RECEIPT)) == sorted([made.contacts[0].id, zoe.contact_id])


def test_a_contested_answer_stops_counting_and_everybody_concerned_is_told(session):
    made, zoe = two_contacts(session)
    given = sign(made, 0)
    contest(made, zoe, given)
    sign(made, 1)
    sign(made, 2)
    assert stage_of(made) == "circulating"
    assert [one.id for one in verdict(made).missing] == ["missing.contested"]
    told = letters(session, LetterKind.CONTESTED)
    assert contacts_of(told) == sorted([made.contacts[0].id, zoe.contact_id])
    assert [one.user_id for one in told if one.user_id] == [made.user.id]
    for one in told:
        said = render(letter_view(session, LINKS, "http://localhost", LATER, one.id))
        session.rollback()
        assert "Zoe" in said.text and "Person 0" in said.text
        assert ("/desk/" in said.text) is (one.user_id is not None)
    assert "answer contested" in events(session)


def test_nobody_answers_around_a_contest(session):
    """Whoever was contested cannot lift it by answering again; nor does anybody else's answer count before the lead."""
    made, zoe = two_contacts(session)
    made_contest = contest(made, zoe, sign(made, 0))
    sign(made, 1)
    sign(made, 2)
    sign(made, 0, now=LATER, listed_name=made.members[0].listed_name, person_name="Somebody else")
    sign_by(made, zoe)
    assert stage_of(made) == "circulating"
    resolve(made, made_contest, "void")
    assert stage_of(made) == "published"


def test_resolved_as_standing_it_counts_again_and_may_complete_the_rule(session):
    made, zoe = two_contacts(session)
    made_contest = contest(made, zoe, sign(made, 0))
    sign(made, 1)
    sign(made, 2)
    resolve(made, made_contest)
    assert stage_of(made) == "published"
    with pytest.raises(ResolvedAlready):
        resolve(made, made_contest)
    told = [one.facts["act"] for one in letters(session, LetterKind.CONTESTED)]
    assert told == ["contested"] * 3 + ["stands"] * 2
    assert violations(session) == []


def test_resolved_as_void_what_was_answered_before_counts_again(session):
    made, zoe = two_contacts(session)
    first = sign(made, 0)
    forged = sign_by(made, zoe, kind=Kind.TAKEN_BACK)
    made_contest = contest(made, made.invitations[0], forged)
    with pytest.raises(FormRefused):
        resolve(made, made_contest, "void", "")
    with pytest.raises(FormRefused):
        resolve(made, made_contest, "perhaps")
    resolve(made, made_contest, "void")
    assert rows(session, Signatory)[0].answer_id == first
    sign(made, 1, now=LATER)
    sign(made, 2, now=LATER)
    assert stage_of(made) == "published"
    assert violations(session) == []


def test_a_void_answer_leaves_nothing_where_there_was_nothing(session):
    made, zoe = two_contacts(session)
    made_contest = contest(made, zoe, sign(made, 0, withheld=True))
    resolve(made, made_contest, "void")
    signatory = rows(session, Signatory)[0]
    assert (signatory.answer_id, signatory.contest_id) == (None, None)
    assert signatory.withheld  # a name is not published because its withholding is contested
    assert [one.id for one in verdict(made).missing] == ["missing.waiting"]


def test_what_was_said_of_quotes_in_the_same_breath_is_void_too(session):
    made, zoe = two_contacts(session, edition=EDITION, roles=[Role.OPTIONAL, Role.REQUIRED, Role.REQUIRED])
    made_contest = contest(made, zoe, sign(made, 0))
    sign(made, 1)
    sign(made, 2)
    assert stage_of(made) == "circulating"
    assert [one.id for one in verdict(made).missing] == ["missing.contested"]
    resolve(made, made_contest, "void")
    assert [one.id for one in verdict(made).missing] == ["missing.quote"]
    assert violations(session) == []


def test_an_objection_that_held_holds_on_while_it_is_contested(session):
    roles = [Role.OPTIONAL, Role.REQUIRED, Role.REQUIRED]
    made, zoe = two_contacts(session, rule=Rule(objections_hold=True), roles=roles)
    made_contest = contest(made, zoe, sign(made, 0, Kind.OBJECTION))
    sign(made, 1)
    sign(made, 2)
    assert stage_of(made) == "circulating"
    resolve(made, made_contest, "void")
    assert stage_of(made) == "published"


def test_between_lock_and_publication_it_unlocks_like_a_withdrawal(session):
    made, zoe = two_contacts(session, ending=WAITS)
    given = sign(made, 0)
    sign(made, 1)
    sign(made, 2)
    assert stage_of(made) == "locked"
    made_contest = contest(made, zoe, given)
    assert stage_of(made) == "circulating"
    assert events(session)[-2:] == ["answer contested", "unlocked"]
    assert letters(session, LetterKind.UNLOCKED)
    resolve(made, made_contest)
    assert stage_of(made) == "locked"
    assert violations(session) == []


def test_a_locked_text_that_does_not_need_it_is_locked_without_it(session):
    roles = [Role.OPTIONAL, Role.REQUIRED, Role.REQUIRED]
    made, zoe = two_contacts(session, ending=WAITS, roles=roles)
    given = sign(made, 0)
    sign(made, 1)
    sign(made, 2)
    made_contest = contest(made, zoe, given)
    assert stage_of(made) == "locked"
    assert rows(session, Signatory)[0].commitment is None
    resolve(made, made_contest)
    assert rows(session, Signatory)[0].commitment is not None
    assert violations(session) == []


def test_after_the_publication_the_lead_is_alarmed_and_the_record_stays(session):
    made, zoe = two_contacts(session)
    given = sign(made, 0)
    sign(made, 1)
    sign(made, 2)
    (before,) = rows(session, Publication)
    made_contest = contest(made, zoe, given)
    assert stage_of(made) == "published"
    assert rows(session, Publication)[0].record == before.record
    (alarm,) = [one for one in letters(session, LetterKind.CONTESTED) if one.user_id]
    assert "published already" in render(letter_view(session, LINKS, "http://localhost", LATER, alarm.id)).text
    session.rollback()
    resolve(made, made_contest, "void")
    assert rows(session, Signatory)[0].answer_id == given
    assert violations(session) == []


def test_only_a_registered_contact_of_the_organisation_and_only_its_newest_answer(session):
    made, zoe = two_contacts(session)
    given = sign(made, 0)
    for invitation, mark in ((made.invitations[2], None), (zoe, mail_mark("old@lake.example.org"))):
        with pytest.raises(LinkTampered):
            contest(made, invitation, given, mark=mark)
    newer = sign(made, 0, Kind.DECLINE, now=LATER)
    with pytest.raises(AnsweredSince):
        contest(made, zoe, given)
    contest(made, zoe, newer)
    with pytest.raises(ContestedAlready):
        contest(made, made.invitations[0], newer)
    assert len(rows(session, Contest)) == 1
    zoe_row = session.get_one(Contact, zoe.contact_id)
    zoe_row.removed = True
    session.commit()
    session.expunge_all()
    with pytest.raises(LinkTampered):
        contest(made, zoe, newer)


def test_what_was_recalled_is_contested_no_more_and_resolved_no_more(session):
    made, zoe = two_contacts(session)
    given = sign(made, 0)
    made_contest = contest(made, zoe, given)
    circulating.recall(session, LATER, made.user.id, made.statement.public_id)
    with pytest.raises(NotFound):
        resolve(made, made_contest)
    with pytest.raises(NotFound):
        contest(made, zoe, given)
    assert reread(made).circulation.outcome == "recalled"
    assert rows(session, Answer) and rows(session, Invitation)


def told(made, act: str) -> dict[int, str]:
    """What the letters about a contest tell contacts, by contact."""
    found = [one for one in letters(made.session, LetterKind.CONTESTED) if one.facts["act"] == act and one.contact_id]
    said = {one.contact_id: letter_view(made.session, LINKS, "http://localhost", LATER, one.id) for one in found}
    words = {contact: render(view) for contact, view in said.items()}
    made.session.rollback()
    return {contact: f"{one.text}\n{one.html}" for contact, one in words.items()}


@pytest.mark.parametrize("resolution", ["void", "stands"])
def test_who_is_told_what_became_of_an_answer_can_act_by_a_link_of_their_own(session, resolution):
    made, zoe = two_contacts(session)
    resolve(made, contest(made, zoe, sign(made, 0)), resolution)
    label = "Read the text and answer" if resolution == "void" else "See what stands for your organisation"
    links = {one: LINKS.make(Purpose.APPROVAL, [one.id, one.generation]) for one in (made.invitations[0], zoe)}
    for one, token in links.items():
        assert f"http://localhost/sign/{token}" in told(made, "contested")[one.contact_id]
        said = told(made, resolution)[one.contact_id]
        assert f"http://localhost/sign/{token}" in said and label in said
    assert not [one for one in rows(session, Letter) for token in links.values() if token in str(one.facts)]


def test_a_link_that_was_shut_stands_in_no_letter_about_a_contest(session):
    made, zoe = two_contacts(session)
    made_contest = contest(made, zoe, sign(made, 0))
    revoke(session, LATER, made.user.id, made.statement.public_id, made.invitations[0].id)
    resolve(made, made_contest, "void")
    found = told(made, "void")
    assert "/sign/" not in found[made.contacts[0].id] and "/sign/" in found[zoe.contact_id]
