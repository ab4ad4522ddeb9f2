"""Letters in words: everything a letter needs to know as one plain value, and its subject, text and HTML.

No letter before the publication carries a word of the draft, not even its headline: mails rest with vendors.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from babel import Locale
from babel.dates import format_skeleton
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from workflow.config import LANGUAGES, TEMPLATES, TRANSLATIONS
from workflow.mail.outbox import Kind
from workflow.rules.circulation import Purpose, Role
from workflow.rules.refusals import Message
from workflow.rules.voices import Voices
from workflow.text.collation import comma, language_name, locale_for
from workflow.text.instants import clock_in_line, format_instant, in_zone
from workflow.text.sentences import say, say_until
from workflow.text.stops import speak

MANY_BLANK_LINES = re.compile(r"\n{3,}")
# Stands in a preview where the letter will carry the personal part of the link.
PLACEHOLDER = "…"


@dataclass(frozen=True)
class Addressee:
    """To whom a letter goes, and in which language and time zone that person reads."""

    name: str
    mail: str
    language: str = "en"
    zone: str = "UTC"


@dataclass(frozen=True)
class Asking:
    """What is asked of `organisation`, by when, under which rule; what is missing; if it is quoted, the text final.

    `soft_at` is the deadline that is asked for, while it is to come; nothing ends at it.
    """

    organisation: str
    role: Role
    deadline_at: datetime
    deadline_zone: str
    rule: Message
    missing: Message
    cover_note: str = ""
    code_required: bool = True
    purpose: Purpose = Purpose.SIGN_OFF
    silence: bool = False
    broken: bool = False
    quoted: bool = False
    final: bool = False
    soft_at: datetime | None = None

    @property
    def only_reads(self) -> bool:
        """Whether nothing is asked of it: an observer may read and comment, and has a word on its own quotes alone."""
        return self.role is Role.OBSERVER and not self.quoted

    @property
    def first_at(self) -> datetime:
        """By when an answer is asked for."""
        return self.soft_at or self.deadline_at


@dataclass(frozen=True)
class Given:
    """An answer that was given, with what its receipt proves: digest, instant and chain head.

    A word on a quote is one too; its kind is `quote-approved`, `quote-reworded` or `quote-refused`. `how` the lead
    heard of it, where it recorded it on somebody's word; `voices` what each contact says now, where several have to
    say the same. `contested`: it counts once the lead has resolved what a contact contests. `names`: what it is listed
    as in other languages, each with its language, where that is another name than the registered one.
    """

    organisation: str
    kind: str
    person_name: str
    person_role: str
    listed_name: str
    revision: int
    digest: str
    at: datetime
    chain_head: str
    withheld: bool = False
    how: str = ""
    voices: Voices | None = None
    contested: bool = False
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Due:
    """What a reminder reminds of: of whom something is asked since when, behind which link."""

    organisation: str
    link: str
    asking: Asking
    opened_at: datetime


@dataclass(frozen=True)
class LetterView:
    """All that one letter tells. `link` is where it leads: an approval link, the desk, a public page, a reset.
    `own_link` is the reader's approval link, where `link` leads elsewhere.

    `lead` is the organisation that asks, `reply_to` the mail address of its person. `code` lasts
    `code_minutes`, until `until` (as does a link to choose a password, and objecting to an editorial change).
    `person` is who commented, `others` how many more remarks came in since. `listed`: what became of earlier ones
    can be read behind the link. `publishing` says when a locked text is published; `act` what was done after the lock
    (or why it is held), `head` the head of the history then; sign-offs hold for `days`. `roll_change`
    says what happened to a place on the roll, `reason` why, where it is the reader's own. `due` is all that a
    reminder reminds of, what is due first before. `colleague` is to whom `person` handed over, `to_lead` whether the
    reader is the lead's, `only_reads` whether the place is an observer's, which is asked for no answer. By
    `contest_link` an answer is said not to have been ours; `published` then: what is public stays. `silence`: how that
    stands which a receipt is about, `lasts` or `broken`; `kept`: a publication came of it. `by`: through which door
    something was done after the lock, `link` or `desk`.
    `was_at` and `was_soft_at` are the deadlines before they were moved, `stands` the kind of the answer that stands
    all the same (or `one-voice`), so that nothing is asked of the reader.
    `names` are those on which the lead decided for other languages, as they are listed now, each with its language.
    `name_now` is a name in public after it was mended, `name_was` the one before, for those alone whose name it is.
    `checkpoint` is the newest head of the public log, where there is one. `release` is a published
    statement as plain text, for the press; by `unsubscribe` the reader leaves the list.
    """

    kind: Kind
    message_id: str
    to: Addressee
    base_url: str
    lead: str = ""
    reply_to: str = ""
    link: str = ""
    own_link: str = ""
    asking: Asking | None = None
    given: Given | None = None
    code: str = ""
    code_minutes: int = 0
    until: datetime | None = None
    organisation: str = ""
    person: str = ""
    others: int = 0
    listed: bool = False
    accepted: bool = False
    names: tuple[tuple[str, str], ...] = ()
    headline: str = ""
    digest: str = ""
    publishing: Message | None = None
    until_zone: str = ""
    act: str = ""
    by: str = ""
    days: int = 0
    head: str = ""
    reason: str = ""
    roll_change: Message | None = None
    due: tuple[Due, ...] = ()
    colleague: str = ""
    colleague_mail: str = ""
    to_lead: bool = False
    only_reads: bool = False
    contest_link: str = ""
    published: bool = False
    silence: str = ""
    was_at: datetime | None = None
    was_soft_at: datetime | None = None
    stands: str = ""
    name_was: str = ""
    name_now: str = ""
    checkpoint: str = ""
    release: str = ""
    unsubscribe: str = ""

    @property
    def paragraphs(self) -> list[list[str]]:
        """The release as paragraphs of lines."""
        return [part.split("\n") for part in self.release.strip().split("\n\n")]


@dataclass(frozen=True)
class Rendered:
    """A letter in words. `subject` is one line."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class ApprovalFacts:
    """What the lead has entered before circulating, for the preview of one contact's letter."""

    to: Addressee
    lead: str
    asking: Asking


