"""`compliance incident`, `destroy` and `ticket`."""

from typing import Annotated

import typer

from integrations.cli.options import AsJson, Lang, holder_type, moment
from integrations.cli.output import present, print_json, say
from integrations.cli.session import opened

incident = typer.Typer(
    name="incident",
    help="事件：报告、处置、复盘、导出 / Incidents: report, handle, review, export",
    no_args_is_help=True,
)
destroy = typer.Typer(
    name="destroy",
    help="销毁：从申请到登记 / Destruction: from request to register",
    no_args_is_help=True,
)
ticket = typer.Typer(
    name="ticket", help="工单：列表与查看 / Tickets: list and show", no_args_is_help=True
)


@incident.command("report")
def report(
    description: Annotated[str, typer.Argument(help="发生了什么 / what happened")],
    aware_at: Annotated[
        str | None,
        typer.Option("--aware-at", help="何时知悉，北京时间 / when known, YYYY-MM-DDTHH:MM"),
    ] = None,
    number_of_people: Annotated[
        int | None, typer.Option("--people", min=0, help="涉及人数 / how many people")
    ] = None,
    sensitive: Annotated[
        bool | None, typer.Option(help="含敏感个人信息 / sensitive personal information")
    ] = None,
    critical: Annotated[
        bool, typer.Option("--critical-infrastructure", help="涉及关键信息基础设施")
    ] = False,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """报告事件：定级、时限、处置步骤 / Report an incident: grade, clocks, first step"""
    from assistant.incidents.report_incident import report_incident
    from integrations.replies import incident_reply

    with opened() as (app, person):
        reported = report_incident(
            app,
            person,
            description,
            aware_at=moment(aware_at),
            people=number_of_people,
            sensitive=sensitive,
            critical_infrastructure=critical,
            language=lang,
        )
        reply = incident_reply(reported, now=app.clock())
    present(reply, reported, as_json=as_json)


@destroy.command("request")
def request(
    description: Annotated[str, typer.Argument(help="要销毁什么 / what is to be destroyed")],
    holder: Annotated[
        str | None,
        typer.Option("--holder", help="公司类型 / kind of company: company, financial …"),
    ] = None,
    hold: Annotated[bool, typer.Option("--hold", help="正被要求保全 / under a hold")] = False,
    dispute: Annotated[
        bool, typer.Option("--dispute", help="争议未结 / a dispute is open")
    ] = False,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """申请销毁：最早合法日期，或为何还不行 / Request destruction: the earliest lawful date, or why not"""
    from assistant.destruction.destroy_data import request_destruction
    from integrations.replies import destruction_reply

    with opened() as (app, person):
        requested = request_destruction(
            app,
            person,
            description,
            holder=holder_type(holder),
            hold=hold,
            dispute=dispute,
            language=lang,
        )
    present(destruction_reply(requested), requested, as_json=as_json)
    if requested.decision.missing and not as_json:
        facts = " ".join(f"--fact {one.name}=…" for one in requested.decision.missing)
        command = f"compliance destroy facts {requested.ticket.id} {facts}"
        say(f"补充后重新判断：{command}", f"Once known: {command}")


@ticket.command("list")
def list_all(lang: Lang = None, as_json: AsJson = False) -> None:
    """列出您能看到的工单 / List the tickets you may see"""
    from assistant.tickets_view import list_tickets
    from integrations.cli.terminal import show_tickets

    with opened() as (app, person):
        tickets = list_tickets(app, person)
        if as_json:
            print_json(tickets)
        else:
            show_tickets(tickets, lang or app.settings.language, now=app.clock())


@ticket.command("show")
def show(
    ticket_id: Annotated[str, typer.Argument(help="编号 / number, e.g. INC-2026-0001")],
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """查看一张工单；事件连同步骤、时限、经过 / Show a ticket; an incident with its course"""
    from assistant.tickets_view import read_ticket
    from integrations.cli.terminal_incident import show_course
    from integrations.replies import ticket_reply
    from tickets.ticket import TicketKind

    with opened() as (app, person):
        view = read_ticket(app, person, ticket_id)
        language = lang or app.settings.language
        reply = ticket_reply(view, language=language, now=app.clock())
        present(reply, view, as_json=as_json)
        if view.ticket.kind is TicketKind.INCIDENT and not as_json:
            show_course(view, language)
