"""The duties' own small index, built in memory from the files."""

from dataclasses import dataclass

from knowledge.duties import Duties, Duty
from knowledge.search import rank_words
from knowledge.sources import short_name
from knowledge.tokens import terms
from knowledge.word_index import WordIndex
from pii.cleared import ClearedText, public_text


@dataclass(frozen=True)
class DutyHit:
    """A duty that answers a question, and how well."""

    duty: Duty
    score: float


class DutySearch:
    """Search over duties by trigger, duty, note, English wording and cited laws."""

    def __init__(self, duties: Duties) -> None:
        self._duties = tuple(duties.values())
        titles = {topic.topic: topic.title.zh for topic in duties.topics}
        texts = [_text(duty, titles[duty.topic]) for duty in self._duties]
        self._index = WordIndex.build((terms(text.text) for text in texts), {})

    def search(self, question: ClearedText, *, limit: int = 8) -> list[DutyHit]:
        """The duties that answer the question, best first; none when nothing does."""
        ranked = rank_words(self._index, question.text, limit=limit)
        return [DutyHit(self._duties[r.row], r.score) for r in ranked]


def _text(duty: Duty, topic: str) -> ClearedText:
    laws = " ".join(short_name(citation.instrument) for citation in duty.citations)
    binds = " ".join(duty.binds)
    parts = (duty.trigger, duty.duty, duty.note, duty.duty_en, binds, laws, topic)
    return public_text("\n".join(filter(None, parts)), source=duty.id)
