"""What a press release costs a member on a phone, from the mail to the receipt: taps, fields, screens of text.

The numbers stand in docs/walk.md. The invented twin always runs; the real example where it lies beside the checkout.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.ground.application import code_in, link_in
from tests.stories.live import Live
from tests.stories.test_browser_remarks import OFFER, SELECT
from tests.stories.test_browser_walk import nothing_sticks_out
from tests.stories.test_example import EXAMPLE, run
from workflow.demo import STATEMENT
from workflow.text.importing import read_statement

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
WALK = Path(__file__).parents[2] / "docs/walk.md"
MAIL = "ada@member0.example.org"
# A careful thumb: what one tap, one field (typed with two thumbs) and one screen of reading take, in seconds.
SECONDS_PER_TAP, SECONDS_PER_FIELD, SECONDS_PER_SCREEN_PASSED = 2, 8, 1
SECONDS_ALLOWED = 120

# Two words that stand side by side in the middle of the text, none of them marked.
TWO_WORDS = """() => {
  const walker = document.createTreeWalker(document.querySelector('.statement'), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    found.push(...(node.data.match(/\\w+ \\w+/g) ?? []));
  return found[Math.floor(found.length / 2)];
}"""


@dataclass
class Thumb:
    """Does what a thumb does on the page, and counts it."""

    page: Page
    taps: int = 0
    fields: list[str] = field(default_factory=list)
    screens: int = 0

    def tap(self, target: Locator) -> None:
        """Swipe until the target is in sight, and tap it."""
        self.swipe_to(target)
        target.tap()
        self.taps += 1

    def type(self, field: str, words: str) -> None:
        """Fill a field; going into it is part of it."""
        one = self.page.locator(field)
        self.swipe_to(one)
        one.fill(words)
        self.fields.append(field)

    def press_long(self, words: str) -> None:
        """Select words, as a long press and two handles do: three gestures."""
        self.page.evaluate(SELECT, words)
        self.taps += 3

    def swipe_to(self, target: Locator) -> None:
        """Swipe, three quarters of a screen each, until the target is in sight."""
        box = target.bounding_box()
        assert box is not None
        height = PHONE["viewport"]["height"]
        while not 0 <= box["y"] <= height - box["height"]:
            before = self.page.evaluate("scrollY")
            by = height * 3 // 4 * (1 if box["y"] > 0 else -1)
            self.page.evaluate("by => scrollBy({top: by, behavior: 'instant'})", by)
            assert self.page.evaluate("scrollY") != before, "it cannot be brought into sight"
            self.screens += 1
            box = target.bounding_box()

    @property
    def seconds(self) -> int:
        """What all of it takes, without the reading itself."""
        return (
            self.taps * SECONDS_PER_TAP
            + len(self.fields) * SECONDS_PER_FIELD
            + self.screens * SECONDS_PER_SCREEN_PASSED
        )


def circulated(live: Live, tmp_path: Path, file: Path) -> None:
    """The file sent round to its seven organisations; Ada answers for the first."""
    names = read_statement(file.read_text()).signatories
    assert len(names) == 7
    rows = ["organisation,listed_name,country,role,contact_name,contact_email,language,time_zone"]
    rows += [f"{name},,,required,Ada Example,ada@member{n}.example.org,en,UTC" for n, name in enumerate(names)]
    members = tmp_path / "members.csv"
    members.write_text("\n".join(rows))
    lead = ("--organisation", "Valley Office", "--name", "Lea", "--mail", "lea@valley.example.org")
    run(live.site, "user", "add", *lead, "--password-stdin", input="a long password for the desk\n")
    run(live.site, "coalition", "import", "Valley", str(members))
    handle = run(live.site, "statement", "import", str(file), "--coalition", "Valley").split()[-1]
    run(live.site, "circulate", handle, "--deadline", "2099-03-29 19:00 Europe/London")


@pytest.fixture
def thumb(browser: Browser) -> Iterator[Thumb]:
    context = browser.new_context(locale="en-GB", **PHONE)
    yield Thumb(context.new_page())
    context.close()


def remark(thumb: Thumb, words: str) -> None:
    """A suggestion on two words."""
    page = thumb.page
    thumb.press_long(words)
    thumb.tap(page.locator(OFFER))
    thumb.tap(page.locator("#field-comment-suggests"))
    thumb.type("#comment [name=proposed]", "other words")
    thumb.type("#comment [name=person_name]", "Ada Example")
    thumb.tap(page.locator("#comment button[type=submit]:not([formaction])"))
    page.wait_for_url("**#remark-*")


def answer(live: Live, thumb: Thumb) -> None:
    """Sign off, from the text to the receipt."""
    page = thumb.page
    thumb.tap(page.locator("#field-kind"))
    if not page.locator("#answer [name=person_name]").input_value():
        thumb.type("#answer [name=person_name]", "Ada Example")
    thumb.type("#answer [name=person_role]", "Director")
    thumb.tap(page.locator("#field-authority"))
    thumb.tap(page.locator("#answer button[type=submit]"))
    thumb.tap(page.locator("main form[action$='/code'] button[type=submit]"))
    thumb.type("#field-code", code_in(live.letter(MAIL, "code")))
    thumb.tap(page.locator("main form[action$='/record'] button[type=submit]"))
    page.wait_for_url("**/receipt")


def in_the_book(heading: str) -> tuple[int, int]:
    """The sums in the table of docs/walk.md under this heading: taps and fields."""
    part = WALK.read_text(encoding="utf-8").split(heading, 1)[1]
    taps, fields = re.search(r"\*\*the receipt\*\* \| \*\*(\d+) taps\*\* \| \*\*(\d+) fields\*\*", part).groups()
    return int(taps), int(fields)


def walk(live: Live, thumb: Thumb, tmp_path: Path, file: Path, *, remarks: bool) -> None:
    circulated(live, tmp_path, file)
    page = thumb.page
    page.goto(live.url + link_in(live.letter(MAIL)))
    thumb.taps += 1  # on the link in the letter
    thumb.tap(page.locator("main button[type=submit]").first)
    page.wait_for_url("**/sign/at/*/")
    nothing_sticks_out(page)
    if remarks:
        remark(thumb, page.evaluate(TWO_WORDS))
    answer(live, thumb)
    print(f"\n{thumb.taps} taps, {len(thumb.fields)} fields, {thumb.screens} swipes, about {thumb.seconds} s")


@pytest.mark.parametrize("which", ["twin", "example"])
@pytest.mark.parametrize(
    ("remarks", "heading"), [(False, "On a phone, from the mail"), (True, "With a suggestion on the way")]
)
def test_a_sign_off_costs_what_the_walk_says(live, thumb, tmp_path, which, remarks, heading):
    file = EXAMPLE
    if which == "twin":
        file = tmp_path / "twin.md"
        file.write_text(STATEMENT)
    elif not EXAMPLE.is_file():
        pytest.skip(f"the real example is not at {EXAMPLE.name} beside the checkout")
    walk(live, thumb, tmp_path, file, remarks=remarks)
    assert (thumb.taps, len(thumb.fields)) == in_the_book(heading)
    assert thumb.seconds < SECONDS_ALLOWED
