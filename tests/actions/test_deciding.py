"""Deciding about applications: the same doors as for every sign-off, many at once, undone until the lock."""

import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from tests.actions.acting import count, events, letters, new_text, reread, rows, sign, stage_of, verdict
from tests.builders import EDITION, LINKS, NOW, QUOTELESS, circulate, world
from tests.opening import OPEN, SOON, applied, code_of, newest, opened
from tests.prove.invariants import violations
from workflow.actions import amending_roll, contesting, deadline, deciding, handing, opening, posting, signing
from workflow.actions import circulation as circulating
from workflow.actions import coalition as joining
from workflow.mail.letters import render
from workflow.mail.outbox import Kind as LetterKind
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact, Organisation
from workflow.models.history import Event
from workflow.models.opening import Application
from workflow.models.posting import Job
from workflow.models.publication import Publication
from workflow.models.signing import Answer
from workflow.queries import applications as looking_at
from workflow.queries.circulation import roll, rule_of
from workflow.queries.contesting import mail_mark
from workflow.queries.posting import letter_view
from workflow.rules.circulation import Kind, Role, Rule
from workflow.rules.handing import Colleague
from workflow.rules.quoting import QuoteWord
from workflow.rules.refusals import (
    FormRefused,
    LinkClosed,
    LinkRevoked,
    Message,
    NotFound,
    QuoteWithoutOwner,
    WrongStage,
)
from workflow.rules.signing import Offered
from workflow.text.content import Quote
from workflow.text.digest import quote_digest
from workflow.text.membership import ContactValues, MemberValues

LATER = SOON + timedelta(hours=1)


def who(made, now=LATER):
    return made.session, now, made.user.id, made.statement.public_id


def accept(made, *found, now=LATER):
    return deciding.accept(*who(made, now), [one.id for one in found])


def names(made):
    made.session.rollback()
    return [one.name for one in roll(made.session, made.circulation.id)]


def view(session, letter):
    session.rollback()
    return letter_view(session, LINKS, "http://localhost", LATER, letter.id)


def test_who_is_accepted_is_on_the_roll_with_the_sign_off_it_confirmed(session):
    made, page = opened(session)
    found = applied(made, page)
    result = accept(made, found)
    assert (result.done, result.left) == (1, 0)
    place = roll(session, made.circulation.id)[-1]
    assert (place.name, place.role, place.kind) == ("Ferry Circle", "optional", "sign-off")
    (given,) = rows(session, Answer)
    assert given.answered_at == SOON  # as it was confirmed, not as it was accepted
    assert given.person_name == "Nia Newcomer"
    assert violations(session) == []
    (receipt,) = letters(session, LetterKind.RECEIPT)
    told = view(session, receipt)
    assert told.to.mail == found.mail
    assert told.given.digest == made.revision.digest
    assert told.given.chain_head == given.event_hash
    assert told.link
    assert letters(session, LetterKind.ROLL_CHANGED) == []  # fifty newcomers are no fifty letters to everybody


def test_the_event_says_by_which_door_and_holds_no_name(session):
    made, page = opened(session)
    accept(made, applied(made, page))
    (noted,) = [one for one in rows(session, Event) if one.kind == "answered"]
    facts = json.loads(noted.body)["facts"]
    assert facts["by"] == "open page"
    assert "Ferry" not in noted.body
    assert "applications accepted" in events(session)


def test_the_one_that_completes_the_rule_locks(session):
    made, page = opened(session, rule=Rule(at_least=2), roles=[Role.OPTIONAL, Role.OPTIONAL])
    sign(made, 0)
    accept(made, applied(made, page))
    assert stage_of(made) == "published"
    (published,) = rows(session, Publication)
    assert len(json.loads(published.listing)) == 2
    assert violations(session) == []


def test_at_the_deadline_all_of_them_are_listed(session):
    made, page = opened(session)
    accept(made, applied(made, page), applied(made, page, "Mill Group"))
    sign(made, 0)
    sign(made, 1)
    assert stage_of(made) == "circulating"
    deadline.reached(session, NOW + timedelta(days=2), made.circulation.id)
    assert stage_of(made) == "published"
    (published,) = rows(session, Publication)
    assert len(json.loads(published.listing)) == 4


