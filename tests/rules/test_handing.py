"""Handing over: to whom, and which addresses the lead has to look at."""

import pytest

from workflow.rules.handing import Colleague, check_colleague, foreign_domain
from workflow.rules.refusals import FormRefused


def test_nobody_and_oneself_are_refused():
    with pytest.raises(FormRefused) as refused:
        check_colleague(Colleague("", ""), "ada@lake.example.org")
    assert set(refused.value.problems) == {"name", "mail"}
    with pytest.raises(FormRefused) as refused:
        check_colleague(Colleague("Ada", "ADA@lake.example.org"), "ada@lake.example.org")
    assert refused.value.problems["mail"].id == "handing-to-oneself"
    check_colleague(Colleague("Bo", "bo@lake.example.org"), "ada@lake.example.org")


@pytest.mark.parametrize(
    ("mail", "foreign"),
    [
        ("bo@lake.example.org", False),
        ("bo@LAKE.example.org.", False),
        ("bo@press.lake.example.org", False),
        ("bo@hill.example.net", False),
        ("bo@example.org", True),
        ("bo@snowlake.example.org", True),
        ("bo@lake.example.com", True),
    ],
)
def test_another_mail_domain_is_told_from_a_part_of_a_registered_one(mail, foreign):
    assert foreign_domain(mail, ["ada@lake.example.org", "cy@hill.example.net"]) is foreign


def test_domains_are_compared_in_one_form():
    assert not foreign_domain("bo@xn--sjn-tna.example.org", ["ada@sjön.example.org"])
