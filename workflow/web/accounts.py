"""Signing in and out, setting up, choosing a password, one's own settings."""

from collections.abc import Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from workflow.actions import accounts as acting
from workflow.actions import sessions
from workflow.links import Purpose
from workflow.queries.accounts import any_user, reset_is_open, user_of_session
from workflow.rules.access import Permission
from workflow.rules.refusals import (
    AlreadySetUp,
    FormRefused,
    InputRefused,
    LinkTampered,
    NotFound,
    Refusal,
    ResetRefused,
    SignInRefused,
    TooManyTries,
)
from workflow.web import choices, house
from workflow.web.errors import status_of
from workflow.web.gates import anyone, requires
from workflow.web.signed_in import SignedIn

accounts = Blueprint("accounts", __name__)

SET_UP_FIELDS = ("organisation_name", "name", "mail", "language", "time_zone")
ME_FIELDS = ("name", "language", "time_zone")


@accounts.route("/setup/<token>", methods=["GET", "POST"])
@anyone
def set_up(token: str) -> ResponseReturnValue:
    """The first user and the lead organisation, by the link that the server prints where there is none."""
    _open(Purpose.SET_UP, token, NotFound)
    if any_user(house.session()):
        raise AlreadySetUp
    if request.method != "POST":
        blank = {"language": house.page_language(), "time_zone": house.page_zone()}
        return _set_up_page(token, blank)
    typed, password = _typed(*SET_UP_FIELDS), request.form.get("password", "")
    try:
        user = acting.set_up(house.session(), house.now(), password=password, **typed)
    except FormRefused as refused:
        return _set_up_page(token, typed, refused)
    key = sessions.sign_in(house.session(), house.links(), house.now(), user.mail, password, _address())
    _enter(key)
    flash(_("Everything is set up. Begin with a coalition: the organisations that act together."), "success")
    return redirect(url_for("coalition.list_"), 303)


def _set_up_page(token: str, typed: Mapping[str, str], refused: Refusal | None = None) -> ResponseReturnValue:
    page = render_template(
        "accounts/set_up.html",
        token=token,
        typed=typed,
        errors=choices.errors_of(refused) if refused else {},
        language_options=choices.languages(),
        zone_options=choices.zones(),
    )
    return page, status_of(refused) if refused else 200


@accounts.route("/sign-in", methods=["GET", "POST"])
@anyone
def sign_in() -> ResponseReturnValue:
    """Mail and password; what does not fit is answered alike for known and unknown addresses."""
    wanted = own_path(request.values.get("next", ""))
    if request.method != "POST":
        if current_user.is_authenticated:
            return redirect(wanted or url_for("drafting.desk"))
        return render_template("accounts/sign_in.html", mail="", wanted=wanted, errors={})
    mail, password = request.form.get("mail", ""), request.form.get("password", "")
    try:
        key = sessions.sign_in(house.session(), house.links(), house.now(), mail, password, _address())
    except (SignInRefused, TooManyTries) as refused:
        errors = choices.errors_of(refused)
        page = render_template("accounts/sign_in.html", mail=mail, wanted=wanted, errors=errors)
        return page, status_of(refused)
    _enter(key)
    return redirect(wanted or url_for("drafting.desk"), 303)


@accounts.post("/sign-out")
@anyone
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    _leave()
    flash(_("You are signed out."), "success")
    answer = make_response(redirect(url_for("accounts.sign_in"), 303))
    # Words that the editor kept in this browser are not for whoever sits here next.
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@accounts.route("/forgotten", methods=["GET", "POST"])
@anyone
def forgotten() -> ResponseReturnValue:
    """Ask for a letter with a link to choose a password; nothing tells whether the address is a user's."""
    mail = request.form.get("mail", "")
    if request.method != "POST":
        return render_template("accounts/forgotten.html", mail=mail, errors={})
    try:
        sessions.ask_reset(house.session(), house.links(), house.now(), mail, _address())
    except (InputRefused, TooManyTries) as refused:
        page = render_template("accounts/forgotten.html", mail=mail, errors=choices.errors_of(refused))
        return page, status_of(refused)
    flash(
        _("If this is the address of a user, a letter with a link is on its way. The link is good for two hours."),
        "message",
    )
    return redirect(url_for("accounts.sign_in"), 303)


