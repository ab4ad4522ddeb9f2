"""Looking at remarks: threads with their place in a text, what became of them, and how many wait for a word."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from workflow.models.circulation import Circulation, Signatory
from workflow.models.commenting import Comment
from workflow.models.drafting import Revision
from workflow.queries.circulation import Place, latest_circulation, roll
from workflow.queries.drafting import latest_revision
from workflow.queries.threads import Reader, Row, Texts, Thread, lead_name, rows_of, texts_of, thread
from workflow.rules.circulation import Kind as AnswerKind
from workflow.rules.circulation import Role, Visibility
from workflow.rules.commenting import Kind
from workflow.rules.refusals import NotFound


@dataclass(frozen=True)
class Tally:
    """How many on a roll have given one kind of answer to the text in force (none: nothing yet), and which.

    `names` is empty where they are not told.
    """

    kind: AnswerKind | None
    count: int
    names: tuple[str, ...]


def threads(
    session: Session,
    statement_id: int,
    *,
    for_signatory: Signatory | None,
    visibility: Visibility = Visibility.EVERYTHING,
    in_text: Revision | None = None,
) -> list[Thread]:
    """The remarks on a statement that a reader may see, of all its circulations, oldest first.

    The lead (no signatory) sees all. A member sees what `visibility` and that of the circulation in which a remark was
    made let it see. Places are looked for in `in_text`: without it in the text in force, else in the newest one.
    """
    rows = rows_of(session, statement_id)
    newest = latest_circulation(session, statement_id)
    shown = in_text or _text_now(session, statement_id, newest)
    made_on = texts_of(session, {one.comment.revision_id for one in rows if one.comment.passage})
    texts = Texts(shown.parsed, made_on)
    organisation_id = for_signatory.organisation_id if for_signatory else None
    reader = Reader(organisation_id, visibility, lead_name(session, statement_id))
    replies: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        replies[row.comment.thread_id].append(row)
    return [
        thread(row, replies[row.comment.id], reader, newest, texts) for row in replies[None] if reader.sight(row).words
    ]


def _text_now(session: Session, statement_id: int, newest: Circulation | None) -> Revision:
    in_force = newest is not None and newest.outcome is None
    return newest.revision if newest and in_force else latest_revision(session, statement_id)


def became(
    session: Session,
    statement_id: int,
    *,
    for_signatory: Signatory | None,
    visibility: Visibility = Visibility.EVERYTHING,
    since: int = 0,
) -> list[Thread]:
    """What became of the remarks made on revision `since` or a later one, in the order of the text where they stand."""
    found = threads(session, statement_id, for_signatory=for_signatory, visibility=visibility)
    return by_place(one for one in found if one.revision >= since)


def by_place(found: Iterable[Thread]) -> list[Thread]:
    """Threads in the order of the text: on the whole of it first, those whose passage is gone last."""

    def rank(one: Thread) -> tuple[int, int, int, int]:
        if one.place is None:
            return (0 if one.passage is None else 2, one.revision, 0, one.id)
        return (1, one.place.order, one.place.start, one.id)

    return sorted(found, key=rank)


def undisposed(session: Session, statement_id: int) -> int:
    """How many remarks on a statement wait for the lead's word; objections that were taken back or replaced do not."""
    return remarks_count(session, statement_id)[1]


def remarks_count(session: Session, statement_id: int) -> tuple[int, int]:
    """How many remarks there are on a statement, and how many of them wait for the lead's word."""
    counts = remarks_by_signatory(session, statement_id).values()
    return sum(made for made, _ in counts), sum(waiting for _, waiting in counts)


def remarks_by_signatory(session: Session, statement_id: int) -> dict[int | None, tuple[int, int]]:
    """How many remarks each signatory of a statement's circulations has made, and how many of them wait."""
    given = or_(Comment.kind != Kind.OBJECTION, Comment.answer_id == Signatory.answer_id)
    waits = and_(Comment.disposition.is_(None), given)
    rows = session.execute(
        select(Comment.signatory_id, func.count(), func.count().filter(waits))
        .join(Circulation, Circulation.id == Comment.circulation_id)
        .outerjoin(Signatory, Signatory.id == Comment.signatory_id)
        .where(Circulation.statement_id == statement_id, Comment.thread_id.is_(None))
        .group_by(Comment.signatory_id)
    )
    return {signatory_id: (made, waiting) for signatory_id, made, waiting in rows}


def positions(
    session: Session, circulation: Circulation, own: int = 0, places: Sequence[Place] | None = None
) -> tuple[Tally, ...]:
    """The answers to the text in force as the members of a circulation see them; nothing where they see nothing.

    The circulation has its text in force loaded. Stale and contested answers count as none. Who asked not to be named
    is counted, and named only to itself (`own`, a signatory's id). `places` is the roll, where it was read already.
    """
    if circulation.visibility == Visibility.NOTHING:
        return ()
    named = circulation.visibility == Visibility.EVERYTHING
    answered: dict[AnswerKind | None, list[str]] = defaultdict(list)
    counted: Counter[AnswerKind | None] = Counter()
    for place in roll(session, circulation.id) if places is None else places:
        standing = place.standing(circulation)
        carried = standing.carried and standing.kind in (AnswerKind.SIGN_OFF, AnswerKind.OBJECTION)
        observes = place.role == Role.OBSERVER and standing.kind is AnswerKind.SIGN_OFF
        counts = (standing.current or carried) and not standing.late and not observes and not standing.contested
        kind = standing.kind if counts and standing.kind is not AnswerKind.TAKEN_BACK else None
        counted[kind] += 1
        if not place.withheld or place.signatory_id == own:
            answered[kind].append(place.name)
    order = [AnswerKind.SIGN_OFF, AnswerKind.OBJECTION, AnswerKind.DECLINE, AnswerKind.ABSTAIN, None]
    return tuple(Tally(kind, counted[kind], tuple(answered[kind]) if named else ()) for kind in order if counted[kind])


# For the actions ---------------------------------------------------------------------------------


def remark_of(session: Session, statement_id: int, comment_id: int) -> Comment:
    """A remark (no reply) on this statement, with revision, signatory, circulation and invitation. Raises NotFound."""
    found = session.scalar(
        select(Comment)
        .join(Comment.circulation)
        .where(Comment.id == comment_id, Comment.thread_id.is_(None), Circulation.statement_id == statement_id)
        .options(
            contains_eager(Comment.circulation),
            joinedload(Comment.revision),
            joinedload(Comment.taken_into),
            joinedload(Comment.signatory),
            joinedload(Comment.invitation),
        )
    )
    if found is None:
        raise NotFound
    return found


def comments_of_invitation(session: Session, invitation_id: int) -> tuple[int, Comment | None]:
    """How many remarks and replies came by an invitation, and the newest of them."""
    made = session.scalar(select(func.count()).where(Comment.invitation_id == invitation_id)) or 0
    newest = session.scalar(
        select(Comment).where(Comment.invitation_id == invitation_id).order_by(Comment.id.desc()).limit(1)
    )
    return made, newest


def name_before(session: Session, invitation_id: int) -> str:
    """The name that was typed with the newest remark or reply by an invitation; empty where there is none."""
    newest = select(Comment.person_name).where(Comment.invitation_id == invitation_id).order_by(Comment.id.desc())
    return session.scalar(newest.limit(1)) or ""
