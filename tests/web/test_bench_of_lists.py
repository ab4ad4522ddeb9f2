"""The bench of long lists makes the pages that the server makes: it is run too seldom to be told by running it."""

from tests.bench import listings
from workflow.rules.listing import Style


def test_it_makes_a_page_in_every_style():
    entries = [one.entry for one in listings.candidates(7)]
    with listings.application() as app:
        for style in Style:
            made = listings.page(app, listings.published(entries, style))
            assert all(entry.name in made for entry in entries), style
