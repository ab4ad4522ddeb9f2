"""Addresses as people paste them: one "Name <mail>" a line, each line taken or refused by its number."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from workflow.rules.refusals import InputRefused, Message, Refusal
from workflow.text.checking import clean_line, clean_mail

LINE = re.compile(r"\s*(?P<name>[^<>]*?)\s*[<\s]\s*(?P<mail>[^\s<>]+@[^\s<>]+?)\s*>?\s*[,;]?\s*")
NAME_LIMIT, LONGEST_PASTED = 200, 100_000


@dataclass(frozen=True)
class Address:
    """A person and the address, as typed on a line of that number."""

    name: str
    mail: str
    line: int = 0


@dataclass(frozen=True)
class LineProblem:
    """What is wrong with a line, by its number (from 1)."""

    line: int
    problem: Message


class LinesRefused(Refusal):
    """Some of the pasted lines cannot be taken; nothing of them was."""

    id = "lines-refused"

    def __init__(self, problems: Collection[LineProblem]) -> None:
        super().__init__(number=len(problems))
        self.problems = tuple(problems)


def read_addresses(pasted: str, *, most: int, known: Collection[str] = ()) -> list[Address]:
    """The addresses on the lines of `pasted`; blank lines are passed over. A line without a name takes its mail for it.

    Raises LinesRefused with every problem: unreadable, twice, already there (`known`), none at all, or too many.
    """
    found: list[Address] = []
    problems: list[LineProblem] = []
    seen = {mail.lower(): "line-known" for mail in known}
    if len(pasted) > LONGEST_PASTED:
        raise LinesRefused([LineProblem(1, Message("lines-too-many", {"most": most}))])
    number = 0
    for number, line in enumerate(re.split(r"\r\n|\r|\n", pasted), start=1):
        if not line.strip():
            continue
        try:
            one = _read(line, number)
        except InputRefused as refused:
            problems.append(LineProblem(number, refused.problem))
            continue
        if one.mail.lower() in seen:
            problems.append(LineProblem(number, Message(seen[one.mail.lower()], {"mail": one.mail})))
            continue
        seen[one.mail.lower()] = "line-twice"
        found.append(one)
    if not found and not problems:
        problems = [LineProblem(1, Message("lines-none"))]
    if len(found) > most:
        problems.append(LineProblem(number, Message("lines-too-many", {"most": most})))
    if problems:
        raise LinesRefused(problems)
    return found


def _read(line: str, number: int) -> Address:
    match = LINE.fullmatch(f" {line}")
    mail = clean_mail(match["mail"] if match else line.strip(), field="pasted")
    name = clean_line(match["name"].strip("\"' ") if match else "", field="pasted", limit=NAME_LIMIT, required=False)
    return Address(name or mail, mail, number)
