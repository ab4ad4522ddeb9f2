"""The pages of the remarks as the lead sees them: which are shown, the text with its marks, a wording in conflict."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import get_template_attribute
from flask_babel import gettext
from markupsafe import Markup

from workflow.models.drafting import Revision, Statement
from workflow.queries import desk as looking
from workflow.queries.circulation import open_circulation
from workflow.queries.commenting import by_place, threads
from workflow.queries.drafting import latest_revision, revision
from workflow.queries.threads import Thread
from workflow.rules.commenting import Kind
from workflow.rules.lifecycle import Move, Stage, allows
from workflow.rules.refusals import FormRefused, NotFound, SuggestionConflict
from workflow.text.blocks import ADDRESSEE, BODY, FOOTNOTE, LEAD, QUOTE, blocks, label
from workflow.text.content import Edition
from workflow.text.differences import differences
from workflow.web import house
from workflow.web.reading import statement_view

WAITING, ALL, SUGGESTIONS, OBJECTIONS = "waiting", "all", "suggestions", "objections"
SHOWN = (WAITING, ALL, SUGGESTIONS, OBJECTIONS)
NEWEST = "newest"
# In which field of the editor a part of the text stands, where its name is another one.
FIELDS = {BODY: "body", FOOTNOTE: "body", LEAD: "lead_paragraph", ADDRESSEE: "addressees"}


@dataclass(frozen=True)
class Typed:
    """What was typed into the form `what` of one remark; nothing is trimmed, nothing is lost."""

    comment_id: int = 0
    what: str = ""
    text: str = ""
    disposition: str = ""
    reason: str = ""
    into: str = ""


def number(typed: str) -> int:
    """A whole number of an address or a form; what is none is 0."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 9 else 0


def filters(given: Mapping[str, str]) -> dict[str, str]:
    """What was chosen to be shown, as an address carries it."""
    show, whose, text = given.get("show", ""), given.get("of", ""), given.get("revision", "")
    chosen = {"show": show if show in SHOWN else "", "of": whose[:300], "revision": text if text == NEWEST else ""}
    return {name: value for name, value in chosen.items() if value}


def remarks_page(
    public_id: str, given: Mapping[str, str], typed: Typed, refused: FormRefused | None
) -> dict[str, object]:
    """All that the page of the remarks shows. Raises NotFound."""
    session = house.session()
    statement = looking.statement_by_public_id(session, public_id)
    newest = latest_revision(session, statement.id)
    asked = open_circulation(session, statement.id)
    in_force = asked.revision if asked else newest
    chosen = filters(given)
    text = newest if chosen.get("revision") == NEWEST else in_force
    found = by_place(threads(session, statement.id, for_signatory=None, in_text=text))
    at = typed.comment_id or number(given.get("at", ""))
    if typed.what and not any(one.id == at for one in found):
        raise NotFound
    show = chosen.get("show") or (WAITING if any(one.waits for one in found) else ALL)
    shown = [one for one in found if one.id == at or _is_shown(one, show, chosen.get("of", ""))]
    content = text.parsed
    edition = content.in_language(given.get("edition", ""))
    problems = refused.problems if refused else {}
    return {
        "statement": statement,
        "text": text,
        "newest": newest,
        "in_force": in_force,
        "edition": edition,
        "content": content,
        "view": statement_view(edition, _marks(edition, shown, content.short(edition))),
        "direction": house.direction(edition.language),
        "threads": shown,
        "counts": _counts(found),
        "organisations": _organisations(found),
        "show": show,
        "of": chosen.get("of", ""),
        "chosen": chosen,
        "revisions": _later_revisions(statement, found),
        "typed": typed,
        "errors": {name: house.sentence(problem) for name, problem in problems.items()},
        "can_revise": allows(Stage(statement.stage), Move.REVISE),
    }


