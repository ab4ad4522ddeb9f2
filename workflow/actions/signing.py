"""Signing: a link is opened, an answer is given. Each public function is one transaction."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.actions.closing import break_silence, note_answer, settle, unlock
from workflow.actions.publishing import tell_all
from workflow.db import transaction
from workflow.links import Links
from workflow.mail import outbox
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Revision, Statement
from workflow.models.quoting import QuoteAnswer
from workflow.models.signing import Answer, CodeChallenge
from workflow.queries import signing as looking
from workflow.queries.circulation import statement_of_invitation
from workflow.queries.drafting import take_statement, take_statement_by_id
from workflow.queries.logos import check_logo
from workflow.queries.people import concerned, newest_by
from workflow.queries.quoting import decided
from workflow.rules.circulation import Kind
from workflow.rules.lifecycle import Stage
from workflow.rules.quoting import QuoteWord
from workflow.rules.refusals import CodeSpent, FormRefused, Message, NotFound, Refusal
from workflow.rules.signing import Offered, QuoteOffered, check_answer, check_binds, check_link, unlocks
from workflow.text.anchoring import stands_in
from workflow.text.digest import answer_hash
from workflow.text.passages import Passage


def open_link(session: Session, now: datetime, invitation_id: int, generation: int) -> None:
    """Note that a person pressed the button behind an approval link, and when last. Raises a LinkRefused."""
    with transaction(session):
        take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        invitation, circulation = _asked(session, invitation_id)
        check_link(invitation.facts(generation, circulation.outcome), now)
        invitation.opened_at = now  # the newest: it says which text was read last


def answer(
    session: Session,
    links: Links,
    now: datetime,
    invitation_id: int,
    generation: int,
    offered: Offered,
    *,
    challenge_id: int | None = None,
    code: str = "",
) -> Answer | None:
    """Record an answer given by link, and what is said of quotes; close the circulation where that completes the rule.

    The same answer offered again is answered with the row that is there; one only about quotes gives none.
    Raises Refusals.
    """
    wrong: Refusal | None = None
    with transaction(session):
        statement = take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        invitation, circulation = _asked(session, invitation_id)
        for standing in _said_before(session, invitation):
            if _same(standing, offered, circulation, invitation_id):
                return standing
        taken = unlocks(Stage(statement.stage), offered.kind)
        check_link(invitation.facts(generation, None if taken else circulation.outcome), now)
        check_answer(offered)
        check_binds(offered, invitation.signatory.asked(statement.stage))
        check_logo(session, invitation.signatory, offered)
        _check_passage(offered, circulation.revision)
        if circulation.code_required:
            wrong = _check_code(session, links, now, invitation, offered, challenge_id, code)
        if wrong is None:
            given = _take(session, statement, circulation, invitation.signatory, offered, now, invitation)
    if wrong is not None:  # raised only now: the try that failed is counted and committed
        raise wrong
    return given


def answer_at_desk(session: Session, now: datetime, user_id: int, public_id: str, offered: Offered) -> Answer | None:
    """Record the lead organisation's own answer, given by its signed-in user. Raises Refusals."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        found = looking.desk_signatory(session, statement.id, statement.lead_id)
        if found is None:
            raise NotFound
        signatory, circulation = found
        standing = looking.current_answer(session, signatory)
        if standing is not None and _same(standing, offered, circulation, None):
            return standing
        check_answer(offered)
        check_binds(offered, signatory.asked(statement.stage))
        check_logo(session, signatory, offered)
        _check_passage(offered, circulation.revision)
        return _take(session, statement, circulation, signatory, offered, now, None, user_id)


def _asked(session: Session, invitation_id: int) -> tuple[Invitation, Circulation]:
    invitation = looking.invitation_for_answer(session, invitation_id)
    return invitation, invitation.signatory.circulation


def _said_before(session: Session, invitation: Invitation) -> list[Answer]:
    """What an answer by this link might only repeat: the newest of its organisation; of several voices, its own."""
    alone = invitation.signatory.needed == 1
    said = looking.current_answer(session, invitation.signatory) if alone else newest_by(session, invitation)
    return [said] if said else []


def _check_code(
    session: Session,
    links: Links,
    now: datetime,
    invitation: Invitation,
    offered: Offered,
    challenge_id: int | None,
    code: str,
) -> Refusal | None:
    """Spend the challenge where the code fits; a wrong code is counted and returned as a refusal."""
    challenge = session.get(CodeChallenge, challenge_id) if challenge_id is not None else None
    if challenge is None or not challenge.is_for(invitation, answer_hash(offered), now):
        return CodeSpent()
    return challenge.spend(links.code_fits(code, challenge.id, challenge.digest, challenge.answer_hash), now)


