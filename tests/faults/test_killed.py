"""kill -9 before every durable step of each long verb: nothing lost, doubled, readable or left over."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.scenarios import SCENARIOS

ROOT = Path(__file__).parents[2]
LONG = bool(os.environ.get("COMPLIANCE_LONG"))
# One step of so many is tried; with COMPLIANCE_LONG=1 every one is, but of a restore one of five: most of
# its steps are the same, a row put back.
STRIDES = {
    "redact": 3,
    "report": 5,
    "notice": 3,
    "destroy": 8,
    "shred": 4,
    "rotate": 3,
    "rekey": 3,
    "backup": 2,
    "take_in": 2,
    "ask_for_destruction": 4,
    "write_to_clients": 4,
    "end": 2,
    "pack": 1,
    "hand_in": 2,
    "tell_kept": 7,
    "ask_for_kept": 6,
    "empty_kept": 13,
    "ask_for_left": 12,
    "remind": 20,
    "deliver": 15,
    "take_mail": 18,
    "follow_up": 5,
    "upkeep": 9,
    "anchor": 1,
    "erase_person": 10,
    "import": 50,
    "ingest": 50,
    "restore": 150,
}
if LONG:
    STRIDES = dict.fromkeys(SCENARIOS, 1) | {"restore": 5}


@pytest.fixture(scope="module")
def deaths(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> list[dict[str, Any]]:
    """What one process saw that died again and again, in the scenarios that were chosen."""
    folder = tmp_path_factory.mktemp("dying")
    chosen = {f"[{name}]": f"{name}:{stride}" for name, stride in STRIDES.items()}
    names = [one.name for one in request.session.items if one.path == request.path]
    wanted = [run for mark, run in chosen.items() if any(name.endswith(mark) for name in names)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults.dying", str(folder), *wanted],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=3600 if LONG else 900,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.mark.parametrize("scenario", STRIDES)
def test_whichever_step_it_dies_before_the_next_start_makes_it_whole(
    deaths: list[dict[str, Any]], scenario: str
) -> None:
    own = [death for death in deaths if death["scenario"] == scenario]
    broken = [(one["step"], what) for one in own for what, held in one["held"].items() if not held]
    assert broken == []
    assert len(own) > 2
    assert [one["died"] for one in own] == [True] * (len(own) - 1) + [False]


def test_every_scenario_has_its_turn() -> None:
    only_long = {"decide", "tell_clients", "settle", "keep_on", "rebuild"}
    assert set(STRIDES) | only_long == set(SCENARIOS)
