"""Whole lives on the pure rules: the rules see a roll as rows keep it, a second judge reads only what was said and when.

Both must say the same after every step: when the text is final, who then signed, and when it may be published.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.builders import NOW
from tests.prove.life import lives
from workflow.rules import noting
from workflow.rules.amending import check_change
from workflow.rules.circulation import Kind, Purpose, Role, Rule, Standing, check_rule, kept, missing, sentence
from workflow.rules.completion import Completion, Ending, check_ending, too_old
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.noting import LaterKind, Noted, NoteKind, Signed, check_late, check_note, check_withdrawal
from workflow.rules.quoting import QuoteWord
from workflow.rules.refusals import Message, Refusal
from workflow.rules.signing import Asked, Offered, check_answer, check_binds, unlocks, weigh

NAMES = ("Lakeside Relief", "Hillside Forum", "Harbour Aid", "Meadow Action")
HOURS = st.sampled_from((1, 1, 5, 23, 47, 200))
PLACES = st.integers(0, len(NAMES) - 1)
ROLES = st.sampled_from((Role.REQUIRED, Role.REQUIRED, Role.OPTIONAL, Role.OBSERVER))
KINDS = st.sampled_from((*(Kind.SIGN_OFF,) * 6, Kind.OBJECTION, Kind.DECLINE, Kind.ABSTAIN, Kind.TAKEN_BACK))
RULES = st.builds(
    Rule,
    at_least=st.sampled_from((0, 0, 0, 1, 2, 3)),
    objections_hold=st.booleans(),
    purpose=st.sampled_from((*(Purpose.SIGN_OFF,) * 5, Purpose.COMMENT)),
    editorial_hours=st.sampled_from((0, 6)),
    others=st.sampled_from((0, 0, 0, 1, 2)),
    hold_open=st.sampled_from((False, False, True)),
    silence=st.sampled_from((False, False, False, True)),
)
PART_TIME = st.sampled_from(Completion)
WORDS = st.sampled_from((QuoteWord.APPROVED, QuoteWord.APPROVED, QuoteWord.REWORDED, QuoteWord.REFUSED))
WAITED_FOR_IN_NAME = {"missing.waiting", "missing.stale", "missing.objects", "missing.declined", "missing.abstains"}


@dataclass(frozen=True)
class Answer:
    """What was said of which text, and when; `name` where another name than the registered one was asked for."""

    kind: Kind
    text: int
    at: datetime
    name: bool = False


@dataclass
class Line:
    """One signatory as a row keeps it."""

    role: Role
    answer: Answer | None = None
    name_accepted: bool = False
    confirmed_at: datetime | None = None
    on_it: bool = True


@dataclass
class Told:
    """How many lives were lived, what they met, and what does not hold."""

    runs: int = 0
    met: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
