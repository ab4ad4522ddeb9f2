"""The moves of a random walk by people beside the usual path: a contested answer, one by phone, a colleague who answers
instead, organisations that were not invited.

They take the walk itself, which has chance, time and what it sees of its statement.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from tests.builders import LINKS
from workflow.actions import codes, contesting, deciding, handing, opening, recording
from workflow.links import CONFIRMING
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.models.contesting import Contest
from workflow.models.opening import Application, OpenPage
from workflow.models.recording import Recording
from workflow.models.signing import Answer
from workflow.queries.contesting import mail_mark
from workflow.rules.circulation import Kind
from workflow.rules.handing import Colleague
from workflow.rules.opening import Asks
from workflow.rules.recording import Evidence, Word
from workflow.rules.refusals import Refusal
from workflow.rules.signing import Offered
from workflow.text.digest import handing_hash

if TYPE_CHECKING:
    from tests.prove.walks import Walk


def _one(walk: "Walk", chosen: Select[Any]) -> Any:
    """One of the rows, by chance; who finds none has nothing to do here."""
    found = walk.session.execute(chosen.order_by(chosen.selected_columns[0])).all()
    walk.session.rollback()
    if not found:
        raise Refusal
    return walk.chance.choice(found)


def _ours(walk: "Walk", chosen: Select[Any]) -> Select[Any]:
    """The same, of this statement alone."""
    of_it = chosen.join(Circulation, Circulation.id == Signatory.circulation_id)
    return of_it.where(Circulation.statement_id == walk.made.statement.id)


def _reader(walk: "Walk", signatory_id: int) -> tuple[int, str]:
    """A contact of a signatory who was written to: its invitation, and the mark of its mailbox."""
    chosen = select(Invitation.id, Contact.mail).join(Contact, Contact.id == Invitation.contact_id)
    invitation_id, mail = _one(walk, chosen.where(Invitation.signatory_id == signatory_id))
    return invitation_id, mail_mark(mail)


def contest(walk: "Walk") -> None:
    """A contact says of an answer that it was not theirs."""
    chosen = select(Answer.id, Answer.signatory_id).join(Signatory, Signatory.id == Answer.signatory_id)
    answer_id, signatory_id = _one(walk, _ours(walk, chosen))
    invitation_id, mark = _reader(walk, signatory_id)
    contesting.contest(walk.session, walk.now, invitation_id, answer_id, mark)


def resolve(walk: "Walk") -> None:
    """The lead resolves what is contested."""
    chosen = select(Contest.id).join(Signatory, Signatory.id == Contest.signatory_id)
    (contest_id,) = _one(walk, _ours(walk, chosen))
    said, reason = walk.chance.choice(("stands", "void")), walk.chance.choice(("We rang them.",) * 5 + ("",))
    contesting.resolve(walk.session, walk.now, *walk.about, contest_id, said, reason)


def record(walk: "Walk") -> None:
    """The lead writes down what a member said by phone."""
    if not walk.seen.signatories or walk.seen.circulation is None:
        raise Refusal
    one = walk.chance.choice(walk.seen.signatories)
    kind = walk.chance.choice((*(Kind.SIGN_OFF,) * 4, Kind.OBJECTION, Kind.DECLINE, Kind.ABSTAIN))
    offered = Offered(
        kind,
        walk.chance.choice((walk.in_force(),) * 9 + (walk.seen.revisions[0].digest,)),
        text="Not with this sentence.",
        listed_name=one.name if kind is Kind.SIGN_OFF else "",
        person_name="Zoe Example",
        person_role="Chair",
        authority=True,
    )
    proof = Evidence("phone", walk.chance.choice(("She rang.",) * 5 + ("",)))
    recording.record(walk.session, walk.now, *walk.about, one.id, offered, proof)


def _a_recording(walk: "Walk") -> tuple[int, int, Any]:
    chosen = select(Recording.id, Recording.signatory_id, Recording.until)
    found = _one(walk, _ours(walk, chosen.join(Signatory, Signatory.id == Recording.signatory_id)))
    return found[0], found[1], found[2]


def word(walk: "Walk") -> None:
    """A contact confirms what the lead wrote down, or contradicts it."""
    recording_id, signatory_id, _ = _a_recording(walk)
    invitation_id, mark = _reader(walk, signatory_id)
    said = Word(agrees=walk.chance.random() < 0.7, person_name="Zoe Example", person_role="Chair", authority=True)
    recording.decide(walk.session, LINKS, walk.now, invitation_id, recording_id, mark, said)


def word_stands(walk: "Walk") -> None:
    """The worker looks whether the hours are over in which a recorded answer can be contradicted."""
    recording_id, _, until = _a_recording(walk)
    if walk.chance.random() < 0.7:
        walk.now = max(walk.now, until)
    if not recording.word_stands(walk.session, walk.now, recording_id):
        raise Refusal


def hand_over(walk: "Walk") -> None:
    """A contact names a colleague, at the same mail domain or at another one."""
    invitation = walk.an_invitation()
    generation = walk.a_generation(invitation)
    mail = f"bo{walk.chance.randint(1, 3)}@{walk.chance.choice(('one', 'two'))}.example.org"
    colleague = Colleague("Bo Example", mail)
    challenge, code = None, ""
    if invitation.signatory.circulation.code_required:
        challenge = codes.ask_code_to_hand_over(walk.session, walk.now, invitation.id, generation, colleague)
        code = LINKS.code(challenge, invitation.signatory.circulation.revision.digest, handing_hash(colleague))
    handing.hand_over(
        walk.session, LINKS, walk.now, invitation.id, generation, colleague, challenge_id=challenge, code=code
    )


def decide_colleague(walk: "Walk") -> None:
    """The lead lets a colleague at another mail domain in, or does not."""
    chosen = select(Invitation.id).join(Signatory, Signatory.id == Invitation.signatory_id)
    (invitation_id,) = _one(walk, _ours(walk, chosen).where(Invitation.waits_for_lead))
    accepted = walk.chance.random() < 0.7
    handing.decide(walk.session, walk.now, *walk.about, invitation_id, accepted=accepted)


def open_page(walk: "Walk") -> None:
    """The lead opens a page to everybody who has its address; now and then it closes it."""
    if walk.chance.random() < 0.2:
        opening.close_it(walk.session, walk.now, *walk.about)
        return
    opening.open_it(walk.session, walk.now, *walk.about, "", understood=walk.chance.random() < 0.95)


def apply(walk: "Walk") -> None:
    """Somebody who was not invited asks to sign, on a page that was opened once."""
    chosen = select(OpenPage.key).join(Circulation, Circulation.id == OpenPage.circulation_id)
    (key,) = _one(walk, chosen.where(Circulation.statement_id == walk.made.statement.id))
    number = walk.chance.randint(1, 10**9)
    asks = Asks(
        digest=walk.in_force(),
        name=f"Ferry Circle {walk.chance.choice(('North', 'South', number))}",
        country="Valley Republic",
        person_name="Nia Example",
        person_role="Chair",
        mail=f"nia@ferry{number}.example.org",
        individual=walk.chance.random() < 0.2,
        authority=walk.chance.random() < 0.95,
    )
    opening.apply(walk.session, LINKS, walk.now, key, asks, f"192.0.{number % 255}.2", "en")


def confirm_application(walk: "Walk") -> None:
    """Who asked reads the letter, and says so."""
    chosen = select(Application.key).join(Circulation, Circulation.id == Application.circulation_id)
    (key,) = _one(walk, chosen.where(Circulation.statement_id == walk.made.statement.id))
    code = LINKS.code(CONFIRMING, key) if walk.chance.random() < 0.95 else "000000"
    opening.confirm(walk.session, LINKS, walk.now, key, code)


def decide_application(walk: "Walk") -> None:
    """The lead accepts some who ask, refuses some, or undoes what it decided."""
    chosen = select(Application.id).join(Circulation, Circulation.id == Application.circulation_id)
    of_it = chosen.where(Circulation.statement_id == walk.made.statement.id)
    ids = list(walk.session.scalars(of_it.order_by(Application.id)))
    walk.session.rollback()
    if not ids:
        raise Refusal
    some = walk.chance.sample(ids, walk.chance.randint(1, len(ids)))
    what = walk.chance.choice(("accept", "accept", "accept", "refuse", "undo"))
    if what == "refuse":
        deciding.refuse(walk.session, walk.now, *walk.about, some, "Not of the valley.")
    else:
        act = deciding.accept if what == "accept" else deciding.undo
        act(walk.session, walk.now, *walk.about, some)
    walk.told.met[f"{what} applications"] += 1


def contest_application(walk: "Walk") -> None:
    """Who is said to have asked says that it was not them."""
    chosen = select(Application.key).join(Circulation, Circulation.id == Application.circulation_id)
    (key,) = _one(walk, chosen.where(Circulation.statement_id == walk.made.statement.id))
    opening.contest(walk.session, walk.now, key)


def forget_applications(walk: "Walk") -> None:
    """The worker forgets who never confirmed."""
    asked = walk.seen.circulation
    if asked is None:
        raise Refusal
    walk.now += timedelta(days=walk.chance.choice((0, 8)))
    if not opening.forget(walk.session, walk.now, asked.id):
        raise Refusal
