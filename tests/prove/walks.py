"""What a random walk can do: members and lead do anything in any order, and after every step the invariants hold.

`life.py` lets Hypothesis take the steps; what a walk did is told with what did not hold.
"""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.builders import EDITION, LINKS, NOW
from tests.prove import walks_after, walks_people, walks_roll
from tests.prove.invariants import violations
from tests.prove.walker import Walker
from workflow.actions import amending, circulation, codes, commenting, drafting, in_force, inviting, signing
from workflow.models.circulation import Invitation
from workflow.models.publication import Publication
from workflow.models.signing import Answer
from workflow.rules.circulation import Kind, Purpose, Role
from workflow.rules.quoting import QuoteWord
from workflow.rules.refusals import Refusal
from workflow.rules.signing import FOR_COMMENT, Offered, QuoteOffered
from workflow.text.digest import answer_hash

STEPS_AFTER_THE_END = 12
AT_AN_END = ("published", "retracted", "abandoned")
KINDS = (Kind.SIGN_OFF,) * 12 + (Kind.OBJECTION, Kind.DECLINE, Kind.ABSTAIN, Kind.TAKEN_BACK)
ROLES = (Role.REQUIRED, Role.REQUIRED, Role.REQUIRED, Role.OPTIONAL, Role.OPTIONAL, Role.OBSERVER)
WAITS = (timedelta(minutes=1), timedelta(minutes=40), timedelta(hours=7), timedelta(days=1), timedelta(days=16))


@dataclass
class Told:
    """What walks met: what does not hold, and how often each thing happened."""

    violations: list[str] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Told") -> None:
        """Count another walk in."""
        self.violations += other.violations
        self.met += other.met


