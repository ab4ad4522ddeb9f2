"""Takes the pictures in docs/screenshots again: starts the demo in a fresh directory and walks its whole path.

`make screenshots` runs it. It needs a Chromium and nothing else, and reaches nothing beyond this machine.
"""

import contextlib
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

from tests.ground.browser import arguments, find  # noqa: E402
from workflow import demo  # noqa: E402

PICTURES = ROOT / "docs" / "screenshots"
DESK = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 780}
MEMBERS = (
    ("ada@lakeside.example.org", "Ada Example", "Director"),
    ("rana@orchardist.example.org", "رنا المثال", "المديرة"),
    ("jun@harbour.example.org", "Jun Example", "Chair"),
    ("omar@hillside.example.org", "Omar Example", "Secretary"),
    ("ines@meadow.example.org", "Ines Example", "Coordinator"),
    ("tom@orchard.example.org", "Tom Example", "Trustee"),
    ("lena@riverbank.example.org", "Lena Example", "Director"),
)
ARABIC = ("landing", "text", "answer", "receipt")
LONGEST_WAIT_SECONDS = 60
WORDS, OTHER_WORDS = "the bridge sound", "the bridge safe"
SELECT = """(words) => {
  const walker = document.createTreeWalker(document.querySelector('.statement'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    node.parentElement.scrollIntoView({ block: 'center' });
    getSelection().setBaseAndExtent(node, at, node, at + words.length);
    return;
  }
}"""
COLOURS = 256


def main() -> None:
    """Walk the demo once and take a picture at every stop."""
    PICTURES.mkdir(exist_ok=True)
    with _demo() as url, sync_playwright() as playwright:
        found = find(Path(playwright.chromium.executable_path))
        browser = playwright.chromium.launch(executable_path=found, args=arguments())
        desk = _desk(browser, url)
        for number, (mail, person, role) in enumerate(MEMBERS):
            _sign(browser, url, mail, person, role, pictured=number in (0, 1))
            if number == 0:
                _remarks(desk)
            if number == 3:
                _half_way(desk, url)
        _public(browser, url)
        browser.close()
    size = sum(file.stat().st_size for file in PICTURES.glob("*.png"))
    print(f"{len(list(PICTURES.glob('*.png')))} pictures, {size / 1024:.0f} KiB, in docs/screenshots")


