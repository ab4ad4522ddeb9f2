"""Looking at what a member's pages show: one frozen page for the text, one for the receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Revision
from workflow.models.signing import Answer
from workflow.queries.circulation import Place, roll, rule_of
from workflow.queries.commenting import Tally, by_place, name_before, positions, threads
from workflow.queries.last_read import last_read
from workflow.queries.listing import said_of
from workflow.queries.member_said import Said, missing_for, said_in, shows
from workflow.queries.people import newest_by, void_among, withheld_before
from workflow.queries.quoting import OwnQuote, own_quotes
from workflow.queries.signing import answers_to_statement, current_answer, taken_back
from workflow.queries.threads import Thread
from workflow.queries.voices import voices_for
from workflow.rules.circulation import Kind, Purpose, Role, Visibility
from workflow.rules.completion import Completion, when_published
from workflow.rules.lifecycle import Stage
from workflow.rules.listed_names import for_language
from workflow.rules.listing import UNSAID, USUAL, Entry, Manner
from workflow.rules.refusals import Message
from workflow.rules.voices import Voices
from workflow.text.content import Content, Edition
from workflow.text.differences import EditionChanges, changes_in
from workflow.text.editorial import remarkable_in


@dataclass(frozen=True)
class Asked:
    """Who asks whom, by which link, until when: what stands on every page of a member.

    `only_reads`: it is an observer of whom nothing is asked.
    """

    invitation_id: int
    organisation: str
    contact: str
    contact_mail: str
    lead: str
    role: Role
    deadline_at: datetime
    deadline_zone: str
    code_required: bool
    outcome: str | None
    slug: str | None
    purpose: Purpose = Purpose.SIGN_OFF
    visibility: Visibility = Visibility.EVERYTHING
    withheld_allowed: bool = True
    silence: bool = False
    silence_broken: bool = False
    stage: Stage = Stage.CIRCULATING
    publishing: Message | None = None
    soft_at: datetime | None = None
    contested: bool = False
    only_reads: bool = False

    @property
    def masked_mail(self) -> str:
        """Enough of the registered address to be recognised by whoever knows it, and no more."""
        local, _, domain = self.contact_mail.rpartition("@")
        return f"{local[:1]}•••@{domain}"


@dataclass(frozen=True)
class Editorial:
    """An editorial change that keeps the sign-off of this signatory. `until`: it can object; None: the hours are over.

    `remarks` point out what in it is more than editorial.
    """

    until: datetime | None
    remarks: tuple[Message, ...]


@dataclass(frozen=True)
class MemberPage:
    """The text in force with all that a member needs to answer it.

    `answers` are those of the whole organisation in this circulation, oldest first; the last one counts.
    `newest` is its newest answer to the statement at all, also in a circulation that was recalled, and `changes`
    what changed since the text that it was to: empty where that is the text in force. `threads` are the remarks that
    this member may see, in the order of the text, and `positions` what the others say, where it may know that.
    `name_before` is the name last typed with a remark by this very link. `read_before` is the number of the earlier
    text that an organisation without an answer has read last: then `changes` are since that one; 0 where there is none.
    `manner` is how signatories are listed, `listed` what the list says of this one beside its name; `voices` what each
    contact of it says, where several have to say the same. `edition` is shown of `content`, all of which is signed.
    `registered` is the name under which the organisation is listed unless it says otherwise, `names` those for the
    translations (empty: the same). `withheld_before`: when it last said so, it asked not to be named.
    """

    asked: Asked
    revision: int
    digest: str
    edition: Edition
    cover_note: str
    rule: Message
    missing: Message
    answers: tuple[Said, ...]
    newest: Said | None
    threads: tuple[Thread, ...]
    positions: tuple[Tally, ...]
    changes: tuple[EditionChanges, ...]
    content: Content
    registered: str
    names: dict[str, str]
    quotes: tuple[OwnQuote, ...] = ()
    editorial: Editorial | None = None
    name_before: str = ""
    read_before: int = 0
    manner: Manner = USUAL
    listed: Entry = UNSAID
    voices: Voices | None = None
    withheld_before: bool = False

    @property
    def standing(self) -> Said | None:
        """The answer that counts now; one that was taken back counts as none, one that is void never was."""
        newest = next((one for one in reversed(self.answers) if not one.void), None)
        return None if newest is None or newest.kind is Kind.TAKEN_BACK else newest

    @property
    def shown(self) -> str:
        """By what a passage names the edition that is shown: its language, or nothing for the authoritative one."""
        return self.content.short(self.edition)

    @property
    def became(self) -> tuple[Thread, ...]:
        """The remarks that were made on earlier texts: what became of them is told first."""
        return tuple(one for one in self.threads if one.revision < self.revision)

    @property
    def typed_before(self) -> Said | None:
        """What was last answered by this very link: its person need not type name and role again."""
        return next((said for said in reversed(self.answers) if said.own), None)


@dataclass(frozen=True)
class Receipt:
    """What was answered, and what follows from it. `taken_back` is the answer that it took back; `voices` what each
    contact says, where several have to say the same."""

    asked: Asked
    said: Said
    missing: Message
    quotes: tuple[OwnQuote, ...] = ()
    taken_back: Said | None = None
    voices: Voices | None = None


def asked_of(invitation: Invitation) -> Asked:
    """The frame of a member's pages, from an invitation as `invitation_for_page` gives it."""
    circulation, statement = invitation.signatory.circulation, invitation.signatory.circulation.statement
    return Asked(
        invitation_id=invitation.id,
        organisation=invitation.signatory.name,
        contact=invitation.contact.name,
        contact_mail=invitation.contact.mail,
        lead=statement.lead.name,
        role=invitation.signatory.part,
        deadline_at=circulation.deadline_at,
        deadline_zone=circulation.deadline_zone,
        code_required=circulation.code_required,
        outcome=circulation.outcome,
        slug=statement.slug if statement.stage in (Stage.PUBLISHED, Stage.RETRACTED) else None,
        withheld_allowed=circulation.withheld_allowed,
        silence=circulation.silence_lasts,
        silence_broken=circulation.rule.broken,
        stage=Stage(statement.stage),
        publishing=None if circulation.ending.how is Completion.AT_ONCE else when_published(circulation.ending),
        purpose=Purpose(circulation.purpose),
        visibility=Visibility(circulation.visibility),
        soft_at=circulation.deadlines[0] if len(circulation.deadlines) > 1 else None,
        contested=invitation.signatory.contest_id is not None,
        only_reads=invitation.signatory.only_reads,
    )


