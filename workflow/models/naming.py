"""The names of a signatory as its row keeps them, for each language of the text."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.rules.listed_names import Naming, differing
from workflow.text.content import Content


class Named:
    """What a signatory is called and listed as.

    `name` is the registered listed name at the time of asking, `names` those registered for single languages.
    `decided_name` (with `decided_names`) is the last differing name on which the lead decided, `name_accepted` how.
    `listed_in`: its place in the list of each translation, by language, as it was in the lock.
    """

    name: Mapped[str] = mapped_column(String(300))
    names: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=dict)
    decided_name: Mapped[str | None] = mapped_column(String(300))
    decided_names: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=dict)
    name_accepted: Mapped[bool] = mapped_column(default=False)
    listed_in: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=dict)

    def naming(self, proposed: str, names: dict[str, Any] | None = None) -> Naming:
        """Its names, where its answer asks for these."""
        naming = Naming(self.name, self.names or {}, proposed, names or {})
        return naming.after(self.decided_name, self.decided_names, self.name_accepted)

    def asks_for(self, proposed: str, names: Iterable[tuple[str, str]], text: Content) -> dict[str, str]:
        """Under which names an answer asks to be listed in the translations of a text, if not the registered ones."""
        return differing(dict(names), self.naming(proposed), text.languages[1:])

    def held_names(self, proposed: str, names: dict[str, Any] | None = None) -> tuple[str, ...]:
        """Which of these wait for the lead's word: they are neither registered nor decided on."""
        naming = self.naming(proposed, names)
        return naming.asked_for if naming.held else ()
