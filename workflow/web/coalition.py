"""Coalitions, their members and contacts."""

from flask import Blueprint

coalition = Blueprint("coalition", __name__)
