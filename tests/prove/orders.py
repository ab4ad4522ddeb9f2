"""Every order in which three signatories and the lead can act: what counts is what the whole history says counts.

The rules see a roll as rows keep it, step by step. Beside them a second judge, which knows nothing of rolls, reads
the history from its beginning. Both must say the same of every order: when the text locks, and who then signed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from workflow.rules.circulation import Kind, Role, Rule, Standing, kept
from workflow.rules.quoting import QuoteWord
from workflow.rules.signing import weigh

# The first two are required, and the quote is the first one's; the third is optional.
ROLES = (Role.REQUIRED, Role.REQUIRED, Role.OPTIONAL)
NAMES = ("Lakeside Relief", "Hillside Forum", "Harbour Aid")
RULE = Rule(editorial_hours=6)

Step = tuple[str, int]
STEPS: tuple[Step, ...] = (
    *(("sign", at) for at in range(3)),
    *(("object", at) for at in range(3)),
    *(("take back", at) for at in range(3)),
    ("revise", 0),
    ("editorial", 0),
    ("hours pass", 0),
    ("approve quote", 0),
)
KINDS = {"sign": Kind.SIGN_OFF, "object": Kind.OBJECTION, "take back": Kind.TAKEN_BACK}


@dataclass
class Told:
    """How many orders were looked at, how many locked, and what does not hold."""

    runs: int = 0
    complete: int = 0
    longest: int = 0
    violations: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Rows:
    """What rows keep of one circulation: the text in force, what it keeps, and where each signatory stands."""

    text: int = 1
    carried: tuple[int, ...] = ()
    contestable: bool = False
    answers: tuple[tuple[Kind, int] | None, ...] = (None, None, None)
    quote: QuoteWord = QuoteWord.WAITING

    def after(self, step: Step) -> "Rows":
        """The rows after a step."""
        what, at = step
        if what in KINDS:
            answers = (*self.answers[:at], (KINDS[what], self.text), *self.answers[at + 1 :])
            return replace(self, answers=answers)
        if what == "revise":  # another quote, too
            return replace(self, text=self.text + 1, carried=(), contestable=False, quote=QuoteWord.WAITING)
        if what == "editorial":
            carried = tuple(kept(self.carried, self.text, self.text + 1))
            return replace(self, text=self.text + 1, carried=carried, contestable=True)
        if what == "hours pass":
            return replace(self, contestable=False)
        return replace(self, quote=QuoteWord.APPROVED)

    def roll(self) -> list[Standing]:
        """The same as the rules weigh it."""
        return [
            Standing(
                name,
                role,
                kind=answer[0] if answer else None,
                current=answer is None or answer[1] == self.text,
                carried=answer is not None and answer[1] in self.carried,
                contestable=self.contestable,
                quotes=(self.quote,) if not at else (),
            )
            for at, (name, role, answer) in enumerate(zip(NAMES, ROLES, self.answers, strict=True))
        ]


def judged(history: tuple[Step, ...]) -> tuple[bool, set[int]]:
    """Whether the text locks after this history, and whose sign-offs count: read off the history alone."""
    changes = [(at, step[0]) for at, step in enumerate(history) if step[0] in ("revise", "editorial")]
    passed = [at for at, step in enumerate(history) if step[0] == "hours pass"]
    counting, waited_for = set(), False
    for signatory in range(3):
        said = [(at, step[0]) for at, step in enumerate(history) if step[0] in KINDS and step[1] == signatory]
        if not said or said[-1][1] != "sign":
            continue
        since = [(at, what) for at, what in changes if at > said[-1][0]]
        if any(what == "revise" for _, what in since):
            continue
        if since and not any(at > since[-1][0] for at in passed):
            waited_for = True  # it may still object
            continue
        counting.add(signatory)
    revised = max((at for at, what in changes if what == "revise"), default=-1)
    approved = any(step[0] == "approve quote" for step in history[revised + 1 :])
    return {0, 1} <= counting and approved and not waited_for, counting


def every_order(longest: int) -> Told:
    """All orders of up to `longest` steps; one that has locked goes no further."""
    told = Told(longest=longest)
    for history, rows in _orders((), Rows(), longest):
        told.runs += 1
        complete, counting = judged(history)
        roll = rows.roll()
        verdict = weigh(RULE, roll)
        if verdict.complete != complete or {at for at, one in enumerate(roll) if one.signed} != counting:
            told.violations.append(f"{history}: the rules say {verdict}, the history {complete} with {counting}")
        told.complete += complete
    return told


def _orders(history: tuple[Step, ...], rows: Rows, left: int) -> Iterator[tuple[tuple[Step, ...], Rows]]:
    if not left or weigh(RULE, rows.roll()).complete:
        return
    for step in STEPS:
        further, after = (*history, step), rows.after(step)
        yield further, after
        yield from _orders(further, after, left - 1)
