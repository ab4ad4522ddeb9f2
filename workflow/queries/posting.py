"""Looking at a letter that is due: everything it needs to know, or why it is of no use any more."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow.links import Links, Purpose
from workflow.mail.letters import Addressee, Asking, Due, LetterView
from workflow.mail.outbox import Kind
from workflow.models.accounts import User
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.models.drafting import Statement
from workflow.models.posting import Letter
from workflow.models.quoting import QuoteAnswer
from workflow.models.signing import Answer
from workflow.queries import posting_after as after
from workflow.queries.circulation import roll, rule_of, seen_by_members, standings
from workflow.queries.log import newest_checkpoint
from workflow.queries.posting_after import LATER, WAITING, told_later, told_lead_later, waits, with_publication
from workflow.queries.posting_codes import with_code
from workflow.queries.posting_deadline import told_of_deadline
from workflow.queries.posting_given import given_of
from workflow.queries.posting_opening import of_applications, told_applicant
from workflow.queries.posting_people import PEOPLE, receipt_links, told_of_people
from workflow.queries.posting_press import told_journalist
from workflow.queries.posting_remarks import TOLD, has_list, told_of_remark
from workflow.queries.posting_reminders import Postponed, reminded
from workflow.queries.posting_roll import told_of_roll
from workflow.queries.signing import invitation_for_page
from workflow.rules.circulation import Outcome, Role, Visibility, sentence
from workflow.rules.quoting import QuoteWord
from workflow.rules.refusals import NotFound

# These ask for an answer: of no use once none can be given by this link.
ASKING = (
    *(Kind.APPROVAL, Kind.FRESH_LINK, Kind.NEW_TEXT, Kind.EDITORIAL),
    *(Kind.EXTENDED, Kind.NAME_DECIDED, Kind.CODE, Kind.REPLIED, Kind.DISPOSED, Kind.UNLOCKED),
    *(Kind.SILENCE_BROKEN, Kind.ROLL_CHANGED, Kind.OPENED, Kind.LATE_COUNTED),
)
# These bring a text, so they say whether there is a list of what became of the remarks.
WITH_LIST = (Kind.APPROVAL, Kind.NEW_TEXT, Kind.EDITORIAL)
RECEIPTS = (Kind.RECEIPT, Kind.QUOTE_RECEIPT)
# These are also for what is said once the text is final.
STILL = (Kind.CODE, Kind.FRESH_LINK)
PUBLIC = (Kind.PUBLISHED, Kind.NOTED, Kind.TAKEN_DOWN)
TOLD_BY = {**dict.fromkeys(TOLD, told_of_remark), **dict.fromkeys(PEOPLE, told_of_people)}


@dataclass(frozen=True)
class Unneeded:
    """A letter that is of no use any more, and why, in a word."""

    reason: str


@dataclass(frozen=True)
class _Desk:
    """What turns rows into addresses, and the instant of looking."""

    session: Session
    links: Links
    base_url: str
    now: datetime


def letter_view(
    session: Session, links: Links, base_url: str, now: datetime, letter_id: int
) -> LetterView | Unneeded | Postponed | None:
    """All that a waiting letter tells, with its link or code made now; None where it has met its end already."""
    letter = session.get(Letter, letter_id)
    if letter is None or letter.sent_at or letter.failed_at or letter.dropped_at:
        return None
    if letter.application_id is not None:
        told = told_applicant(session, links, base_url, now, letter)
        return Unneeded(told) if isinstance(told, str) else told
    if letter.preview_id is not None or letter.journalist_id is not None:
        person = lead_person(session, session.get_one(Statement, letter.statement_id), None)
        told = told_journalist(session, links, base_url, now, letter, person)
        return Unneeded(told) if isinstance(told, str) else told
    desk = _Desk(session, links, base_url, now)
    if letter.contact_id is not None:
        view = _to_contact(desk, letter)
        if isinstance(view, LetterView) and view.kind in (*RECEIPTS, Kind.LATER_RECEIPT):
            return replace(view, checkpoint=newest_checkpoint(session))
        return view
    return _to_user(desk, letter)


def lead_person(session: Session, statement: Statement, user_id: int | None) -> User | None:
    """Whom to write to at the lead: the user of that id, or the first one who is still there."""
    return session.scalar(
        select(User)
        .where(User.organisation_id == statement.lead_id, User.removed_at.is_(None))
        .order_by(User.id != user_id if user_id is not None else User.id, User.id)
        .limit(1)
    )


# To a member ------------------------------------------------------------------------------------


def _to_contact(desk: _Desk, letter: Letter) -> LetterView | Unneeded | Postponed:
    kind = Kind(letter.kind)
    invitation = invitation_for_page(desk.session, _id(letter.invitation_id))
    signatory, circulation = invitation.signatory, invitation.signatory.circulation
    reason = _useless(desk, kind, invitation, circulation)
    if reason:
        return Unneeded(reason)
    statement = circulation.statement
    person = lead_person(desk.session, statement, circulation.opened_by_id)
    view = LetterView(
        kind=kind,
        message_id=letter.message_id,
        to=_contact(invitation.contact),
        base_url=desk.base_url,
        lead=statement.lead.name,
        reply_to=person.mail if person else "",
        link=_link(desk, invitation),
        organisation=signatory.name,
    )
    return _told(desk, letter, view, invitation)


def _told(desk: _Desk, letter: Letter, view: LetterView, invitation: Invitation) -> LetterView | Unneeded | Postponed:
    """The view with what a letter of its kind tells a contact."""
    kind, signatory, circulation = view.kind, invitation.signatory, invitation.signatory.circulation
    if kind is Kind.REMINDER:
        of_all = reminded(desk.session, desk.now, letter, view, lambda one: _due(desk, one))
        return of_all or Unneeded("answered, or too late")
    if kind is Kind.CODE:
        coded = with_code(desk.session, desk.links, desk.now, letter, view, invitation)
        return Unneeded(coded) if isinstance(coded, str) else coded
    if kind in PUBLIC:
        public = with_publication(desk.session, desk.base_url, letter, view)
        return after.with_late_signing(public, view.link, invitation, desk.now) if kind is Kind.PUBLISHED else public
    if kind in LATER:
        return told_later(desk.session, letter, view, circulation)
    if kind in PEOPLE:
        view = told_of_people(desk.session, letter, view, desk.links, invitation)
    if kind in RECEIPTS:
        view = replace(receipt_links(desk.links, letter, view, invitation), given=given_of(desk.session, letter))
        return replace(view, silence=circulation.how_silence_stands)
    if kind is Kind.EDITORIAL:
        view = replace(view, until=datetime.fromisoformat(str(letter.facts["until"])))
    if kind in (Kind.DROPPED, Kind.ROLL_CHANGED, Kind.LATE_COUNTED):
        view = told_of_roll(desk.session, letter, view, circulation, signatory.id)
    if kind is Kind.EXTENDED:
        view = told_of_deadline(desk.session, letter, view, invitation)
    if kind in WITH_LIST:
        view = replace(view, listed=has_list(desk.session, circulation, signatory))
    if kind is Kind.NAME_DECIDED:
        view = _with_name(letter, view, signatory, circulation)
    return replace(view, asking=_asking(desk, circulation, signatory, to_lead=False)) if kind in ASKING else view


def _with_name(letter: Letter, view: LetterView, signatory: Signatory, circulation: Circulation) -> LetterView:
    accepted = bool(letter.facts.get("accepted"))
    listed = signatory.decided_name if accepted else signatory.name
    link = view.link if circulation.outcome is None else ""
    naming = signatory.naming(signatory.decided_name or "", signatory.decided_names)
    names = tuple((language, naming.public_in(language)) for language in signatory.decided_names or {})
    return replace(view, accepted=accepted, organisation=listed or signatory.name, names=names, link=link)


def _useless(desk: _Desk, kind: Kind, invitation: Invitation, circulation: Circulation) -> str:
    if invitation.contact.removed and kind not in (*RECEIPTS, Kind.DROPPED):
        return "contact removed"
    if kind in WAITING and not waits(circulation, circulation.statement.stage):
        return "published or open again"
    if kind not in ASKING:
        return ""
    if kind is Kind.NAME_DECIDED and circulation.outcome == Outcome.COMPLETE:
        return ""  # the decision was the last thing that was missing: that name is public now
    reasons = (
        ("asking ended", circulation.outcome not in ((None, Outcome.COMPLETE) if kind in STILL else (None,))),
        ("hours for objecting over", kind is Kind.EDITORIAL and circulation.objections_until is None),
        ("link revoked", invitation.revoked_at is not None),
        ("link expired", invitation.expires_at <= desk.now),
        ("handed on, or not accepted", invitation.handed_to_id is not None or invitation.waits_for_lead),
    )
    return next((reason for reason, holds in reasons if holds), "")


def _link(desk: _Desk, invitation: Invitation) -> str:
    token = desk.links.make(Purpose.APPROVAL, [invitation.id, invitation.generation])
    return f"{desk.base_url}/sign/{token}"


def _due(desk: _Desk, invitation: Invitation) -> Due:
    signatory, circulation = invitation.signatory, invitation.signatory.circulation
    asking = _asking(desk, circulation, signatory, to_lead=False)
    return Due(signatory.name, _link(desk, invitation), asking, invitation.created_at)


def _contact(contact: Contact) -> Addressee:
    return Addressee(contact.name, contact.mail, contact.language, contact.time_zone)


# To the lead ------------------------------------------------------------------------------------


def _to_user(desk: _Desk, letter: Letter) -> LetterView | Unneeded:
    kind = Kind(letter.kind)
    user = _still_there(desk, letter)
    if user is None:
        return Unneeded("user removed")
    view = LetterView(
        kind=kind,
        message_id=letter.message_id,
        to=Addressee(user.name, user.mail, user.language, user.time_zone),
        base_url=desk.base_url,
    )
    if kind is Kind.RESET:
        if user.reset_until is None or user.reset_until <= desk.now:
            return Unneeded("link expired")
        token = desk.links.make(Purpose.RESET, [user.id, user.generation])
        return replace(view, link=f"{desk.base_url}/reset/{token}", until=user.reset_until)
    statement = desk.session.scalar(
        select(Statement).where(Statement.id == letter.statement_id).options(joinedload(Statement.lead))
    )
    if statement is None:
        raise NotFound
    view = replace(
        view,
        lead=statement.lead.name,
        reply_to=user.mail,
        link=f"{desk.base_url}/desk/statements/{statement.public_id}",
    )
    return _with_subject(desk, letter, view)


def _still_there(desk: _Desk, letter: Letter) -> User | None:
    """The user whom a letter is to. What concerns a statement goes to a colleague where the user was removed."""
    user = desk.session.get(User, _id(letter.user_id))
    if user is None or user.removed_at is None or letter.statement_id is None:
        return user if user and user.removed_at is None else None
    return lead_person(desk.session, desk.session.get_one(Statement, letter.statement_id), None)


def _with_subject(desk: _Desk, letter: Letter, view: LetterView) -> LetterView | Unneeded:
    """The view with what the lead is told: of an answer, a comment, a deadline or the publication."""
    if view.kind in PUBLIC:
        return with_publication(desk.session, desk.base_url, letter, view)
    if view.kind in LATER:
        return told_lead_later(desk.session, letter, view) or Unneeded("published or open again")
    if view.kind in TOLD_BY:
        return TOLD_BY[view.kind](desk.session, letter, view)
    if view.kind in (Kind.ANSWERED, Kind.QUOTE_DECIDED):
        row = Answer if view.kind is Kind.ANSWERED else QuoteAnswer
        signatory = desk.session.scalars(
            select(Signatory)
            .join(row, row.signatory_id == Signatory.id)
            .where(row.id == letter.subject_id)
            .options(joinedload(Signatory.circulation))
        ).one()
        asking = _asking(desk, signatory.circulation, signatory)
        return replace(view, given=given_of(desk.session, letter), asking=asking)
    circulation = desk.session.get_one(Circulation, letter.subject_id)
    moved = view.kind is Kind.DEADLINE and circulation.deadline_at > desk.now
    if circulation.outcome is not None or moved:
        return Unneeded("deadline moved or asking ended")
    return replace(of_applications(letter, view), asking=_asking(desk, circulation, None))


# Both -------------------------------------------------------------------------------------------


def _asking(desk: _Desk, circulation: Circulation, signatory: Signatory | None, *, to_lead: bool = True) -> Asking:
    places = roll(desk.session, circulation.id)
    found = standings(circulation, places)
    if not to_lead:
        found = seen_by_members(places, found, signatory.id if signatory else 0)
    named = to_lead or circulation.visibility == Visibility.EVERYTHING
    placed = to_lead or circulation.visibility != Visibility.NOTHING
    return Asking(
        organisation=signatory.name if signatory else "",
        role=Role(signatory.role) if signatory else Role.REQUIRED,
        deadline_at=circulation.deadline_at,
        deadline_zone=circulation.deadline_zone,
        rule=rule_of(circulation, places),
        missing=sentence(circulation.rule, found, named=named, placed=placed),
        cover_note=circulation.cover_note,
        code_required=circulation.code_required,
        purpose=circulation.rule.purpose,
        silence=circulation.silence,
        broken=circulation.rule.broken,
        final=circulation.outcome is not None,
        soft_at=next((one for one in circulation.deadlines[:-1] if one > desk.now), None),
        quoted=bool(signatory and QuoteWord.WAITING in signatory.quotes.values()),
    )


def _id(value: int | None) -> int:
    if value is None:
        raise NotFound
    return value
