"""The navigation: a few groups, and the pages of the one you are in that you may see."""

from collections.abc import Iterator
from dataclasses import dataclass

from records.language import Bilingual
from records.people import Person
from records.permissions import Permission, allowed


@dataclass(frozen=True, slots=True)
class Entry:
    """A page, its name, who may see it, and the addresses that belong to it besides its own."""

    href: str
    name: Bilingual
    needs: Permission | None = None
    also: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether an address belongs to this page."""
        return any(path == one or path.startswith(f"{one}/") for one in (self.href, *self.also))


@dataclass(frozen=True, slots=True)
class Group:
    """Pages for one kind of work."""

    name: Bilingual
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link as one person sees it, and whether they are there."""

    href: str
    name: Bilingual
    here: bool


GROUPS = (
    Group(Bilingual("概览", "Overview"), (Entry("/", Bilingual("概览", "Overview")),)),
    Group(
        Bilingual("问答", "Questions"),
        (
            Entry("/ask", Bilingual("提问", "Ask"), also=("/answers",)),
            Entry("/questions", Bilingual("问负责人", "Ask a person"), also=("/approved",)),
        ),
    ),
    Group(
        Bilingual("文件", "Files"),
        (
            Entry("/redact", Bilingual("文件脱敏", "Redact"), also=("/redacted", "/reviews")),
            Entry("/scans", Bilingual("文件清点", "Inventories"), Permission.FILE_SCAN),
            Entry("/vault", Bilingual("保险库", "Vault"), Permission.VAULT_READ),
            Entry("/rules", Bilingual("脱敏规则", "Rules"), Permission.RULE_MANAGE),
        ),
    ),
    Group(
        Bilingual("工单与台账", "Tickets & registers"),
        (
            Entry(
                "/tickets",
                Bilingual("工单", "Tickets"),
                also=("/incidents", "/destructions", "/drills"),
            ),
            Entry("/registers", Bilingual("台账", "Registers")),
            Entry("/kept", Bilingual("保存期满", "Kept long enough")),
            Entry("/notices", Bilingual("客户通知", "Notices"), Permission.NOTICE_READ),
            Entry("/closing", Bilingual("注销项目", "Closing"), Permission.CLOSING_READ),
            Entry(
                "/register", Bilingual("销毁登记簿", "Destructions"), Permission.DESTRUCTION_READ
            ),
        ),
    ),
    Group(
        Bilingual("法规与制度", "Law & policy"),
        (Entry("/law", Bilingual("法规与制度", "Law & policy"), also=("/law-changes",)),),
    ),
    Group(Bilingual("培训", "Training"), (Entry("/training", Bilingual("培训", "Training")),)),
    Group(
        Bilingual("管理", "Administration"),
        (
            Entry("/people", Bilingual("人员", "People"), Permission.PEOPLE_MANAGE),
            Entry("/quality", Bilingual("答复质量", "Quality"), Permission.FEEDBACK_READ),
            Entry("/audit", Bilingual("操作日志", "Audit log"), Permission.AUDIT_READ),
            Entry("/setup", Bilingual("配置检查", "Set-up"), Permission.SETUP_CHECK),
        ),
    ),
)


def navigation(person: Person | None, path: str) -> tuple[list[Link], list[Link]]:
    """The groups this person sees, each leading to its first page; the pages of the one they are in.

    A group of a single page shows no second row.
    """
    if person is None:
        return [], []
    groups, pages = [], []
    for group in GROUPS:
        seen = list(_seen(group, person))
        if not seen:
            continue
        here = any(one.holds(path) for one in seen)
        groups.append(Link(seen[0].href, group.name, here))
        if here and len(seen) > 1:
            pages = [Link(one.href, one.name, one.holds(path)) for one in seen]
    return groups, pages


def _seen(group: Group, person: Person) -> Iterator[Entry]:
    return (one for one in group.entries if one.needs is None or allowed(person, one.needs))
