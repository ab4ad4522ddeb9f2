"""What the lead records, over HTTP: the form, the evidence, the mail, one button to contradict, a form to confirm."""

import io

import pypdf
import pytest

from tests.actions.acting import rows, sign, stage_of
from tests.builders import NOW, QUOTELESS, circulate, world
from tests.formats.publishing import take_back
from tests.ground.application import code_in, hidden, link_in, text_of
from tests.web.test_circulation import Desk
from tests.web.test_verifying import AUTHENTIC, ask, verdict
from workflow.actions import inviting
from workflow.models.recording import Recording
from workflow.models.signing import Answer
from workflow.rules.circulation import Role
from workflow.rules.people import People


@pytest.fixture
def session(site):
    with site.session() as opened_:
        yield opened_


PUBLISHED = f"/statements/{QUOTELESS.headline.lower().replace(' ', '-')}"
TOLD = {
    "kind": "sign-off",
    "listed_name": "Hillside Forum",
    "person_name": "Ada <i>Example</i>",
    "person_role": "Chair",
    "authority": "yes",
    "how": "phone",
    "note": "She rang & said yes.",
}


def desk_of(site, session, **how):
    """Two of three have signed."""
    made = circulate(world(session, edition=QUOTELESS), **how)
    sign(made, 0)
    sign(made, 2)
    return Desk(site, made)


def record(desk, expected=303, index=1, **fields):
    path = f"{desk.hub}/record/{desk.made.signatories[index].id}"
    digest = hidden(desk.get(path), "digest")
    return desk.send(path, expected, path, **{**TOLD, "digest": digest, **fields})


def asked(site, index=1):
    """The path of the link by which the member has its say."""
    site.deliver()
    (letter,) = [one for one in site.letters(f"contact{index}@") if "has recorded an answer" in one["Subject"]]
    assert "She rang" not in text_of(letter)
    return link_in(letter, "/sign/recorded/")


def press(client, path, expected=303, **fields):
    token = hidden(client.get(path).get_data(as_text=True), "form_token")
    answer = client.post(path, data={"form_token": token, **fields})
    assert answer.status_code == expected
    return answer.get_data(as_text=True)


def test_nothing_typed_is_lost_and_every_problem_is_said(site, session):
    desk = desk_of(site, session)
    page = record(desk, 400, person_name="", note="", kind="decline")
    assert "Please type" in page or "name" in page
    page = record(desk, 400, how="", note="kept words")
    assert "kept words" in page and "Ada &lt;i&gt;Example&lt;/i&gt;" in page
    assert rows(session, Recording) == []


def test_one_click_contradicts_and_looking_does_nothing(site, session):
    desk = desk_of(site, session)
    record(desk)
    roll = desk.get(f"{desk.hub}/roll")
    assert "Does not count yet" in roll and "She rang &amp; said yes." in roll
    path, client = asked(site), site.client()
    page = client.get(path).get_data(as_text=True)
    assert "Ada &lt;i&gt;Example&lt;/i&gt;" in page and QUOTELESS.headline not in page and "She rang" not in page
    assert rows(session, Recording)[0].outcome is None
    assert client.post(path, data={"form_token": "forged", "agrees": "no"}).status_code == 400
    press(client, path, agrees="no")
    assert "never did" in client.get(path).get_data(as_text=True)
    assert stage_of(desk.made) == "circulating"
    assert "Contradicted by the organisation" in desk.get(f"{desk.hub}/roll")
    site.deliver()
    assert [one for one in site.letters("desk@") if "Contradicted:" in one["Subject"]]


def test_confirming_is_deliberate_and_then_it_counts_and_is_marked(site, session):
    desk = desk_of(site, session)
    record(desk)
    path, client = asked(site), site.client()
    press(client, path, 400, agrees="yes")
    press(client, path, 400)
    press(client, path, agrees="yes", person_name="Zoe", person_role="Chair", authority="yes")
    assert stage_of(desk.made) == "published"
    page = client.get(path).get_data(as_text=True)
    assert "It counts" in page and "/sign/contest/" in page
    roll = desk.get(f"{desk.hub}/roll")
    assert "recorded by the lead" in roll and "Confirmed by the organisation" in roll
    assert b'"recorded":true' in site.client().get(f"{PUBLISHED}/record").data


def test_that_an_answer_was_recorded_is_said_wherever_the_names_are(site, session):
    desk = desk_of(site, session)
    record(desk)
    path, client = asked(site), site.client()
    press(client, path, agrees="yes", person_name="Zoe", person_role="Chair", authority="yes")
    name = desk.made.members[1].listed_name
    said = f"confirmed by it or not contradicted in time: {name}"
    site.draw()
    for form in ("", ".txt", ".md"):
        assert said in site.client().get(f"{PUBLISHED}{form}").text, form
    assert said in site.client().get("/feed.atom").text
    pdf = pypdf.PdfReader(io.BytesIO(site.client().get(f"{PUBLISHED}.pdf").data))
    assert said in " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    told = verdict(ask(client, pasted=client.get(f"{PUBLISHED}.txt").text))
    assert told == AUTHENTIC, "it is a line of ours, and no difference"
    with site.session() as later:
        take_back(later, name)
    unnamed = site.client().get(PUBLISHED).text
    assert name not in unnamed and "in time: An organisation that asked not to be named" in unnamed


