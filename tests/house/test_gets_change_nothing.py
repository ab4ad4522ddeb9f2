"""GET and HEAD of every route, in every guise, over and over: not one row of a living database changes."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.builders import NOW
from tests.ground.application import Site, _site
from tests.web.living import Living, addresses, differing, dump, live, live_again, rules_with

GUISES = ("anonymous", "lead", "stranger", "link holder")
# How a mail scanner, a browser that fetches ahead, and a reader who comes back ask.
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"Sec-Purpose": "prefetch", "Purpose": "prefetch", "Accept-Language": "ar", "If-None-Match": "*"},
)


def clients(living: Living) -> dict[str, FlaskClient]:
    return {
        "anonymous": living.site.client(),
        "lead": living.signed_in(living.lead),
        "stranger": living.signed_in(living.stranger),
        "link holder": living.holder(*living.links),
    }


@pytest.fixture
def demo(database, tmp_path, monkeypatch):
    """Every route there is, those of a demo too, on both databases."""
    yield from _site(database, tmp_path, monkeypatch, demo=True)


def looked_at(site: Site, living: Living) -> list[str]:
    return [address for rule in rules_with(site, "GET") for address in addresses(living, rule)]


def test_no_get_and_no_head_changes_a_row(demo):
    living = live(demo)
    everybody = clients(living)
    paths = looked_at(demo, living)
    assert len(paths) > 300
    letters = sorted(file.name for file in (demo.settings.data_dir / "mail").iterdir())
    before = dump(demo)
    assert all(before[table] for table in ("answers", "comments", "letters", "events", "publications", "jobs"))
    met: dict[int, int] = {}
    # Which code runs for HEAD and for what a header says does not depend on the database.
    on_sqlite = demo.database.engine.dialect.name == "sqlite"
    methods = ("GET", "HEAD") if on_sqlite else ("GET",)
    for round_, headers in enumerate(HEADERS if on_sqlite else HEADERS[1:]):
        demo.at(NOW + timedelta(hours=round_))
        for guise in GUISES:
            for path in paths:
                for method in methods if not round_ else ("GET",):
                    answer = everybody[guise].open(path, method=method, headers=headers, buffered=True)
                    assert answer.status_code < 500, (guise, method, path)
                    met[answer.status_code] = met.get(answer.status_code, 0) + 1
            assert differing(before, dump(demo)) == [], f"a look as {guise} changed a row"
    # That the walk went through doors, and not only against them.
    assert {200, 302, 404, 410} <= set(met), met
    assert met[200] > 200
    assert sorted(file.name for file in (demo.settings.data_dir / "mail").iterdir()) == letters


def test_a_link_that_is_fetched_over_and_over_stays_good(site):
    living = live_again(site)
    client, path = site.client(), f"/sign/{living.token('newest')}"
    before = dump(site)
    for count in range(250):
        assert client.open(path, method=("GET", "HEAD")[count % 2]).status_code == 200
    assert differing(before, dump(site)) == []
