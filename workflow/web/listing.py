"""The line of signatories as it will be listed, while the signing goes on."""

from collections.abc import Sequence

from workflow.queries.circulation import Place
from workflow.rules.circulation import Role
from workflow.rules.listing import line, ordered
from workflow.text.collation import sort_key


def expected_line(places: Sequence[Place], language: str) -> str:
    """The names of all who are asked to sign, in the order and manner of the publication."""
    names = [place.public_name for place in places if place.role != Role.OBSERVER.value]
    return line(ordered(names, lambda name: name, sort_key(language)))
