"""The words each duty was checked against, as fingerprints: a duty whose article changed shows."""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.duties import Duties, Duty
from knowledge.provisions import Provision, Standing, standing
from knowledge.store import InstrumentRow, ProvisionRow
from records.data_files import Entry, load

# Written by `python -m evals.seal_duties` after a review; never by hand.
CHECKED = Path(__file__).with_name("checked_articles.yaml")


class _Checked(Entry):
    as_of: date
    articles: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Outdated:
    """A duty to be reviewed, because an article it rests on no longer reads as it did."""

    duty: Duty
    instrument: str
    article: str
    # The version now in force, None where the article is not in force any more.
    version: str | None


@cache
def checked() -> dict[str, dict[str, str]]:
    """Fingerprints of the articles as they were checked: instrument → article → fingerprint."""
    return load(CHECKED, _Checked).articles


def fingerprint(text: str) -> str:
    """What tells two readings of an article apart; spaces and punctuation do not count."""
    letters = (c for c in unicodedata.normalize("NFKC", text) if c.isalnum())
    return hashlib.sha256("".join(letters).encode()).hexdigest()[:16]


def has_changed(provisions: Iterable[Provision]) -> bool:
    """Whether any of them reads otherwise than the duties' articles read when they were checked."""
    known = checked()
    return any(
        sealed != fingerprint(one.text)
        for one in provisions
        if (sealed := known.get(one.instrument, {}).get(one.article)) is not None
    )


def outdated(
    session: Session,
    duties: Duties,
    *,
    as_of: date,
    against: dict[str, dict[str, str]] | None = None,
) -> list[Outdated]:
    """The duties whose articles read differently on that day from when they were checked."""
    known = checked() if against is None else against
    held = _held(session, known, as_of)
    loaded = {name for name, _ in held} | _names(session, known)
    found = []
    for duty in duties.values():
        for citation in (*duty.citations, *duty.penalty):
            for article in citation.articles:
                sealed = known.get(citation.instrument, {}).get(article)
                if sealed is None or citation.instrument not in loaded:
                    continue
                version, now = held.get((citation.instrument, article), (None, None))
                if now != sealed:
                    found.append(Outdated(duty, citation.instrument, article, version))
    return list(dict.fromkeys(found))


def _names(session: Session, known: Iterable[str]) -> set[str]:
    query = select(InstrumentRow.name).where(InstrumentRow.name.in_(list(known)))
    return set(session.scalars(query))


def _held(
    session: Session, known: dict[str, dict[str, str]], as_of: date
) -> dict[tuple[str, str], tuple[str, str]]:
    """Version and fingerprint of each checked article as it stands on that day."""
    query = (
        select(
            *(InstrumentRow.name, InstrumentRow.id, InstrumentRow.effective_from),
            *(ProvisionRow.article, ProvisionRow.text, ProvisionRow.effective_to),
            ProvisionRow.ends_as,
        )
        .join(InstrumentRow, InstrumentRow.id == ProvisionRow.instrument_id)
        .where(InstrumentRow.name.in_(list(known)))
        .where(ProvisionRow.article.in_({article for one in known.values() for article in one}))
        .order_by(InstrumentRow.effective_from)
    )
    found = {}
    for name, version, begins, article, text, ends, ends_as in session.execute(query):
        if article not in known[name]:
            continue
        state = standing(
            as_of,
            effective_from=begins,
            effective_to=ends,
            ends_as=Standing(ends_as) if ends_as else None,
        )
        if state is Standing.IN_FORCE:
            found[name, article] = (version, fingerprint(text))
    return found
