"""The whole path on a press release of the kind we serve: imported, circulated, signed in any order, published.

The invented twin always runs; the real example is tried by path where it lies beside the checkout.
"""

import html
import os
import random
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.ground.application import Site, code_in, link_in
from tests.stories.browser_without_scripts import Browser
from workflow.cli import main
from workflow.demo import STATEMENT
from workflow.text.importing import read_statement

EXAMPLE = Path(os.environ.get("WORKFLOW_EXAMPLE", Path(__file__).parents[3] / "shared/examples/press-release-2015.md"))


def run(site: Site, *arguments: str, **options: object) -> str:
    """Run the `workflow` command in the site's environment; gives what it printed."""
    settings = site.settings
    env = {
        "WORKFLOW_DATABASE_URL": settings.database_url,
        "WORKFLOW_SECRET_KEYS": ",".join(settings.secret_keys),
        "WORKFLOW_SIGNING_KEY": settings.signing_key,
        "WORKFLOW_BASE_URL": settings.base_url,
        "WORKFLOW_MAIL_URL": settings.mail_url,
        "WORKFLOW_MAIL_FROM": settings.mail_from,
        "WORKFLOW_DATA_DIR": str(settings.data_dir),
    }
    result = CliRunner().invoke(main, arguments, env=env, **options)
    assert result.exit_code == 0, result.output
    return result.output


def sign(site: Site, letter: object, name: str) -> None:
    """Sign as the contact who got `letter`: button, text, check, code from the mail, receipt."""
    contact = str(letter["To"])
    browser = Browser(site.client()).get(link_in(letter))
    browser.press("read")
    browser.press("check", kind="sign-off", person_name=f"Signer for {name}", person_role="Chair", authority="yes")
    browser.press("code")
    site.deliver()
    browser.press("sign", code=code_in(site.letters(contact)[-1]))
    assert "/receipt" in browser.path, browser.page


def publish(site: Site, tmp_path: Path, file: Path, order: int) -> tuple[str, list[str]]:
    imported = read_statement(file.read_text())
    names = list(imported.signatories)
    assert len(names) == 7
    rows = ["organisation,listed_name,country,role,contact_name,contact_email,language,time_zone"]
    rows += [f"{name},,,required,Contact {n},contact{n}@member{n}.example.org,en,UTC" for n, name in enumerate(names)]
    members = tmp_path / "members.csv"
    members.write_text("\n".join(rows))
    password = "a long password for the desk\n"
    run(
        site,
        "user",
        "add",
        "--organisation",
        "Valley Office",
        "--name",
        "Lea",
        "--mail",
        "lea@valley.example.org",
        "--password-stdin",
        input=password,
    )
    run(site, "coalition", "import", "Valley", str(members))
    handle = run(site, "statement", "import", str(file), "--coalition", "Valley").split()[-1]
    run(site, "circulate", handle, "--deadline", "2099-03-29 19:00 Europe/London")
    site.deliver()
    letters = site.letters()
    assert len(letters) == 7
    pairs = list(zip(names, letters, strict=True))
    random.Random(order).shuffle(pairs)
    for name, letter in pairs:
        assert site.client().get("/").get_data(as_text=True).count("/statements/") == 0
        sign(site, letter, name)
    (address,) = set(re.findall(r"/statements/[\w-]+", site.client().get("/").get_data(as_text=True)))
    assert '"published"' in run(site, "status", handle, "--json")
    return address, names


@pytest.fixture
def twin(tmp_path: Path) -> Path:
    file = tmp_path / "twin.md"
    file.write_text(STATEMENT)
    return file


def words_of(page: str) -> str:
    """The words of a page as a person reads them."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", page)))


def in_order(text: str, parts: list[str]) -> None:
    """Every part stands in the text, each after the one before."""
    at = 0
    for part in parts:
        found = text.find(part, at)
        assert found >= 0, f"{part!r} is missing, or not in its order"
        at = found + len(part)


def test_the_twin_signed_in_any_order_is_published_whole(site, tmp_path, twin):
    address, names = publish(site, tmp_path, twin, order=3)
    line = " • ".join(sorted(names, key=lambda name: (name != "Harbour Aid", name)))
    for form in ("", ".txt", ".md"):
        response = site.client().get(address + form)
        assert response.status_code == 200
        assert line in words_of(response.get_data(as_text=True))
    assert "Set-Cookie" not in response.headers


@pytest.mark.skipif(not EXAMPLE.is_file(), reason=f"the real example is not at {EXAMPLE.name} beside the checkout")
@pytest.mark.parametrize("order", [1, 2])
def test_the_real_example_is_published_whole(site, tmp_path, order):
    address, _ = publish(site, tmp_path, EXAMPLE, order)
    source = EXAMPLE.read_text()
    listed = source.split("Signatories:")[1].strip()
    parts = [line.strip() for line in source.split("Signatories:")[0].splitlines() if line.strip()]
    plain = [re.sub(r"\[([^\]]*)\]\(#\)", r"\1", part) for part in parts]
    headline, paragraphs = plain[2], [re.sub(r"\*+", "", part) for part in plain[3:]]
    assert len(paragraphs) == 7
    text = site.client().get(f"{address}.txt").get_data(as_text=True)
    in_order(text, [plain[0], headline, *paragraphs, listed])
    page = site.client().get(address).get_data(as_text=True)
    words = words_of(page.split("<h1", 1)[1])
    in_order(words, [*(re.sub(r"\s+", " ", one) for one in paragraphs), listed])
    for mark, tag in ((r"\*\*([^*]+)\*\*", "strong"), (r"(?<!\*)\*([^*]+)\*(?!\*)", "em")):
        marked = re.findall(mark, source)
        assert marked
        for one in marked:
            assert f"<{tag}>{one}</{tag}>" in html.unescape(page)
    for link in re.findall(r"\[([^\]]*)\]\(#\)", source):
        assert link in words
    assert 'href="#"' not in page.split('id="main"')[-1]
