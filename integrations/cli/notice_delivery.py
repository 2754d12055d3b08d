"""`compliance notice …` once it is approved: sent, stopped, what became of each copy on record, erased."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.notices import Number, notice, told
from integrations.cli.options import DryRun, Yes
from integrations.cli.output import ask, say
from integrations.cli.session import opened
from records.errors import BadInput

__all__ = ["notice"]  # with all its commands

Key = Annotated[str, typer.Argument(help="某一份的编号 / one client's copy, N-2026-0001-0003")]
Reason = Annotated[str, typer.Option("--reason", help="理由 / reason")]


@notice.command("send")
def send(
    number: Number,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """发送；中断后再运行一次，不会重发 / Send; run again after an interruption, nothing goes twice"""
    from assistant.notices.send_notice import deliver_notices, send_notice
    from assistant.notices.senders import sender_of
    from assistant.notices.view import read_notice
    from integrations.replies.notices import counts_line
    from tickets.notices.records import NoticeState

    with opened() as (app, person):
        found = read_notice(app, person, number)
        sender = sender_of(app.settings)
        to_release = found.summary.state is not NoticeState.RELEASED
        if dry_run:
            found = send_notice(app, person, number, dry_run=True) if to_release else found
            line = counts_line(found.summary)
            say(f"{line.zh}；没有发送", f"{line.en}; nothing was sent")
            told(found)
            return
        if to_release:
            send_notice(app, person, number, dry_run=True)
            if not yes:
                ask(
                    f"发给 {found.summary.clients} 位客户。", f"To {found.summary.clients} clients."
                )
            found = send_notice(app, person, number)
        turn = deliver_notices(app, sender, found.summary.number)
        told(read_notice(app, person, number))
    if turn.down:
        say(
            f"邮件服务器没有接通（{turn.down}），没有发出的稍后再发。请检查 COMPLIANCE_SMTP_… 设置和证书。",
            f"The mail server could not be used ({turn.down}); the rest goes later. Check the settings "
            "COMPLIANCE_SMTP_… and the certificate.",
        )


@notice.command("stop")
def stop(number: Number) -> None:
    """停止发送还没发出的 / Stop what has not left yet"""
    from assistant.notices.send_notice import stop_notice

    with opened() as (app, person):
        told(stop_notice(app, person, number))


@notice.command("forget")
def forget(
    number: Number,
    reason: Reason,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """删除这份通知的客户资料和内容，只留台账，不能撤回 / Erase its clients and texts; the ledger stays"""
    from assistant.notices.send_notice import forget_notice

    if not (yes or dry_run):
        ask("删除客户资料和信件内容。", "Clients and texts are erased.")
    with opened() as (app, person):
        found = forget_notice(app, person, number, reason=reason, dry_run=dry_run)
        if dry_run:
            count = found.summary.clients
            say(
                f"会删除 {count} 位客户的资料和全部内容，台账保留。还没有删除。",
                f"Would erase {count} clients and every text; the ledger stays. Nothing was erased.",
            )
        told(found)


@notice.command("record")
def record(
    key: Annotated[
        str, typer.Argument(help="一份的编号；--list 时是通知编号 / a copy; with --list the notice")
    ],
    reference: Annotated[
        str, typer.Option("--registered", help="挂号信或快递单号 / number of the letter")
    ] = "",
    postings: Annotated[
        Path | None,
        typer.Option("--list", help="csv、xlsx：编号、单号两列 / columns number and registered"),
    ] = None,
) -> None:
    """登记已人工寄出，时间取当前 / Put postings on record; the time is now"""
    from assistant.notices.record_delivery import record_posted, record_postings
    from integrations.cli.redact_files import read_untrusted

    if (postings is None) == (not reference):
        raise BadInput(
            "请用 --registered 写单号，或用 --list 给出邮寄清单。",
            "Give --registered with a number, or --list with a table.",
        )
    with opened() as (app, person):
        if postings is None:
            told(record_posted(app, person, key, reference=reference))
        else:
            told(record_postings(app, person, key, read_untrusted(postings), postings.name))


@notice.command("decide")
def decide(
    key: Key,
    reason: Reason,
    again: Annotated[
        bool,
        typer.Option("--again/--arrived", help="再发一次，或确知已到 / send again, or it arrived"),
    ],
) -> None:
    """对不确定或发送失败的一份作出决定 / Decide on a copy that is uncertain or failed"""
    from assistant.notices.record_delivery import decide_delivery

    with opened() as (app, person):
        told(decide_delivery(app, person, key, again=again, reason=reason))


@notice.command("bounce")
def bounce(
    key: Annotated[str | None, typer.Argument(help="某一份的编号 / one client's copy")] = None,
    reason: Annotated[str, typer.Option("--reason", help="退回原因 / why")] = "",
    mail: Annotated[Path | None, typer.Option("--eml", help="退信原件 / the bounce")] = None,
) -> None:
    """登记退信：手工，或导入退信邮件 / A bounce: by hand, or from the bounce mail"""
    from assistant.notices.record_delivery import import_bounce, record_bounce
    from integrations.cli.redact_files import read_untrusted

    with opened() as (app, person):
        if mail is not None:
            told(import_bounce(app, person, read_untrusted(mail)))
        elif key:
            told(record_bounce(app, person, key, reason=reason))
        else:
            raise BadInput("请写明哪一份，或用 --eml。", "Name a copy, or give --eml.")
