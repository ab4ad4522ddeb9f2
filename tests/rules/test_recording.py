"""What may be recorded, what proves it, and what the member has to say."""

import pytest

from tests.rules.roll import SIGNED, optional, required
from workflow.rules.circulation import ALL_REQUIRED, Kind, Rule, missing
from workflow.rules.recording import LARGEST_FILE, Evidence, How, Word, check_evidence, check_word
from workflow.rules.refusals import FormRefused

SILENT = Rule(silence=True, time_up=True, objections_hold=True)


@pytest.mark.parametrize(
    ("evidence", "problems"),
    [
        (Evidence("phone", "She rang at noon."), set()),
        (Evidence("mail", "", "answer.eml", b"From: a"), set()),
        (Evidence("mail", "", "Answer.PDF", b"%PDF-1.7"), set()),
        (Evidence("pigeon", "She rang."), {"how"}),
        (Evidence("phone"), {"note"}),
        (Evidence("mail", "n", "answer.html", b"<b>"), {"file"}),
        (Evidence("mail", "n", "answer.pdf", b"<b>"), {"file"}),
        (Evidence("mail", "n", "answer.txt", b"x" * (LARGEST_FILE + 1)), {"file"}),
    ],
)
def test_evidence(evidence, problems):
    if not problems:
        assert check_evidence(evidence) in How
        return
    with pytest.raises(FormRefused) as refused:
        check_evidence(evidence)
    assert set(refused.value.problems) == problems


def test_confirming_is_signing_and_contradicting_is_one_click():
    check_word(Word(agrees=False))
    check_word(Word(agrees=True, person_name="Ada", person_role="Chair", authority=True))
    with pytest.raises(FormRefused) as refused:
        check_word(Word(agrees=True))
    assert set(refused.value.problems) == {"person_name", "person_role", "authority"}


@pytest.mark.parametrize(
    ("rule", "one", "said"),
    [
        (ALL_REQUIRED, required("A", recorded=SIGNED), ["missing.recorded"]),
        (ALL_REQUIRED, required("A", SIGNED, recorded=SIGNED), []),
        (ALL_REQUIRED, required("A", SIGNED, recorded=Kind.TAKEN_BACK), ["missing.recorded"]),
        (ALL_REQUIRED, optional("A", recorded=SIGNED), []),
        (ALL_REQUIRED, optional("A", SIGNED, recorded=Kind.OBJECTION), ["missing.recorded"]),
        (ALL_REQUIRED, optional("A", recorded=Kind.OBJECTION), []),
        (Rule(objections_hold=True), optional("A", recorded=Kind.OBJECTION), ["missing.recorded"]),
        (Rule(objections_hold=True), optional("A", recorded=Kind.OBJECTION, recorded_late=True), []),
        (SILENT, optional("A", recorded=Kind.OBJECTION, recorded_late=True), []),
    ],
)
def test_what_is_recorded_counts_for_nothing_and_holds_what_it_would_change(rule, one, said):
    assert [part.id for part in missing(rule, [required("B", SIGNED), one])] == said
