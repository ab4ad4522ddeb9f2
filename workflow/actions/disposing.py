"""Disposing: what the lead makes of remarks. It replies, says what becomes of one, takes a suggestion's wording up."""

from datetime import datetime

from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.commenting import Comment
from workflow.models.drafting import Revision, Statement
from workflow.queries.commenting import remark_of
from workflow.queries.drafting import latest_revision, revision, take_statement, user_of
from workflow.queries.living_links import living_invitations
from workflow.rules.commenting import Disposition, Kind, check_disposition, check_remark
from workflow.rules.lifecycle import Move
from workflow.rules.refusals import NotFound, SuggestionConflict, TextMoved
from workflow.text.anchoring import edition_of, locate_in
from workflow.text.blocks import blocks, plain
from workflow.text.content import Content
from workflow.text.passages import Passage
from workflow.text.rewording import reworded

REMARK_ANSWERED = "remark answered"


def reply_as_lead(session: Session, now: datetime, user_id: int, public_id: str, thread_id: int, text: str) -> Comment:
    """Keep the lead's reply to a remark, and tell the contact who made it. Raises Refusals."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        person = user_of(session, user_id).name
        check_remark(Kind.REPLY, person, text, "", None)
        remark = remark_of(session, statement.id, thread_id)
        said = Comment(
            circulation_id=remark.circulation_id,
            revision_id=remark.revision_id,
            user_id=user_id,
            thread_id=remark.id,
            kind=Kind.REPLY.value,
            person_name=person,
            text=text,
            made_at=now,
        )
        session.add(said)
        session.flush()
        _tell(session, now, statement, remark, outbox.Kind.REPLIED)
    return said


def dispose(
    session: Session,
    now: datetime,
    user_id: int,
    public_id: str,
    comment_id: int,
    disposition: str,
    reason: str,
    *,
    into: int = 0,
) -> Comment:
    """Say what becomes of a remark, and tell the contact who made it; the newest word holds. Raises Refusals.

    `into` is the number of the revision that took it up, where there is one.
    """
    chosen = check_disposition(disposition, reason)
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        remark = remark_of(session, statement.id, comment_id)
        taken_into = revision(session, statement.id, into) if into and chosen is not Disposition.DECLINED else None
        if (remark.disposition, remark.reason, remark.taken_into) != (chosen.value, reason, taken_into):
            _dispose(session, now, user_id, statement, remark, chosen, reason, taken_into)
    return remark


def accept(session: Session, now: datetime, user_id: int, public_id: str, comment_id: int, based_on: int) -> Revision:
    """Put the wording of a suggestion into a new revision, exactly where its passage stands in the newest one.

    `based_on` is the number of the newest revision that the page showed; TextMoved where there is a newer one. Raises
    SuggestionConflict where it cannot be done without guessing. The same again gives the revision that is there.
    """
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        remark = remark_of(session, statement.id, comment_id)
        if remark.kind != Kind.SUGGESTION or remark.passage is None:
            raise NotFound
        taken = remark.taken_into if remark.disposition == Disposition.ACCEPTED else None
        if taken is not None and _has_wording(taken, remark):
            return taken
        statement.move(Move.REVISE)
        newest = latest_revision(session, statement.id)
        if newest.number != based_on:
            raise TextMoved(shown=str(based_on), current=str(newest.number))
        added = statement.add_revision(_with_wording(remark, newest), now, user_id)
        session.flush()
        _dispose(session, now, user_id, statement, remark, Disposition.ACCEPTED, "", added)
    return added


def _has_wording(text: Revision, suggestion: Comment) -> bool:
    """Whether a revision has the wording; by hand any revision can be said to have taken it up."""
    words, struck = plain(suggestion.proposed), Passage.from_json(suggestion.passage).exact
    edition = edition_of(suggestion.passage, text.parsed)
    texts = [block.text for block in blocks(edition)] if edition else []
    return any(words in one for one in texts) if words else not any(struck in one for one in texts)


def _with_wording(suggestion: Comment, newest: Revision) -> Content:
    content, passage = newest.parsed, Passage.from_json(suggestion.passage)
    place, edition = locate_in(passage, suggestion.revision.parsed, content), content.find(passage.language)
    if place is None or edition is None:
        raise SuggestionConflict(why="gone")
    return content.with_edition(passage.language, reworded(edition, place, suggestion.proposed))


def _dispose(
    session: Session,
    now: datetime,
    user_id: int,
    statement: Statement,
    remark: Comment,
    disposition: Disposition,
    reason: str,
    taken_into: Revision | None,
) -> None:
    remark.dispose(disposition.value, reason, now, user_id)
    remark.taken_into = taken_into
    organisation = remark.signatory.name if remark.signatory else ""
    facts: dict[str, object] = {
        "remark": remark.kind,
        "revision": remark.revision.number,
        "disposition": disposition.value,
        "signatory": statement.disclose({"organisation": organisation}),
        "said": statement.disclose({"reason": reason}),
        **({"taken_into": taken_into.number} if taken_into else {}),
    }
    statement.record(REMARK_ANSWERED, now, facts)
    session.flush()
    _tell(session, now, statement, remark, outbox.Kind.DISPOSED)


def _tell(session: Session, now: datetime, statement: Statement, remark: Comment, kind: outbox.Kind) -> None:
    """A letter to the contact who made a remark, by the newest link that it holds, if one still opens."""
    if remark.invitation is None:
        return
    living = living_invitations(session, statement.id, remark.invitation.contact_id)
    open_ones = [one for one in living if one.expires_at > now]
    if open_ones:
        letter = outbox.Draft(
            kind,
            contact_id=remark.invitation.contact_id,
            statement_id=statement.id,
            invitation_id=open_ones[-1].id,
            subject_id=remark.id,
        )
        outbox.put_gathered(session, now, letter)
