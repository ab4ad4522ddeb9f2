"""Words being typed: kept while they are typed, looked at, taken up again, thrown away."""

import re

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import keeping
from workflow.actions.keeping import Words
from workflow.models.drafting import Statement
from workflow.models.keeping import KeptDraft
from workflow.queries.desk import statement_by_public_id
from workflow.queries.drafting import revision, statement_by_id
from workflow.queries.keeping import kept_draft
from workflow.rules.access import Permission
from workflow.rules.refusals import FormRefused, InputRefused, WrongStage
from workflow.text.checking import check
from workflow.text.content import Edition
from workflow.text.differences import differences
from workflow.text.editions import begun_from
from workflow.web import house
from workflow.web.drafting import drafting
from workflow.web.drafting_editor import KEY, company, draft_of_kept, typed_editor
from workflow.web.drafting_form import fields_of, shown_anyway, summary_of, typed_draft
from workflow.web.errors import status_of
from workflow.web.gates import requires
from workflow.web.look import moment
from workflow.web.reading import statement_view


@drafting.post("/desk/statements/keep")
@requires(Permission.USE_DESK)
def keep() -> ResponseReturnValue:
    """Keep what is being typed, for static/js/keeping.js: says in JSON what became of it."""
    if request.form.get("writer") != str(current_user.user.id):
        # Somebody else signed in in the same browser: words of one user are never kept as another's.
        return jsonify(state=_("Not kept: somebody else is signed in in this browser now.")), 409
    key, public_id = request.form.get("editor", ""), request.form.get("public_id", "")
    based_on = request.form.get("based_on", "")
    if not KEY.fullmatch(key) or not re.fullmatch("[0-9]{1,6}", based_on):
        return jsonify(state=_("Not kept: load the page again.")), 400
    editor = typed_editor()
    fields, edition = fields_of(request.form), typed_draft().edition
    words = Words(key, public_id, int(based_on), editor.number, fields, edition, editor.taken_up, editor.of)
    try:
        kept = keeping.keep(house.session(), house.now(), current_user.user.id, words)
    except (InputRefused, WrongStage) as refused:
        return jsonify(state=_("Not kept: %(why)s", why=house.sentence(refused.message))), status_of(refused)
    others = company(statement_by_public_id(house.session(), public_id), int(based_on)) if public_id else []
    told = _("Kept at %(time)s", time=moment(house.now())) if kept else ""
    return jsonify(state=told, others=others)


@drafting.get("/desk/kept/<key>")
@requires(Permission.USE_DESK)
def kept(key: str) -> ResponseReturnValue:
    """Unsaved words of one's own: what they change, and what can be done with them."""
    found = kept_draft(house.session(), current_user.user.id, key)
    statement = _statement_of(found)
    typed = draft_of_kept(found).edition
    edition = shown_anyway(typed)
    changes = None
    if statement is not None:
        base = revision(house.session(), statement.id, found.based_on)
        of, content = str(found.fields.get("edition", "")), base.parsed
        before = content.find(of) or begun_from(content.authoritative, of)
        changes = differences(before, edition)
    return render_template(
        "drafting/kept.html",
        kept=found,
        kept_days=keeping.KEPT_FOR.days,
        statement=statement,
        edition=edition,
        problems=_problems(typed),
        view=statement_view(edition),
        changes=changes,
    )


@drafting.post("/desk/kept/<key>/away")
@requires(Permission.USE_DESK)
def throw_away(key: str) -> ResponseReturnValue:
    """Unsaved words are not wanted any more."""
    found = kept_draft(house.session(), current_user.user.id, key)
    statement = _statement_of(found)
    keeping.throw_away(house.session(), current_user.user.id, key)
    flash(_("Thrown away. What was saved stays as it is."), "success")
    return redirect(
        url_for("drafting.edit", public_id=statement.public_id) if statement else url_for("drafting.new"), 303
    )


def _problems(typed: Edition) -> list[tuple[str, str]]:
    """What of these words cannot be saved as it is, and is therefore not among what is shown."""
    try:
        check(typed)
    except FormRefused as refused:
        return summary_of({field: house.sentence(message) for field, message in refused.problems.items()})
    return []


def _statement_of(found: KeptDraft) -> Statement | None:
    return statement_by_id(house.session(), found.statement_id) if found.statement_id is not None else None
