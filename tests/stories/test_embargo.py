"""A slice of the proof of the embargo that `make prove` gives at length, and that it would notice a leak."""

import pytest
from sqlalchemy import event

from tests.prove import canary

# Beside other tests a process waits for the processor; what is promised is measured by `make prove`.
BUSY = 30.0


def test_nothing_before_the_instant_and_everything_at_once_after_it(database, tmp_path):
    told = canary.releases(database.sessions, database.url, tmp_path, 1, 1, whole_sweep=False, promised=BUSY)
    assert told.violations == []
    assert told.looked_at > 200


def test_it_notices_what_is_told_too_early(site, tmp_path):
    """With the embargoed text on an address for everybody, the same look goes red."""
    told = canary.Told()
    with site.session() as session:
        made = canary.embargoed(session, "Earlykestrel", canary.clock.now() + canary.timedelta(days=1))

    @site.app.get("/leak")
    def leak() -> str:
        return made.revision.parsed.authoritative.headline

    canary.sweep(site.client(), ["/leak"], ["Earlykestrel"], told)
    assert told.violations


@pytest.mark.parametrize("form", ["", ".json", "/states/0"])
def test_the_database_is_asked_the_same_for_an_embargoed_and_for_an_unknown_address(site, form):
    """As many questions for one as for the other: else the time would tell them apart."""
    asked: list[str] = []
    with site.session() as session:
        made = canary.embargoed(session, "Quietkestrel", canary.clock.now() + canary.timedelta(days=1))
    slug = canary.slug_of(made.revision.parsed.authoritative.headline)
    event.listen(site.app.extensions["undersigned"].engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    found = []
    site.client().get("/statements/whoever-asks-first")  # what changed is looked up before the first answer
    for name in (slug, canary.UNKNOWN):
        asked.clear()
        assert site.client().get(f"/statements/{name}{form}").status_code == 404
        found.append(list(asked))
    assert found[0] == found[1]
    assert found[0]
