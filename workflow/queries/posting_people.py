"""Looking at what letters tell about the people who answer: who handed over to whom, who contests what."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow.links import Links, Purpose
from workflow.mail.letters import Given, LetterView
from workflow.mail.outbox import Kind
from workflow.models.circulation import Invitation
from workflow.models.posting import Letter
from workflow.models.recording import Recording
from workflow.models.signing import Answer
from workflow.queries.contesting import contest_by_id, mail_mark
from workflow.queries.handing import named_by
from workflow.queries.recording import recording_by_id
from workflow.rules.circulation import Outcome
from workflow.rules.lifecycle import Stage

PEOPLE = (Kind.HANDED_OVER, Kind.CONTESTED, Kind.RECORDED, Kind.AWAY)
# The old link goes on opening: nobody else answers yet.
STILL_THEIRS = ("waits", "refused")


def told_of_people(
    session: Session, letter: Letter, view: LetterView, links: Links | None = None, reader: Invitation | None = None
) -> LetterView:
    """The view of a letter about the people of a signatory, to the lead or to the contact of `reader`."""
    view = replace(view, act=str(letter.facts["act"]), to_lead=letter.user_id is not None)
    if reader is not None and (_shut(reader) or reader.signatory.circulation.outcome not in (None, Outcome.COMPLETE)):
        view = replace(view, link="")
    if view.kind is Kind.RECORDED:
        return _recorded(session, letter, view, links, reader)
    told = {Kind.HANDED_OVER: _handed_over, Kind.CONTESTED: _contested, Kind.AWAY: _away}
    return told[view.kind](session, letter, view)


def receipt_links(links: Links, letter: Letter, view: LetterView, invitation: Invitation) -> LetterView:
    """The view of a receipt: its own link where that opens, and one to say that the answer was not theirs.

    A word on a quote alone cannot be contested.
    """
    if _shut(invitation) or invitation.signatory.circulation.outcome is not None:
        view = replace(view, link="")
    if letter.kind != Kind.RECEIPT or letter.subject_id is None or invitation.contact.removed:
        return view
    token = links.make(Purpose.CONTEST, [invitation.id, letter.subject_id, mail_mark(invitation.contact.mail)])
    published = invitation.signatory.circulation.statement.stage in (Stage.PUBLISHED, Stage.RETRACTED)
    return replace(view, contest_link=f"{view.base_url}/sign/contest/{token}", published=published)


def _shut(invitation: Invitation) -> bool:
    """Whether the link of a contact opens nothing any more."""
    return invitation.revoked_at is not None or invitation.handed_to_id is not None or invitation.contact.removed


def given_as(organisation: str, made: Answer | Recording, at: datetime, how: str = "") -> Given:
    """What an organisation has answered, or the lead wrote down in its name, as a letter tells it."""
    return Given(
        organisation=organisation,
        kind=made.kind,
        person_name=made.person_name,
        person_role=made.person_role,
        listed_name=made.listed_name,
        revision=made.revision.number,
        digest=made.revision.digest,
        at=at,
        chain_head=made.event_hash,
        withheld=made.withheld,
        how=how,
        names=tuple((made.names or {}).items()) if isinstance(made, Answer) else (),
    )


def how_recorded(session: Session, answer_id: int) -> str:
    """By which way the lead heard of an answer that it recorded; empty for one that was given."""
    return session.scalar(select(Recording.how).where(Recording.answer_id == answer_id)) or ""


def _handed_over(session: Session, letter: Letter, view: LetterView) -> LetterView:
    invitation = session.scalars(
        select(Invitation)
        .where(Invitation.id == letter.subject_id)
        .options(joinedload(Invitation.contact), joinedload(Invitation.signatory))
    ).one()
    return replace(
        view,
        organisation=invitation.signatory.name,
        only_reads=invitation.signatory.only_reads,
        person=named_by(session, invitation).contact.name,
        colleague=invitation.contact.name,
        colleague_mail=invitation.contact.mail,
        link=f"{view.link}/roll" if view.to_lead else view.link if view.act in STILL_THEIRS else "",
    )


def _away(session: Session, letter: Letter, view: LetterView) -> LetterView:
    invitation = session.scalars(
        select(Invitation)
        .where(Invitation.id == letter.subject_id)
        .options(joinedload(Invitation.contact), joinedload(Invitation.signatory))
    ).one()
    return replace(
        view,
        organisation=invitation.signatory.name,
        only_reads=invitation.signatory.only_reads,
        person=invitation.contact.name,
        until=datetime.fromisoformat(str(letter.facts["until"])),
        until_zone=invitation.contact.time_zone,
        link=f"{view.link}/roll",
    )


def _contested(session: Session, letter: Letter, view: LetterView) -> LetterView:
    """With the answer that is contested, and why the lead resolved it so."""
    contest = contest_by_id(session, letter.subject_id)
    return replace(
        view,
        organisation=contest.signatory.name,
        person=contest.invitation.contact.name,
        reason=contest.reason,
        published=bool(letter.facts["public"]),
        given=given_as(contest.signatory.name, contest.answer, contest.answer.answered_at),
        link=f"{view.link}/contest/{contest.id}" if view.to_lead else view.link,
    )


def _recorded(
    session: Session, letter: Letter, view: LetterView, links: Links | None, reader: Invitation | None
) -> LetterView:
    """With what was recorded on whose word; while it waits, where it is confirmed or contradicted; the own link."""
    made = recording_by_id(session, letter.subject_id)
    link = f"{view.link}/roll" if view.to_lead else ""
    own = "" if view.to_lead else view.link
    if links is not None and reader is not None and made.outcome is None:
        mark = mail_mark(reader.contact.mail)
        link = f"{view.base_url}/sign/recorded/{links.make(Purpose.RECORDED, [reader.id, made.id, mark])}"
    return replace(
        view,
        organisation=made.signatory.name,
        until=made.until,
        link=link,
        own_link=own,
        given=given_as(made.signatory.name, made, made.recorded_at, made.how),
    )
