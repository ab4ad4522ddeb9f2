"""When those who have not answered are reminded: seen by the lead beforehand, and changed."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import reminding as acting
from workflow.queries.circulation import roll
from workflow.queries.reminding import asked_on, passed, plan
from workflow.rules.access import Permission
from workflow.rules.lifecycle import Move
from workflow.rules.refusals import Message
from workflow.web import house
from workflow.web.circulation import circulation
from workflow.web.circulation_amending import living, to_the_roll
from workflow.web.circulation_clock import TypedReminders, typed_reminders
from workflow.web.gates import requires


@circulation.route("/desk/statements/<public_id>/reminders", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def reminders(public_id: str) -> ResponseReturnValue:
    """What is planned for the living circulation, and the form to change it."""
    statement, asked = living(public_id, Move.AMEND_ASKING)
    problems: dict[str, Message] = {}
    shown = TypedReminders.of(asked.reminders)
    if request.method == "POST":
        shown = typed_reminders()
        chosen = shown.reminders(problems)
        if not problems:
            acting.plan(house.session(), house.now(), current_user.user.id, public_id, chosen)
            flash(_("The reminders are planned like this from now on."), "success")
            return to_the_roll(public_id)
    session = house.session()
    page = render_template(
        "circulation/reminders.html",
        statement=statement,
        asked=asked,
        typed=shown,
        planned=plan(session, asked, roll(session, asked.id), house.now()),
        passed=passed(asked, asked_on(session, asked.id), house.now()),
        errors={name: house.sentence(message) for name, message in problems.items()},
    )
    return page, 400 if problems else 200
