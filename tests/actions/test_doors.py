"""Every door to the lock, under every rule, in every stage: each cell of the tables, tried on a database."""

from itertools import product

import pytest

from tests.prove import doors


@pytest.mark.parametrize("rule", doors.RULES)
def test_every_door_under_a_rule_while_it_circulates(database, rule):
    told = doors.expected(rule, "circulating")
    assert set(told) == set(doors.DOORS)
    assert doors.found(database.sessions, rule, "circulating", told) == told


@pytest.mark.parametrize(("rule", "stage"), list(product(doors.RULES, doors.STAGES)))
def test_every_door_under_a_rule_in_the_other_stages(sqlite_database, rule, stage):
    told = doors.expected(rule, stage)
    assert set(told) in (set(doors.DOORS), set())
    assert doors.found(sqlite_database.sessions, rule, stage, told) == told
