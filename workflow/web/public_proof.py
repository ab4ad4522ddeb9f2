"""What proves a published statement: the signatures of its record, and that the public log holds it."""

from collections.abc import Callable

from flask import Response

from workflow.formats.log import proof_file
from workflow.formats.record import PublicStatement
from workflow.queries import log
from workflow.rules.refusals import NotFound
from workflow.text.signing_forms import Signatures
from workflow.web import house
from workflow.web.gates import anyone
from workflow.web.public import TEXT, public, published, rendered_as


@public.get("/statements/<slug>/record.sig")
@anyone
def statement_signature(slug: str) -> Response:
    """The 64 bytes of the record's signature, for openssl."""
    return _published(slug, "signature", "application/octet-stream", lambda signed: signed.raw)


@public.get("/statements/<slug>/record.minisig")
@anyone
def statement_minisign(slug: str) -> Response:
    """The record's signature for minisign."""
    return _published(slug, "minisign", TEXT, lambda signed: signed.minisign)


@public.get("/statements/<slug>/record.sshsig")
@anyone
def statement_ssh(slug: str) -> Response:
    """The record's signature for ssh-keygen."""
    return _published(slug, "ssh", TEXT, lambda signed: signed.ssh)


@public.get("/statements/<slug>/proof.json")
@anyone
def statement_proof(slug: str) -> Response:
    """That the public log holds this publication and its notes."""

    def made(found: PublicStatement, address: str) -> bytes:
        del address
        return proof_file(log.of_statement(house.session(), found.statement_id))

    return published(slug, "proof", lambda found: rendered_as(found, "application/json", made))


def _published(slug: str, form: str, kind: str, chosen: Callable[[Signatures], str | bytes]) -> Response:
    """A signature of the record. Raises NotFound where nobody signed it."""

    def made(found: PublicStatement, address: str) -> str | bytes:
        del address
        if found.signatures is None:
            raise NotFound
        return chosen(found.signatures)

    return published(slug, form, lambda found: rendered_as(found, kind, made))
