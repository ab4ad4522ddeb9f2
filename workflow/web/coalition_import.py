"""A members file: looked at, shown as what it would change, and taken over only as it was shown."""

import hashlib
from collections.abc import Sequence

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import coalition as acting
from workflow.formats.remarks import as_csv
from workflow.models.coalition import Coalition
from workflow.queries import coalition as looking
from workflow.queries.importing import MemberPlan, count_import, plan_import
from workflow.rules.access import Permission
from workflow.rules.refusals import FileRefused, Message
from workflow.text.importing import read_members
from workflow.text.members import COLUMNS, NAME_IN
from workflow.web import house
from workflow.web.coalition import coalition
from workflow.web.gates import requires


@coalition.route("/coalitions/<int:coalition_id>/import", methods=["GET", "POST"])
@requires(Permission.EDIT_COALITION)
def import_(coalition_id: int) -> ResponseReturnValue:
    """First show what the file would change, then do exactly that; what moved in between is shown again."""
    found = looking.coalition_by_id(house.session(), coalition_id)
    if request.method != "POST":
        return _page(found, "")
    data = _data()
    pasted = data.decode("utf-8", "replace").removeprefix("\ufeff")
    try:
        rows = read_members(data)
        plans = plan_import(house.session(), found, rows)
    except FileRefused as refused:
        problem = Message("file", {"line": refused.line, "problem": refused.problem})
        return _page(found, pasted, problem=house.sentence(problem)), 400
    if "take" not in request.form:
        return _page(found, pasted, plans)
    if request.form.get("seen") != _seal(plans):
        return _page(found, pasted, plans, moved=True), 409
    counts = acting.import_members(house.session(), house.now(), current_user.user.id, coalition_id, rows)
    flash(
        _(
            "Applied. New members: %(joined)s. Changed: %(changed)s. New contacts: %(contacts)s.",
            joined=counts.joined,
            changed=counts.changed,
            contacts=counts.contacts_added,
        ),
        "success",
    )
    return redirect(url_for("coalition.show", coalition_id=coalition_id), 303)


@coalition.get("/coalitions/<int:coalition_id>/members.csv")
@requires(Permission.EDIT_COALITION)
def members_csv(coalition_id: int) -> ResponseReturnValue:
    """The members with their contacts, as the import takes them: one line for each contact."""
    found = looking.coalition_by_id(house.session(), coalition_id)
    members = looking.members(house.session(), found.id)
    languages = sorted({language for one in members for language in one.listed_names})
    rows = [_line(one, contact, languages) for one in members for contact in one.contacts]
    columns = (*COLUMNS, *(f"{NAME_IN}{one.lower()}" for one in languages))
    response = Response(as_csv(columns, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="members-{found.id}.csv"'
    return response


def _line(one: looking.MemberLine, contact: looking.ContactLine, languages: Sequence[str]) -> list[str]:
    alternate = "yes" if contact.alternate else "no"
    person = (contact.name, contact.mail, contact.language, contact.time_zone, alternate)
    names = [one.listed_names.get(language, "") for language in languages]
    return [one.name, one.listed_name, one.country, one.role, *person, str(one.needed), *names]


def _data() -> bytes:
    """The chosen file, or what was pasted where none was chosen."""
    file = request.files.get("file")
    chosen = file.read() if file else b""
    return chosen or request.form.get("pasted", "").encode("utf-8", "replace")


def _seal(plans: Sequence[MemberPlan]) -> str:
    """What stands for everything that was shown: another file, or another state here, has another."""
    return hashlib.sha256(repr(plans).encode("utf-8", "replace")).hexdigest()


def _page(
    found: Coalition,
    pasted: str,
    plans: Sequence[MemberPlan] | None = None,
    *,
    problem: str = "",
    moved: bool = False,
) -> str:
    return render_template(
        "coalition/import_.html",
        coalition=found,
        pasted=pasted,
        plans=plans,
        counts=count_import(plans) if plans is not None else None,
        seen=_seal(plans) if plans is not None else "",
        moved=moved,
        errors={"pasted": problem} if problem else {},
        columns=", ".join(COLUMNS),
    )
