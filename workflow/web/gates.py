"""Gates: every route wears exactly one. They look at who asks, before a view is entered.

The look is repeated inside the transaction of the action: a gate spares work, it does not decide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import g, redirect, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData
from sqlalchemy import select

from workflow.links import Purpose
from workflow.models.circulation import Invitation
from workflow.models.coalition import Coalition
from workflow.models.drafting import Statement
from workflow.queries.signing import invitation_for_page
from workflow.rules.access import Asker, Permission, Thing, may
from workflow.rules.refusals import LinkTampered, NotFound
from workflow.rules.signing import check_link
from workflow.web import house
from workflow.web.signed_out import signed_out_page

View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
LINK_COOKIE = "opened-{}"
FORM_FIELD = "form_token"


def anyone(view: View) -> View:
    """Open to everybody."""
    view.__gate__ = ("anyone",)  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Only for a signed-in user who has `permission` on what the address names; to others it does not exist."""

    def gate(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            if not current_user.is_authenticated:
                if request.method in SAFE_METHODS:
                    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
                return signed_out_page() or redirect(url_for("accounts.sign_in"))
            if not allowed(permission, values):
                raise NotFound
            return view(**values)

        guarded.__gate__ = ("requires", permission)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return gate


def allowed(permission: Permission, values: dict[str, Any]) -> bool:
    """Whether the signed-in user has `permission` on what an address with these values names."""
    return may(Asker(current_user.user.organisation_id), permission, _thing(values))


def _thing(values: dict[str, Any]) -> Thing:
    if "public_id" in values:
        chosen = select(Statement.lead_id).where(Statement.public_id == values["public_id"])
    elif "coalition_id" in values:
        chosen = select(Coalition.lead_id).where(Coalition.id == values["coalition_id"])
    else:
        return Thing()
    return Thing(lead_id=house.session().scalar(chosen))


@dataclass(frozen=True)
class OpenedLink:
    """The invitation that this request speaks for, and the form token its pages carry."""

    invitation: Invitation
    generation: int
    form_token: str


def by_link(*, closed_too: bool = False) -> Callable[[View], View]:
    """Only for the holder of an approval link: by the token in the address, or the cookie it was changed for.

    The row is read again at every request. `closed_too` admits links of an ended circulation (receipts).
    """

    def gate(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            invitation_id, generation = _named(values)
            invitation = invitation_for_page(house.session(), invitation_id)
            house.speak(invitation.contact.language)
            g.time_zone = invitation.contact.time_zone
            g.link = OpenedLink(invitation, generation, _form_token(invitation_id, generation))
            outcome = invitation.signatory.circulation.outcome
            check_link(invitation.facts(generation, None if closed_too else outcome), house.now())
            if request.method not in SAFE_METHODS:
                check_form_token(invitation_id, generation)
            return view(**values)

        guarded.__gate__ = ("by_link",)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return gate


def _named(values: dict[str, Any]) -> tuple[int, int]:
    """Invitation id and generation, from the token in the address or from the signed cookie; never from a form."""
    if "token" in values:
        return open_token(values["token"])
    cookie = request.cookies.get(LINK_COOKIE.format(values["invitation_id"]), "")
    try:
        invitation_id, generation = house.links().open(Purpose.OPENED, cookie)
    except (LinkTampered, ValueError):
        raise LinkTampered from None
    if invitation_id != values["invitation_id"]:
        raise LinkTampered
    return invitation_id, generation


def open_token(token: str) -> tuple[int, int]:
    """Invitation id and generation in an approval token. Raises LinkTampered."""
    try:
        invitation_id, generation = house.links().open(Purpose.APPROVAL, token)
    except (ValueError, BadData):
        raise LinkTampered from None
    if not isinstance(invitation_id, int) or not isinstance(generation, int):
        raise LinkTampered
    return invitation_id, generation


def _form_token(invitation_id: int, generation: int) -> str:
    return house.links().make(Purpose.SIGN_FORM, [invitation_id, generation])


def check_form_token(invitation_id: int, generation: int) -> None:
    """The protection of cookieless and link forms against forgery: the page's own signed token."""
    try:
        named = house.links().open(Purpose.SIGN_FORM, request.form.get(FORM_FIELD, ""))
    except LinkTampered:
        named = []
    if named != [invitation_id, generation]:
        raise CSRFError("not this link's form token")
