"""Stops: a name that ends in one of its own ("Rope Makers Inc.") brings no second one to the end of a sentence."""

import re
from collections.abc import Callable, Mapping

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

ENDS_IN_STOP = re.compile(r"\.(?:</\w+>)*")
LONGEST_TAGS = 40


def without_second_stops(sentence: str, values: Mapping[str, object]) -> str:
    """`sentence` without the stop behind a value that brings its own, also where that is marked up."""
    for name, value in values.items():
        at = value.rfind(".", -LONGEST_TAGS) if isinstance(value, str) else -1
        if at >= 0 and ENDS_IN_STOP.fullmatch(str(value), at):
            sentence = re.sub(rf"%\({re.escape(name)}\)s\.(?=\s|<|$)", f"%({name})s", sentence)
    return sentence


def speak(
    environment: Environment, one: Callable[[str], str], several: Callable[[str, str, int], str]
) -> Callable[..., str]:
    """Let the templates of `environment` speak by these translations; gives what speaks of a number there."""

    def filled(context: Context, sentence: str, values: Mapping[str, object]) -> str:
        said = without_second_stops(sentence, values)
        return (Markup(said) if context.eval_ctx.autoescape else said) % values  # noqa: S704 - ours, and it escapes

    @pass_context
    def gettext(context: Context, sentence: str, /, **values: object) -> str:
        return filled(context, one(sentence), values)

    @pass_context
    def ngettext(context: Context, single: str, plural: str, number: int, /, **values: object) -> str:
        return filled(context, several(single, plural, number), {"num": number, **values})

    environment.globals.update(gettext=gettext, ngettext=ngettext)
    return ngettext
