"""Circulating and watching the roll."""

from flask import Blueprint

circulation = Blueprint("circulation", __name__)
