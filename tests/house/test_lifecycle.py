"""docs/lifecycle.md shows the very table that rules/lifecycle.py decides by."""

import re

from tests.house.reading import ROOT
from workflow.rules.lifecycle import MOVES, Stage


def test_the_documented_table_is_the_table():
    text = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\|\s*([a-z ]+?)\s*\|\s*([a-z -]+?)\s*\|\s*([a-z ]+?)\s*\|", text, re.M)
    assert rows[0] == ("stage", "move", "to")
    documented = rows[1:]
    assert documented == [(step.stage.value, step.move.value, step.to.value) for step in MOVES]
    assert len(documented) >= 10


def test_every_stage_is_explained():
    text = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    assert [stage for stage in Stage if f"**{stage.value}**" not in text] == []
