"""The mailbox of a demo."""

from flask import Blueprint

posting = Blueprint("posting", __name__)
