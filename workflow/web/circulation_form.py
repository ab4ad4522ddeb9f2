"""The form of a circulation: from what was typed to an asking, and back, so that nothing typed is ever lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import request

from workflow.actions.circulation import Asking
from workflow.models.accounts import User
from workflow.queries.coalition import Membership
from workflow.rules.circulation import Purpose, Role, Rule, check_rule
from workflow.rules.completion import AT_ONCE
from workflow.rules.people import MOST_WORD_HOURS, USUAL_WORD_HOURS, People, check_contacts
from workflow.rules.quoting import owners
from workflow.rules.refusals import (
    DeadlinePassed,
    EmptyRule,
    FormRefused,
    InputRefused,
    Message,
    NoContact,
    QuoteWithoutOwner,
    RuleOutOfReach,
)
from workflow.rules.reminding import USUAL
from workflow.text.checking import clean_text
from workflow.text.content import Quote
from workflow.text.instants import in_zone, instant_from_parts
from workflow.web.circulation_clock import (
    TypedReminders,
    by_working_days,
    place_of,
    soft_deadline,
    typed_reminders,
    working_days_problem,
)
from workflow.web.circulation_completion import TypedEnding, typed_ending
from workflow.web.circulation_preparing import Preparing
from workflow.web.circulation_rule import TypedRule, number_within, typed_rule

NOT_ASKED = "none"
COVER_NOTE_LIMIT = 5000
USUAL_DAYS = 2
USUAL_HOUR = "18:00"


@dataclass(frozen=True)
class TypedAsking:
    """The form as it came. `roles` is by organisation; `revision` the number of the text that was shown.

    `working_days` is empty once a day was found for it. `vouched`: quotes that nobody on the roll can approve are said
    to be approved by who spoke them.
    """

    roles: Mapping[int, str] = field(default_factory=dict)
    rule: TypedRule = field(default_factory=TypedRule)
    vouched: bool = False
    by_open_page: bool = False
    day: str = ""
    clock: str = ""
    zone: str = ""
    working_days: str = ""
    soft_day: str = ""
    soft_clock: str = ""
    cover_note: str = ""
    code: bool = True
    domains: bool = True
    word_hours: str = str(USUAL_WORD_HOURS)
    revision: int = 0
    ending: TypedEnding = field(default_factory=TypedEnding)
    reminders: TypedReminders = field(default_factory=TypedReminders)

    def fields(self) -> dict[str, str]:
        """The same as the names and values of hidden fields."""
        return {
            **{f"role-{organisation_id}": role for organisation_id, role in self.roles.items()},
            **self.rule.fields(),
            **self.ending.fields(),
            **self.reminders.fields(),
            "vouched": "yes" if self.vouched else "",
            "by_open_page": "yes" if self.by_open_page else "",
            "deadline_day": self.day,
            "deadline_clock": self.clock,
            "deadline_zone": self.zone,
            "soft_day": self.soft_day,
            "soft_clock": self.soft_clock,
            "cover_note": self.cover_note,
            "code": "yes" if self.code else "",
            "domains": "yes" if self.domains else "",
            "word_hours": self.word_hours,
            "revision": str(self.revision),
        }


# What the form has where nobody has chosen anything else: what differs from it is not folded away.
USUAL_FORM = TypedAsking(reminders=TypedReminders.of(USUAL))


def preset(found: Preparing, user: User, now: datetime) -> TypedAsking:
    """The form to begin with: each member in its usual role or that of the last circulation, two days to answer.

    After a circulation for comment that this leads on from, those are asked who were asked then. After a silence
    procedure, in which nobody had to sign, the usual roles are what is meant. When the text is published is taken over
    from the last circulation for sign-off, also where that instant has passed: nobody forgets an embargo by a recall.
    """
    comments, last = found.comments, found.signed_before
    meant = comments or (last if last and last.ending != AT_ONCE else None)
    zone = meant.deadline_zone if meant else user.time_zone
    before = {
        place.organisation_id: place.role
        for place in found.previous
        if not found.after_silence or place.role == Role.OBSERVER
    }
    if comments is not None:
        before = {**dict.fromkeys((one.organisation_id for one in found.members), NOT_ASKED), **before}
    day = in_zone(now, user.time_zone).date() + timedelta(days=USUAL_DAYS)
    return TypedAsking(
        roles={one.organisation_id: before.get(one.organisation_id, one.default_role) for one in found.members},
        day=day.isoformat(),
        clock=USUAL_HOUR,
        zone=zone,
        code=comments.code_required if comments else True,
        rule=TypedRule(visibility=comments.visibility) if comments else TypedRule(),
        revision=found.text.number,
        ending=TypedEnding.of(last.ending, zone) if last else TypedEnding(),
        reminders=TypedReminders.of(USUAL),
    )


def typed_asking(members: Sequence[Membership]) -> TypedAsking:
    """The form of this request."""
    form = request.form
    roles = set(Role)
    typed = {one.organisation_id: form.get(f"role-{one.organisation_id}", NOT_ASKED) for one in members}
    revision = form.get("revision", "")
    typed_days = form.get("working_days", "")
    clock: dict[str, str] = by_working_days(typed_days) or {
        "day": form.get("deadline_day", ""),
        "clock": form.get("deadline_clock", ""),
        "zone": form.get("deadline_zone", ""),
        "working_days": typed_days,
    }
    return TypedAsking(
        roles={id_: role if role in roles else NOT_ASKED for id_, role in typed.items()},
        rule=typed_rule(),
        ending=typed_ending(),
        reminders=typed_reminders(),
        vouched=form.get("vouched") == "yes",
        by_open_page=form.get("by_open_page") == "yes",
        day=clock["day"],
        clock=clock["clock"],
        zone=clock["zone"],
        working_days=clock["working_days"],
        soft_day=form.get("soft_day", ""),
        soft_clock=form.get("soft_clock", ""),
        cover_note=form.get("cover_note", ""),
        code=form.get("code") == "yes",
        domains=form.get("domains") == "yes",
        word_hours=form.get("word_hours", str(USUAL_WORD_HOURS)),
        revision=int(revision) if revision.isascii() and revision.isdigit() and len(revision) <= 6 else 0,
    )


def asking_of(
    typed: TypedAsking, members: Sequence[Membership], lead_id: int, now: datetime, quotes: Sequence[Quote] = ()
) -> Asking:
    """What was typed as an asking that can be made. Raises FormRefused with every problem at once."""
    problems: dict[str, Message] = {}
    deadline_at, zone = _deadline(typed, now, problems)
    soft = soft_deadline(typed.soft_day, typed.soft_clock, zone, deadline_at, now, problems)
    rule = typed.rule.rule(problems)
    for_comment = rule.purpose is Purpose.COMMENT
    hours = number_within("word_hours", typed.word_hours, MOST_WORD_HOURS, problems)
    people = People(domains_asked=typed.domains, word_hours=hours)
    ending = AT_ONCE if for_comment else typed.ending.ending(zone, now, problems)
    reminders = typed.reminders.reminders(problems)
    note = ""
    try:
        note = clean_text(typed.cover_note, field="cover_note", limit=COVER_NOTE_LIMIT)
    except InputRefused as refused:
        problems["cover_note"] = refused.problem
    roll = [(id_, Role(role)) for id_, role in typed.roles.items() if role != NOT_ASKED]
    _check_roll(roll, members, lead_id, rule, now, typed.by_open_page, problems)
    ownerless = quotes_without_owner(typed, members, quotes)
    if ownerless and not typed.vouched:
        names = [quote.organisation or quote.speaker for quote in ownerless]
        problems["vouched"] = QuoteWithoutOwner(organisations=names).message
    if problems:
        raise FormRefused(problems)
    return Asking(
        roll=roll,
        deadline_at=deadline_at,
        deadline_zone=zone,
        cover_note=note,
        code_required=typed.code,
        rule=rule,
        visibility=typed.rule.shown,
        vouched=typed.vouched,
        by_open_page=typed.by_open_page,
        revision=typed.revision,
        ending=ending,
        reminders=reminders,
        soft_deadline_at=soft,
        people=people,
    )


def quotes_without_owner(typed: TypedAsking, members: Sequence[Membership], quotes: Sequence[Quote]) -> list[Quote]:
    """The quotes that nobody on the roll as it is typed could approve. For comments nobody is asked to."""
    if typed.rule.purpose == Purpose.COMMENT:
        return []
    roll = {
        one.organisation_id: (one.name, one.listed_name)
        for one in members
        if typed.roles.get(one.organisation_id, NOT_ASKED) != NOT_ASKED
    }
    whose = owners([quote.organisation for quote in quotes], roll)
    return [quote for quote, owner in zip(quotes, whose, strict=True) if owner is None]


def typed_deadline(now: datetime) -> tuple[datetime, str, datetime | None]:
    """A deadline alone, and the soft one, as the form to move them brings them. Raises FormRefused."""
    problems: dict[str, Message] = {}
    typed = typed_asking(())
    until, zone = _deadline(typed, now, problems)
    soft = soft_deadline(typed.soft_day, typed.soft_clock, zone, until, now, problems)
    if problems:
        raise FormRefused(problems)
    return until, zone, soft


def _deadline(typed: TypedAsking, now: datetime, problems: dict[str, Message]) -> tuple[datetime, str]:
    if typed.working_days:
        problems["working_days"] = working_days_problem(typed.working_days)
        return now, typed.zone
    try:
        at, zone = instant_from_parts(typed.day, typed.clock, typed.zone)
    except InputRefused as refused:
        problems[f"deadline_{place_of(refused.problem)}"] = refused.problem
        return now, typed.zone
    if at <= now:
        problems["deadline_day"] = DeadlinePassed().message
    return at, zone


def _check_roll(
    roll: Sequence[tuple[int, Role]],
    members: Sequence[Membership],
    lead_id: int,
    rule: Rule,
    now: datetime,
    joinable: bool,
    problems: dict[str, Message],
) -> None:
    """What the action will refuse is said here already, beside its field."""
    asked = {id_ for id_, _ in roll}
    observers = sum(role is Role.OBSERVER for _, role in roll)
    contacts = [
        (one.listed_name, len(one.contact_ids))
        for one in members
        if one.organisation_id in asked and one.organisation_id != lead_id
    ]
    checks: Sequence[tuple[str, Callable[[], object]]] = (
        ("roll", lambda: check_contacts(contacts)),
        ("roll", lambda: [one.asked_first(now) for one in members if one.organisation_id in asked]),
        ("roll", lambda: check_rule(rule, [role for _, role in roll], joinable=joinable)),
    )
    for name, check in checks:
        try:
            check()
        except RuleOutOfReach as refused:
            field = "at_least" if rule.at_least > len(asked) - observers else "others"
            problems.setdefault(field, refused.message)
        except (EmptyRule, NoContact) as refused:
            problems.setdefault(name, refused.message)
