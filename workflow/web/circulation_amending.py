"""Amending a circulation: links sent again or revoked, names decided, late answers counted, deadlines moved, the end.

What hurts has a page that says what will happen, and a button on it.
"""

from datetime import datetime
from typing import Literal

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import amending, inviting
from workflow.actions import circulation as acting
from workflow.mail.previews import shown_to
from workflow.models.circulation import Circulation
from workflow.models.drafting import Statement
from workflow.queries import circulation as looking
from workflow.queries.deadlines import what_a_move_does
from workflow.queries.desk import statement_by_public_id
from workflow.rules.access import Permission
from workflow.rules.circulation import Purpose
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.refusals import FormRefused, Message, NotFound, NothingChanged, WrongStage
from workflow.text.instants import in_zone, zone_names
from workflow.web import house
from workflow.web.circulation import circulation
from workflow.web.circulation_form import TypedAsking, typed_asking, typed_deadline
from workflow.web.gates import requires
from workflow.web.signing_form import typed_names


@circulation.post("/desk/statements/<public_id>/invite/<int:contact_id>")
@requires(Permission.CIRCULATE)
def invite(public_id: str, contact_id: int) -> ResponseReturnValue:
    """Send a contact a new link; one sent before opens nothing from then on."""
    inviting.invite(house.session(), house.now(), current_user.user.id, public_id, contact_id)
    flash(_("A new link is on its way. Links sent to this contact before no longer open."), "success")
    return to_the_roll(public_id)


