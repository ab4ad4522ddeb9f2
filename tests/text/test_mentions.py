"""Names as they are looked for in words."""

import pytest

from tests.builders import EDITION
from workflow.text.content import Content
from workflow.text.mentions import named, names_in_content, names_in_edition


@pytest.mark.parametrize(
    "said",
    [
        "LAKESIDE relief",
        "Lakeside-Relief,",
        "www.lakeside-relief.example.org",
        "_Lakeside Relief_",
        "Lakeside\u00a0Relief",
    ],
)
def test_a_name_is_found_however_it_is_written(said):
    assert named(f"So says {said} today", ["Lakeside Relief"])
    assert not named(said.replace("elief", "elic"), ["Lakeside Relief"])


def test_what_is_very_short_names_nobody_and_nothing_is_no_name():
    assert not named("Aid is on its way", ["Aid", "", "***", "-----"])


def test_of_names_within_names_the_longer_one_counts():
    assert named("Lakeside Relief says", ["Lakeside Relief"], ["Relief"])
    assert not named("Lakeside Relief Society says", ["Lakeside Relief"], ["Lakeside Relief Society"])
    assert named("Lakeside Relief Society and Lakeside Relief", ["Lakeside Relief"], ["Lakeside Relief Society"])
    assert not named("Harbour Aid Harbour Aid", ["Harbour"], ["Harbour Aid"])
    assert not named("Harbour Aid", ["HARBOUR AID"], ["Harbour Aid"])


def test_each_field_of_an_edition_is_looked_at():
    assert names_in_edition(EDITION, ["Lakeside Relief"]) == ["quotes-0-organisation"]
    assert names_in_edition(EDITION, ["Seven organisations", "Nobody should walk"]) == ["headline", "quotes-0-text"]
    assert names_in_content(Content((EDITION,)), ["Lakeside Relief"])
    assert not names_in_content(Content((EDITION,)), ["Hillside Forum"])
