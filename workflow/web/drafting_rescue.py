"""Words that come with a form that cannot be taken: signed out, or too late. They are shown again, filled in."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from workflow.rules.access import Permission
from workflow.web.drafting import drafting
from workflow.web.drafting_editor import typed_editor
from workflow.web.drafting_form import fields_of, label_of, typed_draft
from workflow.web.drafting_merging import revision_number
from workflow.web.drafting_pages import edit_page, new_page
from workflow.web.errors import stale_form_page
from workflow.web.gates import allowed

EDITORS = ("drafting.new", "drafting.edit", "drafting.merge")
# Chosen, not typed: carried on, and not shown for copying.
CHOSEN = ("kind", "language", "date", "coalition")


@drafting.before_request
def signed_out() -> ResponseReturnValue | None:
    """The session ended while somebody was writing: sign in, come back, go on. The gate would drop the words."""
    if _brings_words() and not current_user.is_authenticated:
        return _signed_out_page()
    return None


@drafting.errorhandler(CSRFError)
def came_too_late(error: CSRFError) -> ResponseReturnValue:
    """The form's token is of a session that ended: the editor comes again with what was typed, and a good token.

    Nothing is done with the words: who forges such a form fills in an editor, and saving remains a press on Save.
    """
    if not _brings_words():
        return stale_form_page(error)
    if not current_user.is_authenticated:
        return _signed_out_page()
    draft, editor = typed_draft(), typed_editor()
    if request.endpoint == "drafting.new":
        return new_page(draft, request.form.get("coalition", ""), editor, stale=True, code=400)
    values = request.view_args or {}
    if not allowed(Permission.EDIT_STATEMENT, values):
        return stale_form_page(error)
    based_on = revision_number(request.form.get("based_on", ""))
    return edit_page(values["public_id"], draft, based_on, editor, stale=True, code=400)


def _brings_words() -> bool:
    if request.endpoint not in EDITORS or request.method != "POST":
        return False
    return any(words.strip() for name, words in fields_of(request.form).items() if name not in CHOSEN)


def _signed_out_page() -> ResponseReturnValue:
    typed = fields_of(request.form)
    carried = {name: request.form.get(name, "") for name in ("based_on", "editor", "number", "taken_up")}
    shown = [(label_of(name), words) for name, words in typed.items() if words.strip() and name not in CHOSEN]
    page = render_template("errors/signed_out.html", typed=typed, carried=carried, shown=shown, path=request.path)
    return page, 403
