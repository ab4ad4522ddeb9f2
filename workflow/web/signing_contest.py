""" "This was not us": where a receipt leads whoever did not give the answer. It stands on the blueprint of signing."""

from contextlib import suppress

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from workflow.actions import contesting
from workflow.links import Purpose
from workflow.queries.contesting import contestable, given_of
from workflow.queries.member import asked_of
from workflow.rules.contesting import ContestedAlready
from workflow.rules.lifecycle import Stage
from workflow.rules.refusals import LinkTampered
from workflow.web import house
from workflow.web.gates import FORM_FIELD, anyone
from workflow.web.signing import signing


@signing.route("/sign/contest/<token>", methods=["GET", "POST"])
@anyone
def contest(token: str) -> ResponseReturnValue:
    """Which answer it is, and a button; whoever holds a receipt can press it, whatever became of their link."""
    invitation_id, answer_id, mark = _named(token)
    found = contestable(house.session(), invitation_id, answer_id, mark)
    contact = found.invitation.contact
    house.speak(contact.language)
    g.time_zone = contact.time_zone
    form_token = house.links().make(Purpose.CONTEST_FORM, [invitation_id, answer_id])
    if request.method == "POST":
        if request.form.get(FORM_FIELD, "") != form_token:
            raise CSRFError("not this page's form token")
        with suppress(ContestedAlready):  # perhaps by a second press of the button: the page says so
            contesting.contest(house.session(), house.now(), invitation_id, answer_id, mark)
        return redirect(url_for("signing.contest", token=token), 303)
    asked = asked_of(found.invitation)
    return render_template(
        "signing/contest.html",
        asked=asked,
        answer=found.answer,
        contest=found.contest,
        newest=given_of(house.session(), found, found.invitation.signatory.circulation.statement).newest,
        public=asked.stage in (Stage.PUBLISHED, Stage.RETRACTED),
        here=url_for("signing.contest", token=token),
        form_token=form_token,
    )


def _named(token: str) -> tuple[int, int, str]:
    """Invitation, answer and the mark of the address that a receipt's link names. Raises LinkTampered."""
    try:
        invitation_id, answer_id, mark = house.links().open(Purpose.CONTEST, token)
    except ValueError:
        raise LinkTampered from None
    return int(invitation_id), int(answer_id), str(mark)
