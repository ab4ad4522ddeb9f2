"""The name that a coalition has in public. Nothing of a coalition is public before its lead gives it one."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from workflow.db import transaction
from workflow.mail.drawing import have_drawn_anew
from workflow.models.coalition import Coalition
from workflow.queries import coalition as looking
from workflow.queries.public_lists import published_statements
from workflow.rules.publication import slugs
from workflow.text.checking import clean_line


def name_in_public(session: Session, now: datetime, user_id: int, coalition_id: int, name: str) -> None:
    """Give a coalition a name in public, another one, or none any more; its files are made anew. Raises InputRefused.

    With the first name it gets an address, and keeps it. The page is there once something is published.
    """
    name = clean_line(name, field="public_name") if name.strip() else ""
    with transaction(session):
        coalition = looking.take_coalition(session, user_id, coalition_id)
        if coalition.public_name == name:
            return
        coalition.public_name = name
        if name and coalition.slug is None:
            _give_slug(session, coalition)
        for statement_id in published_statements(session, coalition.id):
            have_drawn_anew(session, statement_id, now)


def _give_slug(session: Session, coalition: Coalition) -> None:
    """The first address for its name that no other coalition has; the unique index decides."""
    for candidate in slugs(coalition.public_name, str(coalition.id)):
        try:
            with session.begin_nested():
                session.execute(update(Coalition).where(Coalition.id == coalition.id).values(slug=candidate))
        except IntegrityError:
            continue
        set_committed_value(coalition, "slug", candidate)
        return
    raise RuntimeError("no free address, although the last one carries a number of its own")
