"""Circulations: one asking of one roll under one rule, and the invitations that carry it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base, only
from workflow.models.coalition import ROLE_CHECK, Contact, Organisation
from workflow.models.drafting import Revision, Statement
from workflow.models.naming import Named
from workflow.models.reminding import Reminding
from workflow.rules.circulation import Kind, Purpose, Role, Rule, kept
from workflow.rules.completion import USUAL_VALIDITY_DAYS, Completion, Ending
from workflow.rules.lifecycle import Stage
from workflow.rules.people import USUAL_WORD_HOURS, link_expiry
from workflow.rules.quoting import QuoteWord
from workflow.rules.signing import Asked, LinkFacts
from workflow.text.instants import in_zone

if TYPE_CHECKING:
    from workflow.models.signing import Answer


class Circulation(Reminding, Base):
    """One asking. `revision` is the text in force; `outcome` says how it ended, if it has.

    `editorial_hours` is 0 where no editorial rule was declared. `carried` are the ids of the earlier revisions whose
    sign-offs an editorial change has kept; until `objections_until` was reached and noted they wait for objections.
    A colleague at another mail domain waits for the lead's word where `domains_asked`; what the lead recorded can be
    contradicted for `word_hours`.
    """

    __tablename__ = "circulations"

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    number: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(20), default="sign-off")
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    at_least: Mapped[int] = mapped_column(default=0)
    objections_hold: Mapped[bool] = mapped_column(default=False)
    visibility: Mapped[str] = mapped_column(String(20), default="everything")
    editorial_hours: Mapped[int] = mapped_column(default=0)
    editorial_words: Mapped[int] = mapped_column(default=0)
    others: Mapped[int] = mapped_column(default=0, server_default="0")
    hold_open: Mapped[bool] = mapped_column(default=False, server_default=false())
    silence: Mapped[bool] = mapped_column(default=False, server_default=false())
    # When the deadline was noted as reached (none again once it is moved), and when somebody broke the silence.
    time_up_at: Mapped[datetime | None]
    broken_at: Mapped[datetime | None]
    carried: Mapped[list[int]] = mapped_column(JSON, default=list)
    objections_until: Mapped[datetime | None]
    code_required: Mapped[bool] = mapped_column(default=True)
    domains_asked: Mapped[bool] = mapped_column(default=True, server_default=true())
    word_hours: Mapped[int] = mapped_column(default=USUAL_WORD_HOURS, server_default=str(USUAL_WORD_HOURS))
    # What happens once the rule is met (an Ending); `held_since`: it was to be published, and sign-offs were too old.
    completion: Mapped[str] = mapped_column(String(20), default="at-once", server_default="at-once")
    embargo_at: Mapped[datetime | None]
    embargo_zone: Mapped[str] = mapped_column(String(60), default="UTC", server_default="UTC")
    hold_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    validity_days: Mapped[int] = mapped_column(default=USUAL_VALIDITY_DAYS, server_default=str(USUAL_VALIDITY_DAYS))
    withheld_allowed: Mapped[bool] = mapped_column(default=True, server_default=true())
    late_until: Mapped[datetime | None]
    held_since: Mapped[datetime | None]
    deadline_at: Mapped[datetime]
    deadline_zone: Mapped[str] = mapped_column(String(60))
    cover_note: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))

    statement: Mapped[Statement] = relationship(lazy="raise")
    revision: Mapped[Revision] = relationship(lazy="raise")
    signatories: Mapped[list["Signatory"]] = relationship(
        lazy="raise", back_populates="circulation", order_by="Signatory.id"
    )

    __table_args__ = (
        UniqueConstraint("statement_id", "number"),
        # At most one circulation of a statement is open, whatever arrives at the same instant.
        Index("uq_circulations_one_open", "statement_id", unique=True, **only("ended_at IS NULL")),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_with_outcome"),
        CheckConstraint("purpose IN ('sign-off', 'comment')", name="purpose"),
        CheckConstraint("outcome IN ('complete', 'recalled', 'abandoned', 'concluded')", name="outcome"),
        CheckConstraint("visibility IN ('everything', 'positions', 'nothing')", name="visibility"),
        CheckConstraint("objections_until IS NULL OR editorial_hours > 0", name="objections_by_editorial_rule"),
        CheckConstraint("completion IN ('at-once', 'embargo', 'hold', 'press')", name="completion"),
    )

    @property
    def rule(self) -> Rule:
        """The rule under which the roll was asked."""
        return Rule(
            at_least=self.at_least,
            objections_hold=self.objections_hold,
            purpose=Purpose(self.purpose),
            editorial_hours=self.editorial_hours,
            editorial_words=self.editorial_words,
            others=self.others,
            hold_open=self.hold_open,
            silence=self.silence,
            time_up=self.time_up_at is not None,
            broken=self.broken_at is not None,
        )

    @property
    def ending(self) -> Ending:
        """What happens once the rule is met, as it was stated to the roll."""
        return Ending(
            how=Completion(self.completion),
            embargo_at=in_zone(self.embargo_at, self.embargo_zone) if self.embargo_at else None,
            hold_minutes=self.hold_minutes,
            validity_days=self.validity_days,
            withheld_allowed=self.withheld_allowed,
            late_until=self.late_until,
        )

    @property
    def due_at(self) -> datetime | None:
        """When it is to be published, once it is locked; none where the lead presses."""
        return self.ending.due(self.ended_at) if self.ended_at else None

    def links_until(self, now: datetime) -> datetime:
        """When a link sent at `now` stops opening: well after the last instant that was declared."""
        return link_expiry(max(self.deadline_at, self.ending.last_instant or self.deadline_at), now)

    def came_late(self, at: datetime | None) -> bool:
        """Whether an answer given at that instant came after the deadline, as it stands now."""
        return at is not None and at > self.deadline_at

    def reopen(self) -> None:
        """Open it again after a lock that did not hold: its links take answers as before."""
        self.outcome = self.ended_at = self.held_since = None

    def put_in_force(self, text: Revision) -> None:
        """Ask for `text` from now on; sign-offs to any other are stale."""
        self.revision, self.carried, self.objections_until = text, [], None

    def carry_over(self, text: Revision, now: datetime) -> datetime:
        """Ask for `text`, an editorial change of what is in force: sign-offs are kept. Gives when objecting ends."""
        self.revision, self.carried = text, kept(self.carried, self.revision.id, text.id)
        self.objections_until = now + timedelta(hours=self.editorial_hours)
        return self.objections_until

    def end(self, outcome: str, at: datetime) -> None:
        """Close this circulation; from now on its links explain themselves."""
        self.outcome, self.ended_at = outcome, at


class Signatory(Named, Base):
    """An organisation on the roll of a circulation. `answer` is its newest answer.

    `quotes` are the digests of its quotes in the text in force, each with what it
    has decided about it (a QuoteWord). `withheld`: it asked not to be named. `dropped_at`: it was taken off the roll
    then, and what it said on this place is history; if it comes back, it has a new place, an empty one.
    `counted_answer_id` is a late answer that the lead has counted (no foreign key, like the newest answer).
    `commitment` is the one under which it stands among those who signed, from the lock on, or from its late sign-off;
    `listed_at` its place in the list, as it was in the lock; `person_commitment` the one to who signed, where that
    person is listed.
    """

    __tablename__ = "signatories"

    id: Mapped[int] = mapped_column(primary_key=True)
    circulation_id: Mapped[int] = mapped_column(ForeignKey("circulations.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    # No foreign key: answers point here, and a newest-answer pointer back would make the two tables a ring.
    answer_id: Mapped[int | None] = mapped_column(index=True)
    quotes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    withheld: Mapped[bool] = mapped_column(default=False, server_default=false())
    dropped_at: Mapped[datetime | None]
    counted_answer_id: Mapped[int | None]
    commitment: Mapped[str | None] = mapped_column(String(64))
    listed_at: Mapped[int | None]
    person_commitment: Mapped[str | None] = mapped_column(String(64))
    # A contest that the lead has not resolved. No foreign key, for the same reason.
    contest_id: Mapped[int | None]
    # The kind of an answer that the lead recorded, and that waits for the member's word.
    recorded_kind: Mapped[str | None] = mapped_column(String(20))
    # So many of its contacts have to say the same, and so many do; none, where one objects to what another signed.
    needed: Mapped[int] = mapped_column(default=1, server_default="1")
    voices: Mapped[int] = mapped_column(default=1, server_default="1")

    circulation: Mapped[Circulation] = relationship(lazy="raise", back_populates="signatories")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    invitations: Mapped[list["Invitation"]] = relationship(
        lazy="raise", back_populates="signatory", order_by="Invitation.id"
    )

    __table_args__ = (
        # Who was dropped and comes back has a new place; the former one is history.
        Index(
            "uq_signatories_one_place", "circulation_id", "organisation_id", unique=True, **only("dropped_at IS NULL")
        ),
        CheckConstraint(f"role {ROLE_CHECK}", name="role"),
    )

    @property
    def part(self) -> Role:
        """The role as a rule knows it."""
        return Role(self.role)

    @property
    def only_reads(self) -> bool:
        """Whether nothing is asked of it: an observer, none of whose quotes waits for its word."""
        return self.part is Role.OBSERVER and QuoteWord.WAITING not in self.quotes.values()

    def asked(self, stage: str) -> Asked:
        """What is asked of it now; the circulation and the text in force are loaded."""
        return Asked(
            stage=Stage(stage),
            role=self.part,
            digest=self.circulation.revision.digest,
            purpose=Purpose(self.circulation.purpose),
            quotes=frozenset(self.quotes),
            withheld_allowed=self.circulation.withheld_allowed,
            silence=self.circulation.silence,
        )

    def ask_quotes(self, digests: Iterable[str], decided: Mapping[str, str]) -> None:
        """Ask for a word on these quotes; what was `decided` on the same words before stands."""
        self.quotes = {one: decided.get(one, QuoteWord.WAITING.value) for one in digests}

    def decide_quote(self, digest: str, decision: str) -> None:
        """Note what the organisation says of one of its quotes."""
        self.quotes = {**self.quotes, digest: decision}

    def stand_by(self, answer: "Answer | None", voices: int, again: bool, given: "Answer | None" = None) -> None:
        """Note the answer that it stands by and how many say it; one that says something `again` is as old as that.

        Only who signs anew, by what is `given` now, can be named again: what was said before undoes no withholding.
        """
        self.answer_id, self.voices = (answer.id if answer else None), voices
        if answer is not None and again:
            self.counted_answer_id = answer.id
        if answer is not None and answer.kind == Kind.SIGN_OFF:
            anew = given is not None and given.kind == Kind.SIGN_OFF
            self.withheld = answer.withheld or (self.withheld and not anew)


class Invitation(Base):
    """One approval link issued to one contact for one signatory. The token is derived, never stored.

    `handed_to_id`: the invitation of the colleague to whom its contact handed over; then it opens nothing any more.
    `named_by_id`: that of the contact who named this one as a colleague; both without a foreign key, as they point into
    their own table. `waits_for_lead`: the lead has to accept it first. Reminders up to `reminded_at` are done.
    """

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatories.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    generation: Mapped[int] = mapped_column(default=1)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    handed_to_id: Mapped[int | None]
    named_by_id: Mapped[int | None]
    waits_for_lead: Mapped[bool] = mapped_column(default=False, server_default=false())

    signatory: Mapped[Signatory] = relationship(lazy="raise", back_populates="invitations")
    contact: Mapped[Contact] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("signatory_id", "contact_id"),)

    @classmethod
    def opens(cls) -> Any:
        """The condition that a link is neither revoked nor handed on, nor waits for the lead."""
        return cls.revoked_at.is_(None) & cls.handed_to_id.is_(None) & cls.waits_for_lead.is_(False)

    def renew(self, expires_at: datetime) -> None:
        """Make links sent so far old: the next one sent is of a new generation, and good until `expires_at`."""
        self.generation += 1
        self.expires_at = expires_at
        self.revoked_at = None
        self.opened_at = None

    def facts(self, generation: int, outcome: str | None) -> LinkFacts:
        """What the row says about a link of `generation`; `outcome` is how the circulation ended, if it has."""
        return LinkFacts(
            generation=generation,
            current_generation=self.generation,
            expires_at=self.expires_at,
            revoked=self.revoked_at is not None,
            outcome=outcome,
            handed_on=self.handed_to_id is not None,
            waits=self.waits_for_lead,
        )
