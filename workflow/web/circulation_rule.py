"""What a circulation is for, under which rule, and what members see of each other: this part of the form."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from workflow.rules.circulation import Purpose, Rule, Visibility
from workflow.rules.refusals import Message

# What the form offers beside the purposes of a circulation: a text that is adopted unless somebody objects.
SILENCE = "silence"
USUAL_HOURS, USUAL_WORDS = 24, 20
MOST_HOURS, MOST_WORDS = 240, 1000


@dataclass(frozen=True)
class TypedRule:
    """The rule as it came from the form. `editorial` is whether the editorial rule is declared."""

    purpose: str = Purpose.SIGN_OFF.value
    at_least: str = ""
    others: str = ""
    hold_open: bool = False
    objections_hold: bool = False
    visibility: str = Visibility.EVERYTHING.value
    editorial: bool = False
    editorial_hours: str = str(USUAL_HOURS)
    editorial_words: str = str(USUAL_WORDS)

    def fields(self) -> dict[str, str]:
        """The same as the names and values of hidden fields."""
        return {
            "purpose": self.purpose,
            "at_least": self.at_least,
            "others": self.others,
            "hold_open": "yes" if self.hold_open else "",
            "objections_hold": "yes" if self.objections_hold else "",
            "visibility": self.visibility,
            "editorial": "yes" if self.editorial else "",
            "editorial_hours": self.editorial_hours,
            "editorial_words": self.editorial_words,
        }

    @property
    def shown(self) -> Visibility:
        """What members see; of what no form offers, the least."""
        return Visibility(self.visibility) if self.visibility in set(Visibility) else Visibility.NOTHING

    def rule(self, problems: dict[str, Message]) -> Rule:
        """The rule that was typed; what cannot be taken is added to `problems` by field."""
        if self.purpose == SILENCE:
            return Rule(silence=True)
        if self.purpose not in set(Purpose):
            problems["purpose"] = Message("purpose-missing")
            return Rule()
        if self.purpose == Purpose.COMMENT:
            return Rule(purpose=Purpose.COMMENT)
        return Rule(
            at_least=_number("at_least", self.at_least, problems) if self.at_least.strip() else 0,
            others=_number("others", self.others, problems) if self.others.strip() else 0,
            hold_open=self.hold_open,
            objections_hold=self.objections_hold,
            editorial_hours=number_within("editorial_hours", self.editorial_hours, MOST_HOURS, problems)
            if self.editorial
            else 0,
            editorial_words=number_within("editorial_words", self.editorial_words, MOST_WORDS, problems)
            if self.editorial
            else 0,
        )


def typed_rule(form: Mapping[str, str] | None = None) -> TypedRule:
    """This part of the form of this request."""
    form = request.form if form is None else form
    return TypedRule(
        purpose=form.get("purpose", Purpose.SIGN_OFF.value),
        at_least=form.get("at_least", ""),
        others=form.get("others", ""),
        hold_open=form.get("hold_open") == "yes",
        objections_hold=form.get("objections_hold") == "yes",
        visibility=form.get("visibility", Visibility.EVERYTHING.value),
        editorial=form.get("editorial") == "yes",
        editorial_hours=form.get("editorial_hours", str(USUAL_HOURS)),
        editorial_words=form.get("editorial_words", str(USUAL_WORDS)),
    )


def number_within(field: str, typed: str, most: int, problems: dict[str, Message]) -> int:
    """A whole number from 1 to `most`; what is wrong with it goes to `problems`."""
    number = _number(field, typed, problems)
    if field not in problems and not 1 <= number <= most:
        problems[field] = Message("number-between", {"least": 1, "most": most})
    return number


def _number(field: str, typed: str, problems: dict[str, Message]) -> int:
    text = typed.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        problems[field] = Message("number-unreadable")
        return 0
    return int(text)
