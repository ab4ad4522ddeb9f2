"""What letters about a note tell: the words of a correction, a mended name; and what is withheld stays out of them."""

from tests.actions.acting import letters
from tests.actions.test_noting import DAY, act, published, who
from tests.builders import LINKS
from workflow.actions import noting
from workflow.mail.letters import render
from workflow.queries.posting import letter_view
from workflow.rules.noting import LaterKind, NoteKind

OLD, NEW = "Lakeside Relief", "Lakeside Aid e.V."


def told(made, kind: str) -> dict[int, str]:
    """The newest letter of a kind to each contact, in words: subject, text and HTML."""
    found = {}
    for one in letters(made.session, kind):
        words = render(letter_view(made.session, LINKS, "https://sign.example.org", DAY, one.id))
        made.session.rollback()
        found[one.contact_id] = f"{words.subject}\n{words.text}\n{words.html}"
    return found


def mend(made, name=NEW) -> None:
    noting.fix_name(*who(made), made.signatories[0].id, name, "Lakeside Relief has another name now.")


def test_the_receipt_of_a_mended_name_gives_the_new_one_beside_the_old(session):
    made = published(session)
    mend(made)
    receipt = told(made, "later_receipt")[made.contacts[0].id]
    assert f"Listed before as: {OLD}\n" in receipt and f"Listed now as: {NEW}\n" in receipt
    assert f"<p>Listed before as: {OLD}</p>" in receipt and f"<p>Listed now as: {NEW}</p>" in receipt
    mend(made, "Lakeside Society")
    receipt = told(made, "later_receipt")[made.contacts[0].id]
    assert f"Listed before as: {NEW}\n" in receipt and "Listed now as: Lakeside Society\n" in receipt


def test_a_receipt_says_by_whom_it_was_done(session):
    made = published(session)
    mend(made)
    assert "\nDone by Lead 0 at its desk\n" in told(made, "later_receipt")[made.contacts[0].id]
    act(made, 1, LaterKind.WITHHOLD)
    assert "\nDone by your personal link\n" in told(made, "later_receipt")[made.contacts[1].id]
    act(made, 0, LaterKind.WITHDRAW)
    by_person = told(made, "later_receipt")[made.contacts[0].id]
    assert "\nDone by: Ada Example, Chair\n" in by_person and "<li>Done by: Ada Example, Chair</li>" in by_person


def test_the_others_are_told_the_name_that_is_public_and_not_the_one_that_was_taken_back(session):
    made = published(session)
    mend(made)
    others = told(made, "noted")
    assert set(others) == {made.contacts[1].id, made.contacts[2].id}
    for words in others.values():
        assert f"Listed now as: {NEW}" in words and OLD not in words


def test_a_name_that_became_withheld_meanwhile_stands_in_no_letter_about_its_mending(session):
    made = published(session)
    mend(made)
    act(made, 0, LaterKind.WITHHOLD)
    for words in told(made, "noted").values():
        assert NEW not in words and OLD not in words and "Listed" not in words
    assert not [words for words in told(made, "later_receipt").values() if "Listed" in words]


def test_a_correction_and_a_retraction_are_quoted(session):
    made = published(session)
    noting.note(*who(made), NoteKind.CORRECTION, "It is 38 days.\nNot <forty>.")
    for words in told(made, "noted").values():
        assert "The words of the correction:\n\nIt is 38 days.\nNot <forty>.\n" in words
        assert "It is 38 days.<br>Not &lt;forty&gt;.</blockquote>" in words
    noting.note(*who(made), NoteKind.RETRACTION, "The figures were wrong.")
    for words in told(made, "noted").values():
        assert "The words of the retraction:\n\nThe figures were wrong.\n" in words


def test_words_that_were_taken_out_for_a_withheld_name_are_quoted_by_no_letter(session):
    made = published(session)
    noting.note(*who(made), NoteKind.CORRECTION, f"{OLD} was told a wrong date.")
    act(made, 0, LaterKind.WITHHOLD)
    for words in told(made, "noted").values():
        assert "The words" not in words and OLD not in words
