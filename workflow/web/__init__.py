"""Talking HTTP: parse, gate, call one action or query, answer."""

from flask import Blueprint

from workflow.web.accounts import accounts
from workflow.web.circulation import circulation
from workflow.web.coalition import coalition
from workflow.web.commenting import commenting
from workflow.web.disposing import disposing
from workflow.web.drafting import drafting
from workflow.web.log import log
from workflow.web.opening import opening
from workflow.web.posting import posting
from workflow.web.public import public
from workflow.web.publication import publication
from workflow.web.signing import signing
from workflow.web.style import pages as style
from workflow.web.verifying import verifying

BLUEPRINTS: tuple[Blueprint, ...] = (
    public,
    log,
    verifying,
    signing,
    commenting,
    opening,
    accounts,
    coalition,
    drafting,
    circulation,
    disposing,
    publication,
    posting,
    style,
)
# Their forms carry a signed token of their own (gates.by_link) instead of one that needs a session.
UNFORGEABLE: tuple[Blueprint, ...] = (signing, commenting, opening, verifying)
# Only where the installation is a demo: the mailbox, and the page of every part of the look.
DEMO_ONLY: tuple[Blueprint, ...] = (posting, style)
