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
    "logo-missing": N_("Choose a file first."),
    "logo-large": N_("This file is too large: at most one megabyte. Save the logo smaller, and bring that."),
    "logo-drawing": N_(
        "This is an SVG drawing, which can carry scripts and lead outside. Save the logo as a PNG, and bring that."
    ),
    "logo-kind": N_("A logo is a PNG, JPEG or WebP file, and this is none of them. Save it as a PNG, and bring that."),
    "logo-unreadable": N_("This picture cannot be read. Open it, save it again as a PNG, and bring that."),
    "logo-pixels": N_(
        "This picture is too large: at most %(limit)s million pixels. Save the logo smaller, and bring that."
    ),
    "logo-small": N_("This picture is too small to be seen: at least %(limit)s pixels wide or high."),
    "logo-empty": N_("There is nothing to be seen in this picture: all of it is transparent."),
    "logo-changed": N_("The logo was changed while you were reading. Look at it, then choose again."),
}
