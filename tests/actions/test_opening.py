"""Open pages: opened by the lead alone, asked on by anybody, confirmed by mail, erased or contested."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.actions.acting import count, events, letters, new_text, rows, sign, stage_of
from tests.builders import LINKS, NOW, QUOTELESS, circulate, world
from tests.opening import SOON, applied, asks, code_of, newest, opened
from tests.prove.invariants import violations
from workflow.actions import amending_roll, deciding, opening, signing
from workflow.actions import circulation as circulating
from workflow.mail.letters import render
from workflow.mail.outbox import FORGET_APPLICATIONS, SEND_LETTER
from workflow.mail.outbox import Kind as LetterKind
from workflow.models.circulation import Invitation, Signatory
from workflow.models.opening import Application, OpenPage
from workflow.models.posting import Job, Letter
from workflow.queries.circulation import roll
from workflow.queries.opening import open_page
from workflow.queries.posting import Unneeded, letter_view
from workflow.rules.circulation import Kind, Purpose, Role, Rule
from workflow.rules.refusals import (
    CodeSpent,
    CodeWrong,
    FormRefused,
    LinkClosed,
    NotFound,
    NothingToSign,
    TextMoved,
    TooManyTries,
    WrongStage,
)
from workflow.rules.signing import Offered
from workflow.text.content import Quote

URL = "http://localhost"


def who(made, now=SOON):
    return made.session, now, made.user.id, made.statement.public_id


def view(session, letter):
    session.rollback()
    return letter_view(session, LINKS, URL, SOON, letter.id)


def test_a_page_is_off_by_default_and_opened_knowingly(session):
    made = circulate(world(session, edition=QUOTELESS))
    assert count(session, OpenPage) == 0
    with pytest.raises(FormRefused):
        opening.open_it(*who(made), "", understood=False)
    page = opening.open_it(*who(made), "", understood=True)
    assert len(page.key) == 32
    assert len(letters(session, LetterKind.OPENED)) == 3  # everybody on the roll is told who can read now
    assert "page opened" in events(session)


def test_comments_are_not_asked_of_everybody(session):
    made = circulate(world(session, edition=QUOTELESS), rule=Rule(purpose=Purpose.COMMENT))
    with pytest.raises(NothingToSign):
        opening.open_it(*who(made), "", understood=True)


def test_a_draft_has_no_page(session):
    made = world(session, edition=QUOTELESS)
    with pytest.raises(WrongStage):
        opening.open_it(*who(made), "", understood=True)


def test_somebody_elses_statement_is_not_there(session):
    made, _ = opened(session)
    other = world(session, lead="Other Lead")
    for act in (lambda: opening.close_it(session, SOON, other.user.id, made.statement.public_id),):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize("how", ["closed", "recalled", "abandoned", "over", "unknown"])
def test_a_page_that_is_not_open_is_not_there(session, how):
    made, page = opened(session)
    now, key = SOON, page.key
    assert open_page(session, key, now)
    if how == "closed":
        opening.close_it(*who(made))
    elif how == "recalled":
        circulating.recall(*who(made))
    elif how == "abandoned":
        circulating.abandon(*who(made))
    elif how == "over":
        now = NOW + timedelta(days=2, seconds=1)
    else:
        key = "0" * 32
    with pytest.raises(NotFound):
        open_page(session, key, now)
    with pytest.raises(NotFound):
        opening.apply(session, LINKS, now, key, asks(made), "192.0.2.1", "en")
    assert count(session, Application) == 0


def test_opened_again_it_has_another_address(session):
    made, page = opened(session)
    opening.close_it(*who(made))
    again = opening.open_it(*who(made), "", understood=True)
    assert again.key != page.key
    with pytest.raises(NotFound):
        open_page(session, page.key, SOON)


def test_an_application_mails_only_the_address_typed(session):
    made, page = opened(session)
    before = count(session, Letter)
    found = applied(made, page, confirm=False)
    (letter,) = letters(session, LetterKind.APPLY_CONFIRM)
    assert count(session, Letter) == before + 1
    told = view(session, letter)
    assert told.to.mail == "nia@ferrycircle.example.org"
    words = render(told).text
    assert "Ferry Circle" in words
    assert "Seven organisations ask" not in words  # not a word of the text
    assert found.confirmed_at is None


def test_confirming_is_once_and_tells_the_lead_once(session):
    made, page = opened(session)
    first = applied(made, page)
    opening.confirm(session, LINKS, SOON, first.key, code_of(first))
    applied(made, page, "Mill Group")
    assert all(one.confirmed_at == SOON for one in rows(session, Application))
    (told,) = letters(session, LetterKind.APPLIED)
    assert told.user_id == made.user.id
    assert render(view(session, told)).subject


def test_what_was_confirmed_counts_for_nothing_yet(session):
    made, page = opened(session, rule=Rule(at_least=1), members=2)
    applied(made, page)
    assert stage_of(made) == "circulating"


def test_an_application_to_another_text_is_refused(session):
    made, page = opened(session)
    with pytest.raises(TextMoved):
        opening.apply(session, LINKS, SOON, page.key, asks(made, digest="0" * 64), "192.0.2.1", "en")


def test_a_new_text_makes_applications_stale(session):
    made, page = opened(session)
    waiting = applied(made, page)
    asked = applied(made, page, "Mill Group", confirm=False)
    new_text(made, EDITION_TWO, based_on=1, now=SOON)
    with pytest.raises(TextMoved):
        opening.confirm(session, LINKS, SOON, asked.key, code_of(asked))
    (told,) = letters(session, LetterKind.APPLY_STALE)
    assert told.application_id == waiting.id
    assert "changed" in render(view(session, told)).text
    made_again = applied(made, page)
    assert made_again.confirmed_at == SOON


EDITION_TWO = QUOTELESS.__class__(**{**vars(QUOTELESS), "headline": "Another headline altogether"})


def test_after_the_end_nothing_is_confirmed(session):
    made, page = opened(session)
    found = applied(made, page, confirm=False)
    circulating.recall(*who(made))
    with pytest.raises(LinkClosed):
        opening.confirm(session, LINKS, SOON, found.key, code_of(found))
    (letter,) = letters(session, LetterKind.APPLY_CONFIRM)
    assert isinstance(view(session, letter), Unneeded)


def test_not_us_erases_what_nobody_confirmed(session):
    made, page = opened(session)
    found = applied(made, page, confirm=False)
    opening.contest(session, SOON, found.key)
    assert count(session, Application) == 0
    assert letters(session, LetterKind.APPLY_CONFIRM) == []
    with pytest.raises(NotFound):
        opening.confirm(session, LINKS, SOON, found.key, code_of(found))


def test_not_us_stops_what_waits_and_tells_the_lead(session):
    made, page = opened(session)
    found = applied(made, page)
    opening.contest(session, SOON, found.key)
    opening.contest(session, SOON, found.key)
    assert newest(session).contested_at == SOON
    (told,) = letters(session, LetterKind.APPLY_CONTESTED)
    assert "Ferry Circle" in render(view(session, told)).subject


def test_unconfirmed_ones_are_erased_after_three_days(session):
    made, page = opened(session, deadline=NOW + timedelta(days=9))
    applied(made, page, confirm=False)
    kept = applied(made, page, "Mill Group")
    (job,) = [one for one in rows(session, Job) if one.kind == FORGET_APPLICATIONS]
    assert SOON + timedelta(days=3) <= job.run_at <= SOON + timedelta(days=3, hours=1)
    assert opening.forget(session, SOON + timedelta(days=3, seconds=-1), made.circulation.id) == 0
    assert opening.forget(session, job.run_at, made.circulation.id) == 1
    assert [one.id for one in rows(session, Application)] == [kept.id]
    assert len(letters(session, LetterKind.APPLY_CONFIRM)) == 1


def test_no_job_is_left_of_a_letter_that_was_erased(session):
    made, page = opened(session, deadline=NOW + timedelta(days=9))
    applied(made, page, confirm=False)
    opening.forget(session, SOON + timedelta(days=4), made.circulation.id)
    jobs = {one.subject_id for one in rows(session, Job) if one.kind == SEND_LETTER}
    assert jobs == {one.id for one in rows(session, Letter)}
    applied(made, page, "Mill Group")


def test_one_mailbox_gets_three_letters_a_day_whatever_it_is_called(session):
    made, page = opened(session)
    for number in range(9):
        address = "mia@mill.example.org" if number % 2 else f"Mia+{number}@MILL.example.org"
        applied(made, page, f"Group {number}", confirm=False, mail=address, address=f"198.51.100.{number}")
    assert len(letters(session, LetterKind.APPLY_CONFIRM)) == 3
    assert count(session, Application) == 3
    applied(made, page, "Other", address="198.51.100.20")
    assert count(session, Application) == 4


def test_one_client_can_ask_so_often_and_no_more(session):
    made, page = opened(session)
    for number in range(opening.FROM_ONE):
        applied(made, page, f"Group {number}", confirm=False, address=f"2001:db8::{number}")
    with pytest.raises(TooManyTries):
        applied(made, page, "One more", confirm=False, address="2001:db8::ffff")
    applied(made, page, "From elsewhere", confirm=False, address="2001:db8:1::1")


def test_one_page_takes_so_many_in_an_hour(session, monkeypatch):
    monkeypatch.setattr(opening, "ON_ONE_PAGE", 3)
    made, page = opened(session)
    for number in range(3):
        applied(made, page, f"Group {number}", confirm=False, address=f"198.51.100.{number}")
    with pytest.raises(TooManyTries):
        applied(made, page, "One more", confirm=False, address="198.51.100.99")
    applied(made, page, "Later", confirm=False, address="198.51.100.99", now=SOON + timedelta(hours=1, minutes=1))


def test_only_who_reads_the_letter_can_confirm(session):
    made, page = opened(session)
    found = applied(made, page, confirm=False)
    (letter,) = letters(session, LetterKind.APPLY_CONFIRM)
    assert code_of(found) in render(view(session, letter)).text
    assert code_of(found) not in repr(vars(letter))
    wrong = "000000" if code_of(found) != "000000" else "000001"
    for left in (4, 3, 2, 1):
        with pytest.raises(CodeWrong) as refused:
            opening.confirm(session, LINKS, SOON, found.key, wrong)
        assert refused.value.params == {"tries_left": left}
    for typed in (wrong, code_of(found)):
        with pytest.raises(CodeSpent):
            opening.confirm(session, LINKS, SOON, found.key, typed)
    assert newest(session).confirmed_at is None


def accepted(session, **how):
    made, page = opened(session, rule=Rule(), **how)
    found = applied(made, page)
    deciding.accept(*who(made), [found.id])
    return made, found


def test_not_us_of_one_that_is_required_publishes_nothing(session):
    made, found = accepted(session)
    one, place = rows(session, Invitation)[-1], rows(session, Signatory)[-1]
    amending_roll.change_part(*who(made), place.id, Role.REQUIRED, "You must.")
    no = Offered(Kind.OBJECTION, made.revision.digest, text="No.", person_name="Nia", person_role="Chair")
    signing.answer(session, LINKS, SOON, one.id, one.generation, no)
    sign(made, 0)
    sign(made, 1)
    opening.contest(session, SOON, found.key)
    assert stage_of(made) == "circulating"
    kept = roll(session, made.circulation.id)[-1]
    assert (kept.name, kept.role, kept.kind) == ("Ferry Circle", "required", None)
    assert len(letters(session, LetterKind.APPLY_CONTESTED)) == 1
    amending_roll.change_part(*who(made), kept.signatory_id, None, "Not them.")
    assert stage_of(made) == "published"
    assert violations(session) == []


def test_not_us_does_not_vouch_for_a_quote_that_waits(session):
    made, found = accepted(session)
    quote = Quote("Nia Newcomer", "Chair", "Ferry Circle", "We will block the ferry.")
    body = QUOTELESS.body + "\n\n[[quote 1]]"
    new_text(made, replace(QUOTELESS, body=body, quotes=(quote,)), based_on=1, now=SOON)
    sign(made, 0, now=SOON)
    sign(made, 1, now=SOON)
    opening.contest(session, SOON, found.key)
    assert stage_of(made) == "circulating"
    assert list(roll(session, made.circulation.id)[-1].quotes.values()) == ["waiting"]


def test_not_us_keeps_a_rule_that_can_be_met(session):
    made, page = opened(session, rule=Rule(at_least=2, hold_open=True), roles=[Role.OPTIONAL, Role.OPTIONAL])
    found = applied(made, page)
    deciding.accept(*who(made), [found.id])
    amending_roll.change_part(*who(made), made.signatories[0].id, None, "They have no time.")
    opening.contest(session, SOON, found.key)
    assert [one.kind for one in roll(session, made.circulation.id)] == [None, None]