@contextmanager
def statements(session):
    """What is sent to the database meanwhile."""
    seen = []

    def note(*call):
        seen.append(call[2])

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)


def test_many_at_once_are_looked_at_like_few(session):
    made, page = opened(session)
    few = [applied(made, page, f"Group {number}", address=f"198.51.100.{number}") for number in range(2)]
    many = [applied(made, page, f"Circle {number}", address=f"203.0.113.{number}") for number in range(20)]
    with statements(session) as first:
        accept(made, *few)
    with statements(session) as second:
        assert accept(made, *many).done == 20
    looked = [[one for one in seen if not one.startswith("INSERT")] for seen in (first, second)]
    assert len(looked[1]) <= len(looked[0]) + 1  # SQLite takes rows that tell their numbers one by one
    assert count(session, Answer) == 22


def test_a_person_is_listed_among_people_with_a_count_of_their_own(session):
    made, page = opened(session, rule=Rule())
    person = applied(made, page, "Pia Person", individual=True, person_role="")
    assert accept(made, person).done == 1
    sign(made, 0, now=LATER)
    sign(made, 1, now=LATER)
    (published,) = rows(session, Publication)
    assert len(json.loads(published.record)["signatories"]) == 3
    of_person = [one.commitment for one in rows(session, Signatory) if one.name == "Pia Person"]
    assert json.loads(published.manner)["individuals"] == of_person


def test_stale_and_undecided_ones_are_left(session):
    made, page = opened(session)
    unconfirmed = applied(made, page, "Mill Group", confirm=False)
    stale = applied(made, page, "Old Circle")
    new_text(made, QUOTELESS.__class__(**{**vars(QUOTELESS), "label": "Statement"}), based_on=1, now=LATER)
    result = accept(made, unconfirmed, stale)
    assert (result.done, result.left) == (0, 2)
    assert len(names(made)) == 2
    assert count(session, Answer) == 0


def test_a_name_stands_once_on_the_roll(session):
    made, page = opened(session)
    twice = [applied(made, page), applied(made, page, mail="other@elsewhere.example.org")]
    invited = applied(made, page, "Lakeside Relief")
    result = accept(made, *twice, invited)
    assert (result.done, result.left) == (1, 2)
    assert names(made) == ["Lakeside Relief", "Hillside Forum", "Ferry Circle"]


def test_a_kept_organisation_is_taken_and_not_made_twice(session):
    made, page = opened(session)
    session.add(Organisation(kept_by_id=made.user.organisation_id, name="Ferry Circle", listed_name="Ferry Circle"))
    session.commit()
    before = count(session, Organisation)
    accept(made, applied(made, page))
    assert count(session, Organisation) == before
    assert names(made)[-1] == "Ferry Circle"


def test_refused_with_a_reason_that_is_told(session):
    made, page = opened(session)
    found = applied(made, page)
    with pytest.raises(FormRefused):
        deciding.refuse(*who(made), [found.id], "")
    assert deciding.refuse(*who(made), [found.id], "Only groups of the valley.").done == 1
    (letter,) = letters(session, LetterKind.APPLY_REFUSED)
    assert "Only groups of the valley." in render(view(session, letter)).text
    assert accept(made, found).done == 0
    assert len(names(made)) == 2


def test_undone_it_waits_again_and_its_link_is_dead(session):
    made, page = opened(session)
    found = applied(made, page)
    accept(made, found)
    (invitation,) = [one for one in rows(session, Invitation) if one.signatory_id == newest(session).signatory_id]
    assert deciding.undo(*who(made), [found.id]).done == 1
    assert len(names(made)) == 2
    assert newest(session).decision is None
    taken_back = Offered(Kind.TAKEN_BACK, made.revision.digest, person_name="Nia", person_role="Chair")
    with pytest.raises(LinkRevoked):
        signing.answer(session, LINKS, LATER, invitation.id, 1, taken_back)
    (told,) = letters(session, LetterKind.DROPPED)
    assert render(view(session, told)).text
    assert accept(made, found, now=LATER + timedelta(minutes=1)).done == 1
    assert names(made)[-1] == "Ferry Circle"
    assert count(session, Signatory) == 4  # its former place stays as history
    assert violations(session) == []


