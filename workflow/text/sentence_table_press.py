"""Sentences about previews for journalists, the press list, and the operator's takedown.

A part of `sentence_table.py`, which says how they are written.
"""

from workflow.text.sentence_mark import N_

PRESS = {
    "not-embargoed": N_("Only a locked text with an embargo can be shown to journalists before it is published."),
    "preview-published": N_("The embargo is over, and the statement is public."),
    "preview-over": N_("The embargo is over. The statement is about to be published: please try again in a minute."),
    "preview-held": N_(
        "The text is not published yet, although its instant has come. Please wait: nothing of it may be published,"
        " quoted or passed on before it is public."
    ),
    "preview-expired": N_("The time for which this link was given is over."),
    "preview-revoked": N_("This link was taken back by the organisation that had given it."),
    "preview-replaced": N_("A later mail brought a fresh link: please use that one."),
    "preview-ended": N_("The text is not final any more: it was recalled, or a signatory has taken its sign-off back."),
    "lines-refused": N_("Some of the lines cannot be taken."),
    "lines-none": N_("there is no address on it."),
    "lines-too-many": N_("more than %(most)s cannot be taken at once."),
    "line-twice": N_("%(mail)s stands on an earlier line already."),
    "line-known": N_("%(mail)s is there already."),
    "line-left": N_("%(mail)s has left the list, and cannot be put on it again."),
    "takedown-reason": N_("Say on what ground: the page shows that sentence."),
}
