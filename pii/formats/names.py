"""File names inside a file: safe to unpack, and no two alike."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

_UNSAFE = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*\u202a-\u202e\u2066-\u2069]")


def safe_part(untrusted_part: str) -> str:
    """One folder's or file's name that no system takes for a path, a drive or a command."""
    return _UNSAFE.sub("_", untrusted_part).strip(" ")[:120].rstrip(" .") or "_"


def distinct(names: Iterable[str]) -> list[str]:
    """The names in order; one that stood before, in whatever case, gets a number."""
    given: set[str] = set()
    result = []
    for name in names:
        path = PurePosixPath(name)
        fresh, number = name, 2
        while fresh.lower() in given:
            fresh = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
            number += 1
        given.add(fresh.lower())
        result.append(fresh)
    return result
