"""The history of a statement in words: one sentence for each event."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.queries.desk import EventLine
from workflow.text.collation import language_name
from workflow.text.instants import iso
from workflow.web import house
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
    told = [event.facts.get(name) for name in ("said", "reason")]
    said = [str(one.get("text") or one.get("reason") or "") for one in told if isinstance(one, Mapping)]
    return next(filter(None, said), "")


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


def _recorded(facts: Mapping[str, Any]) -> str:
    told = {
        "revision": facts.get("revision"),
        "person": _of(facts, "person", "name"),
        "role": _of(facts, "person", "role"),
    }
    said: dict[str, str] = {
        "sign-off": _("The lead recorded a sign-off to revision %(revision)s: %(person)s, %(role)s", **told),
        "objection": _("The lead recorded an objection to revision %(revision)s: %(person)s, %(role)s", **told),
        "decline": _("The lead recorded that revision %(revision)s is declined: %(person)s, %(role)s", **told),
        "abstain": _("The lead recorded an abstention on revision %(revision)s: %(person)s, %(role)s", **told),
    }
    return said.get(str(facts.get("answer")), str(facts.get("answer")))


def _part_changed(facts: Mapping[str, Any]) -> str:
    told = _organisation(facts)
    said: dict[str, str] = {
        "required": _("%(organisation)s was made required", **told),
        "optional": _("%(organisation)s was made optional", **told),
        "observer": _("%(organisation)s was made an observer", **told),
    }
    return said.get(str(facts.get("part")), str(facts.get("part")))


def _handed(facts: Mapping[str, Any]) -> str:
    told = {"person": _of(facts, "from", "contact"), "colleague": _of(facts, "to", "contact")}
    waits: str = _("%(person)s named %(colleague)s, who waits for your word", **told)
    done: str = _("%(person)s handed over to %(colleague)s", **told)
    return waits if facts.get("waits") else done


def _contest_resolved(facts: Mapping[str, Any]) -> str:
    void: str = _("A contested answer was declared void")
    stands: str = _("A contested answer was declared to stand")
    return void if facts.get("resolution") == "void" else stands


def _press(facts: Mapping[str, Any]) -> str:
    number = _number(facts)
    nobody: str = _("Nobody of the press list gets the release any more")
    return (
        ngettext("One journalist was chosen for the release", "%(num)s journalists were chosen for the release", number)
        if number
        else nobody
    )


def _number(facts: Mapping[str, Any]) -> int:
    return int(facts.get("number") or 0)


def _moved_to(facts: Mapping[str, Any], name: str) -> str:
    """An instant as the reader's clock shows it."""
    return instant(datetime.fromisoformat(str(facts[name])))


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
    "deadline moved": lambda facts: _("The deadline was moved to %(instant)s", instant=_moved_to(facts, "deadline")),
    "late answer counted": lambda facts: _("The late answer of %(organisation)s was counted", **_organisation(facts)),
    "name decided": _named,
    "remark answered": _remark_answered,
    "recalled": lambda _facts: _("The circulation was recalled"),
    "abandoned": lambda _facts: _("The statement was abandoned"),
    "locked": lambda facts: _("Revision %(number)s was locked", number=facts.get("revision")),
    "unlocked": lambda _facts: _("It was unlocked: an answer that it rested on does not count any more"),
    "publication held": lambda _facts: _("It was not published: sign-offs have to be reconfirmed"),
    "embargo moved": lambda facts: _("The publication was moved to %(instant)s", instant=_moved_to(facts, "embargo")),
    "reconfirmed": lambda facts: _("%(organisation)s reconfirmed its sign-off", **_organisation(facts)),
    "withdrawal noted": lambda facts: _("%(organisation)s withdrew its sign-off", **_organisation(facts)),
    "signed late": lambda facts: _("%(organisation)s signed after the publication", **_organisation(facts)),
    "name mended": lambda facts: _("The listed name of %(organisation)s was mended", **_organisation(facts)),
    "name withheld": lambda _facts: _("An organisation asked to be named no more"),
    "corrected": lambda _facts: _("A correction was published"),
    "translation added": lambda facts: _(
        "A translation was added: %(language)s", language=language_name(str(facts["language"]), house.page_language())
    ),
    "retracted": lambda _facts: _("The statement was retracted"),
    "published": lambda facts: _("Revision %(number)s was published", number=facts.get("revision")),
    "taken down": lambda _facts: _("The operator had to take the statement down"),
    "shown again": lambda _facts: _("The operator shows the statement again"),
    "signatory added": lambda facts: _("%(organisation)s was put on the roll", **_organisation(facts)),
    "signatory dropped": lambda facts: _("%(organisation)s was taken off the roll", **_organisation(facts)),
    "part changed": _part_changed,
    "deadline passed": lambda _facts: _("The deadline passed"),
    "silence broken": lambda _facts: _("The silence was broken: the text is not adopted by it"),
    "answer recorded": _recorded,
    "recorded answer contradicted": lambda _facts: _(
        "An answer that the lead recorded was contradicted; it does not count"
    ),
    "answer contested": lambda facts: _(
        "%(person)s of %(organisation)s says that an answer was not theirs",
        person=_of(facts, "by", "contact"),
        **_organisation(facts),
    ),
    "contest resolved": _contest_resolved,
    "handed over": _handed,
    "hand-over accepted": lambda facts: _("%(person)s was accepted as a colleague", person=_of(facts, "to", "contact")),
    "hand-over refused": lambda facts: _(
        "%(person)s was not accepted as a colleague", person=_of(facts, "to", "contact")
    ),
    "contact left": lambda facts: _(
        "%(person)s has left the organisation; its link opens nothing any more", person=_of(facts, "contact", "contact")
    ),
    "contact away": lambda facts: _("%(person)s is away", person=_of(facts, "contact", "contact")),
    "alternate asked": lambda facts: _("%(person)s was asked as an alternate", person=_of(facts, "contact", "contact")),
    "signed late by one of several": lambda facts: _(
        "%(organisation)s: one of several contacts signed after the publication", **_organisation(facts)
    ),
    "page opened": lambda _facts: _("A page was opened on which others can ask to sign"),
    "page closed": lambda _facts: _("The page on which others could ask to sign was closed"),
    "applications accepted": lambda facts: ngettext(
        "One application was accepted", "%(num)s applications were accepted", _number(facts)
    ),
    "applications refused": lambda facts: ngettext(
        "One application was refused", "%(num)s applications were refused", _number(facts)
    ),
    "decision about applications undone": lambda facts: ngettext(
        "The decision about one application was undone",
        "The decision about %(num)s applications was undone",
        _number(facts),
    ),
    "application contested": lambda facts: _(
        "%(organisation)s says that it did not ask to sign", **_organisation(facts)
    ),
    "press chosen": _press,
    "previews given": lambda facts: ngettext("One preview was given", "%(num)s previews were given", _number(facts)),
    "preview revoked": lambda _facts: _("A preview was revoked"),
}
