"""From a refusal to an answer: its status and its page, in one table; and the pages of HTTP's own errors."""

from flask import Flask, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError
from werkzeug.exceptions import NotFound as NoSuchPage

from workflow.rules import contesting, counting, handing, previewing, recording, refusals
from workflow.web import house
from workflow.web.dead_links import dead_link, typed_here
from workflow.web.signed_out import signed_out_meanwhile, signed_out_page

STATUS: dict[type[refusals.Refusal], int] = {
    refusals.NotFound: 404,
    refusals.NotPrintable: 422,
    refusals.NotAllowed: 403,
    refusals.LinkTampered: 404,
    refusals.LinkExpired: 410,
    refusals.LinkRevoked: 410,
    refusals.LinkReplaced: 410,
    refusals.LinkClosed: 410,
    handing.LinkHandedOn: 410,
    handing.LinkWaits: 410,
    handing.HandedOnAlready: 409,
    handing.ColleagueAccepted: 409,
    handing.ColleagueRefused: 409,
    contesting.AnsweredSince: 409,
    contesting.ResolvedAlready: 409,
    recording.DecidedAlready: 409,
    refusals.ResetRefused: 410,
    refusals.TextMoved: 409,
    refusals.SuggestionConflict: 409,
    refusals.WrongStage: 409,
    refusals.NothingChanged: 409,
    refusals.AlreadyCirculating: 409,
    counting.NotCountable: 409,
    previewing.NotEmbargoed: 409,
    refusals.AlreadySetUp: 409,
    refusals.AlreadyThere: 409,
    refusals.InUse: 409,
    refusals.TooManyCodes: 429,
    refusals.TooManyTries: 429,
}
# Refusals that have a page of their own under templates/errors/; every other shares refusal.html.
PAGES: dict[type[refusals.Refusal], str] = {
    refusals.NotPrintable: "errors/not_printable.html",
    refusals.LinkTampered: "errors/link_tampered.html",
    refusals.LinkExpired: "errors/link_expired.html",
    refusals.LinkRevoked: "errors/link_revoked.html",
    refusals.LinkReplaced: "errors/link_replaced.html",
    refusals.LinkClosed: "errors/link_closed.html",
    handing.LinkHandedOn: "errors/link_handed_on.html",
    handing.LinkWaits: "errors/link_waits.html",
}
# Their pages show nothing of the desk, even where somebody of the desk follows a member's link.
MEMBERS_BLUEPRINTS = ("signing", "commenting", "opening", "previewing", "leaving", "verifying")


def status_of(refusal: refusals.Refusal) -> int:
    """The HTTP status of a refusal; 400 where the table says nothing else."""
    return STATUS.get(type(refusal), 400)


def answer_errors(app: Flask) -> None:
    """Register the pages of refusals and of HTTP errors."""
    app.register_error_handler(refusals.Refusal, _refusal_page)
    app.register_error_handler(CSRFError, stale_form_page)
    app.register_error_handler(HTTPException, _http_page)
    app.register_error_handler(Exception, _fault_page)


def _refusal_page(refusal: refusals.Refusal) -> ResponseReturnValue:
    if isinstance(refusal, refusals.NotFound):
        return _http_page(NoSuchPage())
    page = PAGES.get(type(refusal), "errors/refusal.html")
    shown = render_template(
        page,
        sentence=house.sentence(refusal.message),
        refusal=refusal,
        dead=dead_link(refusal),
        typed=typed_here(),
        desk=request.blueprint not in MEMBERS_BLUEPRINTS,
        statement=(request.view_args or {}).get("public_id", ""),
    )
    response = make_response(shown, status_of(refusal))
    response.headers["Cache-Control"] = "no-store"
    return response


def stale_form_page(error: CSRFError) -> ResponseReturnValue:
    """The form's token is missing, too old or another session's: nothing is done, what was typed is shown."""
    del error
    signed_out = signed_out_page() if signed_out_meanwhile() else None
    if signed_out is not None:
        return signed_out
    desk = request.blueprint not in MEMBERS_BLUEPRINTS
    return make_response(render_template("errors/stale_form.html", typed=typed_here(), desk=desk), 400)


def _http_page(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error  # redirects that werkzeug raises
    if isinstance(error, SecurityError):
        # At a host that is not ours no page can be addressed, and none is shown.
        return make_response("This host is not served here.\n", 400, {"Content-Type": "text/plain; charset=utf-8"})
    response = make_response(render_template("errors/http.html", code=error.code, typed=typed_here()), error.code)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _fault_page(error: Exception) -> ResponseReturnValue:
    """Something broke: the fault goes to the server's own record, a calm page to the person."""
    from flask import current_app

    current_app.logger.error("fault at %s", request.endpoint, exc_info=error)
    g.session_failed = True
    return make_response(render_template("errors/http.html", code=500), 500)
