"""Shows a publication in every form it has, as pictures and files in build/forms: `.venv/bin/python docs/forms.py`.

It publishes an invented press release with an Arabic edition, and one that is corrected and retracted, in a fresh
database, has their files made as the worker does, and looks at everything with a real browser. A press release of your
own can be named, which then gets the Arabic edition of the invented one: `docs/forms.py FILE`.
Pages of PDFs become pictures where `pdftoppm` (poppler-utils) is there. Nothing beyond this machine is reached.
"""

import io
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from sqlalchemy import update  # noqa: E402

from tests.builders import (  # noqa: E402
    KEYS,
    NOW,
    SIGNING,
    SIGNING_KEY,
    circulate,
)
from tests.formats.publishing import SEVEN, TWIN, begin, sign  # noqa: E402
from tests.ground.browser import arguments, find  # noqa: E402
from workflow import db  # noqa: E402
from workflow.actions import coalition_public, drawing, noting  # noqa: E402
from workflow.app import create_app  # noqa: E402
from workflow.config import Settings  # noqa: E402
from workflow.models.coalition import Organisation  # noqa: E402
from workflow.models.drafting import Statement  # noqa: E402
from workflow.rules.noting import NoteKind  # noqa: E402
from workflow.text.content import Edition, MediaContact, Quote  # noqa: E402
from workflow.text.importing import read_statement  # noqa: E402
from workflow.upgrade import upgrade  # noqa: E402

TO = ROOT / "build" / "forms"
ARABIC = Edition(
    language="ar",
    kind="press-release",
    label="بيان صحفي",
    date="2027-02-28",
    place="الوادي",
    headline="سبع جمعيات تطالب بإعادة فتح المعبر الأخير",
    lead_paragraph="تدين جمعيات في أنحاء الوادي إغلاق المعبر الأخير في 26 شباط.",
    body=(
        "الإغلاق **مخالف** للمادة التاسعة من [ميثاق الوادي](https://valley.example.org/charter)، ويمنع 4,100 شخص"
        " من الوصول إلى العيادة.[^1]\n\n[[quote 1]]\n\nنطالب المجلس بما يلي:\n\n"
        "1. فتح مسار *واحد* لسيارات الإسعاف؛\n2. نشر موعد إعادة الفتح.\n\n[^1]: تقرير Harbour Aid، صفحة 9."
    ),
    quotes=(Quote("رنا المثال", "المديرة", "جمعية البحيرة", "لا ينبغي أن يمشي أحد تسع ساعات إلى طبيب."),),
    ends="انتهى",
    notes="عبر المعبر 4,100 شخص في شتاء واحد.",
    contacts=(MediaContact("رنا المثال", "مسؤولة الإعلام", "press@lake.example.org", "+44 1632 960001"),),
)
# Two are listed in Latin letters there too, as organisations without an Arabic name are.
ARABIC_NAMES = ("جمعية البحيرة", "منتدى التل", "", "اتحاد البساتين", "أصوات النهر", "", "المرج")
WIDTHS = {"desk": 1200, "phone": 360}


def main(file: Path | None = None) -> None:
    """Publish, draw, look."""
    shutil.rmtree(TO, ignore_errors=True)
    TO.mkdir(parents=True)
    english, names = TWIN, SEVEN
    if file is not None:
        imported = read_statement(file.read_text(encoding="utf-8"))
        english, names = imported.edition, tuple(imported.signatories)
    with tempfile.TemporaryDirectory(prefix="undersigned-forms-") as directory, _served(Path(directory)) as served:
        url, sessions = served
        slugs = {
            "english": _publish(sessions, url, english, names, "Valley Coalition", "Valley Campaign", arabic=True),
            "noted": _publish(sessions, url, TWIN, SEVEN, "Other Coalition", "", noted=True),
        }
        with sync_playwright() as playwright:
            found = find(Path(playwright.chromium.executable_path))
            browser = playwright.chromium.launch(executable_path=found, args=arguments())
            for name, slug in slugs.items():
                _look(browser, f"{url}/statements/{quote(slug)}", name)
            _look(browser, f"{url}/statements/{quote(slugs['english'])}/ar", "arabic")
            _shot(browser, f"{url}/by/valley-campaign", "by-coalition", 800)
            browser.close()
    print(f"{len(list(TO.iterdir()))} files in {TO.relative_to(ROOT)}")


