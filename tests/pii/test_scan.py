"""The inventory of a tree: hostile files are named, repeats read once, a broken run goes on."""

import csv
import io
import os
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from evals.datasets.office_tree import office_tree
from pii.errors import ScanRunning
from pii.inventory import Contents, FileEntry, State
from pii.inventory_files import write_csv, write_xlsx
from pii.inventory_page import inventory_page
from pii.inventory_totals import totals
from pii.kinds import Kind, Sensitivity
from pii.scan import Scanned, scan
from pii.scan_state import Manifest
from pii.scan_workers import Setup, Workers
from records.language import Language

SETUP = Setup(b"k" * 32, seconds=120)
CARD = "客户姓名：陈明远\n身份证号：11010519491231002X\n签约日期：2021年3月5日，续签2023-04-06\n"


def quiet(*_: int) -> None:
    """No progress to show."""


def make_tree(root: Path) -> None:
    """Thirty files and what else lies in a company's folders."""
    office_tree(root, 20, seed=3)
    (root / "card.txt").write_text(CARD, encoding="utf-8")
    (root / "copy of card.txt").write_text(CARD, encoding="utf-8")
    (root / "same bytes.md").write_text(CARD, encoding="utf-8")
    (root / "=cmd.txt").write_text("无个人信息", encoding="utf-8")
    (root / "broken.docx").write_bytes(b"PK\x03\x04 not a document")
    (root / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    (root / "program.exe").write_bytes(b"MZ\x90" + b"\0" * 100)
    (root / "bomb.zip").write_bytes(_bomb())
    (root / "secret").mkdir()
    (root / "secret" / "loop").symlink_to(root)
    (root / "outside.txt").symlink_to("/etc/hostname")
    (root / "gone.txt").write_text("消失", encoding="utf-8")
    os.mkfifo(root / "pipe.txt")


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(3):
            package.writestr(f"{number}.txt", b"0" * (200 * 1024 * 1024))
    return out.getvalue()


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    make_tree(root)
    return root


@pytest.fixture(scope="session")
def scanned(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """One run over the whole tree; a file vanishes while it runs."""

    def progress(done: int, _total: int, _size: int) -> None:
        (tree / "gone.txt").unlink(missing_ok=True)

    manifest = Manifest(tmp_path_factory.mktemp("state") / "manifest.jsonl", "1")
    done = scan(tree, manifest, SETUP, workers=2, progress=progress)
    manifest.close()
    return done


@pytest.fixture(scope="session")
def entry(scanned: Scanned) -> Callable[[str], FileEntry]:
    by_path = {one.path: one for one in scanned.entries}
    return lambda path: by_path[path]


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("card.txt", State.READ),
        ("broken.docx", State.DAMAGED),
        ("program.exe", State.UNSUPPORTED),
        ("bomb.zip", State.TOO_LARGE),
        ("secret/loop", State.LINK),
        ("outside.txt", State.LINK),
        ("pipe.txt", State.SPECIAL),
        ("gone.txt", State.VANISHED),
    ],
)
def test_each_file_is_read_or_named_with_its_reason(
    entry: Callable[[str], FileEntry], path: str, state: State
) -> None:
    assert entry(path).contents.state is state


def test_every_file_is_listed_once(scanned: Scanned) -> None:
    paths = [one.path for one in scanned.entries]
    assert len(paths) == len(set(paths)) == 32
    assert paths == sorted(paths)


def test_what_is_in_a_file_is_counted_and_dated(entry: Callable[[str], FileEntry]) -> None:
    card = entry("card.txt")
    assert card.contents.counts[Kind.RESIDENT_ID] == 1
    assert card.sensitivity is Sensitivity.SENSITIVE
    assert (card.contents.oldest, card.contents.newest) == (date(2021, 3, 5), date(2023, 4, 6))
    assert card.contents.holder == entry("same bytes.md").contents.holder != ""
    assert entry("=cmd.txt").sensitivity is None


def test_equal_files_have_one_mark_and_are_read_once(
    entry: Callable[[str], FileEntry], scanned: Scanned
) -> None:
    assert entry("card.txt").mark == entry("copy of card.txt").mark
    assert entry("card.txt").mark != entry("same bytes.md").mark  # another format reads otherwise
    assert totals(scanned.entries, date(2026, 11, 23)).repeats >= 1


