"""Sentences about passages: what people call the places of a text, and why words cannot be commented on.

A part of `sentence_table.py`, which says how they are written.
"""

from workflow.text.sentence_mark import N_

PASSAGES = {
    "passage.unknown": N_("There is no such place in this text. Choose it again."),
    "passage.not-there": N_(
        "These words do not stand in %(place)s. Select them again, or comment on the whole of it."
    ),
    "passage.several": N_(
        "These words stand more than once in %(place)s. Select some of the words around them as well."
    ),
    "place.label": N_("the label"),
    "place.headline": N_("the headline"),
    "place.addressee": N_("addressee %(number)s"),
    "place.lead_paragraph": N_("the lead paragraph"),
    "place.body": N_("paragraph %(number)s"),
    "place.quote": N_("quote %(number)s"),
    "place.footnote": N_("footnote %(number)s"),
    "place.ends": N_("the closing line"),
    "place.notes": N_("the notes, paragraph %(number)s"),
}