class Quiet(WSGIRequestHandler):
    """Answers without a line for each."""

    def log_request(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _served(directory: Path) -> Iterator[tuple[str, object]]:
    """The application over a fresh database, on a port of this machine; gives its address and sessions."""
    apps: list[Flask] = []

    def answer(environ: dict, start: object) -> object:
        return apps[0](environ, start)

    server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=Quiet)
    url = f"http://127.0.0.1:{server.server_port}"
    settings = Settings(
        database_url=f"sqlite:///{directory / 'forms.sqlite3'}",
        secret_keys=KEYS,
        signing_key=SIGNING_KEY,
        base_url=url,
        mail_url=f"file://{directory / 'mail'}",
        mail_from="undersigned@lead.example",
        data_dir=directory,
    )
    engine = db.engine_for(settings.database_url)
    upgrade(engine)
    apps.append(create_app(settings))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield url, db.sessions_for(engine, SIGNING)
    server.shutdown()
    engine.dispose()


def _publish(
    sessions,
    url: str,
    edition: Edition,
    names: tuple[str, ...],
    lead: str,
    public_name: str,
    *,
    arabic: bool = False,
    noted: bool = False,
) -> str:
    """A publication of these names, with its files; `arabic`: with that edition; `noted`: corrected, then retracted."""
    with sessions() as session:
        made = begin(session, names, edition, lead, [ARABIC] if arabic else [])
        for member, name in zip(made.members, ARABIC_NAMES, strict=False):
            named = {"ar": name} if arabic and name else {}
            session.execute(update(Organisation).where(Organisation.id == member.id).values(listed_names=named))
        session.commit()
        if public_name:
            coalition_public.name_in_public(session, NOW, made.user.id, made.coalition.id, public_name)
        circulate(made)
        for index in range(len(names)):
            sign(made, index)
        who = (session, NOW + timedelta(days=1), made.user.id, made.statement.public_id)
        if noted:
            noting.note(*who, NoteKind.CORRECTION, "The crossing carried 4,200 people in one winter, not 4,100.")
            noting.note(*who, NoteKind.RETRACTION, "The crossing was opened while this was signed.")
        drawing.draw(session, NOW, made.statement.id, url)
        slug = session.get_one(Statement, made.statement.id).slug
        session.rollback()
        return str(slug)


def _look(browser: Browser, address: str, name: str) -> None:
    """One publication: its page in two widths and on paper, its embed, its files."""
    for size, width in WIDTHS.items():
        _shot(browser, address, f"{name}-page-{size}", width)
    for width in (300, 640):
        _shot(browser, f"{address}/embed", f"{name}-embed-{width}", width, height=420)
    page = browser.new_page()
    page.goto(address)
    _paper(page.pdf(format="A4"), f"{name}-printed")
    page.close()
    fetch = browser.new_context().request
    _paper(fetch.get(f"{address}.pdf").body(), f"{name}-pdf")
    (TO / f"{name}-card.png").write_bytes(fetch.get(f"{address}/card.png").body())
    for ending in ("txt", "md", "json"):
        (TO / f"{name}.{ending}").write_bytes(fetch.get(f"{address}.{ending}").body())
    kit = fetch.get(f"{address}/press-kit.zip").body()
    (TO / f"{name}-press-kit.zip").write_bytes(kit)
    with zipfile.ZipFile(io.BytesIO(kit)) as archive:
        (TO / f"{name}-press-kit-readme.txt").write_bytes(archive.read("README.txt"))


def _shot(browser: Browser, address: str, name: str, width: int, height: int = 800) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.evaluate("document.fonts.ready.then(() => true)")
    (TO / f"{name}.png").write_bytes(page.screenshot(full_page=True))
    page.close()


def _paper(pdf: bytes, name: str) -> None:
    """A PDF and its pages as pictures."""
    file = TO / f"{name}.pdf"
    file.write_bytes(pdf)
    if shutil.which("pdftoppm"):
        subprocess.run(["pdftoppm", "-r", "80", "-png", str(file), str(TO / name)], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
