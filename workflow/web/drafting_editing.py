"""Writing a statement: begin it, change it, see it while it is typed, bring it in from a file."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from workflow.actions import drafting as acting
from workflow.queries import desk as looking
from workflow.queries.drafting import latest_revision
from workflow.rules.access import Permission
from workflow.rules.refusals import (
    FileRefused,
    FormRefused,
    Message,
    NotFound,
    NothingChanged,
    Refusal,
    TextMoved,
    WrongStage,
)
from workflow.text.bringing import merged, read_brought
from workflow.text.content import KINDS, Edition
from workflow.text.differences import differences
from workflow.text.importing import Imported, read_statement
from workflow.text.instants import in_zone
from workflow.web import house
from workflow.web.drafting import drafting
from workflow.web.drafting_form import Draft, draft_of, language_choices, shown_anyway, summary_of, typed_draft
from workflow.web.errors import status_of
from workflow.web.gates import requires
from workflow.web.reading import statement_view


@drafting.route("/desk/statements/new", methods=["GET", "POST"])
@requires(Permission.USE_DESK)
def new() -> ResponseReturnValue:
    """A form for a new statement; saving it begins the statement with revision 1."""
    if request.method != "POST":
        return _new_page(draft_of(_blank()), request.args.get("coalition", ""))
    draft, coalition = typed_draft(), request.form.get("coalition", "")
    if "save" not in request.form:
        return _new_page(draft, coalition, previewed="preview" in request.form)
    try:
        statement = acting.begin(
            house.session(), house.now(), current_user.user.id, _coalition_id(coalition), draft.edition
        )
    except FormRefused as refused:
        return _new_page(draft, coalition, problems=refused.problems, code=400)
    except NotFound:
        missing = {"coalition": Message("coalition-missing")}
        return _new_page(draft, coalition, problems=missing, code=400)
    flash(_("Saved as a draft. Nobody outside your organisation has seen it."), "success")
    return redirect(url_for("drafting.show", public_id=statement.public_id), 303)


@drafting.post("/desk/statements/import")
@requires(Permission.USE_DESK)
def import_() -> ResponseReturnValue:
    """The form for a new statement, filled in from a file or from what was pasted. Nothing is saved yet."""
    coalition, pasted = request.form.get("coalition", ""), request.form.get("pasted", "")
    try:
        imported = _imported(request.files.get("file"), pasted)
    except FileRefused as refused:
        blank = draft_of(_blank())
        return _new_page(blank, coalition, problems=_file_problem(refused), pasted=pasted, code=400)
    return _new_page(draft_of(imported.edition), coalition, imported=imported)


@drafting.post("/desk/statements/<public_id>/import")
@requires(Permission.EDIT_STATEMENT)
def import_into(public_id: str) -> ResponseReturnValue:
    """The editor, filled in from a file; parts that the file does not have stay. Nothing is saved yet."""
    session, pasted = house.session(), request.form.get("pasted", "")
    statement = looking.statement_by_public_id(session, public_id)
    newest = latest_revision(session, statement.id)
    before = newest.parsed.authoritative
    try:
        imported = _imported(request.files.get("file"), pasted)
    except FileRefused as refused:
        problems = _file_problem(refused)
        return _edit_page(public_id, draft_of(before), newest.number, problems=problems, pasted=pasted, code=400)
    return _edit_page(public_id, draft_of(merged(before, imported.edition)), newest.number, imported=imported)


def _file_problem(refused: FileRefused) -> dict[str, Message]:
    return {"pasted": Message("file", {"line": refused.line, "problem": refused.problem})}


@drafting.route("/desk/statements/<public_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_STATEMENT)
def edit(public_id: str) -> ResponseReturnValue:
    """The text of a statement; saving it makes a new revision, which is in force only once the lead says so."""
    session = house.session()
    if request.method != "POST":
        statement = looking.statement_by_public_id(session, public_id)
        newest = latest_revision(session, statement.id)
        return _edit_page(public_id, draft_of(newest.parsed.authoritative), newest.number)
    draft, based_on = typed_draft(), _number(request.form.get("based_on", ""))
    if "save" not in request.form:
        return _edit_page(public_id, draft, based_on, previewed="preview" in request.form)
    try:
        return _saved(public_id, draft, based_on)
    except FormRefused as refused:
        return _edit_page(public_id, draft, based_on, problems=refused.problems, code=400)
    except TextMoved:
        return _moved_page(public_id, draft)
    except WrongStage as refused:
        return _edit_page(public_id, draft, based_on, refused=refused, code=status_of(refused))


def _saved(public_id: str, draft: Draft, based_on: int) -> ResponseReturnValue:
    try:
        revision = acting.revise(house.session(), house.now(), current_user.user.id, public_id, draft.edition, based_on)
        flash(_("Saved as revision %(number)s.", number=revision.number), "success")
    except NothingChanged as refused:
        flash(house.sentence(refused.message), "message")
    return redirect(url_for("drafting.show", public_id=public_id), 303)


@drafting.post("/desk/statements/preview")
@requires(Permission.USE_DESK)
def preview() -> ResponseReturnValue:
    """The text being typed as it will be published: a fragment of a page, for static/js/preview.js."""
    return render_template("drafting/preview.html", view=statement_view(shown_anyway(typed_draft().edition)))


def _blank() -> Edition:
    user = current_user.user
    today = in_zone(house.now(), user.time_zone).date().isoformat()
    return Edition(language=user.language, kind=KINDS[0], headline="", body="", date=today)


def _coalition_id(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 9):
        raise NotFound
    return int(typed)


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 6 else 0


def _imported(file: FileStorage | None, pasted: str) -> Imported:
    """What the file says, or where none was chosen, what was pasted."""
    language = current_user.user.language
    if file is not None and file.filename:
        data = file.read()
        file.close()
        return read_brought(data, language)
    return read_statement(pasted, language)


def _new_page(
    draft: Draft,
    coalition: str,
    *,
    problems: dict[str, Message] | None = None,
    imported: Imported | None = None,
    pasted: str = "",
    previewed: bool = False,
    code: int = 200,
) -> ResponseReturnValue:
    coalitions = looking.coalitions(house.session(), current_user.user.organisation_id)
    if not coalition and len(coalitions) == 1:
        coalition = str(coalitions[0].coalition_id)
    shown = render_template(
        "drafting/new.html",
        coalitions=coalitions,
        coalition=coalition,
        imported=imported,
        pasted=pasted,
        **_form_values(draft, problems or {}, previewed),
    )
    return shown, code


def _edit_page(
    public_id: str,
    draft: Draft,
    based_on: int,
    *,
    problems: dict[str, Message] | None = None,
    refused: Refusal | None = None,
    moved: dict[str, object] | None = None,
    imported: Imported | None = None,
    pasted: str = "",
    previewed: bool = False,
    code: int = 200,
) -> ResponseReturnValue:
    shown = render_template(
        "drafting/edit.html",
        statement=looking.statement_by_public_id(house.session(), public_id),
        based_on=based_on,
        refused=refused,
        moved=moved,
        imported=imported,
        pasted=pasted,
        **_form_values(draft, problems or {}, previewed),
    )
    return shown, code


def _moved_page(public_id: str, draft: Draft) -> ResponseReturnValue:
    """Somebody saved another revision meanwhile: both texts are shown, and saving again is deliberate."""
    session = house.session()
    statement = looking.statement_by_public_id(session, public_id)
    theirs = latest_revision(session, statement.id)
    saved = looking.revisions(session, statement.id)[0]
    # As typed, but regular: otherwise every blank at a line's end would show as a difference.
    mine = shown_anyway(draft.edition)
    changes = differences(theirs.parsed.authoritative, mine)
    moved: dict[str, object] = {"number": saved.number, "by": saved.saved_by, "changes": changes}
    return _edit_page(public_id, draft, saved.number, moved=moved, code=409)


def _form_values(draft: Draft, problems: dict[str, Message], previewed: bool) -> dict[str, object]:
    edition = draft.edition
    errors = {field: house.sentence(message) for field, message in problems.items()}
    return {
        "draft": draft,
        "problems": summary_of(errors),
        "errors": errors,
        "language_choices": language_choices(edition.language, house.page_language()),
        "direction": house.direction(edition.language),
        "view": statement_view(shown_anyway(edition)) if previewed or edition.body else None,
        "previewed": previewed,
    }
