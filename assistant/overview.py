"""What is set up, what is missing, what is running: the home page and `compliance status`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.app import App
from assistant.law.coming_laws import coming_of_ours
from assistant.law.read_law import readable
from knowledge.checked import outdated
from knowledge.loaded import SOON
from knowledge.provisions import DATE_NOT_CERTAIN
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission, allowed
from tickets.ticket import Ticket

if TYPE_CHECKING:
    from assistant.closing.close_company import ListedProject
    from assistant.registers.read_registers import Listed


@dataclass(frozen=True, slots=True)
class Line:
    """One part of the product: ready or not, in a sentence."""

    ready: bool
    text: Bilingual


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of everything, and the tickets this person may see."""

    counts: dict[str, int]
    tickets: tuple[Ticket, ...]
    lines: tuple[Line, ...]
    closings: tuple["ListedProject", ...] = ()
    """Closing projects under way, where this person may see them."""


def overview(app: App, person: Person) -> Overview:
    """The state of the parts and this person's open tickets. Raises NotPermitted."""
    from assistant.closing.close_company import under_way
    from assistant.registers.read_registers import listed
    from assistant.tickets_view import visible_tickets

    app.authorise(person, Permission.TICKET_LIST)
    counts = app.library.counts(readable(person))
    with app.database.reading() as session:
        tickets = visible_tickets(app, session, person)
        entries = listed(app, session, person, app.kinds.values())
        closings = under_way(app, session) if allowed(person, Permission.CLOSING_READ) else ()
    lines = (
        *(_library(counts), _policy(counts), *_reminders(app, person)),
        *(_model(app), _slack(app), *_feishu(app), _tickets(tickets)),
        *_registers(entries),
    )
    app.record(person, "overview:read", "overview", {"tickets": len(tickets)})
    return Overview(counts, tuple(tickets), lines, closings)


def _library(counts: dict[str, int]) -> Line:
    if not counts["provisions"]:
        return Line(
            False,
            Bilingual(
                "知识库还没有建立：运行 compliance ingest",
                "The knowledge base is not built yet: run compliance ingest",
            ),
        )
    return Line(
        True,
        Bilingual(
            f"知识库：{counts['instruments']} 部法律法规，{counts['provisions']} 条，"
            f"{counts['duties']} 项义务",
            f"Knowledge: {counts['instruments']} instruments, {counts['provisions']} provisions, "
            f"{counts['duties']} duties",
        ),
    )


def _policy(counts: dict[str, int]) -> Line:
    if not counts["policy_sections"]:
        return Line(
            False,
            Bilingual(
                "公司制度还没有装入：compliance ingest --policies 文件夹",
                "No company policy yet: compliance ingest --policies FOLDER",
            ),
        )
    return Line(
        True,
        Bilingual(
            f"公司制度：{counts['policies']} 份，{counts['policy_sections']} 节",
            f"Company policy: {counts['policies']} documents, {counts['policy_sections']} sections",
        ),
    )


def _reminders(app: App, person: Person) -> Iterator[Line]:
    """What takes effect soon with the duties it changes, and policies overdue for review."""
    seen, today = readable(person), app.today()
    versions = [one for one in app.library.loaded() if one.audience in seen]
    for one in coming_of_ours(versions, today=today, within=SOON):
        with app.database.reading() as session:
            later = outdated(session, app.library.duties, as_of=one.effective_from)
        duties = "、".join(dict.fromkeys(o.duty.id for o in later if o.instrument == one.name))
        yield Line(
            True,
            Bilingual(
                f"还有 {one.days} 天：{one.name} {one.effective_from} 起施行"
                + ("" if one.date_certain else f"（{DATE_NOT_CERTAIN.zh}）")
                + (f"，请复核 {duties}" if duties else ""),
                f"In {one.days} days ({one.effective_from}): {one.name} takes effect"
                + ("" if one.date_certain else f" ({DATE_NOT_CERTAIN.en})")
                + (f"; review {duties}" if duties else ""),
            ),
        )
    for late in (version for version in versions if version.review_is_overdue(today)):
        yield Line(
            False,
            Bilingual(
                f"制度复审已过期：{late.name}（{late.review_by}）",
                f"Policy overdue for review: {late.name} ({late.review_by})",
            ),
        )


def _model(app: App) -> Line:
    if app.model is None:
        return Line(
            True,
            Bilingual(
                "语言模型：未配置，由规则作答（功能完整）",
                "Language model: none; the rules answer (nothing is missing)",
            ),
        )
    return Line(True, Bilingual(f"语言模型：{app.model.name}", f"Language model: {app.model.name}"))


def _slack(app: App) -> Line:
    if not (app.settings.slack_bot_token or app.settings.slack_client_id):
        return Line(
            False,
            Bilingual("Slack：未配置，见 docs/slack.md", "Slack: not set up, see docs/slack.md"),
        )
    return Line(True, Bilingual("Slack：已配置", "Slack: set up"))


def _feishu(app: App) -> Iterator[Line]:
    if app.settings.has_feishu:
        yield Line(True, Bilingual("飞书：已配置", "Feishu: set up"))


def _registers(entries: Sequence["Listed"]) -> Iterator[Line]:
    """What of the registers this person sees is open, and what of it is overdue."""
    waiting, overdue = sum(not one.closed for one in entries), sum(one.overdue for one in entries)
    if entries:
        yield Line(
            not overdue,
            Bilingual(
                f"台账：未办结 {waiting} 条，逾期 {overdue} 条",
                f"Registers: {waiting} open, {overdue} overdue",
            ),
        )


def _tickets(tickets: list[Ticket]) -> Line:
    number = len(tickets)
    return Line(True, Bilingual(f"工单：您能看到 {number} 张", f"Tickets: you can see {number}"))
