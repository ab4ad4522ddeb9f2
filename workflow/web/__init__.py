"""Talking HTTP: parse, gate, call one action or query, answer."""

from flask import Blueprint

from workflow.web.accounts import accounts
from workflow.web.circulation import circulation
from workflow.web.coalition import coalition
from workflow.web.commenting import commenting
from workflow.web.disposing import disposing
from workflow.web.drafting import drafting
from workflow.web.leaving import leaving
from workflow.web.log import log
from workflow.web.opening import opening
from workflow.web.posting import posting
from workflow.web.press import press
from workflow.web.previewing import previewing
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
    previewing,
    press,
    leaving,
    posting,
    style,
)
# What they answer with 200 may be kept and is the same for everybody who asks for it alike (ready_door).
KEPT: tuple[Blueprint, ...] = (public,)
# Their forms carry a signed token of their own (gates.by_link), or the address decides: none needs a session.
UNFORGEABLE: tuple[Blueprint, ...] = (signing, commenting, opening, previewing, leaving, verifying)
# Only where the installation is a demo: the mailbox, and the page of every part of the look.
DEMO_ONLY: tuple[Blueprint, ...] = (posting, style)
