"""Writing a statement: begin it, change it, see it while it is typed, bring it in from a file."""

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from workflow.actions import drafting as acting
from workflow.models.keeping import KeptDraft
from workflow.queries import desk as looking
from workflow.queries.drafting import latest_revision
from workflow.queries.keeping import kept_draft
from workflow.rules.access import Permission
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.refusals import (
    FileRefused,
    FormRefused,
    InputRefused,
    Message,
    NotFound,
    NothingChanged,
    TextMoved,
    WrongStage,
)
from workflow.text.bringing import merged, read_brought
from workflow.text.checking import clean_language
from workflow.text.content import KINDS, Content, Edition
from workflow.text.editions import begun_from
from workflow.text.importing import Imported, read_statement
from workflow.text.instants import in_zone
from workflow.web import house
from workflow.web.drafting import SAVED_EDITOR, drafting
from workflow.web.drafting_editor import Editor, draft_of_kept, going_on_with, typed_editor
from workflow.web.drafting_form import Draft, draft_of, in_preview, typed_draft
from workflow.web.drafting_merging import moved_page, revision_number
from workflow.web.drafting_pages import edit_page, new_page
from workflow.web.errors import status_of
from workflow.web.gates import requires
from workflow.web.reading import statement_view

# The new statement that was saved last in this browser: the key of its form, and its address.
SAVED_AS = "saved_as"


@drafting.route("/desk/statements/new", methods=["GET", "POST"])
@requires(Permission.USE_DESK)
def new() -> ResponseReturnValue:
    """A form for a new statement; saving it begins the statement with revision 1."""
    if request.method != "POST":
        return _begun()
    draft, coalition, editor = typed_draft(), request.form.get("coalition", ""), typed_editor()
    if "save" not in request.form:
        return new_page(draft, coalition, editor, previewed="preview" in request.form)
    saved = cookie.get(SAVED_AS, ["", ""])
    if saved[0] == editor.key and request.form.get("second") != "yes":
        problems = {"second": Message("statement.saved-already")}
        return new_page(draft, coalition, editor, problems=problems, saved_as=saved[1], code=409)
    try:
        who = (house.session(), house.now(), current_user.user.id)
        statement = acting.begin(*who, _coalition_id(coalition), draft.edition, editor.kept)
    except FormRefused as refused:
        return new_page(draft, coalition, editor, problems=refused.problems, code=400)
    except NotFound:
        missing = {"coalition": Message("coalition-missing")}
        return new_page(draft, coalition, editor, problems=missing, code=400)
    cookie[SAVED_EDITOR] = editor.key
    cookie[SAVED_AS] = [editor.key, statement.public_id]
    flash(_("Saved as a draft. Nobody outside your organisation has seen it."), "success")
    return redirect(url_for("drafting.show", public_id=statement.public_id), 303)


def _begun() -> ResponseReturnValue:
    """An empty form, or one's own unsaved words where the address names them."""
    if "kept" not in request.args:
        return new_page(draft_of(_blank()), request.args.get("coalition", ""), Editor())
    kept = _kept(None)
    return new_page(draft_of_kept(kept), kept.fields.get("coalition", ""), going_on_with(kept), kept_at=kept.kept_at)


@drafting.post("/desk/statements/import")
@requires(Permission.USE_DESK)
def import_() -> ResponseReturnValue:
    """The form for a new statement, filled in from a file or from what was pasted. Nothing is saved yet."""
    coalition, pasted = request.form.get("coalition", ""), request.form.get("pasted", "")
    try:
        imported = _imported(request.files.get("file"), pasted)
    except FileRefused as refused:
        blank = draft_of(_blank())
        problems = _file_problem(refused)
        return new_page(blank, coalition, Editor(), problems=problems, pasted=pasted, code=400)
    return new_page(draft_of(imported.edition), coalition, Editor(typed=True), imported=imported)


@drafting.post("/desk/statements/<public_id>/import")
@requires(Permission.EDIT_STATEMENT)
def import_into(public_id: str) -> ResponseReturnValue:
    """The editor, filled in from a file; parts that the file does not have stay. Nothing is saved yet."""
    session, pasted = house.session(), request.form.get("pasted", "")
    statement = looking.statement_by_public_id(session, public_id)
    newest = latest_revision(session, statement.id)
    before, of = edition_to_change(newest.parsed, request.form.get("edition", ""))
    try:
        imported = _imported(request.files.get("file"), pasted, of)
    except FileRefused as refused:
        problems = _file_problem(refused)
        opened = (public_id, draft_of(before), newest.number, Editor(of=of))
        return edit_page(*opened, problems=problems, pasted=pasted, code=400)
    opened = (public_id, draft_of(merged(before, imported.edition)), newest.number, Editor(typed=True, of=of))
    return edit_page(*opened, imported=imported)


