"""`python -m evals.retrieval_training --questions FILE`: train what retrieval ships again.

The questions are read, never kept: what is written are directions of terms and thresholds of
trees. A share of them, drawn by a seed, is held out of everything; `evals.retrieval --held-out`
measures on exactly those.
"""

import argparse
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from evals.lay_questions import Article, LayQuestion, held_out, read_questions, written_questions
from evals.ranking_measures import Judged, summary
from evals.retrieval_training.corpus import Corpus, Indexed, read_corpus
from evals.retrieval_training.embedding import (
    Example,
    Rows,
    Source,
    Texts,
    answered,
    started,
    structured,
)
from evals.retrieval_training.precedents import precedents
from evals.retrieval_training.ranker import Case, cases, ordered, trained
from evals.retrieval_training.subjects import subjects
from knowledge.duties import is_law, load_duties
from knowledge.embeddings import WEIGHTS, StaticEmbedder, Vectors, built_in
from knowledge.precedents import Precedents
from knowledge.provisions import Provision
from knowledge.renumberings import moved
from knowledge.search import candidates
from knowledge.sources import by_name, short_name
from knowledge.topics import Subjects
from knowledge.word_index import understand
from pii.cleared import public_text

SEED = 20260101
_PARTS, _STEPS, _ROUNDS = 5, 3000, 10
_NAME = "built-in 4"
# The questions name articles by the numbers of the laws then in force: a later revision moved them.
_NUMBERED = date(2024, 4, 30)


def say(text: str) -> None:
    """A line on the way, with the time it came."""
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def examples_of(corpus: Corpus, questions: Sequence[LayQuestion]) -> list[Example]:
    """Questions to learn from: of the file, less what is held out, of our duties, and written ones."""
    rows = corpus.row_of()
    stable = {key: row for key, row in rows.items() if _as_numbered(corpus.provisions[row])}
    kept = set(map(id, held_out(questions)))
    asked: list[tuple[str, list[int], Source]] = [
        (one.ask, [rows[at] for g in one.gold for at in _since(g, stable) if at in rows], "file")
        for one in questions
        if id(one) not in kept
    ]
    for duty in load_duties().values():
        if is_law(duty):
            cited = {
                rows[key]
                for citation in duty.citations
                for article in citation.articles
                if (key := (short_name(citation.instrument), article)) in rows
            }
            asked += [(one.q, sorted(cited), "duty") for one in duty.questions]
    random = np.random.default_rng(SEED)
    part = random.integers(0, _PARTS, len(asked))
    found = [
        Example(ask, tuple(sorted(gold)), int(fold), source)
        for (ask, gold, source), fold in zip(asked, part, strict=True)
        if gold
    ]
    # The questions of one article stay together: one must not find it by another.
    of_row = random.integers(0, _PARTS, len(corpus.texts))
    for one in written_questions():
        (article,) = one.gold
        if (row := rows.get(article)) is not None:
            found.append(Example(one.ask, (row,), int(of_row[row]), "written"))
    return found


def _as_numbered(provision: Provision) -> bool:
    """Whether an article still bears the number under which the questions name it."""
    return provision.effective_from is None or provision.effective_from <= _NUMBERED


def _since(gold: Article, stable: Mapping[Article, int]) -> list[Article]:
    """Where what a question names stands today; nothing if that is not known."""
    if gold in stable:
        return [gold]
    name, article = gold
    now = next(
        (m for one in by_name() if short_name(one) == name and (m := moved(one, article))), None
    )
    return [(name, label) for label in now.new] if now else []


def hard_negatives(
    indexed: Indexed, texts: Texts, start: Vectors, examples: Sequence[Example], as_of: date
) -> list[Rows]:
    """For each question the candidates of the search before training that do not answer it."""
    generation = indexed.with_embedding(texts.model(start, "start"))
    found = []
    for one in examples:
        pool = candidates(
            generation,
            public_text(one.ask, source="training"),
            understand(one.ask),
            as_of=as_of,
            audience=generation.open_to(frozenset()),
        )
        best = [*pool.rows[:40].tolist(), *pool.nearest[:40]]
        found.append(np.array([row for row in best if row not in one.rows] or [0], dtype=np.intp))
    return found


