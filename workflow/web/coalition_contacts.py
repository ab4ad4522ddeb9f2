"""The people to write to at a member: added, described, removed."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import coalition as acting
from workflow.queries import coalition as looking
from workflow.rules.access import Permission
from workflow.rules.refusals import AlreadyThere, FormRefused, InUse, Refusal
from workflow.text.membership import ContactValues
from workflow.web import choices, house
from workflow.web.coalition import coalition, typed_contact
from workflow.web.errors import status_of
from workflow.web.gates import requires

MEMBER = "/coalitions/<int:coalition_id>/members/<int:organisation_id>"


@coalition.route(f"{MEMBER}/contacts/new", methods=["GET", "POST"])
@requires(Permission.EDIT_COALITION)
def add_contact(coalition_id: int, organisation_id: int) -> ResponseReturnValue:
    """A form for another contact of a member."""
    looking.member(house.session(), coalition_id, organisation_id)
    if request.method != "POST":
        user = current_user.user
        blank = ContactValues("", "", user.language, user.time_zone)
        return _page("coalition/add_contact.html", coalition_id, organisation_id, blank)
    typed = typed_contact()
    try:
        acting.add_contact(house.session(), house.now(), current_user.user.id, coalition_id, organisation_id, typed)
    except (FormRefused, AlreadyThere) as refused:
        return _page("coalition/add_contact.html", coalition_id, organisation_id, typed, refused)
    flash(_("Letters will go to %(mail)s too.", mail=typed.mail.strip()), "success")
    return _back(coalition_id, organisation_id)


@coalition.route(f"{MEMBER}/contacts/<int:contact_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_COALITION)
def contact(coalition_id: int, organisation_id: int, contact_id: int) -> ResponseReturnValue:
    """One contact of a member: name, address, language and time zone."""
    found = looking.member(house.session(), coalition_id, organisation_id)
    here = looking.contact_of(found, contact_id)
    if request.method != "POST":
        values = ContactValues(here.name, here.mail, here.language, here.time_zone)
        return _page("coalition/contact.html", coalition_id, organisation_id, values, contact_id=contact_id)
    typed = typed_contact()
    user_id = current_user.user.id
    try:
        told = acting.change_contact(
            house.session(), house.now(), user_id, coalition_id, organisation_id, contact_id, typed
        )
    except (FormRefused, AlreadyThere) as refused:
        return _page("coalition/contact.html", coalition_id, organisation_id, typed, refused, contact_id=contact_id)
    flash(_("Saved."), "success")
    if told:
        flash(_("A new link is on its way. Links sent to this contact before no longer open."), "success")
    return _back(coalition_id, organisation_id)


@coalition.route(f"{MEMBER}/contacts/<int:contact_id>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_COALITION)
def remove_contact(coalition_id: int, organisation_id: int, contact_id: int) -> ResponseReturnValue:
    """Ask whether letters shall no longer go to this person, and see to it."""
    found = looking.member(house.session(), coalition_id, organisation_id)
    here = looking.contact_of(found, contact_id)
    shown = {
        "coalition": looking.coalition_by_id(house.session(), coalition_id),
        "member": found,
        "contact": here,
    }
    if request.method != "POST":
        return render_template("coalition/remove_contact.html", **shown, errors={})
    try:
        acting.remove_contact(
            house.session(), house.now(), current_user.user.id, coalition_id, organisation_id, contact_id
        )
    except InUse as refused:
        errors = {"": _("%(name)s holds a link into an open circulation. Revoke it there first.", name=here.name)}
        return render_template("coalition/remove_contact.html", **shown, errors=errors), status_of(refused)
    flash(_("No more letters go to %(mail)s.", mail=here.mail), "success")
    return _back(coalition_id, organisation_id)


def _page(
    template: str,
    coalition_id: int,
    organisation_id: int,
    typed: ContactValues,
    refused: Refusal | None = None,
    contact_id: int | None = None,
) -> ResponseReturnValue:
    errors = choices.errors_of(refused) if refused else {}
    if isinstance(refused, AlreadyThere):
        errors = {"mail": errors[""]}
    page = render_template(
        template,
        coalition=looking.coalition_by_id(house.session(), coalition_id),
        member=looking.member(house.session(), coalition_id, organisation_id),
        contact_id=contact_id,
        typed=typed,
        errors=errors,
        language_options=choices.languages(typed.language),
        zone_options=choices.zones(typed.time_zone),
    )
    return page, status_of(refused) if refused else 200


def _back(coalition_id: int, organisation_id: int) -> ResponseReturnValue:
    where = url_for("coalition.member", coalition_id=coalition_id, organisation_id=organisation_id)
    return redirect(where, 303)
