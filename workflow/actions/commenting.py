"""Commenting: a remark that decides nothing."""

from datetime import datetime

from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.commenting import Comment
from workflow.queries.circulation import statement_of_invitation
from workflow.queries.commenting import comments_of_invitation
from workflow.queries.drafting import take_statement_by_id
from workflow.queries.signing import invitation_for_answer
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.refusals import FormRefused, Message, TextMoved, TooManyTries
from workflow.rules.signing import check_link

LONGEST_COMMENT = 10_000
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
) -> Comment:
    """Keep a remark on the text in force, and tell the lead. Raises Refusals."""
    _check(person_name, text)
    with transaction(session):
        statement = take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        invitation = invitation_for_answer(session, invitation_id)
        circulation = invitation.signatory.circulation
        check_link(invitation.facts(generation, circulation.outcome), now)
        after(Stage(statement.stage), Move.ANSWER)
        if digest != circulation.revision.digest:
            raise TextMoved(shown=digest, current=circulation.revision.digest)
        made, newest = comments_of_invitation(session, invitation_id)
        if newest is not None and (newest.text, newest.person_name) == (text, person_name):
            return newest  # the same button pressed twice
        if made >= COMMENTS_PER_INVITATION:
            raise TooManyTries(minutes=60)
        remark = Comment(
            circulation_id=circulation.id,
            signatory_id=invitation.signatory_id,
            revision_id=circulation.revision_id,
            invitation_id=invitation_id,
            person_name=person_name,
            text=text,
            made_at=now,
        )
        session.add(remark)
        session.flush()
        if circulation.opened_by_id is not None:
            letter = outbox.Draft(
                outbox.Kind.COMMENTED,
                user_id=circulation.opened_by_id,
                statement_id=statement.id,
                subject_id=remark.id,
            )
            outbox.put(session, now, [letter])
    return remark


def _check(person_name: str, text: str) -> None:
    problems: dict[str, Message] = {}
    if not person_name:
        problems["person_name"] = Message("answer.name-missing")
    if not text:
        problems["text"] = Message("comment.empty")
    elif len(text) > LONGEST_COMMENT:
        problems["text"] = Message("comment.too-long", {"limit": LONGEST_COMMENT})
    if problems:
        raise FormRefused(problems)
