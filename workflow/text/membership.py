"""What a lead types about a member and its contacts, made regular or refused."""

from collections.abc import Callable
from dataclasses import dataclass

from workflow.rules.circulation import Role
from workflow.rules.refusals import InputRefused, Message
from workflow.text.checking import clean_language, clean_line, clean_mail
from workflow.text.fields import clean_zone

COUNTRY_LIMIT = 100
Cleaners = dict[str, Callable[[], str]]


@dataclass(frozen=True)
class MemberValues:
    """What a lead types about a member. Without a listed name, it is listed as it is called."""

    name: str
    listed_name: str = ""
    country: str = ""
    role: str = Role.REQUIRED.value

    def cleaners(self) -> Cleaners:
        """How each value is made regular, by its field."""
        return {
            "name": lambda: clean_line(self.name, field="name"),
            "listed_name": lambda: clean_line(self.listed_name, field="listed_name", required=False),
            "country": lambda: clean_line(self.country, field="country", limit=COUNTRY_LIMIT, required=False),
            "role": lambda: _role(self.role),
        }


@dataclass(frozen=True)
class ContactValues:
    """What a lead types about a contact."""

    name: str
    mail: str
    language: str = "en"
    time_zone: str = "UTC"

    def cleaners(self, prefix: str = "") -> Cleaners:
        """How each value is made regular, by its field, with `prefix` before its name."""
        return {
            f"{prefix}name": lambda: clean_line(self.name, field="name"),
            f"{prefix}mail": lambda: clean_mail(self.mail, field="mail"),
            f"{prefix}language": lambda: clean_language(self.language),
            f"{prefix}time_zone": lambda: clean_zone(self.time_zone),
        }


def _role(role: str) -> str:
    if role not in list(Role):
        raise InputRefused("role", Message("role-unknown", {"role": role[:60]}))
    return role
