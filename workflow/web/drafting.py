"""Writing statements at the desk."""

from flask import Blueprint

drafting = Blueprint("drafting", __name__)
