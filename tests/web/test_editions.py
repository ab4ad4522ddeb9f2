"""One statement in English and Arabic over HTTP: written, read, signed and published, each edition as its own."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from tests.builders import NOW, World, circulate, offered, world
from tests.ground.application import Site, hidden, text_of
from tests.text.languages import ARABIC, ENGLISH
from tests.web.desk_page import looks_right
from tests.web.signing_visit import Visit
from workflow.actions import drafting, noting, opening, signing, translating
from workflow.actions.in_force import put_in_force
from workflow.models.coalition import Contact, Member, Organisation
from workflow.models.drafting import Revision, Statement
from workflow.models.history import Disclosure
from workflow.models.publication import Publication
from workflow.models.signing import Answer
from workflow.models.translations import Translation
from workflow.rules.noting import Later, LaterKind, NoteKind
from workflow.rules.refusals import WrongStage
from workflow.text.digest import digest, parse

# In this order in English; in Arabic the other way round, and the one in Latin letters last.
RELIEF, FORUM, HARBOUR = "Lakeside Relief", "Hillside Forum", "Harbour Aid"
IN_ARABIC = {RELIEF: "إغاثة الضفة", FORUM: "منتدى التل"}


@pytest.fixture
def asked(site: Site):
    """Three members of whom one is registered under an Arabic name, and one reads Arabic; asked about both editions."""
    with site.session() as session:
        made = world(session, 3, ENGLISH, translations=[ARABIC])
        named = {"listed_names": {"ar": IN_ARABIC[RELIEF]}}
        session.execute(update(Organisation).where(Organisation.id == made.members[0].id).values(**named))
        session.execute(update(Contact).where(Contact.id == made.contacts[1].id).values(language="ar"))
        session.commit()
        yield circulate(made)


def desk(site: Site, made: World):
    client = site.client()
    site.sign_in(client, made.user)
    return client


def page(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def signed(site: Site, made: World, index: int, **fields: str) -> Visit:
    visit = Visit(site, made, index)
    visit.open()
    visit.check(listed_name=made.members[index].listed_name, **fields)
    assert visit.again("record").status_code == 303, visit.page
    return visit


def publish(site: Site, made: World) -> str:
    """All three sign; the one that asks for an Arabic name is accepted by the lead."""
    signed(site, made, 0)
    signed(site, made, 1, **{"name-in-ar": IN_ARABIC[FORUM]})
    signed(site, made, 2)
    client = desk(site, made)
    roll = page(client, f"/desk/statements/{made.statement.public_id}/roll")
    assert IN_ARABIC[FORUM] in roll, "the lead sees which name is asked for"
    form = next(one for one in re.findall(r"<form.*?</form>", roll, re.DOTALL) if 'name="accept" value="yes"' in one)
    fields = {name: unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}
    action = re.search(r'action="([^"]+)"', form)
    assert action and client.post(unescape(action[1]), data=fields).status_code == 303
    return str(made.session.scalar(select(Publication.slug)))


# Reading and signing ------------------------------------------------------------------------------


def test_a_member_reads_in_its_own_language_and_the_authoritative_text_is_named(site: Site, asked: World):
    visit = Visit(site, asked, 1)
    shown = visit.open().get_data(as_text=True)
    assert ARABIC.headline in shown and ENGLISH.headline not in shown
    assert '<article class="statement" lang="ar" dir="rtl">' in shown
    assert re.search(r'href="[^"]*\?edition=en#editions"', shown)
    looks_right(shown)
    other = page(visit.client, f"{visit.base}?edition=en")
    assert ENGLISH.headline in other and '<article class="statement" lang="en" dir="ltr">' in other
    assert hidden(shown, "digest") == hidden(other, "digest") == digest(asked.revision.parsed)
    english = Visit(site, asked, 0)
    assert ENGLISH.headline in english.open().get_data(as_text=True)
    assert ENGLISH.headline in page(english.client, f"{english.base}?edition=xx"), "no such edition: the authoritative"
    paper = page(visit.client, f"{visit.base}text.txt?edition=ar")
    assert ARABIC.headline in paper and asked.revision.digest in paper


def test_what_is_signed_is_one_digest_with_a_name_for_each_language(site: Site, asked: World):
    visit = Visit(site, asked, 1)
    visit.open()
    visit.check(listed_name=FORUM, edition="ar", **{"name-in-ar": IN_ARABIC[FORUM]})
    assert IN_ARABIC[FORUM] in visit.page and hidden(visit.page, "edition") == "ar"
    assert visit.again("record").status_code == 303
    given = asked.session.scalars(select(Answer)).one()
    assert given.names == {"ar": IN_ARABIC[FORUM]}
    said = [one.value for one in asked.session.scalars(select(Disclosure)) if "names" in one.value]
    assert said == [{"listed_name": FORUM, "text": "", "names": {"ar": IN_ARABIC[FORUM]}}]
    receipt = page(visit.client, f"{visit.base}receipt")
    assert IN_ARABIC[FORUM] in receipt
    # The registered name is offered, and asks for nothing.
    first = Visit(site, asked, 0)
    assert f'value="{IN_ARABIC[RELIEF]}"' in first.open().get_data(as_text=True)
    first.check(listed_name=RELIEF, **{"name-in-ar": IN_ARABIC[RELIEF]})
    first.again("record")
    asked.session.rollback()
    assert asked.session.scalars(select(Answer).order_by(Answer.id.desc())).first().names == {}


def test_the_name_that_waits_is_the_one_that_is_named(site: Site, asked: World):
    """Only the name in Arabic is another one than the registered: that is what the lead has to accept."""
    typed, visit = "عون المرفأ", Visit(site, asked, 2)
    visit.open()
    visit.check(listed_name=HARBOUR, **{"name-in-ar": typed})
    held = f"You ask to be listed as “<bdi>{typed}</bdi>”"
    assert held in visit.page
    visit.again("record")
    assert held in page(visit.client, f"{visit.base}receipt") and held in page(visit.client, visit.base)
    site.deliver()
    (receipt,) = [one for one in map(text_of, site.letters(asked.contacts[2].mail)) if "This is the receipt" in one]
    assert f"Listed as: {HARBOUR}" in receipt and f"In Arabic listed as: {typed}" in receipt
    client, hub = desk(site, asked), f"/desk/statements/{asked.statement.public_id}"
    data = {"csrf_token": hidden(page(client, f"{hub}/roll"), "csrf_token"), "proposed": HARBOUR, "accept": "yes"}
    assert client.post(f"{hub}/name/{asked.signatories[2].id}", data={**data, "name-in-ar": typed}).status_code == 303
    assert f"It will be listed as “{typed}”." in page(client, f"{hub}/roll")
    site.deliver()
    (told,) = [one for one in map(text_of, site.letters(asked.contacts[2].mail)) if "has accepted the name" in one]
    assert f"Listed as: {HARBOUR}" in told and f"In Arabic listed as: {typed}" in told
    # Both are other names: both are named.
    both = Visit(site, asked, 0)
    both.open()
    both.check(listed_name="Lakeside Aid", **{"name-in-ar": typed})
    assert f"listed as “<bdi>Lakeside Aid</bdi> · <bdi>{typed}</bdi>”" in both.page


def test_names_for_languages_without_an_edition_are_not_taken(site: Site, asked: World):
    signed(site, asked, 2, **{"name-in-fr": "Une devise", "name-in-ar": "", "name-in-!": "x"})
    assert asked.session.scalars(select(Answer)).one().names == {}


def test_a_name_that_is_no_name_is_named_beside_its_field(site: Site, asked: World):
    visit = Visit(site, asked, 2)
    visit.open()
    answer = visit.check(listed_name=HARBOUR, **{"name-in-ar": "a" * 400})
    assert answer.status_code == 400 and 'id="field-name-in-ar"' in visit.page
    looks_right(visit.page)


def test_a_comment_names_the_edition_it_stands_in(site: Site, asked: World):
    visit = Visit(site, asked, 1)
    visit.open()
    shown = page(visit.client, f"{visit.base}?edition=ar&on=b1")
    assert hidden(shown, "passage_language") == "ar"
    fields = {"passage_block": "b1", "passage_language": "ar", "edition": "ar"}
    visit.page = shown
    answer = visit.send("comment", text="عدد آخر", person_name="سلمى", **fields)
    assert answer.status_code == 303 and "edition=ar" in answer.headers["Location"]
    shown = page(visit.client, f"{visit.base}?edition=ar")
    assert "data-passage-block" in shown
    english = page(visit.client, f"{visit.base}?edition=en")
    assert "data-passage-block" not in english, "it does not stand in the English text"
    # The lead sees in which edition it stands.
    remarks = page(desk(site, asked), f"/desk/statements/{asked.statement.public_id}/remarks")
    assert "paragraph 1 (Arabic)" in remarks
    # A passage of an edition that is not there is refused.
    visit.page = shown
    assert visit.send("comment", text="x", person_name="y", **{**fields, "passage_language": "fr"}).status_code == 400


def test_an_objection_to_a_translation_says_so(site: Site, asked: World):
    visit = Visit(site, asked, 1)
    visit.open()
    fields = {"passage_block": "b1", "passage_language": "ar", "edition": "ar"}
    answer = visit.send("object", text="هذا خطأ", person_name="سلمى", **fields)
    assert answer.status_code == 200
    passage = json.loads(unescape(hidden(visit.page, "passage")))
    assert passage["language"] == "ar"
    visit.send(
        "check", kind="objection", text="هذا خطأ", person_name="سلمى", person_role="x", passage=json.dumps(passage)
    )
    assert visit.again("record").status_code == 303
    assert asked.session.scalars(select(Answer)).one().passage["language"] == "ar"


def test_a_quote_is_approved_in_every_language(site: Site, asked: World):
    quotes = asked.signatories[0].quotes
    assert len(quotes) == 2, "the same number in the translation belongs to the same organisation"
    visit = Visit(site, asked, 0)
    visit.open()
    assert ARABIC.quotes[0].text in visit.page and ENGLISH.quotes[0].text in visit.page
    assert len(set(re.findall(r'name="quote-[0-9a-f]{64}"', visit.page))) == 2


# In public ----------------------------------------------------------------------------------------


def test_each_edition_is_published_with_its_own_names_in_its_own_order(site: Site, asked: World):
    slug = publish(site, asked)
    client, base = site.client(), f"/statements/{slug}"
    english, arabic = page(client, base), page(client, f"{base}/ar")
    assert f"{HARBOUR} • {FORUM} • {RELIEF}" in client.get(f"{base}.txt").text
    listed = f"{IN_ARABIC[RELIEF]} • {IN_ARABIC[FORUM]} • {HARBOUR}"
    assert listed in client.get(f"{base}/ar.txt").text and listed in client.get(f"{base}/ar.md").text
    assert '<html lang="ar" dir="rtl">' in arabic and '<article class="statement" lang="ar" dir="rtl">' in arabic
    assert "تطلب 3 منظمات" in arabic or "تطلب ٣ منظمات" in arabic
    assert "Three organisations ask" in english
    for shown in (english, arabic):
        links = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', shown))
        whole = f"http://localhost{base}"
        assert links == {"en": whole, "ar": f"{whole}/ar", "x-default": whole}
        looks_right(shown)
        # What a reader follows is a path: on a mirror it leads to the mirror's own file.
        assert f'href="{base if shown is arabic else f"{base}/ar"}" hreflang' in shown
    assert f'<link rel="canonical" href="http://localhost{base}/ar">' in arabic
    assert client.get(f"{base}/ar").headers["Content-Language"] == "ar"
    # The list of languages is the same whatever the browser asks for: nobody is led elsewhere.
    assert client.get(base, headers={"Accept-Language": "ar"}).text == english
    for nowhere in ("en", "fr", "AR", "ar/x", "ar.pdf.txt"):
        assert client.get(f"{base}/{nowhere}").status_code == 404
    feed = client.get("/feed.atom").text
    assert f'hreflang="ar" href="http://localhost{base}/ar"' in feed


def test_the_record_holds_all_editions_and_what_was_confirmed_for_each(site: Site, asked: World):
    slug = publish(site, asked)
    client = site.client()
    plain, arabic = (json.loads(client.get(f"/statements/{slug}{one}.json").data) for one in ("", "/ar"))
    content = plain["record"]["statement"]["content"]
    assert [one["language"] for one in content["editions"]] == ["en", "ar"]
    assert plain["record"] == arabic["record"] and plain["record_digest"] == arabic["record_digest"]
    assert "language" not in plain and arabic["language"] == "ar"
    values = {one["value"]["listed_name"]: one["value"] for one in plain["disclosures"]}
    assert values[FORUM] == {"listed_name": FORUM, "names": {"ar": IN_ARABIC[FORUM]}}
    assert values[HARBOUR] == {"listed_name": HARBOUR}, "one name for all: as it was before there were editions"
    assert [one["value"]["listed_name"] for one in arabic["disclosures"]] == [RELIEF, FORUM, HARBOUR]
    assert [one.get("language") for one in plain["record"]["quotes"]] == [None, "ar"]


def test_a_name_declined_by_the_lead_falls_back_in_that_language(site: Site, asked: World):
    signed(site, asked, 0)
    signed(site, asked, 2)
    signed(site, asked, 1, **{"name-in-ar": "الحرية الآن"})
    client = desk(site, asked)
    hub = f"/desk/statements/{asked.statement.public_id}"
    data = {"csrf_token": hidden(page(client, f"{hub}/roll"), "csrf_token"), "proposed": FORUM, "accept": "no"}
    path = f"{hub}/name/{asked.signatories[1].id}"
    # Names that are not the newest are not decided on.
    assert client.post(path, data=data).status_code == 404
    assert client.post(path, data={**data, "name-in-ar": "الحرية الآن"}).status_code == 303
    slug = asked.session.scalar(select(Publication.slug))
    arabic = site.client().get(f"/statements/{slug}/ar.txt").text
    assert "الحرية الآن" not in arabic and FORUM in arabic


def test_a_withheld_name_is_in_no_edition(site: Site, asked: World):
    slug = publish(site, asked)
    noting.act_at_desk(
        asked.session,
        asked.circulation.opened_at,
        asked.user.id,
        asked.statement.public_id,
        asked.signatories[1].id,
        Later(LaterKind.WITHHOLD, asked.revision.digest, authority=True),
    )
    for form in ("", ".txt", ".md", ".json", "/ar", "/ar.txt", "/ar.md", "/ar.json"):
        public = site.client().get(f"/statements/{slug}{form}").text
        assert FORUM not in public and IN_ARABIC[FORUM] not in public


# At the desk --------------------------------------------------------------------------------------


@pytest.fixture
def drafted(site: Site):
    with site.session() as session:
        yield world(session, 3, ENGLISH)


def edit_fields(html: str) -> dict[str, str]:
    """The editor's form as it is filled in."""
    form = max(re.findall(r"<form.*?</form>", html, re.DOTALL), key=len)
    found = {name: unescape(value) for name, value in re.findall(r'name="([^"]+)"[^>]*? value="([^"]*)"', form)}
    found |= {
        name: unescape(value).removeprefix("\n")
        for name, value in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    }
    language = re.search(r'<option value="([^"]+)" selected', form)
    return {**found, "language": language[1] if language else "", "save": "yes"}


