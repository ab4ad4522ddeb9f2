"""Pictures of lists of signatories, to be looked at: 7, 31, 97, 286 and 11,000 names in every style.

    python -m tests.bench.list_pictures

Leaves them in build/lists: on a desk, on a phone of 360 pixels, and from right to left. Fails where a page is wider
than the screen. Of a very long page only the beginning and the end of the list are taken.
"""

import mimetypes
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, sync_playwright

from tests.bench import listings
from tests.ground.browser import arguments, find
from workflow.config import STATIC
from workflow.rules.listing import Manner, Order, Style, arranged
from workflow.text.collation import sort_key

FOLDER = Path(__file__).resolve().parents[2] / "build" / "lists"
SIZES = (7, 31, 97, 286, 11_000)
DESK, PHONE = (1280, 900), (360, 740)
# Chromium paints no picture that is higher.
TALLEST = 12_000
LOGOS = {listings.picture(at).digest: listings.picture(at).content for at in range(listings.LOGOS)}
HOME = "http://127.0.0.1"
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass(frozen=True)
class Shot:
    """One page to be taken."""

    count: int
    style: Style
    screen: tuple[int, int]
    order: Order = Order.ALPHABET
    language: str = "en"

    @property
    def name(self) -> str:
        order = "" if self.order is Order.ALPHABET else f"-{self.order.value}"
        return f"{self.language}-{self.count}-{self.style.value}{order}-{self.screen[0]}"


def shots() -> list[Shot]:
    """Every page to be taken."""
    plain = [Shot(count, style, DESK) for count in SIZES for style in Style]
    phone = [Shot(count, style, PHONE) for count in (7, 97) for style in Style]
    headed = [Shot(97, style, screen, Order.COUNTRY) for style in Style for screen in (DESK, PHONE)]
    arabic = [Shot(31, style, screen, language="ar") for style in Style for screen in (DESK, PHONE)]
    return [*plain, *phone, *headed, *arabic]


def html_of(app: object, shot: Shot) -> str:
    """The public page."""
    edition = listings.ARABIC if shot.language == "ar" else listings.TEXT
    found = listings.candidates(shot.count, shot.language)
    chosen = Manner(shot.order, article_ignored=True)
    key = sort_key(shot.language, article_ignored=True)
    entries = [one.entry for one in arranged(found, chosen, key)]
    public = listings.published(entries, shot.style, edition, unnamed=2 if shot.count == 97 else 0)
    return listings.page(app, public)  # type: ignore[arg-type]


def take(page: Page, shot: Shot, html: str) -> bool:
    """Take the picture; whether the page is wider than the screen."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if "/logos/" in path:
            digest = path.rpartition("/")[2].removesuffix(".png")
            route.fulfill(body=LOGOS[digest], content_type="image/png")
        elif path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "")
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.unroute_all()
    page.route("**/*", answer)
    page.set_viewport_size({"width": shot.screen[0], "height": shot.screen[1]})
    page.goto(f"{HOME}/{shot.name}")
    # All pictures, also those that are fetched only once they come near.
    page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach((one) => { one.loading = 'eager'; })")
    page.wait_for_load_state("networkidle")
    tall = page.evaluate("document.documentElement.scrollHeight")
    if tall <= TALLEST:
        page.screenshot(path=FOLDER / f"{shot.name}.png", full_page=True)
    else:
        page.locator(".signatories").scroll_into_view_if_needed()
        page.screenshot(path=FOLDER / f"{shot.name}-begins.png")
        page.evaluate("document.querySelector('.signatories').scrollIntoView({ block: 'end' })")
        page.screenshot(path=FOLDER / f"{shot.name}-ends.png")
    return bool(page.evaluate(WIDER))


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    wide = []
    with listings.application() as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find(Path(playwright.chromium.executable_path)), args=arguments()
        )
        page = browser.new_page()
        for shot in shots():
            if take(page, shot, html_of(app, shot)):
                wide.append(shot.name)
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}")
    for name in wide:
        print(f"WIDER than the screen: {name}")
    return 1 if wide else 0


if __name__ == "__main__":
    sys.exit(main())