class Walk(Walker):
    """A walker that moves, and looks after every step whether all holds."""

    def __init__(self, session: Session, number: int) -> None:
        super().__init__(session, number)
        self.now, self.ended = NOW, 0
        self.told = Told()
        self.done: list[str] = []

    def move(self) -> None:
        """One more step, likelier one that teaches something where the statement is now.

        After the end of a statement's life a few more are taken; then nothing happens any more.
        """
        self.ended += self.seen.stage in AT_AN_END
        if self.ended > STEPS_AFTER_THE_END:
            return
        stage = self.seen.stage
        self.now += timedelta(seconds=1)  # no two things happen at one instant
        # A draft that nobody circulates teaches little.
        asked = self.seen.circulation
        likely = LIKELY.get(stage) or NEXT.get(self.done[-1] if self.done else "")
        if likely is None and asked is not None and asked.purpose == Purpose.COMMENT and self.chance.random() < 0.3:
            likely = "ask to sign"
        hurried = likely is not None and self.chance.random() < 0.5
        weights = [weight * walks_after.fits(stage, name) for name, (weight, _) in MOVES.items()]
        self.step(likely if hurried and likely else self.chance.choices(list(MOVES), weights)[0])

    def end(self) -> Told:
        """What it met, counted once it has gone its way."""
        self.told.met[self.seen.stage] += 1
        self.told.met["carried over"] += self.carried_over()
        return self.told

    def carried_over(self) -> bool:
        """Whether it ended in a publication that counts sign-offs to an earlier text."""
        chosen = select(Publication.record).where(Publication.statement_id == self.made.statement.id)
        record = self.session.scalar(chosen)
        self.session.rollback()
        return record is not None and "carried_over" in json.loads(record)

    def step(self, name: str) -> None:
        """One move: it is done, or refused and then nothing has changed; nothing else ever comes of it."""
        before = self.fingerprint()
        self.done.append(name)
        try:
            MOVES[name][1](self)
            self.told.met[name] += 1
        except Refusal as refusal:
            self.done[-1] += f" ({type(refusal).__name__})"
            self.told.met[f"refused: {type(refusal).__name__}"] += 1
            if self.fingerprint() != before:
                self.wrong("a refusal changed something")
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what the walk looks for
            self.wrong(f"{type(error).__name__}: {error}")
            return
        self.seen = self.look()
        self.hold()

    def hold(self) -> None:
        """Look whether the invariants hold."""
        for one in violations(self.session, self.made.statement.id):
            self.wrong(one)

    def wrong(self, what: str) -> None:
        """Note what does not hold, with the way that led there."""
        self.told.violations.append(f"walk {self.number}, after {', '.join(self.done)}: {what}")

    # Members ------------------------------------------------------------------------------------

    def answer(self) -> None:
        """A member says something by its link; what is taken must have been allowed."""
        invitation = self.an_invitation()
        purpose = invitation.signatory.circulation.purpose
        usual = KINDS if purpose == Purpose.SIGN_OFF or self.chance.random() < 0.2 else FOR_COMMENT
        generation, kind = self.a_generation(invitation), self.chance.choice(usual)
        name = invitation.signatory.name + (" International" if self.chance.random() < 0.15 else "")
        offered = Offered(
            kind=kind,
            digest=self.a_digest(invitation),
            text="Not with this sentence." if self.chance.random() < 0.9 else "",
            listed_name=name if kind is Kind.SIGN_OFF else "",
            person_name="Ada Example",
            person_role="Director",
            authority=self.chance.random() < 0.95,
            withheld=kind is Kind.SIGN_OFF and self.chance.random() < 0.2,
            quotes=tuple(self.a_word_on(one) for one in invitation.signatory.quotes if self.chance.random() < 0.8),
        )
        asked = invitation.signatory.circulation
        challenge, code = None, ""
        if asked.code_required:
            challenge = codes.ask_code(self.session, self.now, invitation.id, generation, offered)
            code = LINKS.code(challenge, offered.digest, answer_hash(offered))
            code = code if self.chance.random() < 0.9 else f"{(int(code) + 1) % 1_000_000:06d}"
        answers = select(func.count()).select_from(Answer)
        before = self.session.scalar(answers)
        signing.answer(
            self.session, LINKS, self.now, invitation.id, generation, offered, challenge_id=challenge, code=code
        )
        if self.session.scalar(answers) != before:
            self.told.met[kind.value] += 1
            self.check_allowed(invitation, generation, offered)

    def all_sign(self) -> None:
        """Everybody who has not answered signs, approving its quotes: else few walks would come to a lock."""
        asked = self.seen.circulation
        if asked is None or asked.ended_at is not None or asked.code_required:
            raise Refusal
        taken = 0
        for one in self.seen.invitations:
            if one.signatory.circulation_id != asked.id or one.signatory.answer_id is not None:
                continue
            quotes = tuple(QuoteOffered(quote, QuoteWord.APPROVED) for quote in one.signatory.quotes)
            offered = Offered(
                kind=Kind.SIGN_OFF,
                digest=self.in_force(),
                listed_name=one.signatory.name,
                person_name="Ada Example",
                person_role="Director",
                authority=True,
                quotes=quotes,
            )
            with suppress(Refusal):
                signing.answer(self.session, LINKS, self.now, one.id, one.generation, offered)
                taken += 1
        if not taken:
            raise Refusal

    def check_allowed(self, invitation: Invitation, generation: int, offered: Offered) -> None:
        """What the walk knows of the link before the answer, without the code that decided."""
        asked = invitation.signatory.circulation
        reasons = {
            "a closed circulation": asked.ended_at is not None
            and not (self.seen.stage == "locked" and offered.kind is Kind.TAKEN_BACK),
            "a revoked link": invitation.revoked_at is not None,
            "a replaced link": generation != invitation.generation,
            "an expired link": self.now >= invitation.expires_at,
            "another text than the one in force": offered.digest != asked.revision.digest,
            "an observer": invitation.signatory.role == Role.OBSERVER,
            "no authority": offered.kind is Kind.SIGN_OFF and not offered.authority,
            "a circulation for comment": asked.purpose == Purpose.COMMENT
            and offered.kind not in (Kind.OBJECTION, Kind.TAKEN_BACK),
            "an objection without a word": offered.kind in (Kind.OBJECTION, Kind.DECLINE) and not offered.text,
        }
        for reason in (reason for reason, holds in reasons.items() if holds):
            self.wrong(f"an answer was taken from {reason}")

    def a_word_on(self, quote: str) -> QuoteOffered:
        """Mostly approval; sometimes other words are asked for, or forgotten to be typed."""
        word = self.chance.choice((*(QuoteWord.APPROVED,) * 8, QuoteWord.REWORDED, QuoteWord.REFUSED))
        return QuoteOffered(quote, word, "Other words." if self.chance.random() < 0.9 else "")

    def comment(self) -> None:
        """A member remarks on the text."""
        invitation = self.an_invitation()
        commenting.comment(
            self.session, self.now, invitation.id, self.a_generation(invitation),
            digest=self.a_digest(invitation), person_name="Ada Example", text=f"Remark {self.chance.randint(1, 3)}",
        )  # fmt: skip

    def open(self) -> None:
        """A member presses the button behind its link."""
        invitation = self.an_invitation()
        signing.open_link(self.session, self.now, invitation.id, self.a_generation(invitation))

    def fresh_link(self) -> None:
        """A member asks for a link that works."""
        invitation = self.an_invitation()
        inviting.fresh_link(self.session, self.now, invitation.id, self.a_generation(invitation))

    # The lead -----------------------------------------------------------------------------------

    def circulate(self) -> None:
        """The lead asks some or all members, now and then for comments first."""
        purpose = Purpose.COMMENT if self.chance.random() < 0.15 else Purpose.SIGN_OFF
        circulation.circulate(self.session, self.now, *self.about, self.an_asking(purpose))

    def an_asking(self, purpose: Purpose) -> circulation.Asking:
        """An asking of some or all members, under one rule or another."""
        members = [one for one in self.made.members if self.chance.random() < 0.9]
        return circulation.Asking(
            roll=[(one.id, self.chance.choice(ROLES)) for one in members],
            deadline_at=self.now + self.chance.choice((*WAITS, *WAITS[2:], *WAITS[3:], -WAITS[0])),
            deadline_zone="Europe/London",
            code_required=self.chance.random() < 0.25,
            rule=walks_roll.a_rule(self, purpose),
            vouched=self.chance.random() < 0.9,
            ending=walks_after.an_ending(self),
        )

    def ask_to_sign(self) -> None:
        """The lead goes from comments to sign-off."""
        circulation.ask_to_sign(self.session, self.now, *self.about, self.an_asking(Purpose.SIGN_OFF))

    def conclude(self) -> None:
        """The lead closes the comments."""
        circulation.conclude(self.session, self.now, *self.about)

    def objections_over(self) -> None:
        """The worker looks whether the hours for objecting to an editorial change are over."""
        asked = self.seen.circulation
        if asked is None:
            raise Refusal
        if asked.objections_until is not None and self.chance.random() < 0.7:
            self.now = max(self.now, asked.objections_until)
        if not in_force.objections_over(self.session, self.now, asked.id):
            raise Refusal

    def revise(self) -> None:
        """The lead changes the text, sometimes back to words it had."""
        words = f"The valley road has been closed for {self.chance.randint(40, 43)} days."
        spoken = replace(EDITION.quotes[0], text=f"Nobody should walk {self.chance.choice((9, 9, 10))} hours.")
        based_on = len(self.seen.revisions) - (self.chance.random() < 0.1)
        drafting.revise(self.session, self.now, *self.about, replace(EDITION, body=words, quotes=(spoken,)), based_on)

    def put_in_force(self) -> None:
        """The lead puts a revision in force, mostly the newest."""
        asked = self.seen.circulation
        newest = len(self.seen.revisions)
        number = newest if self.chance.random() < 0.6 else self.chance.randint(1, newest + 1)
        likely = 0.7 if asked is not None and asked.editorial_hours else 0.1
        editorial, vouched = self.chance.random() < likely, self.chance.random() < 0.95
        in_force.put_in_force(self.session, self.now, *self.about, number, editorial=editorial, vouched=vouched)
        self.told.met["editorial"] += editorial

    def recall(self) -> None:
        """The lead ends the asking."""
        circulation.recall(self.session, self.now, *self.about)

    def abandon(self) -> None:
        """The lead gives the statement up."""
        circulation.abandon(self.session, self.now, *self.about)

    def extend(self) -> None:
        """The lead moves the deadline, sometimes to where it was."""
        until = self.chance.choice((NOW + timedelta(days=3), self.now + self.chance.choice(WAITS)))
        amending.extend(self.session, self.now, *self.about, until, "UTC")

    def count_late(self) -> None:
        """The lead counts somebody's newest answer, late or not."""
        if not self.seen.signatories:
            raise Refusal
        one = self.chance.choice(self.seen.signatories)
        amending.count_late(self.session, self.now, *self.about, one.id, one.answer_id or 0)

    def invite(self) -> None:
        """The lead sends a contact a new link."""
        inviting.invite(self.session, self.now, *self.about, self.chance.choice(self.made.contacts).id)

    def revoke(self) -> None:
        """The lead revokes a link."""
        inviting.revoke(self.session, self.now, *self.about, self.an_invitation().id)

    def decide_name(self) -> None:
        """The lead accepts a name or falls back."""
        if not self.seen.signatories:
            raise Refusal
        one = self.chance.choice(self.seen.signatories)
        proposed = one.name + self.chance.choice((" International", " International", ""))
        amending.decide_name(self.session, self.now, *self.about, one.id, proposed, self.chance.random() < 0.5)

    def wait(self) -> None:
        """Time passes."""
        self.now = self.now + self.chance.choice(WAITS[:4] if self.chance.random() < 0.9 else WAITS)


