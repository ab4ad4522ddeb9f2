"""What every template can use: the page's language and direction, instants in the reader's zone, sentences."""

from datetime import datetime

from flask import Flask, url_for
from flask_babel import format_date, get_domain, gettext

from workflow.config import LANGUAGES
from workflow.rules.refusals import Message
from workflow.text.collation import language_name, own_name
from workflow.text.folding import edges, excerpt, folded
from workflow.text.instants import format_instant, format_moment, iso
from workflow.text.passages import quoted
from workflow.text.placeholders import open_line
from workflow.text.sentences import say_until
from workflow.text.stops import speak
from workflow.web import house


def dress(app: Flask) -> None:
    """Register filters and page variables on `app`."""
    demo = house_demo(app)

    @app.context_processor
    def page() -> dict[str, object]:
        language = house.page_language()
        return {
            "page_language": language,
            "page_direction": house.direction(language),
            "page_zone": house.page_zone(),
            "languages": LANGUAGES,
            "demo": demo,
            "mailbox_address": url_for("posting.mailbox") if demo else None,
        }

    app.add_template_filter(instant)
    app.add_template_filter(moment)
    app.add_template_filter(until)
    app.add_template_filter(headline)
    app.add_template_filter(to_come)
    app.add_template_filter(iso)
    app.add_template_filter(house.sentence, "sentence")
    app.add_template_filter(house.direction, "direction")
    app.add_template_filter(format_date, "day")
    app.add_template_filter(named, "language_name")
    app.add_template_filter(own_name, "own_language_name")
    app.add_template_filter(folded)
    app.add_template_filter(excerpt)
    app.add_template_filter(edges)
    app.add_template_filter(quoted)
    speak(
        app.jinja_env,
        lambda one: get_domain().get_translations().ugettext(one),
        lambda one, more, number: get_domain().get_translations().ungettext(one, more, number),
    )
    # For parts that are imported without the page's variables.
    app.add_template_global(house.page_language, "language_of_page")
    app.add_template_global(Message, "Message")


def house_demo(app: Flask) -> bool:
    """Whether `app` is a demo."""
    demo: bool = app.extensions[house.KEY].settings.demo
    return demo


def instant(value: datetime, zone: str | None = None) -> str:
    """An instant in words, in `zone` or the reader's own."""
    return format_instant(value, zone or house.page_zone(), house.page_language())


def until(value: datetime, zone: str, *, morning: bool = False) -> str:
    """What goes behind "until" for a day that was typed in `zone`; `morning`: it ends with the night after it."""
    return say_until(value, zone, house.page_zone(), gettext, house.page_language(), morning=morning)


def headline(words: str) -> str:
    """A headline outside its text, where counts that are not known yet are no more than that."""
    return open_line(words, gettext("[number]"))


def moment(value: datetime) -> str:
    """A moment of the recent past in words, on the reader's clock."""
    return format_moment(value, house.now(), house.page_zone(), house.page_language())


def named(language: str) -> str:
    """What a language is called in the language of the page."""
    return language_name(language, house.page_language())


def to_come(value: datetime | None) -> bool:
    """Whether an instant lies ahead."""
    return value is not None and value > house.now()
