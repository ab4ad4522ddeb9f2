"""Every sentence that a message id stands for, in English; translations take it from here.

To add one: give the id a line in the group where it belongs, wrapped in `N_` so that it is found for
translation, with `%(name)s` for each value. Say what happened and what to do next. Numbers stand so that no
plural is needed ("Tries left: 3."); where one alone needs other words, the id with `-one` has them.
"""

from workflow.text.sentence_mark import N_
from workflow.text.sentence_table_after import AFTER
from workflow.text.sentence_table_brought import BROUGHT
from workflow.text.sentence_table_changes import EDITORIAL, PARTS
from workflow.text.sentence_table_editions import EDITIONS
from workflow.text.sentence_table_listing import LISTING
from workflow.text.sentence_table_missing import MISSING
from workflow.text.sentence_table_opening import OPENING
from workflow.text.sentence_table_people import PEOPLE
from workflow.text.sentence_table_press import PRESS
from workflow.text.sentence_table_remarks import PASSAGES, REMARKS
from workflow.text.sentence_table_rule import RULES
from workflow.text.sentence_table_verifying import VERIFYING

TYPED = {
    "refusal": N_("This cannot be done. Go back, check what you entered, and try again."),
    "input": N_("This cannot be taken as typed."),
    "form": N_("Please look at what is marked below; nothing has been saved yet. Places to look at: %(count)s."),
    "file": N_("Line %(line)s: %(problem)s"),
    "file-0": N_("%(problem)s"),
    "not-printable": N_("This text cannot be set for paper. Take it as plain text or Markdown instead."),
    "not-printable-fonts": N_(
        "This text cannot be set for paper: the fonts here lack too many of its characters. Take it as plain text or"
        " Markdown instead."
    ),
    "not-printable-size": N_(
        "This text cannot be set for paper: it has too many parts. Take it as plain text or Markdown instead."
    ),
    "not-found": N_("There is nothing here. Check the address, or go back to where you came from."),
    "not-allowed": N_("This is not yours to do. Ask somebody at the lead organisation."),
    "missing": N_("Please fill this in."),
    "too-long": N_("This is too long: at most %(limit)s characters, and it has %(length)s."),
    "too-many": N_("These are too many: at most %(limit)s, and there are %(count)s."),
    "too-many-paragraphs": N_("This text has too many paragraphs: at most %(limit)s, and it has %(count)s."),
    "too-many-brackets": N_("This text has more square brackets than can be read: at most %(limit)s. Take some out."),
    "footnote-unseen": N_(
        "The footnote [^%(mark)s] would be signed but stand on no page: nothing refers to it, or it is written twice."
        " Refer to it in the text, or take it out."
    ),
    "link-title": N_(
        "A link may not carry a title that no page shows (%(title)s). Write it into the text, or take it out."
    ),
    "too-nested": N_("Lists or quotations stand too deep within each other. Please use fewer levels."),
    "control-characters": N_(
        "This contains characters that cannot be seen or printed (%(character)s). Please type it again or"
        " paste it as plain text."
    ),
    "direction-characters": N_(
        "This contains a character that turns the direction of writing (%(character)s) and could disguise"
        " what is written. Please type it again by hand."
    ),
    "too-many-marks": N_("Too many accents or marks stand on one letter. Please type it again."),
    "encoded-word": N_("This contains signs that mail programs would read as a code. Please type it as plain words."),
    "kind-unknown": N_("Please choose a press release, a joint statement or an open letter."),
    "language-unknown": N_('"%(language)s" is not a language code. Use one such as en, ar or fr.'),
    "number-unreadable": N_("This is not a whole number. Type it in digits, for example 5."),
    "number-between": N_("Type a number from %(least)s to %(most)s."),
    "date-unreadable": N_('"%(date)s" is not a date. Type year, month and day, for example 2026-11-27.'),
    "mail-implausible": N_(
        '"%(mail)s" is not a complete mail address. It should look like name@example.org, without spaces.'
    ),
    "password-short": N_("This password is too short: use at least %(limit)s characters, such as four words."),
    "password-long": N_("This password is too long: at most %(limit)s characters."),
    "password-wrong": N_("This is not your present password."),
    "quote-place-empty": N_(
        "The text has a place for quote %(number)s, but there is no such quote. Add the quote, or take the place out."
    ),
}