def test_an_edition_is_added_changed_held_against_the_first_and_taken_out(site: Site, drafted: World):
    client, hub = desk(site, drafted), f"/desk/statements/{drafted.statement.public_id}"
    looks_right(page(client, f"{hub}/editions"))
    begun = page(client, f"{hub}/edit?edition=ar")
    looks_right(begun)
    assert ENGLISH.headline in begun and hidden(begun, "edition") == "ar"
    fields = {**edit_fields(begun), "kind": "open-letter", "headline": ARABIC.headline, "body": "١٬٢٠٠"}
    fields.pop("preview", None)
    answer = client.post(f"{hub}/edit", data=fields)
    assert answer.status_code == 303 and answer.headers["Location"].endswith("edition=ar")
    newest = drafted.session.scalars(select(Revision).order_by(Revision.number.desc())).first()
    assert newest.parsed.languages == ("en", "ar") and newest.parsed.editions[1].kind == "press-release"
    beside = page(client, f"{hub}/editions")
    looks_right(beside)
    assert "Numbers of the authoritative text that are not here: 40" in beside
    assert "https://example.org/aid" in beside
    assert ARABIC.headline in page(client, f"{hub}?edition=ar")
    compare = page(client, f"{hub}/compare")
    assert "Arabic" in compare and ARABIC.headline in compare
    asked = page(client, f"{hub}/editions/ar/remove")
    looks_right(asked)
    gone = client.post(f"{hub}/editions/ar/remove", data={"csrf_token": hidden(asked, "csrf_token")})
    assert gone.status_code == 303
    assert page(client, f"{hub}/editions/ar/remove", 404) and page(client, f"{hub}/editions/en/remove", 404)
    assert page(client, f"{hub}/edit?edition=nonsense!", 404)


