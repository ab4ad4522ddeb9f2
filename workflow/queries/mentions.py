"""Looking at who of a roll is named in words that stand in public, or are to stand there."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from workflow.models.circulation import Circulation, Signatory
from workflow.models.coalition import Contact, Organisation
from workflow.models.signing import Answer
from workflow.models.translations import Translation
from workflow.text.content import Content, Edition
from workflow.text.digest import parse
from workflow.text.mentions import named, names_in_content, names_in_edition


@dataclass(frozen=True)
class Known:
    """By what an organisation can be told: its names in every language, and the domains of its mail."""

    organisation_id: int
    names: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)

    @property
    def all(self) -> set[str]:
        return self.names | self.domains


@dataclass(frozen=True)
class StillNamed:
    """Where published words name an organisation: in the text that was signed, in translations that were added since
    (their languages). No list has to do with it."""

    signed: bool = False
    added: tuple[str, ...] = ()


def known_on(session: Session, circulation_id: int, *narrowed: ColumnElement[bool]) -> dict[int, Known]:
    """By what those on a roll can be told, by signatory; who was taken off it is among them. Three queries."""
    chosen = (Signatory.circulation_id == circulation_id, *narrowed)
    listed = (Organisation.name, Organisation.listed_name, Organisation.listed_names)
    rows = session.execute(
        select(Signatory.id, Signatory.organisation_id, Signatory.name, Signatory.names, *listed)
        .join(Organisation, Organisation.id == Signatory.organisation_id)
        .where(*chosen)
    )
    found = {}
    for id_, organisation_id, name, names, *registered, in_languages in rows:
        found[id_] = Known(organisation_id, {name, *registered, *_values(names), *_values(in_languages)} - {""})
    if not found:
        return found
    said = select(Signatory.id, Answer.listed_name, Answer.names).join(Answer, Answer.signatory_id == Signatory.id)
    for id_, name, names in session.execute(said.where(*chosen)):
        found[id_].names.update({name, *_values(names)} - {""})
    mails = select(Signatory.id, Contact.mail).join(Contact, Contact.organisation_id == Signatory.organisation_id)
    for id_, mail in session.execute(mails.where(*chosen)):
        found[id_].domains.add(mail.rpartition("@")[2])
    return found


def _values(names: Mapping[str, str] | None) -> Iterable[str]:
    return (names or {}).values()


def known_withheld(session: Session, circulation_id: int) -> dict[int, Known]:
    """The same of those who signed and are not to be named."""
    return known_on(session, circulation_id, Signatory.withheld.is_(True), Signatory.commitment.is_not(None))


def names_withheld(session: Session, circulation_id: int, texts: Iterable[str], but: Collection[str] = ()) -> list[str]:
    """Which of these texts name somebody of a roll who signed and is not to be named; `but` may stand in them."""
    known = known_withheld(session, circulation_id)
    names = {name for one in known.values() for name in one.all}
    return [text for text in texts if named(text, names, but)]


def names_others(session: Session, signatory: Signatory, text: str, but: Collection[str]) -> bool:
    """Whether words name any other organisation of a roll, named or not, whatever it answered: so what is refused tells
    nothing of who is withheld. `but` are one's own names, as far as they may stand there."""
    known = known_on(session, signatory.circulation_id, Signatory.organisation_id != signatory.organisation_id)
    return named(text, {name for one in known.values() for name in one.all}, but)


def translation_naming(
    session: Session, circulation_id: int, signed: Content, edition: Edition
) -> tuple[list[str], bool]:
    """In which fields of a translation somebody who is not to be named stands and the signed text does not name it; and
    whether the translation names somebody whom the signed text does name."""
    fields: dict[str, None] = {}
    as_signed = False
    for one in known_withheld(session, circulation_id).values():
        here = names_in_edition(edition, one.names)
        if here and names_in_content(signed, one.names):
            as_signed, here = True, []
        # A domain is weighed by itself: many share one, and a media contact may have it.
        domains = [domain for domain in one.domains if not names_in_content(signed, [domain])]
        fields |= dict.fromkeys([*here, *names_in_edition(edition, domains)])
    return list(fields), as_signed


def withheld_still_named(session: Session, circulation: Circulation) -> dict[int, StillNamed]:
    """Where the words of a text and its translations name who asked not to be named, by signatory; who is named nowhere
    is left out. The text of the circulation is loaded. Four queries, however many they are."""
    return _still_named(session, circulation, Signatory.withheld.is_(True))


def one_still_named(session: Session, circulation: Circulation, signatory_id: int) -> StillNamed | None:
    """The same of one signatory, whatever it asked."""
    return _still_named(session, circulation, Signatory.id == signatory_id).get(signatory_id)


def _still_named(session: Session, circulation: Circulation, narrowed: ColumnElement[bool]) -> dict[int, StillNamed]:
    known = known_on(session, circulation.id, narrowed)
    if not known:
        return {}
    chosen = select(Translation.language, Translation.content).where(
        Translation.statement_id == circulation.statement_id
    )
    added = [(row.language, parse(row.content)) for row in session.execute(chosen.order_by(Translation.id))]
    found = {
        id_: StillNamed(
            names_in_content(circulation.revision.parsed, one.names),
            tuple(language for language, content in added if names_in_content(content, one.names)),
        )
        for id_, one in known.items()
    }
    return {id_: one for id_, one in found.items() if one.signed or one.added}


def names_itself(signatory: Signatory, content: Content, answers: Sequence[Any]) -> bool:
    """Whether a text names the one who is asked about it, from what its page has loaded already: asks nothing."""
    registered = signatory.organisation
    names = {
        *(signatory.name, registered.name, registered.listed_name),
        *(*_values(signatory.names), *_values(registered.listed_names)),
        *(name for said in answers for name in (said.listed_name, *_values(said.names))),
    }
    return names_in_content(content, names - {""})
