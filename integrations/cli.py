"""The command line: `compliance …`. Each command is a verb, with the same permission and audit."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import click
import typer

from integrations.errors import UNEXPECTED, exit_code, log_unexpected
from records.errors import BadInput, NotFound, ProductError
from records.language import Language

commands = typer.Typer(
    name="compliance",
    help="客户信息合规助手 / Client-information compliance assistant",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _group(name: str, about: str) -> typer.Typer:
    group = typer.Typer(help=about, no_args_is_help=True)
    commands.add_typer(group, name=name)
    return group


incident = _group("incident", "事件：报告 / Incidents: report one")
destroy = _group("destroy", "销毁：申请 / Destruction: request it")
ticket = _group("ticket", "工单：列表与查看 / Tickets: list and show")
audit = _group("audit", "操作日志 / Audit log")
people = _group("people", "人员与角色 / People and roles")
db = _group("db", "数据库 / Database")

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]
Lang = Annotated[Language | None, typer.Option("--lang", help="zh 或 en / answer language")]


@contextmanager
def _session() -> Iterator[tuple[Any, Any]]:
    """The built App and the person at the keyboard; everything closed at the end."""
    from assistant.app import build
    from integrations.identity import person_at_keyboard

    app = build(_settings())
    try:
        yield app, person_at_keyboard(app)
    finally:
        app.close()


def _settings() -> Any:
    from pydantic import ValidationError

    from assistant.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(f"COMPLIANCE_{str(e['loc'][0]).upper()}" for e in error.errors())
        raise BadInput(
            f"环境变量的值不对：{names}。说明见 docs/settings.md。",
            f"These settings have wrong values: {names}. See docs/settings.md.",
        ) from None


@commands.command()
def ask(
    question: Annotated[
        str, typer.Argument(help="问题；- 表示从标准输入读 / - reads standard input")
    ],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="按哪一天的规定 / as of YYYY-MM-DD")
    ] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """提问，得到带条文的回答 / Ask; get an answer with the article"""
    from assistant.ask import ask as verb
    from integrations.replies import answer_reply

    text = sys.stdin.read() if question == "-" else question
    with _session() as (app, person):
        answer = verb(app, person, text, as_of=_day(as_of), language=lang)
    _show(answer_reply(answer), answer, as_json=as_json)


@commands.command()
def redact(
    files: Annotated[list[Path], typer.Argument(help="要脱敏的文件 / files to redact")],
    out: Annotated[
        Path | None, typer.Option("--out", help="放结果的文件夹 / folder for the results")
    ] = None,
    policy: Annotated[str, typer.Option("--policy", help="脱敏策略 / redaction policy")] = "",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """脱敏文件：同格式副本加报告 / Redact files: a copy in the same format, and a report"""
    from integrations.redact_files import redact_paths

    with _session() as (app, person):
        language = lang or app.settings.language
        failed = redact_paths(
            app, person, files, out=out, policy=policy, language=language, as_json=as_json
        )
    if failed:
        raise typer.Exit(2)


@commands.command()
def ingest(
    policies: Annotated[
        Path | None, typer.Option("--policies", help="公司制度文件夹 / folder of company policy")
    ] = None,
    regulations: Annotated[
        Path | None, typer.Option("--regulations", help="法规文件夹 / folder of official texts")
    ] = None,
) -> None:
    """装入法律、义务和公司制度 / Take in laws, duties and company policy"""
    from assistant.ingest_knowledge import ingest_knowledge
    from integrations.terminal import progress_bars, show_ingest

    for folder in (policies, regulations):
        if folder is not None and not folder.is_dir():
            raise NotFound("没有这个文件夹。请核对路径。", "No such folder. Please check the path.")
    with _session() as (app, person), progress_bars() as progress:
        report = ingest_knowledge(
            app, person, policies=policies, regulations=regulations, progress=progress
        )
    show_ingest(report, app.settings.language)


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
    from assistant.report_incident import report_incident
    from integrations.replies import incident_reply

    with _session() as (app, person):
        reported = report_incident(
            app,
            person,
            description,
            aware_at=_moment(aware_at),
            people=number_of_people,
            sensitive=sensitive,
            critical_infrastructure=critical,
            language=lang,
        )
        reply = incident_reply(reported, now=app.clock())
    _show(reply, reported, as_json=as_json)


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
    from assistant.destroy_data import request_destruction
    from integrations.replies import destruction_reply

    with _session() as (app, person):
        requested = request_destruction(
            app,
            person,
            description,
            holder=_holder(holder),
            hold=hold,
            dispute=dispute,
            language=lang,
        )
    _show(destruction_reply(requested), requested, as_json=as_json)


@ticket.command("list")
def list_all(lang: Lang = None, as_json: AsJson = False) -> None:
    """列出您能看到的工单 / List the tickets you may see"""
    from assistant.tickets_view import list_tickets
    from integrations.terminal import show_tickets

    with _session() as (app, person):
        tickets = list_tickets(app, person)
        if as_json:
            _print_json(tickets)
        else:
            show_tickets(tickets, lang or app.settings.language, now=app.clock())


@ticket.command("show")
def show(
    ticket_id: Annotated[str, typer.Argument(help="编号 / number, e.g. INC-2026-0001")],
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """查看一张工单 / Show one ticket"""
    from assistant.tickets_view import read_ticket
    from integrations.replies import ticket_reply

    with _session() as (app, person):
        view = read_ticket(app, person, ticket_id)
        reply = ticket_reply(view, language=lang or app.settings.language, now=app.clock())
    _show(reply, view, as_json=as_json)


@audit.command("verify")
def verify(
    head: Annotated[
        str | None, typer.Option("--head", help="上次记下的链头 / the head noted last time")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """检查操作日志有无改动 / Check that nobody changed the audit log"""
    from assistant.check_audit import verify_audit
    from integrations.terminal import show_audit

    with _session() as (app, person):
        view = verify_audit(app, person, earlier_head=head)
    if as_json:
        _print_json(view.chain)
    else:
        show_audit(view, app.settings.language)
    if not view.whole:
        raise typer.Exit(1)


@people.command("list")
def list_people() -> None:
    """列出人员与角色 / List people and roles"""
    from assistant.manage_people import everybody
    from integrations.terminal import show_people

    with _session() as (app, person):
        show_people(everybody(app, person), app.settings.language)


@people.command("add")
def add(
    name: Annotated[str, typer.Argument(help="姓名 / name")],
    role: Annotated[list[str], typer.Option("--role", help="角色，可多个 / role, repeatable")],
    login: Annotated[str | None, typer.Option(help="本机账号 / account on this machine")] = None,
    slack: Annotated[str | None, typer.Option(help="Slack: TEAM:USER")] = None,
) -> None:
    """登记一个人 / Register a person"""
    from assistant.manage_people import register

    with _session() as (app, person):
        added = register(app, person, name=name, roles=_roles(role), login=login, slack_id=slack)
    typer.echo(added.id)


@people.command("token")
def token(
    person_id: Annotated[str, typer.Argument(help="人员编号 / number of the person")],
) -> None:
    """发一个新的访问令牌，只显示这一次 / Give a new access token, shown once"""
    from assistant.manage_people import new_token

    with _session() as (app, person):
        typer.echo(new_token(app, person, person_id))


@db.command("upgrade")
def upgrade() -> None:
    """把数据库结构升到最新 / Bring the database schema up to date"""
    with _session() as (app, _person):
        typer.echo(f"ok: {app.database.engine.url.render_as_string(hide_password=True)}")


@commands.command()
def status(as_json: AsJson = False) -> None:
    """装好了什么，还缺什么 / What is set up, and what is missing"""
    from assistant.overview import overview
    from integrations.terminal import show_overview

    with _session() as (app, person):
        view = overview(app, person)
    if as_json:
        _print_json(view)
    else:
        show_overview(view, app.settings.language)


@commands.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址 / address")] = None,
    port: Annotated[int | None, typer.Option(help="端口 / port")] = None,
) -> None:
    """启动网页与接口；配置了 Slack 时一并启动 / Serve the pages, the API and, if configured, Slack"""
    from integrations.service import serve as run

    with _session() as (app, person):
        run(app, person, host=host or app.settings.host, port=port or app.settings.port)


@commands.command()
def slack(
    socket: Annotated[
        bool,
        typer.Option("--socket", help="用 Socket Mode，无需公网地址 / no public address needed"),
    ] = False,
) -> None:
    """启动 Slack 机器人 / Start the Slack bot"""
    from integrations.service import serve as run
    from integrations.service import serve_socket_mode

    with _session() as (app, person):
        if socket:
            serve_socket_mode(app)
        else:
            run(app, person, host=app.settings.host, port=app.settings.port, need_slack=True)


@commands.command()
def demo(
    examples: Annotated[Path, typer.Option(help="示例文件夹 / folder of the examples")] = Path(
        "examples"
    ),
    then_serve: Annotated[bool, typer.Option("--serve", help="之后启动网页 / then serve")] = False,
) -> None:
    """用示例把主要工作走一遍 / Run the main job on the examples"""
    from integrations.demo import run_demo
    from integrations.service import serve as run

    with _session() as (app, person):
        run_demo(app, person, examples)
        if then_serve:
            run(app, person, host=app.settings.host, port=app.settings.port)


def main(arguments: list[str] | None = None) -> None:
    """Run one command; every error becomes a sentence and an exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        status_code = commands(arguments, standalone_mode=False)
    except ProductError as error:
        _complain(f"{error.message.zh}\n{error.message.en}")
        sys.exit(exit_code(error))
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except Exception as error:
        log_unexpected(error, where="command")
        _complain(f"{UNEXPECTED.zh}\n{UNEXPECTED.en}")
        sys.exit(1)
    if status_code:
        sys.exit(status_code)


