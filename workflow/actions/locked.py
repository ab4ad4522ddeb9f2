"""Locked: what happens between the lock and the publication. Each public function is one transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from workflow.actions.closing import reconsider
from workflow.actions.publishing import ask_again, go_on, publish, tell_all
from workflow.db import transaction
from workflow.links import Links
from workflow.mail import outbox, previews
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Statement
from workflow.models.signing import CodeChallenge, Reconfirmation
from workflow.queries import completion as looking
from workflow.queries.circulation import Place, roll, standings, statement_of_invitation, writable_invitations
from workflow.queries.drafting import take_statement, take_statement_by_id
from workflow.queries.signing import invitation_for_answer
from workflow.rules.circulation import Standing
from workflow.rules.completion import Completion
from workflow.rules.lifecycle import Move, Stage
from workflow.rules.noting import Later
from workflow.rules.refusals import (
    CodeSpent,
    EmbargoPassed,
    NotFound,
    NothingChanged,
    Refusal,
    SignOffsTooOld,
    TextMoved,
    WrongStage,
)
from workflow.rules.signing import check_link
from workflow.text.digest import later_hash
from workflow.text.instants import in_zone, iso


def publish_due(session: Session, now: datetime, circulation_id: int) -> bool:
    """Publish a text whose instant has come, if it is still complete. Gives whether it is public by this.

    Nothing happens where it is public already, was unlocked, or its instant was moved.
    """
    with transaction(session):
        statement_id = looking.statement_of_circulation(session, circulation_id)
        if statement_id is None:
            return False
        statement = take_statement_by_id(session, statement_id)
        if statement.stage != Stage.LOCKED:
            return False
        circulation = looking.complete_circulation(session, statement_id)
        due = circulation.due_at
        if circulation.id != circulation_id or due is None or due > now:
            return False
        return _publish(session, statement, circulation, now)


def publish_now(session: Session, now: datetime, user_id: int, public_id: str) -> None:
    """The lead presses. Raises WrongStage where that was not the choice, SignOffsTooOld where some do not hold."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = looking.locked_for(session, statement, Move.PUBLISH)
        due = circulation.due_at
        if due is not None and due > now:
            raise WrongStage(stage=statement.stage, move=Move.PUBLISH.value)
        _publish(session, statement, circulation, now)
        held = circulation.held_since is not None
        days = circulation.validity_days
    if held:  # raised only now: those concerned are asked, and that is committed
        raise SignOffsTooOld(days=days)


def _publish(session: Session, statement: Statement, circulation: Circulation, now: datetime) -> bool:
    """Weigh the roll once more; publish, hold, or unlock and alarm."""
    if not reconsider(session, statement, circulation, now).complete:
        return False
    waited = circulation.held_since is not None
    public = publish(session, statement, circulation, _weighed(session, circulation), now)
    if circulation.held_since is not None and not waited:
        previews.tell_held(session, now, statement, circulation)
    return public


def _weighed(session: Session, circulation: Circulation) -> list[tuple[Place, Standing]]:
    places = roll(session, circulation.id)
    return list(zip(places, standings(circulation, places), strict=True))


def move_embargo(session: Session, now: datetime, user_id: int, public_id: str, at: datetime, zone: str) -> None:
    """Move the instant before which nothing is public. All are told, who was shown the text before it too; who is
    asked again because of it is asked at once."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = looking.locked_for(session, statement, Move.PUBLISH)
        if circulation.ending.how is not Completion.EMBARGO:
            raise WrongStage(stage=statement.stage, move=Move.AMEND_ASKING.value)
        if at <= now:
            raise EmbargoPassed
        if at == circulation.embargo_at:
            raise NothingChanged
        was = circulation.embargo_at
        circulation.embargo_at, circulation.embargo_zone, circulation.held_since = at, zone, None
        statement.record("embargo moved", now, {"embargo": iso(at)})
        for invitation in writable_invitations(session, circulation.id):
            invitation.expires_at = max(invitation.expires_at, circulation.links_until(now))
        outbox.await_instant(session, outbox.PUBLISH, circulation.id, at)
        session.flush()
        tell_all(session, statement, circulation, outbox.Kind.EMBARGO_MOVED, now)
        previews.tell_moved(session, now, statement, circulation, was)
        ask_again(session, statement, circulation, _weighed(session, circulation), now, in_zone(at, zone))


def reconfirm(
    session: Session,
    links: Links,
    now: datetime,
    invitation_id: int,
    generation: int,
    later: Later,
    *,
    challenge_id: int | None = None,
    code: str = "",
) -> None:
    """A contact says that the sign-off of its organisation still stands; what was held for it alone is published."""
    wrong: Refusal | None = None
    with transaction(session):
        statement = take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        invitation = invitation_for_answer(session, invitation_id)
        circulation = invitation.signatory.circulation
        check_link(invitation.facts(generation, None), now)
        looking.locked_for(session, statement, Move.PUBLISH)
        if later.digest != circulation.revision.digest:
            raise TextMoved(shown=later.digest, current=circulation.revision.digest)
        if circulation.code_required:
            challenge = session.get(CodeChallenge, challenge_id) if challenge_id is not None else None
            wrong = challenge.tried(links, invitation, later_hash(later), code, now) if challenge else CodeSpent()
        if wrong is None:
            _reconfirm(session, statement, circulation, invitation.signatory, now, invitation)
    if wrong is not None:  # raised only now: the try that failed is counted and committed
        raise wrong


def reconfirm_at_desk(session: Session, now: datetime, user_id: int, public_id: str) -> None:
    """The lead organisation's own sign-off still stands; its signed-in user says so."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = looking.locked_for(session, statement, Move.PUBLISH)
        own = [one for one in roll(session, circulation.id) if one.organisation_id == statement.lead_id]
        if not own:
            raise NotFound
        signatory = looking.signatory_of(session, circulation.id, own[0].signatory_id)
        _reconfirm(session, statement, circulation, signatory, now, None, user_id)


def _reconfirm(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    signatory: Signatory,
    now: datetime,
    invitation: Invitation | None,
    user_id: int | None = None,
) -> None:
    weighed = _weighed(session, circulation)
    standing = next(one for place, one in weighed if place.signatory_id == signatory.id)
    if not standing.signed or signatory.answer_id is None:
        raise NotFound
    facts: dict[str, object] = {
        "signatory": statement.disclose({"organisation": signatory.name}),
        "revision": circulation.revision.number,
        "digest": circulation.revision.digest,
        "by": "link" if invitation else "desk",
        "code": invitation is not None and circulation.code_required,
    }
    event = statement.record("reconfirmed", now, facts)
    session.add(
        Reconfirmation(
            signatory_id=signatory.id,
            answer_id=signatory.answer_id,
            invitation_id=invitation.id if invitation else None,
            user_id=user_id,
            reconfirmed_at=now,
            event_hash=event.hash,
        )
    )
    session.flush()
    if invitation is not None:
        outbox.put_later(session, now, statement, circulation.opened_by_id, [invitation], "reconfirm", signatory.id)
    if reconsider(session, statement, circulation, now).complete:
        go_on(session, statement, circulation, weighed, now)
