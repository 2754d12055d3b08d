"""The index of an evidence bundle as a PDF: what the project is, how it stands, every file."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from assistant.app import SHANGHAI
from assistant.closing_board import Board
from assistant.paper import ACCENT, INK, MARGIN, SOFT, WIDTH, Paper

_LABELS = 130
_RIGHT = WIDTH - MARGIN
_WHAT = {
    "plan.csv": ("法定步骤和日期", "statutory steps and their days"),
    "sections.csv": ("二十个工作项", "the twenty sections"),
    "decisions.csv": ("逐户逐类的决定", "what became of each client's records"),
    "notices.csv": ("通知台账", "ledger of notices"),
    "evidence.csv": ("证据文件清单", "list of the files of evidence"),
    "inventories.csv": ("文件清点汇总", "sums of the inventories"),
    "timeline.csv": ("全部经过", "everything that was done"),
    "open-points.csv": ("未了事项", "what is still open"),
    "register.csv": ("销毁登记簿摘录", "extract of the destruction register"),
    "clients.csv": ("客户编号与名称对照（含个人信息）", "clients by name (personal data)"),
}


def index_pdf(
    board: Board,
    files: Sequence[Mapping[str, Any]],
    made_at: datetime,
    public_key: str,
    *,
    named: bool,
) -> bytes:
    """The index; the same to the byte from the same words."""
    paper = Paper()
    _head(paper, board, made_at)
    for zh, en, said in _rows(board, named=named):
        _row(paper, zh, en, said)
    _contents(paper, files)
    _foot(paper, public_key)
    return paper.pdf(f"注销项目证据包 {board.project.id}")


def _head(paper: Paper, board: Board, made_at: datetime) -> None:
    paper.y -= 22
    paper.write("注销项目证据包目录", x=MARGIN, y=paper.y, size=20)
    paper.y -= 17
    paper.write(
        "Index of the evidence of a closing project", x=MARGIN, y=paper.y, size=10, ink=SOFT
    )
    paper.y -= 24
    paper.write(board.project.id, x=MARGIN, y=paper.y, size=14, ink=ACCENT)
    moment = f"{made_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    paper.write(f"制作 made {moment}", x=MARGIN + 150, y=paper.y, size=9, ink=SOFT)
    paper.y -= 12
    paper.rule(ink=ACCENT, width=1.6)


def _rows(board: Board, *, named: bool) -> list[tuple[str, str, list[str]]]:
    project, tally, names = board.project, board.tally, board.names
    fates = {name or "undecided": count for name, count in sorted(tally.by_fate.items())}
    days = [f"{day.label.zh} {day.label.en}: {value}" for day, value in project.days.items()]
    open_points = [f"{one.said.zh} {one.said.en}" for one in board.blockers]
    ended = "未结束 not ended"
    if project.ended_at:
        ended = f"{project.ended_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} {project.ended_by}"
    why = [f"带未了事项结束的理由 ended all the same: {project.ended_because}"]
    who = "按名称（另附对照表） by name, see clients.csv"
    by_number = "只用编号；对照表由保管人另存 by number only; the names are kept by the custodian"
    return [
        ("公司", "company", [names.company]),
        ("路径", "route", [f"{project.route.label.zh} {project.route.label.en}"]),
        ("已知日期", "days known", days or ["—"]),
        ("客户与资料", "clients and records", [
            f"{tally.clients} 位客户 clients, {tally.records} 份资料 records, "
            f"{tally.settled} 份办结 settled",
            ", ".join(f"{name} {count}" for name, count in fates.items()) or "—",
        ]),
        ("客户怎样标识", "clients stand", [who if named else by_number]),
        ("会计档案保管人", "accounting archives", [
            f"{names.custodian} {names.custodian_contact}".strip() or "— 未指定 nobody named"
        ]),
        ("结束", "ended", [ended, *(why if project.ended_because else [])]),
        ("未了事项", "open points", open_points or ["无 none"]),
    ]  # fmt: skip


def _row(paper: Paper, zh: str, en: str, said: Sequence[str]) -> None:
    paper.room(34)
    page, top = len(paper.pages), paper.y
    paper.write(zh, x=MARGIN, y=top - 15, size=10)
    paper.write(en, x=MARGIN, y=top - 27, size=7.5, ink=SOFT)
    paper.y -= 3
    for text in said:
        paper.block(text, x=MARGIN + _LABELS, size=9.5, right=_RIGHT, ink=INK)
    low = paper.y - 6
    paper.y = min(low, top - 33) if len(paper.pages) == page else low
    paper.rule()


def _contents(paper: Paper, files: Sequence[Mapping[str, Any]]) -> None:
    paper.y -= 14
    paper.block("文件与校验值  Files and their SHA-256", x=MARGIN, size=12, right=_RIGHT)
    paper.y -= 2
    for one in files:
        zh, en = _WHAT.get(one["name"], ("", ""))
        paper.room(26)
        said = f"{one['name']}  {zh} {en}  ({one['size']:,} B)"
        paper.block(said, x=MARGIN, size=9, right=_RIGHT)
        paper.block(one["sha256"], x=MARGIN, size=7.5, right=_RIGHT, ink=SOFT)


def _foot(paper: Paper, public_key: str) -> None:
    paper.y -= 8
    paper.block("核验  How to check", x=MARGIN, size=9.5, right=_RIGHT)
    for text in (
        "manifest.json 用 Ed25519 签名，载有包括本目录在内的每个文件的 SHA-256；公钥请向出具方另行取得。 "
        "manifest.json is signed and names every file, this index too; get the public key another way.",
        f"公钥 public key: {public_key}",
        "离线核验 offline: compliance close verify BUNDLE.zip --key KEY",
        "时间均为北京时间，期间按自然日计。 Times are Beijing time, periods count calendar days.",
    ):
        paper.block(text, x=MARGIN, size=7.5, right=_RIGHT, ink=SOFT)
