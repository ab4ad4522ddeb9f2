"""Looking at publications: what is found, in which order, by how many queries, and what is never looked at."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.builders import NOW, circulate
from tests.formats.publishing import SEVEN, SEVEN_LISTED, TWIN, begin, publish, sign, take_back, titled
from workflow.queries import public_lists, public_standing, publication
from workflow.rules import listing
from workflow.text.content import Content
from workflow.text.digest import commitment, digest


class Counted:
    """How many statements a session's engine was sent."""

    def __init__(self, session):
        self.engine, self.statements = session.get_bind(), []

    def __enter__(self):
        event.listen(self.engine, "before_cursor_execute", self._count)
        return self.statements

    def __exit__(self, *_):
        event.remove(self.engine, "before_cursor_execute", self._count)

    def _count(self, connection, cursor, statement, parameters, context, executemany):
        if not statement.startswith(("BEGIN", "ROLLBACK", "SELECT 1")):
            self.statements.append(statement)


def test_a_publication_carries_all_that_is_public_about_it(session):
    slug = publish(session)
    found = publication.by_slug(session, slug)
    assert found.slug == slug == "valley-groups-condemn-the-closing-of-the-last-crossing"
    assert found.edition == TWIN
    assert found.digest == digest(Content((TWIN,)))
    assert found.record_digest == hashlib.sha256(found.record.encode()).hexdigest()
    assert found.published_at == NOW
    assert listing.line(found.names) == SEVEN_LISTED
    assert found.unnamed == 0
    assert [one.commitment for one in found.disclosures] == list(found.listing)
    assert all(commitment(one.salt, one.value) == one.commitment for one in found.disclosures)
    # Position in the record tells nothing.
    recorded = [one["commitment"] for one in found.values["signatories"]]
    assert recorded == sorted(found.listing)


def test_nobody_but_the_listed_is_looked_at(session):
    found = publication.by_slug(session, publish(session, ["Harbour Aid"]))
    assert [one.value for one in found.disclosures] == [{"listed_name": "Harbour Aid"}]
    assert "Person 0" not in repr(found)


def test_a_name_taken_back_is_counted_and_nowhere(session):
    slug = publish(session)
    before = publication.by_slug(session, slug)
    take_back(session, "Meadow4Valley")
    after = publication.by_slug(session, slug)
    assert "Meadow4Valley" not in repr(after)
    assert after.names == tuple(name for name in before.names if name != "Meadow4Valley")
    assert (after.unnamed, len(after.listing)) == (1, 7)
    assert (after.record, after.record_digest) == (before.record, before.record_digest)


@pytest.mark.parametrize("slug", ["", "unknown", "\0", "\ud800", "a/b", "%", "x" * 5000, "seven organisations"])
def test_no_other_address_finds_anything(session, slug):
    publish(session, ["Harbour Aid"])
    assert publication.by_slug(session, slug) is None


def test_what_is_not_published_is_not_found(session):
    made = circulate(begin(session, ["Harbour Aid", "Hillside Forum"]))
    sign(made, 0)
    for slug in (made.statement.public_id, "valley-groups-condemn-the-closing-of-the-last-crossing"):
        assert publication.by_slug(session, slug) is None
    assert public_lists.published(session, 1, 20) == ([], False)
    assert publication.newest(session, 20) == []


def test_the_list_is_newest_first_and_paged(session):
    slugs = [
        publish(
            session,
            SEVEN[: number + 1],
            titled(f"Statement {number}"),
            lead=f"Lead {number}",
            now=NOW + timedelta(hours=number),
        )
        for number in range(3)
    ]
    first, more = public_lists.published(session, 1, 2)
    assert ([one.slug for one in first], more) == ([slugs[2], slugs[1]], True)
    assert [(one.headline, one.signatories, one.language) for one in first] == [
        ("Statement 2", 3, "en"),
        ("Statement 1", 2, "en"),
    ]
    assert first[0].published_at == NOW + timedelta(hours=2)
    second, more = public_lists.published(session, 2, 2)
    assert ([one.slug for one in second], more) == ([slugs[0]], False)
    assert public_lists.published(session, 3, 2) == ([], False)
    assert [one.slug for one in publication.newest(session, 2)] == [slugs[2], slugs[1]]
    ids = publication.newest_ids(session, 2)
    assert ids == [one.statement_id for one in publication.newest(session, 2)]
    listed = {commitment for one in publication.newest(session, 2) for commitment in one.listing}
    assert public_standing.standing_now(session, ids) > listed
    assert public_standing.standing_now(session, ids) == public_standing.standing_now(
        session, ids[:1]
    ) | public_standing.standing_now(session, ids[1:])


def test_queries_do_not_grow_with_the_signatories(session):
    small = publish(session, SEVEN[:2], titled("Small"), lead="Small")
    large = publish(session, [f"Village Group {number:03}" for number in range(40)], titled("Large"), lead="Large")
    for slug in (small, large):
        with Counted(session) as sent:
            assert publication.by_slug(session, slug)
        assert len(sent) == 4
    with Counted(session) as sent:
        publication.newest(session, 20)
    assert len(sent) == 4
    with Counted(session) as sent:
        public_lists.published(session, 1, 20)
    assert len(sent) == 1
