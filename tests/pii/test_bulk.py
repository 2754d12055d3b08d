"""Many files redacted: each once, hostile ones named, a second run only what changed; both engines."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pii.bulk import Done, Engine, on_this_machine, run
from pii.bulk_redaction import BulkRedaction, Copy
from pii.inventory import State
from pii.places import Folder, place_of
from pii.policy import load_policy
from pii.scan_state import Manifest
from records.errors import BadInput

CARD = "客户姓名：陈明远\n身份证号：11010519491231002X\n"
FILES = {
    "a/card.txt": CARD.encode(),
    "copy of card.txt": CARD.encode(),
    "b/陈明远.csv": "姓名,手机\n陈明远,13800138000\n".encode(),
    "broken.docx": b"PK\x03\x04 not a document",
    "kill.txt": b"kill",
    "old.exe": b"MZ",
}


@dataclass(frozen=True)
class Deadly(BulkRedaction):
    """Some files end the process that reads them, as a fault in a library would."""

    def reader(self) -> Callable[[bytes, str], Any]:
        read = super().reader()

        def deadly(data: bytes, name: str) -> Any:
            if data == b"kill":
                os.kill(os.getpid(), signal.SIGKILL)
            return read(data, name)

        return deadly


@pytest.fixture(scope="module", params=["local", "ray"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "local":
        return on_this_machine
    pytest.importorskip("ray")
    from pii.ray_engine import on_ray

    return on_ray


def test_each_once_hostile_files_named_and_again_only_what_changed(
    engine: Engine, tmp_path: Path
) -> None:
    for name, data in FILES.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(data)
    setup = Deadly(b"k" * 32, seconds=120, policy=load_policy(), target=Folder(tmp_path / "out"))

    def redacted() -> dict[str, Done]:
        manifest = Manifest(tmp_path / "manifest.jsonl", "1", Copy)
        place = Folder(tmp_path / "in")
        quiet: Callable[[int, int, int], None] = lambda *_: None  # noqa: E731
        done = run(place, manifest, setup, workers=1, progress=quiet, engine=engine)
        found = {one.path: one for one in done}
        manifest.close()
        return found

    first = redacted()
    states = {path: one.result.state for path, one in first.items()}
    assert states == {
        "a/card.txt": State.READ,
        "copy of card.txt": State.READ,
        "b/陈明远.csv": State.READ,
        "broken.docx": State.DAMAGED,
        "kill.txt": State.TOO_LARGE,
        "old.exe": State.UNSUPPORTED,
    }
    assert first["a/card.txt"].result == first["copy of card.txt"].result
    copies = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(copies) == 4  # two copies, a report beside each
    told = "".join(f"{path}{path.read_text('utf-8')}" for path in copies)
    assert not [
        secret for secret in ("陈明远", "11010519491231002X", "13800138000") if secret in told
    ]
    (tmp_path / "in" / "a/card.txt").write_text(CARD + "电话 13900139000\n", encoding="utf-8")
    again = redacted()
    assert {path for path, one in again.items() if not one.known_before} == {"a/card.txt"}
    assert again["copy of card.txt"].result == first["copy of card.txt"].result


def test_no_credentials_stand_in_an_address() -> None:
    for address in ("s3://key:secret@bucket/a", "file:///etc"):
        with pytest.raises(BadInput):
            place_of(address)
