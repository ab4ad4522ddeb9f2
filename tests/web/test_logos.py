"""Logos over HTTP: the lead brings one, the member sees it before it answers, and the public sees what it let stand."""

import re
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from tests.actions.acting import sign
from tests.actions.test_contesting import contest, resolve
from tests.builders import NOW, QUOTELESS, circulate, world
from tests.ground.application import hidden
from tests.web.desk_page import looks_right
from tests.web.test_circulation import Desk
from tests.web.test_commenting import opened
from tests.web.test_listing import arrange
from workflow.actions import noting
from workflow.models.coalition import Organisation
from workflow.models.publication import Publication
from workflow.rules.completion import Completion, Ending
from workflow.rules.noting import Later, LaterKind
from workflow.text import picture
from workflow.web.public_answering import CACHING

ANSWER = {
    "kind": "sign-off",
    "listed_name": "Lakeside Relief",
    "person_name": "Ada Example",
    "person_role": "Chair",
    "authority": "yes",
}
SHOWN = "If you sign, this logo stands above your name in the list:"
NOWHERE = "0" * 64


@pytest.fixture
def session(site):
    with site.session() as opened_:
        yield opened_


@pytest.fixture
def desk(site, session):
    return Desk(site, circulate(world(session, members=3, edition=QUOTELESS)))


def drawn(color=(20, 60, 160), kind="PNG") -> bytes:
    kept = BytesIO()
    Image.new("RGB", (120, 60), color).save(kept, kind)
    return kept.getvalue()


def member(desk, index=0) -> str:
    return f"/coalitions/{desk.made.coalition.id}/members/{desk.made.members[index].id}"


def bring(desk, index=0, data=None, expected=303, name="logo.png"):
    """Choose a file on the member's page and send it."""
    token = hidden(desk.get(member(desk, index)), "csrf_token")
    file = (BytesIO(drawn() if data is None else data), name)
    answer = desk.client.post(f"{member(desk, index)}/logo", data={"csrf_token": token, "logo": file})
    assert answer.status_code == expected, answer.text
    return answer.text


def digest_of(desk, session, index=0) -> str:
    found = session.scalar(select(Organisation.logo).where(Organisation.id == desk.made.members[index].id))
    session.rollback()
    return found


def slug_of(session) -> str:
    found = session.scalar(select(Publication.slug))
    session.rollback()
    return f"/statements/{found}"


def test_the_lead_brings_a_logo_sees_it_and_takes_it_away(desk, session):
    bring(desk)
    digest = digest_of(desk, session)
    page = desk.get(member(desk))
    looks_right(page)
    assert f'src="{member(desk)}/logos/{digest}.png" alt="Logo of Lakeside Relief"' in page
    shown = desk.client.get(f"{member(desk)}/logos/{digest}.png")
    assert (shown.status_code, shown.mimetype) == (200, "image/png")
    assert Image.open(BytesIO(shown.data)).size == (120, 60)
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    desk.send(f"{member(desk)}/logo/remove", 303, member(desk))
    assert "<img" not in desk.get(member(desk))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Choose a file first."),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "This is an SVG drawing"),
        (b"GIF89a", "A logo is a PNG, JPEG or WebP file"),
        (b"x" * 200_000, "at most one megabyte"),
        (b"\x89PNG\r\n\x1a\nbroken", "This picture cannot be read."),
    ],
)
def test_what_is_no_logo_comes_back_with_a_sentence(desk, session, monkeypatch, data, said):
    monkeypatch.setattr(picture, "FILE_LIMIT", 100_000)
    page = bring(desk, 0, data, 400)
    looks_right(page)
    assert said in page
    assert digest_of(desk, session) == ""


def test_a_member_sees_its_logo_on_each_page_before_it_answers_and_the_public_then(desk, site, session):
    bring(desk)
    bring(desk, 1, drawn((200, 10, 10)))
    digest, other = digest_of(desk, session), digest_of(desk, session, 1)
    assert SHOWN not in opened(site, desk.made, 0).page
    arrange(desk, style="logos")
    assert desk.get(f"{desk.hub}/listing").count("With its logo") == 2
    shown = f'src="{desk.hub}/logos/{digest}.png" alt=""'
    assert shown in desk.get(desk.hub) and shown in desk.get(f"{desk.hub}/listing")
    assert desk.client.get(f"{desk.hub}/logos/{digest}.png").mimetype == "image/png"
    visit = opened(site, desk.made, 0)
    own = f'src="{visit.base}logos/{digest}.png" alt="Logo of Lakeside Relief"'
    assert SHOWN in visit.page and own in visit.page
    assert not re.search(r'name="without_logo"[^>]* checked', visit.page)
    assert visit.client.get(f"{visit.base}logos/{digest}.png").mimetype == "image/png"
    assert visit.client.get(f"{visit.base}logos/{other}.png").status_code == 404
    visit.send("check", **ANSWER, logo=digest)
    assert own in visit.page
    visit.again("record")
    assert own in visit.client.get(f"{visit.base}receipt").text
    refusing = opened(site, desk.made, 1)
    refusing.send("check", **{**ANSWER, "listed_name": "Hillside Forum"}, logo=other, without_logo="yes")
    assert "None: the name stands in letters" in refusing.page
    refusing.again("check", change="yes")
    assert re.search(r'name="without_logo"[^>]* checked', refusing.page)
    refusing.send("check", **{**ANSWER, "listed_name": "Hillside Forum"}, logo=other, without_logo="yes")
    refusing.again("record")
    desk.sign(2)
    public = slug_of(session)
    page = desk.get(public)
    assert f'<img class="signatory-logo" src="{public}/logos/{digest}.png" alt="" loading="lazy">' in page
    assert '<span class="signatory-letters"><span><bdi>Hillside Forum</bdi></span></span>' in page
    assert '<span class="signatory-caption"><bdi>Lakeside Relief</bdi></span>' in page
    assert other not in page


