"""The lead's desk from the lock on: a text that waits for its publication, and what comes after it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import locked as acting
from workflow.actions import noting
from workflow.models.drafting import Statement
from workflow.queries.contesting import contests_on
from workflow.queries.desk import statement_by_public_id
from workflow.queries.listing import frozen_counts
from workflow.queries.locked import locked_page
from workflow.queries.mentions import one_still_named
from workflow.queries.noting import after_page
from workflow.queries.press import chosen_count
from workflow.rules.access import Permission
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.noting import LONGEST_NOTE, Later, LaterKind, NoteKind, check_later
from workflow.rules.refusals import FormRefused, InputRefused, Message, NothingChanged, SignOffsTooOld
from workflow.text.checking import clean_line, clean_text
from workflow.text.instants import in_zone, zone_names
from workflow.text.nearly import Pair, beside, pairs
from workflow.text.placeholders import filled
from workflow.web import house
from workflow.web.circulation_completion import typed_instant
from workflow.web.gates import requires
from workflow.web.reading import statement_view
from workflow.web.signing_form import typed_names

publication = Blueprint("publication", __name__)


# Before ------------------------------------------------------------------------------------------


@publication.get("/desk/statements/<public_id>/locked")
@requires(Permission.SEE_STATEMENT)
def locked(public_id: str) -> ResponseReturnValue:
    """What was signed, when it is published, whose sign-off has to be reconfirmed."""
    return _locked_page(public_id)


@publication.post("/desk/statements/<public_id>/publish")
@requires(Permission.CIRCULATE)
def publish(public_id: str) -> ResponseReturnValue:
    """Publish now, where that was the choice."""
    try:
        acting.publish_now(house.session(), house.now(), current_user.user.id, public_id)
    except SignOffsTooOld as refused:
        return _locked_page(public_id, {"": refused.message}, 409)
    if statement_by_public_id(house.session(), public_id).stage == Stage.LOCKED:
        return _back(public_id)
    flash(_("Published, and everybody who was asked is told."), "success")
    return redirect(url_for("drafting.show", public_id=public_id), 303)


@publication.post("/desk/statements/<public_id>/embargo")
@requires(Permission.CIRCULATE)
def move_embargo(public_id: str) -> ResponseReturnValue:
    """Move the instant of the publication; everybody is told, and whoever has to reconfirm because of it is asked."""
    form, problems = request.form, dict[str, Message]()
    zone = form.get("embargo_zone", "")
    at = typed_instant(form.get("embargo_day", ""), form.get("embargo_clock", ""), zone, house.now(), problems)
    if problems or at is None:
        return _locked_page(public_id, problems, 400)
    try:
        acting.move_embargo(house.session(), house.now(), current_user.user.id, public_id, at, zone)
    except NothingChanged:
        flash(_("That is the instant already."), "message")
        return _back(public_id)
    flash(_("The instant is moved, and everybody who was asked is told."), "success")
    return _back(public_id)


@publication.post("/desk/statements/<public_id>/reconfirm")
@requires(Permission.CIRCULATE)
def reconfirm(public_id: str) -> ResponseReturnValue:
    """The lead organisation's own sign-off still stands."""
    acting.reconfirm_at_desk(house.session(), house.now(), current_user.user.id, public_id)
    flash(_("Your organisation's sign-off is reconfirmed."), "success")
    return redirect(url_for("drafting.show", public_id=public_id), 303)


def _back(public_id: str) -> ResponseReturnValue:
    return redirect(url_for("publication.locked", public_id=public_id), 303)


def _locked_page(public_id: str, problems: Mapping[str, Message] | None = None, code: int = 200) -> ResponseReturnValue:
    page = locked_page(house.session(), public_id, house.now())
    counts = frozen_counts(house.session(), page.statement, page.circulation)
    edition = filled(page.circulation.revision.parsed.authoritative, counts)
    zone = page.circulation.embargo_zone
    local = in_zone(page.due_at, zone) if page.due_at else None
    typed = request.form if problems else {}
    shown = render_template(
        "publication/locked.html",
        page=page,
        edition=edition,
        view=statement_view(edition),
        alike=pairs(line.place.public_name for line in page.signed),
        zones=zone_names(zone),
        embargo={
            "day": typed.get("embargo_day", f"{local:%Y-%m-%d}" if local else ""),
            "clock": typed.get("embargo_clock", f"{local:%H:%M}" if local else ""),
            "zone": typed.get("embargo_zone", zone),
        },
        errors=_sentences(problems or {}),
    )
    return shown, code


# After -------------------------------------------------------------------------------------------


# What a note of the lead's is refused with that nobody ticked: each is public for ever.
UNSURE = {
    NoteKind.CORRECTION: {"correction-sure": Message("note.correction-sure")},
    NoteKind.RETRACTION: {"sure": Message("note.sure")},
}


@publication.get("/desk/statements/<public_id>/after")
@requires(Permission.SEE_STATEMENT)
def after_(public_id: str) -> ResponseReturnValue:
    """Who stands by it, all notes, and the forms to correct or retract."""
    return _after_page(public_id, {})


