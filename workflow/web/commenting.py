"""Comments by link."""

from flask import Blueprint

commenting = Blueprint("commenting", __name__)
