"""Counting tries in the database, so that a limit holds over all processes; and who is counted as one."""

from datetime import datetime
from ipaddress import ip_address, ip_network

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow.models.accounts import Tries


def count_one(session: Session, fingerprint: str, now: datetime, until: datetime) -> tuple[int, datetime]:
    """Count one more under `fingerprint`; gives the count within its window, and when the window ends."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    over = Tries.until <= now
    counted = (
        insert(Tries)
        .values(fingerprint=fingerprint, count=1, until=until)
        .on_conflict_do_update(
            index_elements=[Tries.fingerprint],
            set_={
                "count": case((over, 1), else_=Tries.count + 1),
                "until": case((over, until), else_=Tries.until),
            },
        )
        .returning(Tries.count, Tries.until)
    )
    count, ends = session.execute(counted).one()
    return count, ends


def forget_old(session: Session, now: datetime) -> None:
    """Windows that are over are not kept. Those that somebody counts in just now are left to the next time."""
    over = select(Tries.fingerprint).where(Tries.until <= now).with_for_update(skip_locked=True)
    session.execute(delete(Tries).where(Tries.fingerprint.in_(over)).execution_options(synchronize_session=False))


def minutes_until(ends: datetime, now: datetime) -> int:
    """How many minutes somebody is asked to wait, one at least."""
    return max(1, -(-int((ends - now).total_seconds()) // 60))


def origin(address: str) -> str:
    """Who is counted as one: an IPv4 address, or the 64 bits of IPv6 that one household or office has."""
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    if known.version == 6 and known.ipv4_mapped is None:
        return str(ip_network(f"{known}/64", strict=False).network_address)
    return str(known)
