"""Sentences that Python makes for a page: a name that ends in a stop brings no second one, as in templates."""

import pytest
from flask_babel import gettext, lazy_gettext, ngettext, pgettext

NAME = "Rope Makers Inc."


@pytest.mark.parametrize(
    "say",
    [
        lambda: gettext("Asked: %(name)s.", name=NAME),
        lambda: str(lazy_gettext("Asked: %(name)s.", name=NAME)),
        lambda: ngettext("Asked: %(name)s.", "Asked: %(num)s of %(name)s.", 1, name=NAME),
        lambda: pgettext("of an organisation", "Asked: %(name)s.", name=NAME),
    ],
)
def test_a_name_that_ends_in_a_stop_brings_no_second_one(site, say):
    with site.app.test_request_context():
        assert say() == f"Asked: {NAME}"


def test_what_is_filled_in_stays_as_it_is(site):
    with site.app.test_request_context():
        assert gettext("Asked: %(name)s. Then wait.", name="Rope Makers") == "Asked: Rope Makers. Then wait."
        assert gettext("100 %") == "100 %"
        assert ngettext("%(num)s day.", "%(num)s days.", 3) == "3 days."
