"""What kind of company this is: said once, kept in the home folder, never asked again.

`compliance ingest --holder company` keeps it; the setting COMPLIANCE_HOLDER goes before what is kept.
"""

from pathlib import Path

import yaml

from assistant.settings import Settings
from records.data_files import Entry, load
from tickets.retention.facts import HolderType

FILE = "company.yaml"


class _Company(Entry):
    holder: HolderType


def keep_kind(home: Path, holder: HolderType) -> None:
    """Keep what kind of company this is, for every start from now on."""
    kept = {"holder": holder.value}
    (home / FILE).write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")


def with_kind_kept(settings: Settings) -> Settings:
    """The settings, with the kind of company that is kept where they name none. Raises BadDataFile."""
    kept = settings.home / FILE
    if settings.holder is not None or not kept.exists():
        return settings
    return settings.model_copy(update={"holder": load(kept, _Company).holder})
