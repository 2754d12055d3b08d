"""Answers an officer approved: kept, found for a question like theirs, expired when law changes."""

import json
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import numpy as np
from sqlalchemy import Date, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from assistant.answering.figures import figures
from assistant.answering.ways import same_asked
from knowledge.asked import AskedIndex
from knowledge.checked import fingerprint
from knowledge.library import Library
from knowledge.provisions import EVERYONE, Provision
from records.database import Base, Database, UtcDateTime
from records.errors import NotFound
from records.language import Bilingual, Language
from tickets.retention.facts import HolderType

# Of some 3,700 reviewed everyday questions, each likened to the nearest other that is asked the same way,
# wants the same and has the same figures, that other was another duty's for 4 of 32 from 0.85, all but
# one of them the same question in other words; for 9 of 59 from 0.80, 59 of 225 from 0.65. Of 16
# rewordings that are asked the same way 13 are as like as that, 14 from 0.80, 16 from 0.55.
LIKE_ENOUGH = 0.85


class State(StrEnum):
    """Whether an approved answer is used."""

    IN_USE = "in_use"
    EXPIRED = "expired"
    """Its date has passed."""
    OUTDATED = "outdated"
    """An article it cites no longer reads as it did, or is not in force."""
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Bilingual:
        """In words."""
        return _STATES[self]


_STATES = {
    State.IN_USE: Bilingual("使用中", "in use"),
    State.EXPIRED: Bilingual("已过期，待复核", "expired, to be reviewed"),
    State.OUTDATED: Bilingual("所引条文已变，待复核", "a cited article changed, to be reviewed"),
    State.WITHDRAWN: Bilingual("已撤销", "withdrawn"),
}


class ApprovedRow(Base):
    """One approved answer; cleared text only."""

    __tablename__ = "approved_answers"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    questions: Mapped[str] = mapped_column(Text)
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    citations: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(String(40))
    holder: Mapped[str | None] = mapped_column(String(40))
    valid_until: Mapped[date | None] = mapped_column(Date)
    handover_id: Mapped[str | None] = mapped_column(String(40))
    approved_by: Mapped[str] = mapped_column(String(40))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Cited:
    """One provision an approved answer rests on, as it read then; `words` are those to quote."""

    instrument: str
    article: str
    heading: str
    fingerprint: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What is approved: which questions it answers, in which words, for whom and how long."""

    questions: tuple[str, ...]
    text: Bilingual
    citations: tuple[Cited, ...]
    # Everybody, or one role.
    audience: str = EVERYONE
    holder: HolderType | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Approved:
    """An approved answer as kept."""

    id: str
    content: Content
    handover_id: str
    approved_by: str
    approved_at: datetime
    withdrawn: bool


def keep_approved(
    session: Session, content: Content, *, person_id: str, handover_id: str, now: datetime
) -> str:
    """The number of the approved answer."""
    cited = [
        [one.instrument, one.article, one.heading, one.fingerprint, one.words]
        for one in content.citations
    ]
    row = ApprovedRow(
        id=f"A-{secrets.token_hex(4)}",
        questions=json.dumps(content.questions, ensure_ascii=False),
        zh=content.text.zh,
        en=content.text.en,
        citations=json.dumps(cited, ensure_ascii=False),
        audience=content.audience,
        holder=content.holder.value if content.holder else None,
        valid_until=content.valid_until,
        handover_id=handover_id or None,
        approved_by=person_id,
        approved_at=now,
    )
    session.add(row)
    return row.id


def withdraw_approved(session: Session, answer_id: str, now: datetime) -> None:
    """The answer is used no more. Raises NotFound."""
    row = session.get(ApprovedRow, answer_id.strip())
    if row is None or row.withdrawn_at is not None:
        raise NotFound(
            "没有这条已批准的答复，或已撤销。请刷新列表。",
            "No such approved answer, or it was withdrawn. Please load the list again.",
        )
    row.withdrawn_at = now


def all_approved(session: Session, *, withdrawn: bool = False) -> tuple[Approved, ...]:
    """Every approved answer, the newest first; those withdrawn only if asked for."""
    query = select(ApprovedRow).order_by(ApprovedRow.approved_at.desc(), ApprovedRow.id)
    if not withdrawn:
        query = query.where(ApprovedRow.withdrawn_at.is_(None))
    return tuple(_approved(row) for row in session.scalars(query))


def cited_as(provision: Provision, words: str = "") -> Cited:
    """The provision as it reads now."""
    return Cited(
        instrument=provision.instrument,
        article=provision.article,
        heading=provision.heading,
        fingerprint=fingerprint(provision.text),
        words=words,
    )


def provisions_of(library: Library, answer: Approved, day: date) -> tuple[Provision, ...] | None:
    """What it cites as it stands that day; None where any of it changed or is not in force."""
    found = []
    for cited in answer.content.citations:
        provision = library.provision(cited.instrument, cited.article, as_of=day)
        if provision is None or fingerprint(provision.text) != cited.fingerprint:
            return None
        found.append(provision)
    return tuple(found)


def state_of(library: Library, answer: Approved, day: date) -> State:
    """Whether it is used on that day."""
    if answer.withdrawn:
        return State.WITHDRAWN
    if answer.content.valid_until is not None and day > answer.content.valid_until:
        return State.EXPIRED
    if provisions_of(library, answer, day) is None:
        return State.OUTDATED
    return State.IN_USE


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom an answer is sought: the audiences they belong to, and what the company is."""

    audiences: frozenset[str]
    holder: HolderType | None


