"""Builders: a living coalition in a few words. They commit, because actions begin their own transactions."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

from PIL import Image
from sqlalchemy.orm import Session

from workflow import keys
from workflow.actions import circulation as circulating
from workflow.actions import drafting
from workflow.links import Links
from workflow.models.accounts import User
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Coalition, Contact, Member, Organisation
from workflow.models.drafting import Revision, Statement
from workflow.rules.circulation import ALL_REQUIRED, Kind, Role, Rule, Visibility
from workflow.rules.completion import AT_ONCE, Ending
from workflow.rules.people import USUAL_PEOPLE, People
from workflow.rules.quoting import QuoteWord
from workflow.rules.reminding import NO_REMINDERS, Reminders
from workflow.rules.signing import Offered, QuoteOffered
from workflow.text.content import Edition, Quote
from workflow.text.picture import Picture

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
KEYS = ("test-key-0123456789-abcdefghijklmnopqrstuvwxyz",)
LINKS = Links(KEYS)
# The signing key of every installation under test; its seed spells what it is.
SIGNING_KEY = base64.b64encode(b"a signing key for the tests only").decode()
SIGNING = keys.from_settings(SIGNING_KEY, None, "localhost")
NAMES = (
    "Lakeside Relief",
    "Hillside Forum",
    "Harbour Aid",
    "The Orchard Trust",
    "Riverbank Voices",
    "Meadow Action",
    "Northern Lights Network",
)
EDITION = Edition(
    language="en",
    kind="press-release",
    label="Press release",
    date="2027-03-01",
    place="Lakeside",
    headline="Seven organisations ask for the valley road to be reopened",
    body=(
        "The valley road has been closed for **forty** days. Families cannot reach the clinic.\n\n"
        "We ask the council to reopen it [this week](https://council.example.org/roads).\n\n"
        "[[quote 1]]\n\nThe road is the only way to the school."
    ),
    quotes=(Quote("Ada Example", "Director", "Lakeside Relief", "Nobody should walk nine hours to a doctor."),),
    ends="ENDS",
)

# The same without words that somebody has to approve.
QUOTELESS = replace(EDITION, quotes=(), body=EDITION.body.replace("[[quote 1]]\n\n", ""))


@dataclass
class World:
    """A lead with its user, a coalition and a draft; after `circulate`, the asking and its invitations."""

    session: Session
    user: User
    coalition: Coalition
    members: list[Organisation]
    contacts: list[Contact]
    statement: Statement
    circulation: Circulation | None = None
    invitations: list[Invitation] = field(default_factory=list)
    signatories: list[Signatory] = field(default_factory=list)

    @property
    def revision(self) -> Revision:
        """The text in force."""
        assert self.circulation is not None
        return self.circulation.revision


def world(
    session: Session,
    members: int = 3,
    edition: Edition = EDITION,
    lead: str = "Valley Coalition",
    translations: Sequence[Edition] = (),
) -> World:
    """A lead, `members` member organisations with a contact each, and a draft."""
    organisation = Organisation(name=lead, listed_name=lead)
    session.add(organisation)
    session.flush()
    slug = lead.lower().replace(" ", "-")
    user = User(organisation_id=organisation.id, name="Lea Lead", mail=f"desk@{slug}.example.org", created_at=NOW)
    coalition = Coalition(lead_id=organisation.id, name="Valley campaign")
    session.add_all([user, coalition])
    session.flush()
    organisations, contacts = [], []
    for index in range(members):
        name = NAMES[index] if index < len(NAMES) else f"Village Group {index:04d}"
        member = Organisation(kept_by_id=organisation.id, name=name, listed_name=name)
        session.add(member)
        session.flush()
        contact = Contact(organisation_id=member.id, name=f"Contact {index}", mail=f"contact{index}@{slug}.example.com")
        session.add_all([Member(coalition_id=coalition.id, organisation_id=member.id), contact])
        organisations.append(member)
        contacts.append(contact)
    session.commit()
    statement = drafting.begin(session, NOW, user.id, coalition.id, edition, translations=translations)
    session.expunge_all()  # what a builder gives keeps its values, whatever the session does next
    return World(session, user, coalition, organisations, contacts, statement)


def circulate(
    made: World,
    *,
    roles: list[Role] | None = None,
    code: bool = False,
    rule: Rule = ALL_REQUIRED,
    at_least: int = 0,
    visibility: Visibility = Visibility.EVERYTHING,
    deadline: datetime = NOW + timedelta(days=2),
    now: datetime = NOW,
    ending: Ending = AT_ONCE,
    reminders: Reminders = NO_REMINDERS,
    soft: datetime | None = None,
    people: People = USUAL_PEOPLE,
) -> World:
    """Circulate the draft to all members, required unless `roles` says otherwise; without the code by default."""
    roll = [(member.id, roles[index] if roles else Role.REQUIRED) for index, member in enumerate(made.members)]
    asking = circulating.Asking(
        roll=roll,
        deadline_at=deadline,
        deadline_zone="Europe/London",
        cover_note="Please read and answer.",
        code_required=code,
        rule=replace(rule, at_least=at_least) if at_least else rule,
        visibility=visibility,
        vouched=True,
        ending=ending,
        reminders=reminders,
        soft_deadline_at=soft,
        people=people,
    )
    made.circulation = circulating.circulate(made.session, now, made.user.id, made.statement.public_id, asking)
    made.signatories = list(
        made.session.query(Signatory).filter(Signatory.circulation_id == made.circulation.id).order_by(Signatory.id)
    )
    made.invitations = list(
        made.session.query(Invitation)
        .join(Signatory, Signatory.id == Invitation.signatory_id)
        .filter(Signatory.circulation_id == made.circulation.id)
        .order_by(Invitation.id)
    )
    made.session.expunge_all()
    made.session.rollback()
    return made


def logo(shade: int = 10) -> Picture:
    """A small picture, as one is kept; each shade is another."""
    kept = BytesIO()
    Image.new("RGB", (60, 30), (shade % 256, shade // 256, 90)).save(kept, "PNG")
    return Picture(kept.getvalue(), 60, 30)


def offered(made: World, index: int, kind: Kind = Kind.SIGN_OFF, **changes: object) -> Offered:
    """An answer by the signatory at `index` to the text in force; who signs approves the quotes that are its own."""
    own = made.signatories[index].quotes if index < len(made.signatories) else {}
    values: dict[str, object] = {
        "kind": kind,
        "digest": made.revision.digest,
        "text": "We cannot carry the second paragraph." if kind in (Kind.OBJECTION, Kind.DECLINE) else "",
        "listed_name": made.members[index].listed_name if kind is Kind.SIGN_OFF else "",
        "person_name": f"Person {index}",
        "person_role": "Director",
        "authority": kind is Kind.SIGN_OFF,
        "quotes": tuple(QuoteOffered(one, QuoteWord.APPROVED) for one in own) if kind is Kind.SIGN_OFF else (),
    }
    return Offered(**{**values, **changes})  # type: ignore[arg-type]
