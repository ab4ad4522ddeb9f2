"""Random orders of what signatories and the lead can do, by the actions themselves, held against the same judge."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.builders import EDITION, LINKS, NOW, World, circulate, offered, world
from tests.prove.invariants import violations
from tests.prove.orders import KINDS, ROLES, RULE, STEPS, Step, Told, judged
from workflow.actions import drafting, in_force, signing
from workflow.models.circulation import Circulation, Signatory
from workflow.models.drafting import Revision, Statement
from workflow.models.publication import Publication
from workflow.rules.quoting import QuoteWord
from workflow.rules.signing import QuoteOffered

LONGEST = 14
# Sign-offs and approvals more often than in an even draw, so that many orders come to a lock.
WEIGHTS = [{"sign": 4, "approve quote": 5, "hours pass": 3, "editorial": 3}.get(what, 1) for what, _ in STEPS]


class Order:
    """One statement that goes through one order."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.chance = session, random.Random(seed)
        made = world(session, 3, lead=f"Order {seed}")
        self.made: World = circulate(made, roles=list(ROLES), rule=RULE, deadline=NOW + timedelta(days=90))
        self.about = (made.user.id, made.statement.public_id)
        self.history: tuple[Step, ...] = ()
        self.quote = EDITION.quotes[0]

    def go(self) -> list[str]:
        """Take steps until it locks or is long enough; gives what does not hold."""
        for length in range(1, LONGEST + 1):
            step = self.chance.choices(STEPS, WEIGHTS)[0]
            self.take(step, NOW + timedelta(hours=12 * length))
            self.history = (*self.history, step)
            complete, counting = judged(self.history)
            found = self.wrong(complete, counting)
            if found or complete:
                return found
        return []

    def take(self, step: Step, now: datetime) -> None:
        """One step, by the action that a page would call."""
        what, at = step
        made, session = self.made, self.session
        if what in KINDS:
            answer = replace(offered(made, at, KINDS[what], digest=self.in_force().digest), quotes=())
            signing.answer(session, LINKS, now, made.invitations[at].id, 1, answer)
        elif what in ("revise", "editorial"):
            self.change(now, editorial=what == "editorial")
        elif what == "hours pass":
            in_force.objections_over(session, now, made.circulation.id)
        else:
            session.expunge_all()
            (digest,) = session.get_one(Signatory, made.signatories[0].id).quotes
            word = QuoteOffered(digest, QuoteWord.APPROVED)
            answer = replace(offered(made, 0, digest=self.in_force().digest), kind=None, quotes=(word,))
            signing.answer(session, LINKS, now, made.invitations[0].id, 1, answer)

    def change(self, now: datetime, *, editorial: bool) -> None:
        """Another text comes into force; one that is no editorial change has another quote."""
        newest = self.in_force().number
        if not editorial:
            self.quote = replace(self.quote, text=f"Nobody should walk {newest + 9} hours to a doctor.")
        body = EDITION.body.replace("Families", f"Families of {newest + 1} villages")
        edition = replace(EDITION, body=body, quotes=(self.quote,))
        drafting.revise(self.session, now, *self.about, edition, newest)
        in_force.put_in_force(self.session, now, *self.about, newest + 1, editorial=editorial)

    def in_force(self) -> Revision:
        """The text that is asked for."""
        self.session.expunge_all()
        self.session.rollback()
        chosen = select(Revision).join(Circulation, Circulation.revision_id == Revision.id)
        return self.session.scalars(chosen.where(Circulation.id == self.made.circulation.id)).one()

    def wrong(self, complete: bool, counting: set[int]) -> list[str]:
        """What differs from what the history says, and which invariants do not hold."""
        session = self.session
        found = violations(session, self.made.statement.id)
        stage = session.get_one(Statement, self.made.statement.id).stage
        if (stage == "published") != complete:
            found.append(f"{stage}, although the history says {complete}")
        record = session.scalar(select(Publication.record).where(Publication.statement_id == self.made.statement.id))
        if record is not None and len(json.loads(record)["signatories"]) != len(counting):
            found.append(f"{counting} signed, and the record says otherwise")
        session.expunge_all()
        session.rollback()
        return [f"{self.history}: {one}" for one in found]


def random_orders(
    sessions: sessionmaker[Session], first_seed: int, number: int, say: Callable[[str], None] = lambda line: None
) -> Told:
    """So many random orders, by seeds that follow each other."""
    told = Told(longest=LONGEST)
    for seed in range(first_seed, first_seed + number):
        with sessions() as session:
            order = Order(session, seed)
            told.violations += order.go()
        told.runs += 1
        told.complete += judged(order.history)[0]
        if not told.runs % 200:
            say(f"  {told.runs} of {number} orders, {told.complete} published")
    return told
