"""The rule of completeness: who must have said what before a text locks; every door weighs one frozen picture by it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from workflow.rules.naming import counted, named_or_counted
from workflow.rules.quoting import QuoteWord
from workflow.rules.refusals import EmptyRule, Message, RuleOutOfReach


class Role(StrEnum):
    """What a circulation asks of a signatory."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    OBSERVER = "observer"


class Kind(StrEnum):
    """What a signatory can say to a revision. Taking back is said too, so that history keeps it."""

    SIGN_OFF = "sign-off"
    OBJECTION = "objection"
    DECLINE = "decline"
    ABSTAIN = "abstain"
    TAKEN_BACK = "taken-back"


class Purpose(StrEnum):
    """What a circulation asks for."""

    SIGN_OFF = "sign-off"
    COMMENT = "comment"


class Outcome(StrEnum):
    """How a circulation ended."""

    COMPLETE = "complete"
    RECALLED = "recalled"
    ABANDONED = "abandoned"
    CONCLUDED = "concluded"  # a circulation for comment that did its work


class Visibility(StrEnum):
    """What the members of a circulation see of each other."""

    EVERYTHING = "everything"
    POSITIONS = "positions"  # what was said and remarked, without names
    NOTHING = "nothing"


@dataclass(frozen=True)
class Rule:
    """Every required signatory must sign; `at_least` may ask for a number of sign-offs in all beside that, and
    `others` for a number of sign-offs by those that are not required.

    `hold_open`: the text is not final before the deadline, whoever has signed. `objections_hold`: an objection by an
    optional signatory holds the lock too. `editorial_hours` (0: no such rule): changes marked editorial keep sign-offs,
    and may be objected to for so long; `editorial_words` is how many words such a change was declared to touch at most.
    `silence`: the text is adopted in the coalition's own name unless somebody objects before the deadline; nobody need
    sign. A circulation for comment is never complete.

    What has come of it in time: `time_up`, the deadline has been reached and noted; `broken`, somebody objected to the
    silence, or proposed other words.
    """

    at_least: int = 0
    objections_hold: bool = False
    purpose: Purpose = Purpose.SIGN_OFF
    editorial_hours: int = 0
    editorial_words: int = 0
    others: int = 0
    hold_open: bool = False
    silence: bool = False
    time_up: bool = False
    broken: bool = False


ALL_REQUIRED = Rule()


@dataclass(frozen=True)
class Standing:
    """Where one signatory stands: its newest answer, and what keeps a sign-off from counting.

    `current`: the answer is to the revision in force. `late`: it came after the deadline.
    `name_held`: it asks to be listed under a name that the lead has not accepted yet.
    `carried`: the answer is to an earlier text, and only editorial changes came between; `contestable`: the hours in
    which it can object to them are not over. `quotes`: where each of its own quotes in the text stands.
    `objects_to`: the place in the text that an objection is about, in words. `contested`: a contact says that an answer
    was not theirs; until the lead has resolved it nothing that the organisation says counts. `recorded`: what the lead
    has written down in its name, and what does not count before it had its say; `recorded_late`: after the deadline.
    `voices` of the `needed` contacts have said the same; none, where one of them objects to what another one signed.
    A person who asked to sign for itself (`individual`) is no organisation: no number of them counts it.
    """

    organisation: str | Message
    role: Role
    kind: Kind | None = None
    current: bool = True
    late: bool = False
    name_held: bool = False
    revision: int = 0
    carried: bool = False
    contestable: bool = False
    quotes: tuple[QuoteWord, ...] = ()
    objects_to: Message | None = None
    contested: bool = False
    recorded: Kind | None = None
    recorded_late: bool = False
    voices: int = 1
    needed: int = 1
    individual: bool = False

    @property
    def signed(self) -> bool:
        """A sign-off that counts: in time, and to the text in force or carried over to it for good.

        Not that of an observer, which signed before it was made one: observers are neither counted nor listed.
        """
        counts = (self.current or (self.carried and not self.contestable)) and not self.contested
        enough = self.role is not Role.OBSERVER and self.voices >= self.needed
        return enough and self.kind is Kind.SIGN_OFF and not self.late and counts

    @property
    def may_object(self) -> bool:
        """A sign-off that an editorial change keeps, once the hours for objecting are over."""
        waits = self.carried and self.contestable and not self.current and not self.contested and not self.late
        return self.role is not Role.OBSERVER and self.kind is Kind.SIGN_OFF and waits

    @property
    def objecting(self) -> bool:
        """An objection in time, to the text in force or to one from which only editorial changes led here."""
        counts = (self.current or self.carried) and not self.contested
        return (self.kind is Kind.OBJECTION or not self.voices) and not self.late and counts

    @property
    def halved(self) -> bool:
        """A sign-off that counts once more of its contacts have given the same."""
        return self.kind is Kind.SIGN_OFF and (self.current or self.carried) and 0 < self.voices < self.needed

    @property
    def stale(self) -> bool:
        """A sign-off to an earlier revision that nothing keeps: shown, but it does not count."""
        return self.kind is Kind.SIGN_OFF and not self.current and not self.carried

    @property
    def outstanding(self) -> bool:
        """Required, and without a sign-off that counts."""
        return self.role is Role.REQUIRED and not self.signed


