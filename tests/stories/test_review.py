"""A review that leads to agreement: seven organisations remark, the lead answers, the second revision is signed.

Over HTTP without scripts, with every link and code taken out of a real letter. Every step checks what it says.
"""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders import NOW
from tests.ground.application import Site, code_in, link_in, text_of
from tests.prove.invariants import violations
from tests.stories.browser_without_scripts import Browser
from workflow import clock, demo
from workflow.actions import accounts, coalition, drafting
from workflow.models.accounts import User
from workflow.models.commenting import Comment
from workflow.text.importing import read_members, read_statement

MAILS = {row.split(",")[0]: row.split(",")[5] for row in demo.MEMBERS.splitlines()[1:]}
HARBOUR, HILLSIDE, LAKESIDE, MEADOW, ORCHARD, ORCHARDIST, RIVERBANK = MAILS
TEXT = """\
+++
kind = "open-letter"
label = "Open letter"
date = "2027-03-08"
headline = "Keep the valley clinic open"
language = "en"
addressees = ["The Regional Health Board"]

[[quote]]
speaker = "Lena Example"
role = "Director"
organisation = "Riverbank Voices"
text = "A clinic that opens on two days is closed on five."
+++
We write to you as the organisations that bring patients to the valley clinic.

Since January the clinic has opened on two days a week only. The bus to the next hospital takes three hours.

[[quote 1]]

The board has failed the valley. It should resign.

We ask you to keep the clinic open on five days, and to say so *before* Easter.
"""
RESIGN = "It should resign."


class Review:
    """One statement under review: the lead at the desk, and a browser for each organisation."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with site.session() as session:
            accounts.set_up(
                session, clock.now(), organisation_name=demo.LEAD, name=demo.USER, mail=demo.MAIL,
                password=demo.PASSWORD, language="en", time_zone="Europe/London",
            )  # fmt: skip
            user_id = session.scalars(select(User.id)).one()
            coalition_id = coalition.create(session, clock.now(), user_id, demo.COALITION).id
            coalition.import_members(session, clock.now(), user_id, coalition_id, read_members(demo.MEMBERS.encode()))
            made = drafting.begin(session, clock.now(), user_id, coalition_id, read_statement(TEXT).edition)
            self.hub = f"/desk/statements/{made.public_id}"
        self.desk = Browser(site.client()).get("/sign-in")
        self.desk.press("Sign in", mail=demo.MAIL, password=demo.PASSWORD)
        self.members = {name: Browser(site.client()) for name in MAILS}

    def deliver(self) -> None:
        """Send what waits in the outbox."""
        self.site.deliver()

    def newest_link(self, name: str) -> str:
        """The link in the newest letter to an organisation that has one."""
        self.deliver()
        return link_in([one for one in self.site.letters(MAILS[name]) if "/sign/" in text_of(one)][-1])

    def code(self, name: str) -> str:
        """The digits in the newest letter to an organisation."""
        self.deliver()
        return code_in(self.site.letters(MAILS[name])[-1])

    def opened(self, name: str) -> Browser:
        """The newest link that an organisation got, opened by the button behind it."""
        return self.members[name].get(self.newest_link(name)).send_to("")

    def remark(self, name: str, words: str, *, on: str = "", exact: str = "", proposed: str | None = None) -> int:
        """A comment, or a suggestion where a wording is `proposed`; gives its id."""
        member = self.opened(name)
        before = len(self.remarks())
        fields: dict[str, str | list[str]] = {"text": words, "person_name": f"Writer of {name}"}
        if on:
            member.get(f"{member.path.split('#')[0].split('?')[0]}?on={on}")
            fields["passage_exact"] = exact or self.whole(member)
        if proposed is not None:
            fields |= {"suggests": "yes", "proposed": proposed}
        member.send_to("/comment", **fields)
        assert member.status_code == 200 and "#remark-" in member.path, words_of(member.page)[:2000]
        assert len(self.remarks()) == before + 1
        return int(member.path.rpartition("-")[2])

    def whole(self, member: Browser) -> str:
        found = re.search(r'name="passage_exact" value="([^"]*)"', member.page)
        assert found
        return html.unescape(found.group(1))

    def answer(self, name: str, kind: str, **fields: str) -> Browser:
        """An answer with the code out of the mail, up to the receipt."""
        member = self.opened(name)
        quotes = dict.fromkeys(set(re.findall(r'name="(quote-\w+)"', member.page)), "approved")
        given = {"kind": kind, "person_name": f"Signer of {name}", "person_role": "Chair", **quotes, **fields}
        if kind == "sign-off":
            given["authority"] = "yes"
        member.send_to("/check", **given)
        member.send_to("/code")
        member.send_to("/record", code=self.code(name))
        assert "/receipt" in member.path, words_of(member.page)[:2000]
        return member

    def remarks(self) -> list[Comment]:
        with self.site.session() as session:
            return list(session.scalars(select(Comment).where(Comment.thread_id.is_(None)).order_by(Comment.id)))


def words_of(page: str) -> str:
    """The words of a page as a person reads them."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def review(site):
    return Review(site)


def circulate_for_comment(review: Review) -> None:
    desk = review.desk.get(f"{review.hub}/circulate")
    desk.press("Check and circulate", purpose="comment", cover_note="Please read and remark by Wednesday.")
    desk.press("Circulate")
    assert desk.path.endswith("/roll"), words_of(desk.page)[:1500]
    review.site.deliver()
    assert {str(one["To"]).partition("<")[2].rstrip(">") for one in review.site.letters()} == set(MAILS.values())
    assert not any("clinic" in one.as_string() for one in review.site.letters())


