"""Previews for journalists: from the link in the mail to the embargoed text, and what is said where it is closed."""

from datetime import datetime
from urllib.parse import quote

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from flask_wtf.csrf import CSRFError

from workflow.actions import previewing as acting
from workflow.config import LANGUAGES
from workflow.formats.listing import ListView, list_view, unnamed_said
from workflow.formats.preview import FORMS, Embargoed, embargo_mark, preview_file
from workflow.links import Purpose
from workflow.models.previewing import Preview
from workflow.queries.previewing import Previewed, preview_for_page, previewed
from workflow.rules.previewing import PreviewClosed, check_preview
from workflow.rules.refusals import LinkTampered, NotFound
from workflow.text.instants import known_zone, zone_names
from workflow.web import house
from workflow.web.gates import FORM_FIELD, anyone
from workflow.web.reading import SAYING, statement_view

previewing = Blueprint("previewing", __name__)

COOKIE = "preview-{}"
OPENED_SECONDS = 12 * 3600


@previewing.errorhandler(PreviewClosed)
def closed(refusal: PreviewClosed) -> ResponseReturnValue:
    """Where a link no longer leads to the text: why, and the way on; not a word of the text."""
    shown = render_template("errors/preview_closed.html", sentence=house.sentence(refusal.message), slug=refusal.slug)
    response = make_response(shown, 410)
    response.headers["Cache-Control"] = "no-store"
    return response


@previewing.route("/preview/<token>", methods=["GET", "POST"])
@anyone
def landing(token: str) -> ResponseReturnValue:
    """Who shows what until when, and a button; not a word of the text, and a look changes nothing.

    The button notes the opening; from there on a cookie speaks for the link, and the token leaves the address.
    """
    preview_id, generation = _named(Purpose.PREVIEW, token)
    preview = _checked(preview_id, generation)
    form_token = house.links().make(Purpose.PREVIEW_FORM, [preview_id, generation])
    if request.method == "POST":
        if request.form.get(FORM_FIELD, "") != form_token:
            raise CSRFError("not this link's form token")
        zone = request.form.get("zone", "")
        zone = zone if known_zone(zone) else preview.time_zone
        acting.open_preview(house.session(), house.now(), preview_id, generation, zone)
        return _kept_open(preview_id, generation)
    return render_template(
        "previewing/landing.html",
        preview=preview,
        lead=preview.circulation.statement.lead.name,
        zones=zone_names(preview.time_zone),
        here=url_for("previewing.landing", token=token),
        form_token=form_token,
    )


def _kept_open(preview_id: int, generation: int) -> Response:
    here = url_for("previewing.text", preview_id=preview_id)
    response = make_response(redirect(here, 303))
    response.set_cookie(
        COOKIE.format(preview_id),
        house.links().make(Purpose.PREVIEW_OPENED, [preview_id, generation, int(house.now().timestamp())]),
        max_age=OPENED_SECONDS,
        path=here,
        httponly=True,
        secure=house.settings().secure,
        samesite="Lax",
    )
    return response


@previewing.get("/preview/at/<int:preview_id>/")
@anyone
def text(preview_id: int) -> ResponseReturnValue:
    """The text, under its embargo; in the language of who reads it, if there is an edition, and no other is chosen."""
    preview = _opened(preview_id)
    found = previewed(house.session(), preview, request.args.get("edition", preview.language))
    here, zone = url_for("previewing.text", preview_id=preview_id), preview.time_zone
    shown = found.edition.language if len(found.languages) > 1 else None
    return render_template(
        "previewing/text.html",
        preview=preview,
        lead=preview.circulation.statement.lead.name,
        view=statement_view(found.edition),
        signatories_list=_listed(found),
        unnamed_text=unnamed_said(found.counts, found.unnamed, found.edition.language, SAYING),
        count=sum(found.counts),
        mark=embargo_mark(_until(preview), zone, house.page_language(), gettext),
        forms={form: url_for("previewing.file", preview_id=preview_id, form=form, edition=shown) for form in FORMS},
        editions=[(one, f"{here}?edition={one}") for one in found.languages],
    )


@previewing.get("/preview/at/<int:preview_id>/statement.<form>")
@anyone
def file(preview_id: int, form: str) -> ResponseReturnValue:
    """The text as a file, with the embargo in it."""
    preview = _opened(preview_id)
    if form not in FORMS:
        raise NotFound
    found = previewed(house.session(), preview, request.args.get("edition", ""))
    language = found.edition.language.partition("-")[0]
    with force_locale(language if language in LANGUAGES else house.page_language()):
        made = preview_file(_embargoed(preview, found), form, gettext)
    response = Response(made.content, content_type=made.content_type)
    named = f"attachment; filename=\"{made.plain_name}\"; filename*=UTF-8''{quote(made.name, safe='')}"
    response.headers["Content-Disposition"] = named
    return response


def _embargoed(preview: Preview, found: Previewed) -> Embargoed:
    circulation = preview.circulation
    return Embargoed(
        edition=found.edition,
        digest=circulation.revision.digest,
        locked_at=circulation.ended_at or preview.issued_at,
        until=_until(preview),
        zone=preview.time_zone,
        signatories=_listed(found),
        reader=preview.name,
        unnamed=unnamed_said(found.counts, found.unnamed, found.edition.language, SAYING),
    )


def _listed(found: Previewed) -> ListView:
    return list_view(found.entries, found.style, found.counts, found.edition.language, SAYING)


def _until(preview: Preview) -> datetime:
    if preview.embargo_at is None:
        raise RuntimeError("a preview that opens has an embargo")
    return preview.embargo_at


# Who may ------------------------------------------------------------------------------------------


def _opened(preview_id: int) -> Preview:
    """The preview whose button was pressed in this browser; the row is read again at every request."""
    cookie = request.cookies.get(COOKIE.format(preview_id), "")
    named_id, generation, *opened_at = _named(Purpose.PREVIEW_OPENED, cookie)
    if named_id != preview_id or not opened_at:
        raise LinkTampered
    preview = _checked(preview_id, generation)
    # Said in the cookie too: a browser forgets it after these hours, and whoever copied it does not.
    if house.now().timestamp() - opened_at[0] > OPENED_SECONDS:
        raise LinkTampered
    return preview


def _named(purpose: Purpose, token: str) -> tuple[int, ...]:
    """The preview, its generation, and what else the token names."""
    try:
        preview_id, generation, *more = map(int, house.links().open(purpose, token))
    except (ValueError, TypeError):
        raise LinkTampered from None
    return preview_id, generation, *more


def _checked(preview_id: int, generation: int) -> Preview:
    """The row, if its link opens now, and the page made to speak to its reader. Raises LinkTampered, PreviewClosed."""
    preview = preview_for_page(house.session(), preview_id)
    house.speak(preview.language)
    g.time_zone = preview.time_zone
    statement = preview.circulation.statement
    check_preview(
        preview.given(generation, statement.stage, statement.slug), house.now(), preview.circulation.embargo_at
    )
    return preview
