"""Checking a text that was found somewhere: anybody pastes it or brings a file, and is told whether it is ours.

No cookie, no session, and nothing of what was brought is kept: it is looked at, answered, and gone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import BoundedSemaphore

from flask import Blueprint, Response, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from workflow.config import LANGUAGES
from workflow.formats.notes import notes_of, retracted_line
from workflow.formats.reading import Saying, date_in_words
from workflow.links import Purpose
from workflow.queries import verifying as looking
from workflow.queries.verifying import Looked
from workflow.rules.opening import FORM_LIFE
from workflow.rules.refusals import FileRefused, LinkTampered, Message, NotFound
from workflow.text.collation import locale_for
from workflow.web import house, openly
from workflow.web.gates import FORM_FIELD, anyone
from workflow.web.reading import SAYING

verifying = Blueprint("verifying", __name__)

POLICY = openly.POLICY.replace("form-action 'none'", "form-action 'self'")
# Each takes a core for up to some seconds; a process has others to answer.
AT_ONCE = BoundedSemaphore(2)
WAIT_SECONDS = 3
TOO_MANY = 429


class Busy(Exception):
    """As many texts are being looked at as one process may."""


@verifying.before_request
def without_cookie() -> None:
    """Tell the frame that caching and robots are decided here, and that no cookie goes with the answer."""
    g.public = True


@verifying.after_request
def kept_nowhere(response: Response) -> Response:
    """The answer is about what somebody pasted."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = POLICY
    response.vary.add("Accept-Language")
    return response


@verifying.errorhandler(NotFound)
def nothing_there(refusal: NotFound) -> Response:
    """The same answer as for whatever else is not public."""
    del refusal
    return openly.nothing_there()


@verifying.get("/verify")
@anyone
def page() -> ResponseReturnValue:
    """The form: paste a text, or choose a file."""
    return _page()


@verifying.post("/verify")
@anyone
def verify() -> ResponseReturnValue:
    """What the text or the file is."""
    pasted = request.form.get("pasted", "")
    if not _good_token(request.form.get(FORM_FIELD, "")):
        return _page(pasted=pasted, problem=Message("verify-form-old")), 400
    file = request.files.get("file")
    data = file.read() if file else b""
    try:
        with _one_of_few():
            looked = looking.look(house.session(), data or pasted.encode("utf-8", "replace"), _address, _speaking)
    except FileRefused as refused:
        return _page(pasted=pasted, problem=refused.problem), 400
    except Busy:
        return _page(pasted=pasted, problem=Message("verify-busy")), TOO_MANY
    return _page(looked)


@contextmanager
def _one_of_few() -> Iterator[None]:
    """Raises Busy where no place comes free in a moment."""
    if not AT_ONCE.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        yield
    finally:
        AT_ONCE.release()


def _good_token(token: str) -> bool:
    try:
        (issued,) = house.links().open(Purpose.VERIFY_FORM, token)
        return house.now() - datetime.fromtimestamp(issued, UTC) < FORM_LIFE
    except (LinkTampered, ValueError, TypeError, OverflowError, OSError):
        return False


def _address(slug: str, language: str) -> str:
    return house.settings().base_url + url_for("public.statement", slug=slug, language=language or None)


def _speaking(language: str) -> Saying:
    """What speaks a language of statements, whatever the page speaks."""
    known = language.partition("-")[0]
    known = known if known in LANGUAGES else LANGUAGES[0]

    def say(sentence: str) -> str:
        with force_locale(known):
            return SAYING.gettext(sentence)

    def plural(one: str, many: str, number: int, /, **values: object) -> str:
        with force_locale(known):
            return SAYING.ngettext(one, many, number, **values)

    return Saying(say, plural)


def _page(looked: Looked | None = None, *, pasted: str = "", problem: Message | None = None) -> str:
    told = looked.told if looked else None
    found = told.found if told else None
    language = house.page_language()
    return openly.page(
        "verifying/page.html",
        looked=looked,
        told=told,
        found=found,
        address=_address(found.slug, found.language) if found else _address(told.down, "") if told else "",
        day=date_in_words(f"{found.published_at:%Y-%m-%d}", language) if found else "",
        direction=locale_for(found.edition.language).text_direction if found else "",
        notes=notes_of(found, SAYING) if found else (),
        retracted=retracted_line(found, SAYING) if found else "",
        left_out=[house.sentence(Message(f"part.{name}")) for name in told.left_out] if told else [],
        changed=bool(told and any(one.op != "equal" for one in told.changes)),
        pasted=pasted,
        errors={"pasted": house.sentence(problem)} if problem else {},
        form_token=house.links().make(Purpose.VERIFY_FORM, [int(house.now().timestamp())]),
    )