def test_two_who_change_two_languages_are_in_nobodys_way(site: Site, drafted: World):
    who = (drafted.session, drafted.statement.created_at, drafted.user.id, drafted.statement.public_id)
    drafting.revise(*who, ARABIC, 1, of="ar")
    drafting.revise(*who, replace(ENGLISH, headline="Open it"), 1)
    drafting.revise(*who, replace(ARABIC, headline="افتحوه"), 2, of="ar")
    newest = drafted.session.scalars(select(Revision).order_by(Revision.number.desc())).first()
    assert [one.headline for one in newest.parsed.editions] == ["Open it", "افتحوه"]
    # The same edition changed by two: what each changed, and both together.
    client, hub = desk(site, drafted), f"/desk/statements/{drafted.statement.public_id}"
    fields = {**edit_fields(page(client, f"{hub}/edit?edition=ar")), "place": "التل", "based_on": "2"}
    answer = client.post(f"{hub}/edit", data=fields)
    assert answer.status_code == 409 and "افتحوه" in answer.text and hidden(answer.text, "edition") == "ar"


def test_a_second_edition_in_a_language_is_refused_and_nothing_typed_is_lost(site: Site, drafted: World):
    client, hub = desk(site, drafted), f"/desk/statements/{drafted.statement.public_id}"
    fields = {**edit_fields(page(client, f"{hub}/edit?edition=ar")), "language": "en", "headline": "Twice"}
    answer = client.post(f"{hub}/edit", data=fields)
    assert (
        answer.status_code == 400 and "Twice" in answer.text and "There is an edition in this language" in answer.text
    )


