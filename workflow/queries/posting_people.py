"""Looking at what letters tell about the people who answer: who handed over to whom."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow.mail.letters import LetterView
from workflow.mail.outbox import Kind
from workflow.models.circulation import Invitation
from workflow.models.posting import Letter
from workflow.queries.handing import named_by

PEOPLE = (Kind.HANDED_OVER,)
# The old link goes on opening: nobody else answers yet.
STILL_THEIRS = ("waits", "refused")


def told_of_people(session: Session, letter: Letter, view: LetterView) -> LetterView:
    """The view of a letter about the people of a signatory, to the lead or to one of them."""
    invitation = session.scalars(
        select(Invitation)
        .where(Invitation.id == letter.subject_id)
        .options(joinedload(Invitation.contact), joinedload(Invitation.signatory))
    ).one()
    act = str(letter.facts["act"])
    link = f"{view.link}/roll" if letter.user_id is not None else view.link if act in STILL_THEIRS else ""
    return replace(
        view,
        act=act,
        organisation=invitation.signatory.name,
        person=named_by(session, invitation).contact.name,
        colleague=invitation.contact.name,
        colleague_mail=invitation.contact.mail,
        to_lead=letter.user_id is not None,
        link=link,
    )
