"""Sentences about rules of completeness, silence, and a roll that is amended while it is asked.

A part of `sentence_table.py`, which says how they are written.
"""

from workflow.text.sentence_mark import N_

RULES = {
    "rule.number": N_("The text is final as soon as %(at_least)s of the %(of)s organisations asked have signed."),
    "rule.number-one": N_("The text is final as soon as one of the organisations asked has signed."),
    "rule.others": N_("At least %(others)s of the %(of)s others must have signed as well."),
    "rule.others-one": N_("At least one of the others must have signed as well."),
    "rule.hold-open": N_("It stays open until the deadline, so that more can sign, even if all this is met before."),
    "rule.silence": N_(
        "The text is adopted in the coalition's own name unless an organisation objects, or proposes other words,"
        " before the deadline. Silence lists nobody: only organisations that sign are named."
    ),
    "rule.silence-broken": N_(
        "The text was to be adopted by silence, and an organisation objected in time, or proposed other words: by this"
        " circulation it is not adopted any more, whoever answers now."
    ),
    "missing.others": N_(
        "%(signed)s of at least %(others)s sign-offs by organisations that are not required are there"
    ),
    "day-end": N_("the end of %(day)s"),
    "day-end-there": N_("the end of %(day)s (%(zone)s)"),
    "missing.open": N_("It stays open until the deadline"),
    "missing.silence": N_("The time for objecting is running"),
    "missing.silence-broken": N_("The silence was broken"),
    "missing.open-too": N_("it stays open until the deadline"),
    "missing.silence-too": N_("the time for objecting is running"),
    "missing.silence-broken-too": N_("the silence was broken"),
    "roll.added": N_("New on the roll: %(names)s (%(part)s)"),
    "roll.part": N_("Another part for %(names)s: %(part)s"),
    "roll.dropped": N_("No longer on the roll: %(names)s"),
    "roll.not-theirs": N_(
        "No longer on the roll: %(names)s. The sign-off was not theirs, they say, and does not count"
    ),
    "roll.emptied": N_("Still on the roll: %(names)s. The sign-off was not theirs, they say, and does not count"),
    "roll.late-counted": N_("%(names)s answered after the deadline, and the lead counts the answer"),
    "reminder-hours-unreadable": N_("Type whole hours before the deadline, such as 24, 3."),
    "reminder-hours-range": N_("At most %(most)s reminders, each from one hour to %(days)s days before the deadline."),
    "soft-not-before": N_("The answers have to be asked for before the deadline. Choose an earlier day or time."),
    "late-not-countable": N_("There is no late answer here that could be counted. Reload the page to see the roll."),
    "part.required": N_("required"),
    "part.optional": N_("optional"),
    "part.observer": N_("observer"),
    "silence-no-decline": N_("Nobody is asked to sign here. Object if the text should not be adopted, or say nothing."),
    "silence-counts": N_(
        "By silence nobody need sign, and the text would say that 0 organisations do: %(places)s. Take that out of the"
        " text, or ask for sign-off."
    ),
    "silence-runs": N_(
        "The text cannot be changed while silence counts as agreement. Recall it, change it, and circulate it again."
    ),
    "objections-cut-off": N_(
        "Everybody was told until when they can object to the change: the deadline cannot be earlier than that."
    ),
    "silence-shortened": N_("The time for objecting can be made longer, not shorter."),
    "part-unchanged": N_("That is its part already."),
    "part-reason-missing": N_("Say why: the organisation is told."),
    "on-the-roll": N_("This organisation is on the roll already."),
    "name-on-the-roll": N_(
        "Another one is on the roll under this name. Take it off first, or list this one differently."
    ),
}
