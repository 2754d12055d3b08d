"""What a question and a passage mean, in Chinese or English: 384 numbers each, by a small model of our own.

A question lies near the passages that answer it, in whatever words. What it was trained on and what it
reaches: weights/CARD.md.
"""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from pathlib import Path

from knowledge.embeddings import WEIGHTS, Vectors
from knowledge.model_embeddings import Kept, OnnxEmbedder
from pii.cleared import ClearedText

FOLDER = WEIGHTS / "sentences"
# Beside the index: what was read of passages, by a hash of each.
KEPT = "sentences.db"

# As long as what it was trained on.
_LONGEST = 96

Passages = Callable[[Sequence[ClearedText]], Vectors]


def model_name() -> str:
    """Which model this is: vectors of another mean nothing to it."""
    return _loaded().name


@lru_cache(maxsize=64)
def read_question(question: ClearedText) -> Vectors:
    """A unit vector; one question is asked of several sorts of passages."""
    found: Vectors = _model("query: ").encode([question])[0]
    return found


def read_questions(questions: Sequence[ClearedText]) -> Vectors:
    """A unit vector each, of many at once."""
    return _model("query: ").encode(questions)


def passages(kept_in: Path | None = None) -> Passages:
    """What reads passages, a unit vector each; what was read is kept in this folder."""
    model = _model("passage: ")
    return Kept(model, kept_in / KEPT).encode if kept_in else model.encode


@cache
def _model(prefix: str) -> OnnxEmbedder:
    return _loaded().before(prefix)


@cache
def _loaded() -> OnnxEmbedder:
    return OnnxEmbedder(FOLDER, _LONGEST)
