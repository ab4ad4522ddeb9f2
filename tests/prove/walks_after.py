"""The moves of a random walk from the lock on: embargo, press, reconfirmation, withdrawal, late signing, names, notes.

They take the walk itself, which has chance, time and what it sees of its statement.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.builders import LINKS
from workflow.actions import codes, locked, noting
from workflow.models.circulation import Circulation
from workflow.rules.circulation import Outcome
from workflow.rules.completion import Completion, Ending
from workflow.rules.noting import Later, LaterKind, NoteKind
from workflow.rules.refusals import Refusal
from workflow.text.digest import later_hash

if TYPE_CHECKING:
    from tests.prove.walks import Walk

MOVES_AFTER = ("publish due", "press", "move embargo", "later", "note", "fix name")
HOW = (*(Completion.AT_ONCE,) * 4, Completion.EMBARGO, Completion.EMBARGO, Completion.HOLD, Completion.PRESS)
DIFFERENCES = (timedelta(hours=3), timedelta(days=1), timedelta(days=6))


def fits(stage: str, move: str) -> float:
    """How much likelier a move is in a stage than it usually is: what is only refused teaches little."""
    after_lock = stage in ("locked", "published", "retracted")
    anywhere = move in ("wait", "contest", "resolve")
    return 1.0 if after_lock == (move in MOVES_AFTER) or anywhere else 0.12


def an_ending(walk: "Walk") -> Ending:
    """What happens once the rule is met: at once mostly."""
    how = walk.chance.choice(HOW)
    return Ending(
        how=how,
        embargo_at=walk.now + walk.chance.choice(DIFFERENCES) if how is Completion.EMBARGO else None,
        hold_minutes=30 if how is Completion.HOLD else 0,
        validity_days=walk.chance.choice((1, 5, 90)),
        withheld_allowed=walk.chance.random() < 0.9,
        late_until=walk.now + timedelta(days=20) if walk.chance.random() < 0.5 else None,
    )


def _complete(walk: "Walk") -> Circulation:
    """The newest circulation, where it was completed; a walk that has none has nothing to do here."""
    found = walk.seen.circulation
    if found is None or found.outcome != Outcome.COMPLETE:
        raise Refusal
    return found


def publish_due(walk: "Walk") -> None:
    """The worker looks whether the instant has come; sometimes it has."""
    asked = _complete(walk)
    due = asked.due_at
    if due is not None and walk.chance.random() < 0.6:
        walk.now = max(walk.now, due)
    stage = walk.seen.stage
    if not locked.publish_due(walk.session, walk.now, asked.id):
        if due is not None and due <= walk.now and stage == "locked":
            return  # held, or unlocked: something was done
        raise Refusal
    if stage != "locked" or due is None or due > walk.now:
        walk.wrong("published what was not due")


def press(walk: "Walk") -> None:
    """The lead publishes now. Where sign-offs are too old, those concerned are asked, and the press is refused."""
    held = _complete(walk).held_since
    try:
        locked.publish_now(walk.session, walk.now, *walk.about)
    except Refusal:
        if walk.look().circulation.held_since != held:  # type: ignore[union-attr]
            return
        raise


def move_embargo(walk: "Walk") -> None:
    """The lead moves the instant, sometimes into the past."""
    _complete(walk)
    at = walk.now + walk.chance.choice((*DIFFERENCES, -timedelta(hours=1)))
    locked.move_embargo(walk.session, walk.now, *walk.about, at, "UTC")


def later(walk: "Walk") -> None:
    """A member reconfirms, withdraws, signs late, or wants to be named no more."""
    invitation = walk.an_invitation()
    asked = invitation.signatory.circulation
    said = Later(
        kind=walk.chance.choice((*LaterKind, LaterKind.RECONFIRM)),
        digest=walk.a_digest(invitation),
        person_name="Ada Example",
        person_role="Director",
        authority=walk.chance.random() < 0.95,
        withheld=walk.chance.random() < 0.2,
    )
    who = (walk.session, LINKS, walk.now, invitation.id, walk.a_generation(invitation))
    challenge, code = None, ""
    if asked.code_required:
        challenge = codes.ask_code_later(walk.session, walk.now, invitation.id, who[-1], said)
        code = LINKS.code(challenge, said.digest, later_hash(said))
        code = code if walk.chance.random() < 0.9 else f"{(int(code) + 1) % 1_000_000:06d}"
    act = locked.reconfirm if said.kind is LaterKind.RECONFIRM else noting.act
    act(*who, said, challenge_id=challenge, code=code)
    walk.told.met[said.kind.value] += 1
    reasons = {
        "a circulation that was not completed": asked.outcome != Outcome.COMPLETE,
        "a revoked link": invitation.revoked_at is not None,
        "a replaced link": who[-1] != invitation.generation,
        "an expired link": walk.now >= invitation.expires_at,
        "another text": said.digest != asked.revision.digest,
        "no authority": said.kind in (LaterKind.SIGN_LATE, LaterKind.WITHHOLD) and not said.authority,
    }
    for reason in (reason for reason, holds in reasons.items() if holds):
        walk.wrong(f"{said.kind.value} was taken from {reason}")


def note(walk: "Walk") -> None:
    """The lead corrects, or now and then retracts."""
    kind = NoteKind.RETRACTION if walk.chance.random() < 0.15 else NoteKind.CORRECTION
    words = f"It is {walk.now.day} days." if walk.chance.random() < 0.9 else ""
    noting.note(walk.session, walk.now, *walk.about, kind, words)
    walk.told.met[kind.value] += 1


def fix_name(walk: "Walk") -> None:
    """The lead mends a name."""
    if not walk.seen.signatories:
        raise Refusal
    one = walk.chance.choice(walk.seen.signatories)
    name = f"{one.name} {walk.chance.choice(('Society', 'Union'))}"
    noting.fix_name(walk.session, walk.now, *walk.about, one.id, name, "")
