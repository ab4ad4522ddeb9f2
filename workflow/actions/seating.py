"""Seating: places on a living roll, taken and left. Shared by all that seats somebody while a text circulates.

Who was on the roll before comes back to a new place, an empty one: what it said on the former one is history, and so
are its links. The caller holds the statement row and weighs the roll afterwards.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.actions.closing import ask_quotes, overtake
from workflow.mail import outbox
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact, Organisation
from workflow.models.drafting import Statement
from workflow.models.opening import Application
from workflow.models.signing import Answer
from workflow.queries import deciding as looking
from workflow.queries.amending_roll import ownerless
from workflow.queries.circulation import withheld_organisations
from workflow.rules.circulation import Kind, Role
from workflow.text.instants import iso


def leave(session: Session, places: Iterable[Signatory], invitations: Iterable[Invitation], now: datetime) -> None:
    """Off the roll: their links open nothing from now on, and what was recorded of them is of no use."""
    for place in places:
        overtake(session, place, now)
        place.dropped_at = now
        if place.quotes:
            place.ask_quotes((), {})
    for invitation in invitations:
        invitation.revoked_at = now
    session.flush()


def anew(session: Session, place: Signatory) -> None:
    """A place that was left is on the roll again, empty: nobody has said anything on it, and no link leads to it."""
    kept = ("circulation_id", "organisation_id", "role", "name", "names", "withheld", "needed")
    session.add(Signatory(quotes={}, **{name: getattr(place, name) for name in kept}))
    session.flush()


def forget(session: Session, circulation_id: int, places: Sequence[int]) -> None:
    """Contacts that came with these places, and are nobody's else, are none any more: they would be asked again."""
    for contact in looking.brought(session, circulation_id, places):
        contact.removed = True
    session.flush()


def vouched(session: Session, statement: Statement, circulation: Circulation) -> bool:
    """Whether the lead has vouched for all quotes in the text in force that nobody on the roll can approve."""
    return {one.digest for one in ownerless(session, circulation)} <= looking.vouched_for(session, statement.id)


def share_quotes(session: Session, statement: Statement, circulation: Circulation) -> None:
    """Who joins owns the quotes in its name; who leaves gives them back to what the lead vouched for before.

    Raises QuoteWithoutOwner where nobody would have a word on a quote, and nobody vouched for it.
    """
    if not circulation.revision.parsed.quotes:
        return
    session.flush()
    ask_quotes(session, circulation, vouched=vouched(session, statement, circulation))


def unnamed(session: Session, statement: Statement) -> set[int]:
    """The organisations that have asked not to be named under a statement: they are not, on a new place either."""
    return set(session.scalars(withheld_organisations(statement.id)))


def seat(
    session: Session, statement: Statement, circulation: Circulation, taken: Sequence[Application], now: datetime
) -> None:
    """An organisation, a contact, a place, a link and the sign-off for each, by as many statements as for one."""
    organisations = _organisations(session, statement, taken)
    people = [organisations[made.id].id for made in taken if made.individual]
    session.add_all(looking.listed_as_people(session, statement.id, people))
    contacts = _contacts(session, taken, organisations, circulation.deadline_zone)
    places = _places(session, statement, circulation, taken, organisations)
    invitations = _invitations(session, circulation, taken, places, contacts, now)
    answers = []
    for made in taken:
        answers.append(_answer(statement, circulation, made, places[made.id], invitations[made.id], now))
    session.add_all(answers)
    session.flush()
    for made, given in zip(taken, answers, strict=True):
        places[made.id].answer_id = given.id
        made.signatory_id = places[made.id].id
    session.flush()
    outbox.put(
        session,
        now,
        [
            outbox.Draft(
                outbox.Kind.RECEIPT,
                contact_id=invitations[made.id].contact_id,
                invitation_id=invitations[made.id].id,
                statement_id=statement.id,
                subject_id=given.id,
            )
            for made, given in zip(taken, answers, strict=True)
        ],
    )


def _organisations(
    session: Session, statement: Statement, taken: Sequence[Application]
) -> dict[int, Organisation]:  # fmt: skip
    """By application: the organisation of exactly that name which the lead keeps, or a new one."""
    kept = looking.kept_by_name(session, statement.lead_id, [made.name for made in taken])
    found = {}
    for made in taken:
        found[made.id] = kept.get(made.name) or Organisation(
            kept_by_id=statement.lead_id, name=made.name, listed_name=made.name, country=made.country
        )
    session.add_all(found.values())
    session.flush()
    return found


def _contacts(
    session: Session, taken: Sequence[Application], organisations: dict[int, Organisation], zone: str
) -> dict[int, Contact]:
    there = looking.contacts_by_mail(session, [one.id for one in organisations.values()])
    found = {}
    for made in taken:
        place = (organisations[made.id].id, made.mail.lower())
        found[made.id] = there.get(place) or Contact(
            organisation_id=place[0], name=made.person_name, mail=made.mail, language=made.language, time_zone=zone
        )
    session.add_all(found.values())
    session.flush()
    return found


def _places(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    taken: Sequence[Application],
    organisations: dict[int, Organisation],
) -> dict[int, Signatory]:
    """New ones; of a member whose contacts have to say the same, one has spoken."""
    hidden = unnamed(session, statement)
    found = {
        made.id: Signatory(
            circulation=circulation,
            organisation_id=organisations[made.id].id,
            role=Role.OPTIONAL.value,
            name=made.name,
            names=organisations[made.id].listed_names or {},
            quotes={},
            needed=organisations[made.id].needed or 1,
            withheld=organisations[made.id].id in hidden,
        )
        for made in taken
    }
    session.add_all(found.values())
    session.flush()
    return found


def _invitations(
    session: Session,
    circulation: Circulation,
    taken: Sequence[Application],
    places: dict[int, Signatory],
    contacts: dict[int, Contact],
    now: datetime,
) -> dict[int, Invitation]:
    until = circulation.links_until(now)
    found = {
        made.id: Invitation(
            signatory_id=places[made.id].id, contact_id=contacts[made.id].id, expires_at=until, created_at=now
        )
        for made in taken
    }
    session.add_all(found.values())
    session.flush()
    return found


def _answer(
    statement: Statement,
    circulation: Circulation,
    made: Application,
    place: Signatory,
    invitation: Invitation,
    now: datetime,
) -> Answer:
    """The sign-off as it was confirmed: its instant is that of the confirmation, its event that of the acceptance."""
    confirmed_at = made.confirmed_at or now
    facts: dict[str, object] = {
        "answer": Kind.SIGN_OFF.value,
        "revision": circulation.revision.number,
        "digest": circulation.revision.digest,
        "signatory": statement.disclose({"organisation": place.name}),
        "person": statement.disclose({"name": made.person_name, "role": made.person_role}),
        "said": statement.disclose({"listed_name": made.name, "text": ""}),
        "by": "open page",
        "confirmed": iso(confirmed_at),
        "code": False,
    }
    return Answer(
        signatory_id=place.id,
        revision_id=circulation.revision_id,
        kind=Kind.SIGN_OFF.value,
        listed_name=made.name,
        person_name=made.person_name,
        person_role=made.person_role,
        answered_at=confirmed_at,
        event_hash=statement.record("answered", now, facts).hash,
        invitation_id=invitation.id,
    )
