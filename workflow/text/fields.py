"""Several fields of one form made regular together, so that a person is told every problem at once."""

from collections.abc import Callable, Mapping

from workflow.rules.refusals import FormRefused, InputRefused, Message
from workflow.text.instants import known_zone


def collect(cleaners: Mapping[str, Callable[[], str]]) -> dict[str, str]:
    """What each cleaner gives, by its field's name; raises FormRefused with the problem of each that refuses."""
    values: dict[str, str] = {}
    problems: dict[str, Message] = {}
    for field, clean in cleaners.items():
        try:
            values[field] = clean()
        except InputRefused as refused:
            problems[field] = refused.problem
    if problems:
        raise FormRefused(problems)
    return values


def clean_zone(text: str, *, field: str = "time_zone") -> str:
    """The name of a known time zone. Raises InputRefused."""
    zone = text.strip()
    if not zone:
        raise InputRefused(field, Message("zone-missing"))
    if not known_zone(zone):
        raise InputRefused(field, Message("zone-unknown", {"zone": zone[:60]}))
    return zone
