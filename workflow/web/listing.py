"""The signatories as they will be listed, while the signing goes on: in the language of the text."""

from collections.abc import Sequence

from flask_babel import force_locale
from sqlalchemy.orm import Session

from workflow.config import LANGUAGES
from workflow.formats.listing import ListView, list_view, unnamed_said
from workflow.models.circulation import Circulation
from workflow.models.drafting import Statement
from workflow.queries.circulation import Place
from workflow.queries.listing import in_order
from workflow.rules.circulation import Role, Standing
from workflow.rules.listing import Candidate, Style
from workflow.web.reading import SAYING


def expected_list(
    session: Session, statement: Statement, circulation: Circulation, places: Sequence[Place], language: str = ""
) -> ListView:
    """All who are asked to sign, in the order and manner of the publication, as the edition of `language` has them."""
    asked = [place for place in places if place.role != Role.OBSERVER.value]
    return _list(session, statement, circulation, asked, language)


def signed_list(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    places: Sequence[Place],
    standing: Sequence[Standing],
    language: str = "",
) -> ListView:
    """Those whose sign-off counts and who are named, in the order and manner of the publication."""
    signed = [place for place, one in zip(places, standing, strict=True) if one.signed]
    return _list(session, statement, circulation, [place for place in signed if not place.withheld], language)


def pictured(candidates: Sequence[Candidate], style: Style, language: str) -> ListView:
    """The picture of candidates in the order in which they come; who is withheld is not in it, and counted."""
    shown = [one.entry for one in candidates if not one.withheld]
    with force_locale(_spoken(language)):
        return list_view(shown, style, counted(candidates), language, SAYING)


def withheld_sentence(candidates: Sequence[Candidate], language: str) -> str:
    """What is said of those who are counted and not named, where there are any."""
    unnamed = sum(one.withheld for one in candidates)
    with force_locale(_spoken(language)):
        return unnamed_said(counted(candidates), unnamed, language, SAYING)


def counted(candidates: Sequence[Candidate]) -> tuple[int, int]:
    """How many organisations, and how many individuals."""
    individuals = sum(one.entry.individual for one in candidates)
    return len(candidates) - individuals, individuals


def _spoken(language: str) -> str:
    primary = language.partition("-")[0]
    return primary if primary in LANGUAGES else LANGUAGES[0]


def _list(
    session: Session, statement: Statement, circulation: Circulation, places: Sequence[Place], language: str
) -> ListView:
    candidates, manner = in_order(session, statement, circulation, places, language=language)
    return pictured(candidates, manner.style, circulation.revision.parsed.in_language(language).language)
