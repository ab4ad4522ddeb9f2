"""The people on a living roll: whether a colleague who was named may answer. On the blueprint of circulation."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import handing
from workflow.rules.access import Permission
from workflow.rules.refusals import NotFound
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
