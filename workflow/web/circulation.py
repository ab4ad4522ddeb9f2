"""Watching a circulation: who got the letter, who said what, what is missing; and the lead's own signature."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import signing as acting
from workflow.models.circulation import Circulation, Signatory
from workflow.queries.desk import statement_by_public_id
from workflow.queries.desk_roll import roll_page
from workflow.queries.listing import frozen_counts, said_of
from workflow.queries.people import withheld_before
from workflow.queries.quoting import own_quotes
from workflow.queries.signing import current_answer, desk_signatory, revision_by_digest
from workflow.rules.access import Permission
from workflow.rules.circulation import Kind, Outcome, Role
from workflow.rules.refusals import FormRefused, Message, NotFound, ObserversDoNotSign, TextMoved
from workflow.rules.signing import Offered
from workflow.text.differences import changes_in
from workflow.text.nearly import pairs
from workflow.text.placeholders import filled
from workflow.web import house
from workflow.web.gates import requires
from workflow.web.reading import statement_view
from workflow.web.signing_form import Typed, offer, said_of_quotes, typed_answer

circulation = Blueprint("circulation", __name__)


@circulation.get("/desk/statements/<public_id>/roll")
@requires(Permission.SEE_STATEMENT)
def roll(public_id: str) -> ResponseReturnValue:
    """The roll of the newest circulation, open or ended."""
    page = roll_page(house.session(), public_id)
    edition = page.circulation.revision.parsed.authoritative
    if page.circulation.outcome == Outcome.COMPLETE:
        edition = filled(edition, frozen_counts(house.session(), page.statement, page.circulation))
    alike = pairs(line.place.public_name for line in page.lines)
    found = {"plan": page.plan(house.now()), "passed": page.passed(house.now())}
    return render_template("circulation/roll.html", page=page, edition=edition, alike=alike, **found)


@circulation.route("/desk/statements/<public_id>/sign", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def sign(public_id: str) -> ResponseReturnValue:
    """The lead organisation's own answer; the digest in the form says to which text it is given."""
    signatory, asked = _own_place(public_id)
    if request.method != "POST":
        return _sign_page(public_id, signatory, asked, _blank(signatory, asked))
    typed = typed_answer()
    try:
        offered = offer(typed)
        if _breaks(asked, offered):
            return _sign_page(public_id, signatory, asked, typed, breaks=True)
        acting.answer_at_desk(house.session(), house.now(), current_user.user.id, public_id, offered)
    except FormRefused as refused:
        return _sign_page(public_id, signatory, asked, typed, problems=refused.problems, code=400)
    except TextMoved:
        return _moved_page(public_id, typed)
    flash(_("Your organisation's answer is recorded."), "success")
    return redirect(url_for("drafting.show", public_id=public_id), 303)


def _breaks(asked: Circulation, offered: Offered) -> bool:
    """Whether it would break the silence, and the lead has not been told so yet."""
    in_time = asked.silence_lasts and house.now() <= asked.deadline_at
    return in_time and offered.kind is Kind.OBJECTION and "breaks" not in request.form


def _own_place(public_id: str) -> tuple[Signatory, Circulation]:
    """Raises NotFound where nothing circulates or the lead is not asked, ObserversDoNotSign for an observer."""
    session = house.session()
    statement = statement_by_public_id(session, public_id)
    found = desk_signatory(session, statement.id, statement.lead_id)
    if found is None:
        raise NotFound
    if found[0].part is Role.OBSERVER:
        raise ObserversDoNotSign
    return found


def _blank(signatory: Signatory, asked: Circulation) -> Typed:
    before = current_answer(house.session(), signatory)
    quotes = own_quotes(house.session(), signatory, asked.revision.parsed)
    _manner, listed = said_of(house.session(), asked.statement_id, signatory.organisation_id)
    return Typed(
        quotes=said_of_quotes(quotes),
        digest=asked.revision.digest,
        listed_name=(before.listed_name if before else "") or signatory.name,
        withheld=asked.withheld_allowed
        and withheld_before(house.session(), asked.statement_id, signatory.organisation_id),
        person_named=bool(before and before.person_named),
        without_logo=bool(before and before.kind == Kind.SIGN_OFF and before.logo != listed.logo),
        person_name=current_user.user.name,
        person_role=before.person_role if before else "",
    )


def _moved_page(public_id: str, typed: Typed) -> ResponseReturnValue:
    """Another text came into force while the form was open: what changed, and the form as it was typed."""
    signatory, asked = _own_place(public_id)
    shown = revision_by_digest(house.session(), asked.statement_id, typed.digest)
    new = asked.revision.parsed
    changes = changes_in(shown.parsed, new) if shown else None
    quotes = own_quotes(house.session(), signatory, new)
    rebound = typed.rebound(asked.revision.digest).requoted(shown.parsed.quotes if shown else (), quotes)
    return _sign_page(public_id, signatory, asked, rebound, moved=True, changes=changes, code=409)


def _sign_page(
    public_id: str,
    signatory: Signatory,
    asked: Circulation,
    typed: Typed,
    *,
    problems: dict[str, Message] | None = None,
    moved: bool = False,
    changes: object = None,
    breaks: bool = False,
    code: int = 200,
) -> ResponseReturnValue:
    content = asked.revision.parsed
    edition = content.in_language(request.args.get("edition", ""))
    manner, listed = said_of(house.session(), asked.statement_id, signatory.organisation_id)
    shown = render_template(
        "circulation/sign.html",
        public_id=public_id,
        signatory=signatory,
        asked=asked,
        typed=typed,
        answer=current_answer(house.session(), signatory),
        errors={name: house.sentence(message) for name, message in (problems or {}).items()},
        moved=moved,
        changes=changes,
        breaks=breaks,
        edition=edition,
        content=content,
        direction=house.direction(edition.language),
        view=statement_view(edition),
        manner=manner,
        listed=listed,
        page={"quotes": own_quotes(house.session(), signatory, content)},
    )
    return shown, code


# The same chapter, further views: they stand on the blueprint above.
from workflow.web import (  # noqa: E402
    circulation_amending,  # noqa: F401
    circulation_asking,  # noqa: F401
    circulation_files,  # noqa: F401
    circulation_in_force,  # noqa: F401
    circulation_opening,  # noqa: F401
    circulation_people,  # noqa: F401
    circulation_recording,  # noqa: F401
    circulation_reminders,  # noqa: F401
    circulation_roll,  # noqa: F401
)
