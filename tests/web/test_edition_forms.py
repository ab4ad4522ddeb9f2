"""Each edition in its own forms, and known as ours in each: files, frames, previews, checks; names mended for each."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pypdf
import pytest
import rfc8785
from sqlalchemy import delete, select, text, update

from tests.actions.test_locked import EMBARGO
from tests.builders import LINKS, NOW, World, circulate, offered, world
from tests.ground.application import Site, hidden
from tests.text.languages import ARABIC, ENGLISH
from tests.web.test_editions import FORUM, FRENCH, HARBOUR, IN_ARABIC, RELIEF, asked, desk, page, publish
from workflow.actions import noting, previewing, signing, translating
from workflow.formats.speaking import saying
from workflow.formats.verifying import Verdict
from workflow.links import Purpose
from workflow.models.coalition import Organisation
from workflow.models.history import Disclosure
from workflow.models.log import Leaf
from workflow.models.notes import Note
from workflow.models.previewing import Preview
from workflow.models.translations import Translation
from workflow.queries import verifying
from workflow.queries.audit import audit
from workflow.rules.refusals import NothingChanged
from workflow.text.addresses import Address
from workflow.text.content import Edition

__all__ = ["asked"]
FILES = {".pdf": "application/pdf", "/card.png": "image/png", "/press-kit.zip": "application/zip"}
VERIFIER = Path(__file__).parents[2] / "docs" / "verify.py"


def added(made: World, edition: Edition = FRENCH) -> Translation:
    made.session.rollback()
    return translating.add_translation(made.session, NOW, made.user.id, made.statement.public_id, edition)


def looked_at(made: World, data: bytes) -> verifying.Looked:
    made.session.rollback()
    address = "http://localhost/statements/{}{}{}"
    return verifying.look(
        made.session, data, lambda slug, language: address.format(slug, language and "/", language), saying
    )


def test_each_edition_has_files_of_its_own(site: Site, asked: World):
    """The one test that sets type."""
    base = f"/statements/{publish(site, asked)}"
    added(asked)
    client = site.client()
    waiting = client.get(f"{base}/ar.pdf")
    assert waiting.status_code == 503 and f'href="{base}/ar"' in waiting.text
    assert site.draw()
    files = {}
    for language, headline in (("ar", ARABIC.headline), ("fr", FRENCH.headline)):
        here = f"{base}/{language}"
        for form, kind in FILES.items():
            answer = client.get(here + form)
            assert (answer.status_code, answer.content_type) == (200, kind), here + form
            assert answer.headers["Content-Language"] == language
            assert answer.headers["Link"] == f'<http://localhost{here}>; rel="canonical"'
            assert answer.data != client.get(base + form).data
        files[language] = client.get(f"{here}.pdf").data
        reader = pypdf.PdfReader(io.BytesIO(files[language]))
        assert reader.metadata.title == headline
        assert reader.attachments["record.json"] == [client.get(f"{base}/record").data], "one record for all"
        with zipfile.ZipFile(io.BytesIO(client.get(f"{here}/press-kit.zip").data)) as kit:
            assert kit.read("statement.txt") == client.get(f"{here}.txt").data
            assert headline in kit.read("README.txt").decode()
        shown = page(client, here)
        assert f'href="{here}.pdf"' in shown and f'content="http://localhost{here}/card.png"' in shown
        by_type = client.get(here, headers={"Accept": "application/pdf"})
        assert by_type.data == files[language] and by_type.headers["Content-Location"] == f"{here}.pdf"
    assert client.get(f"{base}/en.pdf").status_code == client.get(f"{base}/de.pdf").status_code == 404
    assert "not part of what was signed" in " ".join(
        "\n".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(files["fr"])).pages).split()
    )
    for one in files.values():
        looked = looked_at(asked, one)
        assert (looked.told.verdict, looked.carried) == (Verdict.SINCE, True)


def test_an_edition_is_framed_and_told_elsewhere_in_its_language(site: Site, asked: World):
    base = f"/statements/{publish(site, asked)}"
    client = site.client()
    framed = client.get(f"{base}/ar/embed")
    assert framed.status_code == 200 and "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert '<html lang="ar" dir="rtl">' in framed.text and ARABIC.headline in framed.text
    assert f'href="http://localhost{base}/ar"' in framed.text
    told = client.get("/oembed", query_string={"url": f"http://localhost{base}/ar"})
    values = json.loads(told.data)
    assert values["title"] == ARABIC.headline and f'src="http://localhost{base}/ar/embed"' in values["html"]
    shown = page(client, f"{base}/ar")
    assert "%2Far&amp;format=json" in shown or "%2Far&format=json" in shown or "/ar&amp;format=json" in shown
    for nowhere in (f"{base}/fr", f"{base}/en", f"{base}/ar/x", f"/x{base}/ar"):
        assert client.get("/oembed", query_string={"url": f"http://localhost{nowhere}"}).status_code == 404
    assert client.get(f"{base}/fr/embed").status_code == 404


def test_an_earlier_state_is_read_in_each_edition_that_was_signed(site: Site, asked: World):
    base = f"/statements/{publish(site, asked)}"
    added(asked)
    client = site.client()
    assert f'href="{base}/ar/states/0"' in page(client, f"{base}/ar")
    earlier = page(client, f"{base}/ar/states/0")
    assert ARABIC.headline in earlier and f'href="{base}/ar/states/1"' in earlier
    assert '<nav class="statement-notice"' not in earlier, "what came later is not offered in it"
    # Before it was added it was not there: its page leads to the states of the text that was signed.
    assert f'href="{base}/states/0"' in page(client, f"{base}/fr")
    assert client.get(f"{base}/fr/states/0").status_code == 404
    assert client.get(f"{base}/ar/states/2").status_code == 404


def test_a_text_of_any_edition_is_known_as_ours(site: Site, asked: World):
    base = f"/statements/{publish(site, asked)}"
    client = site.client()
    for form in ("txt", "md", "json"):
        arabic = client.get(f"{base}/ar.{form}").data
        looked = looked_at(asked, arabic)
        assert (looked.told.verdict, looked.told.found.language) == (Verdict.CURRENT, "ar"), form
        assert looked.told.names_absent is False
    english = looked_at(asked, client.get(f"{base}.txt").data)
    assert (english.told.verdict, english.told.found.language) == (Verdict.CURRENT, "")
    shown = client.get("/verify").text
    data = {"form_token": hidden(shown, "form_token"), "pasted": client.get(f"{base}/ar.txt").text}
    answer = client.post("/verify", data=data).text
    assert "Authentic and current" in answer and ARABIC.headline in answer and f'{base}/ar"' in answer
    changed = client.get(f"{base}/ar.txt").text.replace("الخبز", "الماء").replace(IN_ARABIC[FORUM], "منتدى آخر")
    told = looked_at(asked, changed.encode()).told
    assert (told.verdict, told.found.language) == (Verdict.ALTERED, "ar")
    assert IN_ARABIC[FORUM] in told.missing and "منتدى آخر" in " ".join(told.added)
    other = json.loads(client.get(f"{base}/ar.json").data) | {"language": "fr"}
    assert looked_at(asked, json.dumps(other).encode()).told.verdict is Verdict.ALTERED


def test_a_translation_that_came_later_is_known_as_ours_too(site: Site, asked: World):
    base = f"/statements/{publish(site, asked)}"
    added(asked)
    french = site.client().get(f"{base}/fr.txt")
    looked = looked_at(asked, french.data)
    assert (looked.told.verdict, looked.told.found.language) == (Verdict.SINCE, "fr")
    told = looked_at(asked, french.text.replace("fermée", "ouverte").encode()).told
    assert (told.verdict, told.found.language) == (Verdict.ALTERED, "fr")


def test_who_trusts_nothing_of_ours_checks_each_edition(site: Site, asked: World, tmp_path: Path):
    base = f"/statements/{publish(site, asked)}"
    added(asked)
    client = site.client()
    for name in ("record", "proof.json", "record.sig", "record.minisig", "record.sshsig"):
        (tmp_path / name).write_bytes(client.get(f"{base}/{name}").data)

    def run(language: str, found: bytes) -> tuple[int, str]:
        (tmp_path / "statement.json").write_bytes(client.get(f"{base}{language}.json").data)
        (tmp_path / "text").write_bytes(found)
        names = ("record", "proof.json", "record.sig", "record.minisig", "record.sshsig", "statement.json")
        given = [str(tmp_path / name) for name in names]
        ended = subprocess.run(
            [sys.executable, "-I", str(VERIFIER), *given, f"--text={tmp_path / 'text'}"],
            env={"PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=False,
        )
        return ended.returncode, ended.stdout.decode() + ended.stderr.decode()

    for language in ("", "/ar", "/fr"):
        code, said = run(language, client.get(f"{base}{language}.txt").data)
        assert code == 2 and "WRONG" not in said, said
        assert ("That anybody signed this text" in said) == (language == "/fr")
        assert ("Each paragraph of the signed text" in said) == (language != "/fr")
    code, said = run("/ar", client.get(f"{base}/ar.txt").data.replace("الخبز".encode(), "الماء".encode()))
    assert code == 1, said
    whole = json.loads(client.get(f"{base}.json").data)
    whole["notes"][0]["translation"]["content"]["editions"][0]["headline"] = "Fermez la route"
    (tmp_path / "statement.json").write_bytes(rfc8785.dumps(whole))
    names = ("record", "proof.json", "record.sig", "record.minisig", "record.sshsig", "statement.json")
    tampered = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), *(str(tmp_path / name) for name in names)],
        capture_output=True,
        check=False,
    )
    assert tampered.returncode == 1 and b"a translation is not that of its digest" in tampered.stdout + tampered.stderr


def test_the_public_log_binds_a_translation(site: Site, asked: World):
    publish(site, asked)
    made = added(asked)
    note = asked.session.scalars(select(Note)).one()
    assert (note.kind, note.text, note.event_hash) == ("translation", made.digest, made.event_hash)
    chosen = select(Leaf.body).where(Leaf.statement_id == asked.statement.id).order_by(Leaf.number)
    leaves = list(map(json.loads, asked.session.scalars(chosen)))
    assert [one["kind"] for one in leaves] == ["publication", "translation"]
    assert audit(asked.session).wrong == ()


def test_a_translation_that_was_tampered_with_is_found(site: Site, asked: World):
    publish(site, asked)
    made = added(asked)
    asked.session.rollback()
    bind = asked.session.get_bind()
    with bind.begin() as connection:
        on = " ON translations" if bind.dialect.name == "postgresql" else ""
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER protect_translations_{verb}{on}"))
        values = {"content": made.content.replace("lac", "port"), "id": made.id}
        connection.execute(text("UPDATE translations SET content = :content WHERE id = :id"), values)
    assert "the translation into fr is not what its note says" in "\n".join(map(str, audit(asked.session).wrong))
    asked.session.rollback()
    asked.session.execute(delete(Translation))
    asked.session.commit()
    assert "its translations are not those of its notes" in "\n".join(map(str, audit(asked.session).wrong))


def test_a_journalist_reads_each_edition_before_the_instant(site: Site):
    with site.session() as session:
        made = world(session, 2, ENGLISH, translations=[ARABIC])
        for member in made.members:
            named = {"listed_names": {"ar": IN_ARABIC[member.listed_name]}}
            session.execute(update(Organisation).where(Organisation.id == member.id).values(**named))
        session.commit()
        circulate(made, ending=EMBARGO)
        for index in range(2):
            signing.answer(session, LINKS, NOW, made.invitations[index].id, 1, offered(made, index))
        who = (session, NOW, made.user.id, made.statement.public_id)
        previewing.add(
            *who, [Address("Dana Reporter", "dana@paper.example", 1)], language="ar", time_zone="UTC", hours=None
        )
        preview_id, generation = session.execute(select(Preview.id, Preview.generation)).one()
        token = LINKS.make(Purpose.PREVIEW, [preview_id, generation])
        session.rollback()
    client = site.client()
    landing = client.get(f"/preview/{token}").text
    client.post(f"/preview/{token}", data={"form_token": hidden(landing, "form_token")})
    shown = page(client, f"/preview/at/{preview_id}/?edition=en")
    assert ENGLISH.headline in shown and f'href="/preview/at/{preview_id}/?edition=ar"' in shown
    assert f'href="/preview/at/{preview_id}/statement.txt?edition=en"' in shown
    arabic = page(client, f"/preview/at/{preview_id}/")  # in the language of who reads it
    assert ARABIC.headline in arabic and '<article class="statement" lang="ar" dir="rtl">' in arabic
    given = client.get(f"/preview/at/{preview_id}/statement.txt?edition=ar").text
    assert ARABIC.headline in given and f"{IN_ARABIC[RELIEF]} • {IN_ARABIC[FORUM]}" in given


def test_a_name_is_mended_in_each_language(site: Site, asked: World):
    base = f"/statements/{publish(site, asked)}"
    hub = f"/desk/statements/{asked.statement.public_id}/after/{asked.signatories[0].id}"
    client, public = desk(site, asked), site.client()
    shown = page(client, hub)
    assert f'value="{IN_ARABIC[RELIEF]}"' in shown
    typed = {"csrf_token": hidden(shown, "csrf_token"), "what": "mend", "name": RELIEF, "text": ""}
    answer = client.post(hub, data={**typed, "seen": RELIEF, "name-in-ar": "إغاثة ضفة البحيرة"})
    assert answer.status_code == 303, answer.text
    assert f"إغاثة ضفة البحيرة • {IN_ARABIC[FORUM]} • {HARBOUR}" in public.get(f"{base}/ar.txt").text
    assert RELIEF in public.get(f"{base}.txt").text
    asked.session.rollback()
    values = [one.value for one in asked.session.scalars(select(Disclosure)) if "text" not in one.value]
    assert not [one for one in values if IN_ARABIC[RELIEF] in one.get("names", {}).values()]
    who = (asked.session, NOW, asked.user.id, asked.statement.public_id, asked.signatories[0].id)
    with pytest.raises(NothingChanged):
        noting.fix_name(*who, RELIEF, "", names={"ar": "إغاثة ضفة البحيرة"})
    with pytest.raises(NothingChanged):
        noting.fix_name(*who, RELIEF, "")
    # Left empty, the name itself stands there; names for languages that were not signed are none.
    noting.fix_name(*who, RELIEF, "", names={"ar": "", "fr": "Secours"})
    assert f"{RELIEF} • {IN_ARABIC[FORUM]}" in public.get(f"{base}/ar.txt").text
    assert "Secours" not in public.get(f"{base}.json").text
    assert audit(asked.session).wrong == ()


def test_lists_lead_each_reader_to_the_edition_of_their_language(site, asked):
    slug = publish(site, asked)
    base = f"/statements/{slug}"
    client = site.client()
    english = client.get("/", headers={"Accept-Language": "en"}).text
    assert f'href="{base}"' in english and ARABIC.headline not in english
    arabic = client.get("/", headers={"Accept-Language": "ar"}).text
    assert (
        f'<h2 class="statement-list-title" lang="ar" dir="rtl"><a href="{base}/ar">{ARABIC.headline}</a></h2>' in arabic
    )
    assert ENGLISH.headline not in arabic
