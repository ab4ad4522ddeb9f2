"""The member's side: from the link in the mail to the receipt, and what stands behind links that no longer open."""

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.actions import codes, inviting
from workflow.actions import signing as actions
from workflow.config import LANGUAGES
from workflow.links import Purpose
from workflow.queries.logos import check_logo
from workflow.queries.member import asked_of, receipt_of
from workflow.queries.signing import invitation_for_page, signed_so_far
from workflow.rules.circulation import Outcome
from workflow.rules.lifecycle import Stage
from workflow.rules.refusals import (
    CodeSpent,
    CodeWrong,
    FormRefused,
    LinkClosed,
    LinkRefused,
    Message,
    NotFound,
    TextMoved,
    TooManyCodes,
    TooManyTries,
)
from workflow.rules.signing import Offered, check_binds, check_code_shape
from workflow.web import house
from workflow.web.commenting_passage import passage_in
from workflow.web.gates import LINK_COOKIE, anyone, by_link, check_form_token, open_token
from workflow.web.signing_form import Typed, offer, typed_answer, typed_code
from workflow.web.signing_page import Shown, check_page, code_page, current_page, moved_page, text_page

signing = Blueprint("signing", __name__)

OPENED_SECONDS = 12 * 3600


@signing.get("/sign/<token>")
@by_link()
def landing(token: str) -> ResponseReturnValue:
    """Who asks, and a button; not a word of the text, and nothing is noted."""
    return render_template(
        "signing/landing.html",
        asked=asked_of(g.link.invitation),
        token=token,
        form_token=g.link.form_token,
        late=house.now() > g.link.invitation.signatory.circulation.deadline_at,
        signed=signed_so_far(house.session(), g.link.invitation.signatory),
    )


@signing.post("/sign/<token>")
@by_link(closed_too=True)
def open_(token: str) -> ResponseReturnValue:
    """The button: from here on a cookie speaks for the link, and the token leaves the address."""
    del token
    invitation_id, generation = g.link.invitation.id, g.link.generation
    signatory = g.link.invitation.signatory
    outcome = signatory.circulation.outcome
    if outcome is None:
        actions.open_link(house.session(), house.now(), invitation_id, generation)
    elif outcome != Outcome.COMPLETE and signatory.answer_id is None:
        raise LinkClosed(outcome=outcome)
    view = "signing.text" if outcome is None else "signing.receipt"
    if outcome == Outcome.COMPLETE:
        view = "signing.after"
    response = make_response(redirect(url_for(view, invitation_id=invitation_id), 303))
    _keep_open(response, invitation_id, generation)
    return response


def _keep_open(response: Response, invitation_id: int, generation: int) -> None:
    response.set_cookie(
        LINK_COOKIE.format(invitation_id),
        house.links().make(Purpose.OPENED, [invitation_id, generation]),
        max_age=OPENED_SECONDS,
        path=url_for("signing.text", invitation_id=invitation_id),
        httponly=True,
        secure=house.settings().secure,
        samesite="Lax",
    )


@signing.get("/sign/at/<int:invitation_id>/")
@by_link()
def text(invitation_id: int) -> ResponseReturnValue:
    """The text as it will be published, all that is needed to answer, and the forms."""
    del invitation_id
    return text_page(current_page(), Shown())


@signing.post("/sign/at/<int:invitation_id>/check")
@by_link()
def check(invitation_id: int) -> ResponseReturnValue:
    """ "Check your answer"; `change` leads back to the form with everything that was typed."""
    del invitation_id
    return _check(typed_answer())


@signing.get("/sign/at/<int:invitation_id>/<any(check, code, record, comment, object, reply):step>")
@by_link(closed_too=True)
def step(invitation_id: int, step: str) -> ResponseReturnValue:
    """A step of the form asked for without the form, by a reload or the way back: the text is the way on."""
    del step
    return redirect(url_for("signing.text", invitation_id=invitation_id), 303)


def _check(typed: Typed) -> ResponseReturnValue:
    page = current_page()
    if typed.digest != page.digest:
        return moved_page(TextMoved(shown=typed.digest, current=page.digest), typed)
    if "change" in request.form:
        return text_page(page, Shown(typed=typed))
    try:
        offered = _offered(typed)
        check_binds(offered, g.link.invitation.signatory.asked(Stage.CIRCULATING))
        check_logo(house.session(), g.link.invitation.signatory, offered)
    except FormRefused as refused:
        return _back(refused, typed)
    return check_page(page, offered)


