"""What a coalition is called: at the desk, and in public."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import coalition as acting
from workflow.actions import coalition_public
from workflow.queries import coalition as looking
from workflow.rules.access import Permission
from workflow.rules.refusals import AlreadyThere, InputRefused, Refusal
from workflow.web import choices, house
from workflow.web.coalition import coalition
from workflow.web.errors import status_of
from workflow.web.gates import requires


@coalition.route("/coalitions/<int:coalition_id>/rename", methods=["GET", "POST"])
@requires(Permission.EDIT_COALITION)
def rename(coalition_id: int) -> ResponseReturnValue:
    """A form for the coalition's name."""
    if request.method != "POST":
        return _page(coalition_id)
    name = request.form.get("name", "")
    try:
        acting.rename(house.session(), house.now(), current_user.user.id, coalition_id, name)
    except (InputRefused, AlreadyThere) as refused:
        return _page(coalition_id, refused, name=name)
    return _saved(coalition_id)


@coalition.post("/coalitions/<int:coalition_id>/name-in-public")
@requires(Permission.EDIT_COALITION)
def name_in_public(coalition_id: int) -> ResponseReturnValue:
    """The name that the coalition has in public, or none."""
    name = request.form.get("public_name", "")
    try:
        coalition_public.name_in_public(house.session(), house.now(), current_user.user.id, coalition_id, name)
    except InputRefused as refused:
        return _page(coalition_id, refused, public_name=name)
    return _saved(coalition_id)


def _page(coalition_id: int, refused: Refusal | None = None, **typed: str) -> ResponseReturnValue:
    found = looking.coalition_by_id(house.session(), coalition_id)
    errors = choices.errors_of(refused) if refused else {}
    if isinstance(refused, AlreadyThere):
        errors = {"name": errors[""]}
    shown = {"name": found.name, "public_name": found.public_name, **typed}
    page = render_template("coalition/rename.html", coalition=found, errors=errors, **shown)
    return page, status_of(refused) if refused else 200


def _saved(coalition_id: int) -> ResponseReturnValue:
    flash(_("Saved."), "success")
    return redirect(url_for("coalition.show", coalition_id=coalition_id), 303)
