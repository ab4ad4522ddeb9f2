"""Files for members, only behind the button: the text in force for who reads on paper, the deadline, its own logo."""

from flask import Response, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workflow.queries.logos import content_of
from workflow.queries.member import asked_of
from workflow.web import house
from workflow.web.calendar_files import calendar_response
from workflow.web.draft_files import draft_response
from workflow.web.gates import by_link
from workflow.web.logo_files import logo_response
from workflow.web.signing import signing


@signing.get("/sign/at/<int:invitation_id>/text.<any(pdf, txt, md):form>")
@by_link()
def draft(invitation_id: int, form: str) -> ResponseReturnValue:
    """The revision in force as PDF, plain text or Markdown, marked as a draft."""
    del invitation_id
    return draft_response(g.link.invitation.signatory.circulation.revision, form, request.args.get("edition", ""))


@signing.get("/sign/at/<int:invitation_id>/deadline.ics")
@by_link()
def calendar(invitation_id: int) -> ResponseReturnValue:
    """The deadline for a calendar."""
    asked = asked_of(g.link.invitation)
    told = {"organisation": asked.organisation, "lead": asked.lead}
    summaries = (
        _("Please answer for %(organisation)s: statement of %(lead)s", **told),
        _("Deadline to answer for %(organisation)s: statement of %(lead)s", **told),
    )
    note = _("The link to answer by is in the mail. It is personal, so it does not stand in your calendar.")
    if asked.only_reads:
        summaries = (_("Comments for %(organisation)s are welcome until now: statement of %(lead)s", **told),) * 2
        note = _("The link to the text is in the mail. It is personal, so it does not stand in your calendar.")
    return calendar_response(g.link.invitation.signatory.circulation, f"invitation-{invitation_id}", summaries, note)


@signing.get("/sign/at/<int:invitation_id>/logos/<digest>.png")
@by_link(closed_too=True)
def logo(invitation_id: int, digest: str) -> Response:
    """The logo that is, or was, the organisation's own; nobody else's."""
    del invitation_id
    whose = g.link.invitation.signatory.organisation_id
    return logo_response(digest, lambda: content_of(house.session(), whose, digest))
