"""The table of moves: what leads where, and that nothing else is allowed."""

import pytest

from workflow.rules.lifecycle import MOVES, Move, Stage, after, allows, may_come
from workflow.rules.refusals import WrongStage

ALLOWED = {
    "draft": {"revise": "draft", "circulate": "circulating", "abandon": "abandoned"},
    "circulating": {
        "revise": "circulating",
        "put in force": "circulating",
        "answer": "circulating",
        "amend the asking": "circulating",
        "arrange the list": "circulating",
        "conclude": "draft",
        "ask to sign": "circulating",
        "recall": "draft",
        "abandon": "abandoned",
        "lock": "locked",
    },
    "locked": {"unlock": "circulating", "publish": "published"},
    "published": {"note": "published", "retract": "retracted"},
    "retracted": {"note": "retracted"},
    "abandoned": {},
}


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("move", Move)
def test_each_move_in_each_stage(stage: Stage, move: Move):
    to = ALLOWED[stage.value].get(move.value)
    assert allows(stage, move) is (to is not None)
    if to is None:
        with pytest.raises(WrongStage) as refused:
            after(stage, move)
        assert refused.value.params == {"stage": stage.value, "move": move.value}
    else:
        assert after(stage, move) is Stage(to)


def test_a_line_stands_once_in_the_table():
    assert len({(step.stage, step.move) for step in MOVES}) == len(MOVES)


def test_only_the_lock_leads_to_publishing():
    led = [step for step in MOVES if step.stage is not step.to]
    assert {step.stage for step in led if step.to is Stage.PUBLISHED} == {Stage.LOCKED}
    assert {(step.stage, step.move) for step in MOVES if step.to is Stage.LOCKED} == {(Stage.CIRCULATING, Move.LOCK)}


def test_a_text_is_closed_for_good_where_no_way_leads_back_to_changing_it():
    assert {stage for stage in Stage if may_come(stage, Move.REVISE)} == {
        Stage.DRAFT,
        Stage.CIRCULATING,
        Stage.LOCKED,
    }
    assert may_come(Stage.DRAFT, Move.PUBLISH), "by two moves in between"
    assert not may_come(Stage.ABANDONED, Move.PUBLISH)