def test_an_old_page_says_that_what_is_pressed_there_comes_too_late(site, session):
    desk = desk_of(site, session)
    record(desk)
    path, client = asked(site), site.client()
    token = hidden(client.get(path).get_data(as_text=True), "form_token")
    yes = {"form_token": token, "agrees": "yes", "person_name": "Zoe", "person_role": "Chair", "authority": "yes"}
    assert client.post(path, data=yes).status_code == 303
    late = client.post(path, data={"form_token": token, "agrees": "no"})
    page = late.get_data(as_text=True)
    assert late.status_code == 409 and "What you pressed just now was not recorded" in page
    assert "This was not us" in page and "It counts" in page
    assert client.post(path, data=yes).status_code == 303  # the same once more


def test_with_the_code_confirming_takes_six_digits_from_the_registered_mailbox(site, session):
    desk = Desk(site, circulate(world(session, edition=QUOTELESS), code=True))
    record(desk)
    path, client = asked(site), site.client()
    yes = {"agrees": "yes", "person_name": "Zoe <i>Example</i>", "person_role": "Chair", "authority": "yes"}
    page = press(client, path, 200, **yes)
    assert "Six digits were mailed" in page and "Zoe &lt;i&gt;Example&lt;/i&gt;" in page
    assert rows(session, Answer) == []
    site.deliver()
    digits = code_in([one for one in site.letters("contact1@") if "code" in one["Subject"].lower()][-1])
    yes["challenge"] = hidden(page, "challenge")
    assert 'name="code"' in press(client, path, 400, **yes, code="000000" if digits != "000000" else "111111")
    press(client, path, **yes, code=digits)
    assert len(rows(session, Answer)) == 1
    assert "It counts" in client.get(path).get_data(as_text=True)


def test_a_link_that_was_shut_contradicts_and_does_not_confirm(site, session):
    desk = desk_of(site, session)
    record(desk)
    path, client = asked(site), site.client()
    inviting.revoke(session, NOW, desk.made.user.id, desk.made.statement.public_id, desk.made.invitations[1].id)
    page = client.get(path).get_data(as_text=True)
    assert "Contradict it" in page and "Confirm it" not in page
    press(client, path, 410, agrees="yes", person_name="Zoe", person_role="Chair", authority="yes")
    press(client, path, agrees="no")
    assert rows(session, Recording)[0].outcome == "contradicted"


def test_the_worker_lets_it_stand_after_the_declared_hours(site, session):
    desk = desk_of(site, session, people=People(word_hours=2))
    record(desk)
    site.deliver()
    made = rows(session, Recording)[0]
    site.at(made.until)
    site.deliver()
    assert stage_of(desk.made) == "published"
    assert len(rows(session, Answer)) == 3
    (receipt,) = [one for one in site.letters("contact1@") if "Receipt" in one["Subject"]]
    assert "Recorded by the lead, said by telephone" in text_of(receipt)


def test_the_evidence_is_kept_at_the_desk_and_only_ever_saved(site, session):
    desk = desk_of(site, session)
    content = b"Subject: we sign\n\n<script>alert(1)</script>"
    record(desk, how="mail", note="", file=(io.BytesIO(content), "../../an answer.eml"))
    made = rows(session, Recording)[0]
    answer = desk.client.get(f"{desk.hub}/evidence/{made.id}")
    assert (answer.status_code, answer.data) == (200, content)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="evidence-{made.id}.eml"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert site.client().get(f"{desk.hub}/evidence/{made.id}").status_code == 302
    for name, wrong in (("answer.html", b"x"), ("answer.pdf", b"x")):
        record(desk, 400, how="mail", note="", file=(io.BytesIO(wrong), name))
    assert len(rows(session, Recording)) == 1


def test_observers_and_strange_links_have_nothing_recorded(site, session):
    desk = desk_of(site, session, roles=[Role.REQUIRED, Role.OBSERVER, Role.REQUIRED, Role.REQUIRED][:3])
    assert stage_of(desk.made) == "published"
    desk.get(f"{desk.hub}/record/{desk.made.signatories[1].id}", 409)
    assert site.client().get("/sign/recorded/nonsense").status_code == 404


def test_the_hours_are_declared_beforehand(site, session):
    desk = Desk(site, world(session, edition=QUOTELESS))
    assert "from 1 to 336" in desk.send(f"{desk.form}/check", 400, desk.form, **desk.typed(word_hours="0"))
    assert "counts after 3 hours" in desk.send(f"{desk.form}/check", 200, desk.form, **desk.typed(word_hours="3"))