INSTANTS = {
    "instant-unreadable": N_(
        "This is not a date and time. Type it like 2026-03-29 19:00 Europe/London, or like 2026-03-29T19:00+01:00."
    ),
    "time-unreadable": N_("This is not a time of day. Type hours and minutes, for example 19:00."),
    "zone-unknown": N_('"%(zone)s" is not a time zone. Use a name such as Europe/London.'),
    "zone-missing": N_("Please choose a time zone, for example Europe/London."),
    "time-skipped": N_(
        "On that day the clocks in %(zone)s go forward and skip %(time)s. Type another time, for example %(instead)s."
    ),
    "time-twice": N_(
        "On that day the clocks in %(zone)s go back and show %(time)s twice. Type the time as %(first)s for"
        " the first, or as %(second)s for the second."
    ),
}

FILES = {
    "file-empty": N_("The file is empty."),
    "file-not-utf-8": N_("The file is not in UTF-8. Save it again with the encoding UTF-8 and try once more."),
    "file-too-long": N_("The file is too long to be read here: at most %(limit)s characters."),
    "file-unclosed-quotation": N_("A quotation mark is opened and never closed, or a field is too long."),
    "file-field": N_("%(field)s: %(problem)s"),
    "columns-missing": N_("The first line must name the columns. Missing: %(columns)s."),
    "columns-unknown": N_("The first line names columns that are not known here: %(columns)s."),
    "columns-twice": N_("The first line names a column more than once: %(columns)s."),
    "too-many-fields": N_(
        "This line has more fields than the first line has columns. Put names that contain the separator in"
        " quotation marks."
    ),
    "role-unknown": N_('"%(role)s" is not a role. Use required, optional or observer.'),
    "organisation-contradicted": N_(
        '"%(organisation)s" stands here with another %(column)s than in line %(line)s. Make both lines agree.'
    ),
    "contact-twice": N_('"%(mail)s" already stands in line %(line)s for the same organisation. Take one line out.'),
    "no-members": N_("The file names its columns but no organisation. Add one line for each."),
    "front-matter-unclosed": N_(
        'The file begins with a line "+++", and no second one follows. Close the first part with it.'
    ),
    "front-matter-unreadable": N_("The part between the +++ lines cannot be read: %(detail)s."),
    "front-matter-unknown": N_('"%(key)s" is not known between the +++ lines. Known are: %(known)s.'),
    "front-matter-kind": N_('"%(key)s" holds something else than expected. Put text between quotation marks.'),
    "statement-shape": N_(
        "This does not look like a statement. Begin with a label, a date and a headline on lines of their"
        " own, or with +++ and the parts by name."
    ),
    "link-without-target": N_('The link "%(words)s" has no address. Its words were kept as plain text.'),
    "signatory-twice": N_('"%(name)s" stands twice among the signatories and was taken once.'),
}

STAGES = {
    "wrong-stage": N_("This is not possible now: the statement is %(stage)s. Its own page says where it stands."),
    "nothing-changed": N_("The text is the same as before, so there is nothing to save."),
    "editorial.undecided": N_("Please choose whether everybody is asked again or the sign-offs are kept."),
    "nothing-to-sign": N_("Nothing is signed yet: this circulation collects comments and objections."),
    "quote-without-owner": N_(
        "Nobody on the roll can approve a quote of %(organisations)s. Put the organisation on the roll, write its name"
        " as it stands there, or say that the speaker has approved the words."
    ),
    "editorial-not-declared": N_(
        "Sign-offs can only be kept where that was declared before circulating. Put the text in force so that everybody"
        " is asked again."
    ),
    "text-incomplete": N_("The statement is not complete yet. Missing: %(what)s."),
    "text-incomplete-headline": N_("The statement has no headline yet. Give it one before you circulate it."),
    "text-incomplete-body": N_("The statement has no text yet. Write it before you circulate it."),
    "text-incomplete-date": N_("The statement has no date yet. Give it one before you circulate it."),
    "purpose-missing": N_("Please choose whether you ask for comments or for sign-offs."),
    "empty-rule": N_(
        "Nobody is required and no number of sign-offs is set, so the text would be published at once."
        " Make at least one organisation required, or set a number."
    ),
    "rule-out-of-reach": N_(
        "The rule asks for more sign-offs than there are organisations that can sign: %(at_least)s of %(of)s. Lower the"
        " number, or add organisations; or let others join by an open page."
    ),
    "no-contact": N_("Nobody to write to at %(organisations)s. Add a contact there first."),
    "deadline-passed": N_("The deadline lies in the past. Choose a later one."),
    "already-circulating": N_("This statement is circulating already. Recall it first if you want to start again."),
}

