"""Handing over to a colleague: whose link opens, whom the lead sees first, who is told."""

from datetime import timedelta

import pytest

from tests.actions.acting import contacts_of, events, invitation_of, letters, reread, rows, sign, stage_of
from tests.builders import LINKS, NOW, QUOTELESS, circulate, offered, world
from workflow.actions import amending_roll, codes, handing, inviting, signing, standing_in
from workflow.actions import circulation as circulating
from workflow.mail.letters import render
from workflow.mail.outbox import Kind as LetterKind
from workflow.models.circulation import Invitation
from workflow.models.coalition import Contact
from workflow.models.signing import CodeChallenge
from workflow.queries.desk_roll import roll_page
from workflow.queries.posting import Unneeded, letter_view
from workflow.rules.circulation import Role
from workflow.rules.handing import (
    Colleague,
    ColleagueAccepted,
    ColleagueRefused,
    HandedOnAlready,
    LinkHandedOn,
    LinkWaits,
)
from workflow.rules.people import People
from workflow.rules.refusals import (
    CodeSpent,
    CodeWrong,
    FormRefused,
    LinkClosed,
    LinkReplaced,
    LinkRevoked,
    NotFound,
    WrongStage,
)

LATER = NOW + timedelta(hours=1)
HOME = Colleague("Bo Colleague", "bo@valley-coalition.example.com")
WEB = ".".join(("gmail", "com"))
ELSEWHERE = Colleague("Cy Elsewhere", "cy@elsewhere.example.net")


def who(made):
    return made.session, LATER, made.user.id, made.statement.public_id


def hand(made, colleague=HOME, index=0, **how):
    one = invitation_of(made, index)
    return handing.hand_over(made.session, LINKS, LATER, one.id, one.generation, colleague, **how)


def newest(made) -> Invitation:
    return rows(made.session, Invitation)[-1]


def answer_by(made, invitation, index=0):
    return signing.answer(made.session, LINKS, LATER, invitation.id, invitation.generation, offered(made, index))


def words_of(session, letter):
    view = letter_view(session, LINKS, "http://localhost", LATER, letter.id)
    session.rollback()
    return view if isinstance(view, Unneeded) else render(view)


def test_the_colleague_has_a_link_and_the_old_one_opens_nothing(session):
    made = circulate(world(session, edition=QUOTELESS))
    assert hand(made)
    there = newest(made)
    assert (there.signatory_id, there.named_by_id) == (made.signatories[0].id, made.invitations[0].id)
    with pytest.raises(LinkHandedOn):
        sign(made, 0, now=LATER)
    answer_by(made, there)
    sign(made, 1, now=LATER)
    sign(made, 2, now=LATER)
    assert stage_of(made) == "published"
    assert events(session).count("handed over") == 1


def test_lead_and_old_contact_are_told_and_the_colleague_is_asked(session):
    made = circulate(world(session, edition=QUOTELESS))
    hand(made)
    told = letters(session, LetterKind.HANDED_OVER)
    assert contacts_of(told) == [made.contacts[0].id]
    assert [one.user_id for one in told if one.user_id] == [made.user.id]
    (asked,) = [one for one in letters(session, LetterKind.APPROVAL) if one.contact_id not in contacts(made)]
    assert asked.invitation_id == newest(made).id
    for one in told:
        said = words_of(session, one)
        assert "Bo Colleague" in said.subject
        assert "bo@valley-coalition.example.com" in said.text
        assert ("/sign/" in said.text) is False
    assert "Contact 0" in words_of(session, told[1] if told[1].user_id else told[0]).text


def contacts(made):
    return [one.id for one in made.contacts]


def test_another_mail_domain_waits_for_the_lead_and_the_old_link_goes_on(session):
    made = circulate(world(session, edition=QUOTELESS))
    assert not hand(made, ELSEWHERE)
    there = newest(made)
    with pytest.raises(LinkWaits):
        answer_by(made, there)
    assert [one for one in letters(session, LetterKind.APPROVAL) if one.invitation_id == there.id] == []
    with pytest.raises(HandedOnAlready):
        hand(made, Colleague("Di", "di@third.example.net"))
    said = [words_of(session, one) for one in letters(session, LetterKind.HANDED_OVER)]
    assert any("before you accept it on the roll" in one.text for one in said)
    assert any("your own link goes on opening" in one.text and "/sign/" in one.text for one in said)
    sign(made, 0, now=LATER)