MOVES: dict[str, tuple[int, Callable[[Walk], None]]] = {
    "answer": (48, Walk.answer),
    "all sign": (10, Walk.all_sign),
    "comment": (4, Walk.comment),
    "open": (3, Walk.open),
    "fresh link": (3, Walk.fresh_link),
    "circulate": (3, Walk.circulate),
    "revise": (6, Walk.revise),
    "put in force": (9, Walk.put_in_force),
    "ask to sign": (3, Walk.ask_to_sign),
    "conclude": (1, Walk.conclude),
    "objections over": (7, Walk.objections_over),
    "recall": (2, Walk.recall),
    "abandon": (1, Walk.abandon),
    "extend": (5, Walk.extend),
    "count late": (5, Walk.count_late),
    "invite": (4, Walk.invite),
    "revoke": (3, Walk.revoke),
    "decide name": (8, Walk.decide_name),
    "change part": (7, walks_roll.change_part),
    "add": (5, walks_roll.add),
    "deadline reached": (5, walks_roll.deadline_reached),
    "suggest": (2, walks_roll.suggest),
    "contest": (3, walks_people.contest),
    "resolve": (4, walks_people.resolve),
    "record": (3, walks_people.record),
    "word": (3, walks_people.word),
    "word stands": (2, walks_people.word_stands),
    "hand over": (3, walks_people.hand_over),
    "decide colleague": (2, walks_people.decide_colleague),
    "open page": (3, walks_people.open_page),
    "apply": (3, walks_people.apply),
    "confirm application": (3, walks_people.confirm_application),
    "decide application": (3, walks_people.decide_application),
    "contest application": (1, walks_people.contest_application),
    "forget applications": (1, walks_people.forget_applications),
    "wait": (8, Walk.wait),
    "publish due": (5, walks_after.publish_due),
    "press": (3, walks_after.press),
    "move embargo": (2, walks_after.move_embargo),
    "later": (12, walks_after.later),
    "note": (6, walks_after.note),
    "fix name": (5, walks_after.fix_name),
}


# What is likely to follow: a text that nobody puts in force, or hours that never pass, teach little either.
LIKELY = {"draft": "circulate", "locked": "publish due", "published": "later"}
NEXT = {
    "revise": "put in force",
    "put in force": "objections over",
    "objections over": "answer",
    "change part": "add",
    "contest": "resolve",
    "record": "word",
    "open page": "apply",
    "apply": "confirm application",
    "confirm application": "decide application",
}
