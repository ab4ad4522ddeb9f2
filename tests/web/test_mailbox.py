"""The mailbox of a demo shows the letters that were sent, and nothing else on the disk."""

import re

import pytest
from sqlalchemy import update

from tests.builders import LINKS, NOW, circulate, world
from tests.ground.application import text_of
from workflow.actions.inviting import invite
from workflow.models.coalition import Organisation


@pytest.fixture
def delivered(demo_site):
    with demo_site.session() as session:
        made = circulate(world(session))
    assert demo_site.deliver() == 3
    return made


def test_an_empty_mailbox_says_so(demo_site):
    page = demo_site.client().get("/mailbox")
    assert page.status_code == 200
    assert "No letters yet" in page.text


def test_letters_are_listed_and_their_links_lead_on(demo_site, delivered):
    client = demo_site.client()
    page = client.get("/mailbox").text
    addresses = re.findall(r'href="(/mailbox/[^"]+)"', page)
    assert len(addresses) == 3
    for contact in delivered.contacts:
        assert contact.mail in page
    letter = client.get(addresses[0]).text
    links = re.findall(r'<a href="(http://localhost/sign/[^"]+)" rel="noopener"', letter)
    tokens = [LINKS.make("approval", [one.id, one.generation]) for one in delivered.invitations]
    assert len(links) == 1
    assert links[0].rsplit("/", 1)[1] in tokens
    assert client.get(links[0]).status_code == 200


def test_letters_to_one_address_can_be_chosen(demo_site, delivered):
    mail = delivered.contacts[1].mail
    page = demo_site.client().get("/mailbox", query_string={"to": mail}).text
    assert len(re.findall(r'href="/mailbox/[^"]+"', page)) == 1


def test_newest_letter_comes_first(demo_site, delivered):
    with demo_site.session() as session:
        user, contact = delivered.user, delivered.contacts[2]
        invite(session, NOW, user.id, delivered.statement.public_id, contact.id)
    assert demo_site.deliver() == 1
    page = demo_site.client().get("/mailbox").text
    first = re.search(r'<a class="mailbox-letter".*?</a>', page, re.S)
    assert first
    assert contact.mail in first.group()


@pytest.mark.parametrize(
    "name",
    [
        "..%2Fundersigned.sqlite3",
        "%2Fetc%2Fpasswd",
        "..",
        "20270301T090000Z-x.eml",
        "20270301T090000Z-..%2F..%2Fx.eml",
        "20270301T090000Z-x.eml%00",
        "notes.eml",
        ".hidden.eml",
    ],
)
def test_nothing_but_letters_is_read(demo_site, delivered, name):
    directory = demo_site.settings.data_dir / "mail"
    (directory / "notes.eml").write_text("To: a@lead.example\n\nsecret")
    (directory / ".hidden.eml").write_text("To: a@lead.example\n\nsecret")
    answer = demo_site.client().get(f"/mailbox/{name}")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_a_file_that_points_elsewhere_is_not_read(demo_site, delivered):
    directory = demo_site.settings.data_dir / "mail"
    outside = demo_site.settings.data_dir / "outside.txt"
    outside.write_text("To: a@lead.example\n\nsecret")
    (directory / "20270301T090000Z-elsewhere.eml").symlink_to(outside)
    client = demo_site.client()
    assert "elsewhere" not in client.get("/mailbox").text
    assert client.get("/mailbox/20270301T090000Z-elsewhere.eml").status_code == 404


def test_names_in_letters_are_text_and_no_markup(demo_site):
    with demo_site.session() as session:
        made = world(session)
        session.execute(
            update(Organisation).where(Organisation.kept_by_id.is_(None)).values(name="Valley <b>Coalition</b>")
        )
        session.commit()
        circulate(made)
    demo_site.deliver()
    client = demo_site.client()
    page = client.get("/mailbox").text
    assert "<b>Coalition" not in page
    name = re.search(r'href="(/mailbox/[^"]+)"', page)
    assert name
    assert "<b>Coalition" not in client.get(name.group(1)).text


def test_outside_a_demo_there_is_no_mailbox(site):
    with site.session() as session:
        circulate(world(session))
    site.deliver()
    assert site.client().get("/mailbox").status_code == 404
    assert "Valley Coalition" in text_of(site.letters()[0])
