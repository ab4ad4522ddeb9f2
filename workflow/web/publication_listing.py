"""How the signatories are listed: the lead looks at the list, and arranges it, until the lock."""

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workflow.actions import listing as acting
from workflow.actions.listing import Said
from workflow.queries.listing import ListingPage, listing_page
from workflow.rules.access import Permission
from workflow.rules.listing import (
    HIGHEST_NUMBER,
    LONGEST_ACRONYM,
    LONGEST_SECTION,
    Manner,
    Mark,
    Order,
    Style,
    check_manner,
)
from workflow.rules.refusals import FormRefused, InputRefused, Message
from workflow.text.checking import clean_line
from workflow.text.nearly import pairs
from workflow.web import house
from workflow.web.gates import requires
from workflow.web.listing import pictured, withheld_sentence
from workflow.web.publication import publication

PAGE_SIZE = 50
# How many names the page shows as they will stand; the rest would only make it slow.
SHOWN = 600


@publication.route("/desk/statements/<public_id>/listing", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def arrange(public_id: str) -> ResponseReturnValue:
    """The list as it will stand, and the choices that make it so. Looking at another manner keeps nothing."""
    if request.method != "POST":
        return _page(listing_page(house.session(), public_id))
    try:
        manner = _typed_manner()
    except FormRefused as refused:
        return _page(listing_page(house.session(), public_id), refused.problems)
    if request.form.get("see"):
        return _page(listing_page(house.session(), public_id, manner), looking=True)
    acting.choose(house.session(), house.now(), current_user.user.id, public_id, manner)
    flash(_("The signatories will be listed like this."), "success")
    return _back(public_id)


@publication.post("/desk/statements/<public_id>/listing/signatories")
@requires(Permission.CIRCULATE)
def arrange_signatories(public_id: str) -> ResponseReturnValue:
    """What the list says of each signatory on this page of it; and one of them up or down."""
    page = listing_page(house.session(), public_id)
    asked = [one.organisation_id for one in page.candidates if request.form.get(f"listed-{one.organisation_id}")]
    try:
        said = _typed_rows(asked)
        step = _step({one.organisation_id for one in page.candidates})
    except FormRefused as refused:
        return _page(page, refused.problems)
    acting.say(house.session(), house.now(), current_user.user.id, public_id, said, step)
    flash(_("The list is changed."), "success")
    return _back(public_id, f"listed-{step[0]}" if step else "signatories")


def _back(public_id: str, place: str = "") -> ResponseReturnValue:
    page = max(1, request.args.get("page", 1, int))
    address = url_for(
        "publication.arrange", public_id=public_id, page=page if page > 1 else None, _anchor=place or None
    )
    return redirect(address, 303)


def _typed_manner() -> Manner:
    """Raises FormRefused."""
    form, problems = request.form, dict[str, Message]()
    lines = [line for line in form.get("sections", "").splitlines() if line.strip()]
    sections: list[str] = []
    try:
        sections = list(dict.fromkeys(clean_line(line, field="sections") for line in lines))
    except InputRefused as refused:
        problems["sections"] = refused.problem
    if wrong := check_manner(sections):
        problems["sections"] = wrong
    chosen = {"order": Order, "style": Style}
    for name, known in chosen.items():
        if form.get(name) not in list(known):
            problems[name] = Message("missing")
    if problems:
        raise FormRefused(problems)
    return Manner(
        order=Order(form["order"]),
        style=Style(form["style"]),
        lead_first=form.get("lead_first") == "yes",
        article_ignored=form.get("article_ignored") == "yes",
        international_first=form.get("international") == "first",
        sections=tuple(sections),
    )


def _typed_rows(asked: Sequence[int]) -> dict[int, Said]:
    """What was typed of these organisations. Raises FormRefused with every problem by field."""
    form, problems = request.form, dict[str, Message]()

    def taken(field: str, limit: int) -> str:
        try:
            return clean_line(form.get(field, ""), field=field, limit=limit, required=False)
        except InputRefused as refused:
            problems[field] = refused.problem
            return ""

    said = {}
    for one in asked:
        number, mark = form.get(f"number-{one}", "").strip(), form.get(f"mark-{one}", "")
        if number and not (number.isascii() and number.isdigit() and 0 < int(number[:6]) <= HIGHEST_NUMBER):
            problems[f"number-{one}"] = Message("listing.number", {"limit": HIGHEST_NUMBER})
            number = ""
        said[one] = Said(
            section=taken(f"section-{one}", LONGEST_SECTION),
            number=int(number) if number else None,
            acronym=taken(f"acronym-{one}", LONGEST_ACRONYM),
            mark=Mark(mark) if mark in list(Mark) else None,
            individual=form.get(f"individual-{one}") == "yes",
        )
    if problems:
        raise FormRefused(problems)
    return said


def _step(asked: set[int]) -> tuple[int, int] | None:
    """Which organisation goes up or down, if a button said so."""
    for name, by in (("up", -1), ("down", 1)):
        typed = request.form.get(name, "")
        if typed.isascii() and typed.isdigit() and int(typed[:12]) in asked:
            return int(typed[:12]), by
    return None


def _page(
    page: ListingPage,
    problems: Mapping[str, Message] | None = None,
    *,
    looking: bool = False,
) -> ResponseReturnValue:
    """The page, with what was typed where something is wrong with it; `looking`: its manner is not kept."""
    edition = page.circulation.revision.parsed.authoritative
    pages = max(1, -(-len(page.candidates) // PAGE_SIZE))
    number = min(max(1, request.args.get("page", 1, int)), pages)
    shown = render_template(
        "publication/arrange.html",
        page=page,
        edition=edition,
        direction=house.direction(edition.language),
        manner=page.manner,
        alike=pairs(one.entry.name for one in page.candidates),
        rows=page.candidates[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        number=number,
        pages=pages,
        preview=pictured(page.candidates[:SHOWN], page.manner.style, edition.language),
        left_out=max(0, len(page.candidates) - SHOWN),
        withheld=withheld_sentence(page.candidates, edition.language),
        looking=looking,
        typed=request.form if problems and "order" in request.form else {},
        typed_rows=request.form if problems and "order" not in request.form else {},
        errors={name: house.sentence(problem) for name, problem in (problems or {}).items()},
    )
    return shown, 400 if problems else 200