def _file_problem(refused: FileRefused) -> dict[str, Message]:
    return {"pasted": refused.problem if refused.problem.id == "nothing-chosen" else refused.message}


@drafting.route("/desk/statements/<public_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_STATEMENT)
def edit(public_id: str) -> ResponseReturnValue:
    """The text of a statement; saving it makes a new revision, which is in force only once the lead says so."""
    if request.method != "POST":
        return _opened(public_id)
    draft, based_on, editor = typed_draft(), revision_number(request.form.get("based_on", "")), typed_editor()
    if "save" not in request.form:
        return edit_page(public_id, draft, based_on, editor, previewed="preview" in request.form)
    try:
        return _saved(public_id, draft, based_on, editor)
    except FormRefused as refused:
        return edit_page(public_id, draft, based_on, editor, problems=refused.problems, code=400)
    except TextMoved:
        return moved_page(public_id, draft, based_on, editor)
    except WrongStage as refused:
        return edit_page(public_id, draft, based_on, editor, refused=refused, code=status_of(refused))


def _opened(public_id: str) -> ResponseReturnValue:
    """The newest text, or one's own unsaved words where the address names them."""
    statement = looking.statement_by_public_id(house.session(), public_id)
    if "kept" in request.args:
        kept = _kept(statement.id)
        return edit_page(public_id, draft_of_kept(kept), kept.based_on, going_on_with(kept), kept_at=kept.kept_at)
    after(Stage(statement.stage), Move.REVISE)
    newest = latest_revision(house.session(), statement.id)
    before, of = edition_to_change(newest.parsed, request.args.get("edition", ""))
    return edit_page(public_id, draft_of(before), newest.number, Editor(of=of))


def edition_to_change(content: Content, language: str) -> tuple[Edition, str]:
    """The edition in `language` ("": the authoritative one), or what a new one begins with; and how it is named.

    Raises NotFound for what is no language.
    """
    try:
        named = clean_language(language) if language else ""
    except InputRefused:
        raise NotFound from None
    edition = content.find(named) or begun_from(content.authoritative, named)
    return edition, content.short(edition)


def _saved(public_id: str, draft: Draft, based_on: int, editor: Editor) -> ResponseReturnValue:
    who = (house.session(), house.now(), current_user.user.id)
    try:
        revision = acting.revise(*who, public_id, draft.edition, based_on, editor.kept, of=editor.of)
        flash(_("Saved as revision %(number)s.", number=revision.number), "success")
    except NothingChanged as refused:
        flash(house.sentence(refused.message), "message")
    cookie[SAVED_EDITOR] = editor.key
    shown = draft.edition.language if editor.of else None
    return redirect(url_for("drafting.show", public_id=public_id, edition=shown), 303)


def _kept(statement_id: int | None) -> KeptDraft:
    """The unsaved words that the address names, if they were typed into this statement."""
    kept = kept_draft(house.session(), current_user.user.id, request.args.get("kept", ""))
    if kept.statement_id != statement_id:
        raise NotFound
    return kept


@drafting.post("/desk/statements/preview")
@requires(Permission.USE_DESK)
def preview() -> ResponseReturnValue:
    """The text being typed as it will be published: a fragment of a page, for static/js/preview.js."""
    return render_template("drafting/preview.html", view=statement_view(in_preview(typed_draft().edition)))


def _blank() -> Edition:
    user = current_user.user
    today = in_zone(house.now(), user.time_zone).date().isoformat()
    return Edition(language=user.language, kind=KINDS[0], headline="", body="", date=today)


def _coalition_id(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 9):
        raise NotFound
    return int(typed)


def _imported(file: FileStorage | None, pasted: str, language: str = "") -> Imported:
    """What the file says, or where none was chosen, what was pasted; in `language`, where it does not say another."""
    language = language or current_user.user.language
    if file is not None and file.filename:
        data = file.read()
        file.close()
        try:
            return read_brought(data, language)
        except FileRefused as refused:
            if file.filename.lower().endswith(".docx") and refused.problem.id == "statement-shape":
                raise FileRefused(Message("word-unreadable")) from refused
            raise
    if not pasted.strip():
        raise FileRefused(Message("nothing-chosen"))
    return read_statement(pasted, language)
