"""The member's pages as they are answered with: the text with its forms, "check your answer", the code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workflow.queries.member import MemberPage, Redline, Said, asked_of, page_of, since
from workflow.queries.signing import invitation_for_page, revision_by_digest
from workflow.rules.circulation import Kind
from workflow.rules.refusals import LinkClosed, Message, Refusal, TextMoved
from workflow.rules.signing import Offered
from workflow.text.instants import iso
from workflow.web import house
from workflow.web.errors import status_of
from workflow.web.look import instant
from workflow.web.reading import statement_view
from workflow.web.signing_form import Typed, TypedComment, prefilled, prefilled_comment

DIGEST = re.compile(r"[0-9a-f]{64}")
FIELDS = ("kind", "listed_name", "person_name", "person_role", "text", "authority")


@dataclass(frozen=True)
class Item:
    """One line of a timeline, as templates/_parts/timeline.html shows it."""

    at_iso: str
    at_text: str
    text: str
    detail: str


@dataclass(frozen=True)
class Shown:
    """What a page with forms shows beside the text: the forms as typed, and what is to be mended in them.

    `moved`: what changed since the text that was shown before; None where nothing moved.
    """

    typed: Typed | None = None
    problems: Mapping[str, Message] | None = None
    comment: TypedComment | None = None
    comment_problems: Mapping[str, Message] | None = None
    moved: Redline | None = None


def current_page() -> MemberPage:
    """The page of this request's link. Raises LinkClosed where the text is no longer to be shown."""
    return _open(page_of(house.session(), g.link.invitation))


def text_page(page: MemberPage, shown: Shown, code: int = 200) -> ResponseReturnValue:
    """The text with the forms under it."""
    problems = {name: house.sentence(found) for name, found in (shown.problems or {}).items()}
    comment_problems = {name: house.sentence(found) for name, found in (shown.comment_problems or {}).items()}
    summary = [(name, problems[name]) for name in (*FIELDS, *problems) if name in problems]
    summary = list(dict.fromkeys(summary))
    summary += [(f"comment-{name}", sentence) for name, sentence in comment_problems.items()]
    html = render_template(
        "signing/text.html",
        page=page,
        asked=page.asked,
        view=statement_view(page.edition),
        typed=shown.typed or prefilled(page),
        problems=problems,
        comment=shown.comment or prefilled_comment(page),
        comment_problems=comment_problems,
        summary=summary,
        moved=shown.moved,
        history=[_item(said) for said in page.answers],
        remarks=[Item(iso(one.made_at), instant(one.made_at), one.text, one.person_name) for one in page.remarks],
        late=house.now() > page.asked.deadline_at,
        form_token=g.link.form_token,
    )
    return make_response(html, code)


def moved_page(
    refused: TextMoved, typed: Typed | None = None, comment: TypedComment | None = None
) -> ResponseReturnValue:
    """The text in force with what changed since the one shown, and what was typed, bound to the new digest.

    The words stay; what they decide has to be chosen and ticked again.
    """
    session = house.session()
    # What the gate read may be older than what refused the answer.
    session.expunge_all()
    session.rollback()
    invitation = invitation_for_page(session, g.link.invitation.id)
    page = _open(page_of(session, invitation))
    text = invitation.signatory.circulation.revision
    digest = str(refused.params["shown"])
    before = revision_by_digest(session, text.statement_id, digest) if DIGEST.fullmatch(digest) else None
    shown = Shown(
        typed=typed.rebound(page.digest) if typed else None,
        comment=TypedComment(page.digest, comment.text, comment.person_name) if comment else None,
        moved=since(before, text) if before else (),
    )
    return text_page(page, shown, status_of(refused))


def check_page(page: MemberPage, offered: Offered, refused: Refusal | None = None) -> ResponseReturnValue:
    """ "Check your answer": everything once more, before it counts."""
    html = render_template(
        "signing/check.html",
        page=page,
        asked=page.asked,
        offered=offered,
        name_held=g.link.invitation.signatory.holds_name(offered.listed_name),
        problem=house.sentence(refused.message) if refused else "",
        late=house.now() > page.asked.deadline_at,
        form_token=g.link.form_token,
    )
    return make_response(html, status_of(refused) if refused else 200)


def code_page(offered: Offered, challenge_id: int | None, refused: Refusal | None = None) -> ResponseReturnValue:
    """Where the six digits are typed."""
    html = render_template(
        "signing/code.html",
        asked=asked_of(g.link.invitation),
        offered=offered,
        challenge_id=challenge_id,
        problem=house.sentence(refused.message) if refused else "",
        form_token=g.link.form_token,
    )
    return make_response(html, status_of(refused) if refused else 200)


def _open(page: MemberPage) -> MemberPage:
    if page.asked.outcome is not None:
        raise LinkClosed(outcome=page.asked.outcome)
    return page


def _item(said: Said) -> Item:
    person = {"person": said.person_name, "role": said.person_role, "revision": said.revision}
    sentences = {
        Kind.SIGN_OFF: _("%(person)s, %(role)s, signed off revision %(revision)s", **person),
        Kind.OBJECTION: _("%(person)s, %(role)s, objected to revision %(revision)s", **person),
        Kind.DECLINE: _("%(person)s, %(role)s, declined revision %(revision)s", **person),
        Kind.ABSTAIN: _("%(person)s, %(role)s, abstained on revision %(revision)s", **person),
        Kind.TAKEN_BACK: _("%(person)s, %(role)s, took the answer back", **person),
    }
    return Item(iso(said.answered_at), instant(said.answered_at), sentences[said.kind], said.text)
