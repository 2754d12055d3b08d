"""Cases that reviews left, handed on to a suite file."""

from collections.abc import Sequence
from pathlib import Path

from assistant.app import App
from pii.eval_cases import EvalCase, EvalCases, added_to
from records.data_files import load
from records.people import Person
from records.permissions import Permission

FILE = "eval-cases.yaml"


def keep_cases(home: Path, cases: Sequence[EvalCase]) -> None:
    """More cases in the home folder, until somebody hands them on."""
    added_to(home / FILE, cases, _read(home / FILE))


def add_eval_cases(app: App, person: Person, suite: Path) -> int:
    """How many cases were new to the suite file. Raises NotPermitted, BadDataFile."""
    app.authorise(person, Permission.RULE_MANAGE)
    added = added_to(suite, _read(app.settings.home / FILE), _read(suite))
    app.record(person, "evals:added", "eval-cases", {"cases": added})
    return added


def _read(path: Path) -> tuple[EvalCase, ...]:
    return load(path, EvalCases).cases if path.exists() else ()
