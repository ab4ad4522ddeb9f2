"""Looking at a reminder that is due: what it still has to remind of, and whether it is night where it goes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.mail.letters import Due, LetterView
from workflow.models.circulation import Invitation
from workflow.models.posting import Letter
from workflow.queries.reminding import held_links
from workflow.rules.reminding import is_night, morning_after
from workflow.text.instants import zone_of


@dataclass(frozen=True)
class Postponed:
    """A letter that nobody is to get now, and when it may be sent."""

    until: datetime


def reminded(
    session: Session, now: datetime, letter: Letter, view: LetterView, due: Callable[[Invitation], Due]
) -> LetterView | Postponed | None:
    """The view of a reminder with all that is not answered yet; None where nothing is left of it.

    One that could not be sent in the evening waits for the morning, unless it is urgent.
    """
    meant = {letter.invitation_id, *map(int, letter.facts.get("others", []))}
    held = [
        one
        for one in held_links(session, letter.contact_id or 0)
        if one.invitation.id in meant and one.awaited and one.circulation.deadline_at > now
    ]
    if not held:
        return None
    zone = zone_of(held[0].invitation.contact.time_zone)
    if is_night(now, zone) and not any(one.circulation.urgent for one in held):
        return Postponed(morning_after(now, zone))
    found = tuple(due(one.invitation) for one in held)
    return replace(view, due=found, asking=found[0].asking, link=found[0].link, organisation=found[0].organisation)
