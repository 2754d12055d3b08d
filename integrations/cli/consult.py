"""`compliance search`, `check-citations`, `keep-until` and `redact-text`: one look, nothing kept."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsJson, day, facts_given, holder_type, record_kind
from integrations.cli.output import print_json, say
from integrations.cli.session import opened
from integrations.cli.terminal import show_reply
from records.language import Bilingual, Language

if TYPE_CHECKING:
    from knowledge.provisions import Provision

AsOf = Annotated[str | None, typer.Option("--as-of", help="按哪天的法律 / law of YYYY-MM-DD")]
TextOrDash = Annotated[str, typer.Argument(help="文字；- 为从标准输入读 / text, or - for stdin")]


def search(
    words: Annotated[str, typer.Argument(help="要找什么 / what to look for")],
    as_of: AsOf = None,
    limit: Annotated[int, typer.Option(help="几条 / how many")] = 8,
    as_json: AsJson = False,
) -> None:
    """找法条和公司制度的原文 / Find provisions of law and policy"""
    from assistant.law.search_texts import search_texts

    with opened() as (app, person):
        found = search_texts(app, person, words, as_of=day(as_of), limit=limit)
        language = app.settings.language
    if as_json:
        print_json(found)
        return
    for hit in found.hits:
        typer.echo(f"{_named(hit.provision, language)}\n{hit.provision.text}\n")
    if not found.hits:
        say(
            "没有找到。换个说法，或写明法规和条号。",
            "Nothing found. Put it otherwise, or name an article.",
        )


def _named(provision: "Provision", language: Language) -> str:
    """《个人信息保护法》第四十七条 · 法律 · 2021-11-01 起施行."""
    from integrations.replies.wording import headed
    from knowledge.provisions import DATE_NOT_CERTAIN

    named = headed(provision.instrument, provision.heading, language)
    parts = [named, provision.level.label.pick(language)]
    if provision.effective_from:
        since = Bilingual(
            f"{provision.effective_from} 起施行", f"in force since {provision.effective_from}"
        )
        parts.append(since.pick(language))
    if not provision.date_certain:
        parts.append(DATE_NOT_CERTAIN.pick(language))
    return " · ".join(parts)


def check_citations(text: TextOrDash, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """文字引用的条文在不在、有没有效、引文对不对 / Whether what a text cites and quotes is so

    有不对的以 1 结束。 / Ends with 1 where something is not.
    """
    from assistant.law.check_citations import check_citations as verb
    from integrations.replies.wording import article

    with opened() as (app, person):
        check = verb(app, person, _given(text), as_of=day(as_of))
        language = app.settings.language
    if as_json:
        print_json(check)
    else:
        for one in check.citations:
            sign = "✓" if one.provision else "✗"
            typer.echo(f"{sign} {article(one.address.instrument, one.address.article, language)}")
            for note in one.notes:
                typer.echo(f"  {note.pick(language)}")
        for quote in check.quotes:
            typer.echo(f"{'✓' if quote.found_in else '✗'} “{quote.words}”")
    if not check.holds:
        raise typer.Exit(1)


def keep_until(
    kind: Annotated[
        str, typer.Argument(help="资料种类，如 身份证件复印件、identity_copy / kind of record")
    ],
    holder: Annotated[
        str | None, typer.Option("--holder", help="单位类型，如 银行、一般公司 / kind of company")
    ] = None,
    fact: Annotated[
        list[str] | None,
        typer.Option(
            "--fact",
            "--date",
            help="relationship_ended=2021-06-30、accounting_attachment=yes / a day or a fact",
        ),
    ] = None,
    hold: Annotated[
        bool, typer.Option("--hold", help="正在接受检查或已被保全 / under inspection or on hold")
    ] = False,
    dispute: Annotated[
        bool, typer.Option("--dispute", help="有未了结的争议 / an open dispute or suit")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """一类资料能不能销毁、要保存到哪天 / Whether one kind of record may go, and until when it stays"""
    from assistant.destruction.decide_record import decide_record
    from integrations.replies.tickets import decision_reply
    from tickets.retention.facts import RecordFacts
    from tickets.retention.given import with_facts

    given = with_facts(RecordFacts(kind=record_kind(kind)), facts_given(fact or []))
    with opened() as (app, person):
        decided = decide_record(
            app,
            person,
            given.kind,
            holder=given.holder or holder_type(holder),
            dates=given.dates,
            hold=hold,
            dispute=dispute,
            flags=given.flags,
        )
        language = app.settings.language
    if as_json:
        print_json(decided)
    else:
        show_reply(decision_reply(decided, language))


def redact_text(
    text: TextOrDash,
    policy: Annotated[str, typer.Option(help="脱敏策略 / policy")] = "",
    as_json: AsJson = False,
) -> None:
    """一段文字脱敏，不保存 / Redact a text; nothing is kept"""
    from assistant.redaction.redact_text import redact_text as verb

    with opened() as (app, person):
        done = verb(app, person, _given(text), policy=policy)
    if as_json:
        print_json(done)
    else:
        typer.echo(done.text)


def _given(text: str) -> str:
    return sys.stdin.read() if text == "-" else text
