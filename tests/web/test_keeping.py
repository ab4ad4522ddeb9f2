"""Words being typed, over HTTP: kept, offered, taken up, thrown away; and not lost with a session that ended."""

from datetime import timedelta

import pytest

from tests.builders import EDITION, NOW, circulate, world
from tests.ground.application import Site
from tests.stories.browser_without_scripts import forms_of
from tests.web.desk_page import looks_right
from tests.web.living import csrf_of
from tests.web.test_drafting import Desk, fields_of
from workflow.models.accounts import DeskSession, User
from workflow.models.keeping import KeptDraft

KEY = "0123456789abcdef0123"


@pytest.fixture
def desk(any_site: Site):
    """A signed-in browser and what it works on."""
    with any_site.session() as session:
        made = world(session)
        client = any_site.client()
        any_site.sign_in(client, made.user)
        yield Desk(any_site, client, made)


def keep(desk: Desk, client=None, expected: int = 200, **fields: object) -> dict[str, object]:
    client = client or desk.client
    typed = {
        "csrf_token": csrf_of(client),
        "writer": desk.made.user.id,
        "editor": KEY,
        "public_id": desk.made.statement.public_id,
        "based_on": 1,
        "number": 1,
        "language": "en",
        "kind": "press-release",
        "headline": "Half typed",
        **fields,
    }
    answer = client.post("/desk/statements/keep", data=typed)
    assert answer.status_code == expected, answer.text
    return answer.json or {}


def rows(desk: Desk) -> list[KeptDraft]:
    with desk.site.session() as session:
        return session.query(KeptDraft).order_by(KeptDraft.id).all()


def colleague(desk: Desk):
    with desk.site.session() as session:
        user = User(
            organisation_id=desk.made.user.organisation_id,
            name="Noor Example",
            mail="noor@valley.example.org",
            created_at=NOW,
        )
        session.add(user)
        session.commit()
        client = desk.site.client()
        desk.site.sign_in(client, user)
        return client, user


def end_session(desk: Desk) -> None:
    """As it ends after its time, or by a new password: the cookie stays, the row has ended."""
    with desk.site.session() as session:
        session.query(DeskSession).update({"ended_at": NOW})
        session.commit()


def test_what_is_typed_is_kept_as_it_is_typed(desk: Desk):
    told = keep(desk, **{"quotes-0-speaker": "Ada \0", "csrf": "x", "save": "yes"}, date="yesterday")
    assert told == {"state": "Kept at 09:00", "others": []}
    (row,) = rows(desk)
    assert row.fields == {
        "language": "en", "kind": "press-release", "headline": "Half typed",
        "quotes-0-speaker": "Ada \0", "date": "yesterday",
    }  # fmt: skip
    assert (row.key, row.number, row.based_on) == (KEY, 1, 1)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"editor": "short"}, 400),
        ({"editor": ""}, 400),
        ({"based_on": "-1"}, 400),
        ({"based_on": "\u0663"}, 400),
        ({"writer": "999999"}, 409),
        ({"writer": ""}, 409),
        ({"body": "x" * 700_000}, 400),
        ({"public_id": "f" * 20}, 404),
        ({"csrf_token": "stale"}, 400),
    ],
)
def test_what_cannot_be_kept_is_refused_and_keeps_nothing(desk: Desk, fields, expected):
    keep(desk, expected=expected, **fields)
    assert rows(desk) == []


def test_a_text_that_is_closed_says_why_it_is_not_kept(desk: Desk):
    desk.send(f"{desk.hub}/abandon", page=f"{desk.hub}/abandon")
    assert str(keep(desk, expected=409)["state"]).startswith("Not kept: ")
    assert rows(desk) == []


