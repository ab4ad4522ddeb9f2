"""Several voices of one organisation: what its contacts have said, each by their own link, and in what they differ."""

from collections.abc import Iterable
from dataclasses import dataclass

from workflow.rules.circulation import Kind
from workflow.rules.refusals import Message


@dataclass(frozen=True)
class Voice:
    """What one contact said last of the text in force; an answer that was taken back is none."""

    person: str
    kind: Kind
    listed_name: str = ""
    withheld: bool = False
    logo: str = ""


@dataclass(frozen=True)
class Voices:
    """What the contacts of an organisation say, newest first, of whom `needed` have to say the same; `same` do."""

    needed: int
    said: tuple[Voice, ...] = ()

    @property
    def same(self) -> int:
        """How many say the same: what enough of them say, else what the newest says."""
        told = [(one.kind, one.listed_name, one.withheld, one.logo) for one in self.said]
        counts = [told.count(one) for one in told]
        return next((count for count in counts if count >= self.needed), counts[0] if counts else 0)

    @property
    def differences(self) -> tuple[Message, ...]:
        """In what they differ, a sentence each; nothing where enough say the same."""
        if self.same >= self.needed:
            return ()
        signing = [one for one in self.said if one.kind is Kind.SIGN_OFF]
        found = (
            ("voices.kind", {one.kind for one in self.said}),
            ("voices.name", {one.listed_name for one in signing}),
            ("voices.withheld", {one.withheld for one in signing}),
            ("voices.logo", {one.logo for one in signing if not one.withheld}),
        )
        return tuple(Message(id_) for id_, values in found if len(values) > 1)


def voices(needed: int, said: Iterable[Voice]) -> Voices:
    """What the contacts of an organisation say; what was taken back is left out."""
    return Voices(needed, tuple(one for one in said if one.kind is not Kind.TAKEN_BACK))
