"""Laws, duties and company policy taken in, and the search index built anew beside the old one."""

from collections.abc import Callable
from pathlib import Path

from assistant.app import App
from knowledge.ingest import IngestReport, ingest
from pii.cleared import ClearedText
from pii.policy import load_policy
from pii.redact import redact
from records.people import Person
from records.permissions import Permission

# Where texts lie that were imported or fetched, under the home folder.
IMPORTED = "texts"


def ingest_knowledge(
    app: App,
    person: Person,
    *,
    policies: Path | None = None,
    regulations: Path | None = None,
    progress: Callable[[str, int, int], None] = lambda _stage, _done, _total: None,
) -> IngestReport:
    """What was taken in, left out and why; folders default to the settings.

    Policy text is cleared of personal data before it is indexed. Raises NotPermitted, BadInput.
    """
    app.authorise(person, Permission.KNOWLEDGE_INGEST)
    policy = load_policy("question")

    def clear(text: str) -> ClearedText:
        return redact(text, app.detector, policy).cleared

    imported = app.settings.home / IMPORTED
    report = ingest(
        app.database,
        app.settings.home / "index",
        policies=policies or app.settings.policy_folder,
        regulations=regulations or app.settings.regulations_folder,
        imported=imported if imported.is_dir() else None,
        clear=clear,
        progress=progress,
    )
    app.record(person, "knowledge:ingested", "library", app.library.counts())
    return report
