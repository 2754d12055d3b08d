"""The tables of keeping: periods made longer, and what people were told."""

from datetime import date, datetime

from sqlalchemy import Date, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from records.database import Base, UtcDateTime


class ExtensionRow(Base):
    """A period made longer; the latest of a subject counts, the earlier ones stay."""

    __tablename__ = "keeping_extensions"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(20), index=True)
    until: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ToldRow(Base):
    """One notice through one channel. `claimed_until` keeps it for whoever sends it now."""

    __tablename__ = "keeping_told"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
