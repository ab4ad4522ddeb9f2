"""Remarks as a reader sees them: the rows of a statement's remarks, made into threads with their place in a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from workflow.models.circulation import Circulation, Signatory
from workflow.models.coalition import Organisation
from workflow.models.commenting import Comment
from workflow.models.drafting import Revision, Statement
from workflow.models.signing import Answer
from workflow.queries.circulation import withheld_organisations
from workflow.rules.circulation import Visibility
from workflow.rules.commenting import ALL, Disposition, Kind, Objection, Sight, objection_now, sees, stricter
from workflow.rules.refusals import Message
from workflow.text.anchoring import locate_in
from workflow.text.blocks import Block, blocks, label
from workflow.text.content import Content, Edition
from workflow.text.digest import parse
from workflow.text.passages import Passage
from workflow.text.redline import Change, compare


@dataclass(frozen=True)
class Who:
    """Who said something: a person of an organisation. Both are empty where the reader may not know them.

    `own`: the reader's own organisation. `lead`: the organisation that asks.
    """

    organisation: str = ""
    person: str = ""
    own: bool = False
    lead: bool = False


@dataclass(frozen=True)
class Reply:
    """One reply in a thread."""

    id: int
    who: Who
    text: str
    made_at: datetime


@dataclass(frozen=True)
class Spot:
    """Where a passage stands in the text shown: from `start` in `block` to before `end` in `last`.

    `order` counts the blocks in the order of the page; `label` is what a person calls the block. `language` names the
    edition, and is empty for the authoritative one.
    """

    block: str
    start: int
    last: str
    end: int
    order: int
    label: Message
    language: str = ""


@dataclass(frozen=True)
class Thread:
    """One remark with all that was said about it.

    `passage` is none for a remark on the whole text. `place` is where the passage stands in the text shown; none where
    it is not there any more: then it was "on revision n, since changed". `place_then` is what its block was called
    in the revision it was made on. `redline` leads from its words to the wording that a suggestion proposes.
    `earlier`: it was made in a circulation before the newest one. `taken_into`: the number of the revision that took
    it up, or 0. `written_in` is the language of the edition in which the passage stands, `translation` that this is not
    the authoritative one.
    """

    id: int
    kind: Kind
    who: Who
    text: str
    made_at: datetime
    revision: int
    earlier: bool
    passage: Passage | None
    place: Spot | None
    place_then: Message | None
    proposed: str
    redline: tuple[Change, ...]
    objection: Objection | None
    disposition: Disposition | None
    reason: str
    disposed_at: datetime | None
    taken_into: int
    replies: tuple[Reply, ...]
    written_in: str = ""
    translation: bool = False

    @property
    def since_changed(self) -> bool:
        """Whether its passage is no longer in the text shown."""
        return self.passage is not None and self.place is None

    @property
    def waits(self) -> bool:
        """Whether the lead has still to say what it makes of it."""
        return self.disposition is None and self.objection in (None, Objection.STANDS, Objection.EARLIER)


@dataclass(frozen=True)
class Row:
    """One remark or reply as the query gives it; `newest` is its signatory's newest answer."""

    comment: Comment
    revision: int
    circulation_id: int
    visibility: Visibility
    organisation_id: int | None
    organisation: str
    newest_id: int | None
    newest: str | None
    answered_revision_id: int | None
    taken_into: int
    withheld: bool

    @property
    def by_lead(self) -> bool:
        """Whether the lead says it as such: a reply. (What an organisation said at the desk is that organisation's.)"""
        return self.comment.signatory_id is None


@dataclass(frozen=True)
class Reader:
    """Who reads: a member's organisation under what it may see of the others, or the lead (none), who sees all."""

    organisation_id: int | None
    visibility: Visibility
    lead: str

    def sight(self, row: Row) -> Sight:
        """What this reader sees of a remark: never more than was said to those who made it."""
        if self.organisation_id is None or row.by_lead:
            return ALL
        visibility = stricter(self.visibility, row.visibility)
        return sees(visibility, own=row.organisation_id == self.organisation_id)

    def who(self, row: Row) -> Who:
        """Whose a remark is, as far as this reader may know."""
        if row.by_lead:
            return Who(self.lead, row.comment.person_name, lead=True)
        own = self.organisation_id is not None and row.organisation_id == self.organisation_id
        names = self.sight(row).names and (own or self.organisation_id is None or not row.withheld)
        return Who(row.organisation, row.comment.person_name, own=own) if names else Who()


