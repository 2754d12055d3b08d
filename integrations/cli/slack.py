"""`compliance slack`: start the bot, make its manifest, install it into a further workspace."""

from typing import Annotated

import typer

from integrations.cli.options import AsJson
from integrations.cli.output import print_json
from integrations.cli.session import opened

slack = typer.Typer(name="slack", help="Slack：启动、清单、安装 / Slack: start, manifest, install")


@slack.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    socket: Annotated[
        bool,
        typer.Option("--socket", help="用 Socket Mode，无需公网地址 / no public address needed"),
    ] = False,
) -> None:
    """启动 Slack 机器人 / Start the Slack bot"""
    if context.invoked_subcommand is not None:
        return
    from integrations.service import serve, serve_socket_mode

    with opened() as (app, person):
        if socket:
            serve_socket_mode(app)
        else:
            serve(app, person, host=app.settings.host, port=app.settings.port, need_slack=True)


@slack.command()
def manifest(
    url: Annotated[
        str, typer.Option(help="Slack 能访问到的 https 地址 / the https address Slack reaches")
    ] = "",
    socket: Annotated[
        bool, typer.Option("--socket", help="用 Socket Mode，不需要地址 / no address needed")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """打印应用清单，粘贴到 api.slack.com/apps / Print the app's manifest, to paste there"""
    from assistant.settings import Settings
    from integrations.slack import manifest as made

    settings = Settings()
    address = url or settings.slack_public_url or made.EXAMPLE_URL
    found = made.manifest(address, socket=socket, groups=bool(settings.slack_roles))
    if as_json:
        print_json(found)
    else:
        typer.echo(made.as_yaml(found))


@slack.command()
def install(as_json: AsJson = False) -> None:
    """打印一次性安装链接（10 分钟内有效） / Print a link to install it, good once for ten minutes"""
    from integrations.slack.oauth import consent_url

    with opened() as (app, person):
        link = consent_url(app, person)
    if as_json:
        print_json({"link": link})
    else:
        typer.echo(link)
