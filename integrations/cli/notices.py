"""`compliance notice …`: notices to clients, from the draft to the proof that they went out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsJson, Lang, Out, choice, place
from integrations.cli.output import print_json, say
from integrations.cli.session import opened, read_settings
from records.errors import BadInput

if TYPE_CHECKING:
    from assistant.app import App
    from assistant.notices.view import NoticeView
    from assistant.notices.write_notice import AddressedNotice
    from records.people import Person

notice = typer.Typer(
    name="notice",
    help="客户通知：起草、批准、发送、送达 / Notices to clients",
    no_args_is_help=True,
)
Number = Annotated[str, typer.Argument(help="编号 / number, e.g. N-2026-0001")]
Clients = Annotated[
    Path | None, typer.Option("--clients", help="客户表 csv、xlsx / table of clients")
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="要素=内容，可多个 / element=text, repeatable; see notice kinds KIND"
    ),
]
Elements = Annotated[
    Path | None, typer.Option("--elements", help="要素文件，YAML / elements in a YAML file")
]
Tongues = Annotated[str | None, typer.Option("--language", help="zh, en, both")]


@notice.command("kinds")
def kinds(
    kind: Annotated[str | None, typer.Argument(help="种类 / kind")] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """有哪些通知；写一种时列出它的要素和依据 / The kinds; with one, its elements and articles"""
    from assistant.notices.view import list_notice_kinds
    from integrations.cli.terminal_notices import show_kinds
    from tickets.notices.data import NoticeKind

    wanted = choice(kind, NoticeKind) if kind else None
    with opened() as (app, person):
        found = [one for one in list_notice_kinds(app, person) if wanted in (None, one.kind)]
    if as_json:
        print_json(found)
    else:
        show_kinds(found, lang or read_settings().language, full=wanted is not None)


@notice.command("draft")
def draft(
    kind: Annotated[str, typer.Argument(help="种类 / kind; see notice kinds")],
    sets: Sets = None,
    elements: Elements = None,
    clients: Clients = None,
    language: Tongues = None,
    ticket: Annotated[str | None, typer.Option("--ticket", help="相关工单 / ticket")] = None,
    drill: Annotated[bool, typer.Option("--drill", help="演练，永不发送 / a drill")] = False,
) -> None:
    """起草一份通知 / Write a notice"""
    from assistant.notices.write_notice import write_notice
    from tickets.notices.data import NoticeKind, Tongue
    from tickets.notices.records import Wish

    wish = Wish(
        kind=choice(kind, NoticeKind),
        given=_given(sets, elements),
        tongue=choice(language, Tongue) if language else Tongue.ZH,
        drill=drill,
        ticket_id=ticket,
    )
    with opened() as (app, person):
        made = write_notice(app, person, wish)
        if clients is not None:
            made = _addressed(app, person, made.summary.number, clients).notice
        told(made)


@notice.command("revise")
def revise(
    number: Number,
    sets: Sets = None,
    elements: Elements = None,
    clients: Clients = None,
    language: Tongues = None,
) -> None:
    """修改；之前的批准作废 / Edit; approvals before no longer count"""
    from assistant.notices.view import preview_notice
    from assistant.notices.write_notice import revise_notice
    from tickets.notices.data import Tongue

    given, tongue = _given(sets, elements), choice(language, Tongue) if language else None
    if not (given or tongue or clients):
        raise BadInput("没有要改的内容。", "Nothing to change was given.")
    with opened() as (app, person):
        if given or tongue:
            before = preview_notice(app, person, number).given
            done = revise_notice(app, person, number, given={**before, **given}, tongue=tongue)
        if clients is not None:
            done = _addressed(app, person, number, clients).notice
        told(done)


@notice.command("list")
def list_all(
    ticket: Annotated[str | None, typer.Option("--ticket", help="相关工单 / ticket")] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """列出通知 / List the notices"""
    from assistant.notices.view import list_notices
    from integrations.cli.terminal_notices import show_list

    with opened() as (app, person):
        found = list_notices(app, person, ticket)
    if as_json:
        print_json(found)
    else:
        show_list(found, lang or read_settings().language)


@notice.command("status")
def status(
    number: Number,
    csv: Annotated[Path | None, typer.Option("--csv", help="导出台账 / export the ledger")] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """缺什么、谁批准了、每一份到哪一步 / What is missing, who approved, where each copy is"""
    from assistant.notices.view import ledger_csv, read_notice
    from integrations.cli.redact_files import write_files

    with opened() as (app, person):
        found = read_notice(app, person, number)
        if csv is not None:
            write_files({csv: ledger_csv(found)})
        told(found, lang=lang, as_json=as_json)


@notice.command("preview")
def preview(
    number: Number,
    first: Annotated[int, typer.Option(help="前几位客户 / how many clients", min=1, max=20)] = 1,
) -> None:
    """前几位客户的信，逐字 / The letters of the first clients, word for word"""
    from assistant.notices.view import preview_notice

    with opened() as (app, person):
        found = preview_notice(app, person, number, first=first)
    for letter in found.letters:
        typer.echo(letter.text())


@notice.command("letters")
def letters(
    number: Number,
    out: Out = Path(),
    word: Annotated[bool, typer.Option("--word", help="Word 而不是 PDF / Word, not PDF")] = False,
) -> None:
    """全部信件打成一个 zip，附地址索引 / Every letter in one zip, with an index of addresses"""
    from assistant.notices.view import notice_letters
    from integrations.cli.redact_files import write_files

    target = place(out, "letters.zip")
    with opened() as (app, person):
        data = notice_letters(app, person, number, word=word)
    write_files({target: data})
    say(f"信件：{target}（含客户姓名和地址，请妥善保管）", f"Letters: {target} (holds client data)")


@notice.command("approve")
def approve(
    number: Number,
    revision: Annotated[int, typer.Option("--revision", help="您看过的版次 / the one you read")],
) -> None:
    """批准；须两人，均未参与起草 / Approve; two people, neither of whom wrote it"""
    from assistant.notices.write_notice import approve_notice

    with opened() as (app, person):
        told(approve_notice(app, person, number, revision=revision))


def _given(sets: list[str] | None, file: Path | None) -> dict[str, str]:
    """Elements from a YAML file, then those typed."""
    from records.data_files import read_yaml

    found: dict[str, str] = {}
    if file is not None:
        try:
            loaded = read_yaml(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            loaded = None
        if not isinstance(loaded, dict):
            raise BadInput(
                "要素文件应为“要素: 内容”的 YAML。", "The file must be YAML of element: text."
            )
        found = {str(name): str(text) for name, text in loaded.items()}
    for one in sets or []:
        name, mark, text = one.partition("=")
        if not mark:
            raise BadInput("--set 请写成 要素=内容。", "Write --set as element=text.")
        found[name.strip()] = text
    return found


def _addressed(app: "App", person: "Person", number: str, table: Path) -> "AddressedNotice":
    from assistant.notices.write_notice import address_notice
    from integrations.cli.redact_files import read_untrusted
    from integrations.cli.terminal_notices import show_problems

    done = address_notice(app, person, number, read_untrusted(table), table.name)
    if done.table.problems:
        show_problems(done.table)
        raise BadInput(
            f"{done.notice.summary.number} 没有采用这张表：{len(done.table.problems)} 行有误，"
            "请改正后用 revise --clients 再导入。",
            f"{done.notice.summary.number} did not take the table: {len(done.table.problems)} rows "
            "are wrong. Correct them and import it by revise --clients.",
        )
    if done.table.unused:
        columns = ", ".join(str(number) for number in done.table.unused)
        say(f"没有用到的列：第 {columns} 列", f"Columns not used: number {columns}")
    return done


def told(found: "NoticeView", *, lang: Lang = None, as_json: bool = False) -> None:
    """The notice as it stands, for a person or a program."""
    from integrations.cli.terminal_notices import show_notice

    if as_json:
        print_json(found)
    else:
        show_notice(found, lang or read_settings().language)
