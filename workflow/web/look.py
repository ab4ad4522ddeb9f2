"""What every template can use: the page's language and direction, instants in the reader's zone, sentences."""

from datetime import datetime

from flask import Flask, url_for
from flask_babel import format_date, ngettext

from workflow.config import LANGUAGES
from workflow.rules.refusals import Message
from workflow.text.collation import language_name, own_name
from workflow.text.folding import edges, excerpt, folded
from workflow.text.instants import format_instant, format_moment, iso
from workflow.text.passages import quoted
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
    # For parts that are imported without the page's variables.
    app.add_template_global(house.page_language, "language_of_page")
    app.add_template_global(Message, "Message")
    app.add_template_global(ngettext, "ngettext")


def house_demo(app: Flask) -> bool:
    """Whether `app` is a demo."""
    demo: bool = app.extensions[house.KEY].settings.demo
    return demo


def instant(value: datetime, zone: str | None = None) -> str:
    """An instant in words, in `zone` or the reader's own."""
    return format_instant(value, zone or house.page_zone(), house.page_language())


def moment(value: datetime) -> str:
    """A moment of the recent past in words, on the reader's clock."""
    return format_moment(value, house.now(), house.page_zone(), house.page_language())


def named(language: str) -> str:
    """What a language is called in the language of the page."""
    return language_name(language, house.page_language())


def to_come(value: datetime | None) -> bool:
    """Whether an instant lies ahead."""
    return value is not None and value > house.now()
