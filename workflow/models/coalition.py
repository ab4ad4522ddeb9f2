"""Organisations, the coalitions they form, and the people to write to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base

ROLE_CHECK = "IN ('required', 'optional', 'observer')"


class Organisation(Base):
    """A body. `kept_by_id` is the lead that keeps this record of a member; a lead's own record has none.

    Two leads may each keep a record of the same member: neither sees the other's.
    """

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    listed_name: Mapped[str] = mapped_column(String(300))
    # Under which name it is listed in a text of another language, where that is another one.
    listed_names: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=dict)
    country: Mapped[str] = mapped_column(String(100), default="")
    # How many of its contacts have to say the same before it is an answer of the organisation.
    needed: Mapped[int] = mapped_column(default=1, server_default="1")
    # The digest of its logo, one of those in models/logos.py that are its own.
    logo: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"))

    contacts: Mapped[list["Contact"]] = relationship(lazy="raise", back_populates="organisation", order_by="Contact.id")

    __table_args__ = (UniqueConstraint("kept_by_id", "name"),)

    def describe(self, listed_name: str, names: Mapping[str, str], country: str) -> None:
        """Register under which name it is listed, in single languages too, and where it is."""
        self.listed_name, self.listed_names, self.country = listed_name, dict(names), country


class Coalition(Base):
    """The organisations that act together, as one lead keeps them.

    `public_name` is the name under which its publications stand, where the lead gave it one, and `slug` its address,
    which it keeps.
    """

    __tablename__ = "coalitions"

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(300))
    public_name: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    slug: Mapped[str | None] = mapped_column(String(120))

    lead: Mapped[Organisation] = relationship(lazy="raise")
    members: Mapped[list["Member"]] = relationship(lazy="raise", back_populates="coalition")

    __table_args__ = (
        UniqueConstraint("lead_id", "name"),
        Index("uq_coalitions_slug", "slug", unique=True),
    )


class Member(Base):
    """An organisation in a coalition, with the role it has on a roll unless the lead says otherwise."""

    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalitions.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    default_role: Mapped[str] = mapped_column(String(20), default="required")

    coalition: Mapped[Coalition] = relationship(lazy="raise", back_populates="members")
    organisation: Mapped[Organisation] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("coalition_id", "organisation_id"),
        CheckConstraint(f"default_role {ROLE_CHECK}", name="default_role"),
    )


class Contact(Base):
    """The person at an organisation who gets approval links. Removed contacts stay for the history.

    An `alternate` gets one only where the others have not answered, or somebody is away.
    """

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    mail: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(20), default="en")
    time_zone: Mapped[str] = mapped_column(String(60), default="UTC")
    removed: Mapped[bool] = mapped_column(default=False)
    alternate: Mapped[bool] = mapped_column(default=False, server_default=false())
    away_until: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise", back_populates="contacts")
