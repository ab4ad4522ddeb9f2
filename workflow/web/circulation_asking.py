"""Asking a roll to sign: choose it, look at the mail, check everything once more, circulate."""

from collections.abc import Sequence
from datetime import datetime

import nh3
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from workflow.actions import circulation as acting
from workflow.mail import letters
from workflow.queries import desk as looking
from workflow.queries.circulation import latest_circulation
from workflow.queries.press import chosen_count
from workflow.queries.reminding import Planned
from workflow.rules.access import Permission
from workflow.rules.amending import out_of_reach
from workflow.rules.circulation import Purpose, Role, Standing, sentence
from workflow.rules.completion import rule_with
from workflow.rules.lifecycle import Move
from workflow.rules.listing import AddresseeListed
from workflow.rules.refusals import FormRefused, Message, Refusal, TextMoved, WrongStage
from workflow.rules.reminding import over
from workflow.rules.stating import part_under, rule_sentence
from workflow.text.editions import check_content
from workflow.text.instants import zone_names
from workflow.text.nearly import pairs, same_as
from workflow.text.placeholders import refuse_counts
from workflow.web import house
from workflow.web.circulation import circulation
from workflow.web.circulation_clock import foreseen
from workflow.web.circulation_counts import text_with_counts
from workflow.web.circulation_form import (
    NOT_ASKED,
    USUAL_FORM,
    TypedAsking,
    asking_of,
    preset,
    quotes_without_owner,
    typed_asking,
)
from workflow.web.circulation_preparing import Preparing, preparing
from workflow.web.errors import status_of
from workflow.web.gates import requires

MAIL_TAGS = {"p", "br", "a", "strong", "em", "ul", "ol", "li", "h1", "h2", "hr", "blockquote", "small"}