def test_kept_words_are_offered_shown_taken_up_and_gone_once_saved(desk: Desk):
    typed = fields_of(desk.get(f"{desk.hub}/edit"))
    keep(desk, **{**typed, "writer": desk.made.user.id, "editor": KEY, "headline": "Half typed", "number": 4})
    page = desk.get(f"{desk.hub}/edit")
    assert fields_of(page)["headline"] == EDITION.headline
    assert "You have words that are not saved, kept at 09:00." in page
    looks_right(page)
    shown = desk.get(f"/desk/kept/{KEY}")
    looks_right(shown)
    assert "Half" in shown
    assert f"{desk.hub}/edit?kept={KEY}" in shown
    page = desk.get(f"{desk.hub}/edit?kept={KEY}")
    looks_right(page)
    again = fields_of(page)
    assert again["headline"] == "Half typed"
    assert again["editor"] != KEY
    assert again["taken_up"] == f"{KEY}:4"
    assert len(rows(desk)) == 1, "looking changes nothing"
    desk.send(f"{desk.hub}/edit", **again, save="yes")
    assert rows(desk) == []
    assert desk.revisions()[-1].parsed.authoritative.headline == "Half typed"


def test_words_from_several_times_are_offered_in_one_list(desk: Desk):
    keep(desk)
    desk.site.at(NOW + timedelta(minutes=5))
    keep(desk, editor="f" * 20)
    page = desk.get(f"{desk.hub}/edit")
    looks_right(page)
    assert page.count("not saved") == 1
    assert page.index(f'/desk/kept/{"f" * 20}">Kept at 09:05') < page.index(f'/desk/kept/{KEY}">Kept at 09:00')
    assert "After 30 days they are deleted." in desk.get(f"/desk/kept/{KEY}")


def test_a_new_statement_is_offered_on_the_page_for_new_ones(desk: Desk):
    keep(desk, public_id="", based_on=0, coalition=desk.made.coalition.id, body="A new text.")
    assert "You have words that are not saved" in desk.get("/desk/statements/new")
    assert "You have words that are not saved" not in desk.get(f"{desk.hub}/edit")
    assert "A new text." in desk.get(f"/desk/kept/{KEY}")
    again = fields_of(desk.get(f"/desk/statements/new?kept={KEY}"))
    assert (again["headline"], again["coalition"]) == ("Half typed", str(desk.made.coalition.id))
    desk.get(f"{desk.hub}/edit?kept={KEY}", 404)
    desk.send("/desk/statements/new", **again, save="yes")
    assert rows(desk) == []


def test_kept_words_are_thrown_away_by_a_form_alone(desk: Desk):
    keep(desk)
    answer = desk.send(f"/desk/kept/{KEY}/away", page=f"/desk/kept/{KEY}")
    assert answer.headers["Location"].endswith(f"{desk.hub}/edit")
    assert "Thrown away." in desk.get(f"{desk.hub}/edit")
    assert rows(desk) == []
    desk.get(f"/desk/kept/{KEY}", 404)


def test_what_cannot_be_saved_is_named_beside_what_is_shown(desk: Desk):
    keep(desk, body="[[quote 7]]", date="yesterday")
    page = desk.get(f"/desk/kept/{KEY}")
    assert "It is all there when you take it up." in page
    assert fields_of(desk.get(f"{desk.hub}/edit?kept={KEY}"))["body"] == "[[quote 7]]"


def test_colleagues_see_that_somebody_writes_and_not_what(desk: Desk):
    client, user = colleague(desk)
    keep(desk)
    page = client.get(f"{desk.hub}/edit").text
    assert "Lea Lead is changing this text too, last seen 09:00." in page
    assert "Half typed" not in page
    assert client.get(f"/desk/kept/{KEY}").status_code == 404
    assert client.post(f"/desk/kept/{KEY}/away", data={"csrf_token": csrf_of(client)}).status_code == 404
    desk.site.at(NOW + timedelta(minutes=63))
    told = keep(desk, client, writer=user.id)
    assert told["others"] == ["Lea Lead is changing this text too, last seen 09:00."]
    assert "is changing this text too, last seen 10:03." in desk.get(f"{desk.hub}/edit")
    desk.site.at(NOW + timedelta(hours=20))
    assert "is changing this text too" not in client.get(f"{desk.hub}/edit").text


