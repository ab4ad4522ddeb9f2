"""A logo as an answer: always a PNG that was made here, named by its digest, for those who may see it."""

import re
from collections.abc import Callable

from flask import Response

from workflow.rules.refusals import NotFound

DIGEST = re.compile(r"[0-9a-f]{64}")
PNG = "image/png"


def logo_response(digest: str, content: Callable[[], bytes]) -> Response:
    """The picture; `content` looks it up where `digest` can be one. Raises NotFound."""
    if not DIGEST.fullmatch(digest):
        raise NotFound
    return Response(content(), content_type=PNG)
