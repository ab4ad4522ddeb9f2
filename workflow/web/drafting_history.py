"""The history of a statement in words: one sentence for each event."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from workflow.queries.desk import EventLine
from workflow.text.instants import iso
from workflow.web.look import instant


@dataclass(frozen=True)
class Told:
    """One event as the timeline shows it."""

    at_iso: str
    at_text: str
    text: str
    detail: str = ""


def in_words(events: Sequence[EventLine]) -> list[Told]:
    """The events as sentences in the page's language, in the order given."""
    return [_told(event) for event in events]


def _told(event: EventLine) -> Told:
    say = SENTENCES.get(event.kind)
    text = say(event.facts) if say else event.kind
    return Told(iso(event.at), instant(event.at), text, _detail(event))


def _detail(event: EventLine) -> str:
    said = event.facts.get("said")
    return str(said.get("text") or said.get("reason") or "") if isinstance(said, Mapping) else ""


def _of(facts: Mapping[str, Any], name: str, key: str) -> str:
    """A disclosed value; where it was erased, the history says only that there was one."""
    value = facts.get(name)
    return str(value.get(key, "")) if isinstance(value, Mapping) else _("(erased)")


def _answered(facts: Mapping[str, Any]) -> str:
    told = {
        "organisation": _of(facts, "signatory", "organisation"),
        "revision": facts.get("revision"),
        "person": _of(facts, "person", "name"),
        "role": _of(facts, "person", "role"),
    }
    said: dict[str, str] = {
        "sign-off": _("%(organisation)s signed revision %(revision)s: %(person)s, %(role)s", **told),
        "objection": _("%(organisation)s objected to revision %(revision)s: %(person)s, %(role)s", **told),
        "decline": _("%(organisation)s declined revision %(revision)s: %(person)s, %(role)s", **told),
        "abstain": _("%(organisation)s abstained on revision %(revision)s: %(person)s, %(role)s", **told),
        "taken-back": _("%(organisation)s took its answer back: %(person)s, %(role)s", **told),
    }
    return said.get(str(facts.get("answer")), str(facts.get("answer")))


def _named(facts: Mapping[str, Any]) -> str:
    name = _of(facts, "name", "listed_name")
    accepted: str = _('The listed name "%(name)s" was accepted', name=name)
    fallen_back: str = _('The listed name "%(name)s" was not accepted; the registered one is used', name=name)
    return accepted if facts.get("accepted") else fallen_back


def _remark_answered(facts: Mapping[str, Any]) -> str:
    told = {"organisation": _of(facts, "signatory", "organisation"), "revision": facts.get("revision")}
    said: dict[str, str] = {
        "accepted": _("A remark of %(organisation)s on revision %(revision)s was accepted", **told),
        "partly": _("A remark of %(organisation)s on revision %(revision)s was partly accepted", **told),
        "declined": _("A remark of %(organisation)s on revision %(revision)s was declined", **told),
    }
    return said[str(facts.get("disposition"))]


def _circulated(facts: Mapping[str, Any]) -> str:
    for_comment: str = _("Revision %(number)s was circulated for comment", number=facts.get("revision"))
    for_sign_off: str = _("Revision %(number)s was circulated", number=facts.get("revision"))
    return for_comment if facts.get("purpose") == "comment" else for_sign_off


def _in_force(facts: Mapping[str, Any]) -> str:
    kept: str = _(
        "Revision %(number)s was put in force as an editorial change; sign-offs are kept", number=facts.get("revision")
    )
    asked: str = _("Revision %(number)s was put in force and everybody was asked again", number=facts.get("revision"))
    return kept if facts.get("editorial") else asked


def _quoted(facts: Mapping[str, Any]) -> str:
    told = {"organisation": _of(facts, "signatory", "organisation"), "person": _of(facts, "person", "name")}
    said: dict[str, str] = {
        "approved": _("%(organisation)s approved its quote: %(person)s", **told),
        "reworded": _("%(organisation)s asked for other words in its quote: %(person)s", **told),
        "refused": _("%(organisation)s does not want to be quoted like this: %(person)s", **told),
    }
    return said.get(str(facts.get("decision")), str(facts.get("decision")))


def _organisation(facts: Mapping[str, Any]) -> dict[str, str]:
    return {"organisation": _of(facts, "signatory", "organisation")}


SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "revised": lambda facts: _("Revision %(number)s was saved", number=facts.get("revision")),
    "circulated": _circulated,
    "text put in force": _in_force,
    "editorial hours passed": lambda _facts: _("The hours for objecting to the editorial change are over"),
    "quote decided": _quoted,
    "concluded": lambda _facts: _("The comments were closed"),
    "answered": _answered,
    "invited": lambda facts: _("%(name)s was sent a link", name=_of(facts, "contact", "contact")),
    "link revoked": lambda facts: _("The link of %(name)s was revoked", name=_of(facts, "contact", "contact")),
    "list arranged": lambda _facts: _("How the signatories are listed was chosen"),
    "deadline moved": lambda _facts: _("The deadline was moved"),
    "late answer counted": lambda facts: _("The late answer of %(organisation)s was counted", **_organisation(facts)),
    "name decided": _named,
    "remark answered": _remark_answered,
    "recalled": lambda _facts: _("The circulation was recalled"),
    "abandoned": lambda _facts: _("The statement was abandoned"),
    "locked": lambda facts: _("Revision %(number)s was locked", number=facts.get("revision")),
    "unlocked": lambda _facts: _("It was unlocked: an answer that it rested on does not count any more"),
    "publication held": lambda _facts: _("It was not published: sign-offs have to be reconfirmed"),
    "embargo moved": lambda _facts: _("The instant of the publication was moved"),
    "reconfirmed": lambda facts: _("%(organisation)s reconfirmed its sign-off", **_organisation(facts)),
    "withdrawal noted": lambda facts: _("%(organisation)s withdrew its sign-off", **_organisation(facts)),
    "signed late": lambda facts: _("%(organisation)s signed after the publication", **_organisation(facts)),
    "name mended": lambda facts: _("The listed name of %(organisation)s was mended", **_organisation(facts)),
    "name withheld": lambda _facts: _("An organisation asked to be named no more"),
    "corrected": lambda _facts: _("A correction was published"),
    "translation added": lambda facts: _("A translation was added: %(language)s", language=facts.get("language")),
    "retracted": lambda _facts: _("The statement was retracted"),
    "published": lambda facts: _("Revision %(number)s was published", number=facts.get("revision")),
}
