"""The people who answer for a signatory: what a circulation declares about them before it begins."""

from dataclasses import dataclass

USUAL_WORD_HOURS = 24
MOST_WORD_HOURS = 24 * 14


@dataclass(frozen=True)
class People:
    """`domains_asked`: a colleague at another mail domain, to whom a contact hands over, waits for the lead's word.

    `word_hours`: how long a member can contradict an answer that the lead recorded on somebody's word.
    """

    domains_asked: bool = True
    word_hours: int = USUAL_WORD_HOURS


USUAL_PEOPLE = People()