@circulation.route("/desk/statements/<public_id>/revoke/<int:invitation_id>", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def revoke(public_id: str, invitation_id: int) -> ResponseReturnValue:
    """Make a contact's link open nothing, after a look at what that means."""
    if request.method == "POST":
        inviting.revoke(house.session(), house.now(), current_user.user.id, public_id, invitation_id)
        flash(_("The link is revoked. You can send a new one at any time."), "success")
        return to_the_roll(public_id)
    statement, _asked = living(public_id, Move.AMEND_ASKING)
    invitation = looking.invitation_of(house.session(), statement.id, invitation_id)
    return render_template("circulation/revoke.html", statement=statement, invitation=invitation)


@circulation.post("/desk/statements/<public_id>/name/<int:signatory_id>")
@requires(Permission.CIRCULATE)
def decide_name(public_id: str, signatory_id: int) -> ResponseReturnValue:
    """Accept the name a signatory wants to be listed under, or fall back to the registered one."""
    accept = request.form.get("accept") == "yes"
    proposed = request.form.get("proposed", "")
    names = typed_names()
    who = (house.session(), house.now(), current_user.user.id)
    decided_on = amending.decide_name(*who, public_id, signatory_id, proposed, accept, names)
    flash(
        _("It will be listed as “%(name)s”.", name=" · ".join(decided_on))
        if accept
        else _("It will be listed under its registered name."),
        "success",
    )
    return to_the_roll(public_id)


@circulation.post("/desk/statements/<public_id>/late/<int:signatory_id>")
@requires(Permission.CIRCULATE)
def count_late(public_id: str, signatory_id: int) -> ResponseReturnValue:
    """Count an answer that came after the deadline: the very one that the page showed."""
    answer = request.form.get("answer", "")
    answer_id = int(answer) if answer.isascii() and answer.isdigit() and len(answer) <= 9 else 0
    who = (house.session(), house.now(), current_user.user.id, public_id)
    amending.count_late(*who, signatory_id, answer_id)
    flash(_("The answer counts, and everybody on the roll is told."), "success")
    return to_the_roll(public_id)


@circulation.route("/desk/statements/<public_id>/deadline", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def extend(public_id: str) -> ResponseReturnValue:
    """Move the deadline, once what comes of it was seen; everybody who was asked is told."""
    statement, asked = living(public_id, Move.AMEND_ASKING)
    if request.method != "POST":
        return _extend_page(statement, asked, _as_it_is(asked), {})
    typed = typed_asking(())
    if request.form.get("change") == "yes":
        return _extend_page(statement, asked, typed, {})
    try:
        until, zone, typed_soft = typed_deadline(house.now())
        # One that is over cannot be typed again: it stays where it is.
        over = typed_soft is None and request.form.get("soft_day", "") == "" and not any(_soft(asked))
        soft: datetime | Literal["as it is"] | None = "as it is" if over else typed_soft
        found = what_a_move_does(house.session(), asked, until, soft, house.now())
        if request.form.get("seen") != "yes":
            return render_template(
                "circulation/extend.html", statement=statement, asked=asked, typed=typed, move=found, errors={}
            )
        amending.extend(house.session(), house.now(), current_user.user.id, public_id, until, zone, soft)
    except FormRefused as refused:
        return _extend_page(statement, asked, typed, refused.problems)
    except NothingChanged:
        flash(_("That is the deadline already."), "message")
        return to_the_roll(public_id)
    flash(_("The deadline is moved, and everybody who was asked is told."), "success")
    return to_the_roll(public_id)


@circulation.route("/desk/statements/<public_id>/conclude", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def conclude(public_id: str) -> ResponseReturnValue:
    """Close the comments, after a look at what that means."""
    if request.method == "POST":
        acting.conclude(house.session(), house.now(), current_user.user.id, public_id)
        flash(_("The comments are closed, and everybody who was asked is told."), "success")
        return redirect(url_for("drafting.show", public_id=public_id), 303)
    statement, asked = living(public_id, Move.CONCLUDE)
    if asked.purpose != Purpose.COMMENT:
        raise WrongStage(stage=statement.stage, move=Move.CONCLUDE.value)
    return render_template("circulation/conclude.html", statement=statement, asked=asked)


@circulation.route("/desk/statements/<public_id>/recall", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def recall(public_id: str) -> ResponseReturnValue:
    """End the asking and work on the text again, after a look at what that means."""
    if request.method == "POST":
        broken = _broken(public_id)
        acting.recall(house.session(), house.now(), current_user.user.id, public_id)
        flash(_("Recalled. The statement is a draft again, and everybody who was asked is told."), "success")
        return redirect(url_for("circulation.prepare" if broken else "drafting.show", public_id=public_id), 303)
    statement = statement_by_public_id(house.session(), public_id)
    if statement.stage != Stage.LOCKED:  # a locked text is unlocked by it
        after(Stage(statement.stage), Move.RECALL)
    asked = looking.latest_circulation(house.session(), statement.id)
    told = shown_to(house.session(), asked.id) if asked else []
    page = {"statement": statement, "broken": _broken(public_id), "shown_to": len(told)}
    return render_template("circulation/recall.html", **page)


@circulation.route("/desk/statements/<public_id>/abandon", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def abandon(public_id: str) -> ResponseReturnValue:
    """Give the statement up for good, after a look at what that means."""
    if request.method == "POST":
        acting.abandon(house.session(), house.now(), current_user.user.id, public_id)
        flash(_("Abandoned. The statement stays here, and it will not be published."), "success")
        return redirect(url_for("drafting.show", public_id=public_id), 303)
    statement = statement_by_public_id(house.session(), public_id)
    after(Stage(statement.stage), Move.ABANDON)
    return render_template("circulation/abandon.html", statement=statement)


def living(public_id: str, move: Move) -> tuple[Statement, Circulation]:
    """The statement and its open circulation. Raises WrongStage where `move` cannot be made."""
    session = house.session()
    statement = statement_by_public_id(session, public_id)
    after(Stage(statement.stage), move)
    asked = looking.open_circulation(session, statement.id)
    if asked is None:
        raise NotFound
    return statement, asked


def _broken(public_id: str) -> bool:
    """Whether what circulates was to be adopted by a silence that was broken."""
    statement = statement_by_public_id(house.session(), public_id)
    asked = looking.open_circulation(house.session(), statement.id)
    return asked is not None and asked.rule.broken


def to_the_roll(public_id: str) -> ResponseReturnValue:
    """Where everything that amends a circulation leads."""
    return redirect(url_for("circulation.roll", public_id=public_id), 303)


def _as_it_is(asked: Circulation) -> TypedAsking:
    local = in_zone(asked.deadline_at, asked.deadline_zone)
    soft_day, soft_clock = _soft(asked)
    return TypedAsking(
        day=f"{local:%Y-%m-%d}",
        clock=f"{local:%H:%M}",
        zone=asked.deadline_zone,
        soft_day=soft_day,
        soft_clock=soft_clock,
    )


def _soft(asked: Circulation) -> tuple[str, str]:
    """Day and time of a soft deadline that is to come, as the form has them."""
    soft = asked.deadlines[0]
    if len(asked.deadlines) == 1 or soft <= house.now():
        return "", ""
    local = in_zone(soft, asked.deadline_zone)
    return f"{local:%Y-%m-%d}", f"{local:%H:%M}"


def _extend_page(
    statement: Statement,
    asked: Circulation,
    typed: TypedAsking,
    problems: dict[str, Message],
) -> ResponseReturnValue:
    shown = render_template(
        "circulation/extend.html",
        statement=statement,
        asked=asked,
        typed=typed,
        zones=zone_names(asked.deadline_zone),  # it may be an offset, typed at the command line
        errors={name: house.sentence(message) for name, message in problems.items()},
        move=None,
    )
    return shown, 400 if problems else 200
