"""Standing in: alternates, contacts who are away, contacts who have left. Each public function is one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.mail import outbox
from workflow.mail.reminders import await_reminders
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact, Organisation
from workflow.models.drafting import Statement
from workflow.queries import standing_in as looking
from workflow.queries.circulation import open_circulation, statement_of_invitation
from workflow.queries.coalition import living_contact, member, membership, named_only, take_coalition
from workflow.queries.drafting import take_statement_by_id
from workflow.queries.living_links import living_invitations, statements_asking
from workflow.queries.signing import invitation_for_page
from workflow.rules.people import check_away
from workflow.rules.refusals import FormRefused, Message, NotFound
from workflow.rules.signing import check_link
from workflow.text.instants import iso


def half_way_over(session: Session, now: datetime, circulation_id: int) -> bool:
    """Half of the time is over: the alternates of those who have said nothing get a link. Gives whether any did."""
    with transaction(session):
        statement_id = session.scalar(select(Circulation.statement_id).where(Circulation.id == circulation_id))
        if statement_id is None:
            return False
        statement = take_statement_by_id(session, statement_id)
        circulation = open_circulation(session, statement_id)
        if circulation is None or circulation.id != circulation_id:
            return False
        return _ask(session, statement, circulation, looking.alternates_on(session, circulation.id), now) > 0


def describe(
    session: Session,
    now: datetime,
    user_id: int,
    coalition_id: int,
    organisation_id: int,
    contact_id: int,
    *,
    alternate: bool,
    away_until: datetime | None,
) -> None:
    """Say whether a contact is an alternate, and until when it is away: then its alternates are asked at once.

    Raises FormRefused for a day that is over.
    """
    with transaction(session):
        contact = _take(session, user_id, coalition_id, organisation_id, contact_id)
        if away_until is not None and away_until != contact.away_until:
            check_away(away_until, now)
        contact.alternate, contact.away_until = alternate, away_until
        session.flush()
        if away_until is not None and now < away_until and not alternate:
            _ask_everywhere(session, organisation_id, now)


def left(
    session: Session, now: datetime, user_id: int, coalition_id: int, organisation_id: int, contact_id: int
) -> None:
    """A contact has left the organisation: it is written to no more, its links open nothing, alternates are asked."""
    with transaction(session):
        contact = _take(session, user_id, coalition_id, organisation_id, contact_id)
        contact.removed = True
        for statement_id in statements_asking(session, contact_id):
            statement = take_statement_by_id(session, statement_id)
            for invitation in living_invitations(session, statement_id, contact_id):
                invitation.revoked_at = now
                facts: dict[str, object] = {"contact": statement.disclose({"contact": contact.name})}
                statement.record("contact left", now, facts)
        session.flush()
        _ask_everywhere(session, organisation_id, now)


def away(session: Session, now: datetime, invitation_id: int, generation: int, until: datetime) -> int:
    """A contact says by its link until when it is away; the lead is told. Gives how many alternates are asked now.

    Raises LinkRefused, and FormRefused for a day that is over.
    """
    with transaction(session):
        statement = take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        invitation = invitation_for_page(session, invitation_id)
        signatory = invitation.signatory
        check_link(invitation.facts(generation, signatory.circulation.outcome), now)
        check_away(until, now)
        news = invitation.contact.away_until != until
        invitation.contact.away_until = until
        facts: dict[str, object] = {"contact": statement.disclose({"contact": invitation.contact.name})}
        statement.record("contact away", now, facts)
        session.flush()
        asked = _ask_alternates(session, statement, signatory, now) if signatory.answer_id is None else 0
        if news:  # pressed twice, it is told once
            _tell_lead_of_absence(session, statement, invitation, until, asked, now)
        return asked


def _tell_lead_of_absence(
    session: Session, statement: Statement, invitation: Invitation, until: datetime, asked: int, now: datetime
) -> None:
    lead = invitation.signatory.circulation.opened_by_id
    if lead is None:
        return
    act = "answered" if invitation.signatory.answer_id is not None else "asked" if asked else "nobody"
    letter = outbox.Draft(outbox.Kind.AWAY, user_id=lead, statement_id=statement.id, subject_id=invitation.id)
    outbox.put(session, now, [replace(letter, facts={"act": act, "until": iso(until)})])


def need(session: Session, now: datetime, user_id: int, coalition_id: int, organisation_id: int, needed: int) -> None:
    """How many contacts of a member have to say the same. It holds for what is circulated from now on.

    Raises FormRefused where it has fewer contacts; the lead itself answers at the desk, alone.
    """
    del now
    with transaction(session):
        coalition = take_coalition(session, user_id, coalition_id)
        organisation = session.get(Organisation, organisation_id)
        if organisation is None or membership(session, coalition_id, organisation_id) is None:
            raise NotFound
        contacts = [one.id for one in member(session, coalition_id, organisation_id).contacts]
        most = len(contacts) - len(named_only(session, contacts))
        if organisation_id == coalition.lead_id:
            most = 1
        if not 1 <= needed <= max(1, most):
            raise FormRefused({"needed": Message("number-between", {"least": 1, "most": max(1, most)})})
        organisation.needed = needed


def _take(session: Session, user_id: int, coalition_id: int, organisation_id: int, contact_id: int) -> Contact:
    """A living contact of a member of a coalition of the user's organisation, which is locked. Raises NotFound."""
    take_coalition(session, user_id, coalition_id)
    if membership(session, coalition_id, organisation_id) is None:
        raise NotFound
    return living_contact(session, organisation_id, contact_id)


def _ask_everywhere(session: Session, organisation_id: int, now: datetime) -> None:
    """Wherever an organisation is asked and has said nothing, its alternates get a link."""
    for statement_id, signatory_id in looking.open_places_of(session, organisation_id):
        statement = take_statement_by_id(session, statement_id)
        signatory = looking.place(session, signatory_id)
        if signatory is not None:
            _ask_alternates(session, statement, signatory, now)


def _ask_alternates(session: Session, statement: Statement, signatory: Signatory, now: datetime) -> int:
    found = looking.alternates_of(session, signatory.id)
    return _ask(session, statement, signatory.circulation, found, now)


def _ask(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    alternates: Sequence[tuple[int, Contact]],
    now: datetime,
) -> int:
    """A link of its own for each of these alternates; gives how many. The caller holds the statement row.

    None where a silence was broken: nothing can come of an answer there any more. By a number of queries that does not
    grow with them.
    """
    if circulation.rule.broken or not alternates:
        return 0
    until = circulation.links_until(now)
    asked = [
        Invitation(signatory_id=signatory_id, contact_id=one.id, expires_at=until, created_at=now)
        for signatory_id, one in alternates
    ]
    session.add_all(asked)
    session.flush()
    await_reminders(session, now, circulation, [one.id for one in asked])
    for _signatory_id, one in alternates:
        told = {"contact": one.name, "mail": one.mail}
        statement.record("alternate asked", now, {"contact": statement.disclose(told)})
    outbox.put_to(session, now, statement, asked, outbox.Kind.APPROVAL)
    return len(asked)
