"""Messages put into words: a message id and its values become a sentence in the reader's language.

The sentences stand in `sentence_table.py`. How a value is put into words depends on what it is: lists are
joined in the manner of the language, messages within messages are said, codes such as a stage have words.
Words from outside are set apart, each with its own direction: all of them in a language that is read from the right,
those that are read from the right in any other.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from unicodedata import bidirectional

from babel.numbers import format_decimal

from workflow.rules.refusals import Message
from workflow.text.collation import comma, format_list, language_name, locale_for, semicolon
from workflow.text.instants import format_day, format_instant, last_day
from workflow.text.sentence_table import SENTENCES, VARIANTS, WORDS
from workflow.text.stops import without_second_stops

Gettext = Callable[[str], str]

# Names under this word are joined without "and", for the sentence goes on counting.
COUNTED_ON = "first"
# What stands under this word is the code of a language.
LANGUAGE = "in_language"
# These are organisations, also where one of them is a message that stands for a name.
NAMES = "names"


class _Values(dict[str, str]):
    """Values of a sentence; one that was not given leaves a gap instead of an error page."""

    def __missing__(self, name: str) -> str:
        return "…"


def say(message: Message, gettext: Gettext, language: str = "en") -> str:
    """The sentence for `message`, translated by `gettext`, with values in the manner of `language`."""
    values = _Values({name: _value(name, v, gettext, language) for name, v in message.params.items()})
    return without_second_stops(gettext(_sentence(message)), values) % values


def say_until(
    at: datetime, zone: str, here: str, gettext: Gettext, language: str = "en", *, morning: bool = False
) -> str:
    """What goes behind "until": the end of the day that was typed in `zone`, else the instant on the clock `here`.

    `morning`: that day ended with the night after it.
    """
    day = last_day(at, zone, morning=morning)
    if day is None:
        return format_instant(at, here, language)
    told = format_day(day, language)
    if zone == here:
        return say(Message("day-end", {"day": told}), gettext, language)
    return say(Message("day-end-there", {"day": told, "zone": zone}), gettext, language)


def _sentence(message: Message) -> str:
    """The English sentence: that of the value which decides between variants, else that of the id."""
    one = f"{message.id}-one"
    if one in SENTENCES and any(map(_is_one, message.params.values())):
        return SENTENCES[one]
    for name in VARIANTS.get(message.id, ()):
        chosen = f"{message.id}-{message.params.get(name, '')}"
        if chosen in SENTENCES:
            return SENTENCES[chosen]
    return SENTENCES.get(message.id, SENTENCES["refusal"])


def _is_one(value: object) -> bool:
    return len(value) == 1 if isinstance(value, list | tuple) else type(value) is int and value == 1


def _value(name: str, value: object, gettext: Gettext, language: str) -> str:
    if isinstance(value, Message):
        return say(value, gettext, language)
    if isinstance(value, list | tuple | set | frozenset):
        return _several(name, value, gettext, language)
    if isinstance(value, datetime):
        return format_instant(value, str(value.tzinfo or "UTC"), language)
    if isinstance(value, int) and not isinstance(value, bool):
        return format_decimal(value, locale=locale_for(language))
    return _word(name, str(value), gettext, language)


def _several(name: str, values: Collection[object], gettext: Gettext, language: str) -> str:
    said = [_value(name, _going_on(one) if at else one, gettext, language) for at, one in enumerate(values)]
    if name not in (COUNTED_ON, NAMES) and any(isinstance(one, Message) for one in values):
        whole = all(one.endswith(".") for one in said)  # sentences stand side by side, parts of one are joined
        return (" " if whole else f"{semicolon(language)} ").join(said)
    if name == COUNTED_ON:
        return comma(language).join(said)
    return format_list(sorted(said) if isinstance(values, set | frozenset) else said, language)


def _going_on(value: object) -> object:
    """A part of a sentence as it goes on behind another part: "it stays open", and no capital."""
    return (
        Message(f"{value.id}-too", value.params)
        if isinstance(value, Message) and f"{value.id}-too" in SENTENCES
        else value
    )


def _word(name: str, value: str, gettext: Gettext, language: str) -> str:
    """Codes are said in words ("draft" as the stage it names); everything else is said as it is."""
    if name == LANGUAGE:
        return language_name(value, language)
    words: Mapping[str, str] = WORDS.get(name, {})
    return gettext(words[value]) if value in words else _apart(value, language)


def _apart(value: str, language: str) -> str:
    """`value` as it stands in a sentence of `language`: a name read the other way would disorder what is beside it."""
    turned = locale_for(language).text_direction == "rtl" or any(bidirectional(sign) in ("R", "AL") for sign in value)
    return f"\u2068{value}\u2069" if turned else value
