"""Every part of the look on one page, in a demo."""

from flask import Blueprint

style = Blueprint("style", __name__)
