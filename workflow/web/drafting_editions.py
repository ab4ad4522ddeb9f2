"""The editions of a text at the desk: beside each other, what differs between them, one added or taken out."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import drafting as acting
from workflow.formats.reading import StatementView
from workflow.queries import desk as looking
from workflow.queries.drafting import latest_revision
from workflow.rules.access import Permission
from workflow.rules.lifecycle import Move, Stage, allows
from workflow.rules.refusals import Message, NotFound
from workflow.text.collation import language_name
from workflow.text.content import Content
from workflow.text.editions import compared
from workflow.web import house
from workflow.web.drafting import drafting
from workflow.web.drafting_form import language_choices
from workflow.web.gates import requires
from workflow.web.reading import statement_view


@dataclass(frozen=True)
class Beside:
    """A translation beside the authoritative text: its picture, and what differs."""

    language: str
    view: StatementView
    remarks: Sequence[Message]


@drafting.get("/desk/statements/<public_id>/editions")
@requires(Permission.SEE_STATEMENT)
def editions(public_id: str) -> ResponseReturnValue:
    """All editions of the newest text, and one of them beside the authoritative one."""
    statement = looking.statement_by_public_id(house.session(), public_id)
    newest = latest_revision(house.session(), statement.id)
    content = newest.parsed
    return render_template(
        "drafting/editions.html",
        statement=statement,
        newest=newest,
        content=content,
        view=statement_view(content.authoritative),
        beside=_beside(content, request.args.get("edition", "")),
        differing={one.language: len(compared(content.authoritative, one)) for one in content.translations},
        can_revise=allows(Stage(statement.stage), Move.REVISE),
        choices=_free(content),
    )


def _beside(content: Content, chosen: str) -> Beside | None:
    """The translation that was chosen, else the first one; none where there is none."""
    if not content.translations:
        return None
    edition = next((one for one in content.translations if one.language == chosen), content.translations[0])
    return Beside(edition.language, statement_view(edition), compared(content.authoritative, edition))


def _free(content: Content) -> list[tuple[str, str]]:
    """The languages in which there is no edition yet."""
    return [one for one in language_choices("", house.page_language()) if one[0] not in content.languages]


@drafting.route("/desk/statements/<public_id>/editions/<language>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_STATEMENT)
def remove_edition(public_id: str, language: str) -> ResponseReturnValue:
    """Take a translation out of the text: asked once more, for whoever signs anew signs without it."""
    session = house.session()
    statement = looking.statement_by_public_id(session, public_id)
    translations = latest_revision(session, statement.id).parsed.translations
    edition = next((one for one in translations if one.language == language), None)
    if edition is None:
        raise NotFound
    named = language_name(language, house.page_language())
    if request.method != "POST":
        view = statement_view(edition)
        return render_template("drafting/remove_edition.html", statement=statement, language=language, view=view)
    saved = acting.remove_edition(session, house.now(), current_user.user.id, public_id, language)
    flash(
        _("Saved as revision %(number)s, without the edition: %(language)s.", number=saved.number, language=named),
        "success",
    )
    return redirect(url_for("drafting.editions", public_id=public_id), 303)