def test_the_lead_accepts_and_the_colleague_answers(session):
    made = circulate(world(session, edition=QUOTELESS))
    hand(made, ELSEWHERE)
    there = newest(made)
    handing.decide(*who(made), there.id, accepted=True)
    with pytest.raises(LinkHandedOn):
        sign(made, 0, now=LATER)
    answer_by(made, newest(made))
    assert [one.invitation_id for one in letters(session, LetterKind.APPROVAL)][-1] == there.id
    assert events(session)[-2:] == ["hand-over accepted", "answered"]
    with pytest.raises(ColleagueAccepted):  # decided once
        handing.decide(*who(made), there.id, accepted=False)


def test_the_lead_refuses_and_nothing_of_the_colleague_stays_open(session):
    made = circulate(world(session, edition=QUOTELESS))
    hand(made, ELSEWHERE)
    there = newest(made)
    handing.decide(*who(made), there.id, accepted=False)
    with pytest.raises(LinkRevoked):
        answer_by(made, there)
    (contact,) = [one for one in rows(session, Contact) if one.mail == ELSEWHERE.mail]
    assert contact.removed
    sign(made, 0, now=LATER)
    said = [words_of(session, one) for one in letters(session, LetterKind.HANDED_OVER)]
    assert any("did not accept this address" in one.text for one in said)
    assert [one.subject for one in said if "Until it accepts this one" in one.text] == [
        "Lakeside Relief: Valley Coalition has to accept Cy Elsewhere first"
    ]
    with pytest.raises(ColleagueRefused):  # an old tab
        handing.decide(*who(made), there.id, accepted=True)
    assert [one.revoked_at for one in rows(session, Invitation) if one.id == there.id] != [None]


def test_where_the_lead_does_not_want_to_look_first_it_is_pointed_out_all_the_same(session):
    made = world(session, edition=QUOTELESS)
    circulate(made, people=People(domains_asked=False))
    assert hand(made, ELSEWHERE)
    answer_by(made, newest(made))
    said = [words_of(session, one) for one in letters(session, LetterKind.HANDED_OVER) if one.user_id]
    assert "another mail domain" in said[0].text


def test_the_code_goes_to_the_registered_contact_and_binds_the_colleague(session):
    made = circulate(world(session, edition=QUOTELESS), code=True)
    with pytest.raises(CodeSpent):
        hand(made)
    one = invitation_of(made, 0)
    challenge_id = codes.ask_code_to_hand_over(session, LATER, one.id, one.generation, HOME)
    (coded,) = letters(session, LetterKind.CODE)
    assert coded.contact_id == made.contacts[0].id
    challenge = session.get(CodeChallenge, challenge_id)
    digits = LINKS.code(challenge.id, challenge.digest, challenge.answer_hash)
    with pytest.raises(CodeSpent):
        hand(made, ELSEWHERE, challenge_id=challenge_id, code=digits)
    with pytest.raises(CodeWrong):
        hand(made, challenge_id=challenge_id, code="no code")
    assert hand(made, challenge_id=challenge_id, code=digits)
    with pytest.raises(LinkHandedOn):
        codes.ask_code_to_hand_over(session, LATER, one.id, one.generation, HOME)


def test_a_registered_contact_is_not_registered_twice_and_whom_the_lead_shut_out_waits(session):
    made = world(session, edition=QUOTELESS)
    colleague = Contact(organisation_id=made.members[0].id, name="Eve", mail="Eve@elsewhere.example.net")
    session.add(colleague)
    session.commit()
    eve = colleague.id
    circulate(made)
    assert hand(made, Colleague("E.", "eve@elsewhere.example.net"))
    assert len([one for one in rows(session, Contact) if one.organisation_id == made.members[0].id]) == 2
    (invitation,) = [one for one in rows(session, Invitation) if one.contact_id == eve]
    inviting.invite(*who(made), made.contacts[0].id)  # the lead wants the old one to answer
    sign(made, 0, now=LATER)
    inviting.revoke(*who(made), invitation.id)
    assert not hand(made, Colleague("E.", "eve@elsewhere.example.net"))
    handing.decide(*who(made), invitation.id, accepted=False)
    assert not [one for one in rows(session, Contact) if one.removed]


