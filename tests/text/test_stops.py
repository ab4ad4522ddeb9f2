"""A sentence that ends with a name ending in a stop has one stop, in templates and elsewhere."""

import pytest
from jinja2 import Environment

from workflow.text.stops import speak, without_second_stops


@pytest.mark.parametrize(
    ("sentence", "value", "expected"),
    [
        ("Ask %(name)s.", "Rope Makers Inc.", "Ask %(name)s"),
        ("Ask %(name)s. Then wait.", "Rope Makers Inc.", "Ask %(name)s Then wait."),
        ("Ask %(name)s.", "<bdi>Rope Makers Inc.</bdi>", "Ask %(name)s"),
        ("Ask %(name)s.", "Rope Makers", "Ask %(name)s."),
        ("Ask %(name)s: now.", "Rope Makers Inc.", "Ask %(name)s: now."),
        ("اسأل \u2068%(name)s\u2069.", "Rope Makers Inc.", "اسأل \u2068%(name)s\u2069."),
        ("Ask %(name)s.", ".", "Ask %(name)s"),
        ("Ask %(name)s.", "", "Ask %(name)s."),
        ("Ask %(name)s.", 7, "Ask %(name)s."),
    ],
)
def test_the_second_stop_goes(sentence, value, expected):
    assert without_second_stops(sentence, {"name": value}) == expected


@pytest.mark.parametrize("autoescape", [False, True])
def test_in_templates(autoescape):
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=autoescape)
    speak(environment, str, lambda one, many, number: one if number == 1 else many)
    words = "{{ _('Ask %(a)s.', a=name) }} {{ ngettext('%(num)s of %(a)s.', '%(num)s in %(a)s.', 2, a=name) }}"
    said = environment.from_string(words).render(name="R & S Inc.")
    name = "R &amp; S Inc." if autoescape else "R & S Inc."
    assert said == f"Ask {name} 2 in {name}"