@dataclass(frozen=True)
class Texts:
    """The text in which places are looked for, and the texts that remarks were made on, by the ids of revisions."""

    shown: Content
    made_on: Mapping[int, Content]

    @cached_property
    def _labels(self) -> dict[tuple[int, str], dict[str, Message]]:
        """What the blocks of each text that remarks were made on are called, by the edition."""
        return {
            (id_, text.short(edition)): {one.key: label(one) for one in blocks(edition)}
            for id_, text in self.made_on.items()
            for edition in text.editions
        }

    @cached_property
    def _shown(self) -> dict[tuple[str, str], tuple[int, Block]]:
        """The blocks of the text shown by their editions, each with its number in the order of the page."""
        found = [(self.shown.short(edition), one) for edition in self.shown.editions for one in blocks(edition)]
        return {(language, one.key): (at, one) for at, (language, one) in enumerate(found)}

    def edition_of(self, comment: Comment) -> Edition | None:
        """The edition on a passage of which a remark was made; none for one on the whole text."""
        if comment.passage is None:
            return None
        return self.made_on[comment.revision_id].find(Passage.from_json(comment.passage).language)

    def places(self, comment: Comment) -> tuple[Passage | None, Spot | None, Message | None]:
        """The passage of a remark, where it stands in the text shown, and what its block was called then."""
        if comment.passage is None:
            return None, None, None
        passage = Passage.from_json(comment.passage)
        then = self._labels.get((comment.revision_id, passage.language), {}).get(passage.block)
        found = locate_in(passage, self.made_on[comment.revision_id], self.shown)
        if found is None:
            return passage, None, then
        order, block = self._shown[passage.language, found.block]
        spot = Spot(found.block, found.start, found.last, found.end, order, label(block), passage.language)
        return passage, spot, then


def rows_of(session: Session, statement_id: int) -> list[Row]:
    """All remarks and replies on a statement, oldest first, by one query."""
    newest, into, of_answer = aliased(Answer), aliased(Revision), aliased(Answer)
    hides = Signatory.organisation_id.in_(withheld_organisations(statement_id)).is_(True)
    found = session.execute(
        select(
            Comment,
            Revision.number,
            Circulation.id,
            Circulation.visibility,
            Signatory.organisation_id,
            Signatory.name,
            newest.id,
            newest.kind,
            of_answer.revision_id,
            into.number,
            hides,
        )
        .join(Circulation, Circulation.id == Comment.circulation_id)
        .join(Revision, Revision.id == Comment.revision_id)
        .outerjoin(Signatory, Signatory.id == Comment.signatory_id)
        .outerjoin(newest, newest.id == Signatory.answer_id)
        .outerjoin(of_answer, of_answer.id == Comment.answer_id)
        .outerjoin(into, into.id == Comment.taken_into_id)
        .where(Circulation.statement_id == statement_id)
        .order_by(Comment.id)
    )
    return [
        Row(comment, number, circulation, Visibility(seen), whose, name or "", answer, kind, revision, taken or 0, hide)
        for comment, number, circulation, seen, whose, name, answer, kind, revision, taken, hide in found
    ]


def texts_of(session: Session, revision_ids: set[int]) -> dict[int, Content]:
    """The texts of these revisions, by one query."""
    if not revision_ids:
        return {}
    found = session.execute(select(Revision.id, Revision.content).where(Revision.id.in_(revision_ids)))
    return {id_: parse(content) for id_, content in found}


def lead_name(session: Session, statement_id: int) -> str:
    """The name of the organisation that asks."""
    of_statement = select(Organisation.name).join(Statement, Statement.lead_id == Organisation.id)
    return session.scalars(of_statement.where(Statement.id == statement_id)).one()


def thread(row: Row, replies: Sequence[Row], reader: Reader, newest: Circulation | None, texts: Texts) -> Thread:
    """One remark with the replies that the reader may see. `newest` is the newest circulation."""
    comment = row.comment
    passage, place, then = texts.places(comment)
    edition = texts.edition_of(comment)
    return Thread(
        id=comment.id,
        kind=Kind(comment.kind),
        who=reader.who(row),
        text=comment.text,
        made_at=comment.made_at,
        revision=row.revision,
        earlier=newest is not None and newest.id != row.circulation_id,
        passage=passage,
        place=place,
        place_then=then,
        proposed=comment.proposed,
        redline=tuple(compare(passage.exact, comment.proposed)) if passage and comment.kind == Kind.SUGGESTION else (),
        objection=_objection(row, newest),
        disposition=Disposition(comment.disposition) if comment.disposition else None,
        reason=comment.reason,
        disposed_at=comment.disposed_at,
        taken_into=row.taken_into,
        replies=tuple(
            Reply(one.comment.id, reader.who(one), one.comment.text, one.comment.made_at)
            for one in replies
            if reader.sight(one).words
        ),
        written_in=edition.language if edition else "",
        translation=bool(passage and passage.language),
    )


def _objection(row: Row, newest: Circulation | None) -> Objection | None:
    if row.comment.answer_id is None:
        return None
    here = newest is not None and newest.outcome is None and newest.id == row.circulation_id
    in_force = here and newest is not None and row.answered_revision_id in (newest.revision_id, *newest.carried)
    return objection_now(row.comment.answer_id, row.newest_id, row.newest, in_force=in_force)
