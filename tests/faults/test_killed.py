"""kill -9 before every durable step of each long verb: nothing lost, doubled, readable or left over."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DYING = Path(__file__).with_name("dying.py")
ROOT = Path(__file__).parents[2]


# Each so many steps are tried; with COMPLIANCE_LONG=1 every one is.
LONG = bool(os.environ.get("COMPLIANCE_LONG"))
STRIDES = {
    "redact": 5,
    "report": 7,
    "notice": 9,
    "destroy": 23,
    "shred": 9,
    "rotate": 5,
    "backup": 19,
}


@pytest.mark.parametrize("scenario", STRIDES)
def test_whichever_step_it_dies_before_the_next_start_makes_it_whole(
    tmp_path: Path, scenario: str
) -> None:
    stride = 1 if LONG else STRIDES[scenario]
    command = [sys.executable, str(DYING), str(tmp_path), scenario, str(stride)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    deaths = [json.loads(line) for line in ended.stdout.splitlines()]
    broken = [
        (death["step"], what)
        for death in deaths
        for what, held in death["held"].items()
        if not held
    ]
    assert broken == []
    assert len(deaths) > 2
    assert [death["died"] for death in deaths] == [True] * (len(deaths) - 1) + [False]
