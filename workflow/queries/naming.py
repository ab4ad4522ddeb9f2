"""Looking at a name that a signatory proposes to be listed under."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.models.circulation import Invitation, Signatory
from workflow.models.coalition import Organisation
from workflow.models.signing import Answer
from workflow.rules.refusals import NotFound

MOST_AT_ONCE = 20_000


def signatory_to_decide(
    session: Session, circulation_id: int, signatory_id: int, proposed: str, names: Mapping[str, str]
) -> tuple[Signatory, set[int]]:
    """A signatory whose newest answer proposes `proposed` as its name, and its invitations' ids.

    `names` are proposed for other languages. Raises NotFound where the proposal is no longer the newest, so that nobody
    accepts a name unseen.
    """
    if not proposed or "\0" in proposed:  # PostgreSQL would not even look for it
        raise NotFound
    row = session.execute(
        select(Signatory, Answer.names)
        .join(Answer, Answer.id == Signatory.answer_id)
        .where(
            Signatory.id == signatory_id,
            Signatory.circulation_id == circulation_id,
            Answer.listed_name == proposed,
        )
    ).one_or_none()
    if row is None or (row.names or {}) != names:
        raise NotFound
    signatory: Signatory = row.Signatory
    ids = session.scalars(select(Invitation.id).where(Invitation.signatory_id == signatory_id))
    return signatory, set(ids)


def registered_names(session: Session, organisation_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """The names of organisations that are registered for single languages, by their ids."""
    found: dict[int, dict[str, str]] = {}
    wanted = sorted(organisation_ids)
    for start in range(0, len(wanted), MOST_AT_ONCE):
        chosen = Organisation.id.in_(wanted[start : start + MOST_AT_ONCE])
        rows = session.execute(select(Organisation.id, Organisation.listed_names).where(chosen))
        found |= {row.id: row.listed_names for row in rows if row.listed_names}
    return found
