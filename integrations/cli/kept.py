"""`compliance kept …`: what was kept long enough, and what becomes of it."""

from typing import Annotated

import typer

from integrations.cli.options import AsJson, Lang, day
from integrations.cli.output import present, print_json, say
from integrations.cli.session import opened

kept = typer.Typer(
    name="kept",
    help="保存期满：申请销毁或继续保存 / Kept long enough: destroy it, or keep it on with a reason",
    no_args_is_help=True,
)

Subject = Annotated[str, typer.Argument(help="编号 / number, e.g. IA-2026-0001")]


@kept.command("list")
def list_all(lang: Lang = None, as_json: AsJson = False) -> None:
    """保存期已满、等您处理的 / What has been kept long enough and waits for you"""
    from assistant.keeping.act import list_kept

    with opened() as (app, person):
        found = list_kept(app, person)
        spoken = lang or app.settings.language
    if as_json:
        print_json(found)
        return
    for one in found:
        more = "" if one.extendable else " *"
        typer.echo(f"{one.subject}  {one.day}  {one.count}  {one.name.pick(spoken)}{more}")
    if any(not one.extendable for one in found):
        say("* 法律规定应当删除，不能延长。", "* The law demands that it goes; it is not kept on.")
    if not found:
        say("没有保存期满待处理的。", "Nothing has been kept long enough.")


@kept.command("destroy")
def destroy(subject: Subject, lang: Lang = None, as_json: AsJson = False) -> None:
    """申请销毁；再申请一次还是同一张工单 / Request the destruction; once more is the same ticket"""
    from assistant.keeping.act import destroy_kept, read_kept
    from integrations.replies.keeping import kept_reply

    with opened() as (app, person):
        found = read_kept(app, person, subject)
        tickets = destroy_kept(app, person, subject)
        reply = kept_reply(found, lang or app.settings.language, tickets=tickets)
        present(reply, tuple(one.id for one in tickets), as_json=as_json)


@kept.command("extend")
def extend(
    subject: Subject,
    until: Annotated[str, typer.Option("--until", help="保存至 / until, e.g. 2031-12-31")],
    reason: Annotated[str, typer.Option("--reason", help="理由 / reason")],
) -> None:
    """写明理由继续保存到某天 / Keep it on until a day, for a reason"""
    from assistant.keeping.act import extend_kept

    with opened() as (app, person):
        last = day(until)
        assert last is not None, "the option is required"
        done = extend_kept(app, person, subject, last, reason=reason)
    say(f"{done.subject} 继续保存至 {done.day}。", f"{done.subject} is kept on until {done.day}.")
