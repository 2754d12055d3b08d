"""kill -9 before every durable step of each long verb: nothing lost, doubled, readable or left over."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.dying import MOST_STEPS
from tests.faults.scenarios import SCENARIOS
from tests.thorough import THOROUGH

ROOT = Path(__file__).parents[2]
# Two deaths of each, this many steps apart; where thorough every step, but of a restore one of five: most of
# its steps are the same, a row put back.
STRIDES = {
    "redact": 5,
    "report": 14,
    "notice": 3,
    "destroy": 19,
    "shred": 6,
    "rotate": 4,
    "rekey": 4,
    "backup": 4,
    "take_in": 4,
    "ask_for_destruction": 16,
    "write_to_clients": 8,
    "end": 3,
    "pack": 1,
    "hand_in": 3,
    "tell_kept": 6,
    "ask_for_kept": 6,
    "empty_kept": 10,
    "ask_for_left": 11,
    "remind": 23,
    "deliver": 15,
    "take_mail": 18,
    "follow_up": 4,
    "upkeep": 11,
    "anchor": 1,
    "erase_person": 9,
    "import": 37,
    "ingest": 32,
    "restore": 185,
}
MOST = 2
if THOROUGH:
    STRIDES = dict.fromkeys(SCENARIOS, 1) | {"restore": 5}
    MOST = MOST_STEPS


@pytest.fixture(scope="module")
def deaths(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> list[dict[str, Any]]:
    """What one process saw that died again and again, in the scenarios that were chosen."""
    folder = tmp_path_factory.mktemp("dying")
    chosen = {f"[{name}]": f"{name}:{stride}:{MOST}" for name, stride in STRIDES.items()}
    names = [one.name for one in request.session.items if one.path == request.path]
    wanted = [run for mark, run in chosen.items() if any(name.endswith(mark) for name in names)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults.dying", str(folder), *wanted],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=7200 if THOROUGH else 900,
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
    died = [one["died"] for one in own]
    # The last one of the whole form had no step left to die before.
    assert died == ([True] * (len(own) - 1) + [False] if THOROUGH else [True] * MOST)
    assert len(own) >= 2


def test_every_scenario_has_its_turn() -> None:
    only_long = {"decide", "tell_clients", "settle", "keep_on", "rebuild"}
    assert set(STRIDES) | only_long == set(SCENARIOS)
