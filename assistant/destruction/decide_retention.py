"""Keep or destroy for a whole table: csv or xlsx in, the same rows with their decisions out."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from assistant.app import App
from assistant.papers.table_files import ILLEGAL, csv_file, table_rows
from records.errors import BadInput
from records.people import Person
from records.permissions import Permission
from tickets.retention.facts import Status
from tickets.retention.table import Cell, DecidedRow, Header, decide_rows, find_header

MOST_ROWS = 100_000
LARGEST_BYTES = 50 * 1024 * 1024
_TOP_ROWS = 10
NAMES = {
    Status.NOT_YET: "还不能销毁 not yet",
    Status.MAY_DESTROY: "可以销毁 may destroy",
    Status.MUST_DELETE: "应当删除 must delete",
    Status.BLOCKED: "暂停销毁 on hold",
    Status.PERMANENT: "永久保存 permanent",
    Status.CONTESTED: "有争议，须人工判断 contested",
    Status.NEEDS_FACT: "缺少事实 needs a fact",
}
RESULT_COLUMNS = (
    "行号 row",
    "结论 status",
    "最早可销毁日 earliest",
    "最晚保存至 latest",
    "规则 rule",
    "条文 article",
    "理由 reason",
    "还需知道 missing",
    "错误 error",
)
ERROR = "error"
_GIVEN_WIDTH, _RESULT_WIDTHS = 16, (8, 22, 16, 16, 36, 34, 64, 44, 36)


@dataclass(frozen=True, slots=True)
class DecidedTable:
    """The rows with their decisions, and how many of each."""

    header: Header = field(repr=False)
    rows: tuple[DecidedRow, ...] = field(repr=False)
    counts: dict[str, int]


def decide_table(app: App, person: Person, untrusted_data: bytes, name: str) -> DecidedTable:
    """Every row decided as of today. Raises NotPermitted, BadInput for a file that is no table."""
    app.authorise(person, Permission.RETENTION_DECIDE)
    if len(untrusted_data) > LARGEST_BYTES:
        raise BadInput("表格超过 50 MB，请拆分。", "The table is over 50 MB; split it.")
    rows = table_rows(untrusted_data, name, most=MOST_ROWS)
    top = list(islice(rows, _TOP_ROWS))
    header = find_header(top)
    rest = chain(top[header.row + 1 :], rows)
    decided = tuple(decide_rows(header, rest, today=app.today(), holder=app.settings.holder))
    counts = Counter(row.decision.status.value if row.decision else ERROR for row in decided)
    app.record(person, "retention:decided", "table", {"rows": len(decided), **counts})
    return DecidedTable(header, decided, dict(counts))


def table_file(table: DecidedTable, *, xlsx: bool) -> bytes:
    """The result as a file: the columns given, then ours."""
    lines = _lines(table)
    return _xlsx(lines) if xlsx else csv_file(lines)


def _lines(table: DecidedTable) -> Iterator[tuple[Cell, ...]]:
    width = max((len(row.cells) for row in table.rows), default=0)
    width = max(width, len(table.header.cells))
    yield (*_padded(table.header.cells, width), *RESULT_COLUMNS)
    for row in table.rows:
        yield (*_padded(row.cells, width), *_result(row))


def _result(row: DecidedRow) -> tuple[Cell, ...]:
    decision = row.decision
    if decision is None:
        said = row.error
        return (row.number, "错误 error", *("",) * 6, f"{said.zh} / {said.en}" if said else "")
    rule = decision.deciding
    article = ""
    if rule:
        number = f" {rule.citation.article}" if rule.citation.article else ""
        article = f"《{rule.citation.instrument}》{number}"
    missing = " ".join(fact.question.zh for fact in decision.missing)
    return (
        row.number,
        NAMES[decision.status],
        decision.earliest.isoformat() if decision.earliest else "",
        decision.latest.isoformat() if decision.latest else "",
        f"{rule.name.zh} {rule.name.en}" if rule else "",
        article,
        f"{decision.summary.zh} {decision.summary.en}",
        missing,
        "",
    )


def _padded(cells: Sequence[Cell], width: int) -> tuple[Cell, ...]:
    return (*cells, *("",) * (width - len(cells)))


def _xlsx(lines: Iterable[tuple[Cell, ...]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("保存期限 retention")
    sheet.freeze_panes = "A2"
    for number, line in enumerate(lines):
        if number == 0:
            given = len(line) - len(_RESULT_WIDTHS)
            for place, width in enumerate((*[_GIVEN_WIDTH] * given, *_RESULT_WIDTHS), start=1):
                sheet.column_dimensions[get_column_letter(place)].width = width
        cells = []
        for value in line:
            shown = value.translate(ILLEGAL) if isinstance(value, str) else value
            cell = WriteOnlyCell(sheet, shown)
            if isinstance(shown, str):
                cell.data_type = "s"  # never a formula, whatever a cell of the table began with
            cell.alignment = Alignment(vertical="top", wrap_text=number > 0)
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
