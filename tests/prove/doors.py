"""Every door to the lock, under every rule, in every stage: one table, each cell tried on a database.

The situation: Lakeside and Harbour have signed (where there is something to sign), Hillside has said nothing. Lakeside
and Hillside are required and Harbour is optional, but under "three of three", where all are optional.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from itertools import count, product

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.actions.acting import invitation_of, sign, stage_of
from tests.builders import LINKS, NOW, QUOTELESS, World, circulate, offered, world
from tests.opening import applied
from tests.prove.invariants import violations
from workflow.actions import (
    amending,
    amending_roll,
    commenting,
    contesting,
    deadline,
    deciding,
    drafting,
    in_force,
    noting,
    opening,
    recording,
)
from workflow.actions import circulation as circulating
from workflow.db import WRITES, Base
from workflow.models.coalition import Contact, Member, Organisation
from workflow.models.signing import Answer
from workflow.queries.contesting import mail_mark
from workflow.rules.circulation import Kind, Purpose, Role, Rule
from workflow.rules.completion import AT_ONCE, Completion, Ending
from workflow.rules.noting import NoteKind
from workflow.rules.recording import Evidence, Word
from workflow.rules.refusals import Refusal
from workflow.text.passages import chosen

UNTIL, SOON = NOW + timedelta(days=2), NOW + timedelta(hours=1)
REQUIRED, OPTIONAL = Role.REQUIRED, Role.OPTIONAL
RULES = {
    "required": Rule(),
    "3 in all": Rule(at_least=3),
    "3 of 3": Rule(at_least=3),
    "and others": Rule(others=1),
    "held open": Rule(hold_open=True),
    "silence": Rule(silence=True),
    "comment": Rule(purpose=Purpose.COMMENT),
}
# What becomes of a circulating statement: "P" it is published, "-" it circulates on, "x" it is refused and nothing
# changes, "D" it is a draft again, "A" it is abandoned.
CIRCULATING = """
door               | required | 3 in all | 3 of 3 | and others | held open | silence | comment
sign-off           | P        | P        | P      | P          | -         | -       | x
objection          | -        | -        | -      | -          | -         | -       | -
decline            | -        | -        | -      | -          | -         | x       | x
abstain            | -        | -        | -      | -          | -         | -       | x
take back          | -        | -        | -      | -          | -         | -       | -
contest            | -        | -        | -      | -          | -         | -       | x
contest stands     | P        | P        | P      | P          | -         | -       | x
contest void       | -        | -        | -      | -          | -         | -       | x
recorded stands    | P        | P        | P      | P          | -         | -       | x
recorded confirmed | P        | P        | P      | P          | -         | -       | x
contradicted       | -        | -        | -      | -          | -         | -       | x
count a late one   | P        | P        | P      | P          | -         | -       | x
suggestion         | -        | -        | -      | -          | -         | -       | -
drop the missing   | P        | x        | x      | P          | -         | -       | -
demote the missing | P        | -        | x      | P          | -         | x       | -
make it observer   | P        | x        | x      | P          | -         | -       | -
require an other   | -        | -        | -      | x          | -         | x       | -
add a required     | -        | -        | -      | -          | -         | -       | -
add an optional    | -        | -        | -      | -          | -         | -       | -
accept who applied | -        | -        | P      | -          | -         | -       | x
move the deadline  | -        | -        | -      | -          | -         | -       | -
deadline           | -        | -        | -      | -          | -         | P       | -
another text       | -        | -        | -      | -          | -         | x       | -
recall             | D        | D        | D      | D          | D         | D       | D
abandon            | A        | A        | A      | A          | A         | A       | A
"""
# In the other stages the rule makes no difference. "C": it circulates again. A
# sign-off that was given already is answered with its receipt.
OTHERS = """
door               | draft | locked | published | retracted | abandoned
sign-off           | x     | -      | -         | -         | x
objection          | x     | x      | x         | x         | x
decline            | x     | x      | x         | x         | x
abstain            | x     | x      | x         | x         | x
take back          | x     | C      | x         | x         | x
contest            | x     | C      | -         | -         | x
contest stands     | x     | -      | -         | -         | x
contest void       | x     | C      | -         | -         | x
recorded stands    | x     | x      | x         | x         | x
recorded confirmed | x     | x      | x         | x         | x
contradicted       | x     | x      | x         | x         | x
count a late one   | x     | x      | x         | x         | x
suggestion         | x     | x      | x         | x         | x
drop the missing   | x     | x      | x         | x         | x
demote the missing | x     | x      | x         | x         | x
make it observer   | x     | x      | x         | x         | x
require an other   | x     | x      | x         | x         | x
add a required     | x     | x      | x         | x         | x
add an optional    | x     | x      | x         | x         | x
accept who applied | x     | x      | x         | x         | x
move the deadline  | x     | x      | x         | x         | x
deadline           | -     | -      | -         | -         | -
another text       | x     | x      | x         | x         | x
recall             | x     | D      | x         | x         | x
abandon            | A     | x      | x         | x         | x
"""
NUMBERS = count()
STAGES = ("draft", "locked", "published", "retracted", "abandoned")
LETTERS = {"published": "P", "draft": "D", "abandoned": "A"}


def who(made: World, now=SOON):
    return made.session, now, made.user.id, made.statement.public_id


def answered(kind: Kind, index: int = 1) -> Callable[[World], object]:
    return lambda made: sign(made, index, kind, now=SOON)


def part(index: int, role: Role | None) -> Callable[[World], object]:
    return lambda made: amending_roll.change_part(*who(made), made.signatories[index].id, role, "They said so.")


def suggested(made: World) -> None:
    place = chosen(QUOTELESS, "b1", "forty").to_json()
    words = {"person_name": "Bo", "text": "", "kind": "suggestion", "passage": place, "proposed": "fifty"}
    commenting.comment(made.session, SOON, invitation_of(made, 1).id, 1, digest=made.revision.digest, **words)


def added(role: Role) -> Callable[[World], object]:
    def add(made: World) -> None:
        organisation = Organisation(
            kept_by_id=made.user.organisation_id, name="Ferry Circle", listed_name="Ferry Circle"
        )
        made.session.add(organisation)
        made.session.flush()
        made.session.add(Member(coalition_id=made.coalition.id, organisation_id=organisation.id))
        made.session.add(Contact(organisation_id=organisation.id, name="Nia", mail="nia@ferry.example.org"))
        made.session.commit()
        amending_roll.add(*who(made), organisation.id, role)

    return add


def late_counted(made: World) -> None:
    late = UNTIL + timedelta(minutes=1)
    answer = sign(made, 1, now=late)
    amending.count_late(*who(made, late), made.signatories[1].id, answer.id)


def another_text(made: World) -> None:
    in_force.put_in_force(*who(made), 2)


def accepted(made: World) -> None:
    page = opening.open_it(*who(made, NOW), "", understood=True)
    found = applied(made, page, now=NOW)
    deciding.accept(*who(made), [found.id])


def contested(made: World) -> int:
    """What Lakeside signed was not Lakeside, says its contact."""
    invitation = invitation_of(made, 0)
    given = made.session.scalars(select(Answer.id).where(Answer.invitation_id == invitation.id)).first() or 0
    made.session.rollback()
    return contesting.contest(made.session, SOON, invitation.id, given, mail_mark(made.contacts[0].mail)).id


def resolved(resolution: str) -> Callable[[World], object]:
    """The lead resolves it after Hillside has signed, so that nothing else is missing; where it can still sign."""

    def resolve(made: World) -> None:
        contest_id = contested(made)
        if stage_of(made) == "circulating":
            sign(made, 1, now=SOON)
        contesting.resolve(*who(made), contest_id, resolution, "We rang them.")

    return resolve


def recorded(word: Word | None) -> Callable[[World], object]:
    """The lead records that Hillside signs; its contact says this to it, or nothing in the declared hours."""

    def record(made: World) -> None:
        proof = Evidence("phone", "She rang.")
        there = made.signatories[1].id if made.signatories else 0
        found = recording.record(*who(made), there, offered(made, 1), proof).id
        made.session.rollback()
        if word is None:
            recording.word_stands(made.session, SOON + timedelta(hours=24), found)
        else:
            mark = mail_mark(made.contacts[1].mail)
            recording.decide(made.session, LINKS, SOON, invitation_of(made, 1).id, found, mark, word)

    return record


DOORS: dict[str, Callable[[World], object]] = {
    "sign-off": answered(Kind.SIGN_OFF),
    "objection": answered(Kind.OBJECTION),
    "decline": answered(Kind.DECLINE),
    "abstain": answered(Kind.ABSTAIN),
    "take back": answered(Kind.TAKEN_BACK, 0),
    "count a late one": late_counted,
    "contest": contested,
    "contest stands": resolved("stands"),
    "contest void": resolved("void"),
    "recorded stands": recorded(None),
    "recorded confirmed": recorded(Word(agrees=True, person_name="Zoe", person_role="Chair", authority=True)),
    "contradicted": recorded(Word(agrees=False)),
    "suggestion": suggested,
    "drop the missing": part(1, None),
    "demote the missing": part(1, OPTIONAL),
    "make it observer": part(1, Role.OBSERVER),
    "require an other": part(2, REQUIRED),
    "add a required": added(REQUIRED),
    "add an optional": added(OPTIONAL),
    "accept who applied": accepted,
    "move the deadline": lambda made: amending.extend(*who(made), UNTIL + timedelta(days=1), "UTC"),
    "deadline": lambda made: deadline.reached(made.session, UNTIL, made.circulation.id if made.circulation else 0),
    "another text": another_text,
    "recall": lambda made: circulating.recall(*who(made)),
    "abandon": lambda made: circulating.abandon(*who(made)),
}


def table(text: str) -> dict[tuple[str, str], str]:
    """The cells of a table, by door and column."""
    head, *lines = ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())
    return {(line[0], column): cell for line in lines for column, cell in zip(head[1:], line[1:], strict=True)}


def situation(session, rule: str, number: int, ending: Ending = AT_ONCE) -> World:
    """As the first lines of this file say."""
    asked = RULES[rule]
    roles = [OPTIONAL] * 3 if rule == "3 of 3" else [REQUIRED, REQUIRED, OPTIONAL]
    made = world(session, edition=QUOTELESS, lead=f"Lead {number}")
    circulate(made, rule=asked, roles=roles, deadline=UNTIL, ending=ending)
    drafting.revise(*who(made, NOW), replace(QUOTELESS, place="Hillside"), 1)
    if asked.purpose is Purpose.SIGN_OFF:
        sign(made, 0)
        sign(made, 2)
    return made


def facts(session) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    session.rollback()
    return {name: [tuple(row) for row in session.execute(one.select())] for name, one in Base.metadata.tables.items()}


def tried(made: World, door: str, stage: str) -> str:
    """The letter of what becomes of it. Whatever is refused changes nothing."""
    before = {} if door.startswith("add") else facts(made.session)
    try:
        DOORS[door](made)
    except Refusal:
        made.session.rollback()
        assert not before or facts(made.session) == before, "refused, and yet something changed"
        return "x"
    finally:
        assert violations(made.session) == []
    now = stage_of(made)
    return "-" if now == stage else LETTERS.get(now, "C" if now == "circulating" else now)


def in_stage(session, rule: str, stage: str, number: int) -> World:
    """A statement that came to a stage under a rule."""
    waits = Ending(how=Completion.PRESS) if stage == "locked" else AT_ONCE
    made = situation(session, rule, number, waits)
    if stage == "draft":
        circulating.recall(*who(made))
    elif stage == "abandoned":
        circulating.abandon(*who(made))
    else:
        sign(made, 1, now=SOON)
        deadline.reached(session, UNTIL, made.circulation.id)
        if stage == "retracted":
            noting.note(*who(made, UNTIL), NoteKind.RETRACTION, "It no longer stands.")
    assert stage_of(made) == stage
    return made


def expected(rule: str, stage: str) -> dict[str, str]:
    """What the tables say of every door in a stage, under a rule; nothing where a rule comes to no such stage."""
    if stage == "circulating":
        return {door: cell for (door, column), cell in table(CIRCULATING).items() if column == rule}
    if rule == "comment" and stage not in ("draft", "abandoned"):
        return {}  # nothing is signed under it
    cells = {door: cell for (door, column), cell in table(OTHERS).items() if column == stage}
    if (rule, stage) == ("silence", "locked"):
        # What silence adopted rests on no sign-off.
        cells |= dict.fromkeys(("take back", "contest", "contest void"), "-")
    return cells


def found(sessions: sessionmaker[Session], rule: str, stage: str, doors: Collection[str]) -> dict[str, str]:
    """What becomes of each door, each tried on the same statement: what it did is rolled back."""
    cells: dict[str, str] = {}
    if not doors:
        return cells  # a rule that comes to no such stage
    engine = sessions.kw["bind"]
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin() as whole:
        # To the actions a savepoint is the transaction.
        session = sessions(bind=connection, join_transaction_mode="create_savepoint")
        number = next(NUMBERS)
        made = situation(session, rule, number) if stage == "circulating" else in_stage(session, rule, stage, number)
        session.rollback()
        for door in doors:
            with connection.begin_nested() as before:
                cells[door] = tried(replace(made), door, stage)
                session.expunge_all()
                session.rollback()
                before.rollback()
        session.close()
        whole.rollback()
    return cells


def every_door(sessions: sessionmaker[Session]) -> tuple[int, list[str]]:
    """All doors under all rules in all stages: how many cells were tried, and which are not what the tables say."""
    cells, wrong = 0, []
    for rule, stage in product(RULES, ("circulating", *STAGES)):
        told = expected(rule, stage)
        came = found(sessions, rule, stage, told)
        cells += len(told)
        differ = [door for door in told if came[door] != told[door]]
        wrong += [f"{door} under {rule}, {stage}: {came[door]}, not {told[door]}" for door in differ]
    return cells, wrong