def _offered(typed: Typed) -> Offered:
    """The answer that was typed; where it says what it is about, that stands in the text. Raises FormRefused."""
    offered, text = offer(typed), g.link.invitation.signatory.circulation.revision
    there = offered.digest != text.digest or passage_in(text.parsed, offered.passage) is not None
    if offered.passage and not there:
        raise FormRefused({"passage": Message("passage.unknown")})
    return offered


@signing.post("/sign/at/<int:invitation_id>/code")
@by_link()
def code(invitation_id: int) -> ResponseReturnValue:
    """Six digits go to the registered contact, for exactly this answer."""
    typed, (earlier, _digits) = typed_answer(), typed_code()
    try:
        offered = _offered(typed)
        if not g.link.invitation.signatory.circulation.code_required:
            return _check(typed)
        challenge_id = codes.ask_code(house.session(), house.now(), invitation_id, g.link.generation, offered)
    except (FormRefused, TextMoved) as refused:
        return _back(refused, typed)
    except TooManyCodes as refused:
        # A code that was mailed before may still come: its field stays.
        return code_page(offered, earlier, refused) if earlier else check_page(current_page(), offered, refused)
    return code_page(offered, challenge_id)


@signing.post("/sign/at/<int:invitation_id>/record")
@by_link(closed_too=True)
def record(invitation_id: int) -> ResponseReturnValue:
    """The answer counts from here on. The same answer once more leads to the same receipt."""
    typed, (challenge_id, digits) = typed_answer(), typed_code()
    try:
        offered = offer(typed)
        if challenge_id is not None and g.link.invitation.signatory.circulation.code_required:
            check_code_shape(digits)
        _answer(invitation_id, offered, challenge_id, digits)
    except (FormRefused, TextMoved) as refused:
        return _back(refused, typed)
    except (CodeWrong, CodeSpent) as refused:
        return code_page(offered, challenge_id if isinstance(refused, CodeWrong) else None, refused)
    # What was said only of a quote has its receipt by mail; on the page it stands beside the quote.
    if offered.kind is None:
        to = url_for("signing.text", invitation_id=invitation_id, recorded="quote", _anchor="recorded")
        return redirect(to, 303)
    return redirect(url_for("signing.receipt", invitation_id=invitation_id), 303)


def _answer(invitation_id: int, offered: Offered, challenge_id: int | None, digits: str) -> None:
    actions.answer(
        house.session(),
        house.links(),
        house.now(),
        invitation_id,
        g.link.generation,
        offered,
        challenge_id=challenge_id,
        code=digits,
    )


def _back(refused: FormRefused | TextMoved, typed: Typed) -> ResponseReturnValue:
    """The form once more, with everything that was typed and what is to be mended."""
    if isinstance(refused, TextMoved):
        return moved_page(refused, typed)
    page = current_page()
    if typed.digest != page.digest:
        return moved_page(TextMoved(shown=typed.digest, current=page.digest), typed)
    return text_page(page, Shown(typed=typed, problems=refused.problems), 400)


@signing.get("/sign/at/<int:invitation_id>/receipt")
@by_link(closed_too=True)
def receipt(invitation_id: int) -> ResponseReturnValue:
    """What was answered, with digest, instant and chain head; also after the circulation has ended."""
    found = receipt_of(house.session(), g.link.invitation)
    if found is not None:
        return render_template("signing/receipt.html", receipt=found, asked=found.asked)
    outcome = g.link.invitation.signatory.circulation.outcome
    if outcome is not None:
        raise LinkClosed(outcome=outcome)
    return redirect(url_for("signing.text", invitation_id=invitation_id))


@signing.post("/sign/<token>/fresh")
@anyone
def fresh(token: str) -> ResponseReturnValue:
    """A fresh link goes to the registered contact, never to who asks; whether it does is not told."""
    try:
        invitation_id, generation = open_token(token)
        check_form_token(invitation_id, generation)
        house.speak(invitation_for_page(house.session(), invitation_id).contact.language)
        inviting.fresh_link(house.session(), house.now(), invitation_id, generation)
    except (LinkRefused, NotFound, TooManyTries):
        return redirect(url_for("signing.on_its_way"), 303)
    return redirect(url_for("signing.on_its_way", language=house.page_language()), 303)


@signing.get("/sign/on-its-way")
@anyone
def on_its_way() -> ResponseReturnValue:
    """The same page whether a fresh link was sent or not."""
    language = request.args.get("language", "")
    if language in LANGUAGES:
        house.speak(language)
    return render_template("signing/on_its_way.html")


# The same chapter, further views: they stand on the blueprint above.
from workflow.web import (  # noqa: E402
    signing_contest,  # noqa: F401
    signing_files,  # noqa: F401
    signing_later,  # noqa: F401
    signing_people,  # noqa: F401
    signing_recorded,  # noqa: F401
)
