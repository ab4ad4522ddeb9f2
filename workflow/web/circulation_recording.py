"""Recording what a member said by phone or mail, with its evidence. On the blueprint of circulation."""

from flask import Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import recording
from workflow.queries.desk import statement_by_public_id
from workflow.queries.people import withheld_before
from workflow.queries.recording import evidence_of, signatory_to_record
from workflow.queries.signing import current_answer
from workflow.rules.access import Permission
from workflow.rules.circulation import Kind
from workflow.rules.lifecycle import Move
from workflow.rules.recording import LARGEST_FILE, LONGEST_NOTE, Evidence
from workflow.rules.refusals import FormRefused, Message, NoContact, NotFound, Refusal, TextMoved
from workflow.rules.signing import Offered
from workflow.text.checking import clean_line, clean_text
from workflow.text.fields import collect
from workflow.web import house
from workflow.web.circulation import circulation
from workflow.web.circulation_amending import living, to_the_roll
from workflow.web.errors import status_of
from workflow.web.gates import requires
from workflow.web.signing_form import LONGEST_TEXT


@circulation.route("/desk/statements/<public_id>/record/<int:signatory_id>", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def record_answer(public_id: str, signatory_id: int) -> ResponseReturnValue:
    """Write down an answer that was given by phone or mail; the member is asked at once, and it does not count yet."""
    if request.method != "POST":
        return _page(public_id, signatory_id, {})
    try:
        offered, evidence = _typed()
        who = (house.session(), house.now(), current_user.user.id, public_id, signatory_id)
        recording.record(*who, offered, evidence)
    except FormRefused as refused:
        return _page(public_id, signatory_id, refused.problems)
    except TextMoved as refused:
        return _page(public_id, signatory_id, {"kind": refused.message}, 409)
    except NotFound:
        raise
    except Refusal as refused:
        field = "" if isinstance(refused, NoContact) else "kind"
        return _page(public_id, signatory_id, {field: refused.message}, status_of(refused))
    said = _("Recorded, and its contacts are asked. It counts once one of them confirms it, or nobody contradicts.")
    flash(said, "success")
    return to_the_roll(public_id)


@circulation.get("/desk/statements/<public_id>/evidence/<int:recording_id>")
@requires(Permission.CIRCULATE)
def evidence(public_id: str, recording_id: int) -> ResponseReturnValue:
    """The file that was kept as evidence, to be saved and never shown by the browser."""
    statement = statement_by_public_id(house.session(), public_id)
    found = evidence_of(house.session(), statement.id, recording_id)
    response = Response(found.file or b"", content_type="application/octet-stream")
    suffix = found.file_name.rpartition(".")[2].lower()
    response.headers["Content-Disposition"] = f'attachment; filename="evidence-{recording_id}.{suffix}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _typed() -> tuple[Offered, Evidence]:
    """The form of this request. Raises FormRefused with every problem at once."""
    form, upload = request.form, request.files.get("file")
    content = b""
    if upload:
        with upload.stream as stream:
            content = stream.read(LARGEST_FILE + 1)

    def line(field: str) -> str:
        return clean_line(form.get(field, ""), field=field, required=False)

    values = collect(
        {
            "text": lambda: clean_text(form.get("text", ""), field="text", limit=LONGEST_TEXT),
            "note": lambda: clean_text(form.get("note", ""), field="note", limit=LONGEST_NOTE),
            "listed_name": lambda: line("listed_name"),
            "person_name": lambda: line("person_name"),
            "person_role": lambda: line("person_role"),
        }
    )
    kind = form.get("kind", "")
    if kind not in list(Kind):
        raise FormRefused({"kind": Message("answer.kind-missing")})
    offered = Offered(
        Kind(kind),
        form.get("digest", "")[:64],
        text=values["text"],
        listed_name=values["listed_name"] if kind == Kind.SIGN_OFF else "",
        person_name=values["person_name"],
        person_role=values["person_role"],
        authority=form.get("authority") == "yes",
        withheld=kind == Kind.SIGN_OFF and form.get("withheld") == "yes",
    )
    name = (upload.filename or "")[-200:] if upload else ""
    return offered, Evidence(form.get("how", ""), values["note"], name if content else "", content)


def _page(public_id: str, signatory_id: int, problems: dict[str, Message], code: int = 400) -> ResponseReturnValue:
    statement, asked = living(public_id, Move.ANSWER)
    signatory = signatory_to_record(house.session(), asked.id, signatory_id)
    if signatory.organisation_id == statement.lead_id:
        raise NotFound
    answer = current_answer(house.session(), signatory)
    shown = render_template(
        "circulation/record_answer.html",
        statement=statement,
        asked=asked,
        signatory=signatory,
        standing=answer is not None and answer.kind != Kind.TAKEN_BACK,
        typed=request.form,
        withheld=request.form.get("withheld") == "yes"
        if problems
        else withheld_before(house.session(), statement.id, signatory.organisation_id),
        errors={name: house.sentence(one) for name, one in problems.items()},
    )
    return shown, code if problems else 200
