"""What is there before an asking: a text, the members that can be asked, and who of each would get the mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workflow.models.circulation import Circulation
from workflow.models.coalition import Contact
from workflow.models.drafting import Revision, Statement
from workflow.queries import desk as looking
from workflow.queries.circulation import Place, latest_circulation, roll
from workflow.queries.coalition import Membership, memberships
from workflow.queries.commenting import remarks_count
from workflow.queries.drafting import latest_revision
from workflow.rules.circulation import Purpose
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.people import asked_first
from workflow.text.content import Quote
from workflow.web import house


@dataclass(frozen=True)
class Mailed:
    """Who of an organisation gets the mail at once, and who is only asked later, in its stead.

    So many of them (`needed`) have to say the same.
    """

    first: Sequence[Contact]
    alternates: Sequence[Contact]
    needed: int


@dataclass(frozen=True)
class Preparing:
    """A text that is about to be circulated, and the members that can be asked.

    `comments` is the circulation for comment that goes on until then, `unanswered` how many of its remarks the lead has
    not answered. `signed_before` is the one for sign-off before this asking, which ended without a publication.
    """

    statement: Statement
    text: Revision
    members: Sequence[Membership]
    contacts: dict[int, list[Contact]]
    previous: Sequence[Place]
    after_silence: bool = False
    comments: Circulation | None = None
    unanswered: int = 0
    signed_before: Circulation | None = None

    @property
    def quotes(self) -> Sequence[Quote]:
        """The quotes in the text that is to be circulated."""
        content = self.text.parsed
        first = content.authoritative.quotes
        # A translated quote belongs to whose it is in the authoritative text.
        return (*first, *(quote for one in content.translations for quote in one.quotes[len(first) :]))

    def mailed(self, member: Membership, now: datetime) -> Mailed:
        """Who gets the mail if this member is asked now, as the action will have it."""
        known = {one.id: one for one in self.contacts.get(member.organisation_id, [])}
        first = asked_first(member.reach, now, member.needed)
        later = [one.contact_id for one in member.reach if one.contact_id not in first]
        return Mailed([known[one] for one in first], [known[one] for one in later], member.needed)

    def everybody_mailed(self, now: datetime) -> dict[int, Mailed]:
        """The same for every member, by its organisation."""
        return {one.organisation_id: self.mailed(one, now) for one in self.members}


def preparing(public_id: str) -> Preparing:
    """Raises WrongStage where the statement is no draft any more."""
    session = house.session()
    statement = looking.statement_by_public_id(session, public_id)
    before = latest_circulation(session, statement.id)
    comments = before if before and before.outcome is None and before.purpose == Purpose.COMMENT else None
    after(Stage(statement.stage), Move.CIRCULATE if comments is None else Move.ASK_TO_SIGN)
    return Preparing(
        statement,
        latest_revision(session, statement.id),
        memberships(session, statement.coalition_id),
        looking.contacts_by_organisation(session, statement.coalition_id),
        roll(session, before.id) if before else (),
        before is not None and before.silence,
        comments,
        remarks_count(session, statement.id)[1] if comments else 0,
        latest_circulation(session, statement.id, Purpose.SIGN_OFF),
    )
