"""A second judge of a statement's life: it knows no rows and no rules, only what was said, by whom and when.

Written from the product's rules (8 to 17), as plainly as they are: whatever it and `workflow.rules` differ in is wrong
in one of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from workflow.rules.circulation import Kind, Purpose, Role, Rule
from workflow.rules.completion import Completion, Ending
from workflow.rules.quoting import QuoteWord

# Whose quote stands in the text.
QUOTED = 0


@dataclass(frozen=True)
class Heard:
    """One thing that happened: when, by whom or about whom, and what it said."""

    what: str
    at: datetime
    who: int
    facts: dict[str, Any]


@dataclass
class Life:
    """All that happened to one statement, oldest first."""

    heard: list[Heard] = field(default_factory=list)

    def add(self, one: Heard) -> None:
        """One thing more."""
        self.heard.append(one)

    def asking(self) -> list[Heard]:
        """What happened since it was last asked."""
        start = max(at for at, one in enumerate(self.heard) if one.what == "asked")
        return self.heard[start:]

    def newest_is_contested(self, who: int) -> bool:
        """Whether a signatory has said nothing since an answer of it was contested."""
        said = [one.what for one in self.asking() if one.who == who and one.what in ("contested", "said", "word")]
        return bool(said) and said[-1] == "contested"

    def word_on_quote(self) -> QuoteWord | None:
        """The newest word on the quote as the text has it now, said in this asking."""
        found = None
        for one in self.asking():
            if one.what == "text" and not one.facts["editorial"]:
                found = None
            elif one.what == "quote":
                found = one.facts["word"]
        return found


class Judge:
    """Reads one life at an instant."""

    def __init__(self, life: Life, now: datetime) -> None:
        self.life, self.now = life, now
        self.asking = life.asking()
        self.rule: Rule = self.asking[0].facts["rule"]
        self.ending: Ending = self.asking[0].facts["ending"]

    def roles(self) -> dict[int, Role]:
        """Who is on the roll, and as what."""
        roles: dict[int, Role | None] = dict(self.asking[0].facts["roles"])
        roles.update({one.who: one.facts["part"] for one in self.asking if one.what == "part"})
        return {who: role for who, role in roles.items() if role is not None}

    def deadline(self) -> datetime:
        """The newest one."""
        told = [one.facts["until"] for one in self.asking if one.what in ("asked", "deadline")]
        return told[-1]

    def newest(self, who: int) -> tuple[int, Heard] | None:
        """What a signatory said last and is not void, by itself or by the lead's record, and when it was said."""
        said = self.all_said(who)
        return said[-1] if said else None

    def all_said(self, who: int) -> list[tuple[int, Heard]]:
        """All that it said in this asking and is not void, oldest first."""
        said: list[tuple[int, Heard]] = []
        recorded: Heard | None = None
        for at, one in enumerate(self.asking):
            if one.who != who:
                continue
            if one.what == "said":
                said.append((at, one))
            elif one.what == "recorded":
                recorded = one
            elif one.what == "word" and recorded is not None:
                said.append((at, Heard("said", one.at, who, {**recorded.facts, "other_name": False})))
            elif one.what == "void":
                said.pop()
        return said

    def contested(self) -> set[int]:
        """Of whom an answer is contested, and nothing has come of it yet."""
        found: dict[int, bool] = {}
        for one in self.asking:
            if one.what in ("contested", "stands", "void"):
                found[one.who] = one.what == "contested"
        return {who for who, waits in found.items() if waits}

    def recorded(self) -> dict[int, tuple[Kind, datetime]]:
        """What the lead has recorded and nobody has had a word on, and when: whoever answers itself has had it."""
        found: dict[int, tuple[Kind, datetime]] = {}
        for one in self.asking:
            if one.what == "recorded":
                found[one.who] = one.facts["kind"], one.at
            elif one.what in ("word", "contradicted", "said"):
                found.pop(one.who, None)
        return found

    def in_time(self, who: int, said: tuple[int, Heard]) -> bool:
        """Whether an answer came before the newest deadline, or the lead has counted this very answer."""
        if said[1].at <= self.deadline() or self.said_again(who, said):
            return True
        since = [one.what for one in self.asking[said[0] + 1 :] if one.who == who]
        answered = next((at for at, what in enumerate(since) if what in ("said", "word")), len(since))
        return "counted" in since[:answered]

    def said_again(self, who: int, said: tuple[int, Heard]) -> bool:
        """Whether it is an objection, and only says again what was objected to the same text in time."""
        before = [one for one in self.all_said(who) if one[0] <= said[0]]
        for at, one in reversed(before):
            changed = any(text.what == "text" and not text.facts["editorial"] for text in self.asking[at : said[0]])
            if one.facts["kind"] is not Kind.OBJECTION or changed:
                return False
            if one.at <= self.deadline():
                return True
        return False

    def kept(self, text: int) -> str:
        """What became of an answer to a text: "good", "waits" for hours to pass, or "gone"."""
        since = [
            (place, one) for place, one in enumerate(self.asking) if one.what == "text" and one.facts["text"] > text
        ]
        if any(not one.facts["editorial"] for _, one in since):
            return "gone"
        if since and not any(one.what == "hours" for one in self.asking[since[-1][0] :]):
            return "waits"
        return "good"

    def standing(self, kind: Kind) -> Iterator[tuple[int, str]]:
        """Who said this last, in time and while signing was its part; with what became of it."""
        for who, role in self.roles().items():
            said = self.newest(who)
            if role is Role.OBSERVER or said is None or said[1].facts["kind"] is not kind:
                continue
            if self.in_time(who, said) and who not in self.contested():
                yield who, self.kept(said[1].facts["text"])

    def counting(self) -> set[int]:
        """Whose sign-offs count."""
        return {who for who, became in self.standing(Kind.SIGN_OFF) if became == "good"}

    def complete(self) -> bool:
        """Whether the text is final now."""
        if self.rule.purpose is Purpose.COMMENT:
            return False
        return self.nothing_held() and (self.by_silence() if self.rule.silence else self.by_signing())

    def nothing_held(self) -> bool:
        """No editorial change waits for objections, no name for the lead, no quote for who is quoted."""
        waits = any(became == "waits" for _, became in self.standing(Kind.SIGN_OFF))
        accepted = {one.who for one in self.asking if one.what == "name"}
        names = any(
            said is not None and said[1].facts["other_name"] and who not in accepted
            for who in self.counting()
            for said in [self.newest(who)]
        )
        quote = QUOTED in self.roles() and self.life.word_on_quote() is not QuoteWord.APPROVED
        return not (waits or names or quote or self.in_doubt())

    def in_doubt(self) -> bool:
        """Whether a contest or a record of the lead could change what it is about: quote, sign-off, objection."""
        roles, counting, holds = self.roles(), self.counting(), self.rule.objections_hold
        for who in self.contested() & set(roles):
            said = self.newest(who)
            objected = said is not None and said[1].facts["kind"] is Kind.OBJECTION and self.in_time(who, said)
            if who == QUOTED or (holds and objected and roles[who] is Role.OPTIONAL):
                return True
        for who, (kind, at) in self.recorded().items():
            undone = who in counting and kind is not Kind.SIGN_OFF
            in_time = at <= self.deadline()
            objects = holds and kind is Kind.OBJECTION and in_time and roles.get(who) is Role.OPTIONAL
            if who in roles and (undone or objects):
                return True
        return False

    def time_is_up(self) -> bool:
        """The newest deadline was reached, and noted as such since it was set."""
        told = [one for one in self.asking if one.what in ("asked", "deadline", "reached")]
        return told[-1].what == "reached"

    def by_signing(self) -> bool:
        """All that must have signed, as many as must have, and nobody that holds objects."""
        roles, counting = self.roles(), self.counting()
        required = {who for who, role in roles.items() if role is Role.REQUIRED}
        others = {who for who in counting if roles[who] is Role.OPTIONAL}
        objecting = {who for who, became in self.standing(Kind.OBJECTION) if became != "gone"}
        if self.rule.objections_hold and objecting:
            return False
        enough = len(counting) >= self.rule.at_least and len(others) >= self.rule.others
        return required <= counting and enough and (self.time_is_up() or not self.rule.hold_open)

    def by_silence(self) -> bool:
        """The deadline passed without a word against it."""
        return self.time_is_up() and not self.broken()

    def broken(self) -> bool:
        """Whether anybody objected before the instant that was the deadline when it did."""
        until = self.asking[0].facts["until"]
        roles: dict[int, Role | None] = dict(self.asking[0].facts["roles"])
        for one in self.asking:
            if one.what == "deadline":
                until = one.facts["until"]
            if one.what == "part":
                roles[one.who] = one.facts["part"]
            objects = one.what in ("said", "recorded") and one.facts["kind"] is Kind.OBJECTION
            if objects and roles.get(one.who) is not Role.OBSERVER and one.at <= until:
                return True
        return False

    def standing_by(self) -> set[int]:
        """Who stands by a published text: those whose sign-offs counted, and came later, and have not withdrawn."""
        withdrawn = {one.who for one in self.asking if one.what == "withdrawal"}
        late = {one.who for one in self.asking if one.what == "late"}
        return (self.at_publication() | late) - withdrawn

    def at_publication(self) -> set[int]:
        """Whose sign-offs counted when it was published."""
        return self._then().counting()

    def _then(self) -> "Judge":
        """The judge as it was at the publication."""
        at = next(place for place, one in enumerate(self.life.heard) if one.what == "published")
        return Judge(Life(self.life.heard[: at + 1]), self.life.heard[at].at)

    def wrongly_published(self, names: Sequence[str]) -> list[str]:
        """What was wrong with the publication: not final, too early, or on sign-offs that held no more."""
        then = self._then()
        wrong = [] if then.complete() else ["it was not final"]
        if self.ending.how is Completion.EMBARGO and self.ending.embargo_at and then.now < self.ending.embargo_at:
            wrong.append("it was under embargo")
        for who in then.counting():
            said = then.newest(who)
            assert said is not None
            since = [one.at for one in then.asking[said[0] :] if one.who == who and one.what == "reconfirmed"]
            if then.now - max([said[1].at, *since]) > timedelta(days=self.ending.validity_days):
                wrong.append(f"the sign-off of {names[who]} held no more")
        return wrong