def _same(standing: Answer, offered: Offered, circulation: Circulation, invitation_id: int | None) -> bool:
    return (
        standing.invitation_id == invitation_id
        # Words that were replaced and came back are a revision of their own: they are signed again.
        and standing.revision_id == circulation.revision_id
        and standing.revision.digest == offered.digest
        and offered.kind is not None
        and standing.kind == offered.kind.value
        and standing.text == offered.text
        and standing.listed_name == offered.listed_name
        and standing.person_name == offered.person_name
        and standing.person_role == offered.person_role
        and (standing.names or {})
        == standing.signatory.asks_for(offered.listed_name, offered.names, standing.revision.parsed)
        and standing.passage == _passage(offered)
        and (standing.withheld, standing.person_named) == (offered.withheld, offered.person_named)
        and standing.logo == offered.logo_beside
        # A word on a quote can be another one although the answer is the same.
        and all(standing.signatory.quotes.get(one.digest) == one.decision.value for one in offered.quotes)
    )


def _passage(offered: Offered) -> dict[str, object] | None:
    """The place that an objection is about, as it is kept. Raises FormRefused where it cannot be read."""
    if not offered.passage or offered.kind is not Kind.OBJECTION:
        return None
    try:
        return dict(Passage.from_json(json.loads(offered.passage)).to_json())
    except (ValueError, RecursionError):
        raise FormRefused({"passage": Message("passage.unknown")}) from None


def _check_passage(offered: Offered, text: Revision) -> None:
    """Refuse a place that is not in the text."""
    passage = _passage(offered)
    if passage is not None and not stands_in(passage, text.parsed):
        raise FormRefused({"passage": Message("passage.unknown")})


def _take(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    signatory: Signatory,
    offered: Offered,
    now: datetime,
    invitation: Invitation | None,
    user_id: int | None = None,
) -> Answer | None:
    """All that is offered, in one go: the words on quotes, the answer, the letters, and what follows from them."""
    by = {"invitation_id": invitation.id if invitation else None, "user_id": user_id}
    locked = statement.stage == Stage.LOCKED
    if locked:  # it is taken back: what was locked is open again
        unlock(session, statement, circulation, now)
    said = [_decide_quote(session, statement, circulation, signatory, offered, one, now, by) for one in offered.quotes]
    given = None
    if offered.kind is not None:
        told = {"by": "desk" if invitation is None else "link", "code": bool(invitation) and circulation.code_required}
        passage = _passage(offered)
        given = note_answer(session, statement, signatory, offered, circulation.revision, now, by, told, passage)
    session.flush()
    _tell(session, statement, circulation, given, said, invitation, now)
    if offered.kind is Kind.OBJECTION:
        break_silence(session, statement, circulation, now)
    verdict = settle(session, statement, circulation, now)
    if locked and not verdict.complete:
        tell_all(session, statement, circulation, outbox.Kind.UNLOCKED, now)
    return given


def _decide_quote(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    signatory: Signatory,
    offered: Offered,
    quote: QuoteOffered,
    now: datetime,
    by: dict[str, int | None],
) -> QuoteAnswer:
    facts: dict[str, object] = {
        "decision": quote.decision.value,
        "quote": quote.digest,
        "revision": circulation.revision.number,
        "signatory": statement.disclose({"organisation": signatory.name}),
        "person": statement.disclose({"name": offered.person_name, "role": offered.person_role}),
        "said": statement.disclose({"text": quote.wording}),
    }
    event = statement.record("quote decided", now, facts)
    said = QuoteAnswer(
        signatory_id=signatory.id,
        revision=circulation.revision,
        quote_digest=quote.digest,
        decision=quote.decision.value,
        wording=quote.wording,
        person_name=offered.person_name,
        person_role=offered.person_role,
        decided_at=now,
        event_hash=event.hash,
        **by,
    )
    session.add(said)
    word = quote.decision.value
    if signatory.needed > 1:  # one contact alone approves nothing
        session.flush()
        word = decided(session, [signatory.id])[signatory.id].get(quote.digest, QuoteWord.WAITING.value)
    signatory.decide_quote(quote.digest, word)
    return said


def _tell(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    given: Answer | None,
    said: Sequence[QuoteAnswer],
    invitation: Invitation | None,
    now: datetime,
) -> None:
    """The receipt to all registered contacts, of a word on a quote to the one who gave it, and a line to the lead.

    What the lead does itself needs neither.
    """
    if invitation is None:
        return
    told = [([invitation], outbox.Kind.QUOTE_RECEIPT, outbox.Kind.QUOTE_DECIDED, one.id) for one in said]
    if given is not None:
        told.append((concerned(session, given.signatory_id), outbox.Kind.RECEIPT, outbox.Kind.ANSWERED, given.id))
    drafts = []
    for readers, receipt, line, subject_id in told:
        about = outbox.Draft(receipt, statement_id=statement.id, subject_id=subject_id)
        drafts += [replace(about, contact_id=one.contact_id, invitation_id=one.id) for one in readers]
        if circulation.opened_by_id is not None:
            to_lead = circulation.opened_by_id
            drafts.append(outbox.Draft(line, user_id=to_lead, statement_id=statement.id, subject_id=subject_id))
    outbox.put(session, now, drafts)