def test_a_translation_that_is_not_ready_holds_the_asking(site: Site, drafted: World):
    who = (drafted.session, drafted.statement.created_at, drafted.user.id, drafted.statement.public_id)
    drafting.revise(*who, replace(ARABIC, headline=""), 1, of="ar")
    client, hub = desk(site, drafted), f"/desk/statements/{drafted.statement.public_id}"
    form = page(client, f"{hub}/circulate")
    answer = client.post(f"{hub}/circulate/check", data={"csrf_token": hidden(form, "csrf_token")})
    assert answer.status_code == 400 and "The edition in another language (Arabic) cannot go out yet" in unescape(
        answer.text
    )
    assert drafted.session.scalar(select(Statement.stage)) == "draft"


def test_an_editorial_change_of_a_translation_is_pointed_out(site: Site, asked: World):
    who = (asked.session, asked.circulation.opened_at, asked.user.id, asked.statement.public_id)
    drafting.revise(*who, replace(ARABIC, body=ARABIC.body.replace("٤٠", "٤١")), 1, of="ar")
    client, hub = desk(site, asked), f"/desk/statements/{asked.statement.public_id}"
    shown = page(client, f"{hub}/in-force")
    assert "٤١" in shown and "Arabic" in shown
    looks_right(shown)
    # What a member had signed is stale by it, and the page says what changed in which language.
    signed(site, asked, 2)
    put_in_force(asked.session, asked.circulation.opened_at, asked.user.id, asked.statement.public_id, 2)
    visit = Visit(site, asked, 2)
    visit.open()
    assert "٤١" in visit.page and "Your earlier answer is kept" in visit.page


