"""Coalitions: listed, made, renamed; their members added, described and taken out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import coalition as acting
from workflow.models.coalition import Coalition
from workflow.queries import coalition as looking
from workflow.queries.coalition import MemberLine
from workflow.rules.access import Permission
from workflow.rules.circulation import Role
from workflow.rules.refusals import AlreadyThere, FormRefused, InputRefused, InUse, Refusal
from workflow.text.collation import lookalikes, sort_key
from workflow.text.membership import ContactValues, MemberValues, lines_of
from workflow.web import choices, house
from workflow.web.errors import status_of
from workflow.web.gates import requires

coalition = Blueprint("coalition", __name__)

CONTACT_FIELDS = ("name", "mail", "language", "time_zone")


@coalition.get("/coalitions")
@requires(Permission.USE_DESK)
def list_() -> ResponseReturnValue:
    """The coalitions of the user's organisation."""
    key = sort_key(house.page_language())
    found = looking.coalitions_of(house.session(), current_user.user.organisation_id)
    lines = sorted(found, key=lambda one: key(one.name))
    return render_template("coalition/list_.html", coalitions=lines)


@coalition.route("/coalitions/new", methods=["GET", "POST"])
@requires(Permission.USE_DESK)
def new() -> ResponseReturnValue:
    """A form for a new coalition."""
    name, with_lead = request.form.get("name", ""), request.form.get("with_lead") == "yes"
    if request.method != "POST":
        return render_template("coalition/new.html", name=name, with_lead=True, errors={})
    try:
        made = acting.create(house.session(), house.now(), current_user.user.id, name)
    except (InputRefused, AlreadyThere) as refused:
        page = render_template("coalition/new.html", name=name, with_lead=with_lead, errors=_at(refused, "name"))
        return page, status_of(refused)
    if with_lead:
        acting.add_lead(house.session(), house.now(), current_user.user.id, made.id)
    flash(_("The coalition is there. Now add its members."), "success")
    return redirect(url_for("coalition.show", coalition_id=made.id), 303)


@coalition.get("/coalitions/<int:coalition_id>")
@requires(Permission.SEE_COALITION)
def show(coalition_id: int) -> ResponseReturnValue:
    """One coalition: its members with their roles and contacts."""
    found = looking.coalition_by_id(house.session(), coalition_id)
    key = sort_key(house.page_language())
    members = sorted(looking.members(house.session(), coalition_id), key=lambda one: key(one.listed_name))
    return render_template(
        "coalition/show.html",
        coalition=found,
        members=members,
        without=[one for one in members if not one.contacts and not one.is_lead],
        lead_is_member=any(one.is_lead for one in members),
    )


@coalition.route("/coalitions/<int:coalition_id>/members/new", methods=["GET", "POST"])
@requires(Permission.EDIT_COALITION)
def add_member(coalition_id: int) -> ResponseReturnValue:
    """A form for a new member with its first contact; the contact can come later."""
    found = looking.coalition_by_id(house.session(), coalition_id)
    if request.method != "POST":
        user = current_user.user
        contact = ContactValues("", "", user.language, user.time_zone)
        return _new_member_page(found, MemberValues(""), contact)
    member, contact = typed_member(), typed_contact("contact_")
    first = contact if contact.name.strip() or contact.mail.strip() else None
    try:
        organisation_id = acting.add_member(
            house.session(), house.now(), current_user.user.id, coalition_id, member, first
        )
    except (FormRefused, AlreadyThere) as refused:
        return _new_member_page(found, member, contact, refused)
    flash(_("%(name)s is a member now.", name=" ".join(member.name.split())), "success")
    if request.form.get("another"):
        return redirect(url_for("coalition.add_member", coalition_id=coalition_id), 303)
    where = url_for("coalition.member", coalition_id=coalition_id, organisation_id=organisation_id)
    return redirect(where, 303)


def _new_member_page(
    found: Coalition, member: MemberValues, contact: ContactValues, refused: Refusal | None = None
) -> ResponseReturnValue:
    page = render_template(
        "coalition/add_member.html",
        coalition=found,
        typed=member,
        contact=contact,
        errors=_at(refused, "name"),
        role_options=choices.roles(),
        language_options=choices.languages(contact.language),
        zone_options=choices.zones(contact.time_zone),
    )
    return page, status_of(refused) if refused else 200


