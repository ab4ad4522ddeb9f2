"""Recording: what the lead may write down of what a member said by phone or mail, and what the member says to that."""

from dataclasses import dataclass
from enum import StrEnum

from workflow.rules.refusals import FormRefused, Message, Refusal

LARGEST_FILE = 1024 * 1024
LONGEST_NOTE = 5000
KINDS_OF_FILES = (".eml", ".txt", ".pdf")


class How(StrEnum):
    """By which way the member said it."""

    PHONE = "phone"
    MAIL = "mail"
    TALK = "talk"


class Ended(StrEnum):
    """What became of a recording: it counts by a contact's word or by silence, or it does not."""

    CONFIRMED = "confirmed"
    UNOPPOSED = "unopposed"
    CONTRADICTED = "contradicted"
    OVERTAKEN = "overtaken"


class DecidedAlready(Refusal):
    """A recorded answer counts already, was contradicted, or the organisation has answered itself since."""

    id = "recording-decided"


@dataclass(frozen=True)
class Evidence:
    """How the lead knows it: the way it came, a note, and a file as it was uploaded."""

    how: str
    note: str = ""
    file_name: str = ""
    file: bytes = b""


def check_evidence(evidence: Evidence) -> How:
    """Refuse what proves nothing or is not to be kept. Raises FormRefused."""
    problems: dict[str, Message] = {}
    if evidence.how not in list(How):
        problems["how"] = Message("missing")
    if not evidence.note and not evidence.file:
        problems["note"] = Message("evidence-missing")
    if evidence.file and not evidence.file_name.lower().endswith(KINDS_OF_FILES):
        problems["file"] = Message("evidence-kind")
    elif len(evidence.file) > LARGEST_FILE:
        problems["file"] = Message("evidence-too-large")
    elif evidence.file_name.lower().endswith(".pdf") and not evidence.file.startswith(b"%PDF-"):
        problems["file"] = Message("evidence-kind")
    if problems:
        raise FormRefused(problems)
    return How(evidence.how)


@dataclass(frozen=True)
class Word:
    """What a contact says to a recorded answer: `agrees`, with name and role, for the organisation; or not."""

    agrees: bool
    person_name: str = ""
    person_role: str = ""
    authority: bool = False


def check_word(word: Word) -> None:
    """Confirming is signing: by name and role, for the organisation. To contradict needs nothing. FormRefused."""
    problems: dict[str, Message] = {}
    if word.agrees and not word.person_name:
        problems["person_name"] = Message("answer.name-missing")
    if word.agrees and not word.person_role:
        problems["person_role"] = Message("answer.role-missing")
    if word.agrees and not word.authority:
        problems["authority"] = Message("answer.authority-missing")
    if problems:
        raise FormRefused(problems)
