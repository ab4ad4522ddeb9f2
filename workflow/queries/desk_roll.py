"""Looking at a roll as the lead watches it: who got the letter, who answered what, what went wrong."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.models.contesting import Contest
from workflow.models.drafting import Statement
from workflow.models.recording import Recording
from workflow.models.signing import Answer
from workflow.queries.circulation import Place, latest_circulation, roll, rule_of, standings
from workflow.queries.coalition import named_only
from workflow.queries.commenting import remarks_by_signatory
from workflow.queries.contesting import ContestLine, contests_on
from workflow.queries.desk import progress, statement_by_public_id
from workflow.queries.desk_letters import LetterLine, failed_letters, link_letters
from workflow.queries.mentions import withheld_still_named
from workflow.queries.noting import LaterLine, spoken_later
from workflow.queries.quoting import OwnQuote, newest_words, said_of
from workflow.queries.recording import RecordingLine, recordings_on
from workflow.queries.reminding import Asked, Planned, passed, tally
from workflow.queries.voices import voices_on
from workflow.rules.amending import out_of_reach
from workflow.rules.circulation import Role, Standing, sentence
from workflow.rules.counting import countable, would_complete
from workflow.rules.refusals import Message, NotFound
from workflow.rules.voices import Voices

# The contact who named another one as a colleague, and its invitation.
_NAMED_BY, _NAMING = aliased(Invitation), aliased(Contact)


@dataclass(frozen=True)
class ContactLine:
    """A contact of an organisation on the roll, with the invitation it has, if any."""

    contact_id: int
    name: str
    mail: str
    removed: bool
    invitation_id: int | None
    opened_at: datetime | None
    revoked_at: datetime | None
    expires_at: datetime | None
    letter: LetterLine | None
    asked_at: datetime | None
    reminded_at: datetime | None
    zone: str
    handed_on: bool = False
    waits: bool = False
    named_by: str = ""
    alternate: bool = False
    away_until: datetime | None = None

    @property
    def able(self) -> bool:
        """Whether it has a link that opens, and is still a contact."""
        shut = self.removed or self.revoked_at is not None or self.handed_on or self.waits
        return self.invitation_id is not None and not shut


@dataclass(frozen=True)
class AnswerLine:
    """What an answer said beside its kind, and by whom; `at_desk` where it came by no link."""

    text: str
    person_name: str
    person_role: str
    at_desk: bool


@dataclass(frozen=True)
class SignatoryLine:
    """One place on the roll with all that the lead sees of it; `comments` is how many remarks it has made.

    `countable`: its answer came late, and can be counted; `completes`: the rule would be met by that. `voices`: what
    each contact said, where several have to say the same. `still_named`: it asked not to be named, and the text in
    force names it. `later`: what it did after the publication, oldest first.
    """

    place: Place
    standing: Standing
    answer: AnswerLine | None
    contacts: Sequence[ContactLine]
    comments: int
    quotes: Sequence[OwnQuote] = ()
    countable: bool = False
    completes: bool = False
    contests: Sequence[ContestLine] = ()
    recordings: Sequence[RecordingLine] = ()
    voices: Voices | None = None
    still_named: bool = False
    later: Sequence[LaterLine] = ()

    @property
    def opened_later(self) -> set[int]:
        """The invitations that spoke after the publication: they were opened, whatever was noted before it."""
        return {one.invitation_id for one in self.later if one.invitation_id is not None}

    @property
    def unreachable(self) -> bool:
        """Nobody is left who holds a link or could be sent one: its standing signatory is gone."""
        return bool(self.contacts) and all(one.removed for one in self.contacts)

    @property
    def able(self) -> int:
        """How many of its contacts have a link that opens."""
        return sum(one.able for one in self.contacts)


@dataclass(frozen=True)
class RollPage:
    """The newest circulation of a statement, open or ended.

    `remarked`: how many remarks there are on the statement, and how many of them wait for the lead's word.
    """

    statement: Statement
    circulation: Circulation
    lines: Sequence[SignatoryLine]
    failed: Sequence[LetterLine]
    remarked: tuple[int, int] = (0, 0)

    @property
    def open(self) -> bool:
        return self.circulation.outcome is None

    @property
    def newer_text(self) -> int:
        """The number of a revision that was saved but is not in force, or 0."""
        newest = self.statement.revision_count
        return newest if newest > self.circulation.revision.number else 0

    def plan(self, now: datetime) -> list[Planned]:
        """When how many contacts will be reminded, as it stands."""
        return tally(self.circulation, [line.place for line in self.lines], self._asked, now)

    def passed(self, now: datetime) -> list[datetime]:
        """When contacts were to be reminded, where that has passed."""
        return passed(self.circulation, self._asked, now)

    @property
    def _asked(self) -> list[Asked]:
        return [
            Asked(line.place.signatory_id, one.opened_at, one.asked_at, one.reminded_at, one.zone)
            for line in self.lines
            for one in line.contacts
            if one.asked_at is not None and one.revoked_at is None and not one.removed
        ]

    @property
    def missing(self) -> Message:
        return sentence(self.circulation.rule, [line.standing for line in self.lines])

    @property
    def rule(self) -> Message:
        return rule_of(self.circulation, [line.place for line in self.lines])

    @property
    def out_of_reach(self) -> bool:
        """Whether the rule asks for more sign-offs than the roll can give."""
        return out_of_reach(self.circulation.rule, [Role(line.place.role) for line in self.lines])

    @property
    def progress(self) -> tuple[int, int]:
        return progress([line.standing for line in self.lines])


def roll_page(session: Session, public_id: str) -> RollPage:
    """The roll to watch, by a number of queries that does not grow with it. Raises NotFound."""
    statement = statement_by_public_id(session, public_id)
    circulation = latest_circulation(session, statement.id)
    if circulation is None:
        raise NotFound
    places = roll(session, circulation.id)
    letters = link_letters(session, circulation.id)
    contacts, said = _contacts(session, circulation.id, letters)
    answers = _answers(session, circulation.id)
    comments = remarks_by_signatory(session, statement.id)
    contests = contests_on(session, circulation.id) if "contest" in said else {}
    recordings = recordings_on(session, circulation.id) if "recording" in said else {}
    content = circulation.revision.parsed
    words = newest_words(session, [place.signatory_id for place in places if place.quotes])
    voices = voices_on(session, circulation, {one.signatory_id: one.needed for one in places if one.answer_id})
    hidden = any(place.withheld for place in places)
    naming = withheld_still_named(session, circulation) if hidden else {}
    later = spoken_later(session, statement)
    standing_all, rule = standings(circulation, places), circulation.rule
    lines = [
        SignatoryLine(
            place,
            standing,
            answers.get(place.signatory_id),
            contacts.get(place.signatory_id, []),
            comments.get(place.signatory_id, (0, 0))[0],
            said_of(place.quotes, content, words.get(place.signatory_id, {})),
            countable=countable(rule, standing),
            completes=countable(rule, standing) and would_complete(rule, standing_all, at),
            contests=contests.get(place.signatory_id, ()),
            recordings=recordings.get(place.signatory_id, ()),
            voices=voices.get(place.signatory_id),
            still_named=place.signatory_id in naming,
            later=later.get(place.signatory_id, ()),
        )
        for at, (place, standing) in enumerate(zip(places, standing_all, strict=True))
    ]
    remarked = (sum(made for made, _ in comments.values()), sum(waiting for _, waiting in comments.values()))
    return RollPage(statement, circulation, lines, failed_letters(session, circulation, letters), remarked)


def _contacts(
    session: Session, circulation_id: int, letters: dict[int, LetterLine]
) -> tuple[dict[int, list[ContactLine]], set[str]]:
    """The contacts by signatory; and whether there is a `contest` or a `recording` at all, which is seldom so."""
    rows = session.execute(
        select(
            Signatory.id,
            Contact.id,
            Contact.name,
            Contact.mail,
            Contact.removed,
            Invitation.id,
            Invitation.opened_at,
            Invitation.revoked_at,
            Invitation.expires_at,
            Invitation.created_at,
            Invitation.reminded_at,
            Contact.time_zone,
            Invitation.handed_to_id.is_not(None),
            Invitation.waits_for_lead,
            _NAMING.name,
            Contact.alternate,
            Contact.away_until,
            select(Contest.id).where(Contest.signatory_id == Signatory.id).exists(),
            select(Recording.id).where(Recording.signatory_id == Signatory.id).exists(),
        )
        .join(Contact, Contact.organisation_id == Signatory.organisation_id)
        .outerjoin(Invitation, (Invitation.signatory_id == Signatory.id) & (Invitation.contact_id == Contact.id))
        .outerjoin(_NAMED_BY, _NAMED_BY.id == Invitation.named_by_id)
        .outerjoin(_NAMING, _NAMING.id == _NAMED_BY.contact_id)
        .where(
            Signatory.circulation_id == circulation_id,
            or_(Contact.removed.is_(False), Invitation.id.is_not(None)),
        )
        .order_by(Contact.id)
    ).all()
    found: dict[int, list[ContactLine]] = defaultdict(list)
    said: set[str] = set()
    for signatory_id, *facts, contested, recorded in _known(session, rows):
        said |= {word for word, there in (("contest", contested), ("recording", recorded)) if there}
        letter = letters.get(facts[4])
        found[signatory_id].append(ContactLine(*[*facts[:8], letter, *facts[8:]]))
    return found, said


def _known(session: Session, rows: Sequence[Any]) -> list[Any]:
    """Without whom only a colleague has named, for another statement, and no lead has accepted: nobody to invite."""
    uninvited = [contact_id for _, contact_id, _, _, _, invitation_id, *_ in rows if invitation_id is None]
    unknown = named_only(session, uninvited) if uninvited else set()
    return [row for row in rows if row[5] is not None or row[1] not in unknown]


def _answers(session: Session, circulation_id: int) -> dict[int, AnswerLine]:
    rows = session.execute(
        select(Signatory.id, Answer.text, Answer.person_name, Answer.person_role, Answer.user_id)
        .join(Answer, Answer.id == Signatory.answer_id)
        .where(Signatory.circulation_id == circulation_id)
    )
    return {
        signatory_id: AnswerLine(text, name, role, user_id is not None)
        for signatory_id, text, name, role, user_id in rows
    }
