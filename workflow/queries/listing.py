"""Looking at how the signatories of a statement are listed: the manner, and everybody with what the list says of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, case, select
from sqlalchemy.orm import Session

from workflow.models.circulation import Circulation, Signatory
from workflow.models.coalition import Organisation
from workflow.models.drafting import Statement
from workflow.models.history import Disclosure
from workflow.models.listing import ListedAs, Listing
from workflow.models.signing import Answer
from workflow.queries.circulation import Place, open_for, roll, standings
from workflow.queries.desk import statement_by_public_id
from workflow.rules.circulation import Kind, Role, Standing
from workflow.rules.lifecycle import Move
from workflow.rules.listing import (
    UNSAID,
    USUAL,
    Candidate,
    Entry,
    Manner,
    Order,
    Style,
    arranged,
    logo_beside,
    only_shown,
)
from workflow.text.collation import country_name, sort_key
from workflow.text.placeholders import counts_of, placeholders


def manner_of(session: Session, statement_id: int) -> Manner:
    """How the lead wants the signatories of a statement listed."""
    row = session.get(Listing, statement_id)
    return row.manner if row else USUAL


def said_of(session: Session, statement_id: int, organisation_id: int) -> tuple[Manner, Entry]:
    """The manner, and what the lead says of one organisation in the list (an entry without a name); by one query.

    Its logo is there where the manner shows logos.
    """
    row = session.execute(
        select(Listing, ListedAs, Organisation.logo)
        .select_from(Statement)
        .join(Organisation, Organisation.id == organisation_id)
        .outerjoin(Listing, Listing.statement_id == Statement.id)
        .outerjoin(ListedAs, and_(ListedAs.statement_id == Statement.id, ListedAs.organisation_id == organisation_id))
        .where(Statement.id == statement_id)
    ).one()
    manner, said = (row.Listing.manner if row.Listing else USUAL), row.ListedAs
    if said is None:
        return manner, only_shown(replace(UNSAID, logo=row.logo), manner.style)
    heading = said.section if manner.order is Order.SECTION and not said.individual else ""
    logo = "" if said.individual else row.logo
    return manner, only_shown(Entry("", said.acronym, heading, said.sign, said.individual, logo=logo), manner.style)


def candidates(
    session: Session, statement: Statement, circulation: Circulation, places: Sequence[Place], language: str = ""
) -> tuple[list[Candidate], Manner]:
    """Each of these places of one roll, with all that its place in the list depends on; and the manner. One query.

    As it is listed in the edition of `language`, or in the authoritative one.
    """
    content = circulation.revision.parsed
    edition = content.in_language(language)
    translation = content.short(edition)
    # Persons are looked at where they want to be listed, and nowhere else.
    person = (
        case((Answer.person_named.is_(True), one), else_=None) for one in (Answer.person_name, Answer.person_role)
    )
    answered = (Answer.kind.label("kind"), Answer.logo.label("agreed"), Organisation.logo.label("logo"))
    rows = session.execute(
        select(Signatory.id, Organisation.country, ListedAs, Listing, *answered)
        .add_columns(*(one.label(name) for one, name in zip(person, ("person_name", "person_role"), strict=True)))
        .join(Organisation, Organisation.id == Signatory.organisation_id)
        .outerjoin(
            ListedAs,
            and_(ListedAs.organisation_id == Signatory.organisation_id, ListedAs.statement_id == statement.id),
        )
        .outerjoin(Answer, Answer.id == Signatory.answer_id)
        .outerjoin(Listing, Listing.statement_id == statement.id)
        .where(Signatory.circulation_id == circulation.id)
    ).all()
    manner = rows[0].Listing.manner if rows and rows[0].Listing else USUAL
    said = {row.id: row for row in rows}
    found = [
        _candidate(
            place,
            said[place.signatory_id],
            place.naming.public_in(translation) if translation else place.public_name,
            edition.language,
            lead=place.organisation_id == statement.lead_id,
        )
        for place in places
    ]
    return found, manner


def _candidate(place: Place, row: Any, name: str, language: str, *, lead: bool) -> Candidate:
    said: ListedAs | None = row.ListedAs
    entry = Entry(name, person=row.person_name or "", role=row.person_role or "")
    if said is not None:
        entry = replace(entry, acronym=said.acronym, mark=said.sign, individual=said.individual)
    if row.logo and not (entry.individual or place.withheld):
        signed = row.kind == Kind.SIGN_OFF
        entry = replace(entry, logo=logo_beside(row.logo, row.agreed or "", signed=signed))
    return Candidate(
        signatory_id=place.signatory_id,
        organisation_id=place.organisation_id,
        entry=entry,
        country=country_name(row.country, language),
        section=said.section if said else "",
        number=said.number if said else None,
        lead=lead,
        withheld=place.withheld,
    )


def in_order(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    places: Sequence[Place],
    manner: Manner | None = None,
    language: str = "",
) -> tuple[list[Candidate], Manner]:
    """The same in the order in which they are listed, by `manner` or what the lead chose; and that."""
    found, chosen = candidates(session, statement, circulation, places, language)
    chosen = manner or chosen
    if chosen.style is Style.LOGOS and statement.slug:  # locked: what was frozen then, whatever came since
        frozen = frozen_logos(session, circulation.id)
        found = [replace(one, entry=replace(one.entry, logo=frozen.get(one.signatory_id, ""))) for one in found]
    found = [replace(one, entry=only_shown(one.entry, chosen.style)) for one in found]
    edition = circulation.revision.parsed.in_language(language)
    return arranged(found, chosen, sort_key(edition.language, article_ignored=chosen.article_ignored)), chosen


def translated_lists(
    session: Session, statement: Statement, circulation: Circulation, places: Sequence[Place]
) -> dict[str, dict[int, tuple[int, Entry]]]:
    """For each translation the place of every signatory in its list, from 1, and how it stands there; by their ids."""
    found = {}
    for edition in circulation.revision.parsed.translations:
        listed, _manner = in_order(session, statement, circulation, places, language=edition.language)
        found[edition.language] = {one.signatory_id: (at, one.entry) for at, one in enumerate(listed, start=1)}
    return found


def frozen_order(session: Session, circulation: Circulation, places: Sequence[Place]) -> list[tuple[Place, str | None]]:
    """Places of a locked roll in the order in which the lock has put them; who asked since not to be named, last.

    With each the commitment to the person who signed, where that one is listed.
    """
    chosen = select(Signatory.id, Signatory.listed_at, Signatory.person_commitment).where(
        Signatory.circulation_id == circulation.id
    )
    at = {row.id: row for row in session.execute(chosen)}
    ordered = sorted(places, key=lambda one: (one.withheld, at[one.signatory_id].listed_at or 0, one.public_name))
    return [(one, at[one.signatory_id].person_commitment) for one in ordered]


def frozen_logos(session: Session, circulation_id: int) -> dict[int, str]:
    """The logos that a lock has frozen, by the ids of the signatories; of a name that was taken back there is none."""
    rows = session.execute(
        select(Signatory.id, Disclosure.value)
        .join(Disclosure, Disclosure.commitment == Signatory.commitment)
        .where(Signatory.circulation_id == circulation_id)
    )
    return {id_: value["logo"] for id_, value in rows if value.get("logo")}


def frozen_manner(session: Session, statement: Statement, circulation: Circulation) -> dict[str, object]:
    """What a publication keeps of how it is listed: the style, and which commitments are of individuals."""
    individuals = [commitment for commitment, individual in _listed(session, statement, circulation) if individual]
    orders = _frozen_orders(session, circulation)
    return {
        "style": manner_of(session, statement.id).style.value,
        "individuals": sorted(individuals),
        **({"orders": orders} if orders else {}),
    }


def _frozen_orders(session: Session, circulation: Circulation) -> dict[str, list[str]]:
    """For each translation the commitments in the order in which the lock has put them; who is not named, last."""
    languages = circulation.revision.parsed.languages[1:]
    if not languages:
        return {}
    chosen = select(Signatory.commitment, Signatory.withheld, Signatory.listed_in).where(
        Signatory.circulation_id == circulation.id, Signatory.listed_at.is_not(None)
    )
    rows = session.execute(chosen).all()

    def order(language: str) -> list[str]:
        ranked = sorted(rows, key=lambda one: (one.withheld, (one.listed_in or {}).get(language, 0), one.commitment))
        return [one.commitment for one in ranked]

    return {language: order(language) for language in languages}


def frozen_counts(session: Session, statement: Statement, circulation: Circulation) -> dict[str, int] | None:
    """How many stood in the list when the text was locked, where the text has places for it."""
    if not any(placeholders(one) for one in circulation.revision.parsed.editions):
        return None
    individuals = [individual for _, individual in _listed(session, statement, circulation)]
    return counts_of(len(individuals) - sum(individuals), sum(individuals))


def _listed(session: Session, statement: Statement, circulation: Circulation) -> list[tuple[str, bool]]:
    """The commitment of everybody in the locked list, and whether it is an individual."""
    rows = session.execute(
        select(Signatory.commitment, ListedAs.individual)
        .outerjoin(
            ListedAs,
            and_(ListedAs.organisation_id == Signatory.organisation_id, ListedAs.statement_id == statement.id),
        )
        .where(Signatory.circulation_id == circulation.id, Signatory.listed_at.is_not(None))
    )
    return [(str(commitment), bool(individual)) for commitment, individual in rows]


@dataclass(frozen=True)
class ListingPage:
    """The list of a living circulation, to be arranged: all who are asked to sign, in order."""

    statement: Statement
    circulation: Circulation
    manner: Manner
    places: Sequence[Place]
    standings: Sequence[Standing]
    candidates: Sequence[Candidate]


def listing_page(session: Session, public_id: str, manner: Manner | None = None) -> ListingPage:
    """The list, by `manner` or what the lead chose. Raises WrongStage where nothing circulates."""
    statement = statement_by_public_id(session, public_id)
    circulation = open_for(session, statement, Move.ARRANGE)
    places = [one for one in roll(session, circulation.id) if one.role != Role.OBSERVER]
    found, chosen = in_order(session, statement, circulation, places, manner)
    return ListingPage(
        statement=statement,
        circulation=circulation,
        manner=chosen,
        places=places,
        standings=standings(circulation, places),
        candidates=found,
    )
