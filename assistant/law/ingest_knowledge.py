"""Laws, duties and company policy taken in, and the search index built anew beside the old one."""

from collections.abc import Callable
from pathlib import Path

from assistant.app import App
from assistant.company import keep_kind
from knowledge.ingest import IngestReport, ingest
from pii.cleared import ClearedText
from pii.policy import load_policy
from pii.redact import redact
from records.people import Person
from records.permissions import Permission
from tickets.retention.facts import HolderType

# Where texts lie that were imported or fetched, under the home folder.
IMPORTED = "texts"


def ingest_knowledge(
    app: App,
    person: Person,
    *,
    policies: Path | None = None,
    regulations: Path | None = None,
    holder: HolderType | None = None,
    progress: Callable[[str, int, int], None] = lambda _stage, _done, _total: None,
) -> IngestReport:
    """What was taken in, left out and why; folders default to the settings.

    Policy text is cleared of personal data before it is indexed. `holder` says what kind of company this is,
    which is kept for every later start. Raises NotPermitted, BadInput.
    """
    app.authorise(person, Permission.KNOWLEDGE_INGEST)
    if holder is not None:
        keep_kind(app.settings.home, holder)
    report = bring_up_to_date(app, policies=policies, regulations=regulations, progress=progress)
    said = {"holder": holder.value} if holder else {}
    app.record(person, "knowledge:ingested", "library", {**app.library.counts(), **said})
    return report


def rebuild_index(
    app: App,
    person: Person,
    *,
    progress: Callable[[str, int, int], None] = lambda _stage, _done, _total: None,
) -> IngestReport:
    """A new index from what is loaded, while the one before serves. Raises NotPermitted, BadInput."""
    app.authorise(person, Permission.KNOWLEDGE_INGEST)
    report = bring_up_to_date(app, progress=progress, rebuild=True)
    app.record(person, "knowledge:rebuilt", "library", app.library.counts())
    return report


def bring_up_to_date(
    app: App,
    *,
    policies: Path | None = None,
    regulations: Path | None = None,
    progress: Callable[[str, int, int], None],
    rebuild: bool = False,
    only: frozenset[str] | None = None,
) -> IngestReport:
    """Database and index as the sources have it; verbs call this after their check.

    `only` names the laws to load.
    """
    policy = load_policy("question")

    def clear(text: str) -> ClearedText:
        return redact(text, app.detector, policy).cleared

    imported = app.settings.home / IMPORTED
    return ingest(
        app.database,
        app.settings.home / "index",
        policies=policies or app.settings.policy_folder,
        regulations=regulations or app.settings.regulations_folder,
        imported=imported if imported.is_dir() else None,
        clear=clear,
        progress=progress,
        stores=app.library.stores,
        rebuild=rebuild,
        only=only,
    )
