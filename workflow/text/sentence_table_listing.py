"""Sentences about how signatories are listed, and who cannot be.

A part of `sentence_table.py`, which says how they are written.
"""

from workflow.text.sentence_mark import N_

LISTING = {
    "listing.sections-many": N_("These are too many sections: at most %(limit)s."),
    "listing.addressee-name": N_(
        "The text is addressed or copied to somebody of this name: nobody can be listed under it."
    ),
    "listing.number": N_("Type a number from 1 to %(limit)s, or leave it empty."),
    "listing.addressee": N_(
        "This text is addressed or copied to %(names)s. Who is written to cannot sign as well: take it off the roll, or"
        " out of the addressees."
    ),
}