@contextlib.contextmanager
def _demo() -> Iterator[str]:
    """The demo on a free port, in a directory of its own; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="undersigned-pictures-") as directory:
        command = [sys.executable, "-m", "workflow.cli", "demo", "--port", str(port), "--data-dir", directory]
        env = {name: value for name, value in os.environ.items() if not name.startswith("WORKFLOW_")}
        running = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        try:
            _wait(port)
            yield url
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(LONGEST_WAIT_SECONDS)


def _wait(port: int) -> None:
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.2)
    raise SystemExit("The demo did not start.")


def _context(browser: Browser, *, phone: bool = False, dark: bool = False) -> BrowserContext:
    return browser.new_context(
        locale="en-GB",
        timezone_id="Europe/London",
        viewport=PHONE if phone else DESK,
        device_scale_factor=1.5 if phone else 1,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )


def _take(page: Page, name: str, *, whole: bool = False) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    taken = page.screenshot(full_page=whole)
    (PICTURES / f"{name}.png").write_bytes(smaller(taken))


def _letter(page: Page, url: str, mail: str, words: str) -> str:
    """Open the newest letter to `mail` whose subject has `words`; gives its text."""
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while time.monotonic() < until:
        page.goto(f"{url}/mailbox?to={mail}")
        found = page.locator("a.mailbox-letter").filter(has=page.locator(".mailbox-subject", has_text=words))
        if found.count():
            found.first.click()
            return page.locator(".letter-text").inner_text()
        time.sleep(0.3)
    raise SystemExit(f"No letter to {mail} about {words}.")


def _desk(browser: Browser, url: str) -> Page:
    """The lead's desk: what stands there at the beginning, and how a statement is sent round."""
    page = _context(browser).new_page()
    page.goto(f"{url}/sign-in")
    page.locator("[name=mail]").fill(demo.MAIL)
    page.locator("[name=password]").fill(demo.PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/desk")
    page.get_by_role("link", name="Keep the valley clinic open").first.click()
    page.wait_for_url("**/statements/*")
    _take(page, "statement")
    here = page.url
    page.goto(f"{here}/edit")
    _take(page, "write")
    page.goto(f"{here}/circulate")
    _take(page, "prepare")
    page.goto(f"{url}/mailbox")
    page.wait_for_selector(".mailbox-letter")
    _take(page, "mailbox")
    return page


def _remarks(page: Page) -> None:
    """What Ada proposed, at the desk: as it comes in, and as it was answered."""
    page.goto(f"{page.url.partition('/mailbox')[0]}/desk")
    page.get_by_role("link", name=re.compile("Watch the roll")).first.click()
    page.wait_for_url("**/roll")
    here = page.url.removesuffix("/roll")
    page.goto(f"{here}/remarks")
    _take(page, "remarks")
    page.locator("summary", has_text="Answer this remark").first.click()
    page.locator("[name=disposition][value=declined]").first.check()
    page.locator("[name=reason]").first.fill("“Sound” is the word of the survey itself.")
    page.get_by_role("button", name="Keep this answer").first.click()
    page.wait_for_url("**#remark-*")
    page.goto(f"{here}/became")
    _take(page, "became")


def _suggest(page: Page, person: str) -> None:
    """A suggestion on words of the text."""
    page.evaluate(SELECT, WORDS)
    page.locator(".passage-offer button").click()
    page.locator("#field-comment-text").fill("Who is not an engineer reads “safe” more easily.")
    page.locator("#field-comment-suggests").check()
    page.locator("#field-comment-proposed").fill(OTHER_WORDS)
    page.locator("#field-comment-person_name").fill(person)
    page.evaluate("document.activeElement.blur(); document.getElementById('comment').scrollIntoView()")
    _take(page, "suggestion")
    page.locator("#comment button[type=submit]:not([formaction])").click()
    page.wait_for_url("**#remark-*")
    _take(page, "suggested")


def _half_way(page: Page, url: str) -> None:
    page.goto(f"{url}/desk")
    _take(page, "desk")
    page.get_by_role("link", name=re.compile("Watch the roll")).first.click()
    page.wait_for_url("**/roll")
    _take(page, "roll")
    page.set_viewport_size(PHONE)
    _take(page, "roll-phone")
    page.set_viewport_size(DESK)


def _sign(browser: Browser, url: str, mail: str, person: str, role: str, *, pictured: bool) -> None:
    """One member's path from the letter to the receipt, on a phone."""
    context = _context(browser, phone=True)
    page = context.new_page()
    _letter(page, url, mail, "")
    arabic = mail.startswith("rana")

    def take(name: str) -> None:
        if pictured and (name in ARABIC or not arabic):
            _take(page, f"{name}-arabic" if arabic else name)

    take("letter")
    page.locator(".letter-text a").first.click()
    take("landing")
    page.locator("main button[type=submit]").click()
    take("text")
    if pictured and not arabic:
        _suggest(page, person)
    page.locator("#field-kind").check()
    page.locator("#field-person_name").fill(person)
    page.locator("#field-person_role").fill(role)
    page.locator("#field-authority").check()
    page.evaluate("document.activeElement.blur(); document.getElementById('answer').scrollIntoView()")
    page.mouse.move(0, 0)
    take("answer")
    page.locator("#answer button[type=submit]").click()
    take("check")
    page.locator("main form[action$='/code'] button").click()
    take("code")
    letters = context.new_page()
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    digits = None
    while not digits and time.monotonic() < until:
        text = _letter(letters, url, mail, "")
        digits = re.search(r"(?<!\d)\d{6}(?!\d)", text)
        time.sleep(0.2)
    if not digits:
        raise SystemExit(f"No code for {mail}.")
    letters.close()
    page.locator("#field-code").fill(digits.group())
    page.locator("main form[action$='/record'] button").click()
    page.wait_for_url("**/receipt")
    take("receipt")
    context.close()


def _public(browser: Browser, url: str) -> None:
    """The published statement: the hero."""
    for name, phone, dark in (("public", False, False), ("public-dark", False, True), ("public-phone", True, False)):
        page = _context(browser, phone=phone, dark=dark).new_page()
        page.goto(url)
        page.locator(".statement-list-title a").first.click()
        page.wait_for_url("**/statements/*")
        _take(page, name, whole=not dark)
        page.context.close()


def smaller(png: bytes) -> bytes:
    """The same picture in at most 256 colours: a third of the bytes, and pages of text have hardly more."""
    width, height, rows = _pixels(png)
    counted = Counter(colour for row in rows for colour in row)
    palette = [colour for colour, _ in counted.most_common(COLOURS)]
    place = {colour: at for at, colour in enumerate(palette)}
    for colour in counted:
        if colour not in place:
            place[colour] = min(range(len(palette)), key=lambda at: _apart(colour, palette[at]))
    lines = b"".join(b"\0" + bytes(place[colour] for colour in row) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours, data = b"".join(map(bytes, palette)), zlib.compress(lines, 9)
    parts = ((b"IHDR", header), (b"PLTE", colours), (b"IDAT", data), (b"IEND", b""))
    return png[:8] + b"".join(_part(name, content) for name, content in parts)


def _part(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _apart(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum((left - right) ** 2 for left, right in zip(one, other, strict=True))


def _pixels(png: bytes) -> tuple[int, int, list[list[tuple[int, ...]]]]:
    """Width, height and the rows of (red, green, blue) of a PNG as Chromium writes it: 8 bits, no interlacing."""
    at, packed = 8, b""
    width = height = kind = 0
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        content = png[at + 8 : at + 8 + length]
        if name == b"IHDR":
            width, height, _, kind = struct.unpack(">IIBB", content[:10])
        elif name == b"IDAT":
            packed += content
        at += 12 + length
    step = {2: 3, 6: 4}[kind]
    raw, size = zlib.decompress(packed), width * step
    rows, before = [], bytearray(size)
    for number in range(height):
        start = number * (size + 1)
        before = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + size]), before, step)
        rows.append(list(zip(before[0::step], before[1::step], before[2::step], strict=True)))
    return width, height, rows


def _unfiltered(how: int, row: bytearray, above: bytearray, step: int) -> bytearray:
    for at in range(len(row)) if how else ():
        left = row[at - step] if at >= step else 0
        corner = above[at - step] if at >= step else 0
        guess = (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))[how]
        row[at] = (row[at] + guess) & 255
    return row


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda one: abs(guess - one))


if __name__ == "__main__":
    main()