@accounts.route("/reset/<token>", methods=["GET", "POST"])
@anyone
def reset(token: str) -> ResponseReturnValue:
    """Choose a new password by a mailed link, which is good once."""
    try:
        user_id, generation = _reset_named(token)
        if not reset_is_open(house.session(), user_id, generation, house.now()):
            raise ResetRefused
        if request.method != "POST":
            return render_template("accounts/reset.html", token=token, refused=None, errors={})
        sessions.reset(house.session(), house.now(), user_id, generation, request.form.get("password", ""))
    except InputRefused as refused:
        errors = choices.errors_of(refused)
        return render_template("accounts/reset.html", token=token, refused=None, errors=errors), 400
    except ResetRefused as refused:
        page = render_template("accounts/reset.html", token=token, refused=refused.message, errors={})
        return page, status_of(refused)
    _leave()
    flash(_("Your new password is set. Sign in with it."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


@accounts.route("/me", methods=["GET", "POST"])
@requires(Permission.USE_DESK)
def me() -> ResponseReturnValue:
    """The user's own name, language and time zone; and a form for another password."""
    if request.method != "POST":
        return _me_page()
    typed = _typed(*ME_FIELDS)
    try:
        acting.change_me(house.session(), house.now(), current_user.user.id, **typed)
    except FormRefused as refused:
        return _me_page(typed, refused)
    house.speak(typed["language"])
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.me"), 303)


@accounts.post("/me/password")
@requires(Permission.USE_DESK)
def change_password() -> ResponseReturnValue:
    """Another password; every other browser of this user is signed out."""
    current, password = request.form.get("current", ""), request.form.get("password", "")
    user_id = current_user.user.id
    try:
        key = sessions.change_password(
            house.session(), house.links(), house.now(), user_id, current, password, _address()
        )
    except (InputRefused, TooManyTries) as refused:
        return _me_page(refused=refused)
    _enter(key)
    flash(_("Your new password is set. Everywhere else you are signed out."), "success")
    return redirect(url_for("accounts.me"), 303)


def _me_page(typed: Mapping[str, str] | None = None, refused: Refusal | None = None) -> ResponseReturnValue:
    user = current_user.user
    page = render_template(
        "accounts/me.html",
        mail=user.mail,
        typed=typed or {name: getattr(user, name) for name in ME_FIELDS},
        errors=choices.errors_of(refused) if refused else {},
        language_options=choices.languages(),
        zone_options=choices.zones(user.time_zone),
    )
    return page, status_of(refused) if refused else 200


def own_path(path: str) -> str:
    """The path if it leads to a page of this installation, else nothing.

    Browsers take "//" and a backslash for another host, and drop tabs and line ends before they look.
    """
    own = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if own else ""


def _typed(*fields: str) -> dict[str, str]:
    return {name: request.form.get(name, "") for name in fields}


def _address() -> str:
    """Where the browser comes from, as far as the configured proxies are trusted to say."""
    return request.remote_addr or ""


def _open(purpose: Purpose, token: str, otherwise: type[Refusal]) -> list[object]:
    try:
        return house.links().open(purpose, token)
    except LinkTampered:
        raise otherwise from None


def _reset_named(token: str) -> tuple[int, int]:
    named = _open(Purpose.RESET, token, ResetRefused)
    if len(named) == 2 and isinstance(named[0], int) and isinstance(named[1], int):
        return named[0], named[1]
    raise ResetRefused


def _enter(key: str) -> None:
    """Let this browser in with a session of its own: whatever it carried before is over."""
    _leave()
    user = user_of_session(house.session(), key, house.now())
    if user is None:
        raise SignInRefused
    login_user(SignedIn(user, key), remember=False)


def _leave() -> None:
    if current_user.is_authenticated:
        sessions.sign_out(house.session(), house.now(), current_user.key)
        logout_user()
    cookie.clear()
