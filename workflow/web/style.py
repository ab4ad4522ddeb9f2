"""Every part of the look on one page, in a demo."""

from flask import Blueprint, render_template

from workflow.text.blocks import Block
from workflow.text.content import Edition, Quote
from workflow.web.gates import anyone
from workflow.web.reading import passage_marks, statement_view

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


@pages.get("/style")
@anyone
def style() -> str:
    """Every part in every state, for those who build pages."""
    marks = passage_marks(REMARKED, _remarks)
    return render_template("style/style.html", remarked=statement_view(REMARKED, marks))


def _remarks(block: Block) -> tuple[int, str]:
    return (2, "s-remark") if block.key == "b1" else (0, "")
