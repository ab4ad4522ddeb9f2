"""Who answers for the organisation: a contact hands over, or is away. It stands on the blueprint of signing."""

from collections.abc import Mapping

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workflow.actions import codes, handing, standing_in
from workflow.queries.handing import waiting_for
from workflow.queries.member import asked_of
from workflow.rules.handing import Colleague, HandedOnAlready, check_colleague
from workflow.rules.refusals import CodeSpent, CodeWrong, FormRefused, InputRefused, Message, Refusal, TooManyCodes
from workflow.text.checking import clean_line, clean_mail
from workflow.text.fields import collect
from workflow.text.instants import back_after
from workflow.web import house
from workflow.web.errors import status_of
from workflow.web.gates import by_link
from workflow.web.signing import signing
from workflow.web.signing_form import typed_code


@signing.route("/sign/at/<int:invitation_id>/hand-over", methods=["GET", "POST"])
@by_link()
def hand_over(invitation_id: int) -> ResponseReturnValue:
    """Have a colleague answer instead: by the code where it is asked for, and then this link opens nothing more."""
    if request.method != "POST":
        return _page()
    challenge_id, digits = typed_code()
    link = (invitation_id, g.link.generation)
    try:
        colleague = _colleague()
        if g.link.invitation.signatory.circulation.code_required and not request.form.get("challenge"):
            challenge_id = codes.ask_code_to_hand_over(house.session(), house.now(), *link, colleague)
            return _page(colleague, challenge_id=challenge_id)
        opens = handing.hand_over(
            house.session(), house.links(), house.now(), *link, colleague, challenge_id=challenge_id, code=digits
        )
    except FormRefused as refused:
        return _page(problems=refused.problems, code=400)
    except HandedOnAlready as refused:
        return _page(problems={"": refused.message}, code=409)
    except (CodeWrong, CodeSpent, TooManyCodes) as refused:
        spent = isinstance(refused, CodeSpent)
        return _page(colleague, challenge_id=None if spent else challenge_id, refused=refused)
    return render_template(
        "signing/hand_over.html", asked=asked_of(g.link.invitation), colleague=colleague, done=True, opens=opens
    )


@signing.post("/sign/at/<int:invitation_id>/away")
@by_link()
def away(invitation_id: int) -> ResponseReturnValue:
    """The contact is away until a day: the alternates that the lead has registered are asked."""
    try:
        until = back_after(request.form.get("away", ""), g.link.invitation.contact.time_zone, field="away")
        asked = standing_in.away(house.session(), house.now(), invitation_id, g.link.generation, until)
    except InputRefused as refused:
        return _page(problems={"away": refused.problem}, code=400)
    except FormRefused as refused:
        return _page(problems=refused.problems, code=400)
    flash(
        _("Noted. An alternate of your organisation is asked now.")
        if asked
        else _("Noted. No other alternate is registered: name a colleague if somebody else is to answer."),
        "success",
    )
    return redirect(url_for("signing.hand_over", invitation_id=invitation_id), 303)


def _colleague() -> Colleague:
    """Who was typed. Raises FormRefused with every problem at once."""
    typed = collect(
        {
            "name": lambda: clean_line(request.form.get("name", ""), field="name"),
            "mail": lambda: clean_mail(request.form.get("mail", ""), field="mail"),
        }
    )
    colleague = Colleague(**typed)
    check_colleague(colleague, g.link.invitation.contact.mail)
    return colleague


def _page(
    colleague: Colleague | None = None,
    *,
    challenge_id: int | None = None,
    refused: Refusal | None = None,
    problems: Mapping[str, Message] | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    invitation = g.link.invitation
    waiting = waiting_for(house.session(), invitation.signatory_id)
    html = render_template(
        "signing/hand_over.html",
        asked=asked_of(invitation),
        colleague=colleague,
        challenge_id=challenge_id,
        problem=house.sentence(refused.message) if refused else "",
        problems={name: house.sentence(one) for name, one in (problems or {}).items()},
        typed=request.form,
        waiting=waiting.contact.name if waiting else "",
        form_token=g.link.form_token,
    )
    return make_response(html, status_of(refused) if refused else code)
