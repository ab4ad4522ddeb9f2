"""Circulating: asking a roll, leading comments on to sign-off, and ending the asking. Each is one transaction."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.actions.closing import ask_quotes, refuse_addressed, unlock
from workflow.actions.publishing import tell_applicants
from workflow.db import transaction
from workflow.mail import outbox
from workflow.mail.reminders import await_reminders
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Revision, Statement
from workflow.queries import circulation as looking
from workflow.queries.coalition import Membership, memberships
from workflow.queries.completion import complete_circulation, told
from workflow.queries.drafting import latest_revision, take_statement
from workflow.queries.naming import registered_names
from workflow.rules.circulation import ALL_REQUIRED, Outcome, Purpose, Role, Rule, Visibility, check_rule
from workflow.rules.completion import AT_ONCE, Completion, Ending, check_ending
from workflow.rules.deadlines import check_soft
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.people import USUAL_PEOPLE, People, check_contacts, half_way
from workflow.rules.refusals import DeadlinePassed, NotFound, TextMoved, WrongStage
from workflow.rules.reminding import NO_REMINDERS, Reminders
from workflow.rules.stating import part_under
from workflow.text.editions import check_content
from workflow.text.instants import iso
from workflow.text.placeholders import refuse_counts

ENDING = {
    Outcome.RECALLED: outbox.Kind.RECALLED,
    Outcome.ABANDONED: outbox.Kind.ABANDONED,
    Outcome.CONCLUDED: outbox.Kind.CONCLUDED,
}


@dataclass(frozen=True)
class Asking:
    """What the lead asks: whom, in which part, under which rule, by when, with which words.

    `revision` is the number of the text that was shown to the lead, or 0 for whatever is the newest. `visibility` is
    what members see of each other. `vouched`: the lead says that quotes which nobody on the roll can approve are
    approved by those who spoke them. `by_open_page`: more can join, so that the rule may ask for more sign-offs than
    there are on the roll. `ending` is what happens once the rule is met, `people` who may answer instead.
    Nothing ends at the soft deadline.
    """

    roll: Sequence[tuple[int, Role]]
    deadline_at: datetime
    deadline_zone: str
    cover_note: str = ""
    code_required: bool = True
    rule: Rule = ALL_REQUIRED
    visibility: Visibility = Visibility.EVERYTHING
    vouched: bool = False
    by_open_page: bool = False
    revision: int = 0
    ending: Ending = AT_ONCE
    reminders: Reminders = NO_REMINDERS
    soft_deadline_at: datetime | None = None
    people: People = USUAL_PEOPLE


def circulate(session: Session, now: datetime, user_id: int, public_id: str, asking: Asking) -> Circulation:
    """Ask the roll about the newest revision, for comment or for sign-off; every contact gets a link of their own."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        after(Stage(statement.stage), Move.CIRCULATE)
        asked, text = _checked(session, now, statement, asking)
        statement.move(Move.CIRCULATE)
        return _open(session, now, user_id, statement, asking, asked, text)


