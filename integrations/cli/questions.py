"""`compliance ask`, `redact` and `ingest`."""

import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsJson, Lang, day, holder_type
from integrations.cli.session import opened
from records.errors import BadInput, NotFound
from records.language import Language

if TYPE_CHECKING:
    from assistant.app import App
    from records.people import Person


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

    需要补充事实时会反问：终端里当场选，否则用同一个 --thread 接着回答。
    / It may ask back: choose at once at a terminal, or answer with the same --thread.
    """
    from integrations.cli.conversation import converse

    text = sys.stdin.read() if question == "-" else question
    at_terminal = not as_json and sys.stdin.isatty() and sys.stdout.isatty()
    with opened() as (app, person):
        # At a terminal what is asked back is answered at once, which needs a conversation.
        name = thread or (secrets.token_hex(8) if at_terminal else "")
        converse(
            app,
            person,
            text,
            as_of=day(as_of),
            language=lang,
            thread=f"cli:{person.id}:{name}" if name else "",
            at_terminal=at_terminal,
            as_json=as_json,
        )


def redact(
    files: Annotated[
        list[str] | None,
        typer.Argument(help="要脱敏的文件，或一个文件夹 / files to redact, or one folder"),
    ] = None,
    out: Annotated[
        str, typer.Option("--out", help="放结果的文件夹，或 s3://… / folder for results, or s3://…")
    ] = "",
    policy: Annotated[str, typer.Option("--policy", help="脱敏策略 / redaction policy")] = "",
    policies: Annotated[
        bool, typer.Option("--policies", help="列出各策略怎样处理 / list what each policy does")
    ] = False,
    case: Annotated[
        str,
        typer.Option("--case", help="案卷：代称跨文件、跨次一致 / case: stand-ins stay the same"),
    ] = "",
    client: Annotated[
        str, typer.Option("--client", help="新案卷属于哪个客户 / client of a new case")
    ] = "",
    subject: Annotated[
        list[str] | None,
        typer.Option(
            "--subject", help="本人的姓名、号码等，可多个 / values of the person concerned"
        ),
    ] = None,
    ask_password: Annotated[
        bool,
        typer.Option(
            "--password", help="询问加密文件的打开密码 / ask for the password of encrypted files"
        ),
    ] = False,
    password_file: Annotated[
        Path | None,
        typer.Option("--password-file", help="密码文件，每行一个 / passwords, one a line"),
    ] = None,
    rasterise: Annotated[
        bool, typer.Option("--rasterise", help="PDF 各页转为图像 / pages of a PDF as pictures")
    ] = False,
    ocr_check: Annotated[
        bool,
        typer.Option("--ocr-check", help="PDF 复核时再识别一遍 / recognise the copy's pages again"),
    ] = False,
    engine: Annotated[
        str,
        typer.Option(
            "--engine", help="整个文件夹：local 或 ray / for a whole folder: local or ray"
        ),
    ] = "local",
    workers: Annotated[
        int,
        typer.Option(
            "--workers", min=0, max=4096, help="整个文件夹：进程数 / for a folder: processes"
        ),
    ] = 0,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """脱敏文件：同格式副本加报告 / Redact files: a copy in the same format, and a report"""
    from assistant.redaction.redact_file import Wish
    from integrations.cli.redact_bulk import show_bulk
    from integrations.cli.redact_files import passwords_in, redact_paths
    from pii.formats.opening import PageWishes

    # Asked for, not given as an argument: arguments are seen by everybody on the machine.
    words: tuple[str, ...] = ()
    if ask_password:
        words = (typer.prompt("密码 / Password", hide_input=True, err=True),)
    words += passwords_in(password_file) if password_file else ()
    with opened() as (app, person):
        language = lang or app.settings.language
        if policies:
            _show_policies(app, person, language, as_json=as_json)
            return
        if not files:
            raise NotFound("请写明要脱敏的文件。", "Name the files to redact.")
        if len(files) == 1 and ("://" in files[0] or Path(files[0]).is_dir()):
            if case or client or subject or words:
                raise BadInput(
                    "整个文件夹不能带案卷、本人或密码；请逐个文件处理。",
                    "A whole folder takes no case, person or password; name its files.",
                )
            show_bulk(
                app, person, files[0], out, policy, engine, workers, language, as_json=as_json
            )
            return
        wish = Wish(
            policy, case, client, tuple(subject or ()), words, PageWishes(rasterise, ocr_check)
        )
        failed = redact_paths(
            app,
            person,
            [Path(one) for one in files],
            out=Path(out) if out else None,
            wish=wish,
            language=language,
            as_json=as_json,
        )
    if failed:
        raise typer.Exit(2)


def _show_policies(app: "App", person: "Person", language: Language, *, as_json: bool) -> None:
    from assistant.redaction.list_policies import list_policies
    from integrations.cli.output import print_json
    from integrations.cli.vault_tables import show_policies

    listed = list_policies(app, person)
    if as_json:
        print_json(listed)
    else:
        show_policies(listed, language)


def ingest(
    policies: Annotated[
        Path | None, typer.Option("--policies", help="公司制度文件夹 / folder of company policy")
    ] = None,
    regulations: Annotated[
        Path | None, typer.Option("--regulations", help="法规文件夹 / folder of official texts")
    ] = None,
    holder: Annotated[
        str | None,
        typer.Option(
            "--holder", help="公司是哪类单位，说一次就记住 / what kind of company, kept from now on"
        ),
    ] = None,
) -> None:
    """装入法律、义务和公司制度 / Take in laws, duties and company policy"""
    from assistant.law.ingest_knowledge import ingest_knowledge
    from integrations.cli.terminal import progress_bars, show_ingest

    for folder in (policies, regulations):
        if folder is not None and not folder.is_dir():
            raise NotFound("没有这个文件夹。请核对路径。", "No such folder. Please check the path.")
    with opened() as (app, person), progress_bars() as progress:
        report = ingest_knowledge(
            app,
            person,
            policies=policies,
            regulations=regulations,
            holder=holder_type(holder),
            progress=progress,
        )
    show_ingest(report, app.settings.language)
    if report.skipped:
        raise typer.Exit(2)
