"""A coalition with an open page, and organisations that ask to sign there, in a few words."""

from datetime import timedelta

from sqlalchemy import select

from tests.builders import LINKS, NOW, QUOTELESS, World, circulate, world
from workflow.actions import opening
from workflow.links import CONFIRMING
from workflow.models.opening import Application, OpenPage
from workflow.rules.circulation import Role, Rule
from workflow.rules.opening import Asks

SOON = NOW + timedelta(minutes=5)
OPEN = Rule(hold_open=True)


def opened(session, *, rule: Rule = OPEN, members: int = 2, **how: object) -> tuple[World, OpenPage]:
    """A circulation that is held open until its deadline, with its open page."""
    made = circulate(world(session, members=members, edition=QUOTELESS), rule=rule, **how)  # type: ignore[arg-type]
    page = opening.open_it(
        session, NOW, made.user.id, made.statement.public_id, "Groups of the valley.", understood=True
    )
    session.expunge_all()
    session.rollback()
    return made, page


def asks(made: World, name: str = "Ferry Circle", **changes: object) -> Asks:
    """What an organisation types."""
    host = "".join(char for char in name.lower() if char.isascii() and char.isalnum()) or "other"
    values: dict[str, object] = {
        "digest": made.revision.digest,
        "name": name,
        "country": "Valley Republic",
        "person_name": "Nia Newcomer",
        "person_role": "Chair",
        "mail": f"nia@{host}.example.org",
        "individual": False,
        "authority": True,
    }
    return Asks(**{**values, **changes})  # type: ignore[arg-type]


def applied(made: World, page: OpenPage, name: str = "Ferry Circle", *, now=SOON, confirm: bool = True, **changes):
    """An application as it stands once it was made and (mostly) confirmed."""
    address = changes.pop("address", f"192.0.2.{len(name)}")
    opening.apply(made.session, LINKS, now, page.key, asks(made, name, **changes), address, "en")
    found = newest(made.session)
    if confirm:
        opening.confirm(made.session, LINKS, now, found.key, code_of(found))
        found = newest(made.session)
    return found


def code_of(found: Application) -> str:
    """The digits in the letter that asks to confirm an application."""
    return LINKS.code(CONFIRMING, found.key)


def newest(session) -> Application:
    """The newest application, read afresh."""
    session.expunge_all()
    session.rollback()
    found = session.scalars(select(Application).order_by(Application.id.desc()).limit(1)).one()
    session.expunge_all()
    session.rollback()
    return found


__all__ = ["OPEN", "SOON", "Role", "applied", "asks", "code_of", "newest", "opened"]