@coalition.post("/coalitions/<int:coalition_id>/members/lead")
@requires(Permission.EDIT_COALITION)
def add_lead(coalition_id: int) -> ResponseReturnValue:
    """Make the lead organisation a member of its own coalition."""
    acting.add_lead(house.session(), house.now(), current_user.user.id, coalition_id)
    flash(_("%(name)s is a member now.", name=current_user.user.organisation.listed_name), "success")
    return redirect(url_for("coalition.show", coalition_id=coalition_id), 303)


@coalition.route("/coalitions/<int:coalition_id>/members/<int:organisation_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_COALITION)
def member(coalition_id: int, organisation_id: int) -> ResponseReturnValue:
    """One member: how it is described, and whom to write to."""
    found = looking.member(house.session(), coalition_id, organisation_id)
    if request.method != "POST":
        return member_page(coalition_id, found, values_of(found), {})
    typed = typed_member()
    try:
        acting.change_member(house.session(), house.now(), current_user.user.id, coalition_id, organisation_id, typed)
    except (FormRefused, AlreadyThere) as refused:
        return member_page(coalition_id, found, typed, _at(refused, "name")), status_of(refused)
    flash(_("Saved."), "success")
    where = url_for("coalition.member", coalition_id=coalition_id, organisation_id=organisation_id)
    return redirect(where, 303)


def values_of(found: MemberLine) -> MemberValues:
    """How a member is described, as its form shows it."""
    return MemberValues(found.name, found.listed_name, found.country, found.role, lines_of(found.listed_names))


def member_page(coalition_id: int, found: MemberLine, typed: MemberValues, errors: dict[str, str]) -> str:
    """The page of one member, with what was typed and what is to be mended in it."""
    return render_template(
        "coalition/member.html",
        coalition=looking.coalition_by_id(house.session(), coalition_id),
        member=found,
        typed=typed,
        errors=errors,
        role_options=choices.roles(),
        language_names=dict(choices.languages()),
        disguised=lookalikes(found.name) or lookalikes(found.listed_name),
    )


@coalition.route("/coalitions/<int:coalition_id>/members/<int:organisation_id>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_COALITION)
def remove_member(coalition_id: int, organisation_id: int) -> ResponseReturnValue:
    """Ask whether the member is really to be taken out, and take it out."""
    found = looking.member(house.session(), coalition_id, organisation_id)
    shown = {"coalition": looking.coalition_by_id(house.session(), coalition_id), "member": found}
    if request.method != "POST":
        return render_template("coalition/remove_member.html", **shown, errors={})
    try:
        acting.remove_member(house.session(), house.now(), current_user.user.id, coalition_id, organisation_id)
    except InUse as refused:
        errors = choices.errors_of(refused)
        return render_template("coalition/remove_member.html", **shown, errors=errors), status_of(refused)
    flash(_("%(name)s is no member any more.", name=found.listed_name), "success")
    return redirect(url_for("coalition.show", coalition_id=coalition_id), 303)


def typed_member() -> MemberValues:
    """The fields of a member as this request brings them."""
    form = request.form
    return MemberValues(
        form.get("name", ""),
        form.get("listed_name", ""),
        form.get("country", ""),
        form.get("role", Role.REQUIRED.value),
        form.get("listed_names", ""),
    )


def typed_contact(prefix: str = "") -> ContactValues:
    """The fields of a contact as this request brings them."""
    return ContactValues(*(request.form.get(f"{prefix}{name}", "") for name in CONTACT_FIELDS))


def _at(refused: Refusal | None, field: str) -> dict[str, str]:
    """The problems of a form; that something of the name is there already belongs to `field`."""
    errors = choices.errors_of(refused) if refused else {}
    if isinstance(refused, AlreadyThere):
        errors = {field: errors[""]}
    return errors


# The same chapter, further views: they stand on the blueprint above.
from workflow.web import (  # noqa: E402
    coalition_contacts,  # noqa: F401
    coalition_import,  # noqa: F401
    coalition_logos,  # noqa: F401
    coalition_naming,  # noqa: F401
    coalition_presence,  # noqa: F401
)
