"""Looking at a contest: the answer it is about, what its page and its letters say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.models.contesting import Contest
from workflow.models.drafting import Statement
from workflow.models.signing import Answer
from workflow.queries.people import said_by_each
from workflow.queries.signing import invitation_for_page
from workflow.rules.circulation import Outcome
from workflow.rules.contesting import Given
from workflow.rules.lifecycle import Stage
from workflow.rules.refusals import LinkTampered, NotFound


def mail_mark(mail: str) -> str:
    """What binds a link to the address it was sent to, without naming it."""
    return sha256(mail.lower().encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Contestable:
    """An answer as a registered contact of its organisation sees it, to say that it was not theirs."""

    invitation: Invitation
    answer: Answer
    contests: Sequence[Contest]

    @property
    def contest(self) -> Contest | None:
        """The newest contest of this answer."""
        return self.contests[-1] if self.contests else None


def contestable(session: Session, invitation_id: int, answer_id: int, mark: str) -> Contestable:
    """The answer that a receipt was about, for the contact it was sent to. Raises LinkTampered for anybody else."""
    invitation = invitation_for_page(session, invitation_id)
    contact = invitation.contact
    if contact.removed or invitation.waits_for_lead or mail_mark(contact.mail) != mark:
        raise LinkTampered
    answer = session.scalar(
        select(Answer)
        .where(Answer.id == answer_id, Answer.signatory_id == invitation.signatory_id)
        .options(joinedload(Answer.revision))
    )
    if answer is None:
        raise LinkTampered
    return Contestable(invitation, answer, contests_of(session, answer_id))


def contests_of(session: Session, answer_id: int) -> Sequence[Contest]:
    """All contests of an answer, oldest first."""
    return session.scalars(select(Contest).where(Contest.answer_id == answer_id).order_by(Contest.id)).all()


def given_of(session: Session, found: Contestable, statement: Statement) -> Given:
    """What the rules weigh before an answer is contested; where several have to say the same, each voice is one."""
    signatory = found.invitation.signatory
    counts = {signatory.answer_id}
    if signatory.needed > 1:
        counts |= {one.id for one in said_by_each(session, signatory.id)}
    outcome = signatory.circulation.outcome
    return Given(
        stage=Stage(statement.stage),
        outcome=Outcome(outcome) if outcome else None,
        on_roll=signatory.dropped_at is None,
        newest=found.answer.id in counts,
        open_contests=sum(one.resolution is None for one in found.contests),
    )


def contest_of(session: Session, statement_id: int, contest_id: int) -> Contest:
    """A contest within this statement, with answer, signatory, circulation and who contested. Raises NotFound."""
    found = contest_by_id(session, contest_id)
    if found.signatory.circulation.statement_id != statement_id:
        raise NotFound
    return found


def contest_by_id(session: Session, contest_id: int | None) -> Contest:
    """A contest with all that is said of it. Raises NotFound."""
    found = session.scalar(
        select(Contest)
        .where(Contest.id == contest_id)
        .options(
            joinedload(Contest.signatory).joinedload(Signatory.circulation).joinedload(Circulation.revision),
            joinedload(Contest.answer).joinedload(Answer.revision),
            joinedload(Contest.invitation).joinedload(Invitation.contact),
        )
    )
    if found is None:
        raise NotFound
    return found


def next_open(session: Session, signatory_id: int) -> int | None:
    """The oldest contest of a signatory that the lead has not resolved."""
    return session.scalar(
        select(func.min(Contest.id)).where(Contest.signatory_id == signatory_id, Contest.resolution.is_(None))
    )


@dataclass(frozen=True)
class ContestLine:
    """A contest as the roll shows it to the lead."""

    contest_id: int
    contact: str
    contested_at: datetime
    resolution: str | None
    reason: str


def contests_on(session: Session, circulation_id: int) -> dict[int, list[ContestLine]]:
    """The contests of a circulation, by signatory, oldest first."""
    rows = session.execute(
        select(Contest.signatory_id, Contest.id, Contact.name, Contest.contested_at, Contest.resolution, Contest.reason)
        .join(Signatory, Signatory.id == Contest.signatory_id)
        .join(Invitation, Invitation.id == Contest.invitation_id)
        .join(Contact, Contact.id == Invitation.contact_id)
        .where(Signatory.circulation_id == circulation_id)
        .order_by(Contest.id)
    )
    found: dict[int, list[ContestLine]] = {}
    for signatory_id, contest_id, contact, at, resolution, reason in rows:
        found.setdefault(signatory_id, []).append(ContestLine(contest_id, contact, at, resolution, reason))
    return found
