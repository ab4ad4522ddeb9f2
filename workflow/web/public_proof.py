"""What proves a publication: signatures of its record for three tools, and that the public log holds it."""

from flask import Response

from workflow.formats.log import proof_file
from workflow.formats.record import PublicStatement
from workflow.queries import log
from workflow.rules.refusals import NotFound
from workflow.text.signing_forms import Signatures
from workflow.web import house
from workflow.web.gates import anyone
from workflow.web.public import TEXT, Form, public, published, rendered_as


@public.get("/statements/<slug>/record.sig")
@anyone
def statement_signature(slug: str) -> Response:
    """The 64 bytes of the record's signature, for openssl."""
    return _proof(slug, "signature")


@public.get("/statements/<slug>/record.minisig")
@anyone
def statement_minisign(slug: str) -> Response:
    """The record's signature for minisign."""
    return _proof(slug, "minisign")


@public.get("/statements/<slug>/record.sshsig")
@anyone
def statement_ssh(slug: str) -> Response:
    """The record's signature for ssh-keygen."""
    return _proof(slug, "ssh")


@public.get("/statements/<slug>/proof.json")
@anyone
def statement_proof(slug: str) -> Response:
    """That the public log holds this publication and its notes."""
    return _proof(slug, "proof")


def _proof(slug: str, form: str) -> Response:
    kind, make = FORMS[form]
    return published(slug, form, lambda found: rendered_as(found, kind, make))


def _signed(found: PublicStatement) -> Signatures:
    """The signatures of the record. Raises NotFound where nobody signed it."""
    if found.signatures is None:
        raise NotFound
    return found.signatures


FORMS: dict[str, tuple[str, Form]] = {
    "signature": ("application/octet-stream", lambda found, _: _signed(found).raw),
    "minisign": (TEXT, lambda found, _: _signed(found).minisign),
    "ssh": (TEXT, lambda found, _: _signed(found).ssh),
    "proof": ("application/json", lambda found, _: proof_file(log.of_statement(house.session(), found.statement_id))),
}