def _withheld_before(session: Session, signatory: Signatory, answers: Sequence[Answer]) -> bool:
    """The same as `withheld_before` in `people`, of what was loaded already where it answered on this place."""
    own = [one for one in answers if one.signatory_id == signatory.id]
    if own or not answers:
        return signatory.withheld or bool(own and own[-1].withheld)
    return withheld_before(session, signatory.circulation.statement_id, signatory.organisation_id)


def page_of(session: Session, invitation: Invitation, language: str | None = None) -> MemberPage:
    """The page of an invitation as `invitation_for_page` gives it, with the edition in `language`.

    Where none is asked for, that is the one which the contact can read, if there is one.
    """
    signatory = invitation.signatory
    circulation = signatory.circulation
    text, content = circulation.revision, circulation.revision.parsed
    edition = content.for_reader(invitation.contact.language) if language is None else content.in_language(language)
    answers = answers_to_statement(session, circulation.statement_id, signatory.organisation_id)
    void = void_among(session, answers)
    said = [said_in(one, invitation, signatory, circulation, void=one.id in void) for one in answers]
    places = roll(session, circulation.id)
    manner, listed = said_of(session, circulation.statement_id, signatory.organisation_id)
    valid = [one for one in answers if one.id not in void]
    before = valid[-1].revision if valid else _read_before(session, signatory, circulation)
    return MemberPage(
        asked=asked_of(invitation),
        revision=text.number,
        digest=text.digest,
        edition=edition,
        cover_note=circulation.cover_note,
        rule=rule_of(circulation, places),
        missing=missing_for(circulation, places, signatory.id),
        answers=tuple(one for one, answer in zip(said, answers, strict=True) if answer.signatory_id == signatory.id),
        newest=next((one for one in reversed(said) if not one.void), None),
        threads=tuple(by_place(_threads(session, signatory, circulation))),
        positions=positions(session, circulation, signatory.id, places),
        withheld_before=_withheld_before(session, signatory, answers),
        changes=() if before is None or before.id == text.id else since(before, text),
        quotes=own_quotes(session, signatory, content),
        editorial=_editorial(circulation, places, signatory.id, valid[-1] if valid else None),
        name_before=name_before(session, invitation.id),
        read_before=before.number if before and not valid else 0,
        manner=manner,
        listed=listed,
        voices=voices_for(session, signatory),
        content=content,
        registered=for_language(signatory.names or {}, content.authoritative.language) or signatory.name,
        names=_names(signatory, content, said),
    )


