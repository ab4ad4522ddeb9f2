"""Open pages: what an organisation that was not invited must say to ask to sign, and where its application stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from workflow.rules.circulation import Purpose
from workflow.rules.refusals import FormRefused, Message, NothingToSign, Refusal

# Nobody reads a text and fills a form in less; and a form is not good for ever.
LEAST_SECONDS = 4
FORM_LIFE = timedelta(hours=24)
# What nobody confirmed is erased after so long.
CONFIRM_WITHIN = timedelta(days=3)
MOST_AT_ONCE = 500
LONGEST_CRITERIA = 1000


class Standing(StrEnum):
    """Where an application stands. `stale`: it was made for an earlier text, and is not decided."""

    UNCONFIRMED = "unconfirmed"
    WAITING = "waiting"
    STALE = "stale"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CONTESTED = "contested"


class Decision(StrEnum):
    """What the lead decided about an application."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class TooQuick(Refusal):
    """A form came back sooner than anybody can fill it in."""

    id = "apply-too-quick"


class FormTooOld(Refusal):
    """A form lay open for too long, or is not one of ours."""

    id = "apply-form-old"


@dataclass(frozen=True)
class Asks:
    """What was typed on an open page, with the digest of the text that the page showed.

    `individual`: a person signs for itself; `name` is that person's then, and no role is needed.
    """

    digest: str
    name: str
    country: str
    person_name: str
    person_role: str
    mail: str
    individual: bool | None
    authority: bool


def check_asks(asks: Asks) -> None:
    """Refuse an application that lacks something it must carry. Raises FormRefused, problems by field."""
    needed = {"name": asks.name, "country": asks.country, "mail": asks.mail}
    if not asks.individual:
        needed |= {"person_name": asks.person_name, "person_role": asks.person_role}
    problems = {field: Message("missing") for field, value in needed.items() if not value}
    if asks.individual is None:
        problems["individual"] = Message("apply-for-whom")
    if not asks.authority:
        problems["authority"] = Message("apply-authority-missing")
    if problems:
        raise FormRefused(problems)


def check_form_age(issued: datetime, now: datetime) -> None:
    """Refuse a form by when its page was made. Raises TooQuick, FormTooOld."""
    if now - issued > FORM_LIFE or issued > now:
        raise FormTooOld
    if now - issued < timedelta(seconds=LEAST_SECONDS):
        raise TooQuick


def check_opening(purpose: Purpose, *, understood: bool) -> None:
    """Refuse an open page where nothing is signed, or where nobody has said that everybody may read the text."""
    if purpose is not Purpose.SIGN_OFF:
        raise NothingToSign
    if not understood:
        raise FormRefused({"understood": Message("open-page-understood")})


def standing_of(*, confirmed: bool, contested: bool, decision: str | None, current: bool) -> Standing:
    """Where an application stands; `current`: it was made for the text in force."""
    if contested:
        return Standing.CONTESTED
    if not confirmed:
        return Standing.UNCONFIRMED
    if decision is not None:
        return Standing(decision)
    return Standing.WAITING if current else Standing.STALE
