"""Open pages: opened and closed by the lead; what is asked for there is kept, confirmed, contested, forgotten.

Each public function is one transaction; limits are counted in one of their own before it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from workflow.actions.closing import settle
from workflow.actions.publishing import tell_applicants, tell_lead
from workflow.actions.seating import anew, leave, share_quotes, vouched
from workflow.actions.seating import forget as forget_people
from workflow.db import transaction
from workflow.links import CONFIRMING, Links
from workflow.mail import outbox
from workflow.models.circulation import Circulation, Signatory
from workflow.models.counting import count_one, forget_old, minutes_until, origin
from workflow.models.drafting import Statement
from workflow.models.opening import Application, OpenPage, new_key
from workflow.models.posting import Job, Letter
from workflow.queries import opening as looking
from workflow.queries.amending_roll import invitations_of
from workflow.queries.circulation import open_for, roll, writable_invitations
from workflow.queries.deciding import asked_by_lead
from workflow.queries.drafting import take_statement, take_statement_by_id
from workflow.rules.amending import Change, check_left
from workflow.rules.circulation import Purpose, Role
from workflow.rules.lifecycle import Move
from workflow.rules.opening import CONFIRM_WITHIN, Asks, Standing, check_asks, check_opening
from workflow.rules.refusals import LinkClosed, NotFound, Refusal, TextMoved, TooManyTries
from workflow.text.collation import lookalikes
from workflow.text.mailboxes import mail_key
from workflow.text.nearly import name_key

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# How many applications one client may make in an hour, one page may take, and how many letters go to one mailbox.
FROM_ONE, ON_ONE_PAGE, TO_ONE_MAILBOX = 20, 2000, 3


def open_it(
    session: Session, now: datetime, user_id: int, public_id: str, criteria: str, *, understood: bool
) -> OpenPage:
    """Show the text in force to everybody who will have the address, and let them ask to sign. The roll is told.

    Raises FormRefused unless the lead has `understood` who can read it then, NothingToSign, WrongStage.
    """
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = open_for(session, statement, Move.AMEND_ASKING)
        check_opening(Purpose(circulation.purpose), understood=understood)
        page = looking.open_page_of(session, circulation.id)
        if page is not None and page.closed_at is None:
            page.criteria = criteria
            return page
        if page is None:
            page = OpenPage(circulation_id=circulation.id)
            session.add(page)
        page.key, page.criteria, page.closed_at = new_key(), criteria, None
        page.opened_at, page.opened_by_id = now, user_id
        facts = {"circulation": circulation.number, "revision": circulation.revision.number}
        statement.record("page opened", now, facts)
        told = writable_invitations(session, circulation.id)
        outbox.put_to(session, now, statement, told, outbox.Kind.OPENED)
    return page


def close_it(session: Session, now: datetime, user_id: int, public_id: str) -> None:
    """From now on the address answers as an unknown one. Raises NotFound where no page is open."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = open_for(session, statement, Move.AMEND_ASKING)
        page = looking.open_page_of(session, circulation.id)
        if page is None or page.closed_at is not None:
            raise NotFound
        page.closed_at = now
        statement.record("page closed", now, {"circulation": circulation.number})
        tell_applicants(session, statement, circulation, "closed", now)


def apply(session: Session, links: Links, now: datetime, key: str, asks: Asks, address: str, language: str) -> None:
    """Keep an application and mail the link that confirms it, to nobody but the address that was typed.

    Raises NotFound, TooManyTries, FormRefused, TextMoved. A mailbox that was written to often enough gets nothing
    more, and nothing tells who asked.
    """
    page = looking.open_page(session, key, now)
    check_asks(asks)
    _count(session, links, now, page.id, address)
    with transaction(session):
        statement = take_statement_by_id(session, page.circulation.statement_id)
        circulation = looking.open_page(session, key, now).circulation
        if asks.digest != circulation.revision.digest:
            raise TextMoved(shown=asks.digest, current=circulation.revision.digest)
        fingerprint = links.fingerprint(f"apply/to/{mail_key(asks.mail)}")
        if count_one(session, fingerprint, now, now + DAY)[0] > TO_ONE_MAILBOX:
            return
        made = _kept(circulation, asks, now, language)
        session.add(made)
        session.flush()
        letter = outbox.Draft(outbox.Kind.APPLY_CONFIRM, application_id=made.id, statement_id=statement.id)
        outbox.put(session, now, [letter])
        full_hour = (now + CONFIRM_WITHIN).replace(minute=0, second=0, microsecond=0) + HOUR
        outbox.await_instant(session, outbox.FORGET_APPLICATIONS, circulation.id, full_hour)


def _count(session: Session, links: Links, now: datetime, page_id: int, address: str) -> None:
    """Raises TooManyTries. Who is stopped by its own limit cannot use up that of the page."""
    limits = ((f"apply/from/{origin(address)}", FROM_ONE), (f"apply/on/{page_id}", ON_ONE_PAGE))
    over: datetime | None = None
    with transaction(session):
        for name, most in limits:
            count, ends = count_one(session, links.fingerprint(name), now, now + HOUR)
            if count > most:
                over = ends
                break
        forget_old(session, now)
    if over is not None:
        raise TooManyTries(minutes=minutes_until(over, now))


def _kept(circulation: Circulation, asks: Asks, now: datetime, language: str) -> Application:
    words = "\n".join((asks.name, asks.person_name, asks.mail, asks.country)).casefold()
    return Application(
        circulation_id=circulation.id,
        revision_id=circulation.revision_id,
        individual=bool(asks.individual),
        name=asks.name,
        country=asks.country,
        person_name=asks.person_name or asks.name,
        person_role=asks.person_role,
        mail=asks.mail,
        language=language,
        name_key=name_key(asks.name),
        mail_key=mail_key(asks.mail),
        imitates=lookalikes(asks.name),
        words=words,
        made_at=now,
    )