def test_only_what_is_listed_openly_is_served_and_all_else_is_the_same_404(desk, site, session):
    bring(desk)
    bring(desk, 1, drawn((200, 10, 10)))
    digest, other = digest_of(desk, session), digest_of(desk, session, 1)
    arrange(desk, style="logos")
    desk.sign(0, logo=digest)
    desk.sign(1, logo=other, withheld=True)
    desk.sign(2)
    public, client = slug_of(session), site.client()
    found = client.get(f"{public}/logos/{digest}.png")
    assert (found.status_code, found.mimetype) == (200, "image/png")
    assert found.headers["Cache-Control"] == CACHING and "Set-Cookie" not in found.headers
    again = client.get(f"{public}/logos/{digest}.png", headers={"If-None-Match": found.headers["ETag"]})
    assert again.status_code == 304
    nothing = client.get("/statements/no-such-statement")
    odd = (f"{public}/logos/{one}.png" for one in (other, NOWHERE, "%C3%A9" * 64, "x", digest.upper()))
    for path in (*odd, f"/statements/none/logos/{digest}.png"):
        answer = client.get(path)
        assert (answer.status_code, answer.data) == (404, nothing.data), path
    # Replaced later: nothing changes. Withheld later: gone at once, although this process had it.
    bring(desk, 0, drawn((1, 2, 3)))
    assert client.get(f"{public}/logos/{digest}.png").data == found.data
    later = Later(LaterKind.WITHHOLD, desk.made.revision.digest, authority=True)
    made = desk.made
    noting.act_at_desk(session, NOW, made.user.id, made.statement.public_id, made.signatories[0].id, later)
    answer = client.get(f"{public}/logos/{digest}.png", headers={"If-None-Match": found.headers["ETag"]})
    assert (answer.status_code, answer.data) == (404, nothing.data)
    assert digest not in client.get(public).text and digest not in client.get(f"{public}.json").text


def test_nothing_is_served_before_the_publication(desk, site, session):
    made = circulate(
        world(session, members=1, edition=QUOTELESS, lead="Press Coalition"), ending=Ending(Completion.PRESS)
    )
    pressing = Desk(site, made)
    bring(pressing)
    digest = digest_of(pressing, session)
    arrange(pressing, style="logos")
    pressing.sign(0, logo=digest)
    slug = pressing.made.statement.public_id
    assert site.client().get(f"/statements/{slug}/logos/{digest}.png").status_code == 404
    assert f'{pressing.hub}/logos/{digest}.png"' in pressing.get(pressing.hub)


def test_a_logo_that_changes_while_somebody_reads_is_shown_before_it_counts(desk, site, session):
    bring(desk)
    arrange(desk, style="logos")
    visit, first = opened(site, desk.made, 0), digest_of(desk, session)
    bring(desk, 0, drawn((200, 10, 10)))
    second = digest_of(desk, session)
    answer = visit.send("check", **ANSWER, logo=first)
    assert answer.status_code == 400
    assert "The logo was changed while you were reading." in visit.page
    assert f"logos/{second}.png" in visit.page and f"logos/{first}.png" not in visit.page
    assert "Ada Example" in visit.page
    visit.send("check", **ANSWER, logo=second)
    visit.again("record")
    again = opened(site, desk.made, 0)
    assert not re.search(r'name="without_logo"[^>]* checked', again.page)
    bring(desk, 0, drawn((9, 9, 9)))
    assert re.search(r'name="without_logo"[^>]* checked', opened(site, desk.made, 0).page), "taken for agreement"


def test_a_void_sign_off_without_the_logo_ticks_nothing(desk, site, session):
    """What the lead has said to be void was never said: not of the logo either, which came after it."""
    arrange(desk, style="logos")
    made = desk.made
    forged = sign(made, 0).id
    bring(desk)
    ticked = r'name="without_logo"[^>]* checked'
    assert re.search(ticked, opened(site, made, 0).page)
    contested = contest(made, made.invitations[0], forged)
    assert re.search(ticked, opened(site, made, 0).page), "the lead may say that it stands"
    resolve(made, contested, "void")
    page = opened(site, made, 0).page
    assert SHOWN in page and not re.search(ticked, page)


def test_the_lead_signs_at_the_desk_with_its_own(site, session):
    made = world(session, members=1, edition=QUOTELESS)
    desk = Desk(site, made)
    desk.send(f"/coalitions/{made.coalition.id}/members/lead", 303, f"/coalitions/{made.coalition.id}")
    lead = made.user.organisation_id
    made.members.append(session.get(Organisation, lead))
    session.rollback()
    circulate(made)
    bring(desk, 1)
    arrange(desk, style="logos")
    digest = digest_of(desk, session, 1)
    page = desk.get(f"{desk.hub}/sign")
    looks_right(page)
    assert SHOWN in page and f"{desk.hub}/logos/{digest}.png" in page
    typed = {**ANSWER, "listed_name": "Valley Coalition", "digest": hidden(page, "digest"), "logo": digest}
    desk.send(f"{desk.hub}/sign", 400, f"{desk.hub}/sign", **{**typed, "logo": NOWHERE})
    desk.send(f"{desk.hub}/sign", 303, f"{desk.hub}/sign", **typed)
    desk.sign(0)
    assert f"/logos/{digest}.png" in desk.get(slug_of(session))
