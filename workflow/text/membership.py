"""What a lead types about a member and its contacts, made regular or refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workflow.rules.circulation import Role
from workflow.rules.refusals import InputRefused, Message
from workflow.text.checking import clean_language, clean_line, clean_mail
from workflow.text.editions import MOST_EDITIONS
from workflow.text.fields import clean_zone

COUNTRY_LIMIT = 100
Cleaners = dict[str, Callable[[], str]]


@dataclass(frozen=True)
class MemberValues:
    """What a lead types about a member. Without a listed name, it is listed as it is called.

    `listed_names`: a line for each language in which it is listed under another name, such as "ar: a name".
    """

    name: str
    listed_name: str = ""
    country: str = ""
    role: str = Role.REQUIRED.value
    listed_names: str = ""

    def cleaners(self) -> Cleaners:
        """How each value is made regular, by its field."""
        return {
            "name": lambda: clean_line(self.name, field="name"),
            "listed_name": lambda: clean_line(self.listed_name, field="listed_name", required=False),
            "country": lambda: clean_line(self.country, field="country", limit=COUNTRY_LIMIT, required=False),
            "role": lambda: _role(self.role),
            "listed_names": lambda: lines_of(clean_names(self.listed_names)),
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


def clean_names(text: str, *, field: str = "listed_names") -> dict[str, str]:
    """Names by language, from lines such as "ar: a name". Raises InputRefused."""
    found: dict[str, str] = {}
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_EDITIONS:
        raise InputRefused(field, Message("too-many", {"limit": MOST_EDITIONS, "count": len(lines)}))
    for line in lines:
        language, colon, name = line.partition(":")
        if not colon or not name.strip():
            raise InputRefused(field, Message("names-line", {"line": clean_line(line[:60], field=field)}))
        found[clean_language(language, field=field)] = clean_line(name, field=field)
    return found


def lines_of(names: Mapping[str, str]) -> str:
    """The inverse."""
    return "\n".join(f"{language}: {name}" for language, name in sorted(names.items()))


def _role(role: str) -> str:
    if role not in list(Role):
        raise InputRefused("role", Message("role-unknown", {"role": role[:60]}))
    return role