@circulation.route("/desk/statements/<public_id>/circulate", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def prepare(public_id: str) -> ResponseReturnValue:
    """The form: roll, rule, deadline, cover note, code. A POST is the way back to it, with all that was typed."""
    found = preparing(public_id)
    typed = typed_asking(found.members)
    if not typed.day and not typed.revision:
        typed = _preset(found)
    return _form_page(found, typed)


@circulation.get("/desk/statements/<public_id>/ask-to-sign")
@requires(Permission.CIRCULATE)
def ask_to_sign(public_id: str) -> ResponseReturnValue:
    """From comments to sign-off: everything as it was, ready to go out by one button, or to be changed first."""
    found = preparing(public_id)
    if found.comments is None:
        raise WrongStage(stage=found.statement.stage, move=Move.ASK_TO_SIGN.value)
    typed = _preset(found)
    try:
        asking = _checked(found, typed)
    except FormRefused as refused:
        return _form_page(found, typed, refused.problems)
    return _check_page(found, typed, asking)


@circulation.post("/desk/statements/<public_id>/circulate/mail")
@requires(Permission.CIRCULATE)
def mail_preview(public_id: str) -> ResponseReturnValue:
    """The letter as it will be sent, for the first contact of the roll, with a link that opens nothing."""
    found = preparing(public_id)
    typed = typed_asking(found.members)
    try:
        asking = asking_of(typed, found.members, found.statement.lead_id, house.now(), found.quotes)
    except FormRefused as refused:
        return _form_page(found, typed, refused.problems, 400)
    return render_template("circulation/mail_preview.html", found=found, typed=typed, letter=_letter(found, asking))


@circulation.post("/desk/statements/<public_id>/circulate/check")
@requires(Permission.CIRCULATE)
def check(public_id: str) -> ResponseReturnValue:
    """Everything once more before the letters go out. Nothing is changed yet."""
    found = preparing(public_id)
    typed = typed_asking(found.members)
    try:
        asking = _checked(found, typed)
    except FormRefused as refused:
        return _form_page(found, typed, refused.problems, 400)
    return _check_page(found, typed, asking)


@circulation.post("/desk/statements/<public_id>/circulate/send")
@requires(Permission.CIRCULATE)
def circulate(public_id: str) -> ResponseReturnValue:
    """Circulate, and go to the roll. What is refused comes back with everything that was typed."""
    try:
        found = preparing(public_id)
    except WrongStage:
        if not _went_out(public_id):
            raise
        flash(_("It went out already. Nothing was sent a second time."), "message")
        return redirect(url_for("circulation.roll", public_id=public_id), 303)
    typed = typed_asking(found.members)
    try:
        asking = _checked(found, typed)
        ask = acting.circulate if found.comments is None else acting.ask_to_sign
        ask(house.session(), house.now(), current_user.user.id, public_id, asking)
    except FormRefused as refused:
        return _form_page(found, typed, refused.problems, 400)
    except TextMoved:
        return _check_page(preparing(public_id), typed, asking, moved=True)
    except Refusal as refused:
        return _form_page(preparing(public_id), typed, {"": refused.message}, status_of(refused))
    flash(_("Circulated. Every contact gets a mail with a link of their own."), "success")
    return redirect(url_for("circulation.roll", public_id=public_id), 303)


def _went_out(public_id: str) -> bool:
    """Whether what this form asks is being asked: the button was pressed twice."""
    statement = looking.statement_by_public_id(house.session(), public_id)
    asked = latest_circulation(house.session(), statement.id)
    note = " ".join(request.form.get("cover_note", "").split())
    return asked is not None and asked.outcome is None and note == " ".join(asked.cover_note.split())


def _preset(found: Preparing) -> TypedAsking:
    return preset(found, current_user.user, house.now())


def _checked(found: Preparing, typed: TypedAsking) -> acting.Asking:
    """The asking, where the text can be circulated too. Raises FormRefused with every problem."""
    problems: dict[str, Message] = {}
    try:
        check_content(found.text.parsed, complete=True)
    except FormRefused as refused:
        problems = {f"text-{name}": _lacking(name, why) for name, why in refused.problems.items()}
    problems |= _addressed(found, typed)
    if typed.rule.purpose == "silence":
        try:
            refuse_counts(found.text.parsed)
        except FormRefused as refused:
            problems |= refused.problems
    try:
        asking = asking_of(typed, found.members, found.statement.lead_id, house.now(), found.quotes)
    except FormRefused as refused:
        raise FormRefused({**problems, **refused.problems}) from None
    if problems:
        raise FormRefused(problems)
    return asking


def _addressed(found: Preparing, typed: TypedAsking) -> dict[str, Message]:
    """Who the text is addressed or copied to cannot be asked to sign it; for comments anybody can be asked."""
    if typed.rule.purpose == Purpose.COMMENT:
        return {}
    edition = found.text.parsed.authoritative
    reading = (NOT_ASKED, Role.OBSERVER)
    signing = [one.listed_name for one in found.members if typed.roles[one.organisation_id] not in reading]
    names = same_as(signing, [*edition.addressees, *edition.cc])
    return {"roll": AddresseeListed(names=names).message} if names else {}


def _lacking(name: str, why: Message) -> Message:
    return Message("text-incomplete", {"what": name}) if why.id == "missing" else why


def _form_page(
    found: Preparing, typed: TypedAsking, problems: dict[str, Message] | None = None, code: int = 200
) -> ResponseReturnValue:
    shown = render_template(
        "circulation/prepare.html",
        found=found,
        typed=typed,
        usual=USUAL_FORM,
        lead_id=found.statement.lead_id,
        zones=zone_names(typed.zone),
        mailed=found.everybody_mailed(house.now()),
        alike=pairs(one.listed_name for one in found.members),
        ownerless=quotes_without_owner(typed, found.members, found.quotes),
        errors={name: house.sentence(message) for name, message in (problems or {}).items()},
    )
    return shown, code


def _check_page(
    found: Preparing, typed: TypedAsking, asking: acting.Asking, *, moved: bool = False
) -> ResponseReturnValue:
    names = {one.organisation_id: one for one in found.members}
    now = house.now()
    parts = [(id_, part_under(asking.rule, role)) for id_, role in asking.roll]
    shown = render_template(
        "circulation/check.html",
        found=found,
        # What is sent now is what this page shows: the newest text.
        fields={**typed.fields(), "revision": str(found.text.number)},
        asking=asking,
        alike=pairs(names[id_].listed_name for id_, _role in asking.roll),
        asked=[(names[id_].listed_name, part.value, found.mailed(names[id_], now)) for id_, part in parts],
        not_asked=[names[id_].listed_name for id_, role in typed.roles.items() if role == NOT_ASKED],
        rule=_rule(asking),
        short=out_of_reach(asking.rule, [role for _, role in asking.roll]),
        ownerless=quotes_without_owner(typed, found.members, found.quotes),
        letter=_letter(found, asking),
        **text_with_counts(found, asking),
        foreseen=_foreseen(found, asking),
        over=over(asking.reminders, _deadlines(asking), now),
        moved=moved or typed.revision not in (0, found.text.number),
        press_count=chosen_count(house.session(), found.statement.id),
    )
    return shown, 409 if moved else 200


def _foreseen(found: Preparing, asking: acting.Asking) -> list[Planned]:
    mailed = found.everybody_mailed(house.now())
    zones = [one.time_zone for id_, _role in asking.roll for one in mailed[id_].first]
    return foreseen(asking.reminders, house.now(), _deadlines(asking), zones)


def _deadlines(asking: acting.Asking) -> list[datetime]:
    return [one for one in (asking.soft_deadline_at, asking.deadline_at) if one]


def _rule(asking: acting.Asking) -> Message:
    rule = rule_sentence(asking.rule, [role for _, role in asking.roll])
    return rule if asking.rule.purpose is Purpose.COMMENT else rule_with(rule, asking.ending)


def _letter(found: Preparing, asking: acting.Asking) -> dict[str, object] | None:
    """The letter to the first contact who will get one: to whom, subject, text and safe HTML."""
    names = {one.organisation_id: one.listed_name for one in found.members}
    mailed = found.everybody_mailed(house.now())
    to_ask = [(id_, part_under(asking.rule, role), one) for id_, role in asking.roll for one in mailed[id_].first]
    if not to_ask:
        return None
    organisation_id, role, contact = to_ask[0]
    standing = [Standing(names[id_], role) for id_, role in asking.roll]
    facts = letters.ApprovalFacts(
        to=letters.Addressee(contact.name, contact.mail, contact.language, contact.time_zone),
        lead=found.statement.lead.name,
        asking=_asked(names[organisation_id], role, asking, standing),
    )
    rendered = letters.preview(facts, house.settings().base_url)
    # A whole page is rendered for the mail; here its words stand inside another page.
    html = Markup(nh3.clean(rendered.html, tags=MAIL_TAGS, clean_content_tags={"title", "style"}))  # noqa: S704
    language = letters.spoken(contact.language)
    return {
        "to": contact,
        "subject": rendered.subject,
        "text": rendered.text,
        "html": html,
        "language": language,
        "direction": house.direction(language),
    }


def _asked(organisation: str, role: Role, asking: acting.Asking, standing: Sequence[Standing]) -> letters.Asking:
    return letters.Asking(
        organisation=organisation,
        role=role,
        deadline_at=asking.deadline_at,
        deadline_zone=asking.deadline_zone,
        rule=_rule(asking),
        missing=sentence(asking.rule, standing),
        cover_note=asking.cover_note,
        code_required=asking.code_required,
        purpose=asking.rule.purpose,
        silence=asking.rule.silence,
        soft_at=asking.soft_deadline_at,
    )
