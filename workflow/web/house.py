"""What every view has at hand: settings, links, the request's database session, the language of the page."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import gettext, refresh
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from workflow import clock
from workflow.config import LANGUAGES, Settings
from workflow.links import Links
from workflow.rules.refusals import Message
from workflow.text.sentences import say

RIGHT_TO_LEFT = ("ar", "fa", "he", "ur", "ckb", "dv", "ps", "yi")
KEY = "undersigned"


@dataclass(frozen=True)
class House:
    """What the application was built with."""

    settings: Settings
    links: Links
    engine: Engine
    sessions: sessionmaker[Session]


def furnish(app: Flask, house: House) -> None:
    """Give `app` its house, and close each request's session at its end."""
    app.extensions[KEY] = house

    @app.teardown_appcontext
    def close_session(error: BaseException | None) -> None:
        del error
        session: Session | None = g.pop("session", None)
        if session is not None:
            session.close()


def _house() -> House:
    house: House = current_app.extensions[KEY]
    return house


def settings() -> Settings:
    """The settings of this installation."""
    return _house().settings


def links() -> Links:
    """What makes and opens tokens here."""
    return _house().links


def session() -> Session:
    """The database session of this request."""
    if "session" not in g:
        g.session = _house().sessions()
    found: Session = g.session
    return found


def now() -> datetime:
    """The present instant."""
    return clock.now()


def page_language() -> str:
    """The language of the page: chosen by the gate or the view, else the best the browser asks for."""
    if not has_request_context():
        return LANGUAGES[0]
    chosen: str | None = g.get("language")
    if chosen is None:
        chosen = request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def speak(language: str) -> None:
    """Make this page speak `language`, where there is a catalogue for it."""
    g.language = language
    refresh()


def direction(language: str) -> str:
    """ "rtl" or "ltr"."""
    return "rtl" if language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT else "ltr"


def page_zone() -> str:
    """The time zone in which this page tells times: the reader's where known, else UTC."""
    zone: str = g.get("time_zone", "UTC")
    return zone


def zone_info() -> ZoneInfo:
    """The same as a zone."""
    return ZoneInfo(page_zone())


def sentence(message: Message) -> str:
    """A message of the rules in the words of this page's language."""
    return say(message, gettext, page_language())
