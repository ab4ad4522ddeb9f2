"""The lead's desk: all statements at a glance, and one statement with its text, revisions and history."""

from flask import Blueprint, render_template, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user

from workflow.formats.listing import ListView
from workflow.queries import desk as looking
from workflow.queries.commenting import remarks_count
from workflow.queries.desk import StatementPage
from workflow.queries.drafting import revision
from workflow.queries.listing import frozen_counts
from workflow.rules.access import Permission
from workflow.rules.lifecycle import Move, Stage, allows
from workflow.text.differences import changes_in
from workflow.text.placeholders import filled
from workflow.web import house
from workflow.web.drafting_history import in_words
from workflow.web.gates import requires
from workflow.web.listing import expected_list, signed_list
from workflow.web.reading import statement_view

drafting = Blueprint("drafting", __name__)

EVENTS_ON_THE_HUB = 12
# In the cookie, for one page: the key of the editor that was saved, so that its browser lets go of its copy.
SAVED_EDITOR = "saved_editor"


@drafting.get("/desk")
@requires(Permission.USE_DESK)
def desk() -> ResponseReturnValue:
    """The statements of the user's organisation, or what to do first."""
    lead_id = current_user.user.organisation_id
    return render_template(
        "drafting/desk.html",
        statements=looking.statements(house.session(), lead_id),
        coalitions=looking.coalitions(house.session(), lead_id),
        organisation=current_user.user.organisation,
    )


@drafting.get("/desk/statements/<public_id>")
@requires(Permission.SEE_STATEMENT)
def show(public_id: str) -> ResponseReturnValue:
    """One statement: where it stands, what is missing, its text as it will be published, what can be done."""
    session = house.session()
    page = looking.statement_page(session, public_id)
    content = page.shown.parsed
    edition = content.in_language(request.args.get("edition", ""))
    stage = Stage(page.statement.stage)
    if page.circulation and stage in (Stage.LOCKED, Stage.PUBLISHED, Stage.RETRACTED):
        edition = filled(edition, frozen_counts(session, page.statement, page.circulation))
    return render_template(
        "drafting/show.html",
        page=page,
        edition=edition,
        content=content,
        view=statement_view(edition),
        signatories_list=_list(page, edition.language),
        progress=looking.progress(page.standing),
        history=in_words(looking.events(session, page.statement.id, newest=EVENTS_ON_THE_HUB)),
        remarks=remarks_count(session, page.statement.id),
        more_history=page.statement.event_count > EVENTS_ON_THE_HUB,
        saved_editor=cookie.pop(SAVED_EDITOR, ""),
        can={move.name.lower() for move in Move if allows(stage, move)},
    )


def _list(page: StatementPage, language: str) -> ListView | None:
    """Who is listed under the edition in `language`, or will be; nobody under a draft that was recalled."""
    if page.circulation is None or not page.places:
        return None
    asked = (house.session(), page.statement, page.circulation, page.places)
    if page.statement.slug:
        return signed_list(*asked, page.standing, language)
    return expected_list(*asked, language) if page.open else None


@drafting.get("/desk/statements/<public_id>/history")
@requires(Permission.SEE_STATEMENT)
def history(public_id: str) -> ResponseReturnValue:
    """Every event of a statement, newest first."""
    session = house.session()
    statement = looking.statement_by_public_id(session, public_id)
    return render_template(
        "drafting/history.html",
        statement=statement,
        history=in_words(looking.events(session, statement.id)),
    )


@drafting.get("/desk/statements/<public_id>/compare")
@requires(Permission.SEE_STATEMENT)
def compare(public_id: str) -> ResponseReturnValue:
    """Two revisions word by word: `from` and `to` name them, by default the last two."""
    session = house.session()
    statement = looking.statement_by_public_id(session, public_id)
    newest = statement.revision_count
    to = _revision_number("to", newest)
    from_ = _revision_number("from", max(1, to - 1))
    old = revision(session, statement.id, from_)
    new = revision(session, statement.id, to)
    return render_template(
        "drafting/compare.html",
        statement=statement,
        revisions=looking.revisions(session, statement.id),
        old=old,
        new=new,
        changes=changes_in(old.parsed, new.parsed),
        several=len({*old.parsed.languages, *new.parsed.languages}) > 1,
    )


def _revision_number(name: str, default: int) -> int:
    """A revision's number from the address; what is no number is answered as if nothing had been said."""
    typed = request.args.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 6 else default


# The same chapter, further views: they stand on the blueprint above.
from workflow.web import (  # noqa: E402
    drafting_editing,  # noqa: F401
    drafting_editions,  # noqa: F401
    drafting_files,  # noqa: F401
    drafting_keeping,  # noqa: F401
    drafting_pasting,  # noqa: F401
    drafting_rescue,  # noqa: F401
)
