"""The tables. A change here needs a migration that makes the same change to a database that exists."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, ForeignKey, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from bot.roles import Role

LONGEST_NAME = 100
LONGEST_FOLDED_NAME = 300
"""Folding may make a letter several."""
LONGEST_EMAIL = 254
LONGEST_IDENTITY = 1000
"""Characters of an issuer or a subject."""


class UtcTime(TypeDecorator[datetime]):
    """An aware time, in UTC on the way out; SQLite keeps no zone, PostgreSQL answers in the session's."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    # Every constraint has a name by which a migration can reach it.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcTime}


class AccountRow(Table):
    __tablename__ = "staff_accounts"
    __table_args__ = (
        UniqueConstraint("folded_name"),
        UniqueConstraint("email"),
        UniqueConstraint("issuer", "subject"),
        # The number of an account that was removed never becomes someone else's.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    folded_name: Mapped[str] = mapped_column(String(LONGEST_FOLDED_NAME))
    """Under which it is looked up."""
    email: Mapped[str | None] = mapped_column(String(LONGEST_EMAIL))
    """Folded: only its owner's provider would tell letters apart."""
    role: Mapped[Role] = mapped_column(String(20))
    password_hash: Mapped[str | None] = mapped_column(String(500))
    issuer: Mapped[str | None] = mapped_column(String(LONGEST_IDENTITY))
    subject: Mapped[str | None] = mapped_column(String(LONGEST_IDENTITY))
    by_claim: Mapped[bool]
    """Made because a claim of the identity provider admitted the person, not by anybody here."""
    blocked: Mapped[bool]
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]


class SessionRow(Table):
    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class ChatChoiceRow(Table):
    __tablename__ = "chat_choices"

    chat: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A keyed hash: without the key it leads to nobody."""
    municipality: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(20))
