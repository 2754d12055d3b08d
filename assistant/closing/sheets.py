"""The tables of an evidence bundle, as CSV that a spreadsheet opens and runs nothing of."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from assistant.closing.board import Board
from assistant.closing.steps import ClosingStep
from assistant.destruction.certificate import RegisterView, register_csv
from assistant.destruction.decide_retention import NAMES
from assistant.papers.table_files import csv_file
from records.beijing import to_the_minute
from records.people import person_by_id
from tickets.closing.data import closing_data
from tickets.closing.progress import NOTICES, clients_of
from tickets.closing.project import Item
from tickets.closing.records import Filter, Record, client_code
from tickets.retention.rules import rulebook
from tickets.retention.table import Cell


def sheets(
    at: ClosingStep, board: Board, serials: Sequence[str], *, named: bool
) -> Iterator[tuple[str, bytes]]:
    """Every table by its name in the bundle."""
    for name, rows in (
        ("plan.csv", _plan(board)),
        ("sections.csv", _sections(at, board)),
        ("decisions.csv", _decisions(at)),
        ("notices.csv", _notices(at)),
        ("evidence.csv", _evidence(board)),
        ("inventories.csv", _inventories(board)),
        ("timeline.csv", _timeline(board)),
        ("open-points.csv", _open_points(board)),
    ):
        yield name, csv_file(rows)
    yield "register.csv", _register(at, serials)
    if named:
        yield "clients.csv", csv_file(_clients(at))


def _plan(board: Board) -> Iterator[Sequence[Cell]]:
    yield ("步骤 step", "说明 what", "责任人 who", "起算 from", "日期 day", "条文 article", "依据程度 basis",
           "状态 state", "依据 note", "时间 at")  # fmt: skip
    days = board.project.days
    for line in board.plan:
        step, cite = line.step, line.step.cite
        item = board.project.item(f"step:{step.id}")
        start = days.get(step.start) if step.start else None
        article = f"《{cite.instrument}》第{cite.article}条"
        state, said, at = _state(item)
        late = " 逾期完成 late" if line.late else ""
        yield (step.id, f"{step.name.zh} {step.name.en}", step.who.zh, start, line.due, article,
               cite.confidence.label.zh, f"{state}{late}", said, at)  # fmt: skip


def _sections(at: ClosingStep, board: Board) -> Iterator[Sequence[Cell]]:
    yield (
        "序号 no.",
        "工作项 section",
        "角色 role",
        "负责人 owner",
        "状态 state",
        "依据 note",
        "时间 at",
    )
    roles = closing_data().roles
    for section, item in board.project.sections():
        owner = person_by_id(at.session, item.owner) if item.owner else None
        yield (section.number, f"{section.name.zh} {section.name.en}", roles[section.role].zh,
               owner.name if owner else "", *_state(item))  # fmt: skip


def _state(item: Item) -> tuple[Cell, Cell, Cell]:
    said = item.note or item.reason
    return f"{item.state.label.zh} {item.state.label.en}", said, _moment(item.at)


def _decisions(at: ClosingStep) -> Iterator[Sequence[Cell]]:
    yield ("客户编号 client", "资料种类 kind", "敏感 sensitive", "公开 public", "保存结论 retention",
           "最早可销毁 earliest", "最晚保存 latest", "条文 article", "决定 decision", "接收方或保管人 who",
           "联系方式 contact", "理由 reason", "销毁单 ticket", "办结 settled", "凭据 proof")  # fmt: skip
    terms = at.stores.clients.terms(at.session, at.id)
    for one in at.stores.clients.records(at.session, at.id, Filter()):
        said = terms.get(one.decision_id or 0, {})
        yield (client_code(one.client), _kind(one), _yes(one.sensitive), _yes(one.public),
               NAMES[one.status], one.earliest, one.latest, one.law,
               f"{one.fate.label.zh} {one.fate.label.en}" if one.fate else "未决定 undecided",
               said.get("somebody", ""), said.get("contact", ""), said.get("reason", ""),
               one.ticket_id, _moment(one.settled_at), one.settled_note)  # fmt: skip


def _notices(at: ClosingStep) -> Iterator[Sequence[Cell]]:
    yield ("客户编号 client", "决定 decision", "通知 notice", "批次或凭据 reference", "时间 at")
    lines: dict[Sequence[Cell], None] = {}
    for one in at.stores.clients.records(at.session, at.id, Filter()):
        fate = f"{one.fate.label.zh} {one.fate.label.en}" if one.fate else "未决定 undecided"
        said = NOTICES[one.notice]
        told = (f"{said.zh} {said.en}", one.notice_id, _moment(one.notice_at))
        lines[client_code(one.client), fate, *told] = None
    yield from lines


def _evidence(board: Board) -> Iterator[Sequence[Cell]]:
    yield (
        "序号 no.",
        "工作项 item",
        "是什么 what",
        "SHA-256",
        "字节 bytes",
        "上传人 by",
        "时间 at",
    )
    for number, one in enumerate(board.evidence, 1):
        yield number, one.item_id, one.what, one.sha256, one.size, one.by, _moment(one.at)


def _inventories(board: Board) -> Iterator[Sequence[Cell]]:
    yield ("清点 inventory", "SHA-256", "文件 files", "含敏感 sensitive", "未能读取 unread",
           "未能归户 unassigned", "时间 at")  # fmt: skip
    for one in board.inventories:
        yield (one.scan_id, one.sha256, one.files, one.sensitive, one.unread, one.unassigned,
               _moment(one.at))  # fmt: skip


def _timeline(board: Board) -> Iterator[Sequence[Cell]]:
    yield ("时间 at", "人 who", "事项 what", "内容 details")
    for one in board.timeline:
        details = json.dumps(dict(one.details), ensure_ascii=False, sort_keys=True)
        yield _moment(one.at), one.person_id, one.what, details


def _open_points(board: Board) -> Iterator[Sequence[Cell]]:
    yield ("未了事项 open point", "数量 count", "说明 what")
    for one in board.blockers:
        yield one.kind, one.count, f"{one.said.zh} {one.said.en}"


def _clients(at: ClosingStep) -> Iterator[Sequence[Cell]]:
    yield ("客户编号 client", "名称 name", "原编号 reference", "联系方式 contact")
    numbers = clients_of(at.session, at.id, Filter())
    for one in at.stores.clients.clients(at.session, at.id, numbers):
        yield one.code, one.identity.name, one.identity.reference, one.identity.contact


def _register(at: ClosingStep, serials: Sequence[str]) -> bytes:
    entries = tuple(at.app.register.read(at.session, one) for one in serials)
    view = RegisterView(entries, at.app.register.check(at.session))
    return register_csv(view).encode("utf-8-sig")


def _kind(one: Record) -> str:
    name = rulebook().kinds[one.kind].name
    return f"{name.zh} {name.en}"


def _yes(value: bool) -> str:
    return "是 yes" if value else "否 no"


def _moment(value: datetime | None) -> str:
    return to_the_minute(value) if value else ""
