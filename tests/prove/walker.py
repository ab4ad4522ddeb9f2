"""What a random walk sees of its statement, and what it picks from it."""

import random
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tests.builders import World, world
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Revision, Statement
from workflow.models.history import Event
from workflow.models.posting import Letter
from workflow.models.publication import Publication
from workflow.rules.circulation import Role
from workflow.rules.refusals import Refusal


@dataclass
class Seen:
    """The rows as they are before a step, read by the walk itself."""

    stage: str
    circulation: Circulation | None
    invitations: list[Invitation]
    signatories: list[Signatory]
    revisions: list[Revision]


class Walker:
    """One statement, two to four members, and chance. Each number can be walked once on a database."""

    def __init__(self, session: Session, number: int) -> None:
        self.session, self.number = session, number
        self.chance = random.Random(number)
        self.made: World = world(session, members=2 + number % 3, lead=f"Walk {number}")
        self.about = (self.made.user.id, self.made.statement.public_id)
        self.seen = self.look()

    def look(self) -> Seen:
        """The rows as they are now."""
        session = self.session
        session.expunge_all()
        session.rollback()
        statement = session.get_one(Statement, self.made.statement.id)
        ours = Circulation.statement_id == statement.id
        newest = session.scalars(
            select(Circulation).where(ours).order_by(Circulation.number.desc()).options(joinedload("*")).limit(1)
        ).first()
        invited = select(Invitation).join(Invitation.signatory).join(Signatory.circulation).where(ours)
        eager = joinedload(Invitation.signatory).joinedload(Signatory.circulation).joinedload(Circulation.revision)
        found = Seen(
            statement.stage,
            newest,
            list(session.scalars(invited.options(eager).order_by(Invitation.id))),
            list(session.scalars(select(Signatory).join(Signatory.circulation).where(ours).order_by(Signatory.id))),
            list(
                session.scalars(select(Revision).where(Revision.statement_id == statement.id).order_by(Revision.number))
            ),
        )
        session.expunge_all()
        session.rollback()
        return found

    def fingerprint(self) -> tuple[object, ...]:
        """What no refusal may change."""
        session = self.session
        session.rollback()
        id_ = self.made.statement.id
        counted = [
            select(func.count()).select_from(row).where(row.statement_id == id_)
            for row in (Revision, Event, Circulation, Publication)
        ]
        # A code is mailed by a step of its own, before the answer is refused.
        counted.append(select(func.count()).where(Letter.statement_id == id_, Letter.kind != "code"))
        found = session.execute(
            select(Statement.stage, Statement.chain_head, *(one.scalar_subquery() for one in counted)).where(
                Statement.id == id_
            )
        ).one()
        session.rollback()
        return tuple(found)

    def an_invitation(self) -> Invitation:
        """Mostly one of the newest asking, and of who has not answered yet; sometimes one of an earlier asking."""
        newest = self.seen.circulation
        of_it = [one for one in self.seen.invitations if newest and one.signatory.circulation_id == newest.id]
        if newest is not None and newest.ended_at is None and self.chance.random() < 0.5:
            of_it = [
                one for one in of_it if one.signatory.answer_id is None and one.signatory.role != Role.OBSERVER
            ] or of_it
        found = self.seen.invitations if self.chance.random() < 0.1 else of_it
        if not found:
            raise Refusal
        return self.chance.choice(found)

    def a_generation(self, invitation: Invitation) -> int:
        """Mostly the one that holds."""
        return (
            self.chance.randint(1, invitation.generation + 1) if self.chance.random() < 0.1 else invitation.generation
        )

    def in_force(self) -> str:
        """The digest of the text in force in the newest asking; of the first text where nothing was asked."""
        asked = self.seen.circulation
        return asked.revision.digest if asked is not None else self.seen.revisions[0].digest

    def a_digest(self, invitation: Invitation) -> str:
        """Mostly that of the text in force, sometimes of any revision."""
        if self.chance.random() < 0.12:
            return self.chance.choice(self.seen.revisions).digest
        return invitation.signatory.circulation.revision.digest
