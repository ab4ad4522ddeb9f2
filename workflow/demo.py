"""The demo: an invented coalition of seven, a press release that circulates, and another one to begin with."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from workflow.actions import accounts, circulation, coalition, drafting
from workflow.config import UnsafeSettings
from workflow.queries.accounts import any_user
from workflow.queries.cli import acting_user
from workflow.queries.coalition import memberships
from workflow.rules.circulation import Role
from workflow.rules.reminding import USUAL
from workflow.text.importing import read_members, read_statement

LEAD = "Valley Coalition Office"
USER = "Noor Example"
MAIL = "desk@valley.example.org"
PASSWORD = "seven-organisations"  # noqa: S105 - of a demo on this machine, printed where it starts
COALITION = "Valley Road Coalition"
DAYS_TO_ANSWER = 2

MEMBERS = """\
organisation,listed_name,country,role,contact_name,contact_email,language,time_zone
Harbour Aid,Harbour Aid,United Kingdom,required,Jun Example,jun@harbour.example.org,en,Europe/London
Hillside Forum,Hillside Forum,United Kingdom,required,Omar Example,omar@hillside.example.org,en,Europe/London
Lakeside Relief,Lakeside Relief,United Kingdom,required,Ada Example,ada@lakeside.example.org,en,Europe/London
Meadow4Change,Meadow4Change,Ireland,required,Ines Example,ines@meadow.example.org,en,Europe/Dublin
Orchard Solidarity UK,Orchard Solidarity UK,United Kingdom,required,Tom Example,tom@orchard.example.org,en,Europe/London
Orchardist Association,,United Kingdom,required,Rana Example,rana@orchardist.example.org,ar,Europe/London
Riverbank Voices,Riverbank Voices,Germany,required,Lena Example,lena@riverbank.example.org,en,Europe/Berlin
"""

STATEMENT = """\
Press Release

01/03/2027

Seven organisations call for the valley road to be reopened

Community organisations around Long Valley call on the regional council to reopen the valley road, \
which was closed without notice on 20 January 2027 and has cut 4,000 people off from the nearest clinic.

The closure breaks the [Valley Access Agreement](https://council.example.org/valley-access) of 2019 as well \
as the council's own promise, given in December, that no road would close before the spring.

The council says that the closure protects the bridge. Its [own survey](https://council.example.org/survey), \
however, found the bridge sound; what it found wanting was the [drainage](https://council.example.org/drainage) \
beside it, which can be mended in a week.

Ada Example of Lakeside Relief says: *'An old man walked nine hours to have his heart looked at. We should not \
need a press release for somebody to see a doctor.'*

The council **must** open one lane to ambulances and school buses now, and publish the date on which the \
whole road will be open again.

Signatories:

Harbour Aid • Hillside Forum • Lakeside Relief • Meadow4Change • Orchard Solidarity UK • Orchardist Association \
• Riverbank Voices
"""

SECOND = """\
+++
kind = "open-letter"
label = "Open letter"
date = "2027-03-08"
headline = "Keep the valley clinic open"
language = "en"
addressees = ["The Regional Health Board"]
ends = ""

[[quote]]
speaker = "Lena Example"
role = "Director"
organisation = "Riverbank Voices"
text = "A clinic that opens on two days is closed on five."
+++
We write to you as the organisations that bring patients to the valley clinic.

1. Since January the clinic has opened on two days a week only.
2. The bus to the next hospital takes three hours.

[[quote 1]]

We ask you to keep the clinic open on five days, and to say so *before* Easter.
"""


def load(session: Session, now: datetime) -> None:
    """Fill an empty installation with the demo; a demo is left as it is. Raises UnsafeSettings for anything else.

    The mailbox of a demo is open to everybody: it must never show what is meant in earnest.
    """
    if any_user(session):
        if acting_user(session, MAIL) is None:
            raise UnsafeSettings("This database holds an installation that is no demo. Unset WORKFLOW_DATABASE_URL.")
        return
    accounts.set_up(
        session,
        now,
        organisation_name=LEAD,
        name=USER,
        mail=MAIL,
        password=PASSWORD,
        language="en",
        time_zone="Europe/London",
    )
    user = acting_user(session, MAIL)
    if user is None:
        raise RuntimeError("the user that was just set up is not there")
    user_id = user.id
    coalition_id = coalition.create(session, now, user_id, COALITION).id
    coalition.import_members(session, now, user_id, coalition_id, read_members(MEMBERS.encode()))
    edition = read_statement(STATEMENT).edition
    statement = drafting.begin(session, now, user_id, coalition_id, edition)
    asking = circulation.Asking(
        roll=[(one.organisation_id, Role.REQUIRED) for one in memberships(session, coalition_id)],
        deadline_at=(now + timedelta(days=DAYS_TO_ANSWER)).replace(minute=0, second=0, microsecond=0),
        deadline_zone="Europe/London",
        cover_note="Please read this before the council meets. You can sign, object or comment by the link.",
        reminders=USUAL,
    )
    circulation.circulate(session, now, user_id, statement.public_id, asking)
    drafting.begin(session, now, user_id, coalition_id, read_statement(SECOND).edition)