def render(letter: LetterView) -> Rendered:
    """Put a letter into words, in the addressee's language where there is a catalogue, else in English."""
    environment = _environment(spoken(letter.to.language))
    folder = f"mail/{letter.kind.value}"
    subject = " ".join(environment.get_template(f"{folder}/subject.txt").render(letter=letter).split())
    text = environment.get_template(f"{folder}/body.txt").render(letter=letter)
    html = environment.get_template(f"{folder}/body.html").render(letter=letter, subject=subject)
    return Rendered(subject, MANY_BLANK_LINES.sub("\n\n", text.strip()) + "\n", html)


def preview(facts: ApprovalFacts, base_url: str) -> Rendered:
    """The letter that would ask one contact, with a link that opens nothing."""
    letter = LetterView(
        kind=Kind.APPROVAL,
        message_id="",
        to=facts.to,
        base_url=base_url,
        lead=facts.lead,
        link=f"{base_url}/sign/{PLACEHOLDER}",
        asking=facts.asking,
    )
    return render(letter)


def spoken(language: str) -> str:
    """The language in which a letter to a reader of `language` is written."""
    base = language.partition("-")[0].lower()
    return base if base in LANGUAGES else LANGUAGES[0]


@cache
def _environment(language: str) -> Environment:
    """Templates speaking `language`: gettext, sentences and instants are said in it."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = Translations.load(TRANSLATIONS, [language])
    speak(environment, words.gettext, words.ngettext)
    environment.globals.update(
        language=language, direction=Locale.parse(language).text_direction, observer=Role.OBSERVER
    )
    environment.filters.update(
        language_name=lambda named: language_name(named, language),
        sentence=lambda message: say(message, words.gettext, language),
        instant=lambda at, zone: format_instant(at, zone, language),
        until_day=lambda at, zone, here: say_until(at, zone, here, words.gettext, language, morning=True),
        until=lambda at, zone, here: say_until(at, zone, here, words.gettext, language),
        short_instant=lambda at, zone: _short_instant(at, zone, language),
    )
    return environment


def _short_instant(at: datetime, zone: str, language: str) -> str:
    """For a subject line: "27 Nov 2026, 18:00 Europe/London"."""
    local = in_zone(at, zone)
    day = format_skeleton("yMMMd", local.date(), locale=locale_for(language))
    return f"{day}{comma(language)}{clock_in_line(f'{local:%H:%M} {zone}', language)}"
