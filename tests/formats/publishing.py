"""Publications for the tests of what is public: one call from names and a text to a public record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests.builders import EDITION, LINKS, NOW, World, circulate, offered, world
from workflow.actions import signing
from workflow.formats.reading import Saying
from workflow.models.coalition import Organisation
from workflow.models.history import Disclosure
from workflow.models.publication import Publication
from workflow.text.content import Edition, MediaContact

# Seven names whose order tells word by word from letter by letter, and whose article is not looked at.
SEVEN = (
    "Lakesider Weekly",
    "Lakeside Relief",
    "The Orchard Trust",
    "Harbour for Peace",
    "Lakeside Zebra Union",
    "Northern Lights Society",
    "Meadow4Valley",
)
SEVEN_LISTED = (
    "Harbour for Peace • Lakeside Relief • Lakeside Zebra Union • Lakesider Weekly • Meadow4Valley • "
    "Northern Lights Society • The Orchard Trust"
)


def _plural(one: str, many: str, number: int, /, **values: object) -> str:
    return (one if number == 1 else many) % {"num": number, **values}


# English as it is written in the code.
PLAIN = Saying(str, _plural)
# The shape of a real press release: links that lead nowhere yet, one bold word, an italic quote in the text.
TWIN = Edition(
    language="en",
    kind="press-release",
    label="Press Release",
    date="2027-02-28",
    headline="Valley groups condemn the closing of the last crossing",
    lead_paragraph="Groups across the valley condemn the closing of the last crossing on 26 February.",
    body=(
        "The closing is not only a breach of [Valley Charter Article 9](#) but also of a local agreement.\n\n"
        "Reports suggest that it is [helping](#), rather than [impeding](#), the floods.\n\n"
        "Ada Example from Lakeside Relief says: *‘Nobody should walk nine hours to a doctor.’*\n\n"
        "The council **must** reopen it in any way possible."
    ),
    ends="ENDS",
    notes="The crossing carried 4,100 people in one winter.",
    contacts=(MediaContact("Ada Example", "Press officer", "press@lakeside.example.org", "+44 1632 960001"),),
)
TWIN_WORDS = (
    "Press Release",
    "28 February 2027",
    "Valley groups condemn the closing of the last crossing",
    "Groups across the valley condemn the closing of the last crossing on 26 February.",
    "The closing is not only a breach of Valley Charter Article 9 but also of a local agreement.",
    "Reports suggest that it is helping, rather than impeding, the floods.",
    "Ada Example from Lakeside Relief says: ‘Nobody should walk nine hours to a doctor.’",
    "The council must reopen it in any way possible.",
    "ENDS",
)


def begin(
    session: Session,
    names: Sequence[str],
    edition: Edition = TWIN,
    lead: str = "Valley Coalition",
    translations: Sequence[Edition] = (),
) -> World:
    """A draft of a coalition whose members have these names."""
    made = world(session, len(names), edition, lead, translations)
    for member, name in zip(made.members, names, strict=True):
        session.execute(update(Organisation).where(Organisation.id == member.id).values(listed_name=name))
        member.listed_name = name
    session.commit()
    return made


def publish(
    session: Session,
    names: Sequence[str] = SEVEN,
    edition: Edition = TWIN,
    *,
    lead: str = "Valley Coalition",
    now: datetime = NOW,
) -> str:
    """A publication signed by all these names; gives its slug."""
    made = circulate(begin(session, names, edition, lead), now=now)
    for index in range(len(names)):
        sign(made, index, now)
    slug = session.scalar(select(Publication.slug).where(Publication.statement_id == made.statement.id))
    session.rollback()
    assert slug is not None
    return slug


def sign(made: World, index: int, now: datetime = NOW) -> None:
    """The sign-off of the signatory at `index`."""
    invitation = made.invitations[index]
    signing.answer(made.session, LINKS, now, invitation.id, invitation.generation, offered(made, index))


def take_back(session: Session, name: str) -> None:
    """Erase every disclosure of a listed name, as when it becomes withheld."""
    for row in session.scalars(select(Disclosure)).all():
        if row.value.get("listed_name") == name:
            session.execute(delete(Disclosure).where(Disclosure.commitment == row.commitment))
    session.commit()


def titled(headline: str, edition: Edition = EDITION) -> Edition:
    """An edition under another headline."""
    return replace(edition, headline=headline)
