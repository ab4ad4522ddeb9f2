"""The moves of a random walk on a living roll: other parts, one signatory more or less, the deadline as it is reached.

They take the walk itself, which has chance, time and what it sees of its statement.
"""

from typing import TYPE_CHECKING

from tests.builders import EDITION
from workflow.actions import amending_roll, commenting, deadline
from workflow.models.coalition import Organisation
from workflow.rules.circulation import Purpose, Role, Rule
from workflow.rules.refusals import Refusal
from workflow.text.passages import chosen

if TYPE_CHECKING:
    from tests.prove.walks import Walk

PARTS = (Role.REQUIRED, Role.OPTIONAL, Role.OPTIONAL, Role.OBSERVER, None)


def a_rule(walk: "Walk", purpose: Purpose) -> Rule:
    """Any rule: every required one mostly, with numbers, held open, or by silence."""
    chance = walk.chance
    return Rule(
        at_least=chance.choice((0, 0, 0, 1, 2, 3)),
        objections_hold=chance.random() < 0.2,
        purpose=purpose,
        editorial_hours=chance.choice((0, 6, 6)),
        others=chance.choice((0, 0, 0, 0, 1, 2)),
        hold_open=chance.random() < 0.15,
        silence=purpose is Purpose.SIGN_OFF and chance.random() < 0.15,
    )


def change_part(walk: "Walk") -> None:
    """The lead gives a signatory another part, or takes it off the roll."""
    if not walk.seen.signatories:
        raise Refusal
    one, part = walk.chance.choice(walk.seen.signatories), walk.chance.choice(PARTS)
    reason = "They asked for it." if walk.chance.random() < 0.9 else ""
    vouched = walk.chance.random() < 0.8
    amending_roll.change_part(walk.session, walk.now, *walk.about, one.id, part, reason, vouched=vouched)
    walk.told.met["dropped" if part is None else "demoted" if part is not Role.REQUIRED else "promoted"] += 1


def add(walk: "Walk") -> None:
    """The lead asks one more: somebody who is on the roll already, was on it, or never was."""
    on_it = {one.organisation_id for one in walk.seen.signatories if one.dropped_at is None}
    off_it = [one for one in walk.made.members if one.id not in on_it]
    one: Organisation = walk.chance.choice(off_it if off_it and walk.chance.random() < 0.9 else walk.made.members)
    part = walk.chance.choice((Role.REQUIRED, Role.OPTIONAL, Role.OBSERVER))
    amending_roll.add(walk.session, walk.now, *walk.about, one.id, part, vouched=walk.chance.random() < 0.8)


def deadline_reached(walk: "Walk") -> None:
    """The worker looks whether the deadline is reached; often it is."""
    asked = walk.seen.circulation
    if asked is None or asked.ended_at is not None:
        raise Refusal
    if walk.chance.random() < 0.6:
        walk.now = max(walk.now, asked.deadline_at)
    if not deadline.reached(walk.session, walk.now, asked.id):
        raise Refusal


def suggest(walk: "Walk") -> None:
    """A member proposes other words: what breaks a silence."""
    invitation = walk.an_invitation()
    place = chosen(EDITION, "b1", "forty").to_json()
    words = {"person_name": "Bo", "text": "", "kind": "suggestion", "passage": place, "proposed": "fifty"}
    digest = walk.a_digest(invitation)
    commenting.comment(
        walk.session, walk.now, invitation.id, walk.a_generation(invitation), digest=digest, **words
    )  # fmt: skip
