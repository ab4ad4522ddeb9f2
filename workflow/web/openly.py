"""What pages for everybody share: rendered without asking who is there, and one answer where nothing is."""

from typing import Any

from flask import Response, current_app, g

from workflow.web import house

HTML = "text/html; charset=utf-8"
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The one page that other sites may frame: nothing on it can be pressed but links.
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")


def page(name: str, **values: Any) -> str:
    """A public page. (Flask's own way to render would ask who is signed in.)"""
    language = house.page_language()
    shell = {"page_language": language, "page_direction": house.direction(language), "page_zone": house.page_zone()}
    # What a mirror cannot do leads back to where it was copied from.
    shell["installation"] = house.settings().base_url
    return current_app.jinja_env.get_template(name).render(shell, **values)


def nothing_there() -> Response:
    """The one answer for what does not exist and for what is not public: the same bytes."""
    g.public = True  # no cookie goes with it
    response = Response(page("errors/no_such_statement.html"), 404, content_type=HTML)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Content-Security-Policy"] = POLICY
    response.vary.add("Accept-Language")
    return response
