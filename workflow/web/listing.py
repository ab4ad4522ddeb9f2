"""The line of signatories as it will be listed, while the signing goes on."""

from collections.abc import Sequence

from workflow.queries.circulation import Place
from workflow.rules.circulation import Role, Standing
from workflow.rules.listing import line, ordered
from workflow.text.collation import sort_key


def expected_line(places: Sequence[Place], language: str) -> str:
    """The names of all who are asked to sign, in the order and manner of the publication."""
    return _line([place for place in places if place.role != Role.OBSERVER.value], language)


def signed_line(places: Sequence[Place], standing: Sequence[Standing], language: str) -> str:
    """The names of those whose sign-off counts and who are named, in the order and manner of the publication."""
    signed = [place for place, one in zip(places, standing, strict=True) if one.signed and not place.withheld]
    return _line(signed, language)


def _line(places: Sequence[Place], language: str) -> str:
    return line(ordered((place.public_name for place in places), lambda name: name, sort_key(language)))
