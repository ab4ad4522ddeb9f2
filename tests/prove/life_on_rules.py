"""Whole lives on the pure rules: they see a roll as rows keep it, a second judge reads only what was said and when.

Both must say the same after every step: when the text is final, whose sign-offs count, who stands by it afterwards.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.builders import NOW
from tests.prove.judge import QUOTED, Heard, Judge, Life
from tests.prove.life import lives
from workflow.rules import noting
from workflow.rules.amending import check_change
from workflow.rules.circulation import Kind, Purpose, Role, Rule, Standing, check_rule, kept
from workflow.rules.completion import Completion, Ending, check_ending, too_old
from workflow.rules.counting import check_countable
from workflow.rules.lifecycle import Move, Stage, after, allows
from workflow.rules.noting import Noted, NoteKind, Signed, check_late, check_note, check_withdrawal
from workflow.rules.quoting import QuoteWord
from workflow.rules.refusals import Refusal
from workflow.rules.signing import Asked, Offered, check_answer, check_binds, unlocks, weigh

STEPS = 40
# What thousands of lives come to see, all of it.
MET = (
    *("published", "retracted", "abandoned", "unlocked", "held", "reconfirmed", "late", "withdrawal", "correction"),
    *("sign-off", "objection", "decline", "abstain", "taken-back", "silence broken", "text", "hours", "quote", "name"),
    *("part", "deadline", "reached", "recall", "conclude"),
    *("contested", "void", "stands", "recorded", "word", "contradicted", "counted"),
)
NAMES = ("Lakeside Relief", "Hillside Forum", "Harbour Aid", "Meadow Action")
PLACES = st.integers(0, len(NAMES) - 1)
ROLES = st.sampled_from((Role.OPTIONAL, Role.REQUIRED, Role.REQUIRED, Role.OBSERVER, Role.OPTIONAL))
KINDS = st.sampled_from((*(Kind.SIGN_OFF,) * 7, Kind.OBJECTION, Kind.DECLINE, Kind.ABSTAIN, Kind.TAKEN_BACK))
WORDS = st.sampled_from((*(QuoteWord.APPROVED,) * 3, QuoteWord.REWORDED, QuoteWord.REFUSED))
RULES = st.builds(
    Rule,
    at_least=st.sampled_from((0, 0, 0, 1, 2, 3)),
    objections_hold=st.sampled_from((True, False)),
    purpose=st.sampled_from((*(Purpose.SIGN_OFF,) * 6, Purpose.COMMENT)),
    editorial_hours=st.sampled_from((0, 6)),
    others=st.sampled_from((0, 0, 0, 1, 2)),
    hold_open=st.sampled_from((False, False, False, True)),
    silence=st.sampled_from((False, False, False, True)),
)
ENDINGS = st.builds(
    Ending,
    how=st.sampled_from((*(Completion.AT_ONCE,) * 3, Completion.EMBARGO, Completion.HOLD, Completion.PRESS)),
    hold_minutes=st.just(30),
    validity_days=st.sampled_from((1, 2, 90)),
)
HOURS = st.sampled_from((1, 1, 6, 24, 60))


@dataclass
class Line:
    """One signatory as its row keeps it: the newest answer with its text and instant, and whether it is on the roll."""

    role: Role
    kind: Kind | None = None
    text: int = 0
    at: datetime = NOW
    other_name: bool = False
    name_decided: bool = False
    word: QuoteWord | None = None
    on_it: bool = True
    confirmed_at: datetime = NOW
    counted: bool = False
    contested: bool = False
    recorded: tuple[Kind, int, datetime] | None = None
    before: tuple[Any, ...] = ()

    def answer(self, kind: Kind, text: int, at: datetime, *, other_name: bool, again: bool) -> None:
        """The newest answer; the one before is kept. An objection said `again` late counts as the first one did."""
        self.before = (self.kind, self.text, self.at, self.other_name, self.confirmed_at, self.counted, self.before)
        self.kind, self.text, self.at, self.other_name, self.confirmed_at = kind, text, at, other_name, at
        self.counted, self.recorded = again and kind is Kind.OBJECTION, None

    def void(self) -> None:
        """As if the newest answer had never been given."""
        self.kind, self.text, self.at, self.other_name, self.confirmed_at, self.counted, self.before = self.before


@dataclass
class Rows:
    """What rows keep of one circulation."""

    rule: Rule
    ending: Ending
    deadline: datetime
    text: int
    lines: dict[int, Line]
    carried: tuple[int, ...] = ()
    contestable: bool = False
    quote: int = 0

    def roll(self) -> dict[int, Standing]:
        """The same as the rules weigh it, by the place of each name."""
        return {at: self._standing(at, line) for at, line in self.lines.items() if line.on_it}

    def objected(self, line: Line) -> bool:
        """Whether it objects to the text, and has since the deadline had not passed."""
        kind, text, at, before = line.kind, line.text, line.at, line.before
        while kind is Kind.OBJECTION and text in (self.text, *self.carried):
            if at <= self.deadline:
                return True
            if not before:
                break
            (kind, text, at), before = before[:3], before[-1]
        return False

    def _standing(self, at: int, line: Line) -> Standing:
        return Standing(
            NAMES[at],
            line.role,
            kind=line.kind,
            current=line.kind is None or line.text == self.text,
            carried=line.kind is not None and line.text in self.carried,
            contestable=self.contestable,
            late=line.kind is not None and line.at > self.deadline and not line.counted,
            contested=line.contested,
            recorded=line.recorded[0] if line.recorded else None,
            recorded_late=line.recorded is not None and line.recorded[2] > self.deadline,
            name_held=line.other_name and not line.name_decided,
            quotes=(line.word,) if line.word is not None else (),
        )


@dataclass
class Told:
    """How many lives were lived, what they met, and what does not hold."""

    runs: int = 0
    met: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)


class LifeOnRules(RuleBasedStateMachine):
    """One statement from its draft to its end. What is refused changes nothing."""

    def __init__(self, met: Counter[str]) -> None:
        super().__init__()
        self.met = met
        self.stage, self.now, self.texts = Stage.DRAFT, NOW, 1
        self.rows: Rows | None = None
        self.locked_at = NOW
        self.listed: tuple[int, ...] = ()
        self.notes: list[Noted] = []
        self.heard = Life()

    def teardown(self) -> None:
        self.met[self.stage.value] += 1

    # What follows from a step ----------------------------------------------------------------------

    def say(self, what: str, who: int = -1, **facts: object) -> None:
        """One line of the history, which is all that the judge knows."""
        self.heard.add(Heard(what, self.now, who, facts))
        self.met[what] += 1

    def settle(self) -> None:
        """As the actions do it after every door: weigh, lock, publish where nothing is waited for."""
        if self.rows is None or self.stage is not Stage.CIRCULATING or self.rows.rule.purpose is Purpose.COMMENT:
            return
        if weigh(self.rows.rule, list(self.rows.roll().values())).complete:
            self.stage = after(self.stage, Move.LOCK)
            self.locked_at = self.now
            self.say("locked")
            self.publish_if_due()

    def publish_if_due(self) -> None:
        """Public where its instant has come and all sign-offs hold; open again where they do not count any more."""
        assert self.rows is not None
        roll = self.rows.roll()
        if not weigh(self.rows.rule, list(roll.values())).complete:
            self.open_again()
            return
        due = self.rows.ending.due(self.locked_at)
        if due is None or due > self.now:
            return
        self.publish()

    def publish(self) -> None:
        assert self.rows is not None
        signed = [at for at, one in self.rows.roll().items() if one.signed]
        given = {at: self.rows.lines[at].confirmed_at for at in signed}
        if too_old(given, self.rows.ending, self.now):
            self.met["held"] += 1
            return
        self.stage = after(self.stage, Move.PUBLISH)
        self.listed = tuple(signed)
        self.say("published")

    def open_again(self) -> None:
        self.stage = after(self.stage, Move.UNLOCK)
        self.say("unlocked")

    @invariant()
    def both_say_the_same(self) -> None:
        """The rules and the judge, on what counts and whether it is final; then on who stands by it."""
        if self.rows is None or self.stage not in (Stage.CIRCULATING, Stage.LOCKED, Stage.PUBLISHED, Stage.RETRACTED):
            return
        judge = Judge(self.heard, self.now)
        if self.stage in (Stage.CIRCULATING, Stage.LOCKED):
            roll = self.rows.roll()
            verdict = weigh(self.rows.rule, list(roll.values()))
            counting = {at for at, one in roll.items() if one.signed}
            assert counting == judge.counting(), (counting, judge.counting())
            assert verdict.complete == judge.complete(), (verdict, judge.complete())
            assert verdict.complete == (self.stage is Stage.LOCKED), "final, and not locked; or locked, and not final"
        else:
            now = noting.standing([str(at) for at in self.listed], self.notes)
            assert {int(one) for one in (*now.listed, *now.late)} == judge.standing_by()
            assert now.count == len(now.listed) + len(now.late)
            wrong = judge.wrongly_published(NAMES)
            assert not wrong, wrong

    # The lead ------------------------------------------------------------------------------------

    @initialize(roles=st.lists(ROLES, min_size=1, max_size=4), asked=RULES, ending=ENDINGS, hours=HOURS)
    def first(self, roles: list[Role], asked: Rule, ending: Ending, hours: int) -> None:
        """Lives begin with an asking."""
        self.ask(Move.CIRCULATE, roles, asked, ending, hours)

    @precondition(lambda self: self.stage is Stage.DRAFT or self.for_comment)
    @rule(roles=st.lists(ROLES, min_size=0, max_size=4), asked=RULES, ending=ENDINGS, hours=HOURS)
    def circulate(self, roles: list[Role], asked: Rule, ending: Ending, hours: int) -> None:
        """The lead asks, for comment or for sign-off, or goes from one to the other."""
        if self.stage is Stage.DRAFT:
            self.ask(Move.CIRCULATE, roles, asked, ending, hours)
        elif self.stage is Stage.CIRCULATING:
            self.ask(Move.ASK_TO_SIGN, roles, replace(asked, purpose=Purpose.SIGN_OFF), ending, hours)

    def ask(self, move: Move, roles: list[Role], asked: Rule, ending: Ending, hours: int) -> None:
        if ending.how is Completion.EMBARGO:
            ending = replace(ending, embargo_at=self.now + timedelta(hours=hours))
        ending = replace(ending, late_until=self.now + timedelta(days=9))
        try:
            stage = after(self.stage, move)
            check_rule(asked, roles)
            check_ending(ending, self.now)
        except Refusal:
            return
        self.stage = stage
        if asked.silence and asked.purpose is Purpose.SIGN_OFF:
            roles = [Role.OPTIONAL if one is Role.REQUIRED else one for one in roles]
        lines = {at: Line(role) for at, role in enumerate(roles)}
        until = self.now + timedelta(hours=hours)
        self.rows = Rows(asked, ending, until, self.texts, lines, quote=self.texts)
        self.say("asked", rule=asked, roles=dict(enumerate(roles)), until=until, ending=ending, text=self.texts)
        self.ask_quotes()
        self.settle()

    def ask_quotes(self) -> None:
        """The first on the roll is the one that is quoted; a word on the same quote stands."""
        assert self.rows is not None
        owner = self.rows.lines.get(QUOTED)
        if owner is not None and self.rows.rule.purpose is Purpose.SIGN_OFF:
            owner.word = self.heard.word_on_quote() or QuoteWord.WAITING

    @precondition(lambda self: self.stage is Stage.CIRCULATING)
    @rule(editorial=st.booleans())
    def another_text(self, editorial: bool) -> None:
        """A new text comes into force; one that is not editorial changes the quote, too."""
        assert self.rows is not None
        asked = self.rows.rule
        if (asked.silence and not asked.broken) or (editorial and not asked.editorial_hours):
            return
        after(self.stage, Move.PUT_IN_FORCE)
        self.texts += 1
        self.rows.carried = tuple(kept(self.rows.carried, self.rows.text, self.texts)) if editorial else ()
        self.rows.contestable = editorial
        self.rows.text = self.texts
        self.say("text", editorial=editorial, text=self.texts)
        if editorial and self.rows.deadline < self.now + timedelta(hours=asked.editorial_hours):
            self.move_to(self.now + timedelta(hours=asked.editorial_hours))
        if not editorial:
            self.ask_quotes()
        self.settle()

    @precondition(lambda self: self.rows is not None and self.rows.contestable and self.stage is Stage.CIRCULATING)
    @rule()
    def hours_pass(self) -> None:
        """The hours in which an editorial change can be objected to are over."""
        assert self.rows is not None
        self.rows.contestable = False
        self.say("hours")
        self.settle()

    @precondition(lambda self: self.stage is Stage.CIRCULATING)
    @rule(who=PLACES, part=st.one_of(ROLES, st.none()), reason=st.sampled_from(("They said so.", "They asked.", "")))
    def change_part(self, who: int, part: Role | None, reason: str) -> None:
        """Another part for a signatory, or it goes off the roll."""
        assert self.rows is not None
        on_it = [at for at, line in self.rows.lines.items() if line.on_it]
        if who not in on_it:
            return
        if self.rows.rule.silence and part is Role.REQUIRED:
            part = Role.OPTIONAL
        roles = [self.rows.lines[at].role for at in on_it]
        try:
            check_change(self.rows.rule, roles, on_it.index(who), part, reason)
        except Refusal:
            return
        line = self.rows.lines[who]
        line.role, line.on_it = part or line.role, part is not None
        self.say("part", who, part=part)
        self.settle()

    @precondition(lambda self: self.stage is Stage.CIRCULATING)
    @rule(who=PLACES, part=ROLES)
    def add(self, who: int, part: Role) -> None:
        """One more on the roll, or one that was on it."""
        assert self.rows is not None
        line = self.rows.lines.setdefault(who, Line(part, on_it=False))
        if line.on_it:
            return
        if self.rows.rule.silence and part is Role.REQUIRED:
            part = Role.OPTIONAL
        line.role, line.on_it = part, True
        self.say("part", who, part=part)
        self.ask_quotes()
        self.settle()

    @precondition(lambda self: self.stage is Stage.CIRCULATING)
    @rule(hours=st.sampled_from((-30, -1, 1, 20, 60)))
    def move_deadline(self, hours: int) -> None:
        """Sooner or later than it was, but never into the past; a silence that lasts is not made shorter."""
        assert self.rows is not None
        until = self.rows.deadline + timedelta(hours=hours)
        if until <= self.now or (self.rows.rule.silence and not self.rows.rule.broken and until < self.rows.deadline):
            return
        self.move_to(until)
        self.settle()

    def move_to(self, until: datetime) -> None:
        assert self.rows is not None
        self.rows.deadline = until
        self.rows.rule = replace(self.rows.rule, time_up=False)
        self.say("deadline", until=until)

    @precondition(lambda self: self.rows is not None and self.stage is Stage.CIRCULATING)
    @rule()
    def deadline_noted(self) -> None:
        """The worker notes that the deadline is reached, once for each."""
        assert self.rows is not None
        self.now = max(self.now, self.rows.deadline)
        if self.rows.rule.time_up:
            return
        self.rows.rule = replace(self.rows.rule, time_up=True)
        self.say("reached", until=self.rows.deadline)
        self.settle()

    @precondition(lambda self: self.stage in (Stage.CIRCULATING, Stage.LOCKED, Stage.DRAFT))
    @rule(
        move=st.sampled_from((*(Move.RECALL,) * 4, Move.CONCLUDE, Move.ABANDON)),
        sure=st.sampled_from((False,) * 9 + (True,)),
    )
    def leave(self, move: Move, sure: bool) -> None:
        """The asking ends without a lock. A life that ends at once teaches little."""
        if not sure or not allows(self.stage, move) or (move is Move.CONCLUDE) != self.for_comment:
            return
        self.stage = after(self.stage, move)
        self.rows = None
        self.say(move.value)

    @property
    def for_comment(self) -> bool:
        return self.rows is not None and self.rows.rule.purpose is Purpose.COMMENT

    @rule(hours=HOURS)
    def wait(self, hours: int) -> None:
        """Time passes."""
        self.now += timedelta(hours=hours)

    # Members -------------------------------------------------------------------------------------

    @precondition(lambda self: self.rows is not None and self.stage in (Stage.CIRCULATING, Stage.LOCKED))
    @rule(
        who=PLACES,
        kind=KINDS,
        words=st.sampled_from(("Not with this sentence.",) * 4 + ("",)),
        older=st.sampled_from((0,) * 9 + (1,)),
        other_name=st.sampled_from((False,) * 6 + (True,)),
        authority=st.sampled_from((True,) * 9 + (False,)),
    )
    def answer(
        self, who: int, kind: Kind, words: str, older: int, other_name: bool, authority: bool
    ) -> None:  # fmt: skip
        """A signatory says something, of the text in force mostly."""
        assert self.rows is not None
        line = self.rows.lines.get(who)
        if line is None or not line.on_it:
            return
        said = Offered(
            kind, str(self.rows.text - older), words, NAMES[who], "Ada Example", "Director", authority=authority
        )
        asked = self.rows.rule
        facing = Asked(self.stage, line.role, str(self.rows.text), asked.purpose, silence=asked.silence)
        try:
            check_answer(said)
            check_binds(said, facing)
        except Refusal:
            return
        if unlocks(self.stage, kind):
            if line.kind is not Kind.SIGN_OFF:
                return
            self.open_again()
        other_name = other_name and kind is Kind.SIGN_OFF
        again = self.rows.objected(line)
        line.answer(kind, self.rows.text, self.now, other_name=other_name, again=again)
        self.say("said", who, kind=kind, text=self.rows.text, other_name=other_name)
        self.met[kind.value] += 1
        if kind is Kind.OBJECTION:
            self.break_silence(line)
        self.settle()

    @precondition(lambda self: self.rows is not None and self.stage is Stage.CIRCULATING)
    @rule(who=st.lists(PLACES, min_size=1, max_size=4), other_name=st.booleans())
    def sign(self, who: list[int], other_name: bool) -> None:
        """Some sign, one after the other: without that few texts would ever be final."""
        for one in who:
            if self.stage is Stage.CIRCULATING:
                self.answer(one, Kind.SIGN_OFF, "", 0, other_name=other_name, authority=True)

    @precondition(lambda self: self.rows is not None and self.stage is Stage.CIRCULATING)
    @rule(but=st.one_of(PLACES, st.none()), objects=st.booleans())
    def all_sign(self, but: int | None, objects: bool) -> None:
        """All sign but one, which objects perhaps; and the one that is quoted approves."""
        if but is not None and objects:
            self.answer(but, Kind.OBJECTION, "Not with this sentence.", 0, other_name=False, authority=False)
        self.sign([one for one in range(len(NAMES)) if one != but], other_name=False)
        if self.stage is Stage.CIRCULATING:
            self.on_the_quote(QuoteWord.APPROVED)

    def break_silence(self, line: Line) -> None:
        assert self.rows is not None
        asked = self.rows.rule
        if line.role is not Role.OBSERVER and asked.silence and not asked.broken and self.now <= self.rows.deadline:
            self.rows.rule = replace(asked, broken=True)
            self.met["silence broken"] += 1

    @precondition(lambda self: self.rows is not None and self.stage in (Stage.CIRCULATING, Stage.LOCKED))
    @rule(who=PLACES)
    def contest(self, who: int) -> None:
        """The newest answer of a signatory was not theirs, says somebody of it; what is final is open again."""
        assert self.rows is not None
        line = self.rows.lines.get(who)
        if line is None or not line.on_it or line.kind is None or line.contested:
            return
        self.open_if_locked()
        line.contested = True
        self.say("contested", who)
        self.settle()

    @precondition(lambda self: self.rows is not None and self.stage in (Stage.CIRCULATING, Stage.LOCKED))
    @rule(who=PLACES, void=st.booleans())
    def resolve(self, who: int, void: bool) -> None:
        """The lead says that a contested answer stands, or that it is void: where nothing was answered since."""
        assert self.rows is not None
        line = self.rows.lines.get(who)
        if line is None or not line.on_it or not line.contested or not self.heard.newest_is_contested(who):
            return
        self.open_if_locked()
        line.contested = False
        if void:
            line.void()
        self.say("void" if void else "stands", who)
        self.settle()

    def open_if_locked(self) -> None:
        if self.stage is Stage.LOCKED:
            self.open_again()

    @precondition(lambda self: self.rows is not None and self.stage is Stage.CIRCULATING)
    @rule(who=PLACES, kind=st.sampled_from((Kind.SIGN_OFF, Kind.SIGN_OFF, Kind.OBJECTION, Kind.DECLINE, Kind.ABSTAIN)))
    def record(self, who: int, kind: Kind) -> None:
        """The lead writes down what a signatory said by phone. It does not count yet."""
        assert self.rows is not None
        line = self.rows.lines.get(who)
        if line is None or not line.on_it:
            return
        said = Offered(kind, str(self.rows.text), "Words.", NAMES[who], "Zoe Example", "Chair", authority=True)
        asked = self.rows.rule
        facing = Asked(self.stage, line.role, str(self.rows.text), asked.purpose, silence=asked.silence)
        try:
            check_answer(said)
            check_binds(said, facing)
        except Refusal:
            return
        line.recorded = (kind, self.rows.text, self.now)
        self.say("recorded", who, kind=kind, text=self.rows.text)
        if kind is Kind.OBJECTION:
            self.break_silence(line)
        self.settle()

    @precondition(lambda self: self.rows is not None and self.stage is Stage.CIRCULATING)
    @rule(who=PLACES, agrees=st.sampled_from((True, True, False)))
    def word(self, who: int, agrees: bool) -> None:
        """A contact confirms what was recorded (or nobody contradicted it in its hours), or contradicts it."""
        assert self.rows is not None
        line = self.rows.lines.get(who)
        if line is None or not line.on_it or line.recorded is None:
            return
        if agrees:
            line.answer(*line.recorded[:2], self.now, other_name=False, again=self.rows.objected(line))
        line.recorded = None
        self.say("word" if agrees else "contradicted", who)
        self.settle()

    @precondition(lambda self: self.rows is not None and self.stage is Stage.CIRCULATING)
    @rule(who=PLACES)
    def count_late(self, who: int) -> None:
        """The lead counts an answer although it came late."""
        assert self.rows is not None
        standing = self.rows.roll().get(who)
        if standing is None:
            return
        try:
            check_countable(self.rows.rule, standing)
        except Refusal:
            return
        self.rows.lines[who].counted = True
        self.say("counted", who)
        self.settle()

    @precondition(lambda self: self.rows is not None and self.stage is Stage.CIRCULATING)
    @rule(word=WORDS)
    def on_the_quote(self, word: QuoteWord) -> None:
        """The one that is quoted approves, wants other words, or refuses."""
        assert self.rows is not None
        line = self.rows.lines.get(QUOTED)
        if line is None or not line.on_it or line.word is None:
            return
        line.word = word
        self.say("quote", QUOTED, word=word)
        self.settle()

    @precondition(lambda self: self.rows is not None and self.stage is Stage.CIRCULATING)
    @rule(who=PLACES)
    def decide_name(self, who: int) -> None:
        """The lead accepts the name that a signatory asked for, or falls back."""
        assert self.rows is not None
        line = self.rows.lines.get(who)
        if line is None or not line.other_name or not line.on_it:
            return
        line.name_decided = True
        self.say("name", who)
        self.settle()

    # From the lock on ----------------------------------------------------------------------------

    @precondition(lambda self: self.stage is Stage.LOCKED)
    @rule(pressed=st.booleans())
    def publish_due(self, pressed: bool) -> None:
        """The worker looks whether the instant has come; or the lead presses, where that was the choice."""
        assert self.rows is not None
        if pressed and self.rows.ending.how is Completion.PRESS:
            self.publish()
            return
        due = self.rows.ending.due(self.locked_at)
        self.now = max(self.now, due) if due else self.now
        self.publish_if_due()

    @precondition(lambda self: self.stage is Stage.LOCKED)
    @rule(who=PLACES)
    def reconfirm(self, who: int) -> None:
        """A sign-off still stands."""
        assert self.rows is not None
        standing = self.rows.roll().get(who)
        if standing is None or not standing.signed:
            return
        self.rows.lines[who].confirmed_at = self.now
        self.say("reconfirmed", who)

    @precondition(lambda self: self.stage in (Stage.PUBLISHED, Stage.RETRACTED))
    @rule(who=PLACES, kind=st.sampled_from((NoteKind.WITHDRAWAL, NoteKind.WITHDRAWAL, NoteKind.LATE, NoteKind.LATE)))
    def later(self, who: int, kind: NoteKind) -> None:
        """A signatory withdraws, or signs late."""
        assert self.rows is not None
        line = self.rows.lines.get(who)
        if line is None or not line.on_it:
            return
        late = any(one.kind is NoteKind.LATE and one.commitment == str(who) for one in self.notes)
        gone = any(one.kind is NoteKind.WITHDRAWAL and one.commitment == str(who) for one in self.notes)
        signed = Signed(self.stage, line.role, str(who) if late or who in self.listed else None, gone)
        try:
            if kind is NoteKind.LATE:
                check_late(signed, self.rows.ending, self.now)
            else:
                check_withdrawal(signed)
        except Refusal:
            return
        self.notes.append(Noted(kind, str(who)))
        self.say(kind.value, who)

    @precondition(lambda self: self.stage in (Stage.PUBLISHED, Stage.RETRACTED))
    @rule(
        kind=st.sampled_from((NoteKind.CORRECTION, NoteKind.CORRECTION, NoteKind.RETRACTION)),
        text=st.sampled_from("a "),
    )
    def note(self, kind: NoteKind, text: str) -> None:
        """The lead corrects, or retracts."""
        try:
            check_note(self.stage, kind, text.strip())
        except Refusal:
            return
        self.stage = after(self.stage, Move.RETRACT if kind is NoteKind.RETRACTION else Move.NOTE)
        self.notes.append(Noted(kind))
        self.say(kind.value)


def on_rules(first: int, number: int, say: Callable[[str], object] = str, steps: int = STEPS) -> Told:
    """So many lives, from the seed `first` on; says how many as they pass."""
    told, passed = Told(), count(1)

    def begin(_: int) -> RuleBasedStateMachine:
        told.runs = next(passed)
        if told.runs % 2000 == 0:
            say(f"{told.runs} of {number} lives, {told.met['published']} published")
        return LifeOnRules(told.met)

    told.violations += lives(begin, number, first, steps)
    return told