def test_the_lead_signs_at_its_desk_with_a_name_for_each_language(site: Site):
    with site.session() as session:
        made = world(session, 2, ENGLISH, translations=[ARABIC])
        lead = session.get_one(Organisation, made.user.organisation_id)
        session.add(Member(coalition_id=made.coalition.id, organisation_id=lead.id))
        session.commit()
        made.members.append(lead)
        circulate(made)
        client, hub = desk(site, made), f"/desk/statements/{made.statement.public_id}"
        shown = page(client, f"{hub}/sign?edition=ar")
        assert ARABIC.headline in shown
        looks_right(shown)
        fields = {"kind": "sign-off", "listed_name": lead.listed_name, "person_name": "Lea", "person_role": "x"}
        fields |= {"name-in-ar": "ائتلاف الوادي", "authority": "yes", "digest": hidden(shown, "digest")}
        answer = client.post(f"{hub}/sign", data={**fields, "csrf_token": hidden(shown, "csrf_token")})
        assert answer.status_code == 303, answer.text
        assert session.scalars(select(Answer)).one().names == {"ar": "ائتلاف الوادي"}


# After the publication ----------------------------------------------------------------------------

FRENCH = replace(
    ENGLISH,
    language="fr",
    headline="Ouvrez la route du lac",
    body=ENGLISH.body.replace("The road has been closed for 40 days", "La route est fermée depuis 40 jours"),
)