def kept(carried: Sequence[int], in_force: int, text: int) -> list[int]:
    """The texts whose sign-offs an editorial change to `text` keeps: the one in force, and those it had kept itself."""
    return [one for one in (*carried, in_force) if one != text]


def check_rule(rule: Rule, roll: Iterable[Role], *, joinable: bool = False) -> None:
    """Refuse a rule that is met by nobody's word or can never be met. Raises EmptyRule, RuleOutOfReach.

    `joinable`: others can join by an open page, so that a number that is out of reach can be reached.
    """
    roles = list(roll)
    if rule.purpose is Purpose.COMMENT:
        if not roles:
            raise EmptyRule
        return
    can_sign = sum(role is not Role.OBSERVER for role in roles)
    if rule.silence:
        if not can_sign:  # nobody whose silence could mean anything
            raise EmptyRule
        return
    if Role.REQUIRED not in roles and rule.at_least < 1 and rule.others < 1:
        raise EmptyRule
    for wanted, of in ((rule.at_least, can_sign), (rule.others, roles.count(Role.OPTIONAL))):
        if wanted > of and not joinable:
            raise RuleOutOfReach(at_least=wanted, of=of)


def missing(rule: Rule, roll: Iterable[Standing], *, named: bool = True) -> list[Message]:
    """What keeps the text from locking, as parts of one sentence; empty when the rule is met.

    Not `named`: how many organisations each part is about, instead of which.
    """
    if rule.purpose is Purpose.COMMENT:
        return [Message("missing.comments")]
    standings = list(roll)
    parts: list[Message] = []

    def say(id_: str, who: Iterable[Standing]) -> None:
        names = [standing.organisation for standing in who]
        if names:
            parts.append(Message(id_, {"names": named_or_counted(names) if named else counted(len(names))}))

    if not rule.silence:
        _say_unsigned(rule, standings, parts, say, named)
    say("missing.contested", [s for s in standings if s.contested and _holds_contested(rule, s)])
    say("missing.recorded", [s for s in standings if s.recorded and _holds_recorded(rule, s)])
    say("missing.editorial", [s for s in standings if s.may_object])
    say("missing.name", [s for s in standings if s.signed and s.name_held])
    say("missing.quote", [s for s in standings if QuoteWord.WAITING in s.quotes])
    say("missing.quote-reworded", [s for s in standings if QuoteWord.REWORDED in s.quotes])
    say("missing.quote-refused", [s for s in standings if QuoteWord.REFUSED in s.quotes])
    parts += _numbers(rule, standings)
    return [*parts, *_time(rule)]


