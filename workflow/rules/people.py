"""The people who answer for a signatory: what a circulation declares about them before it begins."""

from dataclasses import dataclass


@dataclass(frozen=True)
class People:
    """`domains_asked`: a colleague at another mail domain, to whom a contact hands over, waits for the lead's word."""

    domains_asked: bool = True


USUAL_PEOPLE = People()
