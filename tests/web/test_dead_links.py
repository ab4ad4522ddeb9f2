"""Links that no longer open: a page for each that helps on, gives back what was typed, and shows no draft."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.builders import LINKS, NOW, circulate, offered, world
from tests.ground.application import hidden
from tests.web.signing_visit import ANSWER, Visit
from workflow.actions import circulation as circulating
from workflow.actions import inviting, signing
from workflow.links import Purpose
from workflow.mail.outbox import Kind as LetterKind
from workflow.models.circulation import Invitation
from workflow.models.posting import Letter

DRAFT = ("valley road", "clinic", "doctor", "Please read and answer", "forty")


@pytest.fixture
def session(site):
    with site.session() as opened:
        yield opened


def letters(site, kind: LetterKind) -> int:
    with site.session() as session:
        return session.scalar(select(func.count()).where(Letter.kind == kind.value)) or 0


def kill(made, how: str, site) -> None:
    """Make the first invitation's link a dead one."""
    who = (made.session, NOW, made.user.id, made.statement.public_id)
    if how == "expired":
        site.at(NOW + timedelta(days=60))
    elif how == "revoked":
        inviting.revoke(*who, made.invitations[0].id)
    elif how == "replaced":
        inviting.invite(*who, made.contacts[0].id)
    elif how == "recalled":
        circulating.recall(*who)
    elif how == "abandoned":
        circulating.abandon(*who)
    elif how == "complete":
        for index, invitation in enumerate(made.invitations):
            signing.answer(made.session, LINKS, NOW, invitation.id, invitation.generation, offered(made, index))


DEATHS = {
    "expired": "This link has expired",
    "revoked": "This link was revoked",
    "replaced": "A newer link was sent",
    "recalled": "was recalled",
    "abandoned": "was abandoned",
    "complete": "The text is final",
}


@pytest.mark.parametrize(("how", "words"), DEATHS.items())
def test_every_dead_link_has_its_page_which_shows_no_draft(site, session, how, words):
    made = circulate(world(session))
    visit = Visit(site, made)
    visit.open()
    text = visit.page
    kill(made, how, site)
    for path in (visit.path, visit.base):
        dead = visit.client.get(path)
        page = dead.get_data(as_text=True)
        assert dead.status_code == 410
        assert dead.headers["Cache-Control"] == "no-store"
        assert words in page
        assert not [word for word in DRAFT if word in page]
        assert ("Send me a fresh link" in page) is (how in ("expired", "replaced"))
    visit.page = text
    for step in ("check", "code", "record", "comment"):
        refused = visit.send(step, **{**ANSWER, "text": "My long thought about it"})
        assert refused.status_code == 410
        assert "My long thought about it" in visit.page
        assert not [word for word in DRAFT if word in visit.page]
        visit.page = text
    for fields in ({"kind": ""}, {"digest": "0" * 64}):
        assert visit.send("record", **{**ANSWER, **fields}).status_code == 410
        assert not [word for word in DRAFT if word in visit.page]
        visit.page = text


def test_a_revoked_link_names_whom_to_ask(site, session):
    made = circulate(world(session))
    kill(made, "revoked", site)
    visit = Visit(site, made)
    visit.land()
    assert "Valley Coalition" in visit.page


def test_a_published_text_and_the_own_receipt_are_reached_from_the_old_link(site, session):
    made = circulate(world(session))
    kill(made, "complete", site)
    visit = Visit(site, made)
    visit.land()
    assert 'href="/statements/seven-organisations-ask-for-the-valley-road-to-be-reopened"' in visit.page
    pressed = visit.client.post(visit.path, data={"form_token": hidden(visit.page, "form_token")})
    assert (pressed.status_code, pressed.headers["Location"]) == (303, f"{visit.base}after")
    assert f'href="{visit.base}receipt"' in visit.client.get(f"{visit.base}after").get_data(as_text=True)
    receipt = visit.client.get(f"{visit.base}receipt")
    assert receipt.status_code == 200
    assert "Person 0" in receipt.get_data(as_text=True)
    closed = visit.client.get(visit.base)
    assert closed.status_code == 410
    assert f'href="{visit.base}after"' in closed.get_data(as_text=True)
    with site.session() as again:
        assert again.get(Invitation, visit.invitation.id).opened_at is None  # nothing was opened any more


