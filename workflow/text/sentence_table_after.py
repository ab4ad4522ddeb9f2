"""Sentences about what happens once a rule is met: when a text is published, what holds it, what can be said later.

A part of `sentence_table.py`, which says how they are written.
"""

from workflow.text.sentence_mark import N_

AFTER = {
    "embargo-passed": N_("The instant of publication lies in the past. Choose a later one."),
    "embargo-missing": N_("Please say when the text is to be published."),
    "sign-offs-too-old": N_(
        "The text is not published yet: sign-offs that count are older than %(days)s days. Those concerned have been"
        " asked to reconfirm, and it goes on as soon as they have."
    ),
    "sign-offs-too-old-one": N_(
        "The text is not published yet: sign-offs that count are older than one day. Those concerned have been asked to"
        " reconfirm, and it goes on as soon as they have."
    ),
    "late-signing-over": N_("The day until which the text can be signed after the publication is over."),
    "answer.withheld-not-allowed": N_("In this circulation every organisation that signs is named."),
    "later.not-now": N_("This was said already, or cannot be said any more. Below is where it stands now."),
    "note.empty": N_("Please write what is to stand in the note."),
    "note.anothers-name": N_(
        "Another signatory is listed under this very name. Write it so that the two can be told apart."
    ),
    "note.names-withheld": N_(
        "These words name an organisation that is counted and not named. Please write them without its name."
    ),
    "note.names-others": N_(
        "These words stand in public. Please write them without naming other organisations of this circulation."
    ),
    "note.correction-sure": N_("Please tick that the correction can go out: it cannot be changed afterwards."),
    "note.sure": N_("Please tick that you are sure: this cannot be undone."),
    "withhold.sure": N_("Please tick that the name is to be taken out: this cannot be undone."),
    "withheld-organisation": N_("an organisation that asked not to be named"),
    "rule.validity": N_("A sign-off holds for %(days)s days; after that it has to be reconfirmed."),
    "rule.validity-one": N_("A sign-off holds for one day; after that it has to be reconfirmed."),
    "completion.at-once": N_("It is published at once."),
    "completion.embargo": N_("Nothing is public before %(at)s; then the text is published."),
    "completion.hold": N_("Once it is final, the text is published %(minutes)s minutes later."),
    "completion.hold-one": N_("Once it is final, the text is published a minute later."),
    "completion.press": N_("Once it is final, the lead decides when the text is published."),
}