def test_a_revision_saved_meanwhile_is_told_while_one_types(desk: Desk):
    desk.send(f"{desk.hub}/edit", **{**fields_of(desk.get(f"{desk.hub}/edit")), "place": "Elsewhere"}, save="yes")
    assert "Revision 2 was saved meanwhile" in str(keep(desk)["others"])
    assert keep(desk, based_on=2)["others"] == []


def test_the_worker_forgets_what_is_of_no_use(desk: Desk):
    circulate(desk.made)
    keep(desk)
    desk.site.at(NOW + timedelta(hours=2))
    desk.site.deliver()
    assert len(rows(desk)) == 1
    desk.send(f"{desk.hub}/abandon", page=f"{desk.hub}/abandon")
    desk.site.at(NOW + timedelta(hours=3))
    desk.site.deliver()
    assert rows(desk) == []


# A session that ended -----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["session ended", "cookie gone"])
@pytest.mark.parametrize("where", ["edit", "new"])
def test_signed_out_while_writing_the_words_come_back_after_signing_in(desk: Desk, how, where):
    path = f"{desk.hub}/edit" if where == "edit" else "/desk/statements/new"
    typed = {**fields_of(desk.get(path)), "headline": "Typed too long", "body": "One.\r\n\r\nTwo.", "save": "yes"}
    typed["csrf_token"] = csrf_of(desk.client)
    if how == "session ended":
        end_session(desk)
    else:
        desk.client.delete_cookie("desk")
    answer = desk.client.post(path, data=typed)
    assert answer.status_code == 403
    assert "You are signed out" in answer.text
    looks_right(answer.text)
    (form,) = [form for form in forms_of(answer.text) if form.action == path]
    carried = {name: values[0] for name, values in form.values.items()}
    assert "csrf_token" not in carried
    assert desk.client.post(path, data=carried).status_code == 403, "and again, as long as one is signed out"
    desk.site.sign_in(desk.client, desk.made.user)
    answer = desk.client.post(path, data={**carried, "preview": "yes"})
    assert answer.status_code == 400
    assert "What you typed is all here." in answer.text
    looks_right(answer.text)
    again = fields_of(answer.text)
    assert (again["headline"], again["body"].splitlines()) == ("Typed too long", ["One.", "", "Two."])
    assert again["editor"] == typed["editor"]
    assert len(desk.revisions()) == 1
    answer = desk.client.post(path, data={**again, "save": "yes"})
    assert answer.status_code == 303, answer.text


def test_words_are_shown_to_nobody_whose_statement_it_is_not(desk: Desk):
    with desk.site.session() as session:
        other = world(session, lead="Other Lead").user
    client = desk.site.client()
    desk.site.sign_in(client, other)
    answer = client.post(f"{desk.hub}/edit", data={"headline": "Forged", "body": "x" * 50, "save": "yes"})
    assert answer.status_code == 400
    assert "data-keep-url" not in answer.text
    assert EDITION.headline not in answer.text


def test_signed_out_existing_and_unknown_statements_are_told_alike(desk: Desk):
    client = desk.site.client()
    pages = [
        client.post(f"/desk/statements/{one}/edit", data={"headline": "Words"}).text.replace(one, "")
        for one in (desk.made.statement.public_id, "f" * 20)
    ]
    assert pages[0] == pages[1]


def test_signing_out_clears_what_the_browser_kept(desk: Desk):
    answer = desk.client.post("/sign-out", data={"csrf_token": csrf_of(desk.client)})
    assert answer.headers["Clear-Site-Data"] == '"storage"'


def test_the_page_after_saving_names_the_editor_once(desk: Desk):
    typed = fields_of(desk.get(f"{desk.hub}/edit"))
    answer = desk.send(f"{desk.hub}/edit", **{**typed, "place": "Elsewhere"}, save="yes")
    assert f'data-saved-editor="{typed["editor"]}"' in desk.get(answer.headers["Location"])
    assert "data-saved-editor" not in desk.get(answer.headers["Location"])
