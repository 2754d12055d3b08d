"""`compliance incident …` for reports by mail: hand one in, list those held, open a ticket from one."""

import sys
from typing import Annotated

import typer

from integrations.cli.incident_after import incident
from integrations.cli.options import AsJson
from integrations.cli.output import print_json, say
from integrations.cli.session import opened
from tickets.incidents.mail import LARGEST_MAIL

__all__ = ["incident"]  # with all its commands


@incident.command("mail")
def mail(
    file: Annotated[str, typer.Argument(help="邮件 .eml；- 为标准输入 / the mail; - for stdin")],
    as_json: AsJson = False,
) -> None:
    """交入一封报告事件的邮件：立案，或待核对 / Hand in a mail: a ticket, or held for a responder"""
    from pathlib import Path

    from assistant.incidents.mail_reports import hand_in_mail
    from integrations.cli.redact_files import read_untrusted

    data = sys.stdin.buffer.read(LARGEST_MAIL + 1) if file == "-" else read_untrusted(Path(file))
    with opened() as (app, person):
        taken = hand_in_mail(app, person, data)
    if as_json:
        print_json(taken)
    elif taken.ticket_id:
        say(f"已立案：{taken.ticket_id}", f"Ticket opened: {taken.ticket_id}")
    elif taken.held:
        why = taken.held.label
        say(f"M-{taken.number} 待核对：{why.zh}", f"M-{taken.number} is held: {why.en}")


@incident.command("held")
def held(as_json: AsJson = False) -> None:
    """列出待核对的邮件 / List mails that are held"""
    from assistant.incidents.mail_reports import held_mails

    with opened() as (app, person):
        found = held_mails(app, person)
    if as_json:
        print_json(found)
        return
    for one in found:
        if one.held:
            typer.echo(
                f"{one.number}  {one.at:%Y-%m-%d %H:%M}Z  {one.held.label.zh} / {one.held.label.en}"
            )
    if not found:
        say("没有待核对的邮件。", "No mail is held.")


@incident.command("release")
def release(number: Annotated[int, typer.Argument(help="邮件编号 / number of the mail")]) -> None:
    """核对后，以您的名义由这封邮件立案 / Open a ticket from a held mail, in your name"""
    from assistant.incidents.mail_reports import release_mail

    with opened() as (app, person):
        opened_ticket = release_mail(app, person, number)
    say(f"已立案：{opened_ticket.ticket_id}", f"Ticket opened: {opened_ticket.ticket_id}")
