"""Which addresses are public, and which of them cannot be a file."""

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

from workflow.web import KEPT

# Public, and yet no file of an export: why.
NOT_EXPORTED = {
    "log.inclusion": "answers what stands after the question mark; each publication has its own proof beside it",
    "log.consistency": "answers what stands after the question mark",
    "public.oembed_": "answers what stands after the question mark",
}
# Asked for anew each time, and so not kept; a mirror has them as they were.
EXPORTED_TOO = ("log",)


def kept_endpoints(app: Flask) -> set[str]:
    """The endpoints whose answers everybody gets alike, the files of the look among them."""
    return {rule.endpoint for rule in kept_rules(app)}


def kept_rules(app: Flask) -> Iterator[Rule]:
    """The routes of these endpoints."""
    return _rules_of(app, {blueprint.name for blueprint in KEPT})


def exported_rules(app: Flask) -> list[Rule]:
    """The routes whose answers are files of an export."""
    found = _rules_of(app, {*EXPORTED_TOO, *(blueprint.name for blueprint in KEPT)})
    return [rule for rule in found if rule.endpoint not in NOT_EXPORTED]


def _rules_of(app: Flask, names: set[str]) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and (rule.endpoint == "static" or rule.endpoint.partition(".")[0] in names):
            yield rule