def _show(reply: Any, value: Any, *, as_json: bool) -> None:
    from integrations.terminal import show_reply

    if as_json:
        _print_json(value)
    else:
        show_reply(reply)


def _print_json(value: Any) -> None:
    from pydantic import TypeAdapter

    typer.echo(
        json.dumps(
            TypeAdapter(type(value)).dump_python(value, mode="json"), ensure_ascii=False, indent=2
        )
    )


def _complain(text: str) -> None:
    from rich.console import Console

    Console(stderr=True).print(text, style="red", markup=False, highlight=False)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("日期请写成 2026-11-23 这样。", "Write the date like 2026-11-23.") from None


def _moment(text: str | None) -> datetime | None:
    """A moment in China unless it names its own zone."""
    from assistant.app import SHANGHAI

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(
            "时间请写成 2026-11-20T20:15 这样（北京时间）。",
            "Write the time like 2026-11-20T20:15 (time in China).",
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _holder(text: str | None) -> Any:
    from tickets.retention_facts import HolderType

    return None if text is None else _choice(text, HolderType)


def _roles(texts: list[str]) -> frozenset[Any]:
    from records.people import Role

    return frozenset(_choice(text, Role) for text in texts)


def _choice(text: str, choices: Any) -> Any:
    try:
        return choices(text)
    except ValueError:
        known = ", ".join(choices)
        raise BadInput(f"请从这些里选：{known}。", f"Choose one of: {known}.") from None


if __name__ == "__main__":
    main()
