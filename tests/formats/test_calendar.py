"""The calendar file: escaped, folded by octets, and the same entry after it was moved."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from workflow.formats.calendar import Entry, calendar_file

LONGEST_LINE = 75  # octets, without the line break
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
AT = datetime(2027, 3, 28, 18, 0, tzinfo=timezone(timedelta(hours=1)))


def unfolded(file: bytes) -> list[str]:
    assert file.endswith(b"\r\n")
    return file.decode().replace("\r\n ", "").split("\r\n")[:-1]


def read(value: str) -> str:
    """A value as a calendar reads it."""
    found, signs = "", iter(value)
    for sign in signs:
        found += {"n": "\n", "N": "\n"}.get(escaped := next(signs), escaped) if sign == "\\" else sign
    return found


def test_one_deadline():
    file = calendar_file(
        [Entry("deadline-7@sign.example.org", AT, "Answer", "Soon.", "https://x.example.org/a,b")], NOW, 2
    )
    assert unfolded(file) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Undersigned//Deadlines//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "UID:deadline-7@sign.example.org",
        "DTSTAMP:20270301T090000Z",
        "SEQUENCE:2",
        "DTSTART:20270328T170000Z",
        "SUMMARY:Answer",
        "DESCRIPTION:Soon.",
        "URL:https://x.example.org/a,b",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_signs_that_would_divide_or_end_a_value_are_escaped():
    file = calendar_file([Entry("1@x", AT, "A; B, C\\D\r\nBEGIN:VALARM\rE\nF\0")], NOW, 0)
    (summary,) = (line for line in unfolded(file) if line.startswith("SUMMARY:"))
    assert summary == "SUMMARY:A\\; B\\, C\\\\D\\nBEGIN:VALARM\\nE\\nF"
    assert sum(line.startswith("BEGIN:") for line in unfolded(file)) == 2


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=400))
def test_lines_are_folded_by_octets_and_read_back_whole(words):
    file = calendar_file([Entry("1@x", AT, words)], NOW, 0)
    assert all(len(line) <= LONGEST_LINE for line in file.split(b"\r\n"))
    for line in file.split(b"\r\n"):
        line.decode()  # no character is torn
    (summary,) = (line for line in unfolded(file) if line.startswith("SUMMARY:"))
    assert read(summary.removeprefix("SUMMARY:")) == words


def test_arabic_is_folded_between_its_letters():
    words = "الموعد النهائي لردّ منظمتكم على بيان الائتلاف في هذا الأسبوع وما بعده"
    file = calendar_file([Entry("1@x", AT, words)], NOW, 0)
    assert [line for line in unfolded(file) if words in line] == [f"SUMMARY:{words}"]
