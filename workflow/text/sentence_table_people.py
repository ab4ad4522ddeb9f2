"""Sentences about the people who answer for an organisation: who may, and who stands in.

A part of `sentence_table.py`, which says how they are written.
"""

from workflow.text.sentence_mark import N_

PEOPLE = {
    "link-handed-on": N_("The asking was handed over to a colleague, who has a link of their own."),
    "link-waits": N_("This link opens once the organisation that asks has accepted the address it was sent to."),
    "handed-on-already": N_(
        "A colleague was named already, and the organisation that asks has to accept the address. You can answer"
        " yourself meanwhile."
    ),
    "handing-to-oneself": N_("This is the address that your own link went to. Name somebody else."),
}