def test_a_translation_added_later_has_its_own_date_and_digest_and_touches_nothing(site: Site, asked: World):
    slug = publish(site, asked)
    client, public = desk(site, asked), site.client()
    hub, base = f"/desk/statements/{asked.statement.public_id}", f"/statements/{slug}"
    record, arabic, text = (public.get(f"{base}{one}").data for one in ("/record", "/ar", ".txt"))
    assert public.get(f"{base}/fr").status_code == 404
    site.at(NOW + timedelta(days=3))
    shown = page(client, f"{hub}/translation?edition=fr")
    looks_right(shown)
    fields = {**edit_fields(shown), "headline": FRENCH.headline, "body": FRENCH.body}
    fields = {name: value for name, value in fields.items() if name not in ("save", "preview", "sure")}
    unsure = client.post(f"{hub}/translation", data={**fields, "publish": "yes"})
    assert unsure.status_code == 400 and FRENCH.headline in unsure.text
    looks_right(unsure.text)
    asked_again = client.post(f"{hub}/translation", data={**fields, "publish": "yes", "sure": "yes"})
    assert asked_again.status_code == 200 and public.get(f"{base}/fr").status_code == 404, "it is shown first"
    done = client.post(f"{hub}/translation", data=the_form(asked_again.text, "confirmed"))
    assert done.status_code == 303 and done.headers["Location"] == f"{base}/fr"
    french = page(public, f"{base}/fr")
    looks_right(french)
    asked.session.rollback()
    added = asked.session.scalars(select(Translation)).one()
    assert FRENCH.headline in french and '<article class="statement" lang="fr" dir="ltr">' in french
    assert "not part of what was signed" in french and added.digest in french and "Valley Coalition" in french
    assert added.digest == digest(parse(added.content)) != asked.revision.digest
    # The others: the same record; a switch and a dated note more, and their texts as they were.
    assert public.get(f"{base}/record").data == record
    assert public.get(f"{base}/ar").data != arabic and 'hreflang="fr"' in public.get(f"{base}/ar").text
    assert b"4 March 2027" in public.get(f"{base}.txt").data != text
    noted = json.loads(public.get(f"{base}.json").data)["notes"][0]
    assert noted["kind"] == "translation" and noted["translation"]["digest"] == added.digest
    # Once, also where the button is pressed twice, and not in a language that was signed.
    twice = client.post(f"{hub}/translation", data=the_form(asked_again.text, "confirmed"))
    assert twice.status_code == 303 and twice.headers["Location"] == f"{base}/fr"
    asked.session.rollback()
    assert asked.session.scalars(select(Translation)).one().digest == added.digest
    again = client.post(f"{hub}/translation", data={**fields, "publish": "yes", "sure": "yes"})
    assert again.status_code == 400 and "There is an edition in this language" in again.text
    site.deliver()
    told = [text_of(one) for one in site.letters(asked.contacts[1].mail)]  # who reads Arabic
    assert any(f"http://localhost{base}/ar\r\n" in one and ARABIC.headline in one for one in told)
    (letter,) = [one for one in site.letters(asked.contacts[0].mail) if one["Subject"].startswith("A translation: ")]
    assert f"http://localhost{base}/fr\r\n" in text_of(letter), "it leads to what is new"
    after = page(client, f"{hub}/after")
    assert "Translation added" in after and "in each language: English · Arabic · French." in after
    assert "A translation was added" in page(client, f"{hub}/history")


def the_form(html: str, button: str) -> dict[str, str]:
    """What the form with this button sends when it is pressed."""
    form = next(one for one in re.findall(r"<form.*?</form>", html, re.DOTALL) if f'name="{button}"' in one)
    return {name: unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}


