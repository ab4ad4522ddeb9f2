"""Looking at what a letter of a moved deadline tells: the deadlines before, and what of the reader's answer stands."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.mail.letters import LetterView
from workflow.models.circulation import Invitation, Signatory
from workflow.models.posting import Letter
from workflow.queries.circulation import PLACES, Place
from workflow.queries.people import have_said
from workflow.rules.circulation import Kind, Role, Standing
from workflow.rules.quoting import QuoteWord

# Stands for what the reader has said where other contacts have to say the same still.
ONE_VOICE = "one-voice"


def told_of_deadline(session: Session, letter: Letter, view: LetterView, invitation: Invitation) -> LetterView:
    """The view with the deadlines of before, and what of the reader's stands so that nothing is asked of it."""
    was, was_soft = letter.facts.get("was"), letter.facts.get("was_soft")
    return replace(
        view,
        was_at=datetime.fromisoformat(str(was)) if was else None,
        was_soft_at=datetime.fromisoformat(str(was_soft)) if was_soft else None,
        stands=_stands(session, invitation),
    )


def _stands(session: Session, invitation: Invitation) -> str:
    """The kind of the answer that stands for the reader's organisation, or one voice; empty where one is asked for."""
    signatory = invitation.signatory
    row = session.execute(PLACES.where(Signatory.id == signatory.id)).one()
    found = Place(*row).standing(signatory.circulation)
    if found.kind is None or not _holds(found):
        return ""
    if not found.halved:
        return found.kind.value
    return ONE_VOICE if invitation.id in have_said(session, signatory) else ""


def _holds(one: Standing) -> bool:
    """Whether what it has said is about the text in force and in time, and no quote waits for its word.

    Not what it said before it was made an observer, which is asked for nothing.
    """
    about = (one.current or one.carried) and one.kind is not Kind.TAKEN_BACK and one.role is not Role.OBSERVER
    return about and not one.late and not one.contested and QuoteWord.WAITING not in one.quotes
