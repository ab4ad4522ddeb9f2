"""What a member types of remarks: kept as typed, so that nothing is lost, and made into what can be kept."""

from dataclasses import dataclass, replace

from flask import request

from workflow.queries.member import MemberPage
from workflow.rules.commenting import LONGEST_REMARK, Kind
from workflow.rules.refusals import FormRefused, InputRefused, Message
from workflow.text.checking import clean_line, clean_text
from workflow.text.content import Content
from workflow.text.passages import Passage
from workflow.web.commenting_passage import WHOLE_TEXT, TypedPassage, passage_of
from workflow.web.signing_form import prefilled


@dataclass(frozen=True)
class TypedComment:
    """The comment form as it came. `at`: the passage it is about; `suggests`: `proposed` is other wording for it.

    `lost`: the words of a passage that the text in force does not have any more.
    """

    digest: str = ""
    text: str = ""
    person_name: str = ""
    at: TypedPassage = WHOLE_TEXT
    suggests: bool = False
    proposed: str = ""
    lost: str = ""

    def fields(self) -> dict[str, str]:
        """The same as the names and values of hidden fields."""
        return {
            "digest": self.digest,
            "text": self.text,
            "person_name": self.person_name,
            "passage_block": self.at.block,
            "passage_exact": self.at.exact,
            "passage_before": self.at.before,
            "passage_language": self.at.language,
            "suggests": "yes" if self.suggests else "",
            "proposed": self.proposed,
        }

    def rebound(self, digest: str, at: TypedPassage, lost: str) -> "TypedComment":
        """The same words for another text, in which their passage is `at`."""
        return replace(self, digest=digest, at=at, lost=lost)


@dataclass(frozen=True)
class TypedReply:
    """A reply form as it came; `thread` names the remark that it replies to."""

    thread: str = ""
    text: str = ""
    person_name: str = ""


@dataclass(frozen=True)
class Remark:
    """A comment or suggestion that can be kept."""

    kind: Kind
    text: str
    person_name: str
    passage: Passage | None
    proposed: str


def typed_comment() -> TypedComment:
    """The comment form of this request."""
    form = request.form
    return TypedComment(
        digest=form.get("digest", ""),
        text=form.get("text", ""),
        person_name=form.get("person_name", ""),
        at=TypedPassage(*(form.get(f"passage_{name}", "") for name in ("block", "exact", "before", "language"))),
        suggests=form.get("suggests") == "yes",
        proposed=form.get("proposed", ""),
    )


def typed_reply() -> TypedReply:
    """The reply form of this request."""
    form = request.form
    return TypedReply(form.get("thread", ""), form.get("text", ""), form.get("person_name", ""))


def prefilled_comment(page: MemberPage, block: str = "") -> TypedComment:
    """An empty comment form, about the block that was chosen, if one was."""
    at = TypedPassage(block=block, language=page.shown)
    return TypedComment(digest=page.digest, person_name=prefilled(page).person_name, at=at)


def offer_comment(typed: TypedComment, content: Content) -> Remark:
    """The comment made regular, on the text which it was typed for. Raises FormRefused."""
    problems: dict[str, Message] = {}
    name = _line(typed.person_name, problems)
    text = _words("text", typed.text, problems)
    proposed = _words("proposed", typed.proposed, problems) if typed.suggests else ""
    passage = None
    try:
        passage = passage_of(content, typed.at)
    except InputRefused as refused:
        problems["passage"] = refused.problem
    if problems:
        raise FormRefused(problems)
    return Remark(Kind.SUGGESTION if typed.suggests else Kind.COMMENT, text, name, passage, proposed)


def offer_reply(typed: TypedReply) -> tuple[int, str, str]:
    """The remark replied to, the words and who says them, made regular. Raises FormRefused."""
    problems: dict[str, Message] = {}
    name, text = _line(typed.person_name, problems), _words("text", typed.text, problems)
    if problems:
        raise FormRefused(problems)
    # A row's id: longer numbers belong to no row and to no database's integer.
    named = typed.thread
    return int(named) if named.isascii() and named.isdigit() and len(named) <= 9 else 0, text, name


def _line(typed: str, problems: dict[str, Message]) -> str:
    try:
        return clean_line(typed, field="person_name", required=False)
    except InputRefused as refused:
        problems["person_name"] = refused.problem
        return ""


def _words(field: str, typed: str, problems: dict[str, Message]) -> str:
    try:
        return clean_text(typed, field=field, limit=LONGEST_REMARK)
    except InputRefused as refused:
        problems[field] = refused.problem
        return ""
