"""Sentences about remarks: where they stand, what one lacks, what becomes of it, why a wording cannot be put in.

A part of `sentence_table.py`, which says how they are written.
"""

from workflow.text.sentence_mark import N_

REMARKS = {
    "comment.limit": N_(
        "By this link %(limit)s remarks were made already, and no more are taken. Please write to the lead."
    ),
    "comment.kind-unknown": N_("Please choose whether this is a comment or a suggestion."),
    "suggestion.passage-missing": N_("Please choose the words for which you propose others."),
    "suggestion.same": N_("These are the words that stand there already. Type the wording that you propose."),
    "suggestion.empty": N_("Please type the wording that you propose, or say why the words should be struck."),
    "disposition.missing": N_("Please choose what becomes of this remark."),
    "disposition.reason-missing": N_("Please give the reason in a sentence or two: whoever made the remark reads it."),
    "suggestion-conflict": N_("The proposed wording cannot be put in by itself. See below, and write it in by hand."),
    "suggestion-conflict-gone": N_(
        "The words that this suggestion is about do not stand in the newest text any more. Write its wording in by"
        " hand."
    ),
    "suggestion-conflict-marks": N_(
        "It cannot be told for sure where exactly these words are typed: there may be bold, a link or a footnote among"
        " them, or they go over several paragraphs. Write the wording in by hand."
    ),
    "suggestion-conflict-paragraphs": N_(
        "The proposed wording has several paragraphs, and only words within one can be put in by themselves. Write it"
        " in by hand."
    ),
    "suggestion-conflict-unfit": N_(
        "With this wording the text could not be saved, for example because a part would become too long. Write it in"
        " by hand."
    ),
}

PASSAGES = {
    "passage.unknown": N_("There is no such place in this text. Choose it again."),
    "passage.not-there": N_("These words do not stand in %(place)s. Select them again, or comment on the whole of it."),
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
    "place.in-edition": N_("%(place)s (%(in_language)s)"),
}