LINKS = {
    "link": N_("This link does not open. Ask the organisation that sent it for a fresh one."),
    "link-tampered": N_(
        "This link is not complete or was changed on its way. Open it straight from the mail, or copy it as a whole."
    ),
    "link-expired": N_("This link has expired. You can have a fresh one sent to the registered contact."),
    "link-revoked": N_("This link was revoked by the organisation that sent it. Please write to them."),
    "link-replaced": N_("A newer link was sent to the same address. Please use the newest mail."),
    "link-closed": N_("The asking that this link belongs to has ended, so no answer is taken any more."),
    "link-closed-complete": N_("Everybody required has signed and the text is final, so no answer is taken any more."),
    "link-closed-recalled": N_(
        "The text was recalled to be worked on. If it is circulated again, you will get a new mail."
    ),
    "link-closed-concluded": N_(
        "The comments are closed, and what was said is kept. When the text is to be signed, you will get a new mail."
    ),
    "link-closed-abandoned": N_("The statement was abandoned and will not be published. There is nothing left to do."),
}

ANSWERS = {
    "text-moved": N_("The text was changed while you were reading. See what is different, then answer again."),
    "observers-do-not-sign": N_("Your organisation takes part as an observer: you can comment, but not sign."),
    "code-wrong": N_("This is not the code that was mailed. Check the six digits. Tries left: %(tries_left)s."),
    "code-malformed": N_("The code has six digits. Type them as they stand in the mail; no try is counted."),
    "code-spent": N_("This code can no longer be used. Ask for a fresh one below."),
    "too-many-codes": N_(
        "Several codes have been sent already. Look in your mailbox, also under junk, or ask again later."
        " Minutes to wait: %(minutes)s."
    ),
    "sign-in": N_("Mail address and password do not fit together. Check both, or choose a new password."),
    "too-many-tries": N_("There were too many tries. Minutes to wait before the next: %(minutes)s."),
    "reset": N_("This link to choose a password can no longer be used. Ask for a new one."),
    "already-set-up": N_("This installation has its first user already. Please sign in."),
    "password-short": N_("This password is too short: use at least %(limit)s characters. Several words are fine."),
    "password-long": N_("This password is too long: use at most %(limit)s characters."),
    "password-wrong": N_("This is not your present password. Check it and type it again."),
    "coalition-missing": N_("Please choose the coalition that this statement is for."),
    "already-there": N_('"%(name)s" exists already. Choose another name, or use the one that is there.'),
    "in-use": N_('"%(name)s" takes part in a statement that is circulating and cannot be removed now.'),
}

ANSWERING = {
    "answer.kind-missing": N_("Please choose what your organisation answers."),
    "answer.name-missing": N_("Please type your name."),
    "answer.role-missing": N_("Please type your role in the organisation."),
    "answer.listed-name-missing": N_("Please type the name of your organisation as it should be listed."),
    "answer.authority-missing": N_("Please tick that you sign for the organisation and not as a private person."),
    "answer.objection-without-text": N_("Please say which words you object to and why, so that they can be changed."),
    "quote.decision-missing": N_("Please choose what your organisation says of its quote."),
    "quote.wording-missing": N_("Please type the words that should stand instead."),
    "answer.decline-without-reason": N_("Please give the reason in a sentence or two."),
    "comment.empty": N_("Please write your comment."),
    "reply.empty": N_("Please write your reply."),
    "statement.saved-already": N_(
        "This very form was saved as a statement already. Tick this only if there is to be a second one."
    ),
    "nothing-chosen": N_("Please choose a file, or paste the text below."),
    "comment.too-long": N_("This comment is too long: at most %(limit)s characters. Send it in several parts."),
}

SENTENCES: dict[str, str] = {
    **TYPED,
    **INSTANTS,
    **FILES,
    **BROUGHT,
    **STAGES,
    **LINKS,
    **ANSWERS,
    **ANSWERING,
    **PASSAGES,
    **MISSING,
    **RULES,
    **OPENING,
    **VERIFYING,
    **REMARKS,
    **PARTS,
    **EDITORIAL,
    **LISTING,
    **EDITIONS,
    **AFTER,
    **PRESS,
    **PEOPLE,
}

# Where a value chooses between sentences: "link-closed" with outcome "recalled" is "link-closed-recalled".
VARIANTS: dict[str, tuple[str, ...]] = {
    "file": ("line",),
    "link-closed": ("outcome",),
    "not-printable": ("reason",),
    "text-incomplete": ("what",),
    "suggestion-conflict": ("why",),
}

# Codes that stand for a word, by the name of the value that carries them.
WORDS: dict[str, dict[str, str]] = {
    "stage": {
        "draft": N_("still a draft"),
        "circulating": N_("circulating"),
        "locked": N_("locked"),
        "published": N_("published"),
        "retracted": N_("retracted"),
        "abandoned": N_("abandoned"),
    },
}
