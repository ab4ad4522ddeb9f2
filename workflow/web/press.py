"""The press list of a lead organisation: journalists who can be chosen to get a release."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from workflow.actions import press as acting
from workflow.config import LANGUAGES
from workflow.queries.press import press_list
from workflow.rules.access import Permission
from workflow.text.addresses import LinesRefused, read_addresses
from workflow.web import house
from workflow.web.gates import requires

press = Blueprint("press", __name__)


@press.route("/desk/press", methods=["GET", "POST"])
@requires(Permission.USE_DESK)
def list_() -> ResponseReturnValue:
    """Everybody on the list, and the form to add more."""
    if request.method != "POST":
        return _page()
    language = request.form.get("language", "")
    language = language if language in LANGUAGES else LANGUAGES[0]
    try:
        people = read_addresses(request.form.get("pasted", ""), most=acting.MOST_ON_A_LIST)
        number = acting.add(house.session(), house.now(), current_user.user.id, people, language)
    except LinesRefused as refused:
        problems = [
            ("pasted", _("Line %(number)s: %(problem)s", number=one.line, problem=house.sentence(one.problem)))
            for one in refused.problems
        ]
        return _page(problems, 400)
    flash(ngettext("One journalist is on the list now.", "%(num)s journalists were added.", number), "success")
    return _back()


@press.post("/desk/press/<int:journalist_id>")
@requires(Permission.USE_DESK)
def journalist(journalist_id: int) -> ResponseReturnValue:
    """Change the language of one on the list, or take that one off it."""
    who = (current_user.user.id, journalist_id)
    if request.form.get("what") == "remove":
        acting.remove(house.session(), house.now(), *who)
        flash(_("Taken off the list: name and address are erased."), "success")
        return _back()
    language = request.form.get("language", "")
    acting.set_language(house.session(), *who, language if language in LANGUAGES else LANGUAGES[0])
    flash(_("The language is changed."), "success")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("press.list_"), 303)


def _page(problems: Sequence[tuple[str, str]] = (), code: int = 200) -> ResponseReturnValue:
    found = press_list(house.session(), current_user.user.organisation_id)
    shown = render_template(
        "press/list_.html",
        journalists=[one for one in found if one.left_at is None],
        left=[one for one in found if one.left_at is not None],
        problems=problems,
        languages=LANGUAGES,
        typed={
            "pasted": request.form.get("pasted", "") if problems else "",
            "language": request.form.get("language", "") if problems else house.page_language(),
        },
    )
    return shown, code
