"""Handing over: a contact names a colleague, and the lead accepts who writes from elsewhere. One transaction each."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.links import Links
from workflow.mail import outbox
from workflow.mail.reminders import await_reminders
from workflow.models.circulation import Circulation, Invitation
from workflow.models.coalition import Contact
from workflow.models.drafting import Statement
from workflow.models.signing import CodeChallenge
from workflow.queries import handing as looking
from workflow.queries.circulation import statement_of_invitation
from workflow.queries.drafting import take_statement, take_statement_by_id
from workflow.queries.signing import invitation_for_page
from workflow.rules.handing import Colleague, HandedOnAlready, check_colleague, foreign_domain
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.refusals import CodeSpent, Refusal
from workflow.rules.signing import check_link
from workflow.text.digest import handing_hash
from workflow.text.mailboxes import web_mailer


def hand_over(
    session: Session,
    links: Links,
    now: datetime,
    invitation_id: int,
    generation: int,
    colleague: Colleague,
    *,
    challenge_id: int | None = None,
    code: str = "",
) -> bool:
    """Have a colleague answer instead of the contact of this link, by a link of their own.

    Gives whether it opens at once: where the lead wants to see other mail domains first, the old link goes on opening
    until the new one is accepted. Raises Refusals.
    """
    wrong: Refusal | None = None
    waits = False
    with transaction(session):
        statement = take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        invitation = invitation_for_page(session, invitation_id)
        circulation = invitation.signatory.circulation
        check_link(invitation.facts(generation, circulation.outcome), now)
        check_colleague(colleague, invitation.contact.mail)
        if looking.waiting_for(session, invitation.signatory_id) is not None:
            raise HandedOnAlready
        if circulation.code_required:
            challenge = session.get(CodeChallenge, challenge_id) if challenge_id is not None else None
            hashed = handing_hash(colleague)
            wrong = challenge.tried(links, invitation, hashed, code, now) if challenge else CodeSpent()
        if wrong is None:
            waits = _hand_over(session, statement, circulation, invitation, colleague, now)
    if wrong is not None:  # raised only now: the try that failed is counted and committed
        raise wrong
    return not waits


def _hand_over(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    invitation: Invitation,
    colleague: Colleague,
    now: datetime,
) -> bool:
    organisation_id = invitation.signatory.organisation_id
    registered = looking.registered_mails(session, organisation_id)
    foreign = foreign_domain(colleague.mail, registered, anybodys=web_mailer(colleague.mail))
    contact = looking.contact_at(session, organisation_id, colleague.mail) or _registered(
        session, invitation.contact, colleague
    )
    there = looking.invitation_for(session, invitation.signatory_id, contact.id)
    # Whom the lead has shut out does not come in again without the lead.
    waits = (foreign and circulation.domains_asked) or (there is not None and there.revoked_at is not None)
    until = circulation.links_until(now)
    if there is None:
        there = Invitation(
            signatory_id=invitation.signatory_id, contact_id=contact.id, expires_at=until, created_at=now
        )
        session.add(there)
    else:
        there.renew(until)
        there.handed_to_id = None
    there.waits_for_lead, there.named_by_id = waits, invitation.id
    session.flush()
    facts: dict[str, object] = {
        "from": statement.disclose({"contact": invitation.contact.name}),
        "to": statement.disclose({"contact": contact.name, "mail": contact.mail}),
        "other_domain": foreign,
        "waits": waits,
        "code": circulation.code_required,
    }
    statement.record("handed over", now, facts)
    if not waits:
        _open(session, statement, circulation, invitation, there, now)
    act = "waits" if waits else "elsewhere" if foreign else "done"
    _tell(session, statement, invitation, there, act, now)
    about = outbox.Draft(
        outbox.Kind.HANDED_OVER, user_id=circulation.opened_by_id, statement_id=statement.id, subject_id=there.id
    )
    if circulation.opened_by_id is not None:
        outbox.put(session, now, [replace(about, facts={"act": act})])
    return waits


def _registered(session: Session, old: Contact, colleague: Colleague) -> Contact:
    """The colleague as a contact of the same organisation, who reads as the old one does until told otherwise."""
    contact = Contact(
        organisation_id=old.organisation_id,
        name=colleague.name,
        mail=colleague.mail,
        language=old.language,
        time_zone=old.time_zone,
    )
    session.add(contact)
    session.flush()
    return contact


def decide(
    session: Session, now: datetime, user_id: int, public_id: str, invitation_id: int, *, accepted: bool
) -> None:
    """Say whether a colleague who waits for the lead's word may answer; whoever named them is told."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        after(Stage(statement.stage), Move.AMEND_ASKING)
        there = looking.waiting_invitation(session, statement.id, invitation_id)
        circulation = there.signatory.circulation
        facts: dict[str, object] = {"to": statement.disclose({"contact": there.contact.name})}
        statement.record("hand-over accepted" if accepted else "hand-over refused", now, facts)
        old = looking.named_by(session, there)
        there.waits_for_lead = False
        there.expires_at = circulation.links_until(now)
        if accepted:
            there.contact.removed = False
            _open(session, statement, circulation, old, there, now)
        else:
            there.revoked_at = now
            if not looking.known_before(session, there):
                there.contact.removed = True
        session.flush()
        _tell(session, statement, old, there, "accepted" if accepted else "refused", now)


def _open(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    old: Invitation,
    there: Invitation,
    now: datetime,
) -> None:
    """The colleague's link goes out, and the old one opens nothing any more: from now on that one is reminded."""
    old.handed_to_id = there.id
    session.flush()
    await_reminders(session, now, circulation, [there.id])
    outbox.put_to(session, now, statement, [there], outbox.Kind.APPROVAL)


def _tell(session: Session, statement: Statement, old: Invitation, there: Invitation, act: str, now: datetime) -> None:
    draft = outbox.Draft(
        outbox.Kind.HANDED_OVER,
        contact_id=old.contact_id,
        invitation_id=old.id,
        statement_id=statement.id,
        subject_id=there.id,
        facts={"act": act},
    )
    outbox.put(session, now, [draft])
