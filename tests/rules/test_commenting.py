"""What becomes of remarks, what an objection amounts to, and who sees whose."""

from itertools import product

import pytest

from workflow.rules.circulation import Visibility
from workflow.rules.commenting import (
    LONGEST_REMARK,
    Disposition,
    Objection,
    check_disposition,
    check_remark,
    objection_now,
    sees,
    stricter,
)
from workflow.rules.refusals import FormRefused


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("visibility", Visibility)
def test_own_remarks_are_seen_always_and_others_as_was_chosen(visibility, own):
    sight = sees(visibility, own=own)
    assert sight.words == (own or visibility != Visibility.NOTHING)
    assert sight.names == (own or visibility == Visibility.EVERYTHING)


def test_of_two_visibilities_the_one_that_shows_less_holds():
    for one, other in product(Visibility, repeat=2):
        both = stricter(one, other)
        assert sees(both, own=False).words == (sees(one, own=False).words and sees(other, own=False).words)
        assert sees(both, own=False).names == (sees(one, own=False).names and sees(other, own=False).names)


@pytest.mark.parametrize(
    ("chosen", "reason", "field"),
    [
        ("", "", "disposition"),
        ("perhaps", "", "disposition"),
        ("partly", "", "reason"),
        ("declined", "", "reason"),
        ("accepted", "x" * (LONGEST_REMARK + 1), "reason"),
    ],
)
def test_a_disposition_lacks_nothing(chosen, reason, field):
    with pytest.raises(FormRefused) as refused:
        check_disposition(chosen, reason)
    assert set(refused.value.problems) == {field}


def test_only_accepting_goes_without_a_reason():
    assert check_disposition("accepted", "") is Disposition.ACCEPTED
    assert check_disposition("partly", "Half of it.") is Disposition.PARTLY
    assert check_disposition("declined", "No room.") is Disposition.DECLINED


@pytest.mark.parametrize(
    ("kind", "name", "text", "proposed", "exact", "fields"),
    [
        ("comment", "Ada", "Words.", "", None, set()),
        ("comment", "Ada", "Words.", "", "forty", set()),
        ("comment", "", "", "", None, {"person_name", "text"}),
        ("comment", "Ada", "x" * (LONGEST_REMARK + 1), "", None, {"text"}),
        ("reply", "Ada", "", "", None, {"text"}),
        ("objection", "Ada", "We object.", "", None, {"kind"}),
        ("suggestion", "Ada", "", "fifty", "forty", set()),
        ("suggestion", "Ada", "", "fifty", None, {"passage"}),
        ("suggestion", "Ada", "", "x" * (LONGEST_REMARK + 1), "forty", {"proposed"}),
        ("suggestion", "Ada", "Why not?", " forty\ndays ", "forty days", {"proposed"}),
        ("suggestion", "Ada", "", "", "forty", {"text"}),
        ("suggestion", "Ada", "Strike it, it is wrong.", "", "forty", set()),
    ],
)
def test_a_remark_lacks_nothing(kind, name, text, proposed, exact, fields):
    if not fields:
        check_remark(kind, name, text, proposed, exact)
        return
    with pytest.raises(FormRefused) as refused:
        check_remark(kind, name, text, proposed, exact)
    assert set(refused.value.problems) == fields


@pytest.mark.parametrize(
    ("newest_id", "newest", "in_force", "amounts_to"),
    [
        (7, "objection", True, Objection.STANDS),
        (7, "objection", False, Objection.EARLIER),
        (8, "taken-back", True, Objection.TAKEN_BACK),
        (8, "taken-back", False, Objection.TAKEN_BACK),
        (8, "sign-off", True, Objection.ANSWERED),
        (8, "objection", True, Objection.ANSWERED),
    ],
)
def test_what_an_objection_amounts_to(newest_id, newest, in_force, amounts_to):
    assert objection_now(7, newest_id, newest, in_force=in_force) is amounts_to
