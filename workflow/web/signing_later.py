"""Once the text is final: what a member sees and can still say. It stands on the blueprint of signing."""

from collections.abc import Mapping

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.actions import codes, locked, noting
from workflow.actions import signing as answering
from workflow.queries.later import LaterPage, later_page
from workflow.queries.signing import invitation_for_page
from workflow.rules.circulation import Kind
from workflow.rules.lifecycle import Stage
from workflow.rules.noting import LONGEST_NOTE, Later, LaterKind, check_later
from workflow.rules.refusals import (
    CodeSpent,
    CodeWrong,
    FormRefused,
    InputRefused,
    Message,
    NotFound,
    Refusal,
    TextMoved,
    TooManyCodes,
)
from workflow.rules.signing import Offered, check_code_shape
from workflow.text.checking import clean_line, clean_text
from workflow.web import house
from workflow.web.errors import status_of
from workflow.web.gates import by_link
from workflow.web.reading import statement_view
from workflow.web.signing import signing
from workflow.web.signing_form import typed_code


@signing.get("/sign/at/<int:invitation_id>/after")
@by_link(closed_too=True)
def after(invitation_id: int) -> ResponseReturnValue:
    """Where the final text stands, and what can still be said; an asking that is open again is the text's page."""
    if g.link.invitation.signatory.circulation.outcome is None:
        return redirect(url_for("signing.text", invitation_id=invitation_id), 303)
    return _page(later_page(house.session(), g.link.invitation, house.now()))


@signing.route(
    "/sign/at/<int:invitation_id>/after/<any(reconfirm, withdraw, 'sign-late', withhold):act>",
    methods=["GET", "POST"],
)
@by_link(closed_too=True)
def later(invitation_id: int, act: str) -> ResponseReturnValue:
    """One of the things that can still be said: by the code where it is asked for. A GET leads to the page."""
    if request.method != "POST" or g.link.invitation.signatory.circulation.outcome is None:
        return redirect(url_for("signing.after", invitation_id=invitation_id), 303)
    kind = LaterKind(act)
    page = later_page(house.session(), g.link.invitation, house.now())
    try:
        said = _said(kind)
        if page.asked.code_required and not request.form.get("challenge"):
            return _code_page(page, said, _ask_code(page, said))
        _record(page, said)
    except FormRefused as refused:
        return _page(page, kind, refused.problems, 400)
    except (CodeWrong, CodeSpent, TooManyCodes) as refused:
        challenge_id, _digits = typed_code()
        return _code_page(page, said, None if isinstance(refused, CodeSpent) else challenge_id, refused)
    except (NotFound, TextMoved):
        # Said already by somebody, or not to be said any more: the page shows where it stands now.
        return _page(_afresh(), kind, {"": Message("later.not-now")}, 409)
    return redirect(url_for("signing.after", invitation_id=invitation_id, recorded=act), 303)


def _said(kind: LaterKind) -> Later:
    """What was typed. Raises FormRefused with every problem at once."""
    form, problems = request.form, dict[str, Message]()

    def line(field: str) -> str:
        try:
            return clean_line(form.get(field, ""), field=field, required=False)
        except InputRefused as refused:
            problems[field] = refused.problem
            return ""

    def words(field: str) -> str:
        try:
            return clean_text(form.get(field, ""), field=field, limit=LONGEST_NOTE)
        except InputRefused as refused:
            problems[field] = refused.problem
            return ""

    named = kind in (LaterKind.WITHDRAW, LaterKind.SIGN_LATE)
    said = Later(
        kind=kind,
        digest=form.get("digest", "")[:64],
        person_name=line("person_name") if named else "",
        person_role=line("person_role") if named else "",
        text=words("text") if kind is LaterKind.WITHDRAW else "",
        authority=form.get("authority") == "yes",
        withheld=kind is LaterKind.SIGN_LATE and form.get("withheld") == "yes",
    )
    try:
        check_later(said)
    except FormRefused as refused:
        problems = {**refused.problems, **problems}
    if problems:
        raise FormRefused(problems)
    return said


def _taken_back(page: LaterPage, said: Later) -> Offered | None:
    """Before the publication a withdrawal is an answer taken back, which unlocks; None for everything else."""
    if page.stage is not Stage.LOCKED or said.kind is not LaterKind.WITHDRAW:
        return None
    return Offered(
        Kind.TAKEN_BACK, said.digest, text=said.text, person_name=said.person_name, person_role=said.person_role
    )


def _ask_code(page: LaterPage, said: Later) -> int:
    who = (house.session(), house.now(), page.asked.invitation_id, g.link.generation)
    offered = _taken_back(page, said)
    return codes.ask_code_later(*who, said) if offered is None else codes.ask_code(*who, offered)


def _record(page: LaterPage, said: Later) -> None:
    who = (house.session(), house.links(), house.now(), page.asked.invitation_id, g.link.generation)
    challenge_id, digits = typed_code()
    if page.asked.code_required:
        check_code_shape(digits)
    offered = _taken_back(page, said)
    if offered is not None:
        answering.answer(*who, offered, challenge_id=challenge_id, code=digits)
    elif said.kind is LaterKind.RECONFIRM:
        locked.reconfirm(*who, said, challenge_id=challenge_id, code=digits)
    else:
        noting.act(*who, said, challenge_id=challenge_id, code=digits)


def _afresh() -> LaterPage:
    session = house.session()
    session.expunge_all()  # what the gate read may be older than what refused it
    session.rollback()
    return later_page(session, invitation_for_page(session, g.link.invitation.id), house.now())


def _page(
    page: LaterPage, kind: LaterKind | None = None, problems: Mapping[str, Message] | None = None, code: int = 200
) -> ResponseReturnValue:
    said = {name: house.sentence(problem) for name, problem in (problems or {}).items()}
    html = render_template(
        "signing/after.html",
        page=page,
        asked=page.asked,
        view=statement_view(page.edition),
        typed=request.form if kind else {},
        wrong=kind.value if kind else "",
        problems=said,
        form_token=g.link.form_token,
    )
    return make_response(html, code)


def _code_page(
    page: LaterPage, said: Later, challenge_id: int | None, refused: Refusal | None = None
) -> ResponseReturnValue:
    html = render_template(
        "signing/later.html",
        page=page,
        asked=page.asked,
        said=said,
        challenge_id=challenge_id,
        problem=house.sentence(refused.message) if refused else "",
        form_token=g.link.form_token,
    )
    return make_response(html, status_of(refused) if refused else 200)