def confirm(session: Session, links: Links, now: datetime, key: str, code: str) -> None:
    """The holder of the mailbox confirms an application: from now on it waits for the lead. Twice is once.

    The digits stand in the letter beside the link, so that nothing that only follows links can confirm. Raises
    NotFound, LinkClosed once the circulation has ended, TextMoved where another text is in force, CodeWrong, CodeSpent.
    """
    wrong: Refusal | None = None
    with transaction(session):
        statement = take_statement_by_id(session, looking.statement_of_application(session, key))
        made = looking.application_by_key(session, key)
        circulation = made.circulation
        if circulation.outcome is not None:
            raise LinkClosed(outcome=circulation.outcome)
        if made.confirmed_at is not None:
            return
        if made.revision_id != circulation.revision_id:
            raise TextMoved(shown=made.revision.digest, current=circulation.revision.digest)
        wrong = made.confirm(links.code_fits(code, CONFIRMING, made.key), now)
        if wrong is None and circulation.opened_by_id is not None:
            told = outbox.Draft(outbox.Kind.APPLIED, user_id=circulation.opened_by_id, statement_id=statement.id)
            outbox.put_gathered(session, now, replace(told, subject_id=circulation.id))
    if wrong is not None:  # raised only now: the try that failed is counted and committed
        raise wrong


def contest(session: Session, now: datetime, key: str) -> None:
    """ "This was not us": what nobody confirmed is erased; what was accepted is off the roll, and the lead is told.

    Raises NotFound, and LinkClosed where it was accepted and the text is final: then its own link takes it back.
    """
    with transaction(session):
        statement = take_statement_by_id(session, looking.statement_of_application(session, key))
        made = looking.application_by_key(session, key)
        circulation = made.circulation
        standing = made.standing(circulation.revision_id)
        if standing is Standing.UNCONFIRMED:
            _erase(session, [made.id])
            return
        if standing is Standing.CONTESTED:
            return
        if standing is Standing.ACCEPTED and circulation.outcome is not None:
            raise LinkClosed(outcome=circulation.outcome)
        made.contested_at = now
        if standing is Standing.ACCEPTED:
            _off_the_roll(session, statement, circulation, made, now)
        facts: dict[str, object] = {"organisation": made.name}
        tell_lead(session, statement, circulation, outbox.Kind.APPLY_CONTESTED, facts, now)
        if standing is Standing.ACCEPTED:
            settle(session, statement, circulation, now)


def _off_the_roll(
    session: Session, statement: Statement, circulation: Circulation, made: Application, now: datetime
) -> None:
    """Nothing that was said on its place counts. Where the others need the place, it is kept, empty."""
    signatory = session.get_one(Signatory, made.signatory_id) if made.signatory_id is not None else None
    if signatory is None or signatory.dropped_at is not None:
        return
    leave(session, [signatory], invitations_of(session, signatory.id), now)
    kept = _needed(session, statement, circulation, signatory)
    if kept:
        anew(session, signatory)
    else:
        forget_people(session, circulation.id, [signatory.id])
    named = statement.disclose({"organisation": signatory.name})
    facts = {"circulation": circulation.number, "signatory": named, "place_kept": kept}
    statement.record("application contested", now, facts)
    session.flush()
    told: dict[str, object] = {
        "signatory": signatory.id,
        "change": (Change.EMPTIED if kept else Change.NOT_THEIRS).value,
    }
    roll_of = asked_by_lead(session, circulation.id)  # not the thousands that an open page may bring
    outbox.put_to(session, now, statement, roll_of, outbox.Kind.ROLL_CHANGED, told)
    share_quotes(session, statement, circulation)


def _needed(session: Session, statement: Statement, circulation: Circulation, signatory: Signatory) -> bool:
    """Whether the roll cannot do without this place: it is required, without it no rule could be met any more, or
    nobody would have a word on its quotes."""
    staying = [Role(one.role) for one in roll(session, circulation.id)]
    try:
        check_left(circulation.rule, [*staying, signatory.part], staying)
    except Refusal:
        return True
    return signatory.part is Role.REQUIRED or not vouched(session, statement, circulation)


def forget(session: Session, now: datetime, circulation_id: int) -> int:
    """Erase what nobody confirmed in time, and the letters about it; gives how many there were."""
    with transaction(session):
        statement_id = session.scalar(select(Circulation.statement_id).where(Circulation.id == circulation_id))
        if statement_id is None:
            return 0
        take_statement_by_id(session, statement_id)
        old = session.scalars(
            select(Application.id).where(
                Application.circulation_id == circulation_id,
                Application.confirmed_at.is_(None),
                Application.made_at <= now - CONFIRM_WITHIN,
            )
        ).all()
        _erase(session, list(old))
    return len(old)


def _erase(session: Session, ids: list[int]) -> None:
    quietly = {"synchronize_session": False}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        # With the letters their jobs: SQLite gives the number of an erased letter to another one.
        letters = select(Letter.id).where(Letter.application_id.in_(part))
        of_them = delete(Job).where(Job.kind == outbox.SEND_LETTER, Job.subject_id.in_(letters))
        session.execute(of_them, execution_options=quietly)
        session.execute(delete(Letter).where(Letter.application_id.in_(part)), execution_options=quietly)
        session.execute(delete(Application).where(Application.id.in_(part)), execution_options=quietly)