def test_no_language_is_chosen_for_who_adds_a_translation(site: Site, asked: World):
    publish(site, asked)
    client, path = desk(site, asked), f"/desk/statements/{asked.statement.public_id}/translation"
    shown = page(client, path)
    assert re.search(r'<option value="" selected>Please choose<', shown) and '<option value="sq">' in shown
    assert '<option value="ar"' not in shown, "a language in which there is an edition"
    looks_right(shown)
    fields = {**edit_fields(shown), "language": "", "body": "La route est fermée.", "sure": "yes", "publish": "yes"}
    fields.pop("preview", None)
    answer = client.post(path, data=fields)
    assert answer.status_code == 400 and "La route est fermée." in answer.text
    assert "Please choose the language in which this is written." in answer.text and "is-invalid" not in answer.text
    assert 'id="field-language-error"' in answer.text and 'name="confirmed"' not in answer.text
    looks_right(answer.text)
    assert client.post(path, data={**fields, "confirmed": "yes"}).status_code == 400


def test_a_translation_is_shown_as_it_will_stand_before_it_is_published(site: Site, asked: World):
    slug = publish(site, asked)
    client, path = desk(site, asked), f"/desk/statements/{asked.statement.public_id}/translation"
    fields = {**edit_fields(page(client, path)), "language": "fr", "headline": FRENCH.headline}
    fields |= {"body": "Première ligne.\n\nLa route.", "sure": "yes", "publish": "yes", "quotes-0-role": "porte-parole"}
    fields.pop("preview", None)
    answer = client.post(path, data=fields)
    assert answer.status_code == 200 and "You publish this in French" in answer.text
    assert "It cannot be changed afterwards" in answer.text and "<p>La route.</p>" in answer.text
    assert '<article class="statement" lang="fr" dir="ltr">' in answer.text
    assert "Numbers of the authoritative text that are not here: 40" in answer.text
    looks_right(answer.text)
    back = client.post(path, data=the_form(answer.text, "back"))
    assert back.status_code == 200 and edit_fields(back.text)["body"] == fields["body"]
    assert edit_fields(back.text)["language"] == "fr" and "porte-parole" in back.text
    assert 'name="sure" value="yes" checked' in back.text
    looks_right(back.text)
    assert site.client().get(f"/statements/{slug}/fr").status_code == 404
    # What this page has not shown is not published by its button: it is shown first.
    for other in ({"body": "Une autre route."}, {"digest": ""}, {"digest": "0" * 64}):
        unseen = client.post(path, data={**the_form(answer.text, "confirmed"), **other})
        assert unseen.status_code == 409 and "You publish this in French" in unseen.text, other
        assert site.client().get(f"/statements/{slug}/fr").status_code == 404
    assert the_form(unseen.text, "confirmed") == the_form(answer.text, "confirmed")
    # Somebody else was quicker: refused, with the form.
    who = (asked.session, NOW, asked.user.id, asked.statement.public_id)
    translating.add_translation(*who, FRENCH)
    late = client.post(path, data=the_form(answer.text, "confirmed"))
    assert late.status_code == 400 and "There is an edition in this language" in late.text


def test_a_lead_that_is_not_named_is_not_named_by_the_translations_that_it_approved(site: Site):
    with site.session() as session:
        made = world(session, 1, ENGLISH)
        lead = session.get_one(Organisation, made.user.organisation_id)
        session.add(Member(coalition_id=made.coalition.id, organisation_id=lead.id))
        session.commit()
        made = circulate(replace(made, members=[*made.members, lead]))
        where = (session, NOW, made.user.id, made.statement.public_id)
        signed(site, made, 0)
        signing.answer_at_desk(*where, offered(made, 1))
        slug = session.scalar(select(Publication.slug))
        session.rollback()
        translating.add_translation(*where, FRENCH)
        client, base = site.client(), f"/statements/{slug}"
        assert lead.listed_name in client.get(f"{base}/fr").text
        assert json.loads(client.get(f"{base}.json").data)["notes"][0]["translation"]["approved_by"] == lead.listed_name
        noting.act_at_desk(*where, made.signatories[1].id, Later(LaterKind.WITHHOLD, "", authority=True))
        for form in ("", ".txt", ".md", ".json", "/fr", "/fr.txt", "/fr.md", "/fr.json", "/states/1"):
            assert lead.listed_name not in client.get(base + form).text, form
        assert "approved by the organisation that circulated it" in client.get(f"{base}/fr").text
        assert lead.listed_name not in client.get("/feed.atom").text


