"""Leaving the press list: by the link in each letter, or by the one click of a mail program (RFC 8058). No account.

What asks by one click sends no form token and follows no redirect: the token in the address alone decides.
"""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.actions import press as acting
from workflow.links import Purpose
from workflow.queries.press import journalist_by_id
from workflow.rules.refusals import LinkTampered
from workflow.web import house
from workflow.web.gates import anyone

leaving = Blueprint("leaving", __name__)


@leaving.route("/press/leave/<token>", methods=["GET", "POST"])
@anyone
def leave(token: str) -> ResponseReturnValue:
    """A button; pressing it, once or again, takes the address off the list. A look changes nothing."""
    journalist_id = _named(token)
    if request.method == "POST":
        _refuse_junk()
        acting.leave(house.session(), house.now(), journalist_id)
    found = journalist_by_id(house.session(), journalist_id)
    house.speak(found.language)
    gone = found.left_at is not None or found.removed_at is not None
    return render_template("leaving/leave.html", gone=gone, here=url_for("leaving.leave", token=token))


def _refuse_junk() -> None:
    """A button sends nothing and a mail program a form; anything else, or too much of it (413), takes nobody off."""
    if not request.form and request.content_length:
        abort(400)


def _named(token: str) -> int:
    try:
        (journalist_id,) = house.links().open(Purpose.PRESS, token)
    except ValueError:
        raise LinkTampered from None
    return int(journalist_id)
