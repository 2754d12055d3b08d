"""`compliance register …`: every kind of entry by the same commands."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsJson, Lang, Out, choice, file_or_folder, named_file, place
from integrations.cli.output import print_json, say
from integrations.cli.session import opened
from records.errors import BadInput

if TYPE_CHECKING:
    from assistant.app import App
    from records.language import Language
    from records.people import Person
    from tickets.ticket import Json

register = typer.Typer(
    name="register",
    help="台账：权利请求、共享、变更、风险等 / Registers: requests, sharing, changes, risks …",
    no_args_is_help=True,
)

KindName = Annotated[str, typer.Argument(help="台账种类 / kind, e.g. rights_request")]
Number = Annotated[str, typer.Argument(help="编号 / number, e.g. RR-2026-0001")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", "-s", help="字段=内容，可多个 / field=value, repeatable"),
]
Reason = Annotated[str, typer.Option("--reason", help="理由 / reason")]


@register.command("kinds")
def kinds(
    kind: Annotated[str, typer.Argument(help="看一种的字段 / show the fields of one")] = "",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """台账的种类；给出种类则列出字段和流程 / The kinds; with one, its fields and states"""
    from assistant.registers.entry_access import kind_named
    from assistant.registers.read_registers import list_kinds
    from integrations.cli.terminal_registers import show_kind, show_kinds

    with opened() as (app, person):
        found = list_kinds(app, person)
        spoken = lang or app.settings.language
        if kind:
            one = kind_named(app, kind)
            print_json(one) if as_json else show_kind(one, spoken)
        else:
            print_json(found) if as_json else show_kinds(found, spoken)


@register.command("open")
def open_new(
    kind: KindName,
    values: Set = None,
    key: Annotated[str, typer.Option(help="同一 key 只登记一次 / opens once for a key")] = "",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """登记一条 / Open an entry"""
    from assistant.registers.work_register import open_entry

    with opened() as (app, person):
        number = open_entry(app, person, kind, _values(app, kind, values), key=key or None).id
        _told(app, person, number, lang=lang, as_json=as_json)


@register.command("show")
def show(number: Number, lang: Lang = None, as_json: AsJson = False) -> None:
    """一条的内容、时限、经过和下一步 / An entry: values, clocks, timeline, what is next"""
    with opened() as (app, person):
        _told(app, person, number, lang=lang, as_json=as_json)


@register.command("list")
def list_all(
    kind: Annotated[str, typer.Argument(help="不写则汇总各台账 / left out: all in numbers")] = "",
    state: Annotated[str, typer.Option(help="状态 / state")] = "",
    words: Annotated[str, typer.Option("--search", help="查找文字 / words to find")] = "",
    only_open: Annotated[bool, typer.Option("--open", help="只看未办结 / open only")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="只看逾期 / overdue only")] = False,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """列出台账；不写种类则给出各台账数字 / List a register, or all registers in numbers"""
    from assistant.registers.entry_access import kind_named
    from assistant.registers.read_registers import list_entries, register_overview
    from integrations.cli.terminal_registers import show_entries, show_none, show_tallies

    with opened() as (app, person):
        spoken = lang or app.settings.language
        if not kind:
            tallies = register_overview(app, person)
            print_json(tallies) if as_json else show_tallies(tallies, spoken)
            return
        rows = list_entries(
            app, person, kind, state=state, words=words, only_open=only_open, only_overdue=overdue
        )
        if as_json:
            print_json(rows)
        elif rows:
            show_entries(rows, spoken, now=app.clock())
        else:
            searched = bool(state or words or only_open or overdue)
            show_none(kind_named(app, kind), spoken, searched=searched)


@register.command("amend")
def amend(
    number: Number, reason: Reason, values: Set = None, lang: Lang = None, as_json: AsJson = False
) -> None:
    """补充或更正，留下原内容和理由 / Fill in or correct; what stood there stays on record"""
    from assistant.registers.work_register import amend_entry

    with opened() as (app, person):
        kind = _kind_of(app, person, number)
        amend_entry(app, person, number, _values(app, kind, values), reason=reason)
        _told(app, person, number, lang=lang, as_json=as_json)


@register.command("move")
def move(
    number: Number,
    to: Annotated[str, typer.Argument(help="下一状态 / next state")],
    reason: Reason = "",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """进入下一状态 / Take an entry to its next state"""
    from assistant.registers.work_register import move_entry

    with opened() as (app, person):
        move_entry(app, person, number, to, reason=reason)
        _told(app, person, number, lang=lang, as_json=as_json)


@register.command("approve")
def approve(number: Number, lang: Lang = None, as_json: AsJson = False) -> None:
    """批准；申请人不能批准 / Approve; never the requester"""
    from assistant.registers.work_register import approve_entry

    with opened() as (app, person):
        approve_entry(app, person, number)
        _told(app, person, number, lang=lang, as_json=as_json)


@register.command("attach")
def attach(
    number: Number,
    field: Annotated[str, typer.Argument(help="附件字段 / file field")],
    file: Annotated[Path, typer.Argument(help="文件 / file")],
    what: Annotated[str, typer.Option(help="是什么 / what it is")],
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """加入证据，加密保存 / Attach evidence, kept encrypted"""
    from assistant.registers.work_register import attach_evidence
    from integrations.cli.redact_files import read_untrusted

    with opened() as (app, person):
        attach_evidence(app, person, number, field, read_untrusted(file), what=what)
        _told(app, person, number, lang=lang, as_json=as_json)


@register.command("draft")
def draft(
    number: Number,
    name: Annotated[str, typer.Argument(help="草稿 / draft, e.g. receipt")],
    lang: Lang = None,
) -> None:
    """按模板起草答复（不发送） / A reply to start from; nothing is sent"""
    from assistant.registers.read_registers import draft_reply

    with opened() as (app, person):
        text = draft_reply(app, person, number, name)
        typer.echo(text.pick(lang or app.settings.language))


@register.command("export")
def export(
    kind: KindName,
    out: Out = Path(),
    form: Annotated[
        str,
        typer.Option("--format", help="csv, xlsx, json；不写则按文件名 / else by the file's name"),
    ] = "",
    lang: Lang = None,
) -> None:
    """导出台账（密存内容不导出） / Export a register; what is sealed stays out"""
    from assistant.registers.export_entries import ExportForm, export_entries
    from integrations.cli.redact_files import write_files

    wanted = choice(form or named_file(out).lstrip(".") or ExportForm.XLSX, ExportForm)
    file_or_folder(out, f".{wanted}")
    with opened() as (app, person):
        done = export_entries(app, person, kind, wanted, language=lang or app.settings.language)
    target = place(out, done.name)
    write_files({target: done.data})
    say(f"已导出 {done.entries} 条：{target}", f"{done.entries} entries exported: {target}")


@register.command("review")
def review(
    year: Annotated[int, typer.Argument(help="年度，不写为今年 / year, this one if left out")] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="PDF 或 docx 文件 / file")] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """年度回顾：数字，或写成 PDF、Word / The year in numbers, or as PDF or Word"""
    from assistant.registers.yearly_report import ReportForm, summary, yearly_report
    from assistant.registers.yearly_review import yearly_review
    from integrations.cli.redact_files import write_files

    with opened() as (app, person):
        wanted, spoken = year or app.today().year, lang or app.settings.language
        if out is not None:
            form = choice(out.suffix.lstrip("."), ReportForm)
            write_files({out: yearly_report(app, person, wanted, form, language=spoken)})
            say(f"年度回顾：{out}", f"Yearly review: {out}")
            return
        found = yearly_review(app, person, wanted)
    if as_json:
        print_json(found)
    else:
        for line in summary(found):
            typer.echo(line.pick(spoken))


def _values(app: "App", kind: str, typed: list[str] | None) -> "dict[str, Json]":
    """field=value pairs; a field of several choices takes them by comma."""
    from assistant.registers.entry_access import kind_named

    found: dict[str, Json] = {}
    for pair in typed or []:
        name, equals, value = pair.partition("=")
        if not equals:
            raise BadInput(
                "请写成 字段=内容，例如 right=copy。", "Write field=value, for example right=copy."
            )
        field = kind_named(app, kind).field(name.strip())
        many = field is not None and field.many
        parts = [one.strip() for one in value.replace("，", ",").split(",")]
        found[name.strip()] = [one for one in parts if one] if many else value
    return found


def _kind_of(app: "App", person: "Person", number: str) -> str:
    from assistant.registers.read_registers import read_entry

    return read_entry(app, person, number).shown.kind.id


def _told(
    app: "App", person: "Person", number: str, *, lang: "Language | None", as_json: bool
) -> None:
    from assistant.registers.read_registers import read_entry
    from integrations.cli.terminal_registers import entry_json, show_entry

    view = read_entry(app, person, number)
    if as_json:
        print_json(entry_json(view))
    else:
        show_entry(view, lang or app.settings.language, now=app.clock())
