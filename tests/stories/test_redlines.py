"""A slice of the pairs of texts that `make prove` compares at length."""

from tests.prove.redlines import SORTS, applied, read_off, round_trips
from workflow.text.redline import Change


def test_what_a_redline_shows_leads_from_the_old_text_to_the_new():
    told = round_trips(1, 100)
    assert told.violations == []
    # Pairs that are all alike would prove nothing.
    assert [sort for sort in (*SORTS, "mixed") if not told.met[f"{sort}, edited"]] == []
    assert sum(number for sort, number in told.met.items() if sort.endswith("unrelated")) > 5
    assert told.met["folds"] > 5


def test_what_is_wrong_with_a_redline_is_seen():
    shown = [Change("equal", "We "), Change("delete", "sign"), Change("insert", "signed"), Change("equal", ".")]
    assert applied("We sign.", shown) == "We signed."
    assert applied("We sign!", shown) is None
    assert applied("We sign. All.", shown) is None
    assert applied("We sign.", shown[:-1]) is None


def test_only_what_is_text_is_read_off():
    html = (
        '<p>1 change</p><div class="redline">a<del><i class="redline-aside">[removed: </i>b</del>'
        "&lt;<ins>c</ins></div>d"
    )
    assert read_off(html) == [
        Change("equal", "a"),
        Change("delete", "b"),
        Change("equal", "<"),
        Change("insert", "c"),
    ]
