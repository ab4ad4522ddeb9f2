"""The people on a roll: whether a named colleague may answer, what becomes of a contest. On circulation's blueprint."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import contesting, handing
from workflow.queries.contesting import contest_of
from workflow.queries.desk import statement_by_public_id
from workflow.rules.access import Permission
from workflow.rules.circulation import Outcome
from workflow.rules.contesting import LONGEST_REASON
from workflow.rules.lifecycle import Stage
from workflow.rules.refusals import FormRefused, InputRefused, Message, NotFound
from workflow.text.checking import clean_text
from workflow.web import house
from workflow.web.circulation import circulation
from workflow.web.circulation_amending import to_the_roll
from workflow.web.gates import requires


@circulation.post("/desk/statements/<public_id>/handed-over/<int:invitation_id>")
@requires(Permission.CIRCULATE)
def decide_colleague(public_id: str, invitation_id: int) -> ResponseReturnValue:
    """Accept the colleague to whom a contact wants to hand over, or not."""
    accept = request.form.get("accept", "")
    if accept not in ("yes", "no"):
        raise NotFound
    accepted = accept == "yes"
    handing.decide(house.session(), house.now(), current_user.user.id, public_id, invitation_id, accepted=accepted)
    flash(
        _("Accepted: the colleague gets a link, and the one of whoever named them opens nothing any more.")
        if accepted
        else _("Not accepted. Whoever named them is told and can go on answering."),
        "success",
    )
    return to_the_roll(public_id)


@circulation.route("/desk/statements/<public_id>/contest/<int:contest_id>", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def resolve(public_id: str, contest_id: int) -> ResponseReturnValue:
    """An answer that a contact of its organisation contests: does it stand, or is it void?"""
    if request.method != "POST":
        return _resolve_page(public_id, contest_id, {})
    try:
        reason = clean_text(request.form.get("reason", ""), field="reason", limit=LONGEST_REASON)
        who = (house.session(), house.now(), current_user.user.id, public_id, contest_id)
        contesting.resolve(*who, request.form.get("resolution", ""), reason)
    except FormRefused as refused:
        return _resolve_page(public_id, contest_id, refused.problems)
    except InputRefused as refused:
        return _resolve_page(public_id, contest_id, {"reason": refused.problem})
    flash(_("Resolved, and all contacts of the organisation are told."), "success")
    return to_the_roll(public_id)


def _resolve_page(public_id: str, contest_id: int, problems: dict[str, Message]) -> ResponseReturnValue:
    statement = statement_by_public_id(house.session(), public_id)
    found = contest_of(house.session(), statement.id, contest_id)
    signatory = found.signatory
    shown = render_template(
        "circulation/resolve.html",
        statement=statement,
        contest=found,
        public=statement.stage in (Stage.PUBLISHED, Stage.RETRACTED),
        closed=signatory.circulation.outcome not in (None, Outcome.COMPLETE) or signatory.dropped_at is not None,
        typed=request.form,
        errors={name: house.sentence(one) for name, one in problems.items()},
    )
    return shown, 400 if problems else 200
