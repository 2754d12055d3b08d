"""`compliance close …`: the clients of a closing project, decided many at once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.closing import Number, close
from integrations.cli.options import AsJson, DryRun, Lang, choice, holder_type, record_kind
from integrations.cli.output import print_json, say
from integrations.cli.session import opened

if TYPE_CHECKING:
    from assistant.closing.decide_closing import Decided
    from tickets.closing.records import Filter

__all__ = ["close"]

Kind = Annotated[str | None, typer.Option("--kind", help="资料种类 / record kind: contract …")]
Status = Annotated[str | None, typer.Option("--status", help="保存结论 / not_yet, must_delete …")]
Fate = Annotated[str | None, typer.Option("--fate", help="transfer, return, destroy, keep")]
Client = Annotated[str | None, typer.Option("--client", help="客户编号 / C-00042")]
Notice = Annotated[str | None, typer.Option("--notice", help="通知状态 / sent, failed …")]
Undecided = Annotated[bool, typer.Option("--undecided", help="尚未决定的 / not decided yet")]
Sensitive = Annotated[bool | None, typer.Option(help="敏感 / sensitive")]


@close.command("import")
def import_table(
    number: Number,
    table: Annotated[Path, typer.Argument(help="客户表 csv 或 xlsx / table of clients")],
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="表里没有资料种类时 / kinds for every row")
    ] = None,
    holder: Annotated[str | None, typer.Option("--holder", help="company, financial …")] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="跳过有误的行 / skip bad rows")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """导入客户表：要么全部，要么一行也不 / Take in a table of clients: all of it or nothing"""
    from assistant.closing.client_table import import_clients
    from integrations.cli.redact_files import read_untrusted

    with opened() as (app, person):
        done = import_clients(
            app, person, number, read_untrusted(table), table.name,
            kinds=[record_kind(one) for one in kind or []], holder=holder_type(holder),
            skip_bad=skip_bad, dry_run=dry_run,
        )  # fmt: skip
    if as_json:
        print_json(done)
        return
    would = ("将", "would be: ") if dry_run else ("", "")
    say(
        f"{would[0]}导入 {done.clients} 位新客户、{done.records} 份资料；已有 {done.known} 份，"
        f"{done.replaced} 组有更正，{len(done.errors)} 行有误。",
        f"{would[1]}{done.clients} new clients, {done.records} records; {done.known} known, "
        f"{done.replaced} corrected, {len(done.errors)} bad rows.",
    )
    if done.renewed:
        say(f"{done.renewed} 位客户的名称或联系方式有更正。", f"{done.renewed} clients corrected.")
    if done.unread:
        say(
            f"没有读取的列：{'、'.join(done.unread)}。",
            f"Columns not taken in: {', '.join(done.unread)}.",
        )
    for rows, said in done.faults[:20]:
        typer.echo(f"  {rows}: {said.zh} / {said.en}")


@close.command("inventory")
def inventory(
    number: Number,
    scan: Annotated[
        str,
        typer.Argument(
            help="清点编号，省略为最近一次 / number of a scan, S-…; the last if left out"
        ),
    ] = "",
) -> None:
    """把 compliance scan 的结果并入项目 / Join an inventory to the clients"""
    from assistant.closing.client_table import link_inventory
    from assistant.redaction.scan_folder import list_scans

    with opened() as (app, person):
        scan = scan or next((one.scan_id for one in list_scans(app, person)), "")
        linked = link_inventory(app, person, number, scan)
    say(
        f"{scan}：{linked.files} 个文件，{linked.unassigned} 个不能确定属于哪位客户。",
        f"{scan}: {linked.files} files, {linked.unassigned} not certainly any client's.",
    )


@close.command("clients")
def clients(
    number: Number,
    kind: Kind = None,
    status: Status = None,
    fate: Fate = None,
    undecided: Undecided = False,
    client: Client = None,
    notice: Notice = None,
    sensitive: Sensitive = None,
    page: Annotated[int, typer.Option(min=1, help="页 / page")] = 1,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """逐户逐类：保存结论和决定 / Clients and records: retention and decision"""
    from assistant.closing.client_table import list_closing_records
    from integrations.cli.terminal_closing import show_records

    wanted = _filter(kind, status, fate, undecided, client, notice, sensitive)
    with opened() as (app, person):
        found = list_closing_records(app, person, number, wanted, page=page)
        if as_json:
            print_json(found)
        else:
            show_records(found, lang or app.settings.language)


@close.command("decide")
def decide(
    number: Number,
    decision: Annotated[str, typer.Argument(help="transfer, return, destroy, keep")],
    kind: Kind = None,
    status: Status = None,
    fate: Fate = None,
    undecided: Undecided = False,
    client: Client = None,
    sensitive: Sensitive = None,
    who: Annotated[str, typer.Option("--to", help="接收方或保管人 / recipient or custodian")] = "",
    contact: Annotated[str, typer.Option(help="其联系方式 / how to reach them")] = "",
    reason: Annotated[str, typer.Option(help="理由 / reason")] = "",
    lawful_only: Annotated[
        bool, typer.Option("--lawful-only", help="不合法的留着不动 / leave the others open")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """一次决定一批；违反保存期限的会被拒绝 / Decide many at once; what breaks a period is refused"""
    from assistant.closing.decide_closing import decide_closing
    from tickets.closing.decisions import Fate as Fates

    wanted = _filter(kind, status, fate, undecided, client, None, sensitive)
    with opened() as (app, person):
        done = decide_closing(
            app, person, number, wanted, fate=choice(decision, Fates), somebody=who,
            contact=contact, reason=reason, lawful_only=lawful_only, dry_run=dry_run,
        )  # fmt: skip
    if as_json:
        print_json(done)
    else:
        _decided(done)


@close.command("settle")
def settle(
    number: Number,
    fate: Annotated[str, typer.Argument(help="transfer, return, keep")],
    note: Annotated[str, typer.Option(help="凭据，如交接单编号 / proof, e.g. number of a list")],
    kind: Kind = None,
    client: Client = None,
) -> None:
    """登记已移交、已返还、已交保管 / Records handed over, returned, in custody"""
    from assistant.closing.decide_closing import settle_closing

    wanted = _filter(kind, None, fate, False, client, None, None)
    with opened() as (app, person):
        done = settle_closing(app, person, number, wanted, note=note)
    say(f"{done} 份办结。", f"{done} records settled.")


@close.command("notices")
def notices(
    number: Number,
    state: Annotated[str, typer.Argument(help="drafted approved sent delivered failed not_needed")],
    reference: Annotated[str, typer.Option(help="批次、单号或理由 / batch, number or reason")],
    kind: Kind = None,
    fate: Fate = None,
    client: Client = None,
    notice: Notice = None,
) -> None:
    """登记通知结果 / Put on record what became of notices"""
    from assistant.closing.notices import record_closing_notices

    wanted = _filter(kind, None, fate, False, client, notice, None)
    with opened() as (app, person):
        done = record_closing_notices(app, person, number, wanted, state=state, reference=reference)
    say(f"{done} 位客户。", f"{done} clients.")


@close.command("notify")
def notify(
    number: Number,
    kind_of_notice: Annotated[str, typer.Argument(help="destruction, transfer, particulars")],
    kind: Kind = None,
    fate: Fate = None,
    client: Client = None,
    notice: Notice = None,
) -> None:
    """为筛选出的客户起草一份通知，随后两人批准、发送 / Draft one notice to the clients of a filter"""
    from assistant.closing.notices import write_closing_notice
    from tickets.notices.data import NoticeKind

    wanted = _filter(kind, None, fate, False, client, notice, None)
    with opened() as (app, person):
        made = write_closing_notice(
            app, person, number, wanted, kind=choice(kind_of_notice, NoticeKind)
        )
    say(
        f"通知 {made.number}：{made.clients} 位客户；{len(made.unreachable)} 位没有邮箱或地址。",
        f"Notice {made.number}: {made.clients} clients; {len(made.unreachable)} cannot be reached.",
    )
    for code in made.unreachable[:20]:
        typer.echo(f"  {code}")
    say(
        f"下一步：compliance notice revise {made.number} --set …，再由两人批准、发送。",
        f"Next: compliance notice revise {made.number} --set …, then two approve and it is sent.",
    )


@close.command("destroy")
def destroy(number: Number, dry_run: DryRun = False) -> None:
    """为决定销毁的资料开工单，同类合并 / Open tickets for what is to be destroyed, a kind in one"""
    from assistant.closing.decide_closing import request_closing_destruction

    with opened() as (app, person):
        made = request_closing_destruction(app, person, number, dry_run=dry_run)
    for ticket, kind, count in made.tickets:
        typer.echo(f"{ticket or '(dry run)'}\t{kind.zh} {kind.en}\t{count}")
    say(f"{len(made.tickets)} 张工单。", f"{len(made.tickets)} tickets.")


def _filter(
    kind: str | None,
    status: str | None,
    fate: str | None,
    undecided: bool,
    client: str | None,
    notice: str | None,
    sensitive: bool | None,
) -> "Filter":
    from integrations.closing_filter import closing_filter

    return closing_filter(
        kind=kind, status=status, fate=fate, undecided=undecided, client=client, notice=notice,
        sensitive=sensitive,
    )  # fmt: skip


def _decided(done: "Decided") -> None:
    if done.dry_run:
        say(
            f"共 {done.records} 份，其中 {done.refused} 份不能这样决定。没有改动。",
            f"{done.records} records, {done.refused} of which may not be decided so. Nothing changed.",
        )
    else:
        left = (
            (f"，{done.refused} 份留待另行决定", f", {done.refused} left open")
            if done.refused
            else ("", "")
        )
        say(f"已决定 {done.records} 份{left[0]}。", f"{done.records} records decided{left[1]}.")
    for count, said in done.reasons[:10]:
        typer.echo(f"  {count}: {said.zh} {said.en}")
