"""Whole lives of statements at random, step by step by Hypothesis: after every step the invariants hold.

Hypothesis draws the chance of every step, so what does not hold is told by the shortest life that it still finds.
"""

from collections.abc import Callable
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy.orm import Session, sessionmaker

from tests.prove.walks import Told, Walk

STEPS = 32
# What hundreds of lives come to see, all of it: those that meet nothing prove nothing.
MET = (
    *("published", "retracted", "abandoned", "recall", "put in force", "extend", "decide name", "revoke", "invite"),
    *("sign-off", "objection", "decline", "abstain", "taken-back", "comment", "suggest", "fresh link", "ask to sign"),
    *("editorial", "objections over", "carried over", "conclude", "publish due", "press", "move embargo"),
    *("reconfirm", "withdraw", "sign-late", "withhold", "correction", "retraction", "fix name"),
    *("contest", "resolve", "record", "word", "word stands", "hand over", "decide colleague", "count late"),
    *("open page", "apply", "confirm application"),
    *("accept applications", "refuse applications", "undo applications", "contest application"),
    *("change part", "dropped", "demoted", "promoted", "add", "deadline reached"),
)
REFUSED = ("TextMoved", "LinkClosed", "LinkRevoked", "LinkReplaced", "WrongStage", "CodeWrong", "FormRefused")
CHANCES = st.integers(0, 2**48 - 1)


class LifeOnDatabase(RuleBasedStateMachine):
    """One statement on a database, from its first draft on, by the actions themselves."""

    def __init__(self, session: Session, number: int) -> None:
        super().__init__()
        self.session, self.number = session, number
        self.walk: Walk | None = None

    @initialize()
    def begin(self) -> None:
        """A coalition, and a draft."""
        self.walk = Walk(self.session, self.number)

    @rule(chance=CHANCES)
    def step(self, chance: int) -> None:
        """Anything, done by anybody; what it is follows from chance and from where the statement stands."""
        assert self.walk is not None
        # Hypothesis likes to draw one number again and again; with the step in it, that is another move each time.
        self.walk.chance.seed(f"{chance} {len(self.walk.done)}")
        self.walk.move()
        assert not self.walk.told.violations, self.walk.told.violations[0]

    def teardown(self) -> None:
        self.session.close()


def lives(machine: Callable[[int], RuleBasedStateMachine], number: int, first: int, steps: int) -> list[str]:
    """So many lives from the seed `first` on; gives the shortest that breaks something, in words, or nothing."""
    numbers = count(1)

    def begin() -> RuleBasedStateMachine:
        return machine(next(numbers))

    try:
        run_state_machine_as_test(
            seed(first)(begin),
            settings=settings(
                max_examples=number,
                stateful_step_count=steps,
                database=None,
                derandomize=False,  # the seed decides
                deadline=None,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            ),
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the walk looks for
        return [f"seed {first}: {one}" for one in _said(error)]
    return []


def _said(error: BaseException) -> list[str]:
    """What a failure says, with the life that led to it; several distinct ones each for itself."""
    if isinstance(error, BaseExceptionGroup):
        return [said for one in error.exceptions for said in _said(one)]
    return ["\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", [])])]


def on_database(
    sessions: sessionmaker[Session], first: int, number: int, say: Callable[[str], Any] = str, steps: int = STEPS
) -> Told:
    """So many lives on a migrated database; says how many as they pass. A seed can be lived once on a database."""
    told, running, passed = Told(), [], count(1)

    def close() -> None:
        if running and (walk := running.pop().walk) is not None:
            found = walk.end()
            told.met += found.met
            if found.violations:  # where Hypothesis cannot find it again, it is told all the same
                told.violations[:] = found.violations[:1]
            if (done := next(passed)) % 100 == 0:
                say(f"{done} of {number} lives, {told.met['published']} published")

    def begin(one: int) -> RuleBasedStateMachine:
        close()
        running.append(LifeOnDatabase(sessions(), first * 1_000_000 + one))
        return running[-1]

    told.violations += lives(begin, number, first, steps)
    close()
    return told