def test_a_refusal_is_undone_too(session):
    made, page = opened(session)
    found = applied(made, page)
    deciding.refuse(*who(made), [found.id], "Too far away.")
    assert deciding.undo(*who(made), [found.id]).done == 1
    assert accept(made, found).done == 1


def test_a_refusal_that_is_undone_in_time_is_never_mailed_and_else_taken_back(session):
    made, page = opened(session)
    found = applied(made, page)
    deciding.refuse(*who(made), [found.id], "Too far away.")
    (waiting,) = letters(session, LetterKind.APPLY_REFUSED)
    (job,) = [one for one in rows(session, Job) if (one.kind, one.subject_id) == ("send-letter", waiting.id)]
    assert job.run_at == LATER + deciding.REFUSALS_WAIT
    deciding.undo(*who(made), [found.id])
    assert letters(session, LetterKind.APPLY_REFUSED)[0].dropped_at is not None
    assert letters(session, LetterKind.APPLY_REOPENED) == []
    deciding.refuse(*who(made), [found.id], "Too small.")
    sent(session, LetterKind.APPLY_REFUSED)
    deciding.undo(*who(made), [found.id])
    (told,) = letters(session, LetterKind.APPLY_REOPENED)
    assert "That was taken back" in render(view(session, told)).text
    sent(session, LetterKind.APPLY_REOPENED)
    deciding.refuse(*who(made), [found.id], "Too far away after all.")
    deciding.undo(*who(made), [found.id])
    assert len(letters(session, LetterKind.APPLY_REOPENED)) == 1  # nobody is told of what nobody was told


def test_a_refusal_that_is_being_mailed_just_now_counts_as_told(session):
    made, page = opened(session)
    found = applied(made, page)
    deciding.refuse(*who(made), [found.id], "Too far away.")
    posting.claim(session, LATER + deciding.REFUSALS_WAIT, "worker", 100, ["send-letter"])
    deciding.undo(*who(made), [found.id])
    assert len(letters(session, LetterKind.APPLY_REOPENED)) == 1


def test_a_refusal_that_is_undone_while_it_is_mailed_may_fail_for_good(session):
    made, page = opened(session)
    found = applied(made, page)
    deciding.refuse(*who(made), [found.id], "Too far away.")
    at = LATER + deciding.REFUSALS_WAIT
    claimed = posting.claim(session, at, "worker", 100, ["send-letter"])
    deciding.undo(*who(made), [found.id])
    (letter,) = letters(session, LetterKind.APPLY_REFUSED)
    (job,) = [one for one in claimed if one.subject_id == letter.id]
    assert posting.mark_failed(session, at, job.job_id, "worker", letter.id, "550 nobody here", permanent=True)
    (letter,) = letters(session, LetterKind.APPLY_REFUSED)
    assert letter.dropped_at is not None and letter.failed_at is None


def sent(session, kind):
    newest_ = letters(session, kind)[-1]
    (job,) = [one for one in rows(session, Job) if (one.kind, one.subject_id) == ("send-letter", newest_.id)]
    posting.mark_sent(session, LATER, job.id, newest_.id)


@pytest.mark.parametrize(("rule", "words"), [(OPEN, "No longer on the roll"), (Rule(at_least=3), "Still on the roll")])
def test_whom_the_lead_asked_is_told_when_somebody_says_that_it_was_not_them(session, rule, words):
    made, page = opened(session, rule=rule if rule is OPEN else Rule())
    found, other = applied(made, page), applied(made, page, "Mill Group")
    accept(made, found, other)
    if rule is not OPEN:
        session.execute(update(Circulation).values(at_least=4))
        session.commit()
    opening.contest(session, LATER, found.key)
    told = letters(session, LetterKind.ROLL_CHANGED)
    assert sorted(one.contact_id for one in told) == sorted(one.id for one in made.contacts)
    assert f"{words}: Ferry Circle" in render(view(session, told[0])).text


