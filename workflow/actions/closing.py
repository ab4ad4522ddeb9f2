"""Closing: weigh the roll, lock, publish, write the letters. The one step that every door to the lock shares.

Also asking for quotes, which every way of bringing a text into force shares."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from workflow.mail import outbox
from workflow.models.circulation import Circulation
from workflow.models.drafting import Statement
from workflow.models.publication import Publication
from workflow.queries.circulation import Place, roll, standings, writable_invitations
from workflow.queries.history import editorial_changes, revisions_by_number
from workflow.queries.quoting import decided, quote_lines, signatories_with_names
from workflow.rules import listing
from workflow.rules.circulation import Outcome, Purpose, Standing
from workflow.rules.lifecycle import Move, Stage
from workflow.rules.publication import SignedBy, record, slugs
from workflow.rules.quoting import QuoteWord
from workflow.rules.refusals import QuoteWithoutOwner
from workflow.rules.signing import Verdict, weigh
from workflow.text import collation
from workflow.text.digest import canonical_json
from workflow.text.instants import iso


def settle(session: Session, statement: Statement, circulation: Circulation, now: datetime) -> Verdict:
    """Weigh the roll as it stands; where the rule is met, lock and publish within the running transaction.

    The caller holds the statement row and has flushed what it changed.
    """
    places = roll(session, circulation.id)
    standing = standings(circulation, places)
    verdict = weigh(circulation.rule, standing)
    if verdict.complete and circulation.purpose == Purpose.SIGN_OFF:
        _close(session, statement, circulation, list(zip(places, standing, strict=True)), now)
    return verdict


def ask_quotes(session: Session, circulation: Circulation, *, vouched: bool) -> list[str]:
    """Ask the owners for a word on each quote of the text in force; what they said of the same words stands.

    Returns the digests of quotes that nobody on the roll owns. Raises QuoteWithoutOwner unless the lead vouches.
    """
    signatories = signatories_with_names(session, circulation.id)
    lines = quote_lines(circulation.revision.parsed.authoritative, signatories)
    ownerless = [line for line in lines if line.owner_id is None]
    if ownerless and not vouched:
        raise QuoteWithoutOwner(organisations=[line.quote.organisation or line.quote.speaker for line in ownerless])
    said = decided(session, [one.id for one in signatories])
    for signatory in signatories:
        signatory.ask_quotes((line.digest for line in lines if line.owner_id == signatory.id), said[signatory.id])
    session.flush()
    return [line.digest for line in ownerless]


def _close(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    weighed: Sequence[tuple[Place, Standing]],
    now: datetime,
) -> None:
    revision = circulation.revision
    signed = listing.ordered(
        (place for place, standing in weighed if standing.signed),
        lambda place: place.public_name,
        collation.sort_key(revision.parsed.authoritative.language),
    )
    signed_by = [_signed_by(statement, place) for place in signed]
    _lock(session, statement, circulation, signed_by, now)
    _publish(session, statement, circulation, signed_by, now)
    _tell(session, statement, circulation, now)


def _signed_by(statement: Statement, place: Place) -> SignedBy:
    """What the record says of one signatory; its name is disclosed beside it."""
    if place.answered_revision is None or place.answered_digest is None or place.answered_at is None:
        raise RuntimeError("a signatory that counts has an answer")
    return SignedBy(
        commitment=statement.disclose({"listed_name": place.public_name}),
        revision=place.answered_revision,
        digest=place.answered_digest,
        signed_at=iso(place.answered_at),
    )


def _lock(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    signed_by: Sequence[SignedBy],
    now: datetime,
) -> None:
    revision = circulation.revision
    statement.record(
        "locked",
        now,
        {
            "revision": revision.number,
            "digest": revision.digest,
            "signatories": sorted(one.commitment for one in signed_by),
        },
    )
    session.flush()
    _take_slug(session, statement, revision.parsed.authoritative.headline)
    statement.move(Move.LOCK)
    circulation.end(Outcome.COMPLETE, now)


def _take_slug(session: Session, statement: Statement, headline: str) -> None:
    """Give the statement the first free address. Another one may take it at the same instant: then the next."""
    table = Statement.__table__
    for candidate in slugs(headline, statement.public_id):
        if session.scalar(select(Statement.id).where(Statement.slug == candidate)) is not None:
            continue
        try:
            with session.begin_nested():
                session.execute(
                    update(table)  # type: ignore[arg-type]
                    .where(table.c.id == statement.id)
                    .values(slug=candidate, stage=Stage.LOCKED.value)
                )
        except IntegrityError:
            continue
        set_committed_value(statement, "slug", candidate)
        return
    raise RuntimeError("no free address, although the last one carries a unique id")


def _publish(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    signed_by: Sequence[SignedBy],
    now: datetime,
) -> None:
    revision = circulation.revision
    edition = revision.parsed.authoritative
    statement.record("published", now, {"revision": revision.number, "digest": revision.digest})
    statement.move(Move.PUBLISH)
    slug = str(statement.slug)  # given in the lock, a moment ago
    canonical = canonical_json(
        record(
            slug=slug,
            kind=edition.kind,
            revision=revision.number,
            digest=revision.digest,
            content=json.loads(revision.content),
            rule=_rule(circulation),
            instants={
                "circulated": iso(circulation.opened_at),
                "deadline": iso(circulation.deadline_at),
                "locked": iso(now),
                "published": iso(now),
            },
            signatories=signed_by,
            chain_head=statement.chain_head,
            **_besides(session, statement, circulation, signed_by),  # type: ignore[arg-type]
        )
    )
    session.add(
        Publication(
            statement_id=statement.id,
            revision_id=revision.id,
            slug=slug,
            headline=edition.headline,
            language=edition.language,
            record=canonical,
            record_digest=hashlib.sha256(canonical.encode()).hexdigest(),
            listing=json.dumps([one.commitment for one in signed_by]),
            published_at=now,
        )
    )


def _rule(circulation: Circulation) -> dict[str, object]:
    rule: dict[str, object] = {"required": "all", "at_least": circulation.at_least}
    if circulation.objections_hold:
        rule["optional_objections"] = "hold"
    if circulation.editorial_hours:
        rule["editorial"] = {"hours": circulation.editorial_hours, "words": circulation.editorial_words}
    return rule


def _besides(
    session: Session, statement: Statement, circulation: Circulation, signed_by: Sequence[SignedBy]
) -> dict[str, object]:
    """What the record also holds where it applies: which quotes were approved, and what was carried over from what."""
    found: dict[str, object] = {}
    lines = quote_lines(circulation.revision.parsed.authoritative, signatories_with_names(session, circulation.id))
    if lines:
        found["quotes"] = [
            {
                "number": line.number,
                "digest": line.digest,
                "approved_by": "organisation" if line.word is QuoteWord.APPROVED else "lead",
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


def _tell(session: Session, statement: Statement, circulation: Circulation, now: datetime) -> None:
    drafts = [
        outbox.Draft(
            outbox.Kind.PUBLISHED,
            contact_id=invitation.contact_id,
            statement_id=statement.id,
            invitation_id=invitation.id,
        )
        for invitation in writable_invitations(session, circulation.id)
    ]
    if circulation.opened_by_id is not None:
        drafts.append(outbox.Draft(outbox.Kind.PUBLISHED, user_id=circulation.opened_by_id, statement_id=statement.id))
    outbox.put(session, now, drafts)
