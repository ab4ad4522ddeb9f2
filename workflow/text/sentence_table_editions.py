"""Sentences about editions: why they cannot stand together, and where a translation says something else.

A part of `sentence_table.py`, which says how they are written.
"""

from workflow.text.sentence_mark import N_

EDITIONS = {
    "editorial.edition-more": N_("An edition in another language came: %(in_language)s."),
    "editorial.edition-missing": N_("An edition in another language was taken out: %(in_language)s."),
    "editorial.in-edition": N_("In the edition “%(in_language)s”: %(remark)s"),
    "edition.language-twice": N_(
        "There is an edition in this language already (%(in_language)s). Choose another language."
    ),
    "edition.language-unchosen": N_("Please choose the language in which this is written."),
    "edition.file-language-there": N_(
        "The file says that it is in %(in_language)s, and there is an edition in it already."
    ),
    "edition.incomplete": N_("The edition in another language (%(in_language)s) cannot go out yet: %(problem)s"),
    "names-line": N_("Each line is a language, a colon and the name in it, such as: ar: … This line is not: %(line)s"),
    "edition.taken-down": N_(
        "The operator had to take this statement down. A translation can be added once it is shown again."
    ),
    "edition.names-withheld": N_(
        "This names an organisation that is counted and not named, and the signed text does not. Please write it"
        " without that name."
    ),
    "edition.names-as-signed": N_(
        "The translation names an organisation that is counted and not named, as the signed text does already."
    ),
    "edition.sure": N_("Please tick this: the translation is published in the name of your organisation."),
    "edition.other-date": N_("It has another date than the authoritative text."),
    "edition.other-quotes": N_("It has another number of quotes: here %(here)s, in the authoritative text %(there)s."),
    "edition.numbers-missing": N_("Numbers of the authoritative text that are not here: %(these)s"),
    "edition.numbers-more": N_("Numbers that the authoritative text does not have: %(these)s"),
    "edition.links-missing": N_("Links of the authoritative text that are not here: %(these)s"),
    "edition.links-more": N_("Links that the authoritative text does not have: %(these)s"),
    "edition.counts-missing": N_("What is counted in the authoritative text and not here: %(these)s"),
    "edition.counts-more": N_("What is counted here and not in the authoritative text: %(these)s"),
    "edition.mails-missing": N_("Media contacts of the authoritative text that are not here: %(these)s"),
    "edition.mails-more": N_("Media contacts that the authoritative text does not have: %(these)s"),
}
