"""A translation after the publication: written or brought in, held against the text that was signed, looked over once
more, published."""

from dataclasses import replace

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
from workflow.text.content import Content, Edition
from workflow.text.editions import begun_from, compared
from workflow.text.importing import Imported
from workflow.web import house
from workflow.web.drafting_form import (
    Draft,
    draft_of,
    fields_of,
    language_choices,
    shown_anyway,
    summary_of,
    typed_draft,
)
from workflow.web.gates import requires
from workflow.web.publication import publication
from workflow.web.reading import statement_view


@publication.route("/desk/statements/<public_id>/translation", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def translation(public_id: str) -> ResponseReturnValue:
    """The form of a translation that is added now; publishing it adds a dated note, and tells all who were asked."""
    statement, signed = _published(public_id)
    if request.method != "POST":
        return _page(statement, signed, draft_of(begun_from(signed.authoritative, _language())))
    draft, session, user_id = typed_draft(), house.session(), current_user.user.id
    confirmed = "confirmed" in request.form
    if "publish" not in request.form and not confirmed:
        return _page(statement, signed, draft, compared_to=draft.edition)
    try:
        _refuse_unsaid(draft.edition)
        if not confirmed:
            return _check_page(statement, signed, acting.look_over(session, user_id, public_id, draft.edition))
        shown = request.form.get("digest", "")
        acting.add_translation(session, house.now(), user_id, public_id, draft.edition, shown=shown)
    except FormRefused as refused:
        return _page(statement, signed, draft, refused.problems, compared_to=draft.edition, code=400)
    except TextMoved:  # other words than those that were shown: they are shown first
        edition = acting.look_over(session, user_id, public_id, draft.edition)
        return _check_page(statement, signed, edition), 409
    except NothingChanged:
        flash(_("That is so already."), "message")
    else:
        flash(_("The translation is public, and everybody who was asked is told."), "success")
    language = _language(draft.edition.language)
    return redirect(url_for("public.statement", slug=statement.slug, language=language), 303)


@publication.post("/desk/statements/<public_id>/translation/import")
@requires(Permission.CIRCULATE)
def import_translation(public_id: str) -> ResponseReturnValue:
    """The same form, filled in from a translator's file or from what was pasted. Nothing is saved yet."""
    statement, signed = _published(public_id)
    language, pasted = _language(request.form.get("edition", "")), request.form.get("pasted", "")
    before = begun_from(signed.authoritative, language)
    file = request.files.get("file")
    data = file.read() if file and file.filename else pasted.encode()
    if not data.strip():
        return _page(statement, signed, draft_of(before), {"pasted": Message("nothing-chosen")}, code=400)
    try:
        imported = read_brought(data, language or "en")
    except FileRefused as refused:
        return _page(statement, signed, draft_of(before), {"pasted": refused.message}, pasted=pasted, code=400)
    imported, language = _in_its_language(statement, signed, imported, language)
    edition = replace(merged(before, imported.edition), language=language)
    return _page(statement, signed, draft_of(edition), imported=imported, compared_to=edition)


def _published(public_id: str) -> tuple[Statement, Content]:
    """A published statement and what was signed. Raises WrongStage for others."""
    statement = statement_by_public_id(house.session(), public_id)
    if statement.stage != Stage.PUBLISHED:
        raise WrongStage(stage=statement.stage, move=Move.NOTE.value)
    return statement, complete_circulation(house.session(), statement.id).revision.parsed


def _language(typed: str = "") -> str:
    """The language that is asked for; none is chosen for anybody. Raises NotFound for what is no language."""
    named = typed or request.args.get("edition", "")
    try:
        return clean_language(named) if named else ""
    except InputRefused:
        raise NotFound from None


def _in_its_language(statement: Statement, signed: Content, imported: Imported, chosen: str) -> tuple[Imported, str]:
    """What was brought in, in the language that it names itself, where there is no edition in it; else as chosen."""
    named = imported.named_language
    if named in _there(statement, signed):
        told = Message("edition.file-language-there", {"in_language": named})
        return replace(imported, warnings=(*imported.warnings, told)), chosen
    return imported, named or chosen


def _refuse_unsaid(edition: Edition) -> None:
    """Raises FormRefused with what is said by nothing but the lead's own choice."""
    problems = {} if edition.language else {"language": Message("edition.language-unchosen")}
    if request.form.get("sure") != "yes":
        problems["sure"] = Message("edition.sure")
    if problems:
        raise FormRefused(problems)


def _there(statement: Statement, signed: Content) -> set[str]:
    return {*signed.languages, *languages_added(house.session(), statement.id)}


def _choices(statement: Statement, signed: Content, chosen: str) -> list[tuple[str, str]]:
    """The languages in which there is no edition, and what is chosen anyhow: it is refused with its sentence."""
    there = _there(statement, signed) - {chosen}
    free = [one for one in language_choices(chosen, house.page_language()) if one[0] not in there]
    return [("", _("Please choose")), *free]


def _check_page(statement: Statement, signed: Content, edition: Edition) -> str:
    """The text as it will stand, for the last look: what is typed goes along, bound to what is shown by its digest, and
    comes back where it is not right."""
    return render_template(
        "publication/translation.html",
        statement=statement,
        checked=True,
        fields={**fields_of(request.form), "sure": "yes", "digest": acting.digest_of(signed, edition)},
        language=edition.language,
        view=statement_view(edition),
        remarks=[*compared(signed.authoritative, edition), *_naming(statement, signed, edition)],
    )


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
        language_choices=_choices(statement, signed, draft.edition.language),
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
