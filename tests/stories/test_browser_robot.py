"""What a mail scanner can do that follows the link in a real browser, runs its scripts and submits all it finds."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import NOW, World, circulate, world
from tests.stories.live import Live
from workflow.models.circulation import Circulation, Signatory
from workflow.models.drafting import Statement
from workflow.models.history import Event
from workflow.models.posting import Letter
from workflow.models.publication import Publication
from workflow.models.signing import Answer

pytestmark = pytest.mark.browser

STEPS = 180
# What it types: the same words everywhere, some of them like a code.
WORDS = ("test", "<b>junk</b> ' OR 1=1", "000000", "Robot 7", "x" * 300)
ACT = """(thing, {junk, words, throw: dice}) => {
  const form = thing.form;
  if (form) form.noValidate = true;
  if (form && junk) {
    const radios = [...form.querySelectorAll('[type=radio]')];
    if (radios.length) radios[Math.floor(dice * radios.length)].checked = true;
    for (const tick of form.querySelectorAll('[type=checkbox]')) tick.checked = true;
    for (const box of form.querySelectorAll('input, textarea'))
      if (!['hidden', 'radio', 'checkbox', 'submit'].includes(box.type)) box.value = words;
  }
  thing.click();
}"""
# Links of this house: where others lead is not ours, and a test stays on this machine.
THINGS = "a[href^='/'], button, input[type=submit]"
# These leave the page as it is: they fill the comment form where scripts run, or are downloads.
STAYS = ".passage-link, [data-passage-clear], [href*='/text.'], [href$='.ics']"
# However many of them a page has, they are one act.
NAMES = """(things, stays) => things.map((one) => one.matches(stays) ? 'link that stays' :
  [one.href ? 'link' : 'button', (one.innerText || one.value).trim(), one.form?.action.split('/').pop()].join(' '))"""
WORDS = ("test", "<b>junk</b> ' OR 1=1", "000000", "Robot 7", "x" * 300)


@dataclass
class Robot:
    """Does at each page what it has done least often: follows a link, or submits a form as it is or with junk."""

    live: Live
    page: Page
    start: str
    dice: random.Random
    junk: bool = True
    done: Counter[str] = field(default_factory=Counter)

    def run(self, steps: int) -> None:
        """So many steps from the start; where there is nothing to do it begins again."""
        self.page.goto(self.start)
        for step in range(steps):
            acts = self._acts()
            if not acts or step % 20 == 19:
                self.page.goto(self.start)
                continue
            fewest = min(self.done[name] for name, _, _ in acts)
            name, thing, how = self.dice.choice([act for act in acts if self.done[act[0]] == fewest])
            self.done[name] += 1
            self._do(thing, how)

    def _acts(self) -> list[tuple[str, Locator, str]]:
        # The place without the token in it: one act is the same act wherever it is met.
        place = urlsplit(self.page.url).path.replace(urlsplit(self.start).path, "/start")
        things = self.page.locator(THINGS)
        acts = []
        for at, words in enumerate(things.evaluate_all(NAMES, STAYS)):
            ways = ("follow",) if words.startswith("link") else ("as it stands", "with junk")[: 1 + self.junk]
            acts += [(f"{place} {words} {way}", things.nth(at), way) for way in ways]
        return acts

    def _do(self, thing: Locator, how: str) -> None:
        words, throw = self.dice.choice(WORDS), self.dice.random()
        given = {"junk": how == "with junk", "words": words, "throw": throw}
        if thing.evaluate("(one, those) => one.matches(those)", STAYS):
            thing.evaluate(ACT, given)
            return
        with self.page.expect_navigation(timeout=5_000):
            # A program needs nothing to be seen or hit, and no browser's checks.
            thing.evaluate(ACT, given)


def asked(live: Live, *, code: bool) -> World:
    """One circulation, begun by the actions; the worker sends its letters."""
    with live.site.session() as session:
        return circulate(world(session), code=code, now=live.now(), deadline=NOW + timedelta(days=2))


def link_of(live: Live, made: World) -> str:
    live.letter(made.contacts[0].mail)
    return live.url + live.site.approval_path(made.invitations[0])


def answered(session: Session) -> list[object]:
    """Every row that would say that somebody answered, wherever it would stand."""
    return [
        *session.scalars(select(Answer)),
        *session.scalars(select(Signatory).where(Signatory.answer_id.is_not(None))),
        *session.scalars(select(Publication)),
        *session.scalars(select(Circulation).where(Circulation.outcome.is_not(None))),
        *session.scalars(select(Statement).where(Statement.stage != "circulating")),
        *session.scalars(select(Letter).where(Letter.kind.in_(("receipt", "answered", "published")))),
        *[one for one in session.scalars(select(Event)) if "answer" in one.kind],
    ]


def test_with_the_code_on_no_robot_answers(earnest, browser):
    made = asked(earnest, code=True)
    context = browser.new_context(locale="en-GB")
    robot = Robot(earnest, context.new_page(), link_of(earnest, made), random.Random(4))
    robot.run(STEPS)
    context.close()
    acts = " ".join(robot.done)
    for reached in ("/start button Read the text", "/check", "/code", "/record", "Send another code"):
        assert reached in acts, f"the robot never came to {reached}: {acts}"
    assert earnest.letter(made.contacts[0].mail, "code"), "it had a code sent, so it came as far as it can come"
    with earnest.site.session() as session:
        assert answered(session) == []


def test_with_the_code_off_a_robot_that_only_presses_buttons_answers_nothing(earnest, browser):
    made = asked(earnest, code=False)
    context = browser.new_context(locale="en-GB")
    robot = Robot(earnest, context.new_page(), link_of(earnest, made), random.Random(3), junk=False)
    robot.run(STEPS // 4)
    context.close()
    assert "/check" in " ".join(robot.done)
    with earnest.site.session() as session:
        assert answered(session) == []


def test_with_the_code_off_a_robot_that_chooses_types_and_ticks_can_answer(earnest, browser):
    """What remains, and why the code is on unless the lead switches it off. The receipt tells the contact."""
    made = asked(earnest, code=False)
    context = browser.new_context(locale="en-GB")
    robot = Robot(earnest, context.new_page(), link_of(earnest, made), random.Random(4))
    robot.run(STEPS // 2)
    context.close()
    with earnest.site.session() as session:
        assert {answer.person_name for answer in session.scalars(select(Answer))}
        assert session.scalars(select(Publication)).all() == []
    assert earnest.letter(made.contacts[0].mail, "receipt")
