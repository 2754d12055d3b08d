"""Training on record: who passed what, when, with which marks. 个人信息保护法 51: 安全教育和培训."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Integer, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.beijing import SHANGHAI
from records.database import Base, UtcDateTime

# As long as an entry of the register of training: a period of the house.
KEPT_YEARS = 3


class TrainingRow(Base):
    """One result. Nothing changes it; it goes once its years are over, and not before."""

    __tablename__ = "training_results"

    serial: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(40), index=True)
    # What it comes from, once each: the number of an attempt at a quiz, of a drill.
    source: Mapped[str] = mapped_column(String(60), unique=True)
    subject: Mapped[str] = mapped_column(String(40), index=True)
    title: Mapped[str] = mapped_column(String(200))
    points: Mapped[int] = mapped_column(Integer)
    out_of: Mapped[int] = mapped_column(Integer)
    pass_percent: Mapped[int] = mapped_column(Integer)
    passed: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """One result as kept."""

    serial: str
    person_id: str
    source: str
    subject: str
    title: str
    points: int
    out_of: int
    pass_percent: int
    passed: bool
    at: datetime

    @property
    def percent(self) -> int:
        """Marks of a hundred, rounded down: a mark just below the pass mark is not a pass."""
        return self.points * 100 // self.out_of if self.out_of else 0


def keep_result(
    session: Session,
    *,
    person_id: str,
    source: str,
    subject: str,
    title: str,
    points: int,
    out_of: int,
    pass_percent: int,
    now: datetime,
) -> TrainingResult:
    """The result on record, with its serial; the same source is kept once."""
    known = session.scalar(select(TrainingRow).where(TrainingRow.source == source))
    if known:
        return _result(known)
    # Writers take turns (records/database.py), so nobody else takes this number meanwhile.
    start = f"TR-{now.astimezone(SHANGHAI).year}-"
    last = session.scalar(
        select(func.max(TrainingRow.serial)).where(TrainingRow.serial.startswith(start))
    )
    row = TrainingRow(
        serial=f"{start}{int(last.removeprefix(start)) + 1 if last else 1:05}",
        person_id=person_id,
        source=source,
        subject=subject,
        title=title,
        points=points,
        out_of=out_of,
        pass_percent=pass_percent,
        passed=out_of > 0 and points * 100 >= pass_percent * out_of,
        at=now,
    )
    session.add(row)
    session.flush()
    return _result(row)


def results(session: Session, *, person_id: str = "", subject: str = "") -> list[TrainingResult]:
    """Those of a person, of a quiz, or all, newest first."""
    query = select(TrainingRow).order_by(TrainingRow.at.desc(), TrainingRow.serial.desc())
    if person_id:
        query = query.where(TrainingRow.person_id == person_id)
    if subject:
        query = query.where(TrainingRow.subject == subject)
    return [_result(row) for row in session.scalars(query)]


def result(session: Session, serial: str) -> TrainingResult | None:
    """The result of that serial."""
    row = session.get(TrainingRow, serial.strip())
    return _result(row) if row else None


def kept_from(now: datetime) -> datetime:
    """The start of the first Beijing day of which results are still kept."""
    today = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year - KEPT_YEARS, day=day)


def forget_results(session: Session, now: datetime) -> int:
    """How many went whose years are over."""
    old = delete(TrainingRow).where(TrainingRow.at < kept_from(now))
    return len(session.scalars(old.returning(TrainingRow.serial)).all())


def _result(row: TrainingRow) -> TrainingResult:
    return TrainingResult(
        row.serial,
        row.person_id,
        row.source,
        row.subject,
        row.title,
        row.points,
        row.out_of,
        row.pass_percent,
        row.passed,
        row.at,
    )
