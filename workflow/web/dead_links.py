"""What helps a person on behind a link that no longer opens, and gives back what was typed there."""

import re
from dataclasses import dataclass

from flask import g, has_request_context, request, url_for
from werkzeug.exceptions import HTTPException

from workflow.links import Purpose
from workflow.models.circulation import Invitation
from workflow.queries.member import Asked, asked_of
from workflow.rules.circulation import Outcome
from workflow.rules.refusals import LinkExpired, LinkRefused, LinkReplaced, Refusal
from workflow.rules.signing import check_link
from workflow.web import house

# What nobody has typed, and what is never shown again.
UNTYPED = re.compile(r"csrf_token|form_token|digest|challenge|code|kind|authority|passage.*|thread|.*password.*|.*-id")
TYPED = ("text", "proposed", "listed_name", "person_name", "person_role", "reason", "cover_note", "pasted", "headline")
WORDING = re.compile(r"wording-[0-9a-f]{64}")
LONG = 40


@dataclass(frozen=True)
class DeadLink:
    """The way on. `fresh_url`: where a fresh link can be asked for. `opened`: the link had been opened here.

    `receipt_token`: the token with which the receipt of an ended circulation opens, where it still does.
    """

    asked: Asked
    form_token: str
    opened: bool
    fresh_url: str = ""
    receipt_token: str = ""


def dead_link(refusal: Refusal) -> DeadLink | None:
    """The way on from `refusal`, where the link was ours and says for whom it is."""
    link = g.get("link")
    if link is None or not isinstance(refusal, LinkRefused):
        return None
    asked = asked_of(link.invitation)
    token = house.links().make(Purpose.APPROVAL, [link.invitation.id, link.generation])
    opens = _still_opens(link.invitation, link.generation)
    fresh = isinstance(refusal, LinkExpired | LinkReplaced) and asked.outcome is None
    if asked.outcome == Outcome.COMPLETE:  # once the text is final there is still something to say
        fresh = not opens and link.invitation.revoked_at is None
    there = link.invitation.signatory.answer_id is not None or asked.outcome == Outcome.COMPLETE
    receipt = there and opens
    return DeadLink(
        asked=asked,
        form_token=link.form_token,
        opened="invitation_id" in (request.view_args or {}),
        fresh_url=url_for("signing.fresh", token=token) if fresh else "",
        receipt_token=token if receipt else "",
    )


def typed_here() -> list[tuple[str, str]]:
    """The words that came with a refused form, as (field, words): shown once more, so that nothing is lost."""
    if not has_request_context() or request.method != "POST":
        return []
    try:
        fields = list(request.form.items(multi=True))
    except HTTPException:  # the form itself is what was refused
        return []
    named = [("wording" if WORDING.fullmatch(name) else name, words) for name, words in fields]
    return [
        (name, words)
        for name, words in named
        if words.strip() and not UNTYPED.fullmatch(name) and (name in (*TYPED, "wording") or len(words) >= LONG)
    ]


def _still_opens(invitation: Invitation, generation: int) -> bool:
    try:
        check_link(invitation.facts(generation, None), house.now())
    except LinkRefused:
        return False
    return True
