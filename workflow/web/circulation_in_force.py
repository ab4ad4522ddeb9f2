"""Putting another text in force: what changed, what becomes of the sign-offs, and what a small change would alter."""

from dataclasses import dataclass

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import in_force as acting
from workflow.models.circulation import Circulation
from workflow.queries import circulation as looking
from workflow.queries.commenting import remarks_count
from workflow.queries.drafting import latest_revision, revision
from workflow.queries.quoting import quote_lines, signatories_with_names
from workflow.rules.access import Permission
from workflow.rules.circulation import Purpose
from workflow.rules.lifecycle import Move
from workflow.rules.refusals import FormRefused, Message, NotFound, NothingChanged, QuoteWithoutOwner
from workflow.text.content import Content
from workflow.text.differences import changes_in
from workflow.text.editorial import remarkable_in, words_changed_in
from workflow.web import house
from workflow.web.circulation import circulation
from workflow.web.circulation_amending import living, to_the_roll
from workflow.web.gates import requires

AGAIN, EDITORIAL = "again", "editorial"


@dataclass(frozen=True)
class Typed:
    """The form as it came: nothing is chosen for the lead where there is a choice."""

    how: str = ""
    vouched: bool = False


@circulation.route("/desk/statements/<public_id>/in-force", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def put_in_force(public_id: str) -> ResponseReturnValue:
    """Put a revision in force after a look at what changed: everybody is asked again, or sign-offs are kept."""
    if request.method != "POST":
        return _page(public_id, _number(request.args.get("revision", "")), Typed(), {})
    number = _number(request.form.get("revision", ""))
    if not number:
        raise NotFound
    typed = Typed(request.form.get("how", ""), request.form.get("vouched") == "yes")
    if typed.how not in (AGAIN, EDITORIAL):
        return _page(public_id, number, typed, {"how": Message("editorial.undecided")})
    who = (house.session(), house.now(), current_user.user.id, public_id)
    editorial = typed.how == EDITORIAL
    try:
        acting.put_in_force(*who, number, editorial=editorial, vouched=typed.vouched)
    except NothingChanged:
        flash(_("Revision %(number)s is in force already; nothing was sent.", number=number), "message")
        return to_the_roll(public_id)
    except QuoteWithoutOwner as refused:
        return _page(public_id, number, typed, {"vouched": refused.message})
    except FormRefused as refused:
        return _page(public_id, number, typed, refused.problems)
    said = (
        _("Revision %(number)s is in force. Sign-offs are kept; everybody is shown the change.", number=number)
        if editorial
        else _("Revision %(number)s is in force, and everybody is asked again.", number=number)
    )
    flash(said, "success")
    return to_the_roll(public_id)


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 6 else 0


def _page(public_id: str, number: int, typed: Typed, problems: dict[str, Message]) -> ResponseReturnValue:
    session = house.session()
    statement, asked = living(public_id, Move.PUT_IN_FORCE)
    new = revision(session, statement.id, number) if number else latest_revision(session, statement.id)
    old, text = asked.revision.parsed, new.parsed
    places = looking.roll(session, asked.id)
    shown = render_template(
        "circulation/put_in_force.html",
        statement=statement,
        asked=asked,
        new=new,
        typed=typed,
        errors={name: house.sentence(message) for name, message in problems.items()},
        signed=sum(one.signed or one.may_object for one in looking.standings(asked, places)),
        changes=changes_in(old, text),
        several=len({*old.languages, *text.languages}) > 1,
        changed=words_changed_in(old, text),
        remarks=remarkable_in(old, text, names=[one.name for one in places], words_allowed=asked.editorial_words)
        if asked.editorial_hours
        else [],
        ownerless=_ownerless(asked, text),
        remarked=remarks_count(session, statement.id),
    )
    return shown, 400 if problems else 200


def _ownerless(asked: Circulation, content: Content) -> list[str]:
    """Whose quotes nobody on the roll could approve."""
    if asked.purpose != Purpose.SIGN_OFF or not content.quotes:
        return []
    lines = quote_lines(content, signatories_with_names(house.session(), asked.id))
    return [line.quote.organisation or line.quote.speaker for line in lines if line.owner_id is None]
