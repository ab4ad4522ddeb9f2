"""Logos: the lead brings one for an organisation that it keeps, replaces it, takes it away. One transaction each.

Who has signed keeps what it agreed to: a new logo stands beside no name whose organisation has not seen it.
"""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.models.coalition import Organisation
from workflow.models.logos import Logo
from workflow.queries import coalition as looking
from workflow.queries.logos import was_asked
from workflow.rules.refusals import NotFound
from workflow.text.picture import Picture


def put_logo(
    session: Session, now: datetime, user_id: int, coalition_id: int, organisation_id: int, picture: Picture
) -> None:
    """Make this the logo of a member. Raises NotFound."""
    with transaction(session):
        organisation = _take(session, user_id, coalition_id, organisation_id)
        organisation.logo = picture.digest
        if session.get(Logo, (organisation_id, picture.digest)) is None:
            values = {"content": picture.content, "width": picture.width, "height": picture.height}
            session.add(Logo(organisation_id=organisation_id, digest=picture.digest, added_at=now, **values))
        session.flush()
        _forget(session, organisation)


def remove_logo(session: Session, now: datetime, user_id: int, coalition_id: int, organisation_id: int) -> None:
    """A member has no logo from now on. Raises NotFound."""
    del now
    with transaction(session):
        organisation = _take(session, user_id, coalition_id, organisation_id)
        organisation.logo = ""
        session.flush()
        _forget(session, organisation)


def _take(session: Session, user_id: int, coalition_id: int, organisation_id: int) -> Organisation:
    """A member of a coalition of the user's organisation, which is locked. Raises NotFound."""
    looking.take_coalition(session, user_id, coalition_id)
    organisation = session.get(Organisation, organisation_id, with_for_update={"key_share": True})
    if organisation is None or looking.membership(session, coalition_id, organisation_id) is None:
        raise NotFound
    return organisation


def _forget(session: Session, organisation: Organisation) -> None:
    """Throw away its former logos, where nobody can have agreed to one: a publication may show it."""
    if not was_asked(session, organisation.id):
        former = Logo.organisation_id == organisation.id, Logo.digest != organisation.logo
        session.execute(delete(Logo).where(*former))
