"""Open pages: whoever has the address reads the text and asks to sign it, and confirms that by the link in a mail.

No cookie, no session: the forms carry a signed token of their own, which also says when the page was made.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workflow.actions import opening as acting
from workflow.links import Purpose
from workflow.models.opening import Application, OpenPage
from workflow.queries import opening as looking
from workflow.rules.opening import Asks, FormTooOld, Standing, TooQuick, check_form_age
from workflow.rules.refusals import (
    CodeSpent,
    CodeWrong,
    FormRefused,
    InputRefused,
    LinkClosed,
    LinkTampered,
    Message,
    NotFound,
    Refusal,
    TextMoved,
    TooManyTries,
)
from workflow.text.checking import clean_line, clean_mail
from workflow.web import house, openly
from workflow.web.errors import status_of
from workflow.web.gates import FORM_FIELD, anyone
from workflow.web.reading import statement_view

opening = Blueprint("opening", __name__)

POLICY = openly.POLICY.replace("form-action 'none'", "form-action 'self'")
# A person does not see this field; what fills it is no person.
TRAP = "website"
COUNTRY_LIMIT = 100
LONGEST_CODE = 20
SAID = ("confirm", "contest")
LINES = {"name": 300, "country": COUNTRY_LIMIT, "person_name": 300, "person_role": 300}


@opening.before_request
def without_cookie() -> None:
    """Tell the frame that no cookie goes with the answer."""
    g.public = True


@opening.after_request
def kept_nowhere(response: Response) -> Response:
    """Neither search engines nor caches keep what the lead can take back at any moment."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Content-Security-Policy"] = POLICY if response.status_code != 404 else openly.POLICY
    response.vary.add("Accept-Language")
    return response


@opening.errorhandler(NotFound)
@opening.errorhandler(LinkTampered)
def nothing_there(refusal: Refusal) -> Response:
    """The one answer for an address that was never one, and for a page that is not open."""
    del refusal
    return openly.nothing_there()


@dataclass(frozen=True)
class Typed:
    """The form as it came: nothing is trimmed, nothing is corrected."""

    name: str = ""
    country: str = ""
    person_name: str = ""
    person_role: str = ""
    mail: str = ""
    individual: str = ""
    authority: bool = False
    digest: str = ""


@opening.get("/open/<page_key>")
@anyone
def page(page_key: str) -> ResponseReturnValue:
    """The text in force, and the form to ask to sign it."""
    return _page(looking.open_page(house.session(), page_key, house.now()), Typed(), _new_token(page_key))


@opening.post("/open/<page_key>")
@anyone
def ask(page_key: str) -> ResponseReturnValue:
    """An application: kept, and confirmed by a mail to the address typed. What a robot sends in ends here, unsaid."""
    found = looking.open_page(house.session(), page_key, house.now())
    typed = _typed()
    token = request.form.get(FORM_FIELD, "")
    if request.form.get(TRAP):
        return _sent(page_key)
    try:
        _check_token(page_key, token)
        asks = _asks(typed)
        who = (request.remote_addr or "", house.page_language())
        acting.apply(house.session(), house.links(), house.now(), page_key, asks, *who)
    except FormTooOld as refused:
        return _page(found, typed, _new_token(page_key), problem=refused)
    except (TooQuick, TooManyTries, FormRefused, TextMoved) as refused:
        # Read anew: another text may be in force since.
        return _page(looking.open_page(house.session(), page_key, house.now()), typed, token, problem=refused)
    return _sent(page_key)


@opening.get("/open/<page_key>/sent")
@anyone
def sent(page_key: str) -> ResponseReturnValue:
    """The same page whether a letter went out or not."""
    found = looking.open_page(house.session(), page_key, house.now())
    return openly.page("opening/sent.html", lead=found.circulation.statement.lead.name)


@opening.get("/open/confirm/<token>")
@anyone
def confirm(token: str) -> ResponseReturnValue:
    """Where an application stands, and what its mailbox can say of it; nothing changes by looking."""
    return _standing(_key_in(token), token)


@opening.post("/open/confirm/<token>")
@anyone
def say(token: str) -> ResponseReturnValue:
    """The mailbox confirms its application, or says that it was not made from there."""
    key, said = _key_in(token), request.form.get("said", "")
    ours = _is_token(Purpose.OPEN_FORM, request.form.get(FORM_FIELD, ""), [key, "said"])
    if said not in SAID or not ours:
        return _standing(key, token, {"said": Message("missing")})
    try:
        if said == "confirm":
            code = "".join(request.form.get("code", "")[:LONGEST_CODE].split())
            acting.confirm(house.session(), house.links(), house.now(), key, code)
        else:
            acting.contest(house.session(), house.now(), key)
    except (CodeWrong, CodeSpent) as refused:
        return _standing(key, token, {"code": refused.message}, said)
    except (TextMoved, LinkClosed, NotFound):
        return _standing(key, token)  # the page says what stands in the way
    return redirect(url_for("opening.confirm", token=token), 303)