@publication.post("/desk/statements/<public_id>/note")
@requires(Permission.CIRCULATE)
def note(public_id: str) -> ResponseReturnValue:
    """Add a correction, or retract: a dated note beside the text, which stays as it is."""
    form = request.form
    kind = NoteKind.RETRACTION if form.get("kind") == NoteKind.RETRACTION else NoteKind.CORRECTION
    field = f"{kind.value}-text"
    try:
        text = clean_text(form.get("text", ""), field=field, limit=LONGEST_NOTE)
        if form.get("sure") != "yes":
            raise FormRefused(UNSURE[kind])
        press = form.get("press") == "yes"
        noting.note(house.session(), house.now(), current_user.user.id, public_id, kind, text, press=press)
    except InputRefused as refused:
        return _after_page(public_id, {field: refused.problem}, 400)
    except FormRefused as refused:
        problems = {field if name == "text" else name: problem for name, problem in refused.problems.items()}
        return _after_page(public_id, problems, 400)
    except NothingChanged:
        flash(_("That is so already."), "message")
    else:
        flash(_("The note stands on the public page, and everybody who was asked is told."), "success")
    return redirect(url_for("publication.after_", public_id=public_id), 303)


@publication.route("/desk/statements/<public_id>/after/<int:signatory_id>", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def signatory(public_id: str, signatory_id: int) -> ResponseReturnValue:
    """One who signed: record its withdrawal, take its name out, or mend the name."""
    if request.method != "POST":
        return _signatory_page(public_id, signatory_id, {})
    what = request.form.get("what", "")
    try:
        alike = _alike(public_id, signatory_id) if what == "mend" else []
        if alike:
            return _signatory_page(public_id, signatory_id, {}, alike=alike)
        _do(public_id, signatory_id, what)
    except FormRefused as refused:
        problems = {f"{what}-{name}": problem for name, problem in refused.problems.items()}
        return _signatory_page(public_id, signatory_id, problems, 400)
    except NothingChanged:
        flash(_("That is so already."), "message")
        return redirect(url_for("publication.signatory", public_id=public_id, signatory_id=signatory_id), 303)
    flash(_("Done, and its contacts are told."), "success")
    return redirect(url_for("publication.after_", public_id=public_id), 303)


def _alike(public_id: str, signatory_id: int) -> list[Pair]:
    """The listed names that a mended one could be mistaken for; nothing where the lead was shown them before."""
    name = request.form.get("name", "").strip()
    if not name or request.form.get("seen", "") == name:
        return []
    page = after_page(house.session(), _statement(public_id).id)
    return beside([name], [one for id_, one in page.names.items() if id_ != signatory_id])


def _do(public_id: str, signatory_id: int, what: str) -> None:
    """Raises FormRefused with every problem by field."""
    session, now, user_id = house.session(), house.now(), current_user.user.id
    form, problems = request.form, dict[str, Message]()

    def taken(field: str, clean: Any, **how: Any) -> str:
        try:
            return str(clean(form.get(field, ""), field=field, **how))
        except InputRefused as refused:
            problems[field] = refused.problem
            return ""

    text = taken("text", clean_text, limit=LONGEST_NOTE)
    if what == "mend":
        name = taken("name", clean_line)
        names = {one: taken(f"name-in-{one}", clean_line, required=False) for one in typed_names()}
        if problems:
            raise FormRefused(problems)
        noting.fix_name(session, now, user_id, public_id, signatory_id, name, text, names=names)
        return
    if what not in (LaterKind.WITHDRAW, LaterKind.WITHHOLD):
        raise FormRefused({"what": Message("missing")})
    person, role = (taken(field, clean_line, required=False) for field in ("person_name", "person_role"))
    later = Later(LaterKind(what), "", person, role, text, authority=form.get("authority") == "yes")
    try:
        check_later(later)
    except FormRefused as refused:
        problems = {**refused.problems, **problems}
    if problems:
        raise FormRefused(problems)
    noting.act_at_desk(session, now, user_id, public_id, signatory_id, later)


def _statement(public_id: str) -> Statement:
    """The statement once it is locked. Raises WrongStage before."""
    statement = statement_by_public_id(house.session(), public_id)
    stage = Stage(statement.stage)
    after(stage, Move.UNLOCK if stage is Stage.LOCKED else Move.NOTE)
    return statement


def _after_page(public_id: str, problems: Mapping[str, Message], code: int = 200) -> ResponseReturnValue:
    statement = _statement(public_id)
    page = after_page(house.session(), statement.id)
    content = page.circulation.revision.parsed
    added = [one.text for one in page.notes if one.kind is NoteKind.TRANSLATION]
    shown = render_template(
        "publication/after_.html",
        statement=statement,
        page=page,
        languages=[*content.languages, *added],
        contests=contests_on(house.session(), page.circulation.id),
        edition=filled(
            content.authoritative,
            frozen_counts(house.session(), statement, page.circulation),
        ),
        press_count=chosen_count(house.session(), statement.id),
        typed=request.form if problems else {},
        errors=_sentences(problems),
    )
    return shown, code


def _signatory_page(
    public_id: str,
    signatory_id: int,
    problems: Mapping[str, Message],
    code: int = 200,
    *,
    alike: Sequence[Pair] = (),
) -> ResponseReturnValue:
    """`alike`: the mended name was typed, and could be mistaken for others; it is not mended before it is seen."""
    statement = _statement(public_id)
    page = after_page(house.session(), statement.id)
    place = page.place(signatory_id)
    shown = render_template(
        "publication/signatory.html",
        statement=statement,
        page=page,
        place=place,
        still_named_in=one_still_named(house.session(), page.circulation, signatory_id),
        name=page.names.get(signatory_id, ""),
        names=page.translated_names(signatory_id),
        alike=alike,
        typed=request.form if problems or alike else {},
        errors=_sentences(problems),
    )
    return shown, code


def _sentences(problems: Mapping[str, Message]) -> dict[str, str]:
    return {name: house.sentence(problem) for name, problem in problems.items()}


# The same chapter, further views: they stand on the blueprint above.
from workflow.web import (  # noqa: E402
    publication_listing,  # noqa: F401
    publication_previews,  # noqa: F401
    publication_translating,  # noqa: F401
)