def remark_in_all(review: Review) -> tuple[list[int], int, int]:
    """Twelve remarks: seven comments, three suggestions, two objections. Gives the suggestions and the objections."""
    review.remark(HARBOUR, "Say since when exactly.", on="b2", exact="Since January")
    review.remark(HARBOUR, "A good letter.")
    review.remark(HILLSIDE, "Is three hours right?", on="b2", exact="three hours")
    review.remark(LAKESIDE, "Who signs first?")
    review.remark(ORCHARDIST, "نقترح ذكر عدد المرضى.", on="b1")
    review.remark(RIVERBANK, "The quote is as she said it.", on="q1")
    review.remark(MEADOW, "Thank the nurses?", on="b4")
    first = "We write to you as seven organisations that bring patients to the valley clinic."
    suggestions = [
        review.remark(LAKESIDE, "Say how many.", on="b1", proposed=first),
        review.remark(ORCHARD, "Clearer.", on="b2", exact="two days a week only", proposed="only two days a week"),
        review.remark(ORCHARD, "We cannot ask for that.", on="b3", exact=RESIGN, proposed=""),
    ]
    text = review.opened(MEADOW)
    review.members[MEADOW].get(f"{text.path}?on=b3").send_to("/object", text="We do not call for resignations.")
    review.members[MEADOW].send_to("/check", person_name="Signer of Meadow", person_role="Chair")
    review.members[MEADOW].send_to("/code")
    review.members[MEADOW].send_to("/record", code=review.code(MEADOW))
    review.answer(HILLSIDE, "objection", text="Easter is too late for us.")
    first_objection, second_objection = (one.id for one in review.remarks() if one.kind == "objection")
    assert [one.kind for one in review.remarks()] == ["comment"] * 7 + ["suggestion"] * 3 + ["objection"] * 2
    return suggestions, first_objection, second_objection


def lead_answers(review: Review, suggestions: list[int], resigned: int, easter: int) -> None:
    """One click for each suggestion; every other remark gets a disposition, and one objector a reply."""
    desk = review.desk
    for one in suggestions:
        desk.get(f"{review.hub}/remarks?show=all")
        desk.send_to(f"/remarks/{one}/accept")
        assert desk.status_code == 200, words_of(desk.page)[:1500]
    desk.get(f"{review.hub}/remarks?show=all")
    desk.send_to(f"/remarks/{easter}/reply", text="The letter goes out a month before Easter. Is that early enough?")
    for one in review.remarks():
        if one.kind == "comment" or one.id == resigned:
            desk.get(f"{review.hub}/remarks?show=all")
            kind = "accepted" if one.id == resigned else "declined" if "nurses" in one.text else "partly"
            desk.send_to(f"/remarks/{one.id}/dispose", disposition=kind, reason=f"About: {one.text[:20]}")
            assert desk.status_code == 200, words_of(desk.page)[:1500]
    draft = desk.get(f"{review.hub}/edit").page
    assert RESIGN not in draft and "only two days a week" in draft and "as seven organisations" in draft


def everyone_sees_what_became(review: Review) -> None:
    """Behind every link, also of who answered nothing: what changed, with removed and added words, and every remark."""
    for name in MAILS:
        page = review.opened(name).page
        assert review.members[name].status_code == 200
        changes = page[page.index('id="changes-title"') : page.index('id="became"')]
        assert re.search(r"<del[^>]*>.*?only", changes, re.S) and "resign" in changes, name
        became = page[page.index('id="became"') : page.index('<article class="statement"')]
        assert len(re.findall(r'href="#remark-\d+"', became)) == 12, name
        assert became.count("About: ") == 8, name
        assert RESIGN not in words_of(page[page.index('<article class="statement"') : page.index("</article>")])


def test_seven_organisations_review_a_text_and_sign_the_second_revision(review):
    circulate_for_comment(review)
    suggestions, resigned, easter = remark_in_all(review)
    lead_answers(review, suggestions, resigned, easter)
    review.site.at(NOW + timedelta(hours=1))  # answers to remarks are told of in one letter
    review.site.deliver()
    for name in set(MAILS) - {ORCHARDIST}:
        told = [text_of(one) for one in review.site.letters(MAILS[name])]
        assert sum("has said what becomes of what you remarked" in one for one in told) == 1, name
        assert not any("About: " in one for one in told)
    review.answer(HILLSIDE, "taken-back")
    desk = review.desk.get(f"{review.hub}/ask-to-sign")
    assert desk.path.endswith("/ask-to-sign")
    desk.send_to("/circulate/send")
    assert desk.path.endswith("/roll"), words_of(desk.page)[:1500]
    everyone_sees_what_became(review)
    desk.get(f"{review.hub}/became")
    assert desk.page.count("<article") == 12
    for name in MAILS:
        assert "/statements/" not in review.site.client().get("/").get_data(as_text=True)
        receipt = review.answer(name, "sign-off")
        assert "Signer of" in receipt.page
    public = review.site.client().get("/").get_data(as_text=True)
    (address,) = set(re.findall(r"/statements/[\w-]+", public))
    text = review.site.client().get(f"{address}.txt").get_data(as_text=True)
    assert "We write to you as seven organisations" in text and RESIGN not in text
    assert " • ".join(sorted(MAILS)) in " ".join(text.split())
    assert not any(word in text for word in ("nurses", "About: ", "Signer of"))
    with review.site.session() as session:
        assert violations(session) == []
