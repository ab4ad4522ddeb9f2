"""Publishing: a locked text becomes public, or waits, or is held. The one step that every way to publication shares."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.actions.entering import open_log
from workflow.mail import outbox
from workflow.mail.drawing import have_drawn
from workflow.models.circulation import Circulation
from workflow.models.coalition import Coalition
from workflow.models.drafting import Statement
from workflow.models.publication import Publication
from workflow.queries.circulation import Place, writable_invitations
from workflow.queries.completion import confirmed_at, invitations_of
from workflow.queries.history import editorial_changes, revisions_by_number
from workflow.queries.listing import frozen_counts, frozen_manner, frozen_order
from workflow.queries.opening import waiting_untold
from workflow.queries.press import chosen_ids
from workflow.queries.quoting import quote_lines, signatories_with_names
from workflow.rules.circulation import Standing
from workflow.rules.completion import Completion, reconfirming_helps, too_old
from workflow.rules.lifecycle import Move
from workflow.rules.publication import SignedBy, record
from workflow.rules.quoting import QuoteWord
from workflow.text.digest import canonical_json
from workflow.text.instants import iso
from workflow.text.placeholders import filled

Weighed = Sequence[tuple[Place, Standing]]


def signed_places(weighed: Weighed) -> list[Place]:
    """Whose sign-offs count."""
    return [place for place, one in weighed if one.signed]


def publish_or_wait(
    session: Session, statement: Statement, circulation: Circulation, weighed: Weighed, now: datetime
) -> None:
    """What follows from a lock: publish where nothing holds the text back, else have it done at its instant."""
    due = circulation.due_at
    if due is not None and due <= now:
        publish(session, statement, circulation, weighed, now)
        return
    if due is not None:
        outbox.await_instant(session, outbox.PUBLISH, circulation.id, due)
    tell_all(session, statement, circulation, outbox.Kind.LOCKED, now)


def publish(session: Session, statement: Statement, circulation: Circulation, weighed: Weighed, now: datetime) -> bool:
    """Publish a locked text whose rule is met, unless sign-offs are too old: then it is held. Gives whether it was.

    The caller holds the statement row and has weighed the roll.
    """
    signed = signed_places(weighed)
    tired = too_old(confirmed_at(session, signed, circulation.ending, now), circulation.ending, now)
    if tired:
        _hold(session, statement, circulation, tired, now)
        return False
    listed = frozen_order(session, circulation, signed)
    _publish(session, statement, circulation, [_signed_by(place, person) for place, person in listed], now)
    circulation.held_since = None
    session.flush()
    tell_all(session, statement, circulation, outbox.Kind.PUBLISHED, now)
    tell_press(session, statement, outbox.Kind.RELEASE, now)
    return True


def go_on(session: Session, statement: Statement, circulation: Circulation, weighed: Weighed, now: datetime) -> None:
    """After a reconfirmation: publish what was held for it alone; where the lead presses, tell it that it can."""
    if circulation.held_since is None:
        return
    if circulation.ending.how is not Completion.PRESS:
        publish(session, statement, circulation, weighed, now)
        return
    signed = signed_places(weighed)
    if not too_old(confirmed_at(session, signed, circulation.ending, now), circulation.ending, now):
        circulation.held_since = None
        tell_lead(session, statement, circulation, outbox.Kind.HELD, {"why": "ready"}, now)


def ask_again(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    weighed: Weighed,
    now: datetime,
    at: datetime,
) -> None:
    """Ask for reconfirmation whose sign-offs will not hold at an instant to come, where confirming now helps."""
    signed = signed_places(weighed)
    tired = too_old(confirmed_at(session, signed, circulation.ending, at), circulation.ending, at)
    if tired and reconfirming_helps(circulation.ending, now, at):
        _ask_to_reconfirm(session, statement, tired, now)


def _hold(
    session: Session, statement: Statement, circulation: Circulation, tired: Sequence[int], now: datetime
) -> None:
    """Not published: the sign-offs are too old. Once told, those concerned and the lead are not told again."""
    if circulation.held_since is not None:
        return
    circulation.held_since = now
    statement.record("publication held", now, {"circulation": circulation.number, "too_old": len(tired)})
    _ask_to_reconfirm(session, statement, tired, now)
    tell_lead(session, statement, circulation, outbox.Kind.HELD, {"why": "validity"}, now)


def _ask_to_reconfirm(session: Session, statement: Statement, tired: Sequence[int], now: datetime) -> None:
    invitations = invitations_of(session, tired)
    outbox.put_to(session, now, statement, invitations, outbox.Kind.RECONFIRM)


def _signed_by(place: Place, person: str | None) -> SignedBy:
    """What the record says of one signatory; its name is disclosed beside it."""
    if place.answered_revision is None or place.answered_digest is None or place.answered_at is None:
        raise RuntimeError("a signatory that counts has an answer")
    if place.commitment is None:
        raise RuntimeError("a signatory that counts was committed to in the lock")
    return SignedBy(
        commitment=place.commitment,
        revision=place.answered_revision,
        digest=place.answered_digest,
        signed_at=iso(place.answered_at),
        person=person,
        recorded=place.recording_id is not None,
    )


def _publish(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    signed_by: Sequence[SignedBy],
    now: datetime,
) -> None:
    revision = circulation.revision
    edition = revision.parsed.authoritative
    log = open_log(session, now)
    statement.record("published", now, {"revision": revision.number, "digest": revision.digest})
    statement.move(Move.PUBLISH)
    slug = str(statement.slug)  # given in the lock
    canonical = canonical_json(
        record(
            slug=slug,
            kind=edition.kind,
            revision=revision.number,
            digest=revision.digest,
            content=json.loads(revision.content),
            rule=_rule(circulation),
            instants=_instants(circulation, now),
            signatories=signed_by,
            chain_head=statement.chain_head,
            **_besides(session, statement, circulation, signed_by),  # type: ignore[arg-type]
        )
    )
    publication = Publication(
        statement_id=statement.id,
        revision_id=revision.id,
        slug=slug,
        headline=filled(edition, frozen_counts(session, statement, circulation)).headline,
        language=edition.language,
        record=canonical,
        record_digest=hashlib.sha256(canonical.encode()).hexdigest(),
        listing=json.dumps([one.commitment for one in signed_by]),
        manner=json.dumps(frozen_manner(session, statement, circulation)),
        published_at=now,
    )
    session.add(publication)
    log.enter_publication(publication, revision.digest, statement.chain_head)
    log.close()
    have_drawn(session, statement, now)


def _instants(circulation: Circulation, now: datetime) -> dict[str, str]:
    """The instants in the record; that of an embargo where there was one."""
    embargo = circulation.embargo_at if circulation.ending.how is Completion.EMBARGO else None
    return {
        "circulated": iso(circulation.opened_at),
        "deadline": iso(circulation.deadline_at),
        "locked": iso(circulation.ended_at or now),
        **({"embargo": iso(embargo)} if embargo else {}),
        "published": iso(now),
    }


def _rule(circulation: Circulation) -> dict[str, object]:
    rule: dict[str, object] = {"required": "all", "at_least": circulation.at_least}
    if circulation.silence:
        rule = {"silence": True}
    for name, said in (("others", circulation.others), ("open_until_deadline", circulation.hold_open)):
        if said and not circulation.silence:
            rule[name] = said
    if circulation.objections_hold and not circulation.silence:
        rule["optional_objections"] = "hold"
    rule["validity_days"] = circulation.validity_days
    if circulation.editorial_hours:
        rule["editorial"] = {"hours": circulation.editorial_hours, "words": circulation.editorial_words}
    return rule


def _besides(
    session: Session, statement: Statement, circulation: Circulation, signed_by: Sequence[SignedBy]
) -> dict[str, object]:
    """What the record also holds where it applies: which quotes were approved, and what was carried over from what."""
    found: dict[str, object] = {}
    counts = frozen_counts(session, statement, circulation)
    if counts is not None:
        found["counts"] = counts
    if circulation.silence:
        found["adopted_by"] = session.get_one(Coalition, statement.coalition_id).name
    signatories = signatories_with_names(session, circulation.id)
    lines = quote_lines(circulation.revision.parsed, signatories)
    # What was approved was approved, also where a name was given to somebody else since.
    approved = {
        one for signatory in signatories for one, word in signatory.quotes.items() if word == QuoteWord.APPROVED
    }
    if lines:
        found["quotes"] = [
            {
                "number": line.number,
                **({"language": line.language} if line.language else {}),
                "digest": line.digest,
                "approved_by": "organisation" if line.digest in approved else "lead",
            }
            for line in lines
        ]
    earlier = {one.revision for one in signed_by} - {circulation.revision.number}
    if earlier:
        found["carried_over"] = {
            "changes": [asdict(one) for one in editorial_changes(session, statement.id, circulation.number)],
            "revisions": [
                {"revision": one.number, "digest": one.digest, "content": json.loads(one.content)}
                for one in revisions_by_number(session, statement.id, earlier)
            ],
        }
    return found


def tell_all(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    kind: outbox.Kind,
    now: datetime,
    *,
    subject_id: int | None = None,
    facts: dict[str, object] | None = None,
) -> None:
    """Put a letter of `kind` to everybody who was asked, and to whoever asked."""
    to = outbox.Draft(kind, statement_id=statement.id, subject_id=subject_id, facts=facts or {})
    drafts = [
        replace(to, contact_id=invitation.contact_id, invitation_id=invitation.id)
        for invitation in writable_invitations(session, circulation.id)
    ]
    if circulation.opened_by_id is not None:
        about = subject_id if subject_id is not None else circulation.id
        drafts.append(replace(to, user_id=circulation.opened_by_id, subject_id=about))
    outbox.put(session, now, drafts)


def tell_applicants(session: Session, statement: Statement, circulation: Circulation, act: str, now: datetime) -> None:
    """Tell those who asked to sign on an open page and still wait why nothing comes of it: once, whatever comes later.

    `act`: the text is `locked`, the page `closed`, or the asking `ended`.
    """
    about = outbox.Draft(outbox.Kind.APPLY_CLOSED, statement_id=statement.id, facts={"act": act})
    outbox.put(session, now, [replace(about, application_id=one) for one in waiting_untold(session, circulation)])


def tell_press(
    session: Session,
    statement: Statement,
    kind: outbox.Kind,
    now: datetime,
    facts: dict[str, object] | None = None,
) -> None:
    """Put a letter of `kind` to each journalist who was chosen for this statement and is on the list still."""
    to = outbox.Draft(kind, statement_id=statement.id, facts=facts or {})
    outbox.put(session, now, [replace(to, journalist_id=one) for one in chosen_ids(session, statement.id)])


def tell_lead(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    kind: outbox.Kind,
    facts: dict[str, object],
    now: datetime,
) -> None:
    """Put a letter of `kind` to whoever asked."""
    if circulation.opened_by_id is not None:
        to_lead = circulation.opened_by_id
        draft = outbox.Draft(kind, user_id=to_lead, statement_id=statement.id, subject_id=circulation.id, facts=facts)
        outbox.put(session, now, [draft])
