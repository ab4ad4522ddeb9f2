"""Sentences about what somebody brings to be checked.

A part of `sentence_table.py`, which says how they are written.
"""

from workflow.text.sentence_mark import N_

VERIFYING = {
    "verify-no-text": N_(
        "This is an archive or a picture. Choose a text, a PDF, a record or a JSON file: those that are in a press kit,"
        " for example."
    ),
    "verify-empty": N_("Paste a text, or choose a file."),
    "verify-turned": N_(
        "There is a character in it that turns letters around, so that something else is read than what would be"
        " compared."
    ),
    "verify-too-long": N_(
        "This is longer than anything that is published here: at most %(limit)s characters are looked at."
    ),
    "verify-too-large": N_("The file is too large to be looked at here: at most %(limit)s MB."),
    "verify-pdf-unreadable": N_("This PDF cannot be read. Please paste its text instead."),
    "verify-named-twice": N_(
        "This file says “%(name)s” twice in one place, and programs differ in which of them they show. No file "
        "of ours does."
    ),
    "verify-busy": N_("Many texts are being looked at just now. Please send it again in a moment."),
    "verify-form-old": N_("This page lay open for too long. Please send it again."),
}
