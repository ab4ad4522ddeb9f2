"""A form of the desk that comes from somebody who is signed out by now: told so, with the words that were typed."""

from flask import current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from workflow.web.dead_links import typed_here

# At the desk this is a hidden field: the name that is decided on.
CARRIED = ("proposed",)


def signed_out_meanwhile() -> bool:
    """Whether the form of this request is one of the desk, and nobody is signed in."""
    view = current_app.view_functions.get(request.endpoint or "")
    of_desk = getattr(view, "__gate__", ("",))[0] == "requires"
    return of_desk and not current_user.is_authenticated


def signed_out_page() -> ResponseReturnValue | None:
    """What was typed, once more, and the way to sign in; none where the form brought no words."""
    typed = [(field, words) for field, words in typed_here() if field not in CARRIED]
    if not typed:
        return None
    response = make_response(render_template("errors/signed_out_typed.html", typed=typed), 403)
    response.headers["Cache-Control"] = "no-store"
    return response
