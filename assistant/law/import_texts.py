"""Official texts taken in: from files and folders, from pinned URLs, from a list of sources."""

import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from assistant.app import App
from assistant.law.ingest_knowledge import IMPORTED, bring_up_to_date
from knowledge.claims import words_of
from knowledge.errors import SameVersionTwice
from knowledge.fetching import Limits, PinnedSource, fetch, read_pinned
from knowledge.ingest import IngestReport
from knowledge.intake import IMPORTED as IMPORTED_KIND
from knowledge.particulars import Given
from knowledge.policies import SkippedFile, files_below
from knowledge.regulations import read_regulation
from knowledge.sources import names
from knowledge.store import Document
from records.errors import BadInput, NotFound, ProductError
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission

Progress = Callable[[str, int, int], None]
Update = Callable[..., IngestReport]


def _no_progress(_stage: str, _done: int, _total: int) -> None:
    """Shown to nobody."""


@dataclass(frozen=True, slots=True)
class Imported:
    """One version taken in, and what was noticed while it was read."""

    id: str
    name: str
    provisions: int
    remarks: tuple[Bilingual, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came in, what was refused and why; the ingest that followed, if anything came."""

    imported: tuple[Imported, ...]
    refused: tuple[SkippedFile, ...]
    ingest: IngestReport | None
    # What another source of texts holds already, word for word.
    unchanged: tuple[Imported, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    path: Path
    shown: str
    given: Given


def import_texts(
    app: App,
    person: Person,
    paths: Sequence[Path],
    *,
    given: Given = Given(),  # noqa: B008
    progress: Progress = _no_progress,
    update: Update = bring_up_to_date,
) -> ImportReport:
    """Texts from files and folders; what is refused leaves everything as it was.

    `given` describes a single file. Raises NotPermitted, NotFound, BadInput.
    """
    app.authorise(person, Permission.KNOWLEDGE_INGEST)
    files = [file for path in paths for file in _files(path)]
    if len(files) != 1 and given != Given():
        raise BadInput(
            "名称、日期等说明只能用于单个文件。", "Name, dates and the like describe one file only."
        )
    named = Counter(file.name for file in files)
    candidates = [
        _Candidate(file, file.name if named[file.name] == 1 else "/".join(file.parts[-2:]), given)
        for file in files
    ]
    return _take_in(app, person, candidates, (), progress, update)


def import_url(
    app: App,
    person: Person,
    source: PinnedSource,
    *,
    progress: Progress = _no_progress,
    update: Update = bring_up_to_date,
) -> ImportReport:
    """One text from a pinned URL. Raises NotPermitted, BadInput, Unavailable."""
    app.authorise(person, Permission.KNOWLEDGE_INGEST)
    with tempfile.TemporaryDirectory() as folder:
        candidate = _fetched(source, Path(folder), _limits(app))
        return _take_in(app, person, [candidate], (), progress, update)


def sync_sources(
    app: App,
    person: Person,
    pinned: Path | None = None,
    *,
    progress: Progress = _no_progress,
    update: Update = bring_up_to_date,
) -> ImportReport:
    """Every text of the list of pinned sources (the settings' one by default).

    A source that fails is named with its reason; the others go on. Raises NotPermitted, BadInput.
    """
    app.authorise(person, Permission.KNOWLEDGE_INGEST)
    listed = pinned or app.settings.knowledge_sources
    if listed is None or not listed.is_file():
        raise NotFound(
            "没有来源清单：请用 --sources 指定，或设置 COMPLIANCE_KNOWLEDGE_SOURCES。",
            "There is no list of sources: name one with --sources, or set "
            "COMPLIANCE_KNOWLEDGE_SOURCES.",
        )
    candidates: list[_Candidate] = []
    failed: list[SkippedFile] = []
    sources = read_pinned(listed)
    with tempfile.TemporaryDirectory() as folder:
        for number, source in enumerate(sources, start=1):
            try:
                candidates.append(_fetched(source, Path(folder), _limits(app)))
            except ProductError as error:
                failed.append(SkippedFile(source.name, error.message))
            progress("fetch", number, len(sources))
        return _take_in(app, person, candidates, tuple(failed), progress, update)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return files_below(path)
    if not path.is_file():
        raise NotFound(f"没有这个文件：{path.name}", f"No such file: {path.name}")
    return [path]


def _limits(app: App) -> Limits:
    hosts = app.settings.fetch_private_hosts.split(",")
    return Limits(private_hosts=frozenset(host.strip() for host in hosts if host.strip()))


def _fetched(source: PinnedSource, folder: Path, limits: Limits) -> _Candidate:
    found = fetch(source.name, source.url, source.sha256, limits)
    path = folder / f"{source.sha256}{found.suffix}"
    path.write_bytes(found.data)
    about = source.model_dump(mode="json", exclude={"url", "sha256"}, exclude_none=True)
    given = Given.model_validate_json(_json({**about, "source": source.url}))
    return _Candidate(path, source.name, given)


def _json(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)


def _take_in(
    app: App,
    person: Person,
    candidates: Sequence[_Candidate],
    refused: tuple[SkippedFile, ...],
    progress: Progress,
    update: Update,
) -> ImportReport:
    """Read first, keep what can be read, then bring database and index up to it."""
    kept = app.settings.home / IMPORTED
    kept.mkdir(parents=True, exist_ok=True, mode=0o700)
    elsewhere = {v.id: v.source for v in app.library.loaded() if v.kind != IMPORTED_KIND}
    read: dict[str, list[tuple[_Candidate, Document]]] = defaultdict(list)
    turned_away = list(refused)
    for candidate in candidates:
        try:
            document = _read(candidate)
        except ProductError as error:
            turned_away.append(SkippedFile(candidate.shown, error.message))
        else:
            read[document.id].append((candidate, document))
    came: list[Imported] = []
    unchanged: list[Imported] = []
    for version, claims in read.items():
        differ = any(words_of(one) != words_of(claims[0][1]) for _, one in claims)
        for number, (candidate, document) in enumerate(claims):
            # A copy is taken once. Of two wordings of one version neither is: a person must say.
            copied = claims[number - 1][0].shown if differ or number else None
            held = elsewhere.get(version)
            if held and not copied and words_of(document) == _loaded_words(app, version):
                unchanged.append(_imported(document))
                continue
            rival = f"{held}（已装入 / loaded）" if held else copied
            if rival:
                reason = SameVersionTwice(candidate.shown, rival).message
                turned_away.append(SkippedFile(candidate.shown, reason))
                continue
            _keep(kept, candidate, document)
            came.append(_imported(document))
    report = update(app, progress=progress) if came else None
    details = {"imported": len(came), "refused": len(turned_away)}
    app.record(person, "knowledge:imported", "library", details)
    return ImportReport(tuple(came), tuple(turned_away), report, tuple(unchanged))


def _imported(document: Document) -> Imported:
    remarks = document.particulars.remarks
    return Imported(document.id, document.name, len(document.provisions), remarks)


def _loaded_words(app: App, version: str) -> list[tuple[str, str]]:
    return [(one.article, one.text) for one in app.library.version(version)]


def _read(candidate: _Candidate) -> Document:
    return read_regulation(
        candidate.path, candidate.shown, kind=IMPORTED_KIND, given=candidate.given
    )


def _keep(folder: Path, candidate: _Candidate, document: Document) -> None:
    """A copy under the version's own name, with what was said of it beside it.

    Cut short anywhere, what was kept before is still there, and no text without what was said of it.
    """
    known = names().get(document.name, document.name)
    stem = "".join("-" if one in '/\\:*?"<>|' else one for one in document.id)[:120]
    about = candidate.given.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    about |= {
        "name": known,
        "adopted": str(document.particulars.adopted),
        "effective": str(document.effective_from),
        "level": document.level.value,
        "source": document.source,
    }
    if not document.particulars.date_certain:
        del about["effective"]
    said = yaml.safe_dump(about, allow_unicode=True, sort_keys=False).encode()
    name = f"{stem}{candidate.path.suffix.lower()}"
    _put(folder / f"{name}.yaml", said)
    _put(folder / name, candidate.path.read_bytes())
    for before in folder.glob("*"):
        if before.name.startswith(f"{stem}.") and before.name not in (name, f"{name}.yaml"):
            before.unlink()


def _put(path: Path, data: bytes) -> None:
    """The whole file in one step; a hidden draft is no text."""
    draft = path.with_name(f".{path.name}")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
