"""Every part of the look on one page, in a demo."""

from flask import Blueprint, render_template

from workflow.web.gates import anyone

pages = Blueprint("style", __name__)


@pages.get("/style")
@anyone
def style() -> str:
    """Every part in every state, for those who build pages."""
    return render_template("style/style.html")
