"""`compliance destroy …` after the request."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.certificates import get
from integrations.cli.options import (
    AsJson,
    DryRun,
    Lang,
    Out,
    Yes,
    choice,
    day,
    facts_given,
    file_or_folder,
)
from integrations.cli.output import ask, print_json, say
from integrations.cli.session import opened, read_settings
from integrations.cli.tickets import destroy

if TYPE_CHECKING:
    from assistant.destruction.steps import Destruction

__all__ = ["destroy"]  # with all its commands

Number = Annotated[str, typer.Argument(help="编号 / number, e.g. DES-2026-0001")]
Reason = Annotated[str, typer.Option("--reason", help="理由 / reason")]


@destroy.command("list")
def list_destructions(lang: Lang = None, as_json: AsJson = False) -> None:
    """列出销毁工单 / List the destructions you may see"""
    from assistant.tickets_view import list_tickets
    from integrations.cli.terminal import show_tickets
    from tickets.ticket import TicketKind

    with opened() as (app, person):
        found = list_tickets(app, person, TicketKind.DESTRUCTION)
        if as_json:
            print_json(found)
        else:
            show_tickets(found, lang or app.settings.language, now=app.clock())


@destroy.command("show")
def show(number: Number, lang: Lang = None, as_json: AsJson = False) -> None:
    """一次销毁的全部记录和下一步 / Everything on record, and the next step"""
    from assistant.destruction.certificate import read_destruction

    with opened() as (app, person):
        found = read_destruction(app, person, number)
        _told(found, as_json=as_json, lang=lang)


@destroy.command("facts")
def facts(
    number: Number,
    fact: Annotated[
        list[str],
        typer.Option("--fact", help="名称=内容 / name=value: holder=company, contract dates …"),
    ],
) -> None:
    """补充还缺的事实，重新判断；鉴定之前 / Give the facts still missing; decided anew"""
    from assistant.destruction.prepare_destruction import state_facts

    with opened() as (app, person):
        _told(state_facts(app, person, number, given=facts_given(fact)))


@destroy.command("appraise")
def appraise(
    number: Number,
    medium: Annotated[
        list[str] | None,
        typer.Option("--medium", help="介质，可多个 / medium, repeatable: paper …"),
    ] = None,
    protection: Annotated[
        int, typer.Option("--class", help="ISO/IEC 21964 保护等级 / protection class: 2, 3")
    ] = 3,
    file: Annotated[
        list[Path] | None, typer.Option("--file", help="由程序擦除的文件 / file to erase")
    ] = None,
    client: Annotated[
        list[str] | None,
        typer.Option("--vault-client", help="销毁其密钥的客户 / client whose key goes"),
    ] = None,
) -> None:
    """鉴定：介质、保护等级、由程序擦除的对象 / Appraise: media, class, what the program erases"""
    from assistant.destruction.prepare_destruction import appraise_destruction

    with opened() as (app, person):
        done = appraise_destruction(
            app, person, number, media=medium or [], protection=protection, files=file or [],
            vault_clients=client or [],
        )  # fmt: skip
        _told(done)


@destroy.command("notify")
def notify(
    number: Number,
    clients: Annotated[int, typer.Option(help="通知了多少位客户 / how many were told")] = 0,
    channel: Annotated[str, typer.Option(help="方式 / how, e.g. 挂号信")] = "",
    wait: Annotated[
        int, typer.Option(help="等待天数，满后次日起继续 / days to wait; go on the day after")
    ] = 15,
    without: Annotated[str, typer.Option(help="不通知的理由 / why nobody is told")] = "",
    notice: Annotated[
        str, typer.Option("--notice", help="通知编号，人数和方式取自台账 / N-2026-0001")
    ] = "",
    over: Annotated[bool, typer.Option("--over", help="等待期已过，进入审批 / go on")] = False,
) -> None:
    """登记通知；等待期过后加 --over / Put the notice on record; --over once its time is over"""
    from assistant.destruction.prepare_destruction import close_notice, give_notice

    with opened() as (app, person):
        if over:
            done = close_notice(app, person, number)
        else:
            done = give_notice(
                app, person, number, clients=clients, channel=channel, wait_days=wait,
                without=without, notice=notice,
            )  # fmt: skip
        _told(done)


@destroy.command("choice")
def client_choice(
    number: Number,
    client: Annotated[
        str, typer.Argument(help="客户编号，或其信函编号 / number of the client or of their letter")
    ],
    chosen: Annotated[str, typer.Argument(help="delete, return, transfer")],
    done: Annotated[bool, typer.Option("--done", help="已返还或转移 / done")] = False,
    who: Annotated[
        str, typer.Option("--to", help="注销项目：转移给谁 / in a closing: who receives it")
    ] = "",
    contact: Annotated[str, typer.Option(help="接收方联系方式 / how to reach them")] = "",
) -> None:
    """登记客户的选择：删除、返还、转移 / Put a client's choice on record"""
    from assistant.destruction.record_choice import record_choice
    from tickets.destruction.dossier import Choice

    with opened() as (app, person):
        wish = choice(chosen, Choice)
        made = record_choice(
            app,
            person,
            number,
            client=client,
            choice=wish,
            done=done,
            somebody=who,
            contact=contact,
        )
        _told(made)


