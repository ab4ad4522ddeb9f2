"""What the lead wrote down in a member's name: the member confirms or contradicts it. On the blueprint of signing."""

from collections.abc import Mapping

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from workflow.actions import codes, recording
from workflow.links import Purpose
from workflow.models.circulation import Invitation
from workflow.models.recording import Recording
from workflow.queries.contesting import mail_mark
from workflow.queries.member import asked_of
from workflow.queries.recording import recorded_for
from workflow.rules.recording import DecidedAlready, Ended, Word
from workflow.rules.refusals import (
    CodeSpent,
    CodeWrong,
    FormRefused,
    LinkRefused,
    LinkTampered,
    Message,
    Refusal,
    TooManyCodes,
)
from workflow.rules.signing import check_link
from workflow.text.checking import clean_line
from workflow.text.fields import collect
from workflow.web import house
from workflow.web.errors import status_of
from workflow.web.gates import FORM_FIELD, anyone
from workflow.web.signing import signing
from workflow.web.signing_form import typed_code

# What a word, had it been in time, would have come to.
SAME = {True: (Ended.CONFIRMED, Ended.UNOPPOSED), False: (Ended.CONTRADICTED,)}


@signing.route("/sign/recorded/<token>", methods=["GET", "POST"])
@anyone
def recorded(token: str) -> ResponseReturnValue:
    """What was recorded, on whose word; a form to confirm it, and one button to contradict it."""
    invitation_id, recording_id, mark = _named(token)
    invitation, made = recorded_for(house.session(), invitation_id, recording_id, mark)
    house.speak(invitation.contact.language)
    g.time_zone = invitation.contact.time_zone
    form_token = house.links().make(Purpose.RECORDED_FORM, [invitation_id, recording_id])
    if request.method != "POST":
        return _page(token, invitation, made, form_token)
    if request.form.get(FORM_FIELD, "") != form_token:
        raise CSRFError("not this page's form token")
    named = (invitation_id, recording_id, mark)
    challenge_id, digits = typed_code()
    try:
        word = _word()
        if word.agrees and invitation.signatory.circulation.code_required and not request.form.get("challenge"):
            challenge_id = codes.ask_code_to_confirm(house.session(), house.now(), *named, word)
            return _code_page(token, invitation, form_token, challenge_id)
        recording.decide(
            house.session(), house.links(), house.now(), *named, word, challenge_id=challenge_id, code=digits
        )
    except DecidedAlready:
        session = house.session()
        session.expunge_all()  # what was read above is older than what refused it
        session.rollback()
        invitation, made = recorded_for(session, *named)
        if Ended(made.outcome or "") not in SAME[word.agrees]:
            return _page(token, invitation, made, form_token, missed=True)
        # A second press of the same button: the page says what it came to.
    except FormRefused as refused:
        return _page(token, invitation, made, form_token, refused.problems)
    except (CodeWrong, CodeSpent, TooManyCodes) as refused:
        spent = isinstance(refused, CodeSpent)
        return _code_page(token, invitation, form_token, None if spent else challenge_id, refused)
    return redirect(url_for("signing.recorded", token=token), 303)


def _word() -> Word:
    """What was chosen. Raises FormRefused."""
    agrees = {"yes": True, "no": False}.get(request.form.get("agrees", ""))
    if agrees is None:
        raise FormRefused({"": Message("missing")})
    if not agrees:
        return Word(agrees=False)

    def line(field: str) -> str:
        return clean_line(request.form.get(field, ""), field=field, required=False)

    typed = collect({"person_name": lambda: line("person_name"), "person_role": lambda: line("person_role")})
    return Word(agrees=True, **typed, authority=request.form.get("authority") == "yes")


def _code_page(
    token: str, invitation: Invitation, form_token: str, challenge_id: int | None, refused: Refusal | None = None
) -> ResponseReturnValue:
    html = render_template(
        "signing/recorded.html",
        typing=True,
        asked=asked_of(invitation),
        here=url_for("signing.recorded", token=token),
        challenge_id=challenge_id,
        problem=house.sentence(refused.message) if refused else "",
        typed=request.form,
        form_token=form_token,
    )
    return make_response(html, status_of(refused) if refused else 200)


def _dead(invitation: Invitation) -> Refusal | None:
    """Why the contact's own link opens nothing any more: then it cannot confirm, and can still contradict."""
    try:
        check_link(invitation.facts(invitation.generation, None), house.now())
    except LinkRefused as refused:
        return refused
    return None


def _page(
    token: str,
    invitation: Invitation,
    made: Recording,
    form_token: str,
    problems: Mapping[str, Message] | None = None,
    *,
    missed: bool = False,
) -> ResponseReturnValue:
    """`missed`: another word was given just now than the one that stands, and it was not recorded."""
    contest = ""
    if made.answer_id is not None:
        values = (invitation.id, made.answer_id, mail_mark(invitation.contact.mail))
        contest = url_for("signing.contest", token=house.links().make(Purpose.CONTEST, values))
    dead = _dead(invitation)
    html = render_template(
        "signing/recorded.html",
        dead=house.sentence(dead.message) if dead else "",
        asked=asked_of(invitation),
        made=made,
        missed=missed,
        here=url_for("signing.recorded", token=token),
        contest=contest,
        typed=request.form,
        problems={name: house.sentence(one) for name, one in (problems or {}).items()},
        form_token=form_token,
    )
    return make_response(html, 409 if missed else 400 if problems else 200)


def _named(token: str) -> tuple[int, int, str]:
    """Invitation, recording and the mark of the address that the link in a letter names. Raises LinkTampered."""
    try:
        invitation_id, recording_id, mark = house.links().open(Purpose.RECORDED, token)
    except ValueError:
        raise LinkTampered from None
    return int(invitation_id), int(recording_id), str(mark)
