"""The deadlines of a circulation as a calendar file: not a word of the text, and no link that speaks for anybody.

Calendars are shared and synchronised, so that a link in them would answer for whoever sees it.
"""

from urllib.parse import urlsplit

from flask import Response
from flask_babel import gettext as _

from workflow.formats.calendar import Entry, calendar_file
from workflow.models.circulation import Circulation
from workflow.queries.deadlines import times_moved
from workflow.web import house
from workflow.web.look import instant


def calendar_response(asked: Circulation, name: str, summaries: tuple[str, str], note: str, url: str = "") -> Response:
    """The hard deadline of `asked`, and the soft one before it, under a name that stays when they are moved.

    `summaries` are what the soft and the hard one are called, `note` what stands under each.
    """
    host = urlsplit(house.settings().base_url).hostname or "localhost"
    hard, soft = asked.deadline_at, asked.deadlines[:-1]
    told = f"{note}\n{_('Deadline:')} {instant(hard)}"
    entries = [Entry(f"{name}-soft@{host}", at, summaries[0], told, url) for at in soft]
    entries.append(Entry(f"{name}@{host}", hard, summaries[1], told, url))
    content = calendar_file(entries, house.now(), times_moved(house.session(), asked.statement_id))
    response = Response(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=deadline.ics"
    return response
