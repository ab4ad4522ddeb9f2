"""The member's pages as they are answered with: the text with its forms, "check your answer", the code."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from workflow.queries.member import MemberPage, asked_of, page_of, since
from workflow.queries.member_said import Said
from workflow.queries.mentions import names_itself
from workflow.queries.signing import invitation_for_page, revision_by_digest
from workflow.rules.circulation import Kind, Purpose, Role
from workflow.rules.refusals import InputRefused, LinkClosed, Message, Refusal, TextMoved
from workflow.rules.signing import Offered
from workflow.text.blocks import Block, blocks
from workflow.text.content import Content
from workflow.text.differences import EditionChanges
from workflow.text.instants import iso
from workflow.text.passages import quoted
from workflow.web import house
from workflow.web.commenting_form import TypedComment, TypedReply, prefilled_comment
from workflow.web.commenting_passage import (
    LONGEST_SHOWN,
    ShownPassage,
    carried,
    followed,
    passage_in,
    passage_of,
    shown_passage,
    shown_typed,
    typed_again,
)
from workflow.web.errors import status_of
from workflow.web.look import instant
from workflow.web.reading import passage_marks, statement_view
from workflow.web.signing_form import Typed, prefilled

LONGEST_LANGUAGE = 20
DIGEST = re.compile(r"[0-9a-f]{64}")
FIELDS = (
    "kind",
    "passage",
    "listed_name",
    "person_name",
    "person_role",
    "text",
    "authority",
    "person_named",
    "logo",
    "withheld",
)


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
    reply: TypedReply | None = None
    reply_problems: Mapping[str, Message] | None = None
    moved: tuple[EditionChanges, ...] | None = None


def current_page() -> MemberPage:
    """The page of this request's link. Raises LinkClosed where the text is no longer to be shown."""
    return _open(page_of(house.session(), g.link.invitation, chosen_edition()))


def chosen_edition() -> str | None:
    """The language of the edition that this request asks for; None where it does not say."""
    typed = request.values.get("edition")
    return typed[:LONGEST_LANGUAGE] if typed else typed


def text_page(page: MemberPage, shown: Shown, code: int = 200) -> ResponseReturnValue:
    """The text with the forms under it."""
    typed, comment = shown.typed or prefilled(page), shown.comment or prefilled_comment(page, _block_chosen(page))
    reply = shown.reply or TypedReply()
    problems, comment_problems, reply_problems = map(
        _said, (shown.problems, shown.comment_problems, shown.reply_problems)
    )
    summary = [(name, problems[name]) for name in (*FIELDS, *problems) if name in problems]
    summary = list(dict.fromkeys(summary))
    summary += [(f"comment-{name}", sentence) for name, sentence in comment_problems.items()]
    summary += [(f"reply-{reply.thread}-{name}", sentence) for name, sentence in reply_problems.items()]
    html = render_template(
        "signing/text.html",
        page=page,
        asked=page.asked,
        view=statement_view(page.edition, _marks(page)),
        typed=typed,
        problems=problems,
        objected=shown_passage(page.content, passage_in(page.content, typed.passage)),
        comment=comment,
        comment_problems=comment_problems,
        commented=shown_typed(page.content, comment.at),
        reply=reply,
        reply_problems=reply_problems,
        summary=summary,
        moved=shown.moved,
        only_comment=shown.typed is None,
        history=[_item(said) for said in page.answers],
        late=house.now() > page.asked.deadline_at,
        names_it=_names_it(page),
        form_token=g.link.form_token,
    )
    return make_response(html, code)


def _names_it(page: MemberPage) -> bool:
    """Whether the text names the organisation that may choose here not to be named."""
    offers = page.asked.withheld_allowed and page.asked.purpose is not Purpose.COMMENT
    if not offers or page.asked.role is Role.OBSERVER:
        return False
    return names_itself(g.link.invitation.signatory, page.content, page.answers)


def _said(problems: Mapping[str, Message] | None) -> dict[str, str]:
    return {name: house.sentence(found) for name, found in (problems or {}).items()}


def _block_chosen(page: MemberPage) -> str:
    """The block whose "comment" link led here; none where there is no such block."""
    key = request.args.get("on", "")
    return key if any(block.key == key for block in blocks(page.edition)) else ""


