"""The public log and the signing keys: what anybody needs to check a publication without trusting this server."""

import hashlib

from flask import Blueprint, Response, g, request
from flask_babel import gettext

from workflow.formats.log import KeyTold, consistency_file, keys_file, leaves_file, proof_file
from workflow.formats.reading import date_in_words
from workflow.queries import log as looking
from workflow.rules.refusals import NotFound
from workflow.text import signing_forms as forms
from workflow.text.signed_note import verifier_key
from workflow.web import house, openly
from workflow.web.gates import anyone

log = Blueprint("log", __name__)

TEXT, JSON = "text/plain; charset=utf-8", "application/json"
# Kept, and asked for anew each time: a checkpoint is only as good as it is new.
CACHING = "public, no-cache"
LEAVES_AT_ONCE = 500
# A number in an address has so many digits at most; more is no place in any log.
DIGITS = 9


class NoNumber(Exception):
    """A number in an address that is none; the text names it."""


@log.before_request
def without_cookie() -> None:
    """Tell the frame that caching and robots are decided here, and that no cookie goes with the answer."""
    g.public = True


@log.errorhandler(NotFound)
def nothing_there(refusal: NotFound) -> Response:
    """The same answer as for whatever else is not public."""
    del refusal
    return openly.nothing_there()


@log.errorhandler(NoNumber)
def no_number(problem: NoNumber) -> Response:
    """One sentence, for a machine that asked with something else than a number."""
    sentence = gettext("“%(name)s” in the address must be a whole number.", name=str(problem))
    kept_out = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
    return Response(f"{sentence}\n", 400, content_type=TEXT, headers=kept_out)


@log.get("/log/checkpoint")
@anyone
def checkpoint() -> Response:
    """The newest signed head of the log (C2SP tlog-checkpoint)."""
    found = looking.newest_checkpoint(house.session())
    if not found:
        raise NotFound
    return _file(found, TEXT)


@log.get("/log/leaves")
@log.get("/log/leaves-<int:page>")
@anyone
def leaves(page: int = 1) -> Response:
    """Leaves from `start` on, some hundreds at a time; or those of a page of so many, which can be a file."""
    session = house.session()
    start = (page - 1) * LEAVES_AT_ONCE if page != 1 else _number("start") or 0
    if page != 1 and not 0 < start < looking.size(session):
        raise NotFound
    return _file(leaves_file(looking.size(session), start, looking.leaves(session, start, LEAVES_AT_ONCE)), JSON)


@log.get("/log/proof/inclusion")
@anyone
def inclusion() -> Response:
    """That the leaf at `index` stands in the log, at `size` or as it is now."""
    index = _number("index")
    if index is None:
        raise NoNumber("index")
    return _file(proof_file(looking.inclusion(house.session(), index, _number("size"))), JSON)


@log.get("/log/proof/consistency")
@anyone
def consistency() -> Response:
    """That the log at size `from` is the beginning of the log at size `to`, or as it is now."""
    first = _number("from")
    if first is None:
        raise NoNumber("from")
    found, proof = looking.consistency(house.session(), first, _number("to"))
    return _file(consistency_file(first, found.size, proof, found.text), JSON)


@log.get("/keys")
@anyone
def keys() -> Response:
    """The signing keys for people: fingerprints, forms, how to check, what became of earlier ones."""
    session = house.session()
    told = looking.keys(session)
    language = house.page_language()
    shown = [
        {
            "name": forms.short_name(one.public),
            "fingerprint": forms.fingerprint(one.public),
            "since": one.since,
            "day": date_in_words(f"{one.since:%Y-%m-%d}", language),
            "minisign": forms.minisign_key(one.public),
            "ssh": forms.allowed_signers_line(_host(one), one.public).strip(),
            "note": verifier_key(one.origin, one.public),
            "statement": one.statement,
        }
        for one in reversed(told)
    ]
    newest = looking.newest_checkpoint(session)
    body = openly.page("log/keys.html", keys=shown, checkpoint=newest, size=looking.size(session))
    return _file(body, openly.HTML, vary="Accept-Language")


@log.get("/keys.json")
@anyone
def keys_json() -> Response:
    """All keys in every form, and what each said of the next."""
    return _file(keys_file(looking.keys(house.session())), JSON)


@log.get("/keys/allowed_signers")
@anyone
def allowed_signers() -> Response:
    """The file that `ssh-keygen -Y verify -f` reads, with all keys."""
    told = looking.keys(house.session())
    return _file("".join(forms.allowed_signers_line(_host(one), one.public) for one in told), TEXT)


@log.get("/keys/<key_name>.pem")
@anyone
def key_pem(key_name: str) -> Response:
    """One public key for openssl."""
    return _file(forms.pem(_named(key_name).public), TEXT)


@log.get("/keys/<key_name>.pub")
@anyone
def key_pub(key_name: str) -> Response:
    """One public key for minisign."""
    return _file(forms.minisign_file(_named(key_name).public), TEXT)


def _named(key_name: str) -> KeyTold:
    """The key of that name (the first digits of its fingerprint). Raises NotFound."""
    for one in looking.keys(house.session()):
        if forms.short_name(one.public) == key_name:
            return one
    raise NotFound


def _host(one: KeyTold) -> str:
    return one.origin.partition("/")[0]


def _number(name: str) -> int | None:
    """The number under that name in the address, or none. Raises NoNumber for anything else that stands there."""
    typed = request.args.get(name)
    if typed is None:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= DIGITS):
        raise NoNumber(name)
    return int(typed)


def _file(body: str | bytes, content_type: str, *, vary: str = "") -> Response:
    """An answer for everybody, or 304 to who has it."""
    content = body.encode() if isinstance(body, str) else body
    response = Response(content, content_type=content_type)
    response.headers["Cache-Control"] = CACHING
    response.headers["Content-Security-Policy"] = openly.POLICY
    if vary:
        response.headers["Vary"] = vary
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.make_conditional(request)
    return response
