"""Commenting: remarks by link, on the whole text or a passage, and replies. They decide nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.actions.closing import break_silence
from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.circulation import Circulation, Invitation
from workflow.models.commenting import Comment
from workflow.models.drafting import Statement
from workflow.queries.circulation import statement_of_invitation
from workflow.queries.commenting import comments_of_invitation, remark_of
from workflow.queries.drafting import take_statement_by_id
from workflow.queries.signing import invitation_for_answer
from workflow.rules.circulation import Role, Visibility
from workflow.rules.commenting import LONGEST_REMARK, Kind, check_remark, sees, stricter
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.refusals import FormRefused, Message, NotFound, TextMoved
from workflow.rules.signing import check_link
from workflow.text.anchoring import stands_in

LONGEST_COMMENT = LONGEST_REMARK
COMMENTS_PER_INVITATION = 200


def comment(
    session: Session,
    now: datetime,
    invitation_id: int,
    generation: int,
    *,
    digest: str,
    person_name: str,
    text: str,
    kind: str = Kind.COMMENT,
    passage: Mapping[str, Any] | None = None,
    proposed: str = "",
) -> Comment:
    """Keep a comment or a suggestion on the text in force, and tell the lead. Raises Refusals.

    `passage` is the JSON of a Passage in that text; a suggestion proposes the wording `proposed` for it (none: to
    strike the words).
    """
    said = {"person_name": person_name, "text": text, "proposed": proposed}
    offered = Comment(kind=str(kind), passage=passage, thread_id=None, **said)
    check_remark(kind, person_name, text, proposed, str(passage["exact"]) if passage and "exact" in passage else None)
    with transaction(session):
        statement, invitation, circulation = _asked(session, now, invitation_id, generation)
        if digest != circulation.revision.digest:
            raise TextMoved(shown=digest, current=circulation.revision.digest)
        if passage is not None and not stands_in(passage, circulation.revision.parsed):
            raise FormRefused({"passage": Message("passage.unknown")})
        return _keep(session, now, statement, invitation, offered)


def reply(
    session: Session,
    now: datetime,
    invitation_id: int,
    generation: int,
    *,
    thread_id: int,
    person_name: str,
    text: str,
) -> Comment:
    """Keep a member's reply to a remark that it may see, and tell the lead. Raises Refusals."""
    check_remark(Kind.REPLY, person_name, text, "", None)
    with transaction(session):
        statement, invitation, circulation = _asked(session, now, invitation_id, generation)
        remark = remark_of(session, statement.id, thread_id)
        own = remark.signatory is not None and remark.signatory.organisation_id == invitation.signatory.organisation_id
        visibility = stricter(Visibility(circulation.visibility), Visibility(remark.circulation.visibility))
        if not sees(visibility, own=own).words:
            raise NotFound
        said = {"person_name": person_name, "text": text, "proposed": ""}
        offered = Comment(kind=Kind.REPLY.value, passage=None, thread_id=remark.id, **said)
        return _keep(session, now, statement, invitation, offered)


def _asked(
    session: Session, now: datetime, invitation_id: int, generation: int
) -> tuple[Statement, Invitation, Circulation]:
    """The statement, taken, and who may remark on it by this link. Raises Refusals."""
    statement = take_statement_by_id(session, statement_of_invitation(session, invitation_id))
    invitation = invitation_for_answer(session, invitation_id)
    circulation = invitation.signatory.circulation
    check_link(invitation.facts(generation, circulation.outcome), now)
    after(Stage(statement.stage), Move.ANSWER)
    return statement, invitation, circulation


def _keep(session: Session, now: datetime, statement: Statement, invitation: Invitation, offered: Comment) -> Comment:
    """Keep what is offered by this link, unless it is the same button pressed twice; the lead is told."""
    made, newest = comments_of_invitation(session, invitation.id)
    if newest is not None and newest.says_the_same(offered):
        return newest
    if made >= COMMENTS_PER_INVITATION:
        raise FormRefused({"text": Message("comment.limit", {"limit": COMMENTS_PER_INVITATION})})
    circulation = invitation.signatory.circulation
    offered.circulation_id, offered.revision_id = circulation.id, circulation.revision_id
    offered.signatory_id, offered.invitation_id, offered.made_at = invitation.signatory_id, invitation.id, now
    session.add(offered)
    session.flush()
    if circulation.opened_by_id is not None:
        kind = outbox.Kind.REPLIED if offered.kind == Kind.REPLY else outbox.Kind.COMMENTED
        letter = outbox.Draft(kind, user_id=circulation.opened_by_id, statement_id=statement.id, subject_id=offered.id)
        outbox.put_gathered(session, now, letter)
    # An observer is not asked, so its proposal is no amendment.
    if offered.kind == Kind.SUGGESTION and invitation.signatory.part is not Role.OBSERVER:
        break_silence(session, statement, circulation, now)
    return offered
