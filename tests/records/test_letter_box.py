"""Letters: on disk when put, in the order they came, and readable with their key only."""

import os
import time
from pathlib import Path

import pytest

from records.errors import Unavailable
from records.letter_box import ABANDONED_SECONDS, LetterBox

KEY = b"k" * 32


@pytest.fixture
def box(tmp_path: Path) -> LetterBox:
    return LetterBox(tmp_path / "letters", KEY)


def test_letters_come_out_in_the_order_they_were_put_though_the_clock_goes_back(
    box: LetterBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put([{"n": "1"}, {"n": "2"}])
    monkeypatch.setattr(time, "time_ns", lambda: 7)
    box.put([{"n": "3"}])
    found = [letter["n"] for name in box.waiting() for letter in box.open(name)]
    assert found == ["1", "2", "3"]


def test_nothing_of_a_letter_is_readable_on_disk(box: LetterBox, tmp_path: Path) -> None:
    box.put([{"body": "客户 13800138000"}])
    (name,) = box.waiting()
    assert b"13800138000" not in (tmp_path / "letters" / name).read_bytes()
    with pytest.raises(Unavailable):
        LetterBox(tmp_path / "letters", b"x" * 32).open(name)


def test_a_letter_is_bound_to_its_name(box: LetterBox, tmp_path: Path) -> None:
    box.put([{"n": "1"}])
    (name,) = box.waiting()
    (tmp_path / "letters" / name).rename(tmp_path / "letters" / f"0{name}")
    with pytest.raises(Unavailable):
        box.open(f"0{name}")


def test_what_was_removed_or_taken_by_another_is_nothing(box: LetterBox) -> None:
    box.put([{"n": "1"}])
    (name,) = box.waiting()
    box.remove(name)
    box.remove(name)
    assert box.waiting() == [] and box.open(name) == []


def test_a_failure_to_keep_leaves_nothing_half_kept(
    box: LetterBox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        box.put([{"n": "1"}])
    assert list((tmp_path / "letters").iterdir()) == []


def test_drafts_of_the_dead_go_and_those_of_the_living_stay(box: LetterBox, tmp_path: Path) -> None:
    box.put([{"n": "1"}])
    old, new = tmp_path / "letters/1.part", tmp_path / "letters/2.part"
    for draft in (old, new):
        draft.write_bytes(b"half")
    os.utime(old, (0, time.time() - ABANDONED_SECONDS - 1))
    box.tidy()
    assert not old.exists() and new.exists() and len(box.waiting()) == 1