# The form and its token ----------------------------------------------------------------------------


def _typed() -> Typed:
    form = request.form
    lines = {name: form.get(name, "") for name in (*LINES, "mail", "individual", "digest")}
    return Typed(**lines, authority=form.get("authority") == "yes")


def _asks(typed: Typed) -> Asks:
    """What was typed, made regular. Raises FormRefused with all that cannot be taken."""
    problems: dict[str, Message] = {}
    clean: dict[str, str] = {}
    for name, limit in LINES.items():
        try:
            clean[name] = clean_line(getattr(typed, name), field=name, limit=limit, required=False)
        except InputRefused as refused:
            problems[name] = refused.problem
    try:
        clean["mail"] = clean_mail(typed.mail, field="mail")
    except InputRefused as refused:
        problems["mail"] = refused.problem
    if problems:
        raise FormRefused(problems)
    individual = {"yes": True, "no": False}.get(typed.individual)
    return Asks(**clean, digest=typed.digest[:64], individual=individual, authority=typed.authority)


def _new_token(page_key: str) -> str:
    return house.links().make(Purpose.OPEN_FORM, [page_key, int(house.now().timestamp())])


def _check_token(page_key: str, token: str) -> None:
    """Raises FormTooOld for what is not this page's, and for what is; TooQuick for what is too new."""
    try:
        of_page, issued = house.links().open(Purpose.OPEN_FORM, token)
    except (LinkTampered, ValueError):
        raise FormTooOld from None
    if of_page != page_key or not isinstance(issued, int):
        raise FormTooOld
    check_form_age(datetime.fromtimestamp(issued, UTC), house.now())


def _is_token(purpose: Purpose, token: str, expected: list[str]) -> bool:
    try:
        return house.links().open(purpose, token) == expected
    except LinkTampered:
        return False


def _key_in(token: str) -> str:
    """Raises LinkTampered."""
    try:
        (key,) = house.links().open(Purpose.APPLICATION, token)
    except ValueError:
        raise LinkTampered from None
    if not isinstance(key, str):
        raise LinkTampered
    return key


# Pages -----------------------------------------------------------------------------------------------


def _sent(page_key: str) -> ResponseReturnValue:
    return redirect(url_for("opening.sent", page_key=page_key), 303)


def _page(found: OpenPage, typed: Typed, token: str, *, problem: Refusal | None = None) -> ResponseReturnValue:
    circulation = found.circulation
    content = circulation.revision.parsed
    edition = content.in_language(request.values.get("edition", ""))
    problems = problem.problems if isinstance(problem, FormRefused) else {}
    general = problem.message if problem is not None and not problems and not isinstance(problem, TextMoved) else None
    shown = openly.page(
        "opening/page.html",
        lead=circulation.statement.lead.name,
        criteria=found.criteria,
        asked=circulation,
        edition=edition,
        content=content,
        view=statement_view(edition),
        typed=typed,
        digest=circulation.revision.digest,
        moved=isinstance(problem, TextMoved),
        general=general,
        errors={name: house.sentence(message) for name, message in problems.items()},
        address=url_for("opening.page", page_key=found.key),
        form_token=token,
        trap=TRAP,
    )
    return shown, status_of(problem) if problem else 200


def _standing(key: str, token: str, problems: dict[str, Message] | None = None, said: str = "") -> ResponseReturnValue:
    try:
        made = looking.application_by_key(house.session(), key)
    except NotFound:
        return openly.page("opening/confirm.html", made=None, errors={}), 410
    house.speak(made.language)
    circulation = made.circulation
    standing = made.standing(circulation.revision_id)
    ended = circulation.outcome is not None
    shown = openly.page(
        "opening/confirm.html",
        made=made,
        lead=circulation.statement.lead.name,
        standing=standing.value,
        ended=ended,
        moved=made.revision_id != circulation.revision_id,
        choices=_choices(made, standing, ended=ended),
        said=said,
        page_address=_page_address(circulation.id),
        address=url_for("opening.say", token=token),
        form_token=house.links().make(Purpose.OPEN_FORM, [key, "said"]),
        errors={name: house.sentence(message) for name, message in (problems or {}).items()},
    )
    return shown, 400 if problems else 200


def _choices(made: Application, standing: Standing, *, ended: bool) -> list[str]:
    """What the mailbox can say now."""
    if standing is Standing.CONTESTED or (standing is Standing.ACCEPTED and ended):
        return []
    current = made.revision_id == made.circulation.revision_id
    can_confirm = standing is Standing.UNCONFIRMED and current and not ended
    return ["confirm", "contest"] if can_confirm else ["contest"]


def _page_address(circulation_id: int) -> str:
    """Where the text can be read by everybody, while it can."""
    page = looking.open_page_of(house.session(), circulation_id)
    if page is None:
        return ""
    try:
        looking.open_page(house.session(), page.key, house.now())
    except NotFound:
        return ""
    return url_for("opening.page", page_key=page.key)
