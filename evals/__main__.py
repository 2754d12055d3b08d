"""`python -m evals`: every suite over all national laws, a table, results as JSON, and report.html.

Exit status 1 where a suite stays below its threshold. `--previous results.json` compares.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assistant.app import build
from assistant.law.ingest_knowledge import ingest_knowledge
from assistant.settings import Settings
from evals.asked import EXAMPLES
from evals.harness import Result
from evals.report import Previous, page, release
from evals.suites import SUITES, Baseline, Bench, baselines
from records.beijing import SHANGHAI
from records.people import Role, add_person

RELEASE = Path(__file__).parent.parent / "assistant" / "questions" / "measured.yaml"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was named (everything by default), print, write, and say whether it passed."""
    given = _arguments(arguments)
    previous = _read(given.previous) if given.previous else Previous()
    with tempfile.TemporaryDirectory() as folder:
        results = _measured(Path(folder), given.suites or list(SUITES))
    compared = list(baselines()) if not given.suites or "asked" in given.suites else []
    given.out.mkdir(parents=True, exist_ok=True)
    written = {"at": datetime.now(UTC).isoformat(), "suites": [_row(one) for one in results]}
    text = json.dumps(written, ensure_ascii=False, indent=1)
    (given.out / "results.json").write_text(text, encoding="utf-8")
    report = page(results, previous, compared, at=datetime.now(UTC))
    (given.out / "report.html").write_text(report, encoding="utf-8")
    if given.release:
        RELEASE.write_text(release(results, datetime.now(SHANGHAI).date()), encoding="utf-8")
    _print(results, previous, compared)
    return 0 if all(one.passed for one in results if one.scores) else 1


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument("suites", nargs="*", choices=[*SUITES, []], help="which; all by default")
    parser.add_argument("--out", type=Path, default=Path("evals-report"))
    parser.add_argument("--previous", type=Path, help="results.json of an earlier run")
    parser.add_argument("--release", action="store_true", help=f"write {RELEASE.name} too")
    return parser.parse_args(arguments)


def _measured(home: Path, names: Sequence[str]) -> list[Result]:
    app = build(Settings(home=home))
    now = datetime.now(UTC)
    with app.database.transaction() as session:
        employee = add_person(session, name="evals", roles={Role.EMPLOYEE}, now=now)
        administrator = add_person(session, name="evals", roles=set(Role), now=now)
    try:
        ingest_knowledge(app, administrator, policies=EXAMPLES / "policy")
        bench = Bench(app, employee, administrator)
        return [result for name in names for result in SUITES[name](bench)]
    finally:
        app.close()


def _row(result: Result) -> dict[str, object]:
    return {
        "suite": result.suite,
        "share": result.share,
        "number": len(result.scores),
        "threshold": result.threshold,
        "failures": [asdict(one) for one in result.failures],
    }


def _read(path: Path) -> Previous:
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Previous({one["suite"]: float(one["share"]) for one in stored["suites"]}, stored["at"])


def _print(results: Sequence[Result], previous: Previous, compared: Sequence[Baseline]) -> None:
    table = Table("suite", "cases", "share", "must reach", "before", "")
    for one in results:
        before = previous.shares.get(one.suite)
        table.add_row(
            one.suite,
            str(len(one.scores)),
            f"{one.share:.3f}",
            f"{one.threshold:.2f}",
            "" if before is None else f"{before:.3f}",
            "" if one.passed or not one.scores else "BELOW",
        )
    for baseline in compared:
        table.add_row(
            f"{baseline.suite} ({baseline.name})", "", f"{baseline.share:.3f}", "", "", ""
        )
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