class ApprovedAnswers:
    """Finds the approved answer to a question; likeness is read again only when the list changed."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library
        self._lock = threading.Lock()
        self._read: tuple[tuple[str, ...], AskedIndex] | None = None

    def find(
        self, question: str, asker: Asker, *, language: Language, day: date
    ) -> tuple[Approved, tuple[Provision, ...]] | None:
        """The approved answer whose question is this one in all but words, with what it cites."""
        with self._database.reading() as session:
            kept = all_approved(session)
        if not kept:
            return None
        index = self._index(kept)
        nearness = index.nearness(question)
        # A duty's own everyday question that is nearer means something else was asked.
        nearest_duty = float(nearness[len(kept) :].max(initial=0.0))
        for row in np.argsort(-nearness[: len(kept)], kind="stable"):
            answer, likeness = kept[row], float(nearness[row])
            if likeness < max(LIKE_ENOUGH, nearest_duty):
                return None
            place = int(np.argmax(index.likeness_in(question, int(row))))
            if _same(question, answer.content.questions[place], likeness) and _meant_for(
                answer.content, asker, language, day
            ):
                provisions = provisions_of(self._library, answer, day)
                if provisions is not None:
                    return answer, provisions
        return None

    def _index(self, kept: Sequence[Approved]) -> AskedIndex:
        """The approved questions among those of the duties, so that rare words count as rare."""
        ids = tuple(answer.id for answer in kept)
        with self._lock:
            if self._read is None or self._read[0] != ids:
                duties = [
                    [one.q for one in duty.questions] for duty in self._library.duties.values()
                ]
                own = [list(answer.content.questions) for answer in kept]
                self._read = ids, AskedIndex([*own, *duties])
            return self._read[1]


def _same(question: str, approved: str, likeness: float) -> bool:
    return (
        likeness >= LIKE_ENOUGH
        and same_asked(question, approved)
        and figures(question) == figures(approved)
    )


def _meant_for(content: Content, asker: Asker, language: Language, day: date) -> bool:
    return (
        (content.audience == EVERYONE or content.audience in asker.audiences)
        and (content.holder is None or content.holder is asker.holder)
        and (content.valid_until is None or day <= content.valid_until)
        and bool(content.text.pick(language))
    )


def _approved(row: ApprovedRow) -> Approved:
    content = Content(
        questions=tuple(json.loads(row.questions)),
        text=Bilingual(row.zh, row.en),
        citations=tuple(Cited(*one) for one in json.loads(row.citations)),
        audience=row.audience,
        holder=HolderType(row.holder) if row.holder else None,
        valid_until=row.valid_until,
    )
    return Approved(
        id=row.id,
        content=content,
        handover_id=row.handover_id or "",
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        withdrawn=row.withdrawn_at is not None,
    )
