"""`compliance close …`: a company's closing project from its start to its evidence bundle."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import (
    AsJson,
    DryRun,
    Lang,
    Out,
    Yes,
    choice,
    day,
    file_or_folder,
    place,
)
from integrations.cli.output import ask, print_json, say
from integrations.cli.session import opened

if TYPE_CHECKING:
    from tickets.closing.data import Route

close = typer.Typer(
    name="close",
    help="注销项目：从导入到证据包 / Closing a company: from import to evidence bundle",
    no_args_is_help=True,
)

Number = Annotated[str, typer.Argument(help="项目编号 / number, e.g. CLO-2026-0001")]


@close.command("start")
def start(
    company: Annotated[str, typer.Argument(help="公司全称 / full name")],
    route: Annotated[
        str | None,
        typer.Option("--route", help="general simplified forced bankruptcy branch address_change"),
    ] = None,
    entity: Annotated[
        str | None,
        typer.Option(
            "--entity",
            help="company partnership sole_proprietorship cooperative individual_business branch；"
            "不写时按路线 / by the route where it is not given",
        ),
    ] = None,
) -> None:
    """开始项目；不知道走哪条路时逐题问 / Start; asks which route where none is given"""
    from assistant.closing.close_company import start_closing
    from tickets.closing.data import Entity, Route

    chosen = choice(route, Route) if route else _asked()
    with opened() as (app, person):
        what = choice(entity, Entity) if entity else None
        made = start_closing(app, person, company, route=chosen, entity=what)
    say(f"项目 {made.id}：{chosen.label.zh}", f"Project {made.id}: {chosen.label.en}")
    say(f"下一步：compliance close plan {made.id}", f"Next: compliance close plan {made.id}")


@close.command("list")
def list_all(as_json: AsJson = False) -> None:
    """列出项目 / List the projects"""
    from assistant.closing.close_company import list_closings

    with opened() as (app, person):
        found = list_closings(app, person)
    if as_json:
        print_json(found)
        return
    for one in found:
        ended = "已结束 ended" if one.project.ended_at else "进行中 open"
        typer.echo(f"{one.project.id}\t{one.project.route.label.zh}\t{ended}\t{one.company}")
    if not found:
        say("还没有项目。", "No projects yet.")


@close.command("plan")
def plan(number: Number, lang: Lang = None, as_json: AsJson = False) -> None:
    """法定步骤、日期、条文 / Statutory steps, days, articles"""
    from assistant.closing.board import read_board
    from integrations.cli.terminal_closing import show_plan
    from integrations.web.closing_bodies import board_view

    with opened() as (app, person):
        board = read_board(app, person, number)
        if as_json:
            print_json(board_view(board, app.today()).plan)
        else:
            show_plan(board, lang or app.settings.language, today=app.today())


@close.command("sections")
def sections(number: Number, lang: Lang = None, as_json: AsJson = False) -> None:
    """二十个工作项：要什么、谁做、用哪条命令、进度 / The twenty sections: what, who, by which command"""
    from assistant.closing.board import read_board
    from integrations.cli.terminal_closing import show_sections
    from integrations.web.closing_bodies import board_view

    with opened() as (app, person):
        board = read_board(app, person, number)
        if as_json:
            print_json(board_view(board, app.today()).sections)
        else:
            show_sections(board, lang or app.settings.language)


@close.command("day")
def known_day(
    number: Number,
    name: Annotated[str, typer.Argument(help="cause, group_formed, announced …")],
    value: Annotated[str, typer.Argument(help="2026-11-23")],
) -> None:
    """登记一个已知日期，期限随之算出 / Put a day on record; periods follow from it"""
    from assistant.closing.close_company import set_closing_days
    from tickets.closing.data import KnownDay

    with opened() as (app, person):
        given = day(value)
        assert given is not None
        set_closing_days(app, person, number, {choice(name, KnownDay): given})
    plan(number)


@close.command("do")
def do(
    number: Number,
    item: Annotated[str, typer.Argument(help="step:form-group, section:02 …")],
    state: Annotated[str, typer.Argument(help="doing, done, skipped, open")] = "done",
    note: Annotated[str, typer.Option(help="依据 / what proves it")] = "",
    reason: Annotated[str, typer.Option(help="不做的理由代码 / why it is left out")] = "",
    on: Annotated[str | None, typer.Option("--on", help="发生之日 / the day it happened")] = None,
    owner: Annotated[
        str, typer.Option(help="负责人编号或本机账号 / number or account of its owner")
    ] = "",
    file: Annotated[
        list[Path] | None, typer.Option("--file", help="证据文件，加密保存 / evidence")
    ] = None,
) -> None:
    """推进一个步骤或工作项 / Move a step or section on"""
    from assistant.closing.close_company import (
        add_closing_evidence,
        assign_closing_item,
        move_closing_item,
    )
    from integrations.cli.redact_files import read_untrusted
    from tickets.closing.project import ItemState

    with opened() as (app, person):
        to = choice(state, ItemState)
        for path in file or []:
            data = read_untrusted(path)
            add_closing_evidence(app, person, number, item, data, path.name, what=note or path.stem)
        if owner:
            assign_closing_item(app, person, number, item, owner)
        project = move_closing_item(
            app, person, number, item, to, note=note, reason=reason, day=day(on)
        )
    said = project.item(item).state.label
    say(f"{item}：{said.zh}", f"{item}: {said.en}")


@close.command("custodian")
def custodian(
    number: Number,
    name: Annotated[str, typer.Argument(help="保管人 / who keeps them")],
    contact: Annotated[str, typer.Option(help="联系方式 / how to reach them")],
) -> None:
    """指定会计档案的保管人 / Name who keeps the accounting archives"""
    from assistant.closing.close_company import name_custodian

    with opened() as (app, person):
        name_custodian(app, person, number, custodian=name, contact=contact)
    say("已登记。", "On record.")


@close.command("status")
@close.command("board")
def board(number: Number, lang: Lang = None, as_json: AsJson = False) -> None:
    """进度、逾期、障碍、接下来三件事 / Progress, overdue, blockers, the next three things"""
    from assistant.closing.board import read_board
    from integrations.cli.terminal_closing import show_board
    from integrations.web.closing_bodies import board_view

    with opened() as (app, person):
        found = read_board(app, person, number)
        if as_json:
            print_json(board_view(found, app.today()))
        else:
            show_board(found, lang or app.settings.language)


@close.command("end")
def end(
    number: Number,
    reason: Annotated[
        str, typer.Option(help="仍有障碍时的理由（审批人） / why all the same (approver)")
    ] = "",
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """结束项目；有障碍时不行 / End the project; not while something blocks it"""
    from assistant.closing.close_company import end_closing

    with opened() as (app, person):
        end_closing(app, person, number, reason=reason, dry_run=True)
        if dry_run:
            say("可以结束。项目还在进行。", "It may end. The project goes on.")
            return
        if not yes:
            ask(f"结束 {number}，之后不能再改。", f"{number} ends; nothing changes after.")
        end_closing(app, person, number, reason=reason)
    say("项目已结束。", "The project has ended.")


@close.command("bundle")
def bundle(
    number: Number,
    out: Out = Path(),
    named: Annotated[
        bool, typer.Option("--named", help="附客户名称对照（个人信息） / with names of clients")
    ] = False,
) -> None:
    """制作证据包：目录、证明、台账、签名清单 / Make the bundle: index, certificates, signed manifest"""
    from assistant.closing.bundle import make_closing_bundle
    from integrations.cli.redact_files import write_files

    file_or_folder(out, ".zip")
    with opened() as (app, person):
        made = make_closing_bundle(app, person, number, named=named)
    target = place(out, made.name)
    write_files({target: made.data})
    say(f"证据包：{target}（{made.files} 个文件）", f"Bundle: {target}")
    typer.echo(f"SHA-256 {made.sha256}")
    if not named:
        say("客户只用编号，不含姓名。", "Clients stand in it by number, without names.")


def _asked() -> "Route":
    """The route by the questions, one at a time; without a terminal the routes are named."""
    import sys

    from records.errors import BadInput
    from tickets.closing.data import Question, Route, choose, closing_data

    if not sys.stdin.isatty():
        routes = "; ".join(
            f"{one.value}（{said.name.zh}：{said.about.zh}）"
            for one, said in closing_data().routes.items()
        )
        raise BadInput(
            f"请先确定走哪条路（--route）：{routes}",
            f"Say which route (--route): {', '.join(Route)}. In a terminal you are asked.",
        )
    answers: dict[str, bool] = {}
    while isinstance(found := choose(answers), Question):
        answers[found.id] = typer.confirm(f"{found.ask.zh} / {found.ask.en}")
    said = closing_data().routes[found]
    say(f"→ {said.name.zh}：{said.about.zh}", f"→ {said.name.en}: {said.about.en}")
    return found
