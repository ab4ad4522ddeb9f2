"""The open page at the desk, and going through what was asked for there: many at once, undone until the lock."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from workflow.actions import deciding, opening
from workflow.formats.remarks import as_csv
from workflow.models.circulation import Circulation
from workflow.queries import applications as looking
from workflow.queries.applications import Line, Show
from workflow.queries.deciding import batch_ids
from workflow.queries.opening import open_page_of
from workflow.rules.access import Permission
from workflow.rules.amending import LONGEST_REASON
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.opening import LONGEST_CRITERIA, MOST_AT_ONCE
from workflow.rules.refusals import FormRefused, InputRefused, Message
from workflow.text.checking import clean_text
from workflow.text.instants import iso
from workflow.text.nearly import beside
from workflow.web import house
from workflow.web.circulation import circulation
from workflow.web.gates import requires

ACTS = ("accept", "refuse", "undo")


@circulation.route("/desk/statements/<public_id>/open-page", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def open_page(public_id: str) -> ResponseReturnValue:
    """The page for everybody who has its address: what opening it means, its address while it is open."""
    if request.method != "POST":
        return _open_page(public_id)
    understood, typed = request.form.get("understood") == "yes", request.form.get("criteria", "")
    try:
        criteria = clean_text(typed, field="criteria", limit=LONGEST_CRITERIA)
        who = (house.session(), house.now(), current_user.user.id, public_id)
        opening.open_it(*who, criteria, understood=understood)
    except InputRefused as refused:
        return _open_page(public_id, typed, {refused.field: refused.problem})
    except FormRefused as refused:
        return _open_page(public_id, typed, refused.problems)
    flash(_("The page is open, and everybody on the roll is told."), "success")
    return redirect(url_for("circulation.open_page", public_id=public_id), 303)


@circulation.post("/desk/statements/<public_id>/open-page/close")
@requires(Permission.CIRCULATE)
def close_page(public_id: str) -> ResponseReturnValue:
    """From now on the address answers as an unknown one."""
    opening.close_it(house.session(), house.now(), current_user.user.id, public_id)
    flash(_("The page is closed: its address answers as one that never was."), "success")
    return redirect(url_for("circulation.open_page", public_id=public_id), 303)


@circulation.get("/desk/statements/<public_id>/applications")
@requires(Permission.SEE_STATEMENT)
def applications(public_id: str) -> ResponseReturnValue:
    """What was asked for on the open page: filtered, searched, fifty at a time."""
    show, search = _shown(request.args)
    typed = request.args.get("page", "1")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 6 else 1
    found = looking.applications_page(house.session(), public_id, show, search, number)
    return render_template(
        "circulation/applications.html",
        found=found,
        undoable=_undoable(found.circulation),
        batch=request.args.get("batch", "")[:32],
        before=_address(public_id, show, search, found.number - 1) if found.number > 1 else "",
        after=_address(public_id, show, search, found.number + 1) if found.number < found.pages else "",
    )


@circulation.post("/desk/statements/<public_id>/applications")
@requires(Permission.CIRCULATE)
def decide(public_id: str) -> ResponseReturnValue:
    """Accept, refuse or undo what was ticked: first what follows from it, then it is done."""
    choice = _chosen(public_id)
    problem = _problem(choice)
    if problem is None and request.form.get("confirmed") == "yes":
        return _do(public_id, choice)
    if choice.act == "undo" and problem is None:
        return _do(public_id, choice)
    statement, asked = looking.asked(house.session(), public_id)
    after(Stage(statement.stage), Move.AMEND_ASKING)
    # What is missing is only said once it was asked for: the first time, the page asks for it.
    told = problem if not choice.ids or request.form.get("confirmed") == "yes" else None
    names = looking.named(house.session(), asked.id, choice.ids)
    shown = render_template(
        "circulation/decide.html",
        public_id=public_id,
        choice=choice,
        names=names,
        alike=beside(names, looking.names_beside(house.session(), statement, asked)) if choice.act == "accept" else [],
        errors={name: house.sentence(message) for name, message in (told or {}).items()},
        back=_address(public_id, choice.show, choice.search, 1),
    )
    return shown, 400 if told else 200


@circulation.get("/desk/statements/<public_id>/applications.csv")
@requires(Permission.SEE_STATEMENT)
def applications_csv(public_id: str) -> ResponseReturnValue:
    """All that the filter and the search find, as a table for spreadsheets."""
    show, search = _shown(request.args)
    statement, asked = looking.asked(house.session(), public_id)
    rows = [_row(one) for one in looking.all_lines(house.session(), statement, asked, show, search)]
    response = Response(as_csv(_header(), rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="applications-{public_id}.csv"'
    return response


# What was ticked -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """What is to be done with which applications; `show` and `search` lead back to where they were ticked."""

    act: str
    ids: tuple[int, ...]
    show: Show
    search: str
    reason: str = ""


def _chosen(public_id: str) -> Choice:
    """Raises NotFound for an act that there is not."""
    form = request.form
    act, (show, search) = form.get("act", ""), _shown(form)
    if act not in ACTS:
        return Choice("", (), show, search)
    statement, asked = looking.asked(house.session(), public_id)
    if form.get("batch"):
        ids = batch_ids(house.session(), asked.id, form["batch"][:32].replace("\0", ""))
    elif form.get("all") == "yes":
        ids = looking.matching(house.session(), statement, asked, show, search, MOST_AT_ONCE)
    else:
        ids = [int(one) for one in form.getlist("id") if one.isascii() and one.isdigit() and len(one) < 10]
    return Choice(act, tuple(ids[:MOST_AT_ONCE]), show, search, form.get("reason", ""))


def _problem(choice: Choice) -> dict[str, Message] | None:
    if not choice.ids or not choice.act:
        return {"": Message("apply-none-chosen")}
    if choice.act == "refuse" and not choice.reason.strip():
        return {"reason": Message("apply-reason-missing")}
    return None


def _do(public_id: str, choice: Choice) -> ResponseReturnValue:
    who = (house.session(), house.now(), current_user.user.id, public_id)
    if choice.act == "accept":
        done = deciding.accept(*who, choice.ids)
        said = ngettext("One is accepted and on the roll.", "%(num)s are accepted and on the roll.", done.done)
    elif choice.act == "refuse":
        done = deciding.refuse(*who, choice.ids, _reason(choice))
        said = ngettext(
            "One is refused, and told why in ten minutes. Until then it can be undone without a word.",
            "%(num)s are refused, and told why in ten minutes. Until then it can be undone without a word.",
            done.done,
        )
    else:
        done = deciding.undo(*who, choice.ids)
        said = ngettext("One waits again.", "%(num)s wait again.", done.done)
    flash(said, "success" if done.done else "warning")
    if done.left:
        flash(_left(done.left), "warning")
    return redirect(_address(public_id, choice.show, choice.search, 1, batch=done.batch if done.done else ""), 303)


def _reason(choice: Choice) -> str:
    try:
        return clean_text(choice.reason, field="reason", limit=LONGEST_REASON)
    except InputRefused as refused:
        raise FormRefused({"reason": refused.problem}) from None


def _left(number: int) -> str:
    said: str = ngettext(
        "One was left as it is: it does not wait, is a person, is on the roll under that name, is who the text is"
        " addressed to, has said something else since, or has the name of one you know under another address.",
        "%(num)s were left as they are: they do not wait, are people, are on the roll under that name, are who the text"
        " is addressed to, have said something else since, or have the names of those you know under other addresses.",
        number,
    )
    return said


# Pages and files -------------------------------------------------------------------------------------


def _open_page(public_id: str, criteria: str = "", problems: dict[str, Message] | None = None) -> ResponseReturnValue:
    statement, asked = looking.asked(house.session(), public_id)
    after(Stage(statement.stage), Move.AMEND_ASKING)
    page = open_page_of(house.session(), asked.id)
    opened = page is not None and page.closed_at is None
    address = url_for("opening.page", page_key=page.key) if page is not None else ""
    shown = render_template(
        "circulation/open_page.html",
        statement=statement,
        asked=asked,
        address=house.settings().base_url + address if opened else "",
        criteria=criteria or (page.criteria if page is not None else ""),
        errors={name: house.sentence(message) for name, message in (problems or {}).items()},
    )
    return shown, 400 if problems else 200


def _shown(given: object) -> tuple[Show, str]:
    """Which applications are looked at, by an address or a form."""
    show = given.get("show", "")  # type: ignore[attr-defined]
    search = given.get("q", "")[: looking.LONGEST_SEARCH]  # type: ignore[attr-defined]
    return Show(show) if show in set(Show) else Show.CLEAR, search


def _address(public_id: str, show: Show, search: str, number: int, batch: str = "") -> str:
    wanted = {"show": show.value, "q": search, "page": str(number) if number > 1 else "", "batch": batch}
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"{url_for('circulation.applications', public_id=public_id)}?{query}"


def _undoable(asked: Circulation) -> bool:
    return asked.outcome is None


def _header() -> list[str]:
    return [
        *(_("Organisation"), _("As a person"), _("Country"), _("Your name"), _("Role"), _("Mail address")),
        *(_("Where it stands"), _("Revision"), _("Asked"), _("Confirmed"), _("Decided"), _("Reason"), _("Striking")),
    ]


def _row(one: Line) -> list[str]:
    made = one.made
    instants = [iso(at) if at else "" for at in (made.made_at, made.confirmed_at, made.decided_at)]
    marks = {
        _("kept with another address"): one.kept,
        _("something else was said since"): one.spoken,
        _("same mailbox"): one.same_mail,
        _("look-alike letters"): one.imitates,
    }
    striking = [*one.like, *(mark for mark, there in marks.items() if there)]
    return [
        *(made.name, _("yes") if made.individual else "", made.country, made.person_name, made.person_role, made.mail),
        *(_standing(one), str(one.revision), *instants, made.reason, "; ".join(striking)),
    ]


def _standing(one: Line) -> str:
    words: dict[str, str] = {
        "waiting": _("Waiting"),
        "stale": _("For an earlier text"),
        "accepted": _("Accepted"),
        "refused": _("Refused"),
        "contested": _("“This was not us”"),
    }
    return words[one.standing]
