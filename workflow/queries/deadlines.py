"""Looking at deadlines: how often one was moved, and what would come of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.models.circulation import Circulation
from workflow.models.history import Event
from workflow.queries.circulation import roll, standings
from workflow.queries.reminding import Planned, asked_on, tally
from workflow.rules.circulation import Purpose, missing


@dataclass(frozen=True)
class Move:
    """What would come of another deadline.

    `told`: how many contacts get a mail; `zones`: on how many of their clocks it is read, the most frequent first.
    `before` and `after`: when they are reminded now, and then. `in_time`: whose late answers count then; `final`: the
    text is complete by that.
    """

    until: datetime
    soft: datetime | None
    told: int
    zones: Sequence[tuple[str, int]]
    before: Sequence[Planned]
    after: Sequence[Planned]
    in_time: Sequence[str]
    final: bool


def what_a_move_does(
    session: Session,
    circulation: Circulation,
    until: datetime,
    soft: datetime | Literal["as it is"] | None,
    now: datetime,
) -> Move:
    """What comes of another deadline, refused as the action would refuse it. By two queries."""
    chosen = circulation.to_move.moved(until, soft, now)
    places, asked = roll(session, circulation.id), asked_on(session, circulation.id)
    before = standings(circulation, places)
    after = [
        replace(one, late=one.late and place.answered_at is not None and place.answered_at > until)
        for one, place in zip(before, places, strict=True)
    ]
    rule = replace(circulation.rule, time_up=False)
    return Move(
        until=until,
        soft=chosen,
        told=len(asked),
        zones=Counter(one.zone for one in asked).most_common(),
        before=tally(circulation, places, asked, now),
        after=tally(circulation, places, asked, now, [one for one in (chosen, until) if one]),
        in_time=[
            place.name for place, was, one in zip(places, before, after, strict=True) if was.late and not one.late
        ],
        final=rule.purpose is Purpose.SIGN_OFF and not missing(rule, after),
    )


def times_moved(session: Session, statement_id: int) -> int:
    """How often the deadlines of a statement were moved so far."""
    moved = select(func.count()).where(Event.statement_id == statement_id, Event.kind == "deadline moved")
    return session.scalar(moved) or 0
