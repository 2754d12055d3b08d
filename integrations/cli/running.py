"""`compliance status`, `doctor`, `serve`, `worker`, `mcp` and `demo`."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.options import AsJson, Lang
from integrations.cli.output import print_json
from integrations.cli.session import opened


def status(as_json: AsJson = False) -> None:
    """装好了什么，还缺什么 / What is set up, and what is missing"""
    from assistant.overview import overview
    from integrations.cli.terminal import show_overview

    with opened() as (app, person):
        view = overview(app, person)
    if as_json:
        print_json(view)
    else:
        show_overview(view, app.settings.language)


def todo(lang: Lang = None, as_json: AsJson = False) -> None:
    """等我办的事：时限、审批、步骤、答复、考试 / What waits for me: clocks, approvals, steps, exams"""
    from assistant.my_work import my_work
    from integrations.cli.terminal_records import show_waiting
    from integrations.replies.waiting import waiting

    with opened() as (app, person):
        found = waiting(my_work(app, person))
        if as_json:
            print_json(found)
        else:
            show_waiting(found, lang or app.settings.language, now=app.clock())


def doctor(
    model: Annotated[
        bool, typer.Option("--model", help="问模型一个词，看通不通 / ask the model for one word")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """配置了什么，缺什么，怎样更好 / What is configured, what is missing, what would be better

    缺东西时以 1 结束。 / Ends with 1 where something is missing.
    """
    from assistant.operations.check_setup import check_setup
    from assistant.operations.setup_part import State
    from integrations.cli.terminal import show_setup

    with opened() as (app, person):
        parts = check_setup(app, person, ask_model=model)
    if as_json:
        print_json(parts)
    else:
        show_setup(parts, app.settings.language)
    if any(part.state is State.MISSING for part in parts):
        raise typer.Exit(1)


def quality(as_json: AsJson = False) -> None:
    """提问、评价、转人工逐周的数字，本版本的测评 / Questions week by week, and what was measured"""
    from assistant.questions.read_quality import read_quality
    from integrations.cli.terminal_records import show_quality

    with opened() as (app, person):
        found = read_quality(app, person)
    if as_json:
        print_json(found)
    else:
        show_quality(found, app.settings.language)


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址 / address")] = None,
    port: Annotated[int | None, typer.Option(help="端口 / port")] = None,
) -> None:
    """启动网页与接口；配置了 Slack 时一并启动 / Serve the pages, the API and, if configured, Slack"""
    from integrations.service import serve as run

    with opened() as (app, person):
        run(app, person, host=host or app.settings.host, port=port or app.settings.port)


def worker() -> None:
    """多开一个后台进程：只做任务、整理和提醒，不开网页 / One more process for jobs, without pages

    PostgreSQL 下可在多台机器上开任意多个。 / With PostgreSQL: any number, on any number of hosts.
    """
    from integrations.service import work

    with opened() as (app, _person):
        work(app)


def mcp() -> None:
    """给其他智能助手用的 MCP 服务（标准输入输出） / Serve other assistants over MCP (stdio)

    以本机账号的身份和权限工作，见 docs/mcp.md。 / Acts as this account; see docs/mcp.md.
    """
    from integrations.mcp_server import serve_mcp

    with opened() as (app, person):
        serve_mcp(app, person)


def demo(
    examples: Annotated[Path, typer.Option(help="示例文件夹 / folder of the examples")] = Path(
        "examples"
    ),
    then_serve: Annotated[bool, typer.Option("--serve", help="之后启动网页 / then serve")] = False,
) -> None:
    """用示例把主要工作走一遍 / Run the main job on the examples"""
    from integrations.cli.demo import run_demo
    from integrations.service import serve as run

    with opened() as (app, person):
        run_demo(app, person, examples)
        if then_serve:
            run(app, person, host=app.settings.host, port=app.settings.port)
