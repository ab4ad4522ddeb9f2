"""Pasting from Word and Google Docs: what their clipboard holds as HTML comes back as our Markdown."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from workflow.rules.access import Permission
from workflow.rules.refusals import InputRefused
from workflow.text.from_html import from_html
from workflow.web import house
from workflow.web.drafting import drafting
from workflow.web.gates import requires


@drafting.post("/desk/statements/paste")
@requires(Permission.USE_DESK)
def paste() -> ResponseReturnValue:
    """What was pasted as Markdown, and what to look at in it: for static/js/paste.js, which puts it into the field.

    `first_note` is the number that the first footnote in it gets, so that it is not taken for one that is there.
    """
    typed = request.form.get("first_note", "1")
    first = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else 1
    try:
        converted = from_html(request.form.get("html", ""), first)
    except InputRefused as refused:
        return jsonify(problem=house.sentence(refused.problem)), 400
    return jsonify(markdown=converted.markdown, notes=[house.sentence(one) for one in converted.warnings])