def _holds_contested(rule: Rule, one: Standing) -> bool:
    """Whether a contested answer holds the lock: a required one, one about its own quotes, an objection that held."""
    objected = rule.objections_hold and one.role is Role.OPTIONAL and one.kind is Kind.OBJECTION and not one.late
    required = one.role is Role.REQUIRED and not rule.silence
    return required or objected or bool(one.quotes)


def _holds_recorded(rule: Rule, one: Standing) -> bool:
    """Whether what the lead recorded holds the lock: what would complete the rule, what would undo a sign-off, and an
    objection, if it came in time: a late one would not hold once it counts."""
    objected = rule.objections_hold and one.role is Role.OPTIONAL and one.recorded is Kind.OBJECTION
    objected = objected and not one.recorded_late
    undone = one.signed and one.recorded is not Kind.SIGN_OFF
    return (one.outstanding and not rule.silence and not one.contested) or objected or undone


def _numbers(rule: Rule, standings: Sequence[Standing]) -> list[Message]:
    """The numbers of sign-offs that are not reached yet; by silence, nobody need sign."""
    if rule.silence:
        return []
    counted = [standing for standing in standings if standing.signed and not standing.individual]
    signed, others = len(counted), sum(standing.role is Role.OPTIONAL for standing in counted)
    found = []
    if signed < rule.at_least:
        found.append(Message("missing.number", {"signed": signed, "at_least": rule.at_least}))
    if others < rule.others:
        found.append(Message("missing.others", {"signed": others, "others": rule.others}))
    return found


def _time(rule: Rule) -> list[Message]:
    """What only time can bring, or has taken away."""
    if rule.silence and rule.broken:
        return [Message("missing.silence-broken")]
    if (rule.silence or rule.hold_open) and not rule.time_up:
        return [Message("missing.silence" if rule.silence else "missing.open")]
    return []


def _say_unsigned(
    rule: Rule,
    standings: Sequence[Standing],
    parts: list[Message],
    say: Callable[[str, Iterable[Standing]], None],
    named: bool,
) -> None:
    """Whose sign-offs are required and not there, and why; and whose objections hold."""
    due = [one for one in standings if one.role is Role.REQUIRED and not one.contested and not one.recorded]
    unsigned = [one for one in due if not one.signed and not one.may_object]
    waiting = [
        s for s in unsigned if not s.late and not s.objecting and (not s.current or s.kind in (None, Kind.TAKEN_BACK))
    ]
    said = [s for s in unsigned if s.current and not s.late]
    say("missing.waiting", [s for s in waiting if not s.stale])
    say("missing.stale", [s for s in waiting if s.stale])
    say("missing.voices", [s for s in said if s.halved])
    _say_objections(rule, standings, parts, say, named)
    say("missing.declined", [s for s in said if s.kind is Kind.DECLINE])
    say("missing.abstains", [s for s in said if s.kind is Kind.ABSTAIN])
    say("missing.late", [s for s in unsigned if s.late])


def _say_objections(
    rule: Rule,
    standings: Sequence[Standing],
    parts: list[Message],
    say: Callable[[str, Iterable[Standing]], None],
    named: bool,
) -> None:
    """An objection holds where it is a required signatory's, or where the rule says that any holds."""
    objecting = [
        one
        for one in standings
        if one.objecting and (one.role is Role.REQUIRED or (rule.objections_hold and one.role is Role.OPTIONAL))
    ]
    say("missing.objects", [one for one in objecting if one.objects_to is None])
    for one in objecting:
        if one.objects_to is not None:
            who = (one.organisation,) if named else counted(1)
            parts.append(Message("missing.objects-to", {"names": who, "place": one.objects_to}))


def sentence(rule: Rule, roll: Iterable[Standing], *, named: bool = True, placed: bool = True) -> Message:
    """The one sentence that says what is missing, the same on every page and in every mail.

    Not `named`: counted instead. Not `placed`: nor is it said where in the text others object.
    """
    parts = missing(rule, roll if placed else [replace(one, objects_to=None) for one in roll], named=named)
    if not parts:
        return Message("missing.nothing")
    return parts[0] if len(parts) == 1 else Message("missing.several", {"parts": tuple(parts)})