def crossed(learnt: Sequence[Case]) -> None:
    """Say what the ranker reaches on each part when trained on the others."""
    lists, unseen, of_file = [], [], []
    for part in range(_PARTS):
        others = [one for one in learnt if one.example.part != part]
        known = {row for one in others for row in one.example.rows}
        trees = trained(others, SEED)
        for one in learnt:
            if one.example.part == part:
                judged = Judged(ordered(trees, one)[:20], frozenset(one.example.rows))
                lists.append(judged)
                if one.example.source == "file":
                    of_file.append(judged)
                if not known & set(one.example.rows):
                    unseen.append(judged)
    several = {"all": lists, "of the file": of_file, "provisions never trained on": unseen}
    for name, found in several.items():
        say(f"cross-validated, {name} ({len(found)}): " + shown(summary(found)))


def shown(measures: dict[str, float]) -> str:
    """Measures in a line."""
    return ", ".join(f"{name} {value:.3f}" for name, value in measures.items())


def main(arguments: Sequence[str] | None = None) -> None:
    """Train and write embedding.npz, subjects.npz, precedents.npz and ranker.npz."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--regulations", type=Path)
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2026, 11, 26))
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument(
        "--keep-embedding",
        action="store_true",
        help="train only the ranker, on the embedding and subjects that are shipped",
    )
    parser.add_argument("--structure", type=Path, help="keep the directions before questions here")
    given = parser.parse_args(arguments)
    corpus = read_corpus(given.as_of, given.regulations)
    examples = examples_of(corpus, read_questions(given.questions))
    texts, indexed = Texts(corpus, [one.ask for one in examples]), Indexed(corpus)
    say(f"{len(corpus.texts)} provisions, {len(texts.columns)} terms, {len(examples)} questions")
    if given.structure and given.structure.is_file():
        start = np.load(given.structure)
    else:
        start = structured(started(texts, SEED), texts, _STEPS, SEED + 1, say)
        if given.structure:
            np.save(given.structure, start)
    hard = hard_negatives(indexed, texts, start, examples, given.as_of)
    say("hard negatives found")

    def learnt_from_all_but(part: int | None) -> tuple[StaticEmbedder, Subjects, Precedents]:
        chosen = [n for n, one in enumerate(examples) if one.part != part]
        used = [examples[n] for n in chosen]
        negatives = [hard[n] for n in chosen]
        directions = answered(start, texts, used, negatives, rounds=_ROUNDS, seed=SEED + 2)
        model = texts.model(directions, _NAME)
        turned_to = subjects(corpus, texts, directions, used)
        return model, turned_to, precedents(corpus, model, used)

    learnt: list[Case] = []
    for part in range(_PARTS):
        generation = indexed.with_embedding(*learnt_from_all_but(part))
        # What was written for an article finds it too easily to learn an order from.
        asked = [one for one in examples if one.part == part and one.source != "written"]
        learnt += cases(generation, asked, given.as_of)
        say(f"part {part}: features ready")
    reach = [np.isin(one.example.rows, one.rows).mean() for one in learnt]
    say(
        f"candidates {np.mean([len(one.rows) for one in learnt]):.0f}, holding {np.mean(reach):.3f}"
    )
    crossed(learnt)
    given.out.mkdir(parents=True, exist_ok=True)
    trained(learnt, SEED).save(given.out / "ranker.npz")
    if given.keep_embedding:
        precedents(corpus, built_in(), examples).save(given.out / "precedents.npz")
    else:
        model, turned_to, before = learnt_from_all_but(None)
        model.save(given.out / "embedding.npz")
        turned_to.save(given.out / "subjects.npz")
        before.save(given.out / "precedents.npz")
    say("written")


if __name__ == "__main__":
    main()
