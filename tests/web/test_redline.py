"""The redline as pages show it: said in words, reachable by links, in both directions, several on one page."""

import re

import pytest
from flask import get_template_attribute

from tests.prove.redlines import applied, read_off
from workflow.text.redline import Change, Part, compare

STAYED = "The road has been closed for a long time, and nobody can say when it will be open again. "


@pytest.fixture
def redline(demo_site):
    """The macro within a request of a reader of `page` language."""

    def render(changes, page="en", **more):
        with demo_site.app.test_request_context(headers={"Accept-Language": page}):
            return str(get_template_attribute("_parts/redline.html", "redline")(changes, **more))

    return render


def ids(html):
    return re.findall(r'\bid="([^"]+)"', html)


def test_what_went_and_came_is_said_in_words_and_marked(redline):
    html = redline(compare("We sign today.", "We signed today."), lang="en", dir="ltr")
    text = html.partition('class="redline"')[2]
    (went,), (came,) = (re.findall(f"<{tag}>(.*?)</{tag}>", text, re.S) for tag in ("del", "ins"))
    assert "removed:" in went and "−" in went and ">sign<" in went
    assert "added:" in came and "+" in came and ">signed<" in came


def test_every_link_leads_to_something_and_every_change_is_led_to(redline):
    html = redline(compare("a b c d e f g h", "a x c d y f z h"), lang="en", dir="ltr")
    links = re.findall(r'href="#([^"]+)"', html)
    assert set(links) <= set(ids(html))
    assert [link for link in links if link == "changes"] == ["changes"]
    changes = [one for one in ids(html) if one.startswith("change-")]
    assert len(changes) > 1
    # Once in the list, and once from the change before, if there is one.
    assert [links.count(change) for change in changes] == [1] + [2] * (len(changes) - 1)


def test_several_stand_on_one_page(redline):
    both = redline(compare("a", "b")) + redline(compare("c", "d"), prefix="second-")
    assert len(ids(both)) == len(set(ids(both)))
    assert 'href="#second-change-1"' in both


def test_changes_are_listed_by_their_part(redline):
    changes = [Change("delete", "old words", Part("paragraph", 3)), Change("insert", "new", Part("paragraph", 3))]
    listed = redline(changes).partition("</ol>")[0]
    assert "One change" in listed and ">Paragraph 3<" in listed
    assert "old words</bdi>" in listed and "new</bdi>" in listed
    assert ">Change 1<" in redline(compare("a", "b")).partition("</ol>")[0]


def test_many_changes_are_listed_behind_a_fold(redline):
    def page(number):
        return redline([Change(*one) for at in range(number) for one in (("equal", f"{at} "), ("insert", "x "))])

    assert "<summary>13 changes</summary>" in page(13)
    assert "<summary>12 changes</summary>" not in page(12) and "12 changes" in page(12)


def test_what_stayed_is_folded_and_nothing_is_lost(redline):
    old, new = f"{STAYED * 12}\n\nWe sign. {STAYED * 12}", f"{STAYED * 12}\n\nWe signed. {STAYED * 12}"
    html = redline(compare(old, new), lang="en", dir="ltr")
    assert html.count('<details class="redline-fold">') == 2
    assert f"Unchanged: {12 * len(STAYED.split())} words" in html
    assert applied(old, read_off(html)) == new


def test_what_moved_is_said_to_have_moved(redline):
    moved = "These five words have moved.\n\n"
    html = redline([Change("delete", moved), Change("equal", "It stays.\n\n"), Change("insert", moved)])
    assert "[moved away:" in html and "[moved here:" in html
    assert "removed:" not in html.partition('class="redline"')[2]


def test_a_blank_that_came_is_seen_and_said(redline):
    html = redline([Change("equal", "a"), Change("delete", " "), Change("insert", "\n\n"), Change("equal", "b")])
    assert "␣" in html and ">space<" in html
    assert "¶" in html and ">line break<" in html
    assert applied("a b", read_off(html)) == "a\n\nb"


def test_words_about_it_are_in_the_language_of_the_page(redline):
    html = redline(compare("We sign.", "We signed."), page="ar", lang="en", dir="ltr")
    text = html.partition('class="redline"')[2]
    assert text.startswith(' lang="en" dir="ltr">')
    asides = re.findall(r'<span class="redline-aside visually-hidden"([^>]*)>', text)
    assert asides and set(asides) == {' lang="ar" dir="rtl"'}


def test_nothing_changed_is_said(redline):
    html = redline(compare("We sign.", "We sign."))
    assert "Nothing changed." in html and "We sign." in html
    assert "<ol" not in html


def test_words_are_text(redline):
    html = redline(compare("<b>old</b>", '<script>"new"</script>'))
    assert "<script>" not in html and "<b>" not in html
    assert applied("<b>old</b>", read_off(html)) == '<script>"new"</script>'