def test_a_run_cut_short_goes_on_without_loss_or_repetition(
    tree: Path, scanned: Scanned, tmp_path: Path
) -> None:
    path = tmp_path / "manifest.jsonl"
    (tree / "gone.txt").write_text("消失", encoding="utf-8")

    def stop(done: int, _total: int, _size: int) -> None:
        if done >= 12:
            raise KeyboardInterrupt

    broken = Manifest(path, "1")
    with pytest.raises(KeyboardInterrupt):
        scan(tree, broken, SETUP, workers=1, progress=stop)
    with pytest.raises(ScanRunning):
        Manifest(path, "1")
    broken.close()
    lines = len(path.read_bytes().splitlines())
    assert lines > 3
    with path.open("ab") as file:
        file.write(b'{"v":"1","mark":"torn')  # as kill -9 leaves it

    def vanish(done: int, _total: int, _size: int) -> None:
        (tree / "gone.txt").unlink(missing_ok=True)

    manifest = Manifest(path, "1")
    assert len(manifest.known) == lines
    again = scan(tree, manifest, SETUP, workers=1, progress=vanish)
    manifest.close()
    assert again.known_before >= lines - 1
    assert [e for e in again.entries if e.path != "gone.txt"] == [
        e for e in scanned.entries if e.path != "gone.txt"
    ]
    assert len(set(path.read_bytes().splitlines())) == len(path.read_bytes().splitlines())
    assert Manifest(path, "2").known == {}  # another detector reads everything again


def test_a_file_over_its_time_ends_its_process_and_the_next_one_is_read() -> None:
    pool = Workers(1, Setup(b"k" * 32, seconds=1.5))
    try:
        long = "".join(f"客户张伟{i}于文三路{i}号签约。" for i in range(300_000)).encode()
        states = []
        for mark, data in (("long", long), ("card", CARD.encode())):
            pool.give(mark, data, ".txt")
            while pool.busy:
                states += [(m, contents.state) for m, contents in pool.collect()]
        assert states == [("long", State.TIMED_OUT), ("card", State.READ)]
    finally:
        pool.close()


def made(path: str, **counts: int) -> FileEntry:
    kinds = {Kind(kind): count for kind, count in counts.items()}
    contents = Contents(State.READ, kinds)
    return FileEntry(path, 10, datetime(2020, 1, 2, tzinfo=UTC), path, contents)


def test_the_files_of_an_inventory_hold_counts_and_no_value(
    scanned: Scanned, tmp_path: Path
) -> None:
    sums = totals(scanned.entries, date(2026, 11, 23))
    write_csv(tmp_path / "a.csv", scanned.entries, Language.ZH)
    write_xlsx(tmp_path / "a.xlsx", scanned.entries, sums, Language.ZH)
    page = inventory_page(
        scanned.entries, sums, made_at=datetime(2026, 11, 23, tzinfo=UTC), language=Language.ZH
    )
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert len(table) == 32
    card = next(row for row in table if row["路径"] == "card.txt")
    assert (card["类别"], card["身份证号"], card["文中最早日期"]) == ("敏感", "1", "2021-03-05")
    assert any(row["路径"] == "'=cmd.txt" for row in table)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [sheet.title for sheet in book] == ["文件", "合计"]
    assert book["文件"].max_row == 33
    everything = text + page + "".join(str(c.value) for s in book for row in s for c in row)
    for secret in ("陈明远", "11010519491231002X"):
        assert secret not in everything
    assert "<svg" in page and not re.search(r"<script|https?://|src=", page)


def test_a_hostile_name_is_only_text_on_the_page() -> None:
    entries = [made("<script>alert(1)</script>.txt", mobile=1), made("b.txt")]
    page = inventory_page(
        entries,
        totals(entries, date(2026, 11, 23)),
        made_at=datetime(2026, 11, 23, tzinfo=UTC),
        language=Language.EN,
    )
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert not re.search(r"[㐀-鿿]", page.partition("</style>")[2])


def test_ages_count_whole_years() -> None:
    sums = totals([made("a/b.txt", mobile=2)], date(2021, 1, 1))
    assert (sums.by_age, sums.by_folder, sums.places_by_kind) == (
        {0: 1},
        {"a": 1},
        {Kind.MOBILE: 2},
    )
    assert totals([made("b.txt")], date(2021, 1, 2)).by_age == {1: 1}
