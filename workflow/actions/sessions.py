"""Signing in and out, and choosing a password."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.links import Links
from workflow.mail import outbox
from workflow.models.accounts import DeskSession, Tries, User
from workflow.models.counting import count_one, forget_old, minutes_until, origin
from workflow.queries import accounts as looking
from workflow.rules.refusals import (
    InputRefused,
    Message,
    NotFound,
    ResetRefused,
    SignInRefused,
    TooManyTries,
)
from workflow.text import passwords
from workflow.text.checking import clean_mail

SESSION_LIFE = timedelta(days=14)


@dataclass(frozen=True)
class Limit:
    """How often something may be tried within `window`, for one mail address and from one client address."""

    name: str
    for_mail: int
    from_address: int
    window: timedelta


SIGN_IN = Limit("sign-in", 10, 60, timedelta(minutes=15))
RESET = Limit("reset", 3, 20, timedelta(hours=1))
PASSWORD = Limit("password", 10, 60, timedelta(minutes=15))


def sign_in(session: Session, links: Links, now: datetime, mail: str, password: str, address: str) -> str:
    """Begin a desk session; gives its key, of which the row keeps a hash.

    `address` is where the browser comes from. Raises SignInRefused, alike and after the same work for
    whatever does not fit, and TooManyTries. No transaction is open while the slow hash is made.
    """
    mail = _typed_mail(mail)
    _count_try(session, links, now, SIGN_IN, mail, address)
    user = looking.user_by_mail(session, mail)
    user_id, kept = (user.id, user.password_hash) if user else (0, None)
    session.rollback()
    if not passwords.fits(password, kept):
        raise SignInRefused
    with transaction(session):
        user = _unchanged(session, user_id, kept)
        if user is None:
            raise SignInRefused
        session.execute(delete(Tries).where(Tries.fingerprint == _of_mail(links, SIGN_IN, mail)))
        return _begin_session(session, now, user)


def sign_out(session: Session, now: datetime, key: str) -> None:
    """End the desk session of this key, if it lives."""
    with transaction(session):
        for one in looking.living_sessions(session, key=key):
            one.ended_at = now


def ask_reset(session: Session, links: Links, now: datetime, mail: str, address: str) -> None:
    """Mail a link to choose a new password, if the address is a user's; nothing tells whether it is.

    Raises TooManyTries, for known and unknown addresses alike, and InputRefused for what is no address.
    """
    mail = clean_mail(mail, field="mail").lower()
    _count_try(session, links, now, RESET, mail, address)
    with transaction(session):
        user = looking.user_or_another(session, mail)
        if user is None:
            return
        known = user.mail == mail and user.removed_at is None
        # For an unknown address the same is done for somebody and undone, so that it takes as long.
        step = session.begin_nested()
        user.offer_reset(now)
        outbox.put(session, now, [outbox.Draft(outbox.Kind.RESET, user_id=user.id)])
        session.flush()
        if known:
            step.commit()
        else:
            step.rollback()


def reset(session: Session, now: datetime, user_id: int, generation: int, password: str) -> None:
    """Set a new password by a mailed link, which is then used up; all sessions end. Raises ResetRefused."""
    kept = passwords.hash_password(passwords.clean_password(password))
    with transaction(session):
        try:
            user = looking.take_user(session, user_id)
        except NotFound:
            raise ResetRefused from None
        if user.generation != generation or user.reset_until is None or user.reset_until <= now:
            raise ResetRefused
        _change_password(session, now, user, kept)


def change_password(
    session: Session, links: Links, now: datetime, user_id: int, current: str, password: str, address: str
) -> str:
    """Set a new password at the desk; all sessions end and a new one begins, whose key is given."""
    clean = passwords.clean_password(password)
    user = looking.take_user(session, user_id)
    mail, kept = user.mail, user.password_hash
    _count_try(session, links, now, PASSWORD, mail, address)
    if not passwords.fits(current, kept):
        raise InputRefused("current", Message("password-wrong"))
    new = passwords.hash_password(clean)
    with transaction(session):
        unchanged = _unchanged(session, user_id, kept)
        if unchanged is None:
            raise InputRefused("current", Message("password-wrong"))
        _change_password(session, now, unchanged, new)
        return _begin_session(session, now, unchanged)


def _typed_mail(mail: str) -> str:
    """The address as users are found by it; one that nobody can have is found nowhere, in the same time."""
    try:
        return clean_mail(mail, field="mail").lower()
    except InputRefused:
        return ""


def _unchanged(session: Session, user_id: int, kept: str | None) -> User | None:
    """The user, locked, if the hash that the password was held against is still the one that counts."""
    try:
        user = looking.take_user(session, user_id)
    except NotFound:
        return None
    return user if user.password_hash == kept else None


def _begin_session(session: Session, now: datetime, user: User) -> str:
    key = secrets.token_urlsafe(32)
    session.add(
        DeskSession(user_id=user.id, key_hash=looking.key_hash(key), created_at=now, ends_at=now + SESSION_LIFE)
    )
    return key


def _change_password(session: Session, now: datetime, user: User, kept: str) -> None:
    user.set_password(kept)
    for one in looking.living_sessions(session, user.id):
        one.ended_at = now


def _count_try(session: Session, links: Links, now: datetime, limit: Limit, mail: str, address: str) -> None:
    """Count one try, in the database, so that a limit holds over all processes; raises TooManyTries above it.

    The client address comes first: who is stopped there cannot use up the tries of somebody's mail address.
    """
    keys = (
        (links.fingerprint(f"{limit.name}/from/{origin(address)}"), limit.from_address),
        (_of_mail(links, limit, mail), limit.for_mail),
    )
    until: datetime | None = None
    with transaction(session):
        for fingerprint, most in keys:
            count, ends = count_one(session, fingerprint, now, now + limit.window)
            if count > most:
                until = ends
                break
        forget_old(session, now)
    if until is not None:  # raised only now: the try is counted and committed
        raise TooManyTries(minutes=minutes_until(until, now))


def _of_mail(links: Links, limit: Limit, mail: str) -> str:
    return links.fingerprint(f"{limit.name}/for/{mail}")
