"""Every part of the look on one page, in a demo."""

from flask import Blueprint, render_template

from workflow.formats.listing import list_view
from workflow.rules.listing import Entry, Mark, Style
from workflow.text.blocks import Block
from workflow.text.content import Edition, Quote
from workflow.web.gates import anyone
from workflow.web.reading import SAYING, passage_marks, statement_view

pages = Blueprint("style", __name__)


REMARKED = Edition(
    language="en",
    kind="press-release",
    headline="Keep one boat through the flood season",
    lead_paragraph="Families on the east bank have been cut off for eleven nights this winter.",
    body=(
        "The council withdrew the last crossing in January, **without asking a single village**. Since then the detour"
        " by road takes three hours, and the road\nitself floods as often as the quay does.[^1]\n\n[[quote 1]]\n\n"
        "We propose:\n\n1. one crossing each way every night;\n2. a lamp at each landing;\n3. a review in April.\n\n"
        "[^1]: Harbour accounts, page 14."
    ),
    quotes=(Quote("Ilse Marren", "coordinator", "Lakeside Relief", "We ask for one boat.\n\nWe ask for one pilot."),),
    ends="ENDS",
    notes="The night ferry carried 4,100 people in one winter.",
)
SEVEN = (
    Entry("Birchwood Aid", acronym="BA", heading="Lakeland", person="Ilse Marren", role="coordinator"),
    Entry("Hillside Forum", heading="Lakeland"),
    Entry("Lakeside Relief", heading="Rivermark", person="Ana Example", role="director"),
    Entry("Meadow Watch", heading="Rivermark", mark=Mark.UMBRELLA),
    Entry("North Quay Women’s Cooperative", heading="International"),
    Entry("Riverside Choir", heading="International"),
    Entry("The Ferry Society"),
)
INDIVIDUALS = (
    Entry("Jun Example, Harbour University", mark=Mark.IDENTIFICATION, individual=True),
    Entry("Rana Example", individual=True),
)
FOUR = tuple(map(Entry, ("جمعية البحيرة", "رقابة المروج", "منتدى التل", "Birchwood Aid")))


@pages.get("/style")
@anyone
def style() -> str:
    """Every part in every state, for those who build pages."""
    marks = passage_marks(REMARKED, _remarks)
    plain = tuple(Entry(one.name) for one in SEVEN)
    lists = [list_view(plain, Style.LINE, (7, 0), "en", SAYING)]
    lists += [list_view((*SEVEN, *INDIVIDUALS), style, (7, 2), "en", SAYING) for style in Style]
    return render_template(
        "style/style.html",
        remarked=statement_view(REMARKED, marks),
        lists=lists,
        arabic_list=list_view(FOUR, Style.LINE, (4, 0), "ar", SAYING),
    )


def _remarks(block: Block) -> tuple[int, str]:
    return (2, "s-remark") if block.key == "b1" else (0, "")
