"""Sentences about what changed from one text to another: where, and what in it is more than small.

A part of `sentence_table.py`, which says how they are written.
"""

from workflow.text.sentence_mark import N_

# Parts of one sentence, joined with semicolons: a capital at the start, no stop at the end.
# Where a change stands: each is a line of its own in the list of changes.
PARTS = {
    "part.label": N_("Label"),
    "part.place": N_("Place"),
    "part.date": N_("Date"),
    "part.headline": N_("Headline"),
    "part.addressees": N_("Addressed to"),
    "part.lead-paragraph": N_("Lead paragraph"),
    "part.body": N_("Text"),
    "part.paragraph": N_("Paragraph %(number)s"),
    "part.quote": N_("Quote %(number)s"),
    "part.footnote": N_("Footnote %(number)s"),
    "part.earlier-paragraph": N_("Paragraph %(number)s of the earlier text"),
    "part.earlier-quote": N_("Quote %(number)s of the earlier text"),
    "part.earlier-footnote": N_("Footnote %(number)s of the earlier text"),
    "part.ends": N_("End mark"),
    "part.notes": N_("Notes to editors"),
    "part.contacts": N_("Media contacts"),
    "part.cc": N_("Copies to"),
    "part.language": N_("Language of the text"),
    "part.kind": N_("Kind of text"),
}

# What is pointed out of a change marked editorial.
EDITORIAL = {
    "editorial.words": N_("More words changed than declared: %(count)s instead of at most %(allowed)s."),
    "editorial.kind": N_("The kind or the language of the text changed."),
    "editorial.date": N_('A date changed: "%(old)s" became "%(new)s".'),
    "editorial.date-added": N_('A date came in: "%(new)s".'),
    "editorial.date-removed": N_('A date was taken out: "%(old)s".'),
    "editorial.number": N_('A number changed: "%(old)s" became "%(new)s".'),
    "editorial.number-added": N_('A number came in: "%(new)s".'),
    "editorial.number-removed": N_('A number was taken out: "%(old)s".'),
    "editorial.number-words-unknown": N_(
        'Numbers written out as words are not known here in the language "%(language)s": only digits were compared.'
    ),
    "editorial.name": N_('A name changed: "%(old)s" became "%(new)s".'),
    "editorial.name-added": N_('A name came in: "%(new)s".'),
    "editorial.name-removed": N_('A name was taken out: "%(old)s".'),
    "editorial.negation": N_('A negation changed: "%(old)s" became "%(new)s".'),
    "editorial.negation-added": N_('A negation came in: "%(new)s".'),
    "editorial.negation-removed": N_('A negation was taken out: "%(old)s".'),
    "editorial.negation-unknown": N_(
        'The negations of the language "%(language)s" are not known here, or not all of them. Please look for them'
        " yourself."
    ),
    "editorial.link": N_('A link leads elsewhere: "%(old)s" became "%(new)s".'),
    "editorial.link-added": N_('A link came in: "%(new)s".'),
    "editorial.link-removed": N_('A link was taken out: "%(old)s".'),
    "editorial.quote": N_('The quote of %(speaker)s changed: "%(old)s" became "%(new)s".'),
    "editorial.quote-added": N_('A quote of %(speaker)s came in: "%(new)s".'),
    "editorial.quote-removed": N_('A quote of %(speaker)s was taken out: "%(old)s".'),
    "editorial.quote-speaker": N_('Who is quoted changed: "%(old)s" became "%(new)s".'),
    "editorial.more": N_("There is more of this kind that is not listed here: %(count)s."),
}
