"""Looking at what a member has said, as its own pages show it; and at what is missing, as members may know it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.signing import Answer
from workflow.queries.circulation import Place, seen_by_members, standings
from workflow.rules.circulation import Kind, Outcome, Visibility, sentence
from workflow.rules.refusals import Message
from workflow.text.passages import place_of, quoted


@dataclass(frozen=True)
class Said:
    """One answer of this signatory. `current`: to the text in force. `own`: given by this very link.

    `held_names` are those under which it asks to be listed, and on which the lead has not decided.

    `place` is what an objection is about, where that is not the whole text, and `words` the words there. `void`: the
    lead has said that it was never given.
    """

    kind: Kind
    revision: int
    digest: str
    headline: str
    current: bool
    late: bool
    own: bool
    text: str
    listed_name: str
    held_names: tuple[str, ...]
    names: dict[str, str]
    person_name: str
    person_role: str
    answered_at: datetime
    chain_head: str
    place: Message | None = None
    words: str = ""
    withheld: bool = False
    person_named: bool = False
    logo: str = ""
    void: bool = False

    def unlike(self, logo: str) -> bool:
        """Whether this is a sign-off that does not let this logo stand."""
        return self.kind is Kind.SIGN_OFF and bool(logo) and self.logo != logo


def missing_for(circulation: Circulation, places: Sequence[Place], own: int) -> Message:
    """The sentence of what is missing, as far as the members of a circulation see each other."""
    named = circulation.visibility == Visibility.EVERYTHING
    found = seen_by_members(places, standings(circulation, places), own)
    placed = circulation.visibility != Visibility.NOTHING
    return sentence(circulation.rule, found, named=named, placed=placed)


def said_in(
    answer: Answer, invitation: Invitation, signatory: Signatory, circulation: Circulation, *, void: bool = False
) -> Said:
    """What an answer said; nothing of a text that is nobody's to see any more."""
    shown = shows(circulation)
    return Said(
        kind=Kind(answer.kind),
        revision=answer.revision.number,
        digest=answer.revision.digest,
        headline=answer.revision.parsed.authoritative.headline if shown else "",
        current=answer.revision_id == circulation.revision_id,
        late=circulation.came_late(answer.answered_at) and answer.id != signatory.counted_answer_id,
        own=answer.invitation_id == invitation.id,
        text=answer.text,
        listed_name=answer.listed_name,
        held_names=signatory.held_names(answer.listed_name, answer.names),
        names=answer.names or {},
        person_name=answer.person_name,
        person_role=answer.person_role,
        answered_at=answer.answered_at,
        chain_head=answer.event_hash,
        place=place_of(answer.passage),
        words=quoted(answer.passage["exact"]) if answer.passage and shown else "",
        withheld=answer.withheld,
        person_named=answer.person_named,
        logo=answer.logo,
        void=void,
    )


def shows(circulation: Circulation) -> bool:
    """A recalled or abandoned text is nobody's to see any more, not even its headline."""
    return circulation.outcome in (None, Outcome.COMPLETE, Outcome.CONCLUDED)
