"""The text before it goes out: with the counts that it has if everybody signs who is asked to."""

from flask_babel import gettext as _

from workflow.actions.circulation import Asking
from workflow.rules.circulation import Purpose, Role
from workflow.text.placeholders import counts_of, filled, placeholders, small_beginnings, uncounted, with_capital
from workflow.web.circulation_preparing import Preparing
from workflow.web.reading import statement_view


def text_with_counts(found: Preparing, asking: Asking) -> dict[str, object]:
    """Each edition as the page shows it; `counted`: for how many, where it counts; `small`: what begins a paragraph
    with a small letter, and how that is mended. For comments nobody knows who will sign."""
    content, signing = found.text.parsed, asking.rule.purpose is not Purpose.COMMENT
    number = sum(role is not Role.OBSERVER for _id, role in asking.roll)
    counts = counts_of(number, 0)
    shown = [filled(one, counts) if signing else uncounted(one, _("[number]")) for one in content.editions]
    small = [place for one in content.editions for place in small_beginnings(one, counts)] if signing else []
    return {
        "view": statement_view(shown[0]),
        "translations": [(one.language, statement_view(one)) for one in shown[1:]],
        "counted": number if signing and any(placeholders(one) for one in content.editions) else 0,
        "small": [(place, with_capital(place)) for place in dict.fromkeys(small)],
    }
