"""Files for the lead about a living circulation: the deadline for a calendar."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workflow.rules.access import Permission
from workflow.rules.lifecycle import Move
from workflow.web import house
from workflow.web.calendar_files import calendar_response
from workflow.web.circulation import circulation
from workflow.web.circulation_amending import living
from workflow.web.gates import requires


@circulation.get("/desk/statements/<public_id>/deadline.ics")
@requires(Permission.SEE_STATEMENT)
def calendar(public_id: str) -> ResponseReturnValue:
    """The deadline of a living circulation; its statement is named by its coalition, as in every mail."""
    statement, asked = living(public_id, Move.AMEND_ASKING)
    coalition = statement.coalition.name
    summaries = (
        _("Answers are asked for: statement of %(coalition)s", coalition=coalition),
        _("Deadline for answers: statement of %(coalition)s", coalition=coalition),
    )
    address = house.settings().base_url + url_for("circulation.roll", public_id=public_id)
    return calendar_response(asked, f"circulation-{asked.id}", summaries, _("The roll is at the desk."), address)
