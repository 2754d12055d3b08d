"""`compliance review`, `rules` and `evals`: decisions about texts, and what they leave."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.options import AsJson, Lang, choice, day
from integrations.cli.output import print_json
from integrations.cli.persons import add_feedback
from integrations.cli.session import opened

rules = typer.Typer(name="rules", help="脱敏规则 / Redaction rules", no_args_is_help=True)

evals = typer.Typer(name="evals", help="评测 / Evals", no_args_is_help=True)


def review(
    file: Annotated[Path, typer.Argument(help="要审核的文件 / the file to review")],
    out: Annotated[
        Path | None, typer.Option("--out", help="放结果的文件夹 / folder for the result")
    ] = None,
    policy: Annotated[str, typer.Option("--policy", help="脱敏策略 / redaction policy")] = "",
    case: Annotated[str, typer.Option("--case", help="案卷 / case")] = "",
    client: Annotated[
        str, typer.Option("--client", help="新案卷属于哪个客户 / client of a new case")
    ] = "",
    password_file: Annotated[
        Path | None,
        typer.Option("--password-file", help="密码文件，每行一个 / passwords, one a line"),
    ] = None,
    lang: Lang = None,
) -> None:
    """逐处审核一个文件，再脱敏放行 / Decide about each text of a file, then redact it"""
    from assistant.redaction.redact_file import Wish
    from integrations.cli.redact_files import passwords_in, read_untrusted, write_result
    from integrations.cli.review_file import review_on_terminal

    passwords = passwords_in(password_file) if password_file else ()
    wish = Wish(policy, case, client, passwords=passwords)
    with opened() as (app, person):
        language = lang or app.settings.language
        data = read_untrusted(file)
        done = review_on_terminal(app, person, data, file.name, wish, language=language)
        if done is None:
            raise typer.Exit(1)
        typer.echo(str(write_result(done, out or file.parent)))


@evals.command("add-cases")
def add_cases(
    suite: Annotated[Path, typer.Argument(help="评测集文件 / suite file, YAML")],
) -> None:
    """把审核留下的样例并入评测集，不含任何真实信息 / Add what reviews left to a suite; no real data in it"""
    from assistant.redaction.eval_cases import add_eval_cases

    with opened() as (app, person):
        added = add_eval_cases(app, person, suite)
    typer.echo(f"+{added}")


evals.command("add-feedback")(add_feedback)


@rules.command("list")
def list_all(lang: Lang = None, as_json: AsJson = False) -> None:
    """列出生效的规则 / List the rules in force"""
    from assistant.redaction.manage_rules import list_rules
    from integrations.cli.terminal import show_rules

    with opened() as (app, person):
        found = list_rules(app, person)
        if as_json:
            print_json(found)
        else:
            show_rules(found, lang or app.settings.language)


@rules.command("add")
def add(
    effect: Annotated[str, typer.Argument(help="allow 放行 / deny 必遮")],
    kind: Annotated[str, typer.Argument(help="种类 / kind, e.g. person_name, landline")],
    reason: Annotated[str, typer.Option("--reason", help="理由 / why")],
    after: Annotated[
        list[str] | None, typer.Option("--after", help="仅在这些字之后 / only after these words")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="有效至 / until YYYY-MM-DD")] = None,
) -> None:
    """添加规则；文本从标准输入读，不留在命令历史里 / Add a rule; its text is asked for, not typed as argument"""
    from assistant.redaction.manage_rules import add_rule
    from pii.kinds import Kind
    from pii.rules import Effect

    text = typer.prompt("文本 / text", err=True).strip()
    with opened() as (app, person):
        rule_id = add_rule(
            app,
            person,
            effect=choice(effect, Effect),
            kind=choice(kind, Kind),
            text=text,
            reason=reason,
            after=tuple(after or ()),
            until=day(until),
        )
    typer.echo(rule_id)


@rules.command("withdraw")
def withdraw(
    rule_id: Annotated[str, typer.Argument(help="规则编号 / number of the rule")],
) -> None:
    """撤销规则，其文本一并删除 / Withdraw a rule; its text is erased"""
    from assistant.redaction.manage_rules import withdraw_rule

    with opened() as (app, person):
        withdraw_rule(app, person, rule_id)


@rules.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="公开信息清单 / the allow list")],
) -> None:
    """检查公开信息清单写得对不对 / Check that an allow list is well written"""
    from pii.allow_list import read_allow_list

    entries = read_allow_list(file).entries
    typer.echo(f"ok: {len(entries)}")
