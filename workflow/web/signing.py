"""The member's side of an approval link."""

from flask import Blueprint

signing = Blueprint("signing", __name__)
