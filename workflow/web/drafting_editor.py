"""One opened editor: the key under which its words are kept, and what else is going on around the same text."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from flask import request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from workflow.models.drafting import Statement
from workflow.models.keeping import KeptDraft
from workflow.queries.keeping import kept_lines, other_editors
from workflow.web import house
from workflow.web.drafting_form import Draft, draft_from
from workflow.web.look import moment

KEY = re.compile(r"[0-9a-f]{20}")
TAKEN_UP = re.compile(r"([0-9a-f]{20}):([0-9]{1,9})")
ANY_NUMBER = 2**31 - 1
LONGEST_LANGUAGE = 20
SEEN_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class Editor:
    """What an opened editor carries in its form. `typed`: it shows words that are not saved.

    `of`: the language of the edition that is changed or added; empty for the authoritative one.
    """

    key: str = field(default_factory=lambda: secrets.token_hex(10))
    number: int = 0
    taken_up: tuple[tuple[str, int], ...] = ()
    typed: bool = False
    of: str = ""

    @property
    def kept(self) -> tuple[tuple[str, int], ...]:
        """What saving lets go: whatever this editor kept, and what it took up as far as it had been typed then."""
        return ((self.key, ANY_NUMBER), *self.taken_up)

    @property
    def keys(self) -> list[str]:
        return [key for key, _number in self.kept]

    @property
    def taken_up_field(self) -> str:
        """`taken_up` as the form carries it."""
        return " ".join(f"{key}:{number}" for key, number in self.taken_up)


def typed_editor() -> Editor:
    """The editor that this request comes from; a form without a good key is a new one."""
    form = request.form
    key, number = form.get("editor", ""), form.get("number", "")
    taken_up = tuple((match[1], int(match[2])) for match in TAKEN_UP.finditer(form.get("taken_up", "")[:1000]))
    return Editor(
        **({"key": key} if KEY.fullmatch(key) else {}),
        number=int(number) if re.fullmatch("[0-9]{1,9}", number) else 0,
        taken_up=taken_up,
        typed=True,
        of=form.get("edition", "")[:LONGEST_LANGUAGE],
    )


def around(editor: Editor, statement: Statement | None) -> dict[str, object]:
    """For the editor's page: its own keys, one's unsaved words from elsewhere, and who else is at this text."""
    user_id = current_user.user.id
    statement_id = statement.id if statement else None
    return {
        "opened": editor,
        "writer": user_id,
        "kept_lines": kept_lines(house.session(), user_id, statement_id, editor.keys),
        "others": company(statement) if statement else [],
    }


def company(statement: Statement, based_on: int | None = None) -> list[str]:
    """Sentences on who else changes this text, and on a revision saved since `based_on`."""
    found = other_editors(house.session(), current_user.user.id, statement.id, house.now() - SEEN_FOR)
    said = [
        _("%(name)s is changing this text too, last seen %(time)s.", name=one.name, time=moment(one.seen_at))
        for one in found
    ]
    if based_on and statement.revision_count > based_on:
        number = statement.revision_count
        said.append(
            _("Revision %(number)s was saved meanwhile. When you save, you will see what came together.", number=number)
        )
    return said


def draft_of_kept(found: KeptDraft) -> Draft:
    """The editor filled in with words that were kept."""
    return draft_from(MultiDict(found.fields))


def going_on_with(found: KeptDraft) -> Editor:
    """A new editor that goes on with words that were kept: saving it lets them go, unless more was typed there."""
    of = str(found.fields.get("edition", ""))[:LONGEST_LANGUAGE]
    return Editor(taken_up=((found.key, found.number),), typed=True, of=of)
