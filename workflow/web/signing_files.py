"""The text in force as a file, for members who read on paper: only behind the button, as the text itself."""

from flask import g
from flask.typing import ResponseReturnValue

from workflow.web.draft_files import draft_response
from workflow.web.gates import by_link
from workflow.web.signing import signing


@signing.get("/sign/at/<int:invitation_id>/text.<any(pdf, txt, md):form>")
@by_link()
def draft(invitation_id: int, form: str) -> ResponseReturnValue:
    """The revision in force as PDF, plain text or Markdown, marked as a draft."""
    del invitation_id
    return draft_response(g.link.invitation.signatory.circulation.revision, form)
