"""Looking whether a publication still stands as it was read: one query, whatever its length."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import CompoundSelect, String, bindparam, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from workflow.formats.record import PublicStatement
from workflow.models.coalition import Coalition
from workflow.models.drafting import Statement
from workflow.models.history import Disclosure
from workflow.models.notes import Note
from workflow.models.public_files import PublicFile
from workflow.queries.public_files import WORD as FILE_WORD
from workflow.queries.public_files import word_of as file_word

# How much is noted, as one word beside the commitments: another note, or words taken out of one, make it another word.
NOTED = literal("notes-") + cast(func.count(Note.id), String) + "-" + cast(func.sum(func.length(Note.text)), String)
NOTHING_NOTED = "notes-0"


def _standing(chosen: Callable[[Any], Any]) -> CompoundSelect[Any]:
    """What `standing_now` asks, of the statements whose ids are `chosen`."""
    return union_all(
        select(Disclosure.commitment).where(chosen(Disclosure.statement_id)),
        select(func.coalesce(NOTED, NOTHING_NOTED)).where(chosen(Note.statement_id)),
        select(FILE_WORD).where(chosen(PublicFile.statement_id)),
        select(literal("files-") + cast(func.count(PublicFile.id), String)).where(chosen(PublicFile.statement_id)),
        select(literal("coalition ") + cast(Statement.id, String) + literal(" ") + Coalition.public_name)
        .select_from(Statement)
        .join(Coalition, Coalition.id == Statement.coalition_id)
        .where(chosen(Statement.id)),
    )


STANDING_OF_ONE = _standing(lambda column: column == bindparam("statement_id"))


def standing_now(session: Session, statement_ids: Sequence[int]) -> frozenset[str]:
    """Every commitment of these statements whose value is disclosed at this moment, and words for what else can change.

    One for what is noted, for each file that was made and how many there are, and for the name of each coalition.
    """
    if len(statement_ids) == 1:
        return frozenset(session.execute(STANDING_OF_ONE, {"statement_id": statement_ids[0]}).scalars())
    return frozenset(session.scalars(_standing(lambda column: column.in_(statement_ids))))


def words_of(found: Sequence[PublicStatement]) -> frozenset[str]:
    """The same words, without the commitments, for publications as they were read."""
    files = [file_word(one) for each in found for one in each.files]
    coalitions = (f"coalition {each.statement_id} {each.coalition}" for each in found)
    return frozenset((noted_word(found), f"files-{len(files)}", *files, *coalitions))


def noted_word(found: Sequence[PublicStatement]) -> str:
    """The same word, for publications as they were read."""
    texts = [note.text for one in found for note in one.notes]
    return f"notes-{len(texts)}-{sum(map(len, texts))}" if texts else NOTHING_NOTED
