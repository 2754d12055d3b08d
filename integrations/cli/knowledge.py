"""`compliance knowledge`: texts in, versions listed and compared, what a change touches."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsJson, Lang, choice, day
from integrations.cli.output import print_json
from integrations.cli.session import opened
from records.errors import BadInput

if TYPE_CHECKING:
    from knowledge.fetching import PinnedSource

knowledge = typer.Typer(
    name="knowledge", help="法规与制度的文本 / Texts of law and policy", no_args_is_help=True
)

_Name = Annotated[str | None, typer.Option("--name", help="全称 / full name")]
_Adopted = Annotated[str | None, typer.Option("--adopted", help="公布日 / day of adoption")]
_Effective = Annotated[str | None, typer.Option("--effective", help="施行日 / day of effect")]
_Level = Annotated[str | None, typer.Option("--level", help="law, regulation, rule, …")]
_Sha = Annotated[str | None, typer.Option("--sha256", help="网址须给出 / needed for a URL")]


@knowledge.command("import")
def import_(
    what: Annotated[list[str], typer.Argument(help="文件、文件夹或网址 / files, folders or a URL")],
    sha256: _Sha = None,
    name: _Name = None,
    adopted: _Adopted = None,
    effective: _Effective = None,
    level: _Level = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """导入官方文本 / Take in official texts: docx, doc, wps, pdf, html, md, txt"""
    from assistant.law.import_texts import import_texts, import_url
    from integrations.cli.law_terminal import show_import
    from integrations.cli.terminal import progress_bars
    from knowledge.levels import Level
    from knowledge.particulars import Given

    about: dict[str, object] = {
        "name": name,
        "adopted": day(adopted),
        "effective": day(effective),
        "level": None if level is None else choice(level, Level),
    }
    about = {key: value for key, value in about.items() if value is not None}
    with opened() as (app, person), progress_bars() as progress:
        if what[0].startswith(("http://", "https://")):
            if len(what) > 1 or not (sha256 and name and adopted):
                raise BadInput(
                    "网址一次一个，并须给出 --sha256、--name 和 --adopted。",
                    "One URL at a time, with --sha256, --name and --adopted.",
                )
            source = _pinned({**about, "url": what[0], "sha256": sha256.lower()})
            report = import_url(app, person, source, progress=progress)
        else:
            given = Given.model_validate(about)
            report = import_texts(
                app, person, [Path(one) for one in what], given=given, progress=progress
            )
    if as_json:
        print_json(report)
    else:
        show_import(report, lang or app.settings.language)
    if report.refused:
        raise typer.Exit(2)


def _pinned(values: dict[str, object]) -> "PinnedSource":
    from pydantic import ValidationError

    from knowledge.fetching import PinnedSource

    try:
        return PinnedSource.model_validate(values)
    except ValidationError as error:
        names = ", ".join(str(one["loc"][0]) for one in error.errors())
        raise BadInput(f"这些值不对：{names}。", f"Wrong values: {names}.") from None


@knowledge.command("sync")
def sync(
    sources: Annotated[
        Path | None, typer.Option("--sources", help="来源清单 / list of pinned sources (YAML)")
    ] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """按清单下载并核对公开文本 / Fetch the pinned public texts of a list"""
    from assistant.law.import_texts import sync_sources
    from integrations.cli.law_terminal import show_import
    from integrations.cli.terminal import progress_bars

    with opened() as (app, person), progress_bars() as progress:
        report = sync_sources(app, person, sources, progress=progress)
    if as_json:
        print_json(report)
    else:
        show_import(report, lang or app.settings.language)
    if report.refused:
        raise typer.Exit(2)


@knowledge.command("list")
def list_(
    everything: Annotated[
        bool, typer.Option("--all", help="每一部都列出 / every text by name")
    ] = False,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """列出已装入的、只知其名的、将施行的 / What is loaded, only known, or coming"""
    from assistant.law.law_changes import list_versions
    from integrations.cli.law_terminal import show_shelf

    with opened() as (app, person):
        shelf = list_versions(app, person)
        today = app.today()
    if as_json:
        print_json(shelf)
    else:
        show_shelf(shelf, lang or app.settings.language, today=today, everything=everything)


@knowledge.command("show")
def show(
    address: Annotated[str, typer.Argument(help="名称或条号 / a name, or an article")],
    as_of: Annotated[str | None, typer.Option("--as-of", help="YYYY-MM-DD")] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """查看一条，或一部法规的各个版本 / One article, or the versions of a text"""
    from assistant.law.law_changes import list_versions
    from assistant.law.read_law import read_address
    from integrations.cli.law_terminal import show_known, show_lookups, show_versions

    with opened() as (app, person):
        language = lang or app.settings.language
        found = read_address(app, person, address, as_of=day(as_of))
        today = day(as_of) or app.today()
        if found:
            print_json(found) if as_json else show_lookups(found, language, today=today)
            return
        shelf = list_versions(app, person, address)
        if not (shelf.versions or shelf.without_text or shelf.repeal):
            raise BadInput("没有这部法规或这一条。", "No such text or article.")
        if as_json:
            print_json(shelf)
        elif shelf.versions:
            show_versions(shelf, language, today=today)
        else:
            show_known(shelf, language)


@knowledge.command("diff")
def diff(
    old: Annotated[str, typer.Argument(help="旧版本、文件或名称 / version, file, or a name alone")],
    new: Annotated[str, typer.Argument(help="新版本或文件 / version or file")] = "",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """逐条比较两个版本 / Two versions, article by article"""
    _compared(old, new, lang, as_json=as_json, articles=True)


@knowledge.command("impact")
def impact(
    old: Annotated[
        str,
        typer.Argument(
            help="旧版本、文件或名称；不写即看近期的变化 / version, file or a name; none for what changes now"
        ),
    ] = "",
    new: Annotated[str, typer.Argument(help="新版本或文件 / version or file")] = "",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """变化涉及哪些义务、制度、预案 / What cites the articles that changed"""
    if old:
        _compared(old, new, lang, as_json=as_json, articles=False)
        return
    from assistant.law.law_changes import changes_now
    from integrations.cli.law_terminal import show_changes_now

    with opened() as (app, person):
        changes = changes_now(app, person)
    if as_json:
        print_json(changes)
    else:
        show_changes_now(changes, lang or app.settings.language)


def _compared(old: str, new: str, lang: Lang, *, as_json: bool, articles: bool) -> None:
    from assistant.law.law_changes import compare_files, compare_versions
    from integrations.cli.law_terminal import show_changes

    with opened() as (app, person):
        given = [Path(one) if one and Path(one).is_file() else one for one in (old, new)]
        if isinstance(given[0], Path) and not new:
            changes = compare_files(app, person, None, given[0])
        elif any(isinstance(one, Path) for one in given):
            changes = compare_files(app, person, *given)
        else:
            changes = compare_versions(app, person, old, new)
    if as_json:
        print_json(changes)
    else:
        show_changes(changes, lang or app.settings.language, articles=articles)


@knowledge.command("review")
def review(
    as_of: Annotated[str | None, typer.Option("--as-of", help="YYYY-MM-DD")] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """条文已变、需要复核的义务 / Duties whose articles changed since they were checked"""
    from assistant.law.law_changes import duties_to_review
    from integrations.cli.law_terminal import show_outdated

    wanted: date | None = day(as_of)
    with opened() as (app, person):
        found = duties_to_review(app, person, as_of=wanted)
    if as_json:
        print_json(found)
    else:
        show_outdated(found, lang or app.settings.language)


@knowledge.command("rebuild")
def rebuild() -> None:
    """重建检索索引 / Build the search index anew, the one before serving meanwhile"""
    from assistant.law.ingest_knowledge import rebuild_index
    from integrations.cli.terminal import progress_bars, show_ingest

    with opened() as (app, person), progress_bars() as progress:
        report = rebuild_index(app, person, progress=progress)
    show_ingest(report, app.settings.language)
