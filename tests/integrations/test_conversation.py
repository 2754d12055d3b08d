"""A question at a terminal: what is asked back is answered on the spot."""

import os
import pty
import re
import select
import sys
import time
from pathlib import Path

import pytest

from tests.homes import copy_home

ROOT = Path(__file__).parent.parent.parent
QUESTION = "客户解约三年了，他的身份证复印件可以销毁吗？"
PROMPT = "回车跳过"
PATIENCE = 90


@pytest.fixture
def home(small_home: Path, tmp_path: Path) -> Path:
    home = tmp_path / "home"
    copy_home(small_home, home)
    return home


def at_terminal(home: Path, *typed: str) -> str:
    """What a person sees who runs the command at a terminal and types these lines when asked."""
    environment = {**os.environ, "COMPLIANCE_HOME": str(home), "PYTHONPATH": str(ROOT)}
    arguments = [sys.executable, "-m", "integrations.cli", "ask", QUESTION]
    child, terminal = pty.fork()
    if not child:
        os.execve(sys.executable, arguments, {**environment, "COLUMNS": "200"})
    waiting = select.poll()
    waiting.register(terminal, select.POLLIN)
    seen, lines, end = b"", list(typed), time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if not waiting.poll(1000):
            continue
        try:
            seen += os.read(terminal, 65536)
        except OSError:
            break
        if lines and seen.decode(errors="ignore").count(PROMPT) > len(typed) - len(lines):
            os.write(terminal, f"{lines.pop(0)}\n".encode())
    os.close(terminal)
    os.waitpid(child, 0)
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen.decode())


def test_a_number_chooses_and_enter_skips(home: Path) -> None:
    seen = at_terminal(home, "2", "")
    first, second = seen.split(PROMPT)[:2]
    assert "2. 银行、支付等金融机构" in first
    assert "我们是金融机构" not in first
    assert "我们是金融机构" in second
    assert "2033" in second
