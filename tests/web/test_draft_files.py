"""Drafts as files over HTTP: for the desk any revision, for a member the one in force and only behind the button."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import EDITION, NOW, circulate, world
from tests.ground.application import hidden
from workflow.actions import circulation as circulating
from workflow.actions import drafting, in_force

FORMS = {"pdf": "application/pdf", "txt": "text/plain; charset=utf-8", "md": "text/markdown; charset=utf-8"}
CHINESE = replace(EDITION, headline="日本語の文章です", body="日本語の文章です。" * 9)


@pytest.fixture
def made(site):
    with site.session() as session:
        yield world(session)


def desk(site, made):
    client = site.client()
    site.sign_in(client, made.user)
    return client


def member(site, made, index: int = 0):
    """A browser in which the button behind the link was pressed."""
    client, path = site.client(), site.approval_path(made.invitations[index])
    token = hidden(client.get(path).text, "form_token")
    assert client.post(path, data={"form_token": token}).status_code == 303
    return client, f"/sign/at/{made.invitations[index].id}/text"


@pytest.mark.parametrize("form", FORMS)
def test_any_revision_is_a_file_for_the_desk(site, made, form):
    hub = f"/desk/statements/{made.statement.public_id}"
    drafting.revise(made.session, NOW, made.user.id, made.statement.public_id, replace(EDITION, place="Hillside"), 1)
    client = desk(site, made)
    page = client.get(hub).text
    for number in (1, 2):
        path = f"{hub}/revisions/{number}.{form}"
        assert f'href="{path}"' in page
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == FORMS[form]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        named = answer.headers["Content-Disposition"]
        assert named.startswith('attachment; filename="')
        assert named.endswith(f"-draft-{number}.{form}")
        if form != "pdf":
            assert ("Hillside" in answer.text) == (number == 2)
            assert f"DRAFT revision {number}" in answer.text
    assert client.get(f"{hub}/revisions/3.{form}").status_code == 404
    assert client.get(f"{hub}/revisions/1.docx").status_code == 404


def test_an_arabic_name_survives_in_the_header(site):
    with site.session() as session:
        made = world(session, edition=replace(EDITION, language="ar", headline="الجسر مغلق"))
        answer = desk(site, made).get(f"/desk/statements/{made.statement.public_id}/revisions/1.pdf")
    named = answer.headers["Content-Disposition"]
    assert named.startswith("attachment; filename=\"draft-1.pdf\"; filename*=UTF-8''%D8%A7")


@pytest.mark.parametrize("form", FORMS)
def test_a_member_has_the_text_in_force_only_behind_the_button(site, made, form):
    circulate(made)
    client, path = member(site, made)
    assert f'href="{path}.{form}"' in client.get(path.removesuffix("text")).text
    answer = client.get(f"{path}.{form}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert site.client().get(f"{path}.{form}").status_code == 404
    other, _ = member(site, made, 1)
    assert other.get(f"{path}.{form}").status_code == 404
    who = (made.session, NOW, made.user.id, made.statement.public_id)
    number = drafting.revise(*who, replace(EDITION, place="Hillside"), 1).number
    assert client.get(f"{path}.{form}").data == answer.data
    in_force.put_in_force(*who, number)
    assert client.get(f"{path}.{form}").data != answer.data
    circulating.recall(*who)
    assert client.get(f"{path}.{form}").status_code == 410
    site.at(NOW + timedelta(days=90))
    assert client.get(f"{path}.{form}").status_code == 410


def test_where_no_pdf_can_be_made_the_words_are_offered(site):
    with site.session() as session:
        made = world(session, edition=CHINESE)
        client = desk(site, made)
        path = f"/desk/statements/{made.statement.public_id}/revisions/1"
        answer = client.get(f"{path}.pdf")
        assert answer.status_code == 422
        assert f'href="{path}.txt"' in answer.text
        assert "日本語" in client.get(f"{path}.txt").text
        circulate(made)
        client, path = member(site, made)
        answer = client.get(f"{path}.pdf")
        assert answer.status_code == 422
        assert f'href="{path}.md"' in answer.text
        assert 'href="/desk' not in answer.text
