"""Signing in and out, setting up, choosing a password."""

from flask import Blueprint

accounts = Blueprint("accounts", __name__)
