"""Looking at letters about a roll that was amended while it was asked."""

from dataclasses import replace

from sqlalchemy.orm import Session

from workflow.mail.letters import LetterView
from workflow.mail.outbox import Kind
from workflow.models.circulation import Circulation, Signatory
from workflow.models.posting import Letter
from workflow.rules.amending import Change
from workflow.rules.circulation import Visibility
from workflow.rules.refusals import Message


def told_of_roll(
    session: Session, letter: Letter, view: LetterView, circulation: Circulation, own_id: int
) -> LetterView:
    """The view of a letter to a contact of the signatory `own_id`, with what happened to which place on the roll.

    Who was taken off it gets no link.
    """
    if view.kind is Kind.DROPPED:
        return replace(view, link="", reason=str(letter.facts["reason"]))
    signatory = session.get_one(Signatory, int(str(letter.facts["signatory"])))
    own = signatory.id == own_id
    hidden = not own and (signatory.withheld or circulation.visibility != Visibility.EVERYTHING)
    names = (Message("one-organisation") if hidden else signatory.name,)
    if view.kind is Kind.LATE_COUNTED:
        return replace(view, roll_change=Message("roll.late-counted", {"names": names}))
    change = Change(str(letter.facts["change"]))
    part = {} if change not in (Change.ADDED, Change.PART) else {"part": Message(f"part.{letter.facts['part']}")}
    said = Message(f"roll.{change.value}", {"names": names, **part})
    return replace(view, roll_change=said, reason=str(letter.facts.get("reason", "")))
