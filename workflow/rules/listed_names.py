"""Under which name a signatory is listed, in each language: what is registered, asked for, and decided by the lead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace


def for_language(names: Mapping[str, str], language: str) -> str:
    """The name for a language, or for the language that it is a kind of ("ar-SY": "ar"); empty where there is none."""
    return names.get(language) or names.get(language.partition("-")[0]) or ""


@dataclass(frozen=True)
class Naming:
    """The names of one signatory. `name` is the registered one, `names` those registered for single languages.

    `proposed` is what its newest answer asks for, `proposed_names` for single languages, where that is another name
    than the registered one. The lead decides on both together; `decided` and `decided_names` are what it decided on
    last, `accepted` how.
    """

    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    proposed: str = ""
    proposed_names: Mapping[str, str] = field(default_factory=dict)
    decided: str | None = None
    decided_names: Mapping[str, str] = field(default_factory=dict)
    accepted: bool = False

    def after(self, decided: str | None, names: Mapping[str, str] | None, accepted: bool) -> "Naming":
        """The same, once the lead has decided so."""
        return replace(self, decided=decided, decided_names=names or {}, accepted=accepted)

    @property
    def held(self) -> bool:
        """Whether the lead has still to decide: a name is asked for that is not registered."""
        registered = ("", self.name, *self.names.values())
        if self.proposed in registered and not self.proposed_names:
            return False
        return not self._decided

    @property
    def asked_for(self) -> tuple[str, ...]:
        """The names that are asked for and are not the registered ones: what the lead has to decide on, each once."""
        registered = ("", self.name, *self.names.values())
        other = () if self.proposed in registered else (self.proposed,)
        return tuple(dict.fromkeys((*other, *self.proposed_names.values())))

    @property
    def _decided(self) -> bool:
        return self.proposed == self.decided and dict(self.proposed_names) == dict(self.decided_names)

    @property
    def _declined(self) -> bool:
        """Whether the lead has fallen back to what is registered."""
        return self._decided and not self.accepted

    @property
    def public(self) -> str:
        """The name in the authoritative edition, once nothing about it is held."""
        return self.name if self._declined else self.proposed or self.name

    def public_in(self, language: str) -> str:
        """The name in another edition: the one confirmed for its language, else the registered one, else `public`."""
        asked = "" if self._declined else for_language(self.proposed_names, language)
        return asked or for_language(self.names, language) or self.public


def differing(names: Mapping[str, str], naming: Naming, languages: Iterable[str]) -> dict[str, str]:
    """What of the names typed for these languages is asked for: those that are no registered names already."""
    found = {language: names.get(language, "") for language in languages}
    usual = {language: for_language(naming.names, language) or naming.proposed for language in found}
    return {language: name for language, name in found.items() if name and name != usual[language]}
