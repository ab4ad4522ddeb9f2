"""Sentences about open pages, and the applications that are made there.

A part of `sentence_table.py`, which says how they are written.
"""

from workflow.text.sentence_mark import N_

OPENING = {
    "apply-for-whom": N_("Please choose whether an organisation signs, or you for yourself."),
    "apply-authority-missing": N_("Please tick that you may sign for the organisation, or sign for yourself."),
    "apply-too-quick": N_(
        "This came faster than a person can read and type. Please look once more at what you typed, and send it again."
    ),
    "apply-form-old": N_("This page lay open for too long. What you typed is still in the form: please send it again."),
    "open-page-understood": N_("Please tick that everybody who has the address may read the text."),
    "apply-none-chosen": N_("Please tick at least one application."),
    "apply-reason-missing": N_("Say why: those who applied are told."),
}