def test_after_a_recall_the_receipt_says_nothing_of_the_text(site, session):
    made = circulate(world(session))
    signing.answer(session, LINKS, NOW, made.invitations[0].id, 1, offered(made, 0))
    kill(made, "recalled", site)
    visit = Visit(site, made)
    visit.land()
    visit.client.post(visit.path, data={"form_token": hidden(visit.page, "form_token")})
    page = visit.client.get(f"{visit.base}receipt").get_data(as_text=True)
    assert "Person 0" in page
    assert not [word for word in DRAFT if word in page]
    other = Visit(site, made, 1)
    other.land()
    assert "receipt" not in other.page.lower()
    pressed = other.client.post(
        other.path, data={"form_token": LINKS.make(Purpose.SIGN_FORM, [other.invitation.id, 1])}
    )
    assert pressed.status_code == 410


@pytest.mark.parametrize("how", ["expired", "replaced"])
def test_a_fresh_link_goes_to_the_registered_contact_only(site, session, how):
    made = circulate(world(session))
    kill(made, how, site)
    visit = Visit(site, made)
    visit.land()
    assert "c•••@valley-coalition.example.com" in visit.page
    assert visit.made.contacts[0].mail not in visit.page
    form = re.search(r'action="(/sign/[^"]*/fresh)"', visit.page)
    sent = visit.client.post(form.group(1), data={"form_token": hidden(visit.page, "form_token")})
    assert sent.status_code == 303
    page = visit.client.get(sent.headers["Location"])
    assert "If this link was valid" in page.get_data(as_text=True)
    assert letters(site, LetterKind.FRESH_LINK) == 1
    assert visit.land().status_code == 410  # the old one stays dead


def test_asking_for_a_fresh_link_is_answered_alike_whatever_happens(site, session):
    made = circulate(world(session))
    visit = Visit(site, made)
    token = hidden(visit.land().get_data(as_text=True), "form_token")
    client, places = site.client(), set()
    for _ in range(5):  # more than are sent in an hour
        places.add(client.post(f"{visit.path}/fresh", data={"form_token": token}).headers["Location"])
    kill(made, "revoked", site)
    places.add(client.post(f"{visit.path}/fresh", data={"form_token": token}).headers["Location"])
    places.add(client.post("/sign/abc/fresh", data={"form_token": token}).headers["Location"])
    pages = {client.get(place).data for place in places}
    assert len(pages) == 1
    assert letters(site, LetterKind.FRESH_LINK) == inviting.FRESH_LINKS_PER_HOUR
    assert client.post(f"{visit.path}/fresh").status_code == 400


def test_any_changed_token_is_refused_the_same_way(site, session):
    made = circulate(world(session))
    visit = Visit(site, made)
    token = visit.path.rpartition("/")[2]
    other_purposes = [
        LINKS.make(purpose, [visit.invitation.id, 1]) for purpose in Purpose if purpose != Purpose.APPROVAL
    ]
    odd = [LINKS.make(Purpose.APPROVAL, value) for value in (["1", 1], [1], [1, 2, 3], [999_999, 1])]
    changed = [token[:-1] + ("A" if token[-1] != "A" else "B"), token[:-1], token + "A", token[1:], "x", "at"]
    pages = set()
    for bad in [*other_purposes, *odd, *changed]:
        answered = site.client().get(f"/sign/{bad}")
        assert answered.status_code == 404, bad
        pages.add(answered.data)
    assert len(pages) == 1
    page = pages.pop().decode()
    assert "This link does not open" in page
    assert "Lakeside Relief" not in page and "Valley Coalition" not in page


def test_when_the_visit_has_ended_what_was_typed_comes_back(site, session):
    made = circulate(world(session))
    visit = Visit(site, made)
    visit.open()
    text = visit.page
    visit.client = site.client()
    visit.page = text
    refused = visit.send("check", **{**ANSWER, "text": "My long thought about it"})
    assert refused.status_code == 404
    assert "My long thought about it" in visit.page and "your visit has ended" in visit.page


def test_a_dead_link_speaks_the_contacts_language(site, session):
    from workflow.models.coalition import Contact

    made = world(session)
    session.get(Contact, made.contacts[0].id).language = "ar"
    session.commit()
    made = circulate(made)
    kill(made, "revoked", site)
    visit = Visit(site, made)
    visit.land()
    assert '<html lang="ar" dir="rtl">' in visit.page
