"""Which addresses are public, and which of them cannot be a file."""

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

from workflow.web import KEPT

# Public, and yet no file of an export: why.
NOT_EXPORTED: dict[str, str] = {"public.oembed_": "what it answers is chosen by what stands after `?`"}


def kept_endpoints(app: Flask) -> set[str]:
    """The endpoints whose answers everybody gets alike, the files of the look among them."""
    return {rule.endpoint for rule in kept_rules(app)}


def kept_rules(app: Flask) -> Iterator[Rule]:
    """The routes of these endpoints."""
    names = {blueprint.name for blueprint in KEPT}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and (rule.endpoint == "static" or rule.endpoint.partition(".")[0] in names):
            yield rule
