"""Looking at what letters tell of quotes: which organisation said what of one of its own."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow.mail.letters import Given
from workflow.models.posting import Letter
from workflow.models.quoting import QuoteAnswer


def said_of_quote(session: Session, letter: Letter) -> Given:
    """What the letter's subject, a word of an organisation on a quote of its own, said."""
    said = session.scalars(
        select(QuoteAnswer)
        .where(QuoteAnswer.id == letter.subject_id)
        .options(joinedload(QuoteAnswer.revision), joinedload(QuoteAnswer.signatory))
    ).one()
    return Given(
        organisation=said.signatory.name,
        kind=f"quote-{said.decision}",
        person_name=said.person_name,
        person_role=said.person_role,
        listed_name="",
        revision=said.revision.number,
        digest=said.quote_digest,
        at=said.decided_at,
        chain_head=said.event_hash,
    )
