"""Comments by link: remarks that decide nothing."""

from flask import Blueprint, g, redirect, url_for
from flask.typing import ResponseReturnValue

from workflow.actions import commenting as actions
from workflow.rules.refusals import FormRefused, TextMoved
from workflow.web import house
from workflow.web.gates import by_link
from workflow.web.signing_form import TypedComment, offer_comment, typed_comment
from workflow.web.signing_page import Shown, current_page, moved_page, text_page

commenting = Blueprint("commenting", __name__)


@commenting.post("/sign/at/<int:invitation_id>/comment")
@by_link()
def comment(invitation_id: int) -> ResponseReturnValue:
    """Keep a remark on the text that the page showed."""
    typed = typed_comment()
    try:
        remark = offer_comment(typed)
        actions.comment(
            house.session(),
            house.now(),
            invitation_id,
            g.link.generation,
            digest=remark.digest,
            person_name=remark.person_name,
            text=remark.text,
        )
    except TextMoved as refused:
        return moved_page(refused, comment=typed)
    except FormRefused as refused:
        return _back(refused, typed)
    return redirect(url_for("signing.text", invitation_id=invitation_id, _anchor="comments"), 303)


def _back(refused: FormRefused, typed: TypedComment) -> ResponseReturnValue:
    """The page once more, with the comment as it was typed and what is to be mended."""
    page = current_page()
    if typed.digest != page.digest:
        return moved_page(TextMoved(shown=typed.digest, current=page.digest), comment=typed)
    return text_page(page, Shown(comment=typed, comment_problems=refused.problems), 400)
