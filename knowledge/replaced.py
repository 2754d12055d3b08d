"""Texts as the index in use has them, while an ingest has stored what comes in their place.

The rows of a text change before the index that finds them does. Until that is in use, also where the
ingest died in between, a question is answered by the words that were indexed: a section found by its
old words never shows what stands under its number now. Who may read a text is taken from what is stored.
"""

import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from knowledge import index, store
from knowledge.provisions import Provision

_FILE = "replaced.json"
_TEXTS = TypeAdapter(dict[str, list[Provision]])


def keep(folder: Path, session: Session, names: Iterable[str]) -> None:
    """Keep every version of these texts as the index in use has it, before they are stored anew.

    What was kept before stays: an ingest that died stored some of them already.
    """
    generation = index.current(folder)
    if generation is None:
        return
    kept = _read(folder / generation / _FILE)
    new: dict[str, list[Provision]] = {
        name: store.provisions(session, instrument=name)
        for name in sorted(set(names) - kept.keys())
    }
    if new and (folder / generation).is_dir():
        _write(folder / generation / _FILE, {**kept, **new})


def as_indexed(folder: Path, generation: str) -> Mapping[str, Provision]:
    """The provisions kept for this generation, by id; none where no ingest is under way or died."""
    path = folder / generation / _FILE
    try:
        written = path.stat()
    except FileNotFoundError:
        return {}
    return _by_id(path, written.st_mtime_ns, written.st_size)


def forget(folder: Path) -> None:
    """What is stored is what the index in use was built from."""
    generation = index.current(folder)
    if generation is not None:
        (folder / generation / _FILE).unlink(missing_ok=True)


@lru_cache(maxsize=2)
def _by_id(path: Path, _written: int, _size: int) -> Mapping[str, Provision]:
    return {one.id: one for text in _read(path).values() for one in text}


def _read(path: Path) -> dict[str, list[Provision]]:
    try:
        return _TEXTS.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        # Damaged, it is worth nothing: what is stored is shown.
        return {}


def _write(path: Path, texts: dict[str, list[Provision]]) -> None:
    draft = path.with_name(f".{path.name}")
    with draft.open("wb") as file:
        file.write(_TEXTS.dump_json(texts))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
