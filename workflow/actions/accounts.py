"""Users: the first one set up, others added, their own settings changed, removed."""

from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from workflow.config import LANGUAGES
from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.accounts import User
from workflow.models.coalition import Organisation
from workflow.queries import accounts as looking
from workflow.rules.refusals import AlreadySetUp, AlreadyThere, InputRefused, Message
from workflow.text import passwords
from workflow.text.checking import clean_line, clean_mail
from workflow.text.fields import clean_zone, collect


def set_up(
    session: Session,
    now: datetime,
    organisation_name: str,
    name: str,
    mail: str,
    password: str,
    language: str,
    time_zone: str,
) -> User:
    """Make the lead organisation and its first user. Raises AlreadySetUp where there is a user, FormRefused."""
    values = collect(
        {
            "organisation_name": lambda: clean_line(organisation_name, field="organisation_name"),
            "name": lambda: clean_line(name, field="name"),
            "mail": lambda: clean_mail(mail, field="mail").lower(),
            "password": lambda: passwords.clean_password(password),
            "language": lambda: _language(language),
            "time_zone": lambda: clean_zone(time_zone),
        }
    )
    kept = passwords.hash_password(values.pop("password"))
    with transaction(session):
        _hold_users(session)
        if looking.any_user(session):
            raise AlreadySetUp
        organisation = _lead_organisation(session, values.pop("organisation_name"))
        user = User(organisation_id=organisation.id, password_hash=kept, created_at=now, **values)
        session.add(user)
        session.flush()
    return user


def add_user(
    session: Session, now: datetime, organisation_name: str, name: str, mail: str, password: str | None
) -> User:
    """Add a user of a lead organisation, which is made where it is missing. Raises AlreadyThere, FormRefused.

    Without a password, a letter with a link to choose one is put. Who was removed from the same organisation
    can be added again.
    """
    values = collect(
        {
            "organisation_name": lambda: clean_line(organisation_name, field="organisation_name"),
            "name": lambda: clean_line(name, field="name"),
            "mail": lambda: clean_mail(mail, field="mail").lower(),
            "password": lambda: passwords.clean_password(password) if password is not None else "",
        }
    )
    kept = passwords.hash_password(values["password"]) if password is not None else None
    with transaction(session):
        _hold_users(session)
        organisation = _lead_organisation(session, values["organisation_name"])
        user = looking.user_by_mail(session, values["mail"])
        if user is None:
            user = User(organisation_id=organisation.id, mail=values["mail"], created_at=now)
            session.add(user)
        elif user.removed_at is None or user.organisation_id != organisation.id:
            raise AlreadyThere(name=values["mail"])
        user.name, user.password_hash, user.removed_at = values["name"], kept, None
        session.flush()
        if kept is None:
            user.offer_reset(now)
            outbox.put(session, now, [outbox.Draft(outbox.Kind.RESET, user_id=user.id)])
    return user


def change_me(session: Session, now: datetime, user_id: int, name: str, language: str, time_zone: str) -> None:
    """Change how a user is called, and in which language and time zone the desk speaks. Raises FormRefused."""
    del now  # a user's preferences are not dated
    values = collect(
        {
            "name": lambda: clean_line(name, field="name"),
            "language": lambda: _language(language),
            "time_zone": lambda: clean_zone(time_zone),
        }
    )
    with transaction(session):
        user = looking.take_user(session, user_id)
        user.name, user.language, user.time_zone = values["name"], values["language"], values["time_zone"]


def remove_user(session: Session, now: datetime, user_id: int) -> None:
    """Let a user in no more; what the user did stays in the history. Raises NotFound."""
    with transaction(session):
        user = looking.take_user(session, user_id)
        user.set_password(None)
        user.removed_at = now
        for one in looking.living_sessions(session, user_id):
            one.ended_at = now


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise InputRefused("language", Message("language-unknown", {"language": language[:20]}))
    return language


def _hold_users(session: Session) -> None:
    """Let nobody else add a user before this transaction ends. (On SQLite nobody else can write at all.)"""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE"))


def _lead_organisation(session: Session, name: str) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.kept_by_id.is_(None), Organisation.name == name))
    if found is None:
        found = Organisation(name=name, listed_name=name)
        session.add(found)
        session.flush()
    return found