def test_handed_back_the_first_link_is_a_new_one(session):
    made = circulate(world(session, edition=QUOTELESS))
    first = invitation_of(made, 0)
    hand(made)
    there = newest(made)
    back = Colleague("Contact 0", made.contacts[0].mail)
    handing.hand_over(session, LINKS, LATER, there.id, there.generation, back)
    with pytest.raises(LinkHandedOn):
        answer_by(made, there)
    with pytest.raises(LinkReplaced):
        signing.answer(session, LINKS, LATER, first.id, first.generation, offered(made, 0))
    sign(made, 0, now=LATER)


def test_only_a_living_link_hands_over_and_not_to_oneself(session):
    made = circulate(world(session, edition=QUOTELESS))
    with pytest.raises(FormRefused):
        hand(made, Colleague("Me", made.contacts[0].mail.upper()))
    hand(made, ELSEWHERE)
    waiting = newest(made)
    amending_roll.change_part(*who(made), made.signatories[0].id, None, "They left.")
    with pytest.raises(NotFound):
        handing.decide(*who(made), waiting.id, accepted=True)
    circulating.recall(*who(made))
    with pytest.raises(LinkClosed):
        hand(made, index=1)
    with pytest.raises(WrongStage):
        handing.decide(*who(made), waiting.id, accepted=True)
    assert reread(made).circulation.outcome == "recalled"


def test_before_the_lead_accepts_a_colleague_of_elsewhere_is_asked_nothing_else(session):
    made = circulate(world(session, edition=QUOTELESS))
    hand(made, ELSEWHERE)
    waiting = newest(made)
    with pytest.raises(FormRefused):  # nor does one count among those who have to say the same
        standing_in.need(session, LATER, made.user.id, made.coalition.id, made.members[0].id, 2)
    circulating.recall(*who(made))
    circulate(reread(made), now=LATER)
    assert waiting.contact_id not in contacts_of(letters(session, LetterKind.APPROVAL))
    lines = roll_page(session, made.statement.public_id).lines
    assert ELSEWHERE.mail not in [one.mail for line in lines for one in line.contacts]  # nobody invites one by mistake
    hand(made, ELSEWHERE)
    there = newest(made)
    assert (there.contact_id, there.waits_for_lead) == (waiting.contact_id, True)
    handing.decide(*who(made), there.id, accepted=True)
    circulating.recall(*who(made))
    circulate(reread(made), now=LATER)
    assert contacts_of(letters(session, LetterKind.APPROVAL)).count(waiting.contact_id) == 2


def test_refused_here_a_colleague_who_only_waits_elsewhere_is_no_contact(session):
    made = circulate(world(session, edition=QUOTELESS))
    hand(made, ELSEWHERE)
    circulating.recall(*who(made))
    circulate(reread(made), now=LATER)
    hand(made, ELSEWHERE)
    handing.decide(*who(made), newest(made).id, accepted=False)
    assert [one.mail for one in rows(session, Contact) if one.removed] == [ELSEWHERE.mail]


def test_a_web_mailer_is_nobodys_house(session):
    made = world(session, edition=QUOTELESS)
    session.get_one(Contact, made.contacts[0].id).mail = f"lakeside.relief@{WEB}"
    session.commit()
    circulate(made)
    assert not hand(made, Colleague("Mallory", f"mallory@{WEB}"))
    sign(made, 0, now=LATER)


@pytest.mark.parametrize("act", ["done", "waits", "refused"])
def test_nobody_is_said_to_answer_for_an_observer(session, act):
    made = circulate(world(session, edition=QUOTELESS), roles=[Role.OBSERVER, Role.REQUIRED, Role.REQUIRED])
    hand(made, HOME if act == "done" else ELSEWHERE)
    if act == "refused":
        handing.decide(*who(made), newest(made).id, accepted=False)
    for one in letters(session, LetterKind.HANDED_OVER):
        words = words_of(session, one)
        said = f"{words.subject}\n{words.text}\n{words.html}".replace("by answering this mail", "")
        assert "answer" not in said
        assert "read" in said.lower()