def _names(signatory: Signatory, content: Content, said: Sequence[Said]) -> dict[str, str]:
    """For each translation the name that was confirmed for it, else the registered one, else none of its own."""
    confirmed = next((one.names for one in reversed(said) if one.kind is Kind.SIGN_OFF and not one.void), {})
    registered = signatory.names or {}
    return {one: confirmed.get(one) or for_language(registered, one) for one in content.languages[1:]}


def _read_before(session: Session, signatory: Signatory, circulation: Circulation) -> Revision | None:
    return last_read(session, circulation.statement_id, signatory.organisation_id, circulation.revision)


def _threads(session: Session, signatory: Signatory, circulation: Circulation) -> list[Thread]:
    return threads(
        session,
        circulation.statement_id,
        for_signatory=signatory,
        visibility=Visibility(circulation.visibility),
        in_text=circulation.revision,
    )


def _editorial(circulation: Circulation, places: Sequence[Place], own: int, newest: Answer | None) -> Editorial | None:
    """What keeps a sign-off to an earlier text; nothing where the newest answer is no such sign-off that counts."""
    if newest is None or newest.kind != Kind.SIGN_OFF or newest.revision_id not in circulation.carried:
        return None
    late = circulation.came_late(newest.answered_at) and all(place.counted_id != newest.id for place in places)
    if newest.signatory_id != own or late:
        return None
    # Where members do not see each other, that a word is the name of one of them would say who is asked.
    named = circulation.visibility == Visibility.EVERYTHING
    remarks = remarkable_in(
        newest.revision.parsed,
        circulation.revision.parsed,
        names=[place.name for place in places] if named else (),
        words_allowed=circulation.editorial_words,
    )
    return Editorial(circulation.objections_until, tuple(remarks))


def receipt_of(session: Session, invitation: Invitation) -> Receipt | None:
    """The receipt for the newest answer of the invitation's signatory; none where nothing was answered.

    Where several contacts have to say the same, that for the newest answer by this very link, if there is one.
    """
    signatory = invitation.signatory
    own = newest_by(session, invitation) if signatory.needed > 1 else None
    answer = own or current_answer(session, signatory)
    if answer is None:
        return None
    circulation = signatory.circulation
    before = taken_back(session, answer)
    return Receipt(
        asked=asked_of(invitation),
        said=said_in(answer, invitation, signatory, circulation),
        missing=missing_for(circulation, roll(session, circulation.id), signatory.id),
        quotes=own_quotes(session, signatory, circulation.revision.parsed) if shows(circulation) else (),
        taken_back=said_in(before, invitation, signatory, circulation) if before else None,
        voices=voices_for(session, signatory),
    )


def since(answered: Revision, text: Revision) -> tuple[EditionChanges, ...]:
    """What changed from one revision to another, edition by edition."""
    return changes_in(answered.parsed, text.parsed)
