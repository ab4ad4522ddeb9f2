"""Files for the desk: any revision, to be sent round as text, or read and marked on paper; logos that are listed."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from workflow.queries import desk as looking
from workflow.queries.drafting import revision
from workflow.queries.logos import content_on_roll
from workflow.rules.access import Permission
from workflow.web import house
from workflow.web.draft_files import draft_response
from workflow.web.drafting import drafting
from workflow.web.gates import requires
from workflow.web.logo_files import logo_response


@drafting.get("/desk/statements/<public_id>/revisions/<int:number>.<any(md, txt, pdf):form>")
@requires(Permission.SEE_STATEMENT)
def draft(public_id: str, number: int, form: str) -> ResponseReturnValue:
    """One revision as Markdown, plain text or PDF, marked as a draft."""
    session = house.session()
    statement = looking.statement_by_public_id(session, public_id)
    return draft_response(revision(session, statement.id, number), form, request.args.get("edition", ""))


@drafting.get("/desk/statements/<public_id>/logos/<digest>.png")
@requires(Permission.SEE_STATEMENT)
def logo(public_id: str, digest: str) -> Response:
    """The logo of an organisation on the roll, as the list shows it here."""
    return logo_response(digest, lambda: content_on_roll(house.session(), public_id, digest))
