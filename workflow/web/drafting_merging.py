"""When two change one text: what each changed, both together where they fit, and a choice where they do not."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow.models.drafting import Statement
from workflow.queries import desk as looking
from workflow.queries.drafting import latest_revision, revision
from workflow.rules.access import Permission
from workflow.rules.refusals import FormRefused, NotFound
from workflow.text.checking import check
from workflow.text.content import Edition, MediaContact, Quote
from workflow.text.differences import differences
from workflow.text.editions import begun_from
from workflow.text.merging import PASSAGES, SEVERAL, Choice, Merged, merge_editions
from workflow.text.redline import Change
from workflow.web import house
from workflow.web.drafting import drafting
from workflow.web.drafting_editor import Editor, typed_editor
from workflow.web.drafting_form import Draft, draft_of, fields_of, label_of, typed_draft
from workflow.web.drafting_pages import edit_page
from workflow.web.gates import requires


@dataclass(frozen=True)
class Moved:
    """What happened since the revision that both began with: who saved what, and what each changed."""

    number: int
    base: int
    by: str
    theirs: list[Change]
    mine: list[Change]
    merged: bool


@dataclass(frozen=True)
class Wordings:
    """One clash as the page shows it. `chosen` is empty as long as nobody chose; `both`: they can stand together."""

    label: str
    was: str
    theirs: str
    mine: str
    both: bool
    chosen: str


def moved_page(public_id: str, draft: Draft, based_on: int, editor: Editor) -> ResponseReturnValue:
    """Somebody saved another revision meanwhile: both together in the form, or what has to be chosen first."""
    statement = looking.statement_by_public_id(house.session(), public_id)
    newest = latest_revision(house.session(), statement.id).number
    return _merged_page(statement, draft, based_on, newest, editor)


@drafting.post("/desk/statements/<public_id>/merge")
@requires(Permission.EDIT_STATEMENT)
def merge(public_id: str) -> ResponseReturnValue:
    """The editor with what was chosen between two wordings; nothing is saved by choosing."""
    draft, based_on = typed_draft(), revision_number(request.form.get("based_on", ""))
    theirs, editor = revision_number(request.form.get("theirs", "")), typed_editor()
    statement = looking.statement_by_public_id(house.session(), public_id)
    try:
        return _merged_page(statement, draft, based_on, theirs, editor)
    except FormRefused as refused:
        return edit_page(public_id, draft, based_on, editor, problems=refused.problems, code=400)


def _merged_page(statement: Statement, draft: Draft, based_on: int, theirs: int, editor: Editor) -> ResponseReturnValue:
    mine = check(draft.edition)
    their_edition = _edition(statement, theirs, editor)
    # A form that does not say what it began with is held against what is there: nothing is taken over unseen.
    base = based_on if 1 <= based_on < theirs else theirs
    merged = merge_editions(_edition(statement, base, editor), their_edition, mine)
    moved = _moved(statement, _edition(statement, base, editor), base, (theirs, their_edition), mine)
    wordings = _wordings(merged)
    if all(one.chosen for one in wordings):
        settled = merged.settled([Choice(one.chosen) for one in wordings])
        code = 200 if _choosing() else 409
        return edit_page(statement.public_id, draft_of(settled), theirs, editor, moved=moved, code=code)
    shown = render_template(
        "drafting/merge.html",
        statement=statement,
        moved=moved,
        wordings=wordings,
        asked_before=_choosing(),
        typed=fields_of(request.form),
        based_on=based_on,
        opened=editor,
        language=mine.language,
        direction=house.direction(mine.language),
    )
    return shown, 400 if _choosing() else 409


def _edition(statement: Statement, number: int, editor: Editor) -> Edition:
    """The edition that the editor changes as a revision has it; where it is not there, what it would begin with."""
    content = revision(house.session(), statement.id, number).parsed
    return content.find(editor.of) or begun_from(content.authoritative, editor.of)


def _moved(
    statement: Statement, base: Edition, base_number: int, saved_as: tuple[int, Edition], mine: Edition
) -> Moved:
    theirs, their_edition = saved_as
    saved = next((one for one in looking.revisions(house.session(), statement.id) if one.number == theirs), None)
    if saved is None:
        raise NotFound
    return Moved(
        number=theirs,
        base=base_number,
        by=saved.saved_by,
        theirs=differences(base, their_edition),
        mine=differences(base, mine),
        merged=base_number != theirs,
    )


def _wordings(merged: Merged) -> list[Wordings]:
    found = []
    for at, (field, clash) in enumerate(merged.clashes):
        both = field in (*PASSAGES, *SEVERAL)
        chosen = request.form.get(f"choice-{at}", "") if _choosing() else ""
        allowed = [choice.value for choice in Choice if both or choice is not Choice.BOTH]
        told = (_told(clash.base), _told(clash.theirs), _told(clash.mine))
        found.append(Wordings(label_of(field), *told, both, chosen if chosen in allowed else ""))
    return found


def _choosing() -> bool:
    """Whether this request chooses, rather than being the first to find that two wordings clash."""
    return request.endpoint == "drafting.merge"


def _told(parts: tuple[object, ...]) -> str:
    """The parts of a wording as words to read."""
    return "\n\n".join(_words_of(part) for part in parts)


def _words_of(part: object) -> str:
    if isinstance(part, Quote | MediaContact):
        return ", ".join(value for value in vars(part).values() if value)
    return str(part)


def revision_number(typed: str) -> int:
    """The number of a revision as a form carries it; 0 for what is none."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 6 else 0
