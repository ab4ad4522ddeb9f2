"""A slice of the orders that `make prove` takes at length: stale sign-offs never count."""

from tests.ground.databases import Database
from tests.prove import orders
from tests.prove.orders_on_database import random_orders


def test_in_every_order_the_rules_say_what_the_history_says():
    told = orders.every_order(3)
    assert told.violations == []
    assert told.runs == 13 + 13**2 + 13**3
    assert told.complete >= 3


def test_the_judge_knows_what_keeps_a_sign_off():
    signed = (("sign", 0), ("sign", 1), ("approve quote", 0))
    assert orders.judged(signed) == (True, {0, 1})
    assert orders.judged((*signed[:2], ("revise", 0), signed[2])) == (False, set())
    assert orders.judged((*signed[:2], ("editorial", 0), signed[2])) == (False, set())
    assert orders.judged((*signed[:2], ("editorial", 0), ("hours pass", 0), signed[2])) == (True, {0, 1})
    assert orders.judged((*signed[:2], ("hours pass", 0), ("editorial", 0), signed[2])) == (False, set())


def test_a_rule_that_forgets_stale_sign_offs_is_found(monkeypatch):
    monkeypatch.setattr(orders, "kept", lambda carried, in_force, text: [*carried, in_force, text + 1])
    monkeypatch.setattr(orders.Standing, "signed", property(lambda self: self.kind is orders.Kind.SIGN_OFF))
    assert orders.every_order(3).violations


def test_in_random_orders_only_what_counts_is_published(database: Database):
    told = random_orders(database.sessions, 1, 20)
    assert told.violations == []
    assert told.complete >= 5
