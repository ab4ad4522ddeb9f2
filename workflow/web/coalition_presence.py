"""Who of a member's contacts is there, and how many have to say the same: alternates, who is away, who has left."""

from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import standing_in as acting
from workflow.queries import coalition as looking
from workflow.rules.access import Permission
from workflow.rules.refusals import FormRefused, InputRefused
from workflow.text.instants import back_after, in_zone
from workflow.web import house
from workflow.web.coalition import coalition
from workflow.web.gates import requires

CONTACT = "/coalitions/<int:coalition_id>/members/<int:organisation_id>/contacts/<int:contact_id>"


@coalition.route(f"{CONTACT}/presence", methods=["GET", "POST"])
@requires(Permission.EDIT_COALITION)
def presence(coalition_id: int, organisation_id: int, contact_id: int) -> ResponseReturnValue:
    """Whether a contact is an alternate, until when it is away; and a way to say that it has left."""
    found = looking.member(house.session(), coalition_id, organisation_id)
    here = looking.contact_of(found, contact_id)
    if request.method != "POST":
        return _page(coalition_id, found, here, here.alternate, _day(here), {})
    alternate, day = request.form.get("alternate") == "yes", request.form.get("away", "").strip()
    try:
        away_until = back_after(day, here.time_zone, field="away") if day else None
        who = (house.session(), house.now(), current_user.user.id, coalition_id, organisation_id, contact_id)
        acting.describe(*who, alternate=alternate, away_until=away_until)
    except InputRefused as refused:
        return _page(coalition_id, found, here, alternate, day, {"away": house.sentence(refused.problem)})
    except FormRefused as refused:
        said = {name: house.sentence(one) for name, one in refused.problems.items()}
        return _page(coalition_id, found, here, alternate, day, said)
    flash(_("Saved."), "success")
    return _back(coalition_id, organisation_id)


@coalition.route(f"{CONTACT}/left", methods=["GET", "POST"])
@requires(Permission.EDIT_COALITION)
def contact_left(coalition_id: int, organisation_id: int, contact_id: int) -> ResponseReturnValue:
    """Ask whether a contact has left its organisation, and see to what follows."""
    found = looking.member(house.session(), coalition_id, organisation_id)
    here = looking.contact_of(found, contact_id)
    if request.method != "POST":
        return render_template(
            "coalition/contact_left.html",
            coalition=looking.coalition_by_id(house.session(), coalition_id),
            member=found,
            contact=here,
        )
    who = (house.session(), house.now(), current_user.user.id, coalition_id, organisation_id, contact_id)
    acting.left(*who)
    flash(_("No more letters go to %(mail)s.", mail=here.mail), "success")
    return _back(coalition_id, organisation_id)


@coalition.post("/coalitions/<int:coalition_id>/members/<int:organisation_id>/voices")
@requires(Permission.EDIT_COALITION)
def voices(coalition_id: int, organisation_id: int) -> ResponseReturnValue:
    """How many contacts of a member have to say the same before it is an answer."""
    typed = request.form.get("needed", "").strip()
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 3 else 0
    try:
        acting.need(house.session(), house.now(), current_user.user.id, coalition_id, organisation_id, number)
    except FormRefused as refused:
        flash(house.sentence(refused.problems["needed"]), "error")
    else:
        flash(_("Saved. It holds for what you circulate from now on."), "success")
    return _back(coalition_id, organisation_id)


def _day(contact: looking.ContactLine) -> str:
    """The last day on which a contact is away, as its form field shows it."""
    if contact.away_until is None or contact.away_until <= house.now():
        return ""
    return _before(in_zone(contact.away_until, contact.time_zone)).isoformat()


def _before(back: datetime) -> date:
    return date.fromordinal(back.date().toordinal() - 1)


def _page(
    coalition_id: int,
    found: looking.MemberLine,
    contact: looking.ContactLine,
    alternate: bool,
    away: str,
    errors: dict[str, str],
) -> ResponseReturnValue:
    page = render_template(
        "coalition/presence.html",
        coalition=looking.coalition_by_id(house.session(), coalition_id),
        member=found,
        contact=contact,
        alternate=alternate,
        away=away,
        errors=errors,
    )
    return page, 400 if errors else 200


def _back(coalition_id: int, organisation_id: int) -> ResponseReturnValue:
    where = url_for("coalition.member", coalition_id=coalition_id, organisation_id=organisation_id)
    return redirect(where, 303)