@destroy.command("backup")
def backup(
    number: Number,
    file: Annotated[Path | None, typer.Option("--file", help="备份文件 / the backup")] = None,
    sha256: Annotated[str, typer.Option(help="备份时的校验值 / its hash when taken")] = "",
    without: Annotated[str, typer.Option(help="不备份的理由 / why there is none")] = "",
) -> None:
    """读回并核验备份 / Read the backup back and verify it"""
    from assistant.destruction.prepare_destruction import record_backup, waive_backup
    from records.errors import BadInput

    with opened() as (app, person):
        if file is None:
            _told(waive_backup(app, person, number, reason=without))
            return
        try:
            with file.open("rb") as untrusted_file:
                done = record_backup(app, person, number, untrusted_file, expected_sha256=sha256)
        except OSError as error:
            raise BadInput("备份文件打不开。", "The backup cannot be opened.") from error
        _told(done)


@destroy.command("approve")
def approve(number: Number) -> None:
    """批准；须两人，均非申请人 / Approve; two people, neither the requester"""
    from assistant.destruction.prepare_destruction import approve_destruction

    with opened() as (app, person):
        _told(approve_destruction(app, person, number))


@destroy.command("refuse")
def refuse(number: Number, reason: Reason) -> None:
    """驳回 / Refuse for good"""
    from assistant.destruction.prepare_destruction import refuse_destruction

    with opened() as (app, person):
        _told(refuse_destruction(app, person, number, reason=reason))


@destroy.command("hold")
def hold(number: Number, reason: Reason) -> None:
    """暂停：争议、检查、保全 / Hold: dispute, inspection, preservation"""
    from assistant.destruction.prepare_destruction import hold_destruction

    with opened() as (app, person):
        _told(hold_destruction(app, person, number, reason=reason))


@destroy.command("release")
def release(number: Number, reason: Reason) -> None:
    """解除暂停 / Lift the hold"""
    from assistant.destruction.prepare_destruction import release_destruction

    with opened() as (app, person):
        _told(release_destruction(app, person, number, reason=reason))


@destroy.command("carry-out")
def carry_out(
    number: Number,
    witness: Annotated[
        str,
        typer.Option("--witness", help="监销人编号或本机账号 / number or account of the witness"),
    ],
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """执行销毁；中断后再运行一次即可 / Destroy; run again after an interruption"""
    from assistant.destruction.carry_out_destruction import carry_out_destruction

    with opened() as (app, person):
        found = carry_out_destruction(app, person, number, witness=witness, dry_run=True)
        files, keys = (
            sum(one.kind == kind for one in found.dossier.waiting) for kind in ("file", "key")
        )
        zh = f"{number}：由程序擦除 {files} 个文件、{keys} 把客户密钥。"
        en = f"{number}: the program erases {files} files and {keys} client keys."
        if dry_run:
            say(f"{zh}检查都通过，还没有销毁。", f"{en} All checks hold; nothing was destroyed.")
            return
        if not yes:
            ask(zh, en)
        _told(carry_out_destruction(app, person, number, witness=witness))


@destroy.command("witness")
def witness(number: Number) -> None:
    """监销人本人确认 / The witness confirms in person"""
    from assistant.destruction.carry_out_destruction import witness_destruction

    with opened() as (app, person):
        _told(witness_destruction(app, person, number))


@destroy.command("place")
def place(
    number: Number,
    name: Annotated[str, typer.Argument(help="originals copies backups indexes slack processors")],
    outcome: Annotated[str, typer.Argument(help="destroyed, none, expires")],
    note: Annotated[str, typer.Option(help="依据，如确认函编号 / how it is known")],
    until: Annotated[str | None, typer.Option(help="到期日 / day, 2026-11-23")] = None,
) -> None:
    """登记一处副本的去向 / Answer for a place where copies may lie"""
    from assistant.destruction.carry_out_destruction import settle_place
    from tickets.destruction.dossier import Settled

    with opened() as (app, person):
        answer, expires = choice(outcome, Settled), day(until)
        _told(
            settle_place(app, person, number, place=name, outcome=answer, until=expires, note=note)
        )


@destroy.command("evidence")
def evidence(
    number: Number,
    file: Annotated[
        list[Path] | None, typer.Option("--file", help="照片、回执 / photograph, receipt")
    ] = None,
    what: Annotated[str, typer.Option(help="是什么 / what it is")] = "证据文件",
    complete: Annotated[bool, typer.Option("--complete", help="证据齐全 / all is there")] = False,
) -> None:
    """加密保存证据；齐全后加 --complete / Keep evidence; --complete once all is there"""
    from assistant.destruction.carry_out_destruction import add_destruction_evidence, close_evidence
    from assistant.destruction.certificate import read_destruction
    from integrations.cli.redact_files import read_untrusted

    with opened() as (app, person):
        files = [read_untrusted(path) for path in file or []]
        if complete:
            close_evidence(app, person, number, untrusted_files=files, what=what)
        else:
            for data in files:
                add_destruction_evidence(app, person, number, data, what=what)
        _told(read_destruction(app, person, number))


@destroy.command("correct")
def correct(
    number: Number,
    text: Annotated[str, typer.Argument(help="更正的内容 / what is right")],
    reason: Reason,
) -> None:
    """更正：新增一条，原记录不动 / A correction as a new entry"""
    from assistant.destruction.carry_out_destruction import correct_destruction

    with opened() as (app, person):
        _told(correct_destruction(app, person, number, text=text, reason=reason))


@destroy.command("certify")
def certify(number: Number, out: Out = Path()) -> None:
    """出具证明并登记 / Issue the certificate and enter it in the register"""
    from assistant.destruction.carry_out_destruction import certify_destruction

    file_or_folder(out, ".pdf")
    with opened() as (app, person):
        serial = certify_destruction(app, person, number).serial
    get(serial, out)


def _told(found: "Destruction", *, as_json: bool = False, lang: Lang = None) -> None:
    from integrations.cli.terminal_destruction import show_destruction

    if as_json:
        print_json(found)
    else:
        show_destruction(found, lang or read_settings().language)