def _marks(page: MemberPage) -> dict[str, Markup]:
    """Behind each block a link to comment on it, and to the first of the remarks that begin there."""
    on: dict[str, list[int]] = defaultdict(list)
    for one in page.threads:
        if one.place is not None and one.place.language == page.shown:
            on[one.place.block].append(one.id)

    def remarks(block: Block) -> tuple[int, str]:
        found = on.get(block.key, [])
        return len(found), f"remark-{found[0]}" if found else ""

    here = url_for("signing.text", invitation_id=page.asked.invitation_id, edition=chosen_edition())
    return passage_marks(page.edition, remarks, here)


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
    page = _open(page_of(session, invitation, chosen_edition()))
    text = invitation.signatory.circulation.revision
    digest = str(refused.params["shown"])
    before = revision_by_digest(session, text.statement_id, digest) if DIGEST.fullmatch(digest) else None
    old = before.parsed if before else None
    shown = Shown(
        typed=_answer_moved(typed, old, page) if typed else None,
        comment=_comment_moved(comment, old, page) if comment else None,
        moved=since(before, text) if before else (),
    )
    return text_page(page, shown, status_of(refused))


def _answer_moved(typed: Typed, old: Content | None, page: MemberPage) -> Typed:
    """What was typed as an answer, with its passage where it stands in the text in force, or its words."""
    passage = passage_in(old, typed.passage) if old else None
    place = followed(passage, old, page.content)
    lost = quoted(passage.exact, LONGEST_SHOWN) if passage and not place else ""
    moved = typed.rebound(page.digest, carried(place), lost)
    return moved.requoted(old.quotes if old else (), page.quotes)


def _comment_moved(typed: TypedComment, old: Content | None, page: MemberPage) -> TypedComment:
    """The same of a comment."""
    try:
        passage = passage_of(old, typed.at) if old else None
    except InputRefused:
        passage = None
    place = followed(passage, old, page.content)
    lost = "" if place or not typed.at.block else quoted(passage.exact if passage else typed.at.exact, LONGEST_SHOWN)
    return typed.rebound(page.digest, typed_again(page.content, place), lost)


def check_page(page: MemberPage, offered: Offered, refused: Refusal | None = None) -> ResponseReturnValue:
    """ "Check your answer": everything once more, before it counts."""
    html = render_template(
        "signing/check.html",
        page=page,
        asked=page.asked,
        offered=offered,
        about=_about(offered),
        recorded=any(said_again(said, offered) for said in page.answers[-1:]) and _nothing_new_of_quotes(page, offered),
        held_names=_held_names(page, offered),
        problem=house.sentence(refused.message) if refused else "",
        late=house.now() > page.asked.deadline_at,
        names_it=_names_it(page),
        form_token=g.link.form_token,
    )
    return make_response(html, status_of(refused) if refused else 200)


def code_page(offered: Offered, challenge_id: int | None, refused: Refusal | None = None) -> ResponseReturnValue:
    """Where the six digits are typed."""
    html = render_template(
        "signing/code.html",
        asked=asked_of(g.link.invitation),
        offered=offered,
        about=_about(offered),
        challenge_id=challenge_id,
        problem=house.sentence(refused.message) if refused else "",
        form_token=g.link.form_token,
    )
    return make_response(html, status_of(refused) if refused else 200)


def said_again(said: Said, offered: Offered) -> bool:
    """Whether what is offered is what was said last, word for word: a page reached by the way back."""
    one, other = ((it.kind, it.digest, it.text, it.person_name, it.person_role, it.withheld) for it in (said, offered))
    return said.own and said.current and not said.void and one == other


def _nothing_new_of_quotes(page: MemberPage, offered: Offered) -> bool:
    known = {own.digest: (own.word, own.wording) for own in page.quotes}
    return all(known.get(one.digest) == (one.decision, one.wording) for one in offered.quotes)


def _about(offered: Offered) -> ShownPassage | None:
    content = g.link.invitation.signatory.circulation.revision.parsed
    return shown_passage(content, passage_in(content, offered.passage))


def _held_names(page: MemberPage, offered: Offered) -> tuple[str, ...]:
    signatory = g.link.invitation.signatory
    asked = signatory.asks_for(offered.listed_name, offered.names, page.content)
    held: tuple[str, ...] = signatory.held_names(offered.listed_name, asked)
    return held


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
