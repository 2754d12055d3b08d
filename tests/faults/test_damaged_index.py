"""An index damaged at random: refused with what to do, never a crash, never another answer; built anew it answers."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.thorough import THOROUGH

ROOT = Path(__file__).parents[2]
# Rounds, and one file of how many in each: every file twice with every damage, or a sample.
ROUNDS, EVERY = (10, 1) if THOROUGH else (3, 5)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What one process saw that damaged an index again and again."""
    given = [str(tmp_path_factory.mktemp("damage") / "it"), "20261127", str(ROUNDS), str(EVERY)]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults.damaging", *given],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, timeout=3600 if THOROUGH else 300, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-2000:]
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_an_index_that_was_only_opened_is_whole(seen: list[dict[str, Any]]) -> None:
    first, second = seen[0]["told"]
    assert first == second
    assert all(first["answers"])


def test_damage_is_refused_in_a_sentence_or_changes_no_answer(seen: list[dict[str, Any]]) -> None:
    told, *damages = seen
    broken = [
        one
        for one in damages
        if one.get("crashed")
        or ("refused" not in one and one["answers"] != told["told"][0]["answers"])
        or ("refused" in one and "compliance" not in one["text"])
    ]
    assert broken == []
    # Whoever opened it before answers from what was read then; whoever opens it is refused.
    assert len([one for one in damages if "refused" in one]) > len(damages) / 5
    assert {one["file"] for one in damages} == set(told["files"]) or not THOROUGH


def test_a_file_that_is_read_is_not_damaged_unseen(seen: list[dict[str, Any]]) -> None:
    """Taken for whole only: what Chroma makes anew, what a next build takes over, a lock, and bytes of
    Chroma's database that belong to no row."""
    graphs = {one.rpartition("/")[0] for one in seen[0]["files"] if one.endswith(".pickle")}

    def may_pass(file: str, damage: str) -> bool:
        made_anew = file.endswith(".bin") and file.rpartition("/")[0] not in graphs
        of_no_row = file.endswith(".sqlite3") and damage in ("append", "flip")
        return "/worked/" in file or file.endswith("lock") or made_anew or of_no_row

    assert not [
        (one["file"], one["damage"])
        for one in seen[1:]
        if not one["live"]
        and "answers" in one
        and one["damage"] in ("cut", "append", "flip")
        and not may_pass(one["file"], one["damage"])
    ]


def test_built_anew_it_answers_as_before(seen: list[dict[str, Any]]) -> None:
    first = [found[0] for found in seen[0]["told"][0]["answers"]]
    mended = [one["mended"] for one in seen[1:] if "mended" in one]
    assert len(mended) > 1
    # Near ties may change places between two builds; the first has no near one.
    assert [[found[0] for found in one["answers"]] for one in mended] == [first] * len(mended)
