"""The life of a statement: its stages and the literal table of moves between them."""

from dataclasses import dataclass
from enum import StrEnum

from workflow.rules.refusals import WrongStage


class Stage(StrEnum):
    """Where a statement stands in its life."""

    DRAFT = "draft"
    CIRCULATING = "circulating"
    LOCKED = "locked"
    PUBLISHED = "published"
    RETRACTED = "retracted"
    ABANDONED = "abandoned"


class Move(StrEnum):
    """What can be done to a statement as a whole."""

    REVISE = "revise"
    CIRCULATE = "circulate"
    PUT_IN_FORCE = "put in force"
    ANSWER = "answer"
    AMEND_ASKING = "amend the asking"
    ARRANGE = "arrange the list"
    CONCLUDE = "conclude"
    ASK_TO_SIGN = "ask to sign"
    RECALL = "recall"
    ABANDON = "abandon"
    LOCK = "lock"
    UNLOCK = "unlock"
    PUBLISH = "publish"
    NOTE = "note"
    RETRACT = "retract"


@dataclass(frozen=True)
class Step:
    """One line of the table: in `stage`, `move` leads to `to`."""

    stage: Stage
    move: Move
    to: Stage


# docs/lifecycle.md shows this table; a test of the house keeps the two equal.
MOVES = (
    Step(Stage.DRAFT, Move.REVISE, Stage.DRAFT),
    Step(Stage.DRAFT, Move.CIRCULATE, Stage.CIRCULATING),
    Step(Stage.DRAFT, Move.ABANDON, Stage.ABANDONED),
    Step(Stage.CIRCULATING, Move.REVISE, Stage.CIRCULATING),
    Step(Stage.CIRCULATING, Move.PUT_IN_FORCE, Stage.CIRCULATING),
    Step(Stage.CIRCULATING, Move.ANSWER, Stage.CIRCULATING),
    Step(Stage.CIRCULATING, Move.AMEND_ASKING, Stage.CIRCULATING),
    Step(Stage.CIRCULATING, Move.ARRANGE, Stage.CIRCULATING),
    Step(Stage.CIRCULATING, Move.CONCLUDE, Stage.DRAFT),
    Step(Stage.CIRCULATING, Move.ASK_TO_SIGN, Stage.CIRCULATING),
    Step(Stage.CIRCULATING, Move.RECALL, Stage.DRAFT),
    Step(Stage.CIRCULATING, Move.ABANDON, Stage.ABANDONED),
    Step(Stage.CIRCULATING, Move.LOCK, Stage.LOCKED),
    Step(Stage.LOCKED, Move.UNLOCK, Stage.CIRCULATING),
    Step(Stage.LOCKED, Move.PUBLISH, Stage.PUBLISHED),
    Step(Stage.PUBLISHED, Move.NOTE, Stage.PUBLISHED),
    Step(Stage.PUBLISHED, Move.RETRACT, Stage.RETRACTED),
    Step(Stage.RETRACTED, Move.NOTE, Stage.RETRACTED),
)
_TABLE = {(step.stage, step.move): step.to for step in MOVES}


def allows(stage: Stage, move: Move) -> bool:
    """Whether `move` can be made in `stage`."""
    return (stage, move) in _TABLE


def may_come(stage: Stage, move: Move) -> bool:
    """Whether `move` can be made in `stage` or in any that can follow it."""
    reached = {stage}
    while more := {step.to for step in MOVES if step.stage in reached} - reached:
        reached |= more
    return any(allows(one, move) for one in reached)


def after(stage: Stage, move: Move) -> Stage:
    """The stage that `move` leads to from `stage`. Raises WrongStage where the table has no such line."""
    try:
        return _TABLE[stage, move]
    except KeyError:
        raise WrongStage(stage=stage.value, move=move.value) from None