def test_nothing_is_decided_after_the_lock(session):
    made, page = opened(session, rule=Rule())
    found, other = applied(made, page), applied(made, page, "Mill Group")
    accept(made, found)
    sign(made, 0)
    sign(made, 1)
    assert stage_of(made) == "published"
    for act in (
        lambda: accept(made, other),
        lambda: deciding.undo(*who(made), [found.id]),
        lambda: deciding.refuse(*who(made), [other.id], "Too late."),
    ):
        with pytest.raises(WrongStage):
            act()
    with pytest.raises(LinkClosed):  # its own link takes it back then
        opening.contest(session, LATER, found.key)


def test_not_us_takes_what_was_accepted_off_the_roll(session):
    made, page = opened(session)
    found = applied(made, page)
    accept(made, found)
    opening.contest(session, LATER, found.key)
    assert len(names(made)) == 2
    assert not verdict(made).complete
    assert "application contested" in events(session)
    assert deciding.undo(*who(made), [found.id]).done == 0
    assert accept(made, found).done == 0
    assert violations(session) == []


def test_a_new_text_makes_accepted_ones_stale_like_every_sign_off(session):
    made, page = opened(session)
    accept(made, applied(made, page))
    new_text(made, QUOTELESS.__class__(**{**vars(QUOTELESS), "label": "Statement"}), based_on=1, now=LATER)
    place = roll(session, made.circulation.id)[-1]
    assert place.standing(made.circulation).stale
    asked = letters(session, LetterKind.NEW_TEXT)
    contact_ids = {one.id for one in rows(session, Contact) if one.name == "Nia Newcomer"}
    assert contact_ids <= {one.contact_id for one in asked}


def test_confirmed_after_the_deadline_it_is_late(session):
    made, page = opened(session)
    found = applied(made, page, confirm=False)
    late = NOW + timedelta(days=2, minutes=1)
    opening.confirm(session, LINKS, late, found.key, code_of(found))
    accept(made, newest(session), now=late)
    place = roll(session, made.circulation.id)[-1]
    assert place.standing(reread(made).circulation).late


def test_another_leads_applications_are_not_there(session):
    made, page = opened(session)
    found = applied(made, page)
    other = world(session, lead="Other Lead")
    for act in (
        lambda: deciding.accept(session, LATER, other.user.id, made.statement.public_id, [found.id]),
        lambda: deciding.accept(*who(made), [found.id + 999]),
    ):
        with pytest.raises(NotFound):
            act()
    assert newest(session).decision is None
    assert count(session, Application) == 1


def test_recalled_and_asked_again_there_is_no_page_and_nothing_waits(session):
    made, page = opened(session)
    accept(made, applied(made, page))
    circulating.recall(*who(made))
    circulate(made)
    assert len(names(made)) == 2
    with pytest.raises(NotFound):
        opening.close_it(*who(made))


def test_a_stranger_gets_no_links_of_a_member_by_taking_its_name(session):
    made, page = opened(session, members=3, roles=[Role.REQUIRED, Role.REQUIRED, Role.OPTIONAL])
    amending_roll.change_part(*who(made), made.signatories[2].id, None, "They have no time.")
    stranger = applied(made, page, "Harbour Aid", mail="stranger@elsewhere.example.net")
    result = accept(made, stranger)
    assert (result.done, result.left) == (0, 1)
    assert len(names(made)) == 2
    mails = {one.mail for one in rows(session, Contact)}
    assert "stranger@elsewhere.example.net" not in mails
    own = applied(made, page, "Harbour Aid", mail=made.contacts[2].mail)
    assert accept(made, own).done == 1
    assert len(rows(session, Contact)) == 3


def test_nobody_signs_under_the_name_of_the_lead(session):
    made, page = opened(session)
    assert accept(made, applied(made, page, "Valley Coalition")).done == 0


def quoted(session):
    """A text that quotes Ferry Circle, for which the lead vouched because nobody on the roll is called so."""
    quote = Quote("Fay Example", "Chair", "Ferry Circle", "We row whoever must cross.")
    edition = replace(EDITION, quotes=(quote,))
    made = circulate(world(session, members=2, edition=edition), rule=Rule(hold_open=True))
    page = opening.open_it(session, NOW, made.user.id, made.statement.public_id, "", understood=True)
    session.expunge_all()
    session.rollback()
    return made, page, quote_digest(quote)


