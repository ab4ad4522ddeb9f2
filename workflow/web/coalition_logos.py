"""The logo of a member: brought by the lead, looked at, replaced, taken away."""

from contextlib import closing

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import logos as acting
from workflow.queries import coalition as looking
from workflow.queries.logos import content_of
from workflow.rules.access import Permission
from workflow.rules.refusals import FileRefused
from workflow.text.picture import FILE_LIMIT, read_logo
from workflow.web import house
from workflow.web.coalition import coalition, member_page, values_of
from workflow.web.gates import requires
from workflow.web.logo_files import logo_response

LOGO = "/coalitions/<int:coalition_id>/members/<int:organisation_id>/logo"


@coalition.get(f"{LOGO}s/<digest>.png")
@requires(Permission.SEE_COALITION)
def logo(coalition_id: int, organisation_id: int, digest: str) -> Response:
    """The picture itself."""
    looking.member(house.session(), coalition_id, organisation_id)
    return logo_response(digest, lambda: content_of(house.session(), organisation_id, digest))


@coalition.post(LOGO)
@requires(Permission.EDIT_COALITION)
def put_logo(coalition_id: int, organisation_id: int) -> ResponseReturnValue:
    """Take the file that was chosen as the logo."""
    found = looking.member(house.session(), coalition_id, organisation_id)
    try:
        picture = read_logo(_chosen())
    except FileRefused as refused:
        return member_page(coalition_id, found, values_of(found), {"logo": house.sentence(refused.problem)}), 400
    acting.put_logo(house.session(), house.now(), current_user.user.id, coalition_id, organisation_id, picture)
    flash(
        _("The logo is there. It stands above the name where a list shows logos and the organisation agrees."),
        "success",
    )
    return _back(coalition_id, organisation_id)


def _chosen() -> bytes:
    """The file, or as much of it as shows that it is too large."""
    file = request.files.get("logo")
    if file is None:
        return b""
    with closing(file):
        return bytes(file.read(FILE_LIMIT + 1))


@coalition.post(f"{LOGO}/remove")
@requires(Permission.EDIT_COALITION)
def remove_logo(coalition_id: int, organisation_id: int) -> ResponseReturnValue:
    """Take the logo away."""
    acting.remove_logo(house.session(), house.now(), current_user.user.id, coalition_id, organisation_id)
    flash(_("The logo is taken away."), "success")
    return _back(coalition_id, organisation_id)


def _back(coalition_id: int, organisation_id: int) -> ResponseReturnValue:
    where = url_for("coalition.member", coalition_id=coalition_id, organisation_id=organisation_id, _anchor="logo")
    return redirect(where, 303)
