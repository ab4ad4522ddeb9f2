"""Looking at what a member's page shows once the text is locked: where it stands, and what can still be said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.models.circulation import Invitation, Signatory
from workflow.models.drafting import Statement
from workflow.models.notes import Note
from workflow.models.signing import Reconfirmation
from workflow.queries.circulation import roll, standings
from workflow.queries.completion import confirmed_at
from workflow.queries.listing import frozen_counts
from workflow.queries.member import Asked, asked_of, receipt_of
from workflow.queries.member_said import Said
from workflow.queries.mentions import StillNamed, one_still_named
from workflow.queries.noting import withdrawn
from workflow.queries.people import withheld_before
from workflow.queries.voices import late_voices
from workflow.rules.circulation import Outcome
from workflow.rules.completion import Ending, reconfirming_helps, too_old, when_published
from workflow.rules.lifecycle import Stage
from workflow.rules.noting import LaterKind, NoteKind, Signed, may_sign_late
from workflow.rules.refusals import LinkClosed, Message
from workflow.rules.voices import Voices
from workflow.text.content import Edition
from workflow.text.placeholders import filled


@dataclass(frozen=True)
class LaterPage:
    """A text that is locked or published, as a member of its roll sees it.

    `may` is what can be said for the organisation now. `due_at`: when a locked text is published; none where the lead
    presses. `reconfirmed_at` is the newest reconfirmation, `withheld` whether the name is out of the public.
    `late_voices`: what its contacts say after the publication, where several have to sign. `withheld_before`: when it
    last said so, it asked not to be named. `still_named`: where text and translations name it, whatever is said here.
    """

    asked: Asked
    stage: Stage
    edition: Edition
    revision: int
    digest: str
    said: Said | None
    ending: Ending
    locked_at: datetime
    due_at: datetime | None
    publishing: Message
    may: frozenset[LaterKind]
    signed: bool
    late: bool
    withdrawn: bool
    withheld: bool
    reconfirmed_at: datetime | None
    late_voices: Voices | None = None
    withheld_before: bool = False
    still_named: StillNamed | None = None


def later_page(session: Session, invitation: Invitation, now: datetime) -> LaterPage:
    """The page of an invitation as `invitation_for_page` gives it. Raises LinkClosed where it was not completed."""
    signatory, circulation = invitation.signatory, invitation.signatory.circulation
    if circulation.outcome != Outcome.COMPLETE or circulation.ended_at is None:
        raise LinkClosed(outcome=circulation.outcome)
    statement = circulation.statement
    receipt = receipt_of(session, invitation)
    gone = withdrawn(session, statement.id, signatory.id)
    text = circulation.revision
    return LaterPage(
        asked=asked_of(invitation),
        stage=Stage(statement.stage),
        edition=filled(
            text.parsed.for_reader(invitation.contact.language), frozen_counts(session, statement, circulation)
        ),
        revision=text.number,
        digest=text.digest,
        said=receipt.said if receipt else None,
        ending=circulation.ending,
        locked_at=circulation.ended_at,
        due_at=circulation.due_at,
        publishing=when_published(circulation.ending),
        may=_may(session, signatory, statement, gone, now),
        signed=signatory.commitment is not None,
        late=_late(session, signatory, statement),
        withdrawn=gone,
        withheld=signatory.withheld,
        reconfirmed_at=session.scalar(
            select(func.max(Reconfirmation.reconfirmed_at)).where(Reconfirmation.answer_id == signatory.answer_id)
        ),
        late_voices=late_voices(session, signatory),
        withheld_before=withheld_before(session, statement.id, signatory.organisation_id),
        still_named=one_still_named(session, circulation, signatory.id),
    )


def _may(
    session: Session, signatory: Signatory, statement: Statement, gone: bool, now: datetime
) -> frozenset[LaterKind]:
    stage, ending = Stage(statement.stage), signatory.circulation.ending
    signed = signatory.commitment is not None and not gone
    found = set()
    if signed:
        found.add(LaterKind.WITHDRAW)
    if signatory.commitment is not None and not signatory.withheld:
        found.add(LaterKind.WITHHOLD)
    if stage is Stage.LOCKED and signed and must_reconfirm(session, signatory, now):
        found.add(LaterKind.RECONFIRM)
    if may_sign_late(Signed(stage, signatory.part, signatory.commitment, gone), ending, now):
        found.add(LaterKind.SIGN_LATE)
    return frozenset(found)


def must_reconfirm(session: Session, signatory: Signatory, now: datetime) -> bool:
    """Whether the sign-off of this signatory will not hold when the text is published, and confirming now helps."""
    circulation = signatory.circulation
    at = max(circulation.due_at or now, now)
    places = [one for one in roll(session, circulation.id) if one.signatory_id == signatory.id]
    signed = [place for place, one in zip(places, standings(circulation, places), strict=True) if one.signed]
    confirmed = confirmed_at(session, signed, circulation.ending, at)
    tired = too_old(confirmed, circulation.ending, at)
    return bool(tired) and reconfirming_helps(circulation.ending, now, at)


def _late(session: Session, signatory: Signatory, statement: Statement) -> bool:
    from_note = select(Note.id).where(
        Note.statement_id == statement.id, Note.signatory_id == signatory.id, Note.kind == NoteKind.LATE
    )
    return session.scalar(from_note.limit(1)) is not None