def test_who_is_quoted_and_joins_is_asked_for_its_quote(session):
    made, page, digest = quoted(session)
    found = applied(made, page)
    accept(made, found)
    place = roll(session, made.circulation.id)[-1]
    assert place.quotes == {digest: QuoteWord.WAITING}
    assert "missing.quote" in {one.id for one in verdict(made).missing}
    deciding.undo(*who(made), [found.id])
    assert "missing.quote" not in {one.id for one in verdict(made).missing}
    accept(made, found)
    opening.contest(session, LATER, found.key)
    assert "missing.quote" not in {one.id for one in verdict(made).missing}


def test_undoing_leaves_no_quote_unapproved_that_nobody_vouched_for(session):
    made, page, _ = quoted(session)
    found = applied(made, page)
    accept(made, found)
    another = Quote("Fay Example", "Chair", "Ferry Circle", "We row all night.")
    new_text(made, replace(EDITION, quotes=(another,)), based_on=1, now=LATER)
    with pytest.raises(QuoteWithoutOwner):
        deciding.undo(*who(made), [found.id])
    assert names(made)[-1] == "Ferry Circle"


def joined(made, name, mail, listed_name=""):
    """A member that is not on the roll yet."""
    values = MemberValues(name, listed_name=listed_name or name)
    return joining.add_member(made.session, LATER, made.user.id, made.coalition.id, values, ContactValues("Real", mail))


def by_newest_link(made, kind, **changes):
    one = rows(made.session, Invitation)[-1]
    said = Offered(kind, made.revision.digest, person_name="Nia", person_role="Chair", **changes)
    return one, signing.answer(made.session, LINKS, LATER, one.id, one.generation, said)


def test_an_application_does_not_go_over_what_was_said_since(session):
    made, page = opened(session)
    found = applied(made, page)
    accept(made, found)
    by_newest_link(made, Kind.OBJECTION, text="Not this.")
    deciding.undo(*who(made), [found.id])
    assert accept(made, found).done == 0
    (line,) = looking_at.applications_page(session, made.statement.public_id, looking_at.Show.WAITING, "", 1).lines
    assert line.spoken
    session.rollback()
    (line,) = looking_at.applications_page(session, made.statement.public_id, looking_at.Show.STRIKING, "", 1).lines
    assert line.made.id == found.id


def test_nor_over_what_the_lead_has_said_to_be_void(session):
    made, page = opened(session)
    found = applied(made, page)
    accept(made, found)
    one, given = rows(session, Invitation)[-1], rows(session, Answer)[-1]
    said = contesting.contest(session, LATER, one.id, given.id, mail_mark(found.mail)).id
    contesting.resolve(*who(made), said, "void", "Not them.")
    deciding.undo(*who(made), [found.id])
    assert accept(made, found).done == 0


def test_nor_over_a_decline_of_a_member_that_was_dropped(session):
    made, page = opened(session, members=3, roles=[Role.REQUIRED, Role.REQUIRED, Role.OPTIONAL])
    found = applied(made, page, made.members[2].name, mail=made.contacts[2].mail)
    sign(made, 2, Kind.DECLINE, now=LATER)
    amending_roll.change_part(*who(made), made.signatories[2].id, None, "Declined.")
    assert accept(made, found).done == 0
    again = applied(made, page, made.members[2].name, mail=made.contacts[2].mail, now=LATER + timedelta(minutes=1))
    assert accept(made, again, now=LATER + timedelta(minutes=2)).done == 1


def test_of_a_member_that_has_to_say_it_twice_one_has_spoken(session):
    made = world(session, members=3, edition=QUOTELESS)
    session.add(Contact(organisation_id=made.members[0].id, name="Zoe", mail="zoe@valley.example.org"))
    session.get_one(Organisation, made.members[0].id).needed = 2
    session.commit()
    made.members, rest = made.members[1:], made.members[0]
    circulate(made, rule=Rule(hold_open=True))
    page = opening.open_it(*who(made, NOW), "", understood=True)
    session.expunge_all()
    session.rollback()
    assert accept(made, applied(made, page, rest.name, mail=made.contacts[0].mail)).done == 1
    place = rows(session, Signatory)[-1]
    assert (place.needed, place.voices) == (2, 1)
    assert not roll(session, made.circulation.id)[-1].standing(made.circulation).signed


