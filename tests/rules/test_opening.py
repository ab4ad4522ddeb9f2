"""What must be said to ask to sign, how old a form may be, where an application stands."""

from datetime import UTC, datetime, timedelta

import pytest

from workflow.rules.circulation import Purpose
from workflow.rules.opening import (
    FORM_LIFE,
    Asks,
    FormTooOld,
    Standing,
    TooQuick,
    check_asks,
    check_form_age,
    check_opening,
    standing_of,
)
from workflow.rules.refusals import FormRefused, NothingToSign

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
WHOLE = {
    "digest": "0" * 64,
    "name": "Ferry Circle",
    "country": "Valley Republic",
    "person_name": "Nia",
    "person_role": "Chair",
    "mail": "nia@ferry.example.org",
    "individual": False,
    "authority": True,
}


@pytest.mark.parametrize("field", ["name", "country", "person_name", "person_role", "mail"])
def test_each_field_is_needed(field):
    with pytest.raises(FormRefused) as refused:
        check_asks(Asks(**{**WHOLE, field: ""}))
    assert set(refused.value.problems) == {field}


def test_a_person_has_no_role_to_name():
    check_asks(Asks(**{**WHOLE, "individual": True, "person_role": "", "person_name": ""}))


def test_nothing_is_chosen_or_ticked_for_anybody():
    with pytest.raises(FormRefused) as refused:
        check_asks(Asks(**{**WHOLE, "individual": None, "authority": False}))
    assert set(refused.value.problems) == {"individual", "authority"}


@pytest.mark.parametrize(
    ("age", "refusal"),
    [
        (timedelta(seconds=0), TooQuick),
        (timedelta(seconds=3, milliseconds=999), TooQuick),
        (timedelta(seconds=4), None),
        (FORM_LIFE, None),
        (FORM_LIFE + timedelta(seconds=1), FormTooOld),
        (timedelta(seconds=-1), FormTooOld),
    ],
)
def test_a_form_is_neither_too_new_nor_too_old(age, refusal):
    if refusal is None:
        check_form_age(NOW - age, NOW)
    else:
        with pytest.raises(refusal):
            check_form_age(NOW - age, NOW)


def test_a_page_is_opened_only_knowingly_and_where_something_is_signed():
    check_opening(Purpose.SIGN_OFF, understood=True)
    with pytest.raises(FormRefused):
        check_opening(Purpose.SIGN_OFF, understood=False)
    with pytest.raises(NothingToSign):
        check_opening(Purpose.COMMENT, understood=True)


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ((False, False, None, True), Standing.UNCONFIRMED),
        ((False, False, None, False), Standing.UNCONFIRMED),
        ((True, False, None, True), Standing.WAITING),
        ((True, False, None, False), Standing.STALE),
        ((True, False, "accepted", False), Standing.ACCEPTED),
        ((True, False, "refused", True), Standing.REFUSED),
        ((True, True, "accepted", True), Standing.CONTESTED),
        ((True, True, None, False), Standing.CONTESTED),
    ],
)
def test_where_an_application_stands(facts, standing):
    confirmed, contested, decision, current = facts
    assert standing_of(confirmed=confirmed, contested=contested, decision=decision, current=current) is standing
