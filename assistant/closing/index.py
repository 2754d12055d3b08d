"""What the index of a closing project's bundle says: what the project is, how it stands, its files."""

from assistant.closing.board import Board
from records.beijing import to_the_minute
from records.language import Bilingual
from tickets.closing.decisions import Fate

WHAT = {
    "plan.csv": Bilingual("法定步骤和日期", "statutory steps and their days"),
    "sections.csv": Bilingual("二十个工作项", "the twenty sections"),
    "decisions.csv": Bilingual("逐户逐类的决定", "what became of each client's records"),
    "notices.csv": Bilingual("通知台账", "ledger of notices"),
    "evidence.csv": Bilingual("证据文件清单", "list of the files of evidence"),
    "inventories.csv": Bilingual("文件清点汇总", "sums of the inventories"),
    "timeline.csv": Bilingual("全部经过", "everything that was done"),
    "open-points.csv": Bilingual("未了事项", "what is still open"),
    "register.csv": Bilingual("销毁登记簿摘录", "extract of the destruction register"),
    "clients.csv": Bilingual("客户编号与名称对照（含个人信息）", "clients by name (personal data)"),
}


def index_rows(board: Board, *, named: bool) -> tuple[tuple[Bilingual, tuple[str, ...]], ...]:
    """The project in labelled lines; clients by number whatever `named` says."""
    project, tally, names = board.project, board.tally, board.names
    fates = {
        f"{Fate(name).label.zh} {Fate(name).label.en}" if name else "未决定 undecided": count
        for name, count in sorted(tally.by_fate.items())
    }
    days = [f"{day.label.zh} {day.label.en}: {value}" for day, value in project.days.items()]
    open_points = [f"{one.said.zh} {one.said.en}" for one in board.blockers]
    ended = "未结束 not ended"
    if project.ended_at:
        ended = f"{to_the_minute(project.ended_at)} {project.ended_by}"
    why = [f"带未了事项结束的理由 ended all the same: {project.ended_because}"]
    who = "按名称（另附对照表） by name, see clients.csv"
    by_number = "只用编号；对照表由保管人另存 by number only; the names are kept by the custodian"
    rows: list[tuple[Bilingual, list[str]]] = [
        (Bilingual("公司", "company"), [names.company]),
        (Bilingual("路径", "route"), [f"{project.route.label.zh} {project.route.label.en}"]),
        (Bilingual("已知日期", "days known"), days or ["—"]),
        (Bilingual("客户与资料", "clients and records"), [
            f"{tally.clients} 位客户 clients, {tally.records} 份资料 records, "
            f"{tally.settled} 份办结 settled",
            "；".join(f"{name} {count}" for name, count in fates.items()) or "—",
        ]),
        (Bilingual("客户怎样标识", "clients stand"), [who if named else by_number]),
        (Bilingual("会计档案保管人", "accounting archives"), [
            f"{names.custodian} {names.custodian_contact}".strip() or "— 未指定 nobody named"
        ]),
        (Bilingual("结束", "ended"), [ended, *(why if project.ended_because else [])]),
        (Bilingual("未了事项", "open points"), open_points or ["无 none"]),
    ]  # fmt: skip
    return tuple((label, tuple(said)) for label, said in rows)