def test_who_is_addressed_does_not_sign(session):
    edition = replace(QUOTELESS, addressees=("The Valley Council",))
    made = circulate(world(session, members=2, edition=edition), rule=Rule(hold_open=True))
    page = opening.open_it(*who(made, NOW), "", understood=True)
    session.expunge_all()
    session.rollback()
    assert accept(made, applied(made, page, "Valley Council")).done == 0
    assert looking_at.applications_page(session, made.statement.public_id, looking_at.Show.CLEAR, "", 1).lines == []


def test_a_stranger_is_no_contact_of_whom_the_lead_knows(session):
    made, page = opened(session)
    old = Organisation(kept_by_id=made.user.organisation_id, name="Old Friends", listed_name="Old Friends")
    session.add(old)
    session.flush()
    session.add(Contact(organisation_id=old.id, name="Old", mail="old@friends.example.org"))
    session.commit()
    assert accept(made, applied(made, page, "Old Friends", mail="stranger@mail.example.net")).done == 0
    assert accept(made, applied(made, page, "Old Friends", mail="old@friends.example.org")).done == 1


@pytest.mark.parametrize("how", ["undone", "not us"])
def test_a_stranger_is_forgotten_with_its_place(session, how):
    made, page = opened(session)
    found = applied(made, page, "Big Forum", mail="stranger@mail.example.net")
    accept(made, found)
    if how == "undone":
        deciding.undo(*who(made), [found.id])
    else:
        opening.contest(session, LATER, found.key)
    amending_roll.add(*who(made), joined(made, "Big Forum", "real@bigforum.example.org"), Role.REQUIRED)
    mails = {one.id: one.mail for one in rows(session, Contact)}
    asked = [mails[one.contact_id] for one in letters(session, LetterKind.APPROVAL)]
    assert "real@bigforum.example.org" in asked
    assert "stranger@mail.example.net" not in asked
    sign(made, 0)
    sign(made, 1)
    deadline.reached(session, NOW + timedelta(days=2), made.circulation.id)
    assert stage_of(made) == "circulating", "the stranger's sign-off was taken for the member's"


def test_a_stranger_does_not_take_the_name_a_member_is_listed_under(session):
    made, page = opened(session)
    joined(made, "Association of Valley Bakers", "real@bakers.example.org", "Valley Bakers")
    assert accept(made, applied(made, page, "Valley Bakers", mail="m@mail.example.net")).done == 0
    (line,) = looking_at.applications_page(session, made.statement.public_id, looking_at.Show.STRIKING, "", 1).lines
    assert line.kept


def test_accepted_again_its_link_opens_although_it_had_handed_over(session):
    made, page = opened(session)
    found = applied(made, page)
    accept(made, found)
    one = rows(session, Invitation)[-1]
    handing.hand_over(session, LINKS, LATER, one.id, one.generation, Colleague("Bo", "bo@ferrycircle.example.org"))
    deciding.undo(*who(made), [found.id])
    accept(made, found)
    by_newest_link(made, Kind.TAKEN_BACK)


@pytest.mark.parametrize(("individual", "stage"), [(True, "circulating"), (False, "published")])
def test_people_do_not_make_up_a_number_of_organisations(session, individual, stage):
    made, page = opened(session, rule=Rule(at_least=2), members=3, roles=[Role.OPTIONAL] * 3)
    role = {} if not individual else {"person_role": ""}
    asked = [applied(made, page, name, individual=individual, **role).id for name in ("Pia Person", "Jo Other")]
    deciding.accept(session, SOON, made.user.id, made.statement.public_id, asked)
    assert stage_of(made) == stage
    if individual:
        (rule, *_rest) = rule_of(reread(made).circulation, roll(session, made.circulation.id)).params["parts"]
        assert rule == Message("rule.number", {"at_least": 2, "of": 3})
        assert [one.id for one in verdict(made).missing] == ["missing.number"]
        assert verdict(made).missing[0].params["signed"] == 0
