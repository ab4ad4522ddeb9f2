"""Sentences that Python makes for a page, a flash among them: like those of templates they end with one stop."""

from collections.abc import Mapping

from flask_babel import Babel, Domain

from workflow.text.stops import without_second_stops


class PageSentences(Domain):  # type: ignore[misc] # Flask-Babel carries no types
    """The sentences of the application in the language of the page, filled in."""

    def gettext(self, string: str, **variables: object) -> str:
        """A sentence, with its values where it has any."""
        return _filled(self.get_translations().ugettext(string), variables)

    def ngettext(self, singular: str, plural: str, num: int, **variables: object) -> str:
        """The sentence for a number."""
        return _filled(self.get_translations().ungettext(singular, plural, num), {"num": num, **variables})

    def pgettext(self, context: str, string: str, **variables: object) -> str:
        """A sentence that means this in a context."""
        return _filled(self.get_translations().upgettext(context, string), variables)


class PageBabel(Babel):  # type: ignore[misc] # Flask-Babel carries no types
    """What gives every page these sentences."""

    @property
    def domain_instance(self) -> PageSentences:
        """The sentences of the one catalogue that there is."""
        return PageSentences(domain=self.domain)


def _filled(sentence: str, values: Mapping[str, object]) -> str:
    return without_second_stops(sentence, values) % values if values else sentence
