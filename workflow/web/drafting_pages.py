"""The two pages of the editor, put together: for a new statement, and for the text of one that is there."""

from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from workflow.queries import desk as looking
from workflow.rules.refusals import Message, Refusal
from workflow.text.importing import Imported
from workflow.web import house
from workflow.web.drafting_editor import Editor, around
from workflow.web.drafting_form import Draft, in_preview, language_choices, summary_of
from workflow.web.reading import statement_view


def new_page(
    draft: Draft,
    coalition: str,
    editor: Editor,
    *,
    problems: dict[str, Message] | None = None,
    imported: Imported | None = None,
    pasted: str = "",
    previewed: bool = False,
    kept_at: datetime | None = None,
    stale: bool = False,
    saved_as: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    """The page to write a new statement on. `kept_at`: when its words were kept; `stale`: the form came too late.

    `saved_as`: the statement that this very form made already.
    """
    coalitions = looking.coalitions(house.session(), current_user.user.organisation_id)
    if not coalition and len(coalitions) == 1:
        coalition = str(coalitions[0].coalition_id)
    shown = render_template(
        "drafting/new.html",
        coalitions=coalitions,
        coalition=coalition,
        imported=imported,
        pasted=pasted,
        kept_at=kept_at,
        stale=stale,
        saved_as=saved_as,
        **around(editor, None),
        **_form_values(draft, problems or {}, previewed),
    )
    return shown, code


def edit_page(
    public_id: str,
    draft: Draft,
    based_on: int,
    editor: Editor,
    *,
    problems: dict[str, Message] | None = None,
    refused: Refusal | None = None,
    moved: object = None,
    imported: Imported | None = None,
    pasted: str = "",
    previewed: bool = False,
    kept_at: datetime | None = None,
    stale: bool = False,
    code: int = 200,
) -> ResponseReturnValue:
    """The page to change a text on. `moved`: what a colleague saved meanwhile; the others as for `new_page`."""
    statement = looking.statement_by_public_id(house.session(), public_id)
    shown = render_template(
        "drafting/edit.html",
        statement=statement,
        based_on=based_on,
        refused=refused,
        moved=moved,
        imported=imported,
        pasted=pasted,
        kept_at=kept_at,
        stale=stale,
        **around(editor, statement),
        **_form_values(draft, problems or {}, previewed),
    )
    return shown, code


def _form_values(draft: Draft, problems: dict[str, Message], previewed: bool) -> dict[str, object]:
    edition = draft.edition
    errors = {field: house.sentence(message) for field, message in problems.items()}
    return {
        "draft": draft,
        "problems": summary_of(errors),
        "errors": errors,
        "language_choices": language_choices(edition.language, house.page_language()),
        "direction": house.direction(edition.language),
        "view": statement_view(in_preview(edition)) if previewed or edition.body else None,
        "previewed": previewed,
    }
