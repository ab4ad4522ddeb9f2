"""Looking at logos: the bytes behind a digest, which one stands beside whose name, and whose it may be to see."""

from collections.abc import Collection

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from workflow.models.circulation import Circulation, Signatory
from workflow.models.drafting import Statement
from workflow.models.logos import Logo
from workflow.queries.listing import said_of
from workflow.rules.refusals import FormRefused, Message, NotFound
from workflow.rules.signing import Offered

# Both databases take this many values in one query.
MOST_AT_ONCE = 500


def contents(session: Session, digests: Collection[str]) -> dict[str, bytes]:
    """The PNGs with these digests, as far as they are there, for files that hold pictures.

    It looks at nobody's right to see them: the digests of a publication are `PublicStatement.logos`.
    """
    wanted, found = sorted(set(digests)), dict[str, bytes]()
    for start in range(0, len(wanted), MOST_AT_ONCE):
        chosen = Logo.digest.in_(wanted[start : start + MOST_AT_ONCE])
        found |= dict(session.execute(select(Logo.digest, Logo.content).where(chosen)).all())
    return found


def content(session: Session, digest: str) -> bytes:
    """The PNG with this digest, whoever may see it. Raises NotFound."""
    found = session.scalar(select(Logo.content).where(Logo.digest == digest).limit(1))
    if found is None:
        raise NotFound
    return found


def content_of(session: Session, organisation_id: int, digest: str) -> bytes:
    """The same, where it is or was the logo of this organisation. Raises NotFound."""
    found = session.get(Logo, (organisation_id, digest))
    if found is None:
        raise NotFound
    return found.content


def content_on_roll(session: Session, public_id: str, digest: str) -> bytes:
    """The same, where it is or was the logo of one that is asked to sign this statement. Raises NotFound."""
    found = session.scalar(
        select(Logo.content)
        .join(Signatory, Signatory.organisation_id == Logo.organisation_id)
        .join(Circulation, Circulation.id == Signatory.circulation_id)
        .join(Statement, Statement.id == Circulation.statement_id)
        .where(Statement.public_id == public_id, Logo.digest == digest)
        .limit(1)
    )
    if found is None:
        raise NotFound
    return found


def was_asked(session: Session, organisation_id: int) -> bool:
    """Whether an organisation was ever asked: then somebody may have seen its logo and let it stand."""
    return bool(
        session.scalar(select(exists(select(Signatory.id).where(Signatory.organisation_id == organisation_id))))
    )


def check_logo(session: Session, signatory: Signatory, offered: Offered) -> None:
    """Refuse to let another logo stand than the one that the list would show. Raises FormRefused.

    The signatory's circulation is loaded.
    """
    if not offered.logo:
        return
    _manner, listed = said_of(session, signatory.circulation.statement_id, signatory.organisation_id)
    if listed.logo != offered.logo:
        raise FormRefused({"logo": Message("logo-changed")})
