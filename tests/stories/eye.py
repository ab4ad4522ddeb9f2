"""An eye that looks at pages as a demanding reader would: axe, headings, ids, labels, width, requests, console."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, Response

from tests.stories.live import Live

AXE = Axe()
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
# On the phone all that axe knows, and more: contrast of 7:1, targets that a finger hits. What a page is made of
# is the same on the desk; what is seen of it is not.
LOOKS = (
    ("dark", PHONE, {"rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}}),
    ("light", DESK, {"runOnly": ["color-contrast", "color-contrast-enhanced", "target-size", "link-in-text-block"]}),
)
STRUCTURE = """() => {
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  const named = (field) => field.labels?.length || field.getAttribute('aria-label') || field.ariaLabelledByElements;
  return {
    headings: document.querySelectorAll('h1').length,
    title: document.title.trim(),
    twice: ids.filter((id, at) => ids.indexOf(id) !== at),
    nameless: [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
      .filter((field) => !named(field)).map((field) => field.outerHTML),
    language: document.documentElement.lang,
    direction: document.documentElement.dir,
    inline: [...document.querySelectorAll('[style], [onclick], style, script:not([src]):not([type$=json])')].length,
  };
}"""
STICKS_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')]
    .filter((one) => { const box = one.getBoundingClientRect(); return box.right > width + 1 || box.left < -1; })
    .map((one) => one.outerHTML.slice(0, 160)).concat(['the page scrolls sideways']);
}"""


@dataclass
class Eye:
    """Looks at what `page` shows. `seen` are the endpoints whose pages were looked at, `faults` what was found."""

    live: Live
    page: Page
    seen: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    _answer: Response | None = None
    _said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("response", self._keep)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._said.append(f"script broke: {error}"))
        self.page.on("request", self._watch)

    def _keep(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.status not in (301, 302, 303):
            self._answer = response

    def _hear(self, message: ConsoleMessage) -> None:
        # A page that is answered with 4xx is told on the console; that it is one, `expect` has said.
        refused = "Failed to load resource" in message.text and message.location["url"] == self.page.url
        if message.type in ("error", "warning") and not refused:
            self._said.append(f"console: {message.text}")

    def _watch(self, request: Request) -> None:
        if urlsplit(request.url).netloc != self.live.host and not request.url.startswith("data:"):
            self._said.append(f"request to elsewhere: {request.url}")

    def go(self, path: str, expected: int = 200) -> None:
        """Open an address and look."""
        self.page.goto(self.live.url + path)
        self.look(expected)

    def press(self, button: str, expected: int = 200) -> None:
        """Press what `button` selects, a form that the browser would refuse included, and look at what comes."""
        self.page.evaluate("document.querySelectorAll('form').forEach((one) => { one.noValidate = true; })")
        with self.page.expect_navigation():
            self.page.locator(button).first.click()
        self.look(expected)

    def fill(self, **fields: str) -> None:
        """Type into fields by name, more than the browser would let one type included."""
        for name, words in fields.items():
            field = self.page.locator(f"main [name='{name}']").first
            field.evaluate(
                "one => { const fold = one.closest('details'); if (fold) fold.open = true;"
                "one.removeAttribute('maxlength'); }"
            )
            field.fill(words)

    def look(self, expected: int = 200) -> None:
        """Look at the page as it stands: dark on a phone, then light on a desk."""
        assert self._answer is not None
        where = f"{self._answer.request.method} {urlsplit(self.page.url).path}"
        assert self._answer.status == expected, f"{where}: {self._answer.status}"
        # A form's own page is the one that says what to mend; an address that is not there is not one of ours.
        if expected < 400 or self._answer.request.method == "POST":
            self.seen.add(self._endpoint())
        found = self._structure()
        for scheme, size, options in LOOKS:
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self.page.set_viewport_size(size)
            found += [f"{scheme}, {size['width']}: {fault}" for fault in self.page.evaluate(STICKS_OUT)]
            for one in AXE.run(self.page, options={"resultTypes": ["violations"], **options}).response["violations"]:
                nodes = "; ".join(str(node["html"])[:200] for node in one["nodes"][:3])
                found.append(f"{scheme}, {size['width']}: {one['id']} ({one['help']}): {nodes}")
        found += self._said
        self._said.clear()
        self.faults += [f"{where} – {fault}" for fault in found]

    def _structure(self) -> list[str]:
        facts = self.page.evaluate(STRUCTURE)
        wrong = {
            "not one h1": facts["headings"] != 1,
            "no title of its own": not facts["title"] or facts["title"].startswith("–"),
            f"ids twice: {facts['twice']}": bool(facts["twice"]),
            f"fields without a label: {facts['nameless']}": bool(facts["nameless"]),
            "no language": not facts["language"],
            "no direction": facts["direction"] not in ("ltr", "rtl"),
            "style or script within the page": facts["inline"] > 0,
        }
        return [fault for fault, is_so in wrong.items() if is_so]

    def _endpoint(self) -> str:
        assert self._answer is not None
        asked = self._answer.request
        adapter = self.live.site.app.url_map.bind("localhost")
        endpoint, _ = adapter.match(urlsplit(asked.url).path, method=asked.method)
        return str(endpoint)
