"""Publications for a crowd to look at, written straight into a database: how they came about is not measured."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, func, insert, select

from tests.bench import listings
from tests.builders import NOW
from workflow import db
from workflow.formats.record import PublicStatement
from workflow.models.accounts import User
from workflow.models.coalition import Coalition, Organisation
from workflow.models.drafting import Revision, Statement
from workflow.models.history import Disclosure
from workflow.models.public_files import PublicFile
from workflow.models.publication import Publication
from workflow.rules.listing import Manner, Style, arranged
from workflow.text.collation import sort_key

MOST_SECONDS_FOR_FILES = 600
LEAD = "Valley Coalition Office"


def signed_by(count: int) -> PublicStatement:
    """A publication with so many signatories, in their order."""
    entries = [one.entry for one in arranged(listings.candidates(count), Manner(), sort_key("en"))]
    return listings.published(entries, Style.LINE, salt=count * 100_000)


def fill(url: str, sizes: Sequence[int], statements: int) -> None:
    """One publication of each size at /statements/of-SIZE, and before them as many more as make up the number."""
    engine = db.engine_for(url)
    small = signed_by(7)
    with engine.begin() as connection:
        _lead(connection)
        made = 0
        for made in range(1, statements - len(sizes) + 1):
            _publish(connection, made, replace(small, slug=f"number-{made}"))
        for number, size in enumerate(sizes, start=made + 1):
            _publish(connection, number, replace(signed_by(size), slug=f"of-{size}"), disclosed=True)
    engine.dispose()


def wait_for_files(url: str) -> None:
    """Wait until the worker of a running installation has made the files of every publication."""
    engine = db.engine_for(url)
    missing = select(func.count()).where(Publication.statement_id.not_in(select(PublicFile.statement_id)))
    until = time.monotonic() + MOST_SECONDS_FOR_FILES
    while True:
        with engine.connect() as connection:
            if not connection.scalar(missing):
                break
        assert time.monotonic() < until, "the worker makes no files"
        time.sleep(0.5)
    engine.dispose()


def _lead(connection: Connection) -> None:
    connection.execute(insert(Organisation).values(id=1, name=LEAD, listed_name=LEAD, country=""))
    who = {"name": "Noor Example", "mail": "noor@lead.example", "language": "en", "time_zone": "UTC"}
    connection.execute(insert(User).values(id=1, organisation_id=1, generation=1, created_at=NOW, **who))
    connection.execute(insert(Coalition).values(id=1, lead_id=1, name="Valley"))


def _publish(connection: Connection, number: int, found: PublicStatement, *, disclosed: bool = False) -> None:
    at = NOW + timedelta(minutes=number)
    record = json.loads(found.record)["statement"]
    of = {"statement_id": number, "id": number}
    connection.execute(
        insert(Statement).values(
            id=number,
            public_id=f"crowd-{number}",
            lead_id=1,
            coalition_id=1,
            stage="published",
            slug=found.slug,
            revision_count=1,
            event_count=0,
            chain_head="c" * 64,
            created_at=at,
        )
    )
    text = {"content": json.dumps(record["content"]), "digest": record["digest"]}
    connection.execute(insert(Revision).values(number=1, created_at=at, created_by_id=1, **text, **of))
    connection.execute(
        insert(Publication).values(
            revision_id=number,
            slug=found.slug,
            headline=f"{number}: {found.edition.headline}",
            language="en",
            record=found.record,
            record_digest=found.record_digest,
            listing=json.dumps(found.listing),
            manner=found.manner,
            published_at=at,
            **of,
        )
    )
    if disclosed:
        rows = [{"commitment": one.commitment, "salt": one.salt, "value": one.value} for one in found.disclosures]
        connection.execute(insert(Disclosure), [{"statement_id": number, **row} for row in rows])
