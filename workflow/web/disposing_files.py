"""The remarks and what became of them as files for the desk: a table, and a text."""

from collections.abc import Sequence

from flask import Response, get_template_attribute
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workflow.formats.remarks import Remark, as_csv, as_markdown
from workflow.models.drafting import Statement
from workflow.queries import desk as looking
from workflow.queries.commenting import became
from workflow.queries.drafting import latest_revision
from workflow.queries.threads import Thread, Who
from workflow.rules.access import Permission
from workflow.rules.commenting import Disposition, Kind, Objection
from workflow.text.instants import iso
from workflow.web import house
from workflow.web.disposing import disposing
from workflow.web.gates import requires


@disposing.get("/desk/statements/<public_id>/remarks.csv")
@requires(Permission.SEE_STATEMENT)
def remarks_csv(public_id: str) -> ResponseReturnValue:
    """All remarks as a table for spreadsheets."""
    statement, found = _found(public_id)
    return _sent(as_csv(_header(), [_row(one) for one in found]), "text/csv", f"remarks-{statement.public_id}.csv")


@disposing.get("/desk/statements/<public_id>/remarks.md")
@requires(Permission.SEE_STATEMENT)
def remarks_markdown(public_id: str) -> ResponseReturnValue:
    """All remarks as text in Markdown."""
    statement, found = _found(public_id)
    headline = latest_revision(house.session(), statement.id).parsed.authoritative.headline
    title = f"{_('What became of the remarks')}: {headline or _('Without a headline yet')}"
    text = as_markdown(title, [_remark(one) for one in found])
    return _sent(text, "text/markdown", f"remarks-{statement.public_id}.md")


def _found(public_id: str) -> tuple[Statement, Sequence[Thread]]:
    statement = looking.statement_by_public_id(house.session(), public_id)
    return statement, became(house.session(), statement.id, for_signatory=None)


def _sent(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _header() -> list[str]:
    return [
        *(_("Number"), _("Kind"), _("Place"), _("Revision"), _("Organisation"), _("Person"), _("Made")),
        *(_("Passage"), _("Proposed wording"), _("Words"), _("Replies"), _("Objection")),
        *(_("What became of it"), _("Reason"), _("Answered"), _("Taken up in revision")),
    ]


def _row(one: Thread) -> list[str]:
    return [
        *(str(one.id), _kind(one.kind), _place(one), str(one.revision), one.who.organisation, one.who.person),
        *(iso(one.made_at), one.passage.exact if one.passage else "", one.proposed, one.text),
        "\n\n".join(f"{_who(said.who)}: {said.text}" for said in one.replies),
        *(_objection(one.objection), _disposition(one), one.reason),
        *(iso(one.disposed_at) if one.disposed_at else "", str(one.taken_into or "")),
    ]


def _remark(one: Thread) -> Remark:
    return Remark(
        about=str(get_template_attribute("_parts/remarks.html", "title")(one)),
        words=one.text,
        passage=one.passage.exact if one.passage else "",
        proposed=one.proposed,
        facts={
            _("Organisation"): _who(one.who),
            _("Made"): iso(one.made_at),
            _("Revision"): str(one.revision),
            _("Place"): _place(one) if one.since_changed else "",
            _("Objection"): _objection(one.objection),
            _("Taken up in revision"): str(one.taken_into or ""),
        },
        became=_disposition(one),
        reason=one.reason,
        replies=[(_who(said.who), said.text) for said in one.replies],
    )


def _who(who: Who) -> str:
    return f"{who.organisation} ({who.person})" if who.person else who.organisation


def _place(one: Thread) -> str:
    if one.place is not None:
        return house.sentence(one.place.label)
    changed: str = _("revision %(number)s, since changed", number=one.revision)
    if one.since_changed and one.place_then is not None:
        then = house.sentence(one.place_then)
        changed = _("%(place)s of revision %(number)s, since changed", place=then, number=one.revision)
    whole: str = _("the whole text")
    return changed if one.since_changed else whole


def _kind(kind: Kind) -> str:
    words: dict[str, str] = {
        Kind.COMMENT: _("Comment"),
        Kind.SUGGESTION: _("Suggestion"),
        Kind.OBJECTION: _("Objection"),
    }
    return words[kind]


def _objection(word: Objection | None) -> str:
    words: dict[Objection | None, str] = {
        None: "",
        Objection.STANDS: _("Objection stands"),
        Objection.TAKEN_BACK: _("Objection taken back"),
        Objection.ANSWERED: _("Objection replaced by another answer"),
        Objection.EARLIER: _("Objection to an earlier text"),
    }
    return words[word]


def _disposition(one: Thread) -> str:
    words: dict[Disposition | None, str] = {
        None: _("Not answered yet") if one.waits else "",
        Disposition.ACCEPTED: _("Accepted"),
        Disposition.PARTLY: _("Partly accepted"),
        Disposition.DECLINED: _("Declined"),
    }
    return words[one.disposition]
