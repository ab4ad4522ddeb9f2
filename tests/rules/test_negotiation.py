"""Which form of a page is asked for by an Accept header."""

import pytest

from workflow.rules.negotiation import best

OFFERED = ("text/html", "application/json", "text/markdown", "text/plain", "application/pdf")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/*", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "text/html"),
        ("application/json", "application/json"),
        ("APPLICATION/JSON", "application/json"),
        ("application/*", "application/json"),
        ("text/plain;charset=utf-8", "text/plain"),
        ("text/markdown, text/html;q=0.9", "text/markdown"),
        ("text/markdown;q=0.4, text/html;q=0.5", "text/html"),
        ("text/markdown;q=0.5, text/plain;q=0.5", "text/markdown"),
        ("text/*;q=0.3, text/plain", "text/plain"),
        ("text/html;q=0, */*", "application/json"),
        ("*/*;q=0.1, application/pdf ; q=0.11", "application/pdf"),
        ("text/*, text/html;q=0.1", "text/markdown"),
        # Nothing of it can be had, or it is no list at all: the page.
        ("image/png", "text/html"),
        ("application/json;q=0", "text/html"),
        ("application/json;q=2, text/plain;q=0.1", "text/plain"),
        ("application/json;q=0.5555, text/plain;q=0.1", "text/plain"),
        ("application/json;q=x, ,;,/,q=1", "text/html"),
        ("json", "text/html"),
        ("application/json;q=1.001", "text/html"),
        (", ".join(["x/y"] * 100 + ["application/json"]), "text/html"),
    ],
)
def test_the_type_that_is_liked_most_is_chosen(accept, chosen):
    assert best(accept, OFFERED) == chosen
