"""Keys: the log begins with the first one, and each names the next. Each public function is one transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from workflow.actions.entering import OpenLog, key_of, open_log, take_log
from workflow.db import transaction
from workflow.keys import KeyRefused, SigningKey
from workflow.queries import log as looking


def begin(session: Session, now: datetime) -> None:
    """Begin the log where there is none: with the signing key, and with what was published before."""
    if looking.newest_key(session) is not None:
        return
    with transaction(session):
        key_of(session)
        take_log(session)
        if looking.newest_key(session) is None:  # else another machine was faster
            open_log(session, now).close()


def rotate(session: Session, now: datetime, before: SigningKey, after: SigningKey) -> None:
    """From now on `after` signs, as `before` says in a statement of its own. Raises KeyRefused."""
    with transaction(session):
        take_log(session)
        newest = looking.newest_key(session)
        if newest is None or newest.public != before.public.hex():
            raise KeyRefused("The signing key is not the one that the log was last signed with.")
        if after.public.hex() in {one.public.hex() for one in looking.keys(session)}:
            raise KeyRefused("The log knows that key already: a new one is needed.")
        log = OpenLog(session, after, now)
        log.enter_key(before)
        log.close()
