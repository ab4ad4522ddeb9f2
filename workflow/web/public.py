"""The public side: what everybody can read."""

from flask import Blueprint

public = Blueprint("public", __name__)
