"""Amending the roll while it is asked: another part, off the roll, one more. What follows is said before it happens."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import amending_roll as acting
from workflow.queries.amending_roll import AmendingPage, amending_page
from workflow.queries.opening import is_open
from workflow.rules.access import Permission
from workflow.rules.amending import LONGEST_REASON, check_change, would_complete
from workflow.rules.circulation import Role
from workflow.rules.listing import AddresseeListed
from workflow.rules.refusals import FormRefused, InputRefused, Message, NoContact, QuoteWithoutOwner, Refusal
from workflow.rules.stating import rule_sentence
from workflow.text.checking import clean_text
from workflow.web import house
from workflow.web.circulation import circulation
from workflow.web.circulation_amending import to_the_roll
from workflow.web.errors import status_of
from workflow.web.gates import requires

OFF = "off"
PARTS = {role.value: role for role in Role} | {OFF: None}


@dataclass(frozen=True)
class Typed:
    """The form as it came: the part (or `off` the roll), why, and whether the lead vouches for quotes left alone."""

    part: str = ""
    reason: str = ""
    organisation: str = ""
    vouched: bool = False

    def fields(self) -> dict[str, str]:
        """The same as the names and values of hidden fields."""
        vouched = "yes" if self.vouched else ""
        return {"part": self.part, "reason": self.reason, "vouched": vouched, "confirmed": "yes"}


@circulation.route("/desk/statements/<public_id>/roll/<int:signatory_id>", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def amend_roll(public_id: str, signatory_id: int) -> ResponseReturnValue:
    """Another part for a signatory, or off the roll: the form, then what follows from it, then it is done."""
    found = amending_page(house.session(), public_id, signatory_id)
    if request.method != "POST":
        return _page(found, Typed(part=found.place.role))
    typed = _typed()
    try:
        part, reason = _chosen(found, typed)
        if request.form.get("confirmed") != "yes":
            return _check_page(found, replace(typed, reason=reason), part)
        who = (house.session(), house.now(), current_user.user.id, public_id)
        acting.change_part(*who, signatory_id, part, reason, vouched=typed.vouched)
    except FormRefused as refused:
        return _page(found, typed, refused.problems)
    except QuoteWithoutOwner as refused:
        return _page(found, typed, {"vouched": refused.message})
    except Refusal as refused:
        return _page(found, typed, {"part": refused.message}, status_of(refused))
    flash(_("Done, and everybody on the roll is told."), "success")
    return to_the_roll(public_id)


@circulation.route("/desk/statements/<public_id>/roll/add", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def add_to_roll(public_id: str) -> ResponseReturnValue:
    """Ask one more member of the coalition, while the others are being asked."""
    found = amending_page(house.session(), public_id)
    if request.method != "POST":
        return _add_page(found, Typed(part=Role.OPTIONAL.value))
    typed = _typed()
    try:
        organisation_id, part = _newcomer(found, typed)
        who = (house.session(), house.now(), current_user.user.id, public_id)
        acting.add(*who, organisation_id, part, vouched=typed.vouched)
    except FormRefused as refused:
        return _add_page(found, typed, refused.problems)
    except (NoContact, AddresseeListed) as refused:
        return _add_page(found, typed, {"organisation": refused.message})
    except QuoteWithoutOwner as refused:
        return _add_page(found, typed, {"vouched": refused.message})
    flash(_("It is asked by a link of its own, and everybody on the roll is told."), "success")
    return to_the_roll(public_id)


def _typed() -> Typed:
    form = request.form
    return Typed(
        part=form.get("part", ""),
        reason=form.get("reason", ""),
        organisation=form.get("organisation", ""),
        vouched=form.get("vouched") == "yes",
    )


def _chosen(found: AmendingPage, typed: Typed) -> tuple[Role | None, str]:
    """The part and the reason, where they can be taken. Raises Refusals."""
    if typed.part not in PARTS:
        raise FormRefused({"part": Message("missing")})
    try:
        reason = clean_text(typed.reason, field="reason", limit=LONGEST_REASON)
    except InputRefused as refused:
        raise FormRefused({"reason": refused.problem}) from None
    roles = [Role(place.role) for place in found.places]
    joinable = is_open(house.session(), found.circulation.id)
    check_change(found.circulation.rule, roles, found.index, PARTS[typed.part], reason, joinable=joinable)
    return PARTS[typed.part], reason


def _newcomer(found: AmendingPage, typed: Typed) -> tuple[int, Role]:
    """Whom to ask, in which part. Raises FormRefused."""
    problems: dict[str, Message] = {}
    ids = {str(one.organisation_id): one.organisation_id for one in found.others}
    if typed.organisation not in ids:
        problems["organisation"] = Message("missing")
    part = PARTS.get(typed.part)
    if part is None:
        problems["part"] = Message("missing")
    if problems or part is None:
        raise FormRefused(problems)
    return ids[typed.organisation], part


def _page(
    found: AmendingPage, typed: Typed, problems: dict[str, Message] | None = None, code: int = 400
) -> ResponseReturnValue:
    return _shown("circulation/amend_roll.html", found, typed, problems, code)


def _add_page(found: AmendingPage, typed: Typed, problems: dict[str, Message] | None = None) -> ResponseReturnValue:
    return _shown("circulation/add_to_roll.html", found, typed, problems, 400)


def _shown(
    template: str, found: AmendingPage, typed: Typed, problems: dict[str, Message] | None, code: int
) -> ResponseReturnValue:
    errors = {name: house.sentence(message) for name, message in (problems or {}).items()}
    shown = render_template(template, found=found, typed=typed, errors=errors)
    return shown, code if problems else 200


def _check_page(found: AmendingPage, typed: Typed, part: Role | None) -> ResponseReturnValue:
    asked = found.circulation
    return render_template(
        "circulation/amend_roll.html",
        found=found,
        typed=typed,
        errors={},
        check=True,
        part=part.value if part else None,
        completes=asked.purpose != "comment" and would_complete(asked.rule, found.standings, found.index, part),
        rule=rule_sentence(asked.rule, _after(found, part)),
    )


def _after(found: AmendingPage, part: Role | None) -> Sequence[Role]:
    roles: list[Role | None] = [Role(place.role) for place in found.places]
    roles[found.index] = part
    return [one for one in roles if one is not None]
