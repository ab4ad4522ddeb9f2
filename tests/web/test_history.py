"""The history of a statement as its desk reads it: every event is a sentence, with what it was about."""

import pytest

from tests.builders import NOW
from tests.ground.application import Site
from workflow.queries.desk import EventLine
from workflow.web.drafting_history import SENTENCES, in_words

FACTS = {
    "revision": 2,
    "number": 3,
    "language": "sq",
    "deadline": "2027-03-05T16:00:00Z",
    "embargo": "2027-03-06T06:30:00Z",
    "signatory": {"organisation": "Lakeside Relief"},
    "person": {"name": "Nia Hart", "role": "director"},
    "contact": {"contact": "Nia Hart"},
    "by": {"contact": "Nia Hart"},
    "from": {"contact": "Nia Hart"},
    "to": {"contact": "Tom Ash"},
    "name": {"listed_name": "Lakeside"},
}


def told(site: Site, kind: str, **facts: object) -> str:
    with site.app.test_request_context("/desk"):
        (line,) = in_words([EventLine(1, kind, NOW, {**FACTS, **facts})])
        return line.text


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_every_event_is_said_in_words(site: Site, kind: str):
    values = {"answered": "sign-off", "answer recorded": "sign-off", "quote decided": "approved"}
    said = told(site, kind, answer=values.get(kind), decision=values.get(kind), disposition="partly", part="observer")
    assert said != kind and " " in said and not any(gap in said for gap in ("None", "%(", "{", "(erased)"))


def test_what_moved_says_to_when_and_a_language_is_called_by_its_name(site: Site):
    assert told(site, "translation added") == "A translation was added: Albanian"
    assert "5 March 2027" in told(site, "deadline moved") and "16:00" in told(site, "deadline moved")
    assert "6 March 2027" in told(site, "embargo moved") and "06:30" in told(site, "embargo moved")


def test_numbers_and_choices_have_words_of_their_own(site: Site):
    assert told(site, "previews given", number=1) == "One preview was given"
    assert told(site, "previews given") == "3 previews were given"
    assert told(site, "press chosen", number=0) == "Nobody of the press list gets the release any more"
    assert told(site, "handed over", waits=True) == "Nia Hart named Tom Ash, who waits for your word"
    assert told(site, "contest resolved", resolution="void") == "A contested answer was declared void"


def test_a_reason_stands_below_its_sentence(site: Site):
    with site.app.test_request_context("/desk"):
        facts = {**FACTS, "reason": {"text": "It merged."}}
        (line,) = in_words([EventLine(1, "signatory dropped", NOW, facts)])
    assert (line.text, line.detail) == ("Lakeside Relief was taken off the roll", "It merged.")