def test_a_translators_file_fills_the_form_and_says_what_differs(site: Site, asked: World):
    publish(site, asked)
    client, hub = desk(site, asked), f"/desk/statements/{asked.statement.public_id}"
    shown = page(client, f"{hub}/translation?edition=fr")
    brought = '+++\nheadline = "Ouvrez la route"\nlanguage = "fr"\n+++\nFermée depuis 41 jours.'
    data = {"csrf_token": hidden(shown, "csrf_token"), "edition": "fr", "pasted": brought}
    answer = client.post(f"{hub}/translation/import", data=data)
    assert answer.status_code == 200 and "Ouvrez la route" in answer.text
    assert "Numbers that the authoritative text does not have: 41" in answer.text
    assert "look it over, then save" not in answer.text, "nothing is saved here: it is published"
    # The language that the file names is taken, whatever was chosen before.
    for before in ("", "sq"):
        taken = client.post(f"{hub}/translation/import", data={**data, "edition": before})
        assert edit_fields(taken.text)["language"] == "fr"
    # A file that names none leaves what was chosen, and one that names a language that is there is asked about.
    plain = brought.replace('language = "fr"\n', "")
    for before in ("", "sq"):
        left = client.post(f"{hub}/translation/import", data={**data, "pasted": plain, "edition": before})
        assert edit_fields(left.text)["language"] == before
    there = client.post(f"{hub}/translation/import", data={**data, "pasted": brought.replace('"fr"', '"ar"')})
    assert edit_fields(there.text)["language"] == "fr"
    assert "The file says that it is in Arabic, and there is an edition in it already." in there.text
    looks_right(there.text)
    assert client.post(f"{hub}/translation/import", data={**data, "pasted": ""}).status_code == 400
    assert client.post(f"{hub}/translation/import", data={**data, "edition": "no language"}).status_code == 404


def test_the_page_of_editions_leads_to_a_translation_once_it_is_published(site: Site, asked: World):
    client, hub = desk(site, asked), f"/desk/statements/{asked.statement.public_id}"
    assert f'href="{hub}/translation"' not in page(client, f"{hub}/editions")
    publish(site, asked)
    shown = page(client, f"{hub}/editions")
    assert f'href="{hub}/translation"' in shown
    looks_right(shown)
    noting.note(
        asked.session, NOW, asked.user.id, asked.statement.public_id, NoteKind.RETRACTION, "It no longer holds."
    )
    assert f'href="{hub}/translation"' not in page(client, f"{hub}/editions")


def test_a_file_is_found_from_the_head_of_a_new_statement(site: Site, drafted: World):
    shown = page(desk(site, drafted), "/desk/statements/new")
    assert shown.index('href="#import-title"') < shown.index('name="headline"') < shown.index('id="import-title"')
    looks_right(shown)


def test_nothing_is_added_before_the_publication_or_after_a_retraction(site: Site, asked: World):
    who = (asked.session, NOW, asked.user.id, asked.statement.public_id)
    with pytest.raises(WrongStage):
        translating.add_translation(*who, FRENCH)
    assert desk(site, asked).get(f"/desk/statements/{asked.statement.public_id}/translation").status_code == 409
    publish(site, asked)
    noting.note(*who, NoteKind.RETRACTION, "It no longer holds.")
    with pytest.raises(WrongStage):
        translating.add_translation(*who, FRENCH)


def test_who_asks_to_sign_on_an_open_page_can_read_every_edition(site: Site):
    with site.session() as session:
        made = circulate(world(session, 2, ENGLISH, translations=[ARABIC]))
        opened = opening.open_it(session, NOW, made.user.id, made.statement.public_id, "", understood=True)
        shown = page(site.client(), f"/open/{opened.key}")
        assert ENGLISH.headline in shown and f'href="/open/{opened.key}?edition=ar"' in shown
        looks_right(shown)
        arabic = page(site.client(), f"/open/{opened.key}?edition=ar")
        assert ARABIC.headline in arabic and hidden(arabic, "digest") == made.revision.digest
