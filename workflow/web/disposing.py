"""What the lead makes of remarks: all of them beside the text, replies, dispositions, a wording taken up, the list."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import disposing as acting
from workflow.queries import desk as looking
from workflow.queries.circulation import open_circulation
from workflow.queries.commenting import became as what_became
from workflow.queries.drafting import latest_revision
from workflow.rules.access import Permission
from workflow.rules.commenting import LONGEST_REMARK
from workflow.rules.refusals import FormRefused, InputRefused, SuggestionConflict, TextMoved
from workflow.text.checking import clean_text
from workflow.web import house
from workflow.web.disposing_page import Typed, conflict_of, filters, number, remarks_page
from workflow.web.gates import requires

disposing = Blueprint("disposing", __name__)


@disposing.get("/desk/statements/<public_id>/remarks")
@requires(Permission.SEE_STATEMENT)
def remarks(public_id: str) -> ResponseReturnValue:
    """The text and the remarks on it, each with its thread and what becomes of it."""
    return _page(public_id, Typed())


@disposing.post("/desk/statements/<public_id>/remarks/<int:comment_id>/reply")
@requires(Permission.EDIT_STATEMENT)
def reply(public_id: str, comment_id: int) -> ResponseReturnValue:
    """Say something in the thread of a remark."""
    typed = Typed(comment_id, "reply", text=request.form.get("text", ""))

    def act() -> None:
        text = _clean("text", typed.text)
        acting.reply_as_lead(house.session(), house.now(), current_user.user.id, public_id, comment_id, text)

    told = _("Your reply stands in the thread. Whoever made the remark is told.")
    untold = _("Your reply stands in the thread. Nobody is written to: nothing circulates.")
    return _acted(public_id, typed, act, told, untold)


@disposing.post("/desk/statements/<public_id>/remarks/<int:comment_id>/dispose")
@requires(Permission.EDIT_STATEMENT)
def dispose(public_id: str, comment_id: int) -> ResponseReturnValue:
    """Say what becomes of a remark."""
    form = request.form
    typed = Typed(
        comment_id,
        "disposition",
        disposition=form.get("disposition", ""),
        reason=form.get("reason", ""),
        into=form.get("into", ""),
    )

    def act() -> None:
        reason = _clean("reason", typed.reason)
        who = (house.session(), house.now(), current_user.user.id, public_id)
        acting.dispose(*who, comment_id, typed.disposition, reason, into=number(typed.into))

    told = _("Your answer to the remark is kept. Whoever made it is told.")
    untold = _("Your answer to the remark is kept. Nobody is written to: nothing circulates.")
    return _acted(public_id, typed, act, told, untold)


@disposing.post("/desk/statements/<public_id>/remarks/<int:comment_id>/accept")
@requires(Permission.EDIT_STATEMENT)
def accept(public_id: str, comment_id: int) -> ResponseReturnValue:
    """Put the wording of a suggestion into the next revision; where that would be a guess, show what is to be done."""
    based_on = number(request.form.get("based_on", ""))
    who = (house.session(), house.now(), current_user.user.id, public_id)
    try:
        taken = acting.accept(*who, comment_id, based_on)
    except SuggestionConflict as refused:
        return render_template("disposing/accept.html", **conflict_of(public_id, comment_id, refused)), 409
    except TextMoved:
        flash(_("Somebody has saved another revision meanwhile. Look at it, then accept again."), "warning")
        return _to(public_id, comment_id)
    said = _("Accepted: revision %(number)s has this wording. Nobody else sees it until you put it in force.")
    flash(said % {"number": taken.number}, "success")
    return _to(public_id, comment_id)


@disposing.get("/desk/statements/<public_id>/became")
@requires(Permission.SEE_STATEMENT)
def became(public_id: str) -> ResponseReturnValue:
    """What became of the remarks: on all revisions, or on one and those after it."""
    session = house.session()
    statement = looking.statement_by_public_id(session, public_id)
    since = min(number(request.args.get("since", "")), statement.revision_count)
    found = what_became(session, statement.id, for_signatory=None, since=since)
    edition = latest_revision(session, statement.id).parsed.authoritative
    return render_template(
        "disposing/became.html",
        statement=statement,
        threads=found,
        since=since,
        language=edition.language,
        direction=house.direction(edition.language),
    )


def _acted(public_id: str, typed: Typed, act: Callable[[], None], told: str, untold: str) -> ResponseReturnValue:
    """Act, and lead back to the same remark; where something is to be mended, the page with what was typed."""
    try:
        act()
    except FormRefused as refused:
        # What the refused transaction has read may be older than what others wrote meanwhile.
        house.session().rollback()
        return _page(public_id, typed, refused)
    statement = looking.statement_by_public_id(house.session(), public_id)
    living = open_circulation(house.session(), statement.id) is not None
    flash(told if living else untold, "success")
    return _to(public_id, typed.comment_id)


def _clean(field: str, text: str) -> str:
    try:
        return clean_text(text, field=field, limit=LONGEST_REMARK)
    except InputRefused as refused:
        raise FormRefused({field: refused.problem}) from refused


def _to(public_id: str, comment_id: int) -> ResponseReturnValue:
    """Back to the remark; it is shown even where the chosen filter would leave it out by now."""
    chosen: dict[str, Any] = {**filters(request.form), "at": comment_id, "_anchor": f"remark-{comment_id}"}
    return redirect(url_for("disposing.remarks", public_id=public_id, **chosen), 303)


def _page(public_id: str, typed: Typed, refused: FormRefused | None = None) -> ResponseReturnValue:
    chosen = request.form if request.method == "POST" else request.args
    values = remarks_page(public_id, chosen, typed, refused)
    return render_template("disposing/remarks.html", **values), 400 if refused else 200


# The same chapter, further views: they stand on the blueprint above.
from workflow.web import disposing_files  # noqa: E402, F401
