"""Remarks by link: comments, suggestions and replies. They decide nothing; an objection is led on to the answer."""

from dataclasses import replace

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.actions import commenting as actions
from workflow.queries.member import MemberPage, asked_of
from workflow.rules.circulation import Kind, Role
from workflow.rules.commenting import Kind as Suggested
from workflow.rules.commenting import check_remark
from workflow.rules.refusals import FormRefused, TextMoved
from workflow.text.content import Content
from workflow.web import house
from workflow.web.commenting_form import (
    Remark,
    TypedComment,
    offer_comment,
    offer_reply,
    prefilled_comment,
    typed_comment,
    typed_reply,
)
from workflow.web.commenting_passage import carried, shown_typed
from workflow.web.gates import by_link
from workflow.web.signing_form import prefilled
from workflow.web.signing_page import Shown, chosen_edition, current_page, moved_page, text_page

commenting = Blueprint("commenting", __name__)


@commenting.post("/sign/at/<int:invitation_id>/comment")
@by_link()
def comment(invitation_id: int) -> ResponseReturnValue:
    """Keep a comment or a suggestion on the text that the page showed; once more before other words break a silence."""
    typed = typed_comment()
    if "change" in request.form:
        return text_page(current_page(), Shown(comment=typed))
    try:
        remark = _offered(typed)
        if _breaks(remark) and "breaks" not in request.form:
            return _check_page(typed, remark)
        kept = actions.comment(
            house.session(),
            house.now(),
            invitation_id,
            g.link.generation,
            digest=typed.digest,
            person_name=remark.person_name,
            text=remark.text,
            kind=remark.kind,
            passage=remark.passage.to_json() if remark.passage else None,
            proposed=remark.proposed,
        )
    except TextMoved as refused:
        return moved_page(refused, comment=typed)
    except FormRefused as refused:
        return _back(refused, typed)
    to = url_for("signing.text", invitation_id=invitation_id, edition=chosen_edition(), _anchor=f"remark-{kept.id}")
    return redirect(to, 303)


@commenting.post("/sign/at/<int:invitation_id>/object")
@by_link()
def object_(invitation_id: int) -> ResponseReturnValue:
    """What was typed as a comment stands in the answer form as an objection; nothing is recorded yet."""
    del invitation_id
    typed = typed_comment()
    try:
        remark = _offered(typed)
    except TextMoved as refused:
        return moved_page(refused, comment=typed)
    except FormRefused as refused:
        return _back(refused, typed)
    page = current_page()
    answer = replace(
        prefilled(page),
        kind=Kind.OBJECTION.value,
        text=_objection(remark),
        person_name=remark.person_name or prefilled(page).person_name,
        passage=carried(remark.passage),
    )
    return text_page(page, Shown(typed=answer, comment=prefilled_comment(page)))


@commenting.post("/sign/at/<int:invitation_id>/reply")
@by_link()
def reply(invitation_id: int) -> ResponseReturnValue:
    """Keep a reply to a remark."""
    typed = typed_reply()
    try:
        thread_id, text, name = offer_reply(typed)
        actions.reply(
            house.session(),
            house.now(),
            invitation_id,
            g.link.generation,
            thread_id=thread_id,
            person_name=name,
            text=text,
        )
    except FormRefused as refused:
        return text_page(current_page(), Shown(reply=typed, reply_problems=refused.problems), 400)
    return redirect(url_for("signing.text", invitation_id=invitation_id, _anchor=f"remark-{thread_id}"), 303)


def _offered(typed: TypedComment) -> Remark:
    """The remark that was typed, on the text in force. Raises FormRefused, TextMoved."""
    text = g.link.invitation.signatory.circulation.revision
    if typed.digest != text.digest:
        raise TextMoved(shown=typed.digest[:64], current=text.digest)
    return offer_comment(typed, text.parsed)


def _breaks(remark: Remark) -> bool:
    """Whether this would break a silence. An observer is not asked, so its proposal breaks none."""
    asked = asked_of(g.link.invitation)
    lasts = asked.silence and asked.role is not Role.OBSERVER and house.now() <= asked.deadline_at
    return lasts and remark.kind is Suggested.SUGGESTION


def _check_page(typed: TypedComment, remark: Remark) -> ResponseReturnValue:
    """What would be proposed, and what comes of it. Raises FormRefused where it could not be kept."""
    exact = remark.passage.exact if remark.passage else None
    check_remark(remark.kind, remark.person_name, remark.text, remark.proposed, exact)
    content: Content = g.link.invitation.signatory.circulation.revision.parsed
    return render_template(
        "commenting/comment.html",
        asked=asked_of(g.link.invitation),
        typed=typed,
        fields=typed.fields(),
        about=shown_typed(content, typed.at),
        language=content.in_language(typed.at.language).language,
        form_token=g.link.form_token,
    )


def _objection(remark: Remark) -> str:
    """The words of an objection: what was typed, and the wording proposed with it."""
    return "\n\n".join(words for words in (remark.text, remark.proposed) if words)


def _back(refused: FormRefused, typed: TypedComment) -> ResponseReturnValue:
    """The page once more, with the comment as it was typed and what is to be mended."""
    page: MemberPage = current_page()
    if typed.digest != page.digest:
        return moved_page(TextMoved(shown=typed.digest, current=page.digest), comment=typed)
    return text_page(page, Shown(comment=typed, comment_problems=refused.problems), 400)
