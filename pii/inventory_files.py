"""An inventory as CSV and as a workbook: one row a file, counts, no personal data but the path."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from pii.inventory import STATES, FileEntry
from pii.inventory_totals import Totals
from pii.kinds import Kind, Sensitivity
from records.language import Bilingual, Language

CLASSES: dict[Sensitivity | None, Bilingual] = {
    Sensitivity.SENSITIVE: Bilingual("敏感", "sensitive"),
    Sensitivity.ORDINARY: Bilingual("一般", "ordinary"),
    None: Bilingual("未发现", "none found"),
}
_COLUMNS = (
    Bilingual("路径", "path"),
    Bilingual("类型", "type"),
    Bilingual("字节", "bytes"),
    Bilingual("状态", "state"),
    Bilingual("类别", "class"),
    Bilingual("处数", "places"),
    Bilingual("文件时间", "file time"),
    Bilingual("文中最早日期", "oldest date in text"),
    Bilingual("文中最新日期", "newest date in text"),
    Bilingual("所属客户（代号）", "client (mark)"),
    Bilingual("相同内容组", "same content"),
    Bilingual("与此文件重复", "repeats"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(entries: Sequence[FileEntry], language: Language) -> Iterator[list[str | int]]:
    """A heading and a row for every file, with a column for every kind that occurs."""
    occurring = {kind for one in entries for kind in one.contents.counts}
    kinds = [kind for kind in Kind if kind in occurring]
    names = [*(c.pick(language) for c in _COLUMNS), *(k.display.pick(language) for k in kinds)]
    yield list(names)
    first: dict[str, str] = {}
    for one in entries:
        repeats = first.get(one.mark, "") if one.mark else ""
        if one.mark:
            first.setdefault(one.mark, one.path)
        contents = one.contents
        yield [
            one.path,
            one.suffix,
            one.size,
            STATES[contents.state].pick(language),
            CLASSES[one.sensitivity].pick(language) if contents.counts else "",
            sum(contents.counts.values()),
            one.modified.strftime("%Y-%m-%d %H:%M") if one.modified else "",
            contents.oldest.isoformat() if contents.oldest else "",
            contents.newest.isoformat() if contents.newest else "",
            contents.holder,
            one.mark[:12],
            repeats,
            *(contents.counts.get(kind, 0) for kind in kinds),
        ]


def write_csv(path: Path, entries: Sequence[FileEntry], language: Language) -> None:
    """UTF-8 with a mark, so that Excel reads Chinese; a path that looks like a formula is quoted."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for row in rows(entries, language):
            writer.writerow([_plain(cell) for cell in row])


def write_xlsx(path: Path, entries: Sequence[FileEntry], sums: Totals, language: Language) -> None:
    """Two sheets: the files, the sums. Written row by row, so size costs no memory."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    for title, table in (
        (Bilingual("文件", "files"), rows(entries, language)),
        (Bilingual("合计", "totals"), _sums(sums, language)),
    ):
        sheet = book.create_sheet(title.pick(language))
        sheet.freeze_panes = "B2"
        for row in table:
            cells = [WriteOnlyCell(sheet, _printable(value)) for value in row]
            for cell in cells:
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # never a formula, whatever a file is called
            sheet.append(cells)
    book.save(path)


def _sums(sums: Totals, language: Language) -> Iterator[list[str | int]]:
    zh = language is Language.ZH
    yield ["项目" if zh else "what", "文件" if zh else "files", "处数" if zh else "places"]
    yield ["全部" if zh else "all", sums.files, sum(sums.places_by_kind.values())]
    for name, count in sums.by_class.items():
        yield [CLASSES[name].pick(language), count, ""]
    for state, count in sums.by_state.items():
        yield [STATES[state].pick(language), count, ""]
    for kind, places in sums.places_by_kind.items():
        yield [kind.display.pick(language), sums.files_by_kind[kind], places]
    for folder, count in sums.by_folder.items():
        yield [folder, count, ""]
    yield ["重复文件" if zh else "repeats", sums.repeats, ""]


def _plain(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _printable(value: str | int) -> str | int:
    if isinstance(value, int):
        return value
    return "".join(char if char.isprintable() else "\ufffd" for char in value)
