"""Before the instant: previews for journalists, and who of the press list gets the release. On the desk of a text that
is locked, or will be."""

import re
from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from workflow.actions import press as pressing
from workflow.actions import previewing as acting
from workflow.config import LANGUAGES
from workflow.queries.listing import frozen_counts
from workflow.queries.press import choosing_page
from workflow.queries.previewing import previews_page
from workflow.rules.access import Permission
from workflow.rules.lifecycle import Move, Stage, may_come
from workflow.rules.previewing import HOURS, MOST_AT_ONCE
from workflow.rules.refusals import NothingChanged
from workflow.text.addresses import LinesRefused, read_addresses
from workflow.text.instants import known_zone, zone_names
from workflow.text.placeholders import filled
from workflow.web import house
from workflow.web.gates import requires
from workflow.web.publication import publication

# What stands between addresses, however they are pasted.
BETWEEN = re.compile(r"[\s<>,;]+")


@publication.route("/desk/statements/<public_id>/previews", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def previews(public_id: str) -> ResponseReturnValue:
    """Who may read the text before its instant, who has; and the form to let more."""
    if request.method != "POST":
        return _previews_page(public_id)
    form = request.form
    if form.get("fill") == "press":
        return _previews_page(public_id, fill=True)
    zone, hours = form.get("zone", ""), form.get("hours", "")
    try:
        number = acting.add(
            house.session(),
            house.now(),
            current_user.user.id,
            public_id,
            read_addresses(form.get("pasted", ""), most=MOST_AT_ONCE),
            language=form.get("language", "") if form.get("language") in LANGUAGES else LANGUAGES[0],
            time_zone=zone if known_zone(zone) else "UTC",
            hours=next((one for one in HOURS if str(one) == hours), None),
        )
    except LinesRefused as refused:
        return _previews_page(public_id, lines_in_words(refused), 400)
    flash(ngettext("One link is on its way.", "%(num)s links are on their way.", number), "success")
    return _to_previews(public_id)


@publication.post("/desk/statements/<public_id>/previews/<int:preview_id>/revoke")
@requires(Permission.CIRCULATE)
def revoke_preview(public_id: str, preview_id: int) -> ResponseReturnValue:
    """Take one link back."""
    try:
        acting.revoke(house.session(), house.now(), current_user.user.id, public_id, preview_id)
    except NothingChanged:
        flash(_("That is so already."), "message")
    else:
        flash(_("The link is revoked: nothing opens by it any more."), "success")
    return _to_previews(public_id)


@publication.post("/desk/statements/<public_id>/previews/<int:preview_id>/renew")
@requires(Permission.CIRCULATE)
def renew_preview(public_id: str, preview_id: int) -> ResponseReturnValue:
    """Send a fresh link; the one before opens nothing any more."""
    acting.renew(house.session(), house.now(), current_user.user.id, public_id, preview_id)
    flash(_("A fresh link is on its way; the one before opens nothing any more."), "success")
    return _to_previews(public_id)


@publication.route("/desk/statements/<public_id>/press", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def press(public_id: str) -> ResponseReturnValue:
    """Who of the press list gets the release at the instant of publication."""
    if request.method != "POST":
        page = choosing_page(house.session(), public_id)
        open_ = may_come(Stage(page.statement.stage), Move.PUBLISH)
        return render_template("publication/press.html", page=page, open=open_)
    typed = [one for one in request.form.getlist("journalist") if one.isascii() and one.isdigit() and len(one) < 10]
    chosen = {int(one) for one in typed}
    number = pressing.choose(house.session(), house.now(), current_user.user.id, public_id, chosen)
    flash(
        ngettext(
            "One journalist gets the release when it is published.",
            "%(num)s journalists get the release when it is published.",
            number,
        ),
        "success",
    )
    return redirect(url_for("publication.press", public_id=public_id), 303)


def lines_in_words(refused: LinesRefused) -> list[tuple[str, str]]:
    """The problem of each line, as an error summary shows them."""
    return [
        ("pasted", _("Line %(number)s: %(problem)s", number=one.line, problem=house.sentence(one.problem)))
        for one in refused.problems
    ]


def _to_previews(public_id: str) -> ResponseReturnValue:
    return redirect(url_for("publication.previews", public_id=public_id), 303)


def _with_the_press_list(pasted: str, people: Sequence[tuple[str, str]]) -> str:
    """What was typed, and a line for each of the people who is not in it yet."""
    typed = set(BETWEEN.split(pasted.lower()))
    missing = [f"{name} <{mail}>" for name, mail in people if mail.lower() not in typed]
    return "\n".join([*([pasted.rstrip()] if pasted.strip() else []), *missing])


def _previews_page(
    public_id: str, problems: Sequence[tuple[str, str]] = (), code: int = 200, *, fill: bool = False
) -> ResponseReturnValue:
    page = previews_page(house.session(), public_id)
    counts = frozen_counts(house.session(), page.statement, page.circulation)
    edition = filled(page.circulation.revision.parsed.authoritative, counts)
    typed: Mapping[str, str] = request.form if problems or fill else {}
    pasted = typed.get("pasted", "")
    zone = page.circulation.embargo_zone
    language = edition.language.partition("-")[0]
    shown = render_template(
        "publication/previews.html",
        page=page,
        edition=edition,
        now=house.now(),
        problems=problems,
        zones=zone_names(zone),
        languages=LANGUAGES,
        typed={
            "pasted": _with_the_press_list(pasted, page.without) if fill else pasted,
            "zone": typed.get("zone", zone),
            "hours": typed.get("hours", ""),
            "language": typed.get("language", language if language in LANGUAGES else LANGUAGES[0]),
        },
    )
    return shown, code
