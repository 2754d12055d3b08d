"""`compliance ask`, `redact` and `ingest`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.options import AsJson, Lang, day
from integrations.cli.output import present
from integrations.cli.session import opened
from records.errors import NotFound


def ask(
    question: Annotated[
        str, typer.Argument(help="问题；- 表示从标准输入读 / - reads standard input")
    ],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="按哪一天的规定 / as of YYYY-MM-DD")
    ] = None,
    thread: Annotated[
        str, typer.Option("--thread", help="接着哪段对话问 / the conversation to go on with")
    ] = "",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """提问，得到带条文的回答 / Ask; get an answer with the article

    需要补充事实时会反问；用同一个 --thread 接着回答。 / It may ask back; answer with the same --thread.
    """
    from assistant.ask import ask as verb
    from integrations.replies import answer_reply

    text = sys.stdin.read() if question == "-" else question
    with opened() as (app, person):
        conversation = f"cli:{person.id}:{thread}" if thread else ""
        answer = verb(app, person, text, as_of=day(as_of), language=lang, thread=conversation)
    present(answer_reply(answer), answer, as_json=as_json)


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
    from integrations.cli.redact_files import redact_paths

    with opened() as (app, person):
        language = lang or app.settings.language
        failed = redact_paths(
            app, person, files, out=out, policy=policy, language=language, as_json=as_json
        )
    if failed:
        raise typer.Exit(2)


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
    from integrations.cli.terminal import progress_bars, show_ingest

    for folder in (policies, regulations):
        if folder is not None and not folder.is_dir():
            raise NotFound("没有这个文件夹。请核对路径。", "No such folder. Please check the path.")
    with opened() as (app, person), progress_bars() as progress:
        report = ingest_knowledge(
            app, person, policies=policies, regulations=regulations, progress=progress
        )
    show_ingest(report, app.settings.language)
