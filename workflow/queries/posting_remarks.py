"""Looking at what letters tell of remarks: who made them, how many more there are, whether there is a list to read."""

from dataclasses import replace

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from workflow.mail.letters import LetterView
from workflow.mail.outbox import Kind
from workflow.models.circulation import Circulation, Signatory
from workflow.models.commenting import Comment
from workflow.models.posting import Letter
from workflow.rules.circulation import Visibility
from workflow.rules.commenting import Kind as RemarkKind

# What the lead is told of in one letter: remarks, or replies in their threads.
TOLD = {Kind.COMMENTED: (RemarkKind.COMMENT, RemarkKind.SUGGESTION), Kind.REPLIED: (RemarkKind.REPLY,)}


def told_of_remark(session: Session, letter: Letter, view: LetterView) -> LetterView:
    """The view with who remarked or replied, and how many more have come in since the letter was put."""
    comment = session.scalars(
        select(Comment).where(Comment.id == letter.subject_id).options(joinedload(Comment.signatory))
    ).one()
    others = session.scalar(
        select(func.count())
        .select_from(Comment)
        .join(Circulation, Circulation.id == Comment.circulation_id)
        .where(
            Circulation.statement_id == letter.statement_id,
            Comment.id > comment.id,
            Comment.invitation_id.is_not(None),
            Comment.kind.in_(TOLD[view.kind]),
        )
    )
    organisation = comment.signatory.name if comment.signatory else ""
    return replace(
        view,
        person=comment.person_name,
        organisation=organisation,
        others=others or 0,
        link=f"{view.link}/remarks#remark-{comment.thread_id or comment.id}",
    )


def has_list(session: Session, circulation: Circulation, signatory: Signatory) -> bool:
    """Whether anything can be read behind a signatory's link of what became of remarks that were made before."""
    own = Signatory.organisation_id == signatory.organisation_id
    open_to_it = Circulation.visibility != Visibility.NOTHING
    whose = own if circulation.visibility == Visibility.NOTHING else or_(own, open_to_it)
    found = session.scalar(
        select(Comment.id)
        .join(Circulation, Circulation.id == Comment.circulation_id)
        .join(Signatory, Signatory.id == Comment.signatory_id)
        .where(Circulation.statement_id == circulation.statement_id, Comment.disposition.is_not(None), whose)
        .limit(1)
    )
    return found is not None
