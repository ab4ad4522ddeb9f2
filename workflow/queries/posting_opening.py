"""Looking at letters to those who applied on an open page, who are nobody's contact yet."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.links import CONFIRMING, Links, Purpose
from workflow.mail.letters import Addressee, LetterView
from workflow.mail.outbox import Kind
from workflow.models.posting import Letter
from workflow.queries.opening import application_by_id
from workflow.rules.opening import CONFIRM_WITHIN, Standing

# In which standing an application still has a use for each of them.
STANDINGS = {
    Kind.APPLY_CONFIRM: (Standing.UNCONFIRMED,),
    Kind.APPLY_REFUSED: (Standing.REFUSED,),
    Kind.APPLY_REOPENED: (Standing.WAITING, Standing.STALE, Standing.ACCEPTED),
    Kind.APPLY_STALE: (Standing.STALE,),
    Kind.APPLY_CLOSED: (Standing.WAITING,),
}


def told_applicant(
    session: Session, links: Links, base_url: str, now: datetime, letter: Letter
) -> LetterView | str:  # fmt: skip
    """The view of a letter to who applied, with the link of its application; or why it is of no use, in a word."""
    application_id = letter.application_id
    if application_id is None:
        raise ValueError("this letter is to nobody who applied")
    made = application_by_id(session, application_id)
    kind, circulation = Kind(letter.kind), made.circulation
    if made.standing(circulation.revision_id) not in STANDINGS[kind]:
        return "decided or confirmed meanwhile"
    if circulation.outcome is not None and kind not in (Kind.APPLY_REFUSED, Kind.APPLY_CLOSED):
        return "asking ended"
    until = made.made_at + CONFIRM_WITHIN
    if kind is Kind.APPLY_CONFIRM and until <= now:
        return "link expired"
    token = links.make(Purpose.APPLICATION, [made.key])
    return LetterView(
        kind=kind,
        message_id=letter.message_id,
        to=Addressee(made.person_name, made.mail, made.language, circulation.deadline_zone),
        base_url=base_url,
        lead=circulation.statement.lead.name,
        code=links.code(CONFIRMING, made.key) if kind is Kind.APPLY_CONFIRM else "",
        link=f"{base_url}/open/confirm/{token}",
        organisation=made.name,
        reason=made.reason,
        act=str(letter.facts.get("act", "")),
        until=until,
    )


def of_applications(letter: Letter, view: LetterView) -> LetterView:
    """A letter to the lead: where it is about applications, it leads to them; other letters stay as they are."""
    if view.kind not in (Kind.APPLIED, Kind.APPLY_CONTESTED):
        return view
    organisation = str(letter.facts.get("organisation", ""))
    return replace(view, organisation=organisation, link=f"{view.link}/applications")
