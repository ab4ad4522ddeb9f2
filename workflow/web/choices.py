"""What forms offer to choose from, in the words of the page's language; and the problems of a form by field."""

from babel import Locale, UnknownLocaleError
from flask_babel import gettext as _

from workflow.config import LANGUAGES
from workflow.rules.circulation import Role
from workflow.rules.refusals import FormRefused, InputRefused, Message, Refusal
from workflow.text.instants import zone_names
from workflow.web import house

Options = list[tuple[str, str]]


def languages(chosen: str = "") -> Options:
    """The languages that pages and letters speak, each by its own name; and `chosen`, where it is another."""
    others = (chosen,) if chosen and chosen not in LANGUAGES else ()
    return [(code, _own_name(code)) for code in (*LANGUAGES, *others)]


def _own_name(code: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_language_name() or code
    except (UnknownLocaleError, ValueError):
        return code


def zones(chosen: str = "") -> Options:
    """Every time zone, by name; and `chosen`, where it is another name of one."""
    return [(name, name) for name in zone_names(chosen)]


def roles() -> list[tuple[str, str, str]]:
    """The roles on a roll, each with what it means."""
    return [
        (Role.REQUIRED.value, _("Required"), _("Nothing is published before it has signed.")),
        (Role.OPTIONAL.value, _("Optional"), _("It is asked to sign, and nobody waits for it.")),
        (Role.OBSERVER.value, _("Observer"), _("It reads and comments, and does not sign.")),
    ]


def errors_of(refusal: Refusal) -> dict[str, str]:
    """The sentence for each field of a refused form; under "" what concerns the form as a whole."""
    problems: dict[str, Message]
    if isinstance(refusal, FormRefused):
        problems = refusal.problems
    elif isinstance(refusal, InputRefused):
        problems = {refusal.field: refusal.problem}
    else:
        problems = {"": refusal.message}
    return {field: house.sentence(problem) for field, problem in problems.items()}
