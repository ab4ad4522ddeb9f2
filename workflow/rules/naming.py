"""Naming those whom a sentence is about: all of them, some, or how many."""

from workflow.rules.refusals import Message

NAMES_SPELLED_OUT = 6


def named_or_counted(names: list[str | Message]) -> object:
    """All names, or so many that one sentence can carry and how many others."""
    if len(names) <= NAMES_SPELLED_OUT:
        return tuple(names)
    shown = tuple(names[: NAMES_SPELLED_OUT - 1])
    return Message("names-and-others", {"first": shown, "others": len(names) - len(shown)})


def counted(number: int) -> object:
    """How many they are. One alone stands in a tuple, so that the sentence says "waits" and not "wait"."""
    return (Message("one-organisation"),) if number == 1 else Message("several-organisations", {"count": number})
