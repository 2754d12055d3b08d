"""The rows of a certificate, in both languages, from what it states."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from knowledge.numerals import article_heading
from records.beijing import to_the_minute
from records.language import Bilingual
from tickets.destruction.data import Outcome
from tickets.destruction.dossier import Choice, Settled

_BECAME = {
    "destroyed": Bilingual("已销毁", "destroyed"),
    "returned": Bilingual("已返还客户，未销毁", "returned to the client, not destroyed"),
    "transferred": Bilingual("已转移，未销毁", "transferred, not destroyed"),
}
_SETTLED = {
    Settled.DESTROYED: Bilingual("已销毁", "destroyed"),
    Settled.NONE: Bilingual("没有", "none there"),
    Settled.EXPIRES: Bilingual("到期消失", "expires"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a row, the first of a statement or what explains it."""

    text: str
    strong: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its name and what stands beside it."""

    name: Bilingual
    said: tuple[Said, ...]


def certificate_lines(body: Mapping[str, Any]) -> Iterator[Line]:
    """Every row, in the order of what happened."""
    counts = body.get("counts")
    # Without counts it was issued before returns were told apart, and is drawn as it was then.
    what = (
        Bilingual("申请销毁的内容", "What was to be destroyed")
        if counts
        else Bilingual("销毁内容", "What was destroyed")
    )
    yield Line(what, (Said(body["what"]), Said(f"工单 ticket {body['ticket']}", strong=False)))
    if counts:
        yield Line(Bilingual("结果", "What became of it"), tuple(_counts(counts)))
    yield Line(Bilingual("保存期限", "Retention"), tuple(_retention(body["retention"])))
    yield Line(Bilingual("申请、鉴定", "Requested, appraised"), tuple(
        Said(_who(body[name])) for name in ("requested", "appraised")))  # fmt: skip
    yield Line(Bilingual("通知与选择", "Notice and choices"), tuple(_notice(body["notice"])))
    yield Line(
        Bilingual("批准（两人）", "Approved (two people)"),
        tuple(Said(_who(one)) for one in body["approved"]),
    )
    yield Line(Bilingual("备份核验", "Backup verified"), tuple(_backup(body["backup"])))
    yield Line(Bilingual("方法", "Method"), tuple(_methods(body)))
    yield Line(Bilingual("执行", "Carried out"), (Said(_who(body["carried_out"])),))
    yield Line(Bilingual("监销", "Witnessed"), (Said(_who(body["witnessed"])),))
    if body["erased"]:
        yield Line(Bilingual("程序擦除", "Erased by program"), tuple(_erased(body["erased"])))
    yield Line(Bilingual("副本去向", "Copies elsewhere"), tuple(_places(body["places"])))
    if body["evidence"]:
        yield Line(Bilingual("证据文件", "Evidence"), tuple(_evidence(body["evidence"])))
    if body["corrections"]:
        yield Line(Bilingual("更正", "Corrections"), tuple(
            Said(f"{one['text']}（{one['reason']}）") for one in body["corrections"]
        ))  # fmt: skip
    audit = body["audit"]
    yield Line(
        Bilingual("出具", "Issued"),
        (
            Said(f"{moment(body['issued_at'])}　{_who(body['certified'])}"),
            Said(f"操作日志第 {audit['event']} 条 audit event: {audit['seal']}", strong=False),
            Said(f"前一份 previous: {body['register']['previous']}", strong=False),
        ),
    )


def moment(text: str | None) -> str:
    """A time in China to the minute, or nothing."""
    return to_the_minute(datetime.fromisoformat(text)) if text else ""


def _who(one: Mapping[str, Any]) -> str:
    return "　".join(part for part in (one["name"], one["number"], moment(one["at"])) if part)


def _retention(told: Mapping[str, Any]) -> Iterator[Said]:
    yield Said(f"{told['kind']['zh']} {told['kind']['en']}")
    if told["earliest"]:
        yield Said(f"最早可销毁日 lawful from {told['earliest']}")
    if told["rule"]:
        article = article_heading(told["article"]) if told["article"] else ""
        yield Said(f"{told['rule']['zh']}（《{told['instrument']}》{article}）", strong=False)
        yield Said(told["rule"]["en"], strong=False)


def _notice(told: Mapping[str, Any] | None) -> Iterator[Said]:
    if told is None:
        return
    if told["without"]:
        yield Said(f"未通知 no notice: {told['without']}")
        return
    until = told["waited_until"]
    yield Said(f"{told['clients']} 位客户 clients，{told['channel']}，等待至 waited until {until}")
    for name, count in told["choices"].items():
        choice = Choice(name).label
        yield Said(f"{choice.zh} {choice.en}: {count}", strong=False)


def _counts(counts: Mapping[str, Mapping[str, int | None]]) -> Iterator[Said]:
    others = any(counts[name]["clients"] for name in ("returned", "transferred"))
    rest = Bilingual("除下列以外", "all but the following") if others else Bilingual("全部", "all")
    for name, said in _BECAME.items():
        clients, records = counts[name]["clients"], counts[name]["records"]
        if clients is None:
            yield Said(f"{said.zh}：{rest.zh}，客户数未登记")
            yield Said(f"{said.en}: {rest.en}; clients not counted", strong=False)
            continue
        of_zh, of_en = (
            (f"，资料 {records} 份", f", records: {records}") if records is not None else ("", "")
        )
        yield Said(f"{said.zh}：客户 {clients} 位{of_zh}")
        yield Said(f"{said.en}: clients: {clients}{of_en}", strong=False)


def _backup(told: Mapping[str, Any] | None) -> Iterator[Said]:
    if told is None:
        return
    if told["without"]:
        yield Said(f"未备份 none: {told['without']}")
    else:
        yield Said(f"{told['size']} bytes")
        yield Said(f"SHA-256 {told['sha256']}", strong=False)


def _methods(body: Mapping[str, Any]) -> Iterator[Said]:
    for one in body["methods"]:
        outcome = Outcome(one["outcome"]).label
        level = f"，{one['level']}" if one["level"] else ""
        yield Said(f"{one['medium']['zh']}：{one['method']['zh']}（{outcome.zh}{level}）")
        yield Said(f"{one['medium']['en']}: {one['method']['en']} ({outcome.en})", strong=False)
    yield Said(f"{body['standards']}", strong=False)


def _erased(erased: list[Mapping[str, Any]]) -> Iterator[Said]:
    for one in erased:
        gone = one["result"] == "gone"
        yield Said(f"{one['name']}：{'已不存在 gone before' if gone else '已擦除 erased'}")
        if "count" in one:
            yield Said(f"{one['count']} 条 records，附件 files {one.get('files', 0)}", strong=False)
            continue
        detail = one.get("certificate") or one.get("sha256")
        yield Said(f"{'SHA-256 ' if 'sha256' in one else ''}{detail}", strong=False)


def _places(places: Mapping[str, Mapping[str, Any]]) -> Iterator[Said]:
    for one in places.values():
        answer = _SETTLED[Settled(one["outcome"])]
        until = f" {one['until']}" if one["until"] else ""
        yield Said(f"{one['name']['zh']}：{answer.zh}{until}，{one['note']}")
        yield Said(f"{one['name']['en']}: {answer.en}{until}", strong=False)


def _evidence(files: list[Mapping[str, Any]]) -> Iterator[Said]:
    for one in files:
        yield Said(f"{one['what']}（{one['size']} bytes）")
        yield Said(f"SHA-256 {one['sha256']}", strong=False)