def ask_to_sign(session: Session, now: datetime, user_id: int, public_id: str, asking: Asking) -> Circulation:
    """End the circulation for comment and open one for sign-off in the same moment. What was said so far is history."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        comments = looking.open_for(session, statement, Move.ASK_TO_SIGN)
        if comments.purpose != Purpose.COMMENT or asking.rule.purpose is not Purpose.SIGN_OFF:
            raise WrongStage(stage=statement.stage, move=Move.ASK_TO_SIGN.value)
        asked, text = _checked(session, now, statement, asking)
        statement.move(Move.ASK_TO_SIGN)
        comments.end(Outcome.CONCLUDED, now)
        statement.record(Outcome.CONCLUDED.value, now, {"circulation": comments.number})
        session.flush()  # the database knows of one open circulation at most
        return _open(session, now, user_id, statement, asking, asked, text)


def _checked(
    session: Session, now: datetime, statement: Statement, asking: Asking
) -> tuple[list[tuple[Membership, Role]], Revision]:
    """Who is asked about which text, where all of it can be asked."""
    asked = _asked_members(session, statement, asking)
    if asking.deadline_at <= now:
        raise DeadlinePassed
    check_soft(asking.soft_deadline_at, asking.deadline_at, now)
    check_ending(asking.ending, now)
    text = latest_revision(session, statement.id)
    if asking.revision not in (0, text.number):
        raise TextMoved(shown=str(asking.revision), current=str(text.number))
    check_content(text.parsed, complete=True)
    if asking.rule.silence:
        refuse_counts(text.parsed)
    return [(one, part_under(asking.rule, role)) for one, role in asked], text


def _open(
    session: Session,
    now: datetime,
    user_id: int,
    statement: Statement,
    asking: Asking,
    asked: Sequence[tuple[Membership, Role]],
    text: Revision,
) -> Circulation:
    previous = looking.latest_circulation(session, statement.id)
    circulation = Circulation(
        statement_id=statement.id,
        number=previous.number + 1 if previous else 1,
        purpose=asking.rule.purpose.value,
        revision=text,
        at_least=asking.rule.at_least,
        objections_hold=asking.rule.objections_hold,
        editorial_hours=asking.rule.editorial_hours,
        editorial_words=asking.rule.editorial_words,
        others=asking.rule.others,
        hold_open=asking.rule.hold_open,
        silence=asking.rule.silence,
        visibility=asking.visibility.value,
        code_required=asking.code_required,
        deadline_at=asking.deadline_at,
        deadline_zone=asking.deadline_zone,
        cover_note=asking.cover_note,
        opened_at=now,
        opened_by_id=user_id,
        **_ending(asking.ending),
        **asdict(asking.people),
    )
    circulation.set_clock(asking.soft_deadline_at, asking.reminders, now)
    invitations = _set_roll(session, circulation, asked, now)
    signs = asking.rule.purpose is Purpose.SIGN_OFF
    refuse_addressed(session, circulation)
    ownerless = ask_quotes(session, circulation, vouched=asking.vouched) if signs else []
    _note_circulated(statement, circulation, asked, ownerless, asking.people, now)
    outbox.await_instant(session, outbox.DEADLINE, circulation.id, circulation.deadline_at)
    await_reminders(session, now, circulation)
    if any(member.alternates for member, _ in asked):
        outbox.await_instant(session, outbox.ALTERNATES, circulation.id, half_way(now, circulation.deadline_at))
    outbox.put_to(session, now, statement, invitations, outbox.Kind.APPROVAL)
    return circulation


def _ending(ending: Ending) -> dict[str, Any]:
    """The columns of a circulation that say what happens once its rule is met."""
    embargo = ending.embargo_at if ending.how is Completion.EMBARGO else None
    return {
        "completion": ending.how.value,
        "embargo_at": embargo,
        "embargo_zone": str(embargo.tzinfo) if embargo else "UTC",
        "hold_minutes": ending.hold_minutes if ending.how is Completion.HOLD else 0,
        "validity_days": ending.validity_days,
        "withheld_allowed": ending.withheld_allowed,
        "late_until": ending.late_until,
    }


def _asked_members(session: Session, statement: Statement, asking: Asking) -> list[tuple[Membership, Role]]:
    members = {one.organisation_id: one for one in memberships(session, statement.coalition_id)}
    check_rule(asking.rule, [role for _, role in asking.roll], joinable=asking.by_open_page)
    try:
        asked = [(members[organisation_id], role) for organisation_id, role in asking.roll]
    except KeyError:
        raise NotFound from None
    # The lead itself signs at the desk and needs nobody to be written to.
    check_contacts(
        (one.listed_name, len(one.contact_ids)) for one, _ in asked if one.organisation_id != statement.lead_id
    )
    return asked


def _set_roll(
    session: Session, circulation: Circulation, asked: Sequence[tuple[Membership, Role]], now: datetime
) -> list[Invitation]:
    # Who asked not to be named in an earlier circulation is not named in this one either, until it says otherwise.
    unnamed = set(session.scalars(looking.withheld_organisations(circulation.statement_id)))
    session.add(circulation)
    names = registered_names(session, [member.organisation_id for member, _ in asked])
    signatories = [
        Signatory(
            circulation=circulation,
            **member.as_signatory(),
            role=role.value,
            withheld=member.organisation_id in unnamed,
            names=names.get(member.organisation_id, {}),
        )
        for member, role in asked
    ]
    session.add_all(signatories)
    session.flush()
    invitations = [
        Invitation(
            signatory_id=signatory.id,
            contact_id=contact_id,
            expires_at=circulation.links_until(now),
            created_at=now,
        )
        for signatory, (member, _) in zip(signatories, asked, strict=True)
        for contact_id in member.asked_first(now)
    ]
    session.add_all(invitations)
    session.flush()
    return invitations


def _note_circulated(
    statement: Statement,
    circulation: Circulation,
    asked: Sequence[tuple[Membership, Role]],
    ownerless: Sequence[str],
    people: People,
    now: datetime,
) -> None:
    roll = [statement.disclose({"organisation": member.listed_name, "role": role.value}) for member, role in asked]
    facts: dict[str, object] = {
        "circulation": circulation.number,
        "purpose": circulation.purpose,
        "revision": circulation.revision.number,
        "digest": circulation.revision.digest,
        "at_least": circulation.at_least,
        "objections_hold": circulation.objections_hold,
        "others": circulation.others,
        "hold_open": circulation.hold_open,
        "silence": circulation.silence,
        "editorial": {"hours": circulation.editorial_hours, "words": circulation.editorial_words},
        "code": circulation.code_required,
        "deadline": iso(circulation.deadline_at),
        **({"soft_deadline": iso(circulation.soft_deadline_at)} if circulation.soft_deadline_at else {}),
        "completion": told(circulation.ending),
        "roll": sorted(roll),
        "vouched": list(ownerless),
        "people": asdict(people),
    }
    statement.record("circulated", now, facts)


def recall(session: Session, now: datetime, user_id: int, public_id: str) -> None:
    """End the asking; the statement is a draft again, the answers are history, the links explain themselves.

    A locked text that is not public yet can be recalled too.
    """
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        if statement.stage == Stage.LOCKED:
            unlock(session, statement, complete_circulation(session, statement.id), now)
        circulation = looking.open_for(session, statement, Move.RECALL)
        _end(session, statement, circulation, Outcome.RECALLED, Move.RECALL, now)


def conclude(session: Session, now: datetime, user_id: int, public_id: str) -> None:
    """End a circulation for comment that did its work; the statement is a draft to be worked on."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = looking.open_for(session, statement, Move.CONCLUDE)
        if circulation.purpose != Purpose.COMMENT:
            raise WrongStage(stage=statement.stage, move=Move.CONCLUDE.value)
        _end(session, statement, circulation, Outcome.CONCLUDED, Move.CONCLUDE, now)


def abandon(session: Session, now: datetime, user_id: int, public_id: str) -> None:
    """Give the statement up. Where it was circulating, everybody who was asked is told."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        after(Stage(statement.stage), Move.ABANDON)
        circulation = looking.open_circulation(session, statement.id)
        if circulation is None:
            statement.move(Move.ABANDON)
            statement.record("abandoned", now, {})
        else:
            _end(session, statement, circulation, Outcome.ABANDONED, Move.ABANDON, now)


def _end(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    outcome: Outcome,
    move: Move,
    now: datetime,
) -> None:
    statement.move(move)
    circulation.end(outcome.value, now)
    statement.record(outcome.value, now, {"circulation": circulation.number})
    invitations = looking.writable_invitations(session, circulation.id)
    outbox.put_to(session, now, statement, invitations, ENDING[outcome])
    tell_applicants(session, statement, circulation, "ended", now)
