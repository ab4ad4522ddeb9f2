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
    "colleague-accepted": N_("This colleague was accepted already, and has a link of their own."),
    "colleague-refused": N_(
        "You have not accepted this colleague before, and that stands: no link goes to them. If they are to answer"
        " after all, add them as a contact of the organisation and invite them on the roll."
    ),
    "yes-or-no": N_("“%(value)s” is neither yes nor no."),
    "away-past": N_("This day is over. Give the last day on which the person is away."),
    "missing.contested": N_("%(names)s say that an answer was not theirs, and the lead has to resolve it"),
    "missing.contested-one": N_("%(names)s says that an answer was not its own, and the lead has to resolve it"),
    "missing.recorded": N_("What was recorded for %(names)s waits for their word"),
    "missing.recorded-one": N_("What was recorded for %(names)s waits for its word"),
    "missing.voices": N_("Further contacts of %(names)s have to sign as well"),
    "missing.recorded-too": N_("what was recorded for %(names)s waits for their word"),
    "missing.recorded-too-one": N_("what was recorded for %(names)s waits for its word"),
    "missing.voices-too": N_("further contacts of %(names)s have to sign as well"),
    "voices.kind": N_("They do not give the same answer."),
    "voices.name": N_("They do not ask to be listed under the same name."),
    "voices.withheld": N_("One wants the organisation to be named, and another does not."),
    "voices.logo": N_("One wants the logo to stand beside the name, and another does not."),
    "too-few-contacts": N_(
        "%(organisations)s: more contacts have to say the same than there are. Add contacts, or ask for fewer."
    ),
    "needs-several": N_(
        "Several contacts of this organisation have to say the same: that cannot be recorded on the word of one."
    ),
    "recording-decided": N_("This was decided already, or the organisation has answered itself since."),
    "evidence-missing": N_("Say how you know it: a note, or the mail itself as a file."),
    "evidence-kind": N_("This file cannot be kept. Take the mail itself (.eml), a text (.txt) or a PDF."),
    "evidence-too-large": N_("This file is too large: at most one megabyte."),
    "contested-already": N_("Somebody of the organisation has contested this answer already. It does not count."),
    "answered-since": N_("The organisation has answered anew since. Contest that answer, from its own receipt."),
    "resolved-already": N_("This was resolved already."),
    "contest-reason-missing": N_("Say why the answer is void: the organisation is told."),
    "handing-to-oneself": N_("This is the address that your own link went to. Name somebody else."),
}
