"""The hash chain of events: a change, a deletion, an insertion and a swap are found, and where."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from workflow.text.chain import START, Link, body, broken_at, hash_after

facts = st.dictionaries(st.text(max_size=5), st.text(max_size=8) | st.integers(0, 9) | st.booleans(), max_size=3)
histories = st.lists(st.tuples(st.sampled_from(["revised", "answered", "locked"]), facts), min_size=1, max_size=8)


def chained(history: list[tuple[str, dict[str, object]]], statement: str = "s") -> list[Link]:
    links, previous = [], START
    for number, (kind, told) in enumerate(history, 1):
        text = body(statement, number, kind, "2027-03-01T09:00:00Z", told)
        links.append(Link(number, text, previous, hash_after(previous, text)))
        previous = links[-1].hash
    return links


def places(links: list[Link]) -> st.SearchStrategy[int]:
    return st.integers(0, len(links) - 1)


@given(histories)
def test_a_history_as_written_holds(history):
    assert broken_at(chained(history)) is None


def test_no_history_holds():
    assert broken_at([]) is None


@given(histories, st.data())
def test_a_changed_event_is_found_where_it_stands(history, data):
    links = chained(history)
    at = data.draw(places(links))
    changed = data.draw(st.text(max_size=40).filter(lambda text: text != links[at].body))
    links[at] = replace(links[at], body=changed)
    assert broken_at(links) == at + 1


@given(histories, st.data())
def test_a_changed_event_with_its_hash_made_again_is_found_at_the_next(history, data):
    links = chained([*history, ("published", {})])
    at = data.draw(st.integers(0, len(links) - 2))
    text = links[at].body + " "
    links[at] = replace(links[at], body=text, hash=hash_after(links[at].previous, text))
    assert broken_at(links) == at + 2


@given(histories, st.data())
def test_a_changed_hash_is_found(history, data):
    links = chained(history)
    at = data.draw(places(links))
    field = data.draw(st.sampled_from(["previous", "hash"]))
    links[at] = replace(links[at], **{field: "f" * 64})
    assert broken_at(links) == at + 1


@given(histories, st.data())
def test_a_missing_event_is_found(history, data):
    links = chained([*history, ("published", {})])
    at = data.draw(st.integers(0, len(links) - 2))  # a cut tail shows in the receipts, not in the chain
    del links[at]
    assert broken_at(links) == at + 1
    renumbered = [replace(link, number=number) for number, link in enumerate(links, 1)]
    assert broken_at(renumbered) == at + 1


@given(histories, st.data())
def test_an_inserted_event_is_found(history, data):
    links = chained(history)
    at = data.draw(places(links))
    text = body("s", at + 1, "answered", "2027-03-01T09:00:00Z", {"inserted": True})
    links.insert(at, Link(at + 1, text, links[at].previous, hash_after(links[at].previous, text)))
    assert broken_at(links) == at + 2
    renumbered = [replace(link, number=number) for number, link in enumerate(links, 1)]
    assert broken_at(renumbered) == at + 2


@given(histories, st.data())
def test_swapped_events_are_found(history, data):
    links = chained([*history, ("published", {})])
    first = data.draw(st.integers(0, len(links) - 2))
    second = data.draw(st.integers(first + 1, len(links) - 1))
    links[first], links[second] = links[second], links[first]
    assert broken_at(links) == first + 1
    renumbered = [replace(link, number=number) for number, link in enumerate(links, 1)]
    assert broken_at(renumbered) == first + 1


@given(histories)
def test_an_event_belongs_to_its_statement_and_number(history):
    ours, theirs = chained(history, "ours"), chained(history, "theirs")
    assert all(one.hash != other.hash for one, other in zip(ours, theirs, strict=True))


def test_the_order_of_facts_does_not_matter():
    assert body("s", 1, "k", "t", {"a": 1, "b": 2}) == body("s", 1, "k", "t", {"b": 2, "a": 1})


def test_hashes_do_not_run_into_bodies():
    assert hash_after("a" * 63, "ab") != hash_after("a" * 64, "b")


@given(histories, st.data())
def test_an_event_that_took_another_number_is_found(history, data):
    links = chained(history)
    at = data.draw(places(links))
    links[at] = replace(links[at], number=data.draw(st.integers(0, 20).filter(lambda number: number != at + 1)))
    assert broken_at(links) == at + 1


@given(histories, st.data())
def test_a_changed_past_changes_every_hash_after_it(history, data):
    """Who rewrites one event has to rewrite all that follow, up to the head that receipts carry."""
    links = chained([*history, ("published", {})])
    at = data.draw(st.integers(0, len(links) - 2))
    text = links[at].body + " "
    links[at] = replace(links[at], body=text, hash=hash_after(links[at].previous, text))
    links[at + 1] = replace(links[at + 1], previous=links[at].hash)
    assert broken_at(links) == at + 2
