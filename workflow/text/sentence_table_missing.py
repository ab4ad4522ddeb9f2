"""Sentences about where a circulation stands: what is missing, and the rule that says so.

A part of `sentence_table.py`, which says how they are written.
"""

from workflow.text.sentence_mark import N_

MISSING = {
    "missing.nothing": N_("Nothing is missing"),
    "missing.several": N_("%(parts)s"),
    "missing.waiting": N_("Waiting for %(names)s"),
    "missing.stale": N_("%(names)s signed an earlier text and are asked again"),
    "missing.stale-one": N_("%(names)s signed an earlier text and is asked again"),
    "missing.objects": N_("%(names)s object"),
    "missing.objects-one": N_("%(names)s objects"),
    "missing.declined": N_("%(names)s declined"),
    "missing.abstains": N_("%(names)s abstain"),
    "missing.abstains-one": N_("%(names)s abstains"),
    "missing.late": N_("%(names)s answered after the deadline"),
    "missing.objects-to": N_("%(names)s object to %(place)s"),
    "missing.objects-to-one": N_("%(names)s objects to %(place)s"),
    "missing.comments": N_("Comments are being collected; nothing is signed yet"),
    "missing.editorial": N_("%(names)s can still object to an editorial change"),
    "missing.quote": N_("%(names)s have not approved their quotes yet"),
    "missing.quote-one": N_("%(names)s has not approved its quote yet"),
    "missing.quote-reworded": N_("%(names)s ask for other words in their quotes"),
    "missing.quote-reworded-one": N_("%(names)s asks for other words in its quote"),
    "missing.quote-refused": N_("%(names)s do not want to be quoted like this"),
    "missing.quote-refused-one": N_("%(names)s does not want to be quoted like this"),
    "one-organisation": N_("one organisation"),
    "several-organisations": N_("%(count)s organisations"),
    "missing.name": N_("%(names)s wait for the lead to accept their listed names"),
    "missing.name-one": N_("%(names)s waits for the lead to accept its listed name"),
    "missing.number": N_("%(signed)s of at least %(at_least)s sign-offs are there"),
    "names-and-others": N_("%(first)s and %(others)s others"),
    "rule.required": N_("The text is final as soon as all %(required)s required organisations have signed."),
    "rule.required-one": N_("The text is final as soon as the one required organisation has signed."),
    "rule.required-and-number": N_(
        "The text is final as soon as every required organisation (%(required)s) has signed, and at least"
        " %(at_least)s organisations in all."
    ),
    "rule.comment": N_("Comments and objections are collected. Nothing is signed in this circulation."),
    "rule.several": N_("%(parts)s"),
    "rule.objections-hold": N_("An objection by an organisation that is not required holds the text back too."),
    "rule.editorial": N_(
        "The lead may make editorial changes of at most about %(words)s words that keep sign-offs; everybody is shown"
        " each of them at once and can object for %(hours)s hours."
    ),
    "rule.editorial-hour": N_(
        "The lead may make editorial changes of at most about %(words)s words that keep sign-offs; everybody is shown"
        " each of them at once and can object for one hour."
    ),
}