def _is_shown(one: Thread, show: str, whose: str) -> bool:
    if whose and one.who.organisation != whose:
        return False
    kinds = {SUGGESTIONS: Kind.SUGGESTION, OBJECTIONS: Kind.OBJECTION}
    if show in kinds:
        return one.kind is kinds[show]
    return one.waits if show == WAITING else True


def _organisations(found: Sequence[Thread]) -> list[tuple[str, str]]:
    """Whose remarks can be chosen alone, as a field for a choice takes them."""
    names = sorted({one.who.organisation for one in found})
    return [("", gettext("All organisations")), *((name, name) for name in names)] if len(names) > 1 else []


def _counts(found: Sequence[Thread]) -> dict[str, int]:
    return {
        WAITING: sum(one.waits for one in found),
        ALL: len(found),
        SUGGESTIONS: sum(one.kind is Kind.SUGGESTION for one in found),
        OBJECTIONS: sum(one.kind is Kind.OBJECTION for one in found),
    }


def _later_revisions(statement: Statement, found: Sequence[Thread]) -> list[int]:
    """The revisions that can have taken a remark up, newest first."""
    first = min((one.revision for one in found), default=1)
    return list(range(statement.revision_count, first, -1))


def _marks(edition: Edition, shown: Sequence[Thread], language_shown: str) -> dict[str, Markup]:
    """Behind each block on which remarks stand: how many, leading to the first of them, in the page's language."""
    mark = get_template_attribute("_parts/remarks.html", "mark")
    language = house.page_language()
    standing: dict[str, list[int]] = defaultdict(list)
    for one in shown:
        if one.place and one.place.language == language_shown:
            standing[one.place.block].append(one.id)
    found = {}
    for block in blocks(edition):
        ids = standing[block.key]
        words = mark(len(ids), ids[0], house.sentence(label(block)), language, house.direction(language)) if ids else ""
        found[block.key] = Markup(words)  # noqa: S704
    return found


def conflict_of(public_id: str, comment_id: int, refused: SuggestionConflict) -> dict[str, object]:
    """What a page shows of a suggestion whose wording cannot be put in by itself. Raises NotFound."""
    session = house.session()
    session.rollback()
    statement = looking.statement_by_public_id(session, public_id)
    newest = latest_revision(session, statement.id)
    found = threads(session, statement.id, for_signatory=None, in_text=newest)
    thread = next((one for one in found if one.id == comment_id), None)
    if thread is None or thread.passage is None:
        raise NotFound
    then = revision(session, statement.id, thread.revision)
    written_in = thread.passage.language
    edition = newest.parsed.in_language(written_in)
    before = then.parsed.in_language(written_in)
    return {
        "edition": newest.parsed.short(edition) or None,
        "statement": statement,
        "thread": thread,
        "newest": newest,
        "sentence": house.sentence(refused.message),
        "language": edition.language,
        "direction": house.direction(edition.language),
        "then": _around(then, thread),
        "now": _block_text(newest, thread),
        "changes": differences(before, edition) if then.id != newest.id else [],
        "field": _field(thread),
    }


def _around(text: Revision, thread: Thread) -> tuple[str, str]:
    """What stands before the passage in its block, and behind it, in the revision it was made on."""
    passage = thread.passage
    edition = text.parsed.in_language(passage.language if passage else "")
    words = next((one.text for one in blocks(edition) if passage and one.key == passage.block), "")
    start = passage.start if passage else 0
    return words[:start], words[start + len(passage.exact if passage else "") :]


def _block_text(text: Revision, thread: Thread) -> str:
    """All of the block in which the passage stands now; empty where it stands nowhere."""
    key = thread.place.block if thread.place else ""
    edition = text.parsed.in_language(thread.place.language if thread.place else "")
    return next((block.text for block in blocks(edition) if block.key == key), "")


def _field(thread: Thread) -> str:
    """The editor's field for the passage."""
    part = thread.passage.part if thread.passage else BODY
    if part == QUOTE and thread.place:
        return f"quotes-{int(thread.place.block.lstrip('q')) - 1}-text"
    return FIELDS.get(part, "body" if part == QUOTE else part)
