"""Handing over: a contact names a colleague who answers instead, by a link of their own."""

from collections.abc import Iterable
from dataclasses import dataclass

from workflow.rules.refusals import FormRefused, LinkRefused, Message, Refusal


class LinkHandedOn(LinkRefused):
    """The contact handed the asking over to a colleague, who has a link of their own."""

    id = "link-handed-on"


class LinkWaits(LinkRefused):
    """A colleague's link that the lead has not accepted yet."""

    id = "link-waits"


class ColleagueAccepted(Refusal):
    """A named colleague was accepted already."""

    id = "colleague-accepted"


class ColleagueRefused(Refusal):
    """A named colleague was not accepted, and that stands."""

    id = "colleague-refused"


class HandedOnAlready(Refusal):
    """A colleague who was named before waits for the lead's word."""

    id = "handed-on-already"


@dataclass(frozen=True)
class Colleague:
    """Who is to answer instead, as the contact typed it and made it regular."""

    name: str
    mail: str


def check_colleague(colleague: Colleague, own_mail: str) -> None:
    """Refuse to hand over to nobody, or to oneself. Raises FormRefused."""
    problems: dict[str, Message] = {}
    if not colleague.name:
        problems["name"] = Message("missing")
    if not colleague.mail:
        problems["mail"] = Message("missing")
    elif colleague.mail.lower() == own_mail.lower():
        problems["mail"] = Message("handing-to-oneself")
    if problems:
        raise FormRefused(problems)


def domain_of(mail: str) -> str:
    """What stands behind the @, in the form in which it is compared."""
    domain = mail.rpartition("@")[2].lower().rstrip(".")
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def foreign_domain(mail: str, registered: Iterable[str], *, anybodys: bool = False) -> bool:
    """Whether an address lies at another mail domain than every address that the lead has registered.

    A part of a registered domain (press.lake.example of lake.example) is of the same house. At a domain where anybody
    can have an address (`anybodys`) only that very address is.
    """
    if anybodys:
        return mail.lower() not in {one.lower() for one in registered}
    domain = domain_of(mail)
    known = {domain_of(one) for one in registered}
    return not any(domain == one or ("." in one and domain.endswith(f".{one}")) for one in known)
