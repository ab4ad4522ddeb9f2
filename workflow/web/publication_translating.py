"""A translation after the publication: written or brought in, held against the text that was signed, published."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import translating as acting
from workflow.models.drafting import Statement
from workflow.queries.completion import complete_circulation
from workflow.queries.desk import statement_by_public_id
from workflow.queries.mentions import translation_naming
from workflow.queries.noting import languages_added
from workflow.rules.access import Permission
from workflow.rules.lifecycle import Move, Stage
from workflow.rules.refusals import FileRefused, FormRefused, InputRefused, Message, NotFound, WrongStage
from workflow.text.bringing import merged, read_brought
from workflow.text.checking import clean_language
from workflow.text.content import Content, Edition
from workflow.text.editions import begun_from, compared
from workflow.text.importing import Imported
from workflow.web import house
from workflow.web.drafting_form import Draft, draft_of, language_choices, shown_anyway, summary_of, typed_draft
from workflow.web.gates import requires
from workflow.web.publication import publication
from workflow.web.reading import statement_view


@publication.route("/desk/statements/<public_id>/translation", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def translation(public_id: str) -> ResponseReturnValue:
    """The form of a translation that is added now; publishing it adds a dated note, and tells all who were asked."""
    statement, signed = _published(public_id)
    if request.method != "POST":
        return _page(statement, signed, draft_of(begun_from(signed.authoritative, _language(statement, signed))))
    draft = typed_draft()
    if "publish" not in request.form:
        return _page(statement, signed, draft, compared_to=draft.edition)
    try:
        if request.form.get("sure") != "yes":
            raise FormRefused({"sure": Message("edition.sure")})
        who = (house.session(), house.now(), current_user.user.id)
        added = acting.add_translation(*who, public_id, draft.edition)
    except FormRefused as refused:
        return _page(statement, signed, draft, refused.problems, compared_to=draft.edition, code=400)
    flash(_("The translation is public, and everybody who was asked is told."), "success")
    return redirect(url_for("public.statement", slug=statement.slug, language=added.language), 303)


@publication.post("/desk/statements/<public_id>/translation/import")
@requires(Permission.CIRCULATE)
def import_translation(public_id: str) -> ResponseReturnValue:
    """The same form, filled in from a translator's file or from what was pasted. Nothing is saved yet."""
    statement, signed = _published(public_id)
    language, pasted = _language(statement, signed, request.form.get("edition", "")), request.form.get("pasted", "")
    before = begun_from(signed.authoritative, language)
    file = request.files.get("file")
    data = file.read() if file and file.filename else pasted.encode()
    if not data.strip():
        return _page(statement, signed, draft_of(before), {"pasted": Message("nothing-chosen")}, code=400)
    try:
        imported = read_brought(data, language)
    except FileRefused as refused:
        return _page(statement, signed, draft_of(before), {"pasted": refused.message}, pasted=pasted, code=400)
    edition = merged(before, imported.edition)
    return _page(statement, signed, draft_of(edition), imported=imported, compared_to=edition)


def _published(public_id: str) -> tuple[Statement, Content]:
    """A published statement and what was signed. Raises WrongStage for others."""
    statement = statement_by_public_id(house.session(), public_id)
    if statement.stage != Stage.PUBLISHED:
        raise WrongStage(stage=statement.stage, move=Move.NOTE.value)
    return statement, complete_circulation(house.session(), statement.id).revision.parsed


def _language(statement: Statement, signed: Content, typed: str = "") -> str:
    """The language that is asked for, else the first in which there is no edition. Raises NotFound for no language."""
    named = typed or request.args.get("edition", "")
    try:
        return clean_language(named) if named else _free(statement, signed)[0][0]
    except InputRefused:
        raise NotFound from None


def _free(statement: Statement, signed: Content) -> list[tuple[str, str]]:
    there = {*signed.languages, *languages_added(house.session(), statement.id)}
    return [one for one in language_choices("", house.page_language()) if one[0] not in there]


def _page(
    statement: Statement,
    signed: Content,
    draft: Draft,
    problems: dict[str, Message] | None = None,
    *,
    imported: Imported | None = None,
    compared_to: Edition | None = None,
    pasted: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    errors = {field: house.sentence(message) for field, message in (problems or {}).items()}
    edition = shown_anyway(draft.edition)
    shown = render_template(
        "publication/translation.html",
        statement=statement,
        signed=statement_view(signed.authoritative),
        draft=draft,
        errors=errors,
        problems=summary_of(errors),
        imported=imported,
        pasted=pasted,
        sure=request.form.get("sure") == "yes",
        language_choices=language_choices(draft.edition.language, house.page_language()),
        direction=house.direction(draft.edition.language),
        view=statement_view(edition),
        remarks=[*compared(signed.authoritative, edition), *_naming(statement, signed, edition)] if compared_to else [],
    )
    return shown, code


def _naming(statement: Statement, signed: Content, edition: Edition) -> list[Message]:
    """What is to be said before it is published of a translation that names somebody who is counted and not named."""
    circulation = complete_circulation(house.session(), statement.id)
    fields, as_signed = translation_naming(house.session(), circulation.id, signed, edition)
    found = [Message("edition.names-withheld")] if fields else []
    return [*found, Message("edition.names-as-signed")] if as_signed else found
