"""What kind of company this is, said once and kept."""

from pathlib import Path

import pytest

from assistant.app import build
from assistant.company import FILE, keep_kind, with_kind_kept
from assistant.settings import Settings
from records.data_files import BadDataFile
from tickets.retention.facts import HolderType


def test_the_kind_kept_is_known_at_every_later_start(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert with_kind_kept(settings).holder is None
    keep_kind(tmp_path, HolderType.INSURER)
    app = build(settings)
    try:
        assert app.settings.holder is HolderType.INSURER
    finally:
        app.close()


def test_a_setting_goes_before_what_is_kept(tmp_path: Path) -> None:
    keep_kind(tmp_path, HolderType.INSURER)
    settings = Settings(home=tmp_path, holder=HolderType.COMPANY)
    assert with_kind_kept(settings).holder is HolderType.COMPANY


def test_a_kind_nobody_knows_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("holder: shop\n", encoding="utf-8")
    with pytest.raises(BadDataFile):
        with_kind_kept(Settings(home=tmp_path))
