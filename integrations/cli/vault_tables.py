"""Policies and the vault as tables."""

from rich.table import Table
from rich.text import Text

from assistant.redaction.cases import VaultView
from assistant.redaction.list_policies import PolicyList
from integrations.cli.terminal import console
from integrations.replies.wording import article
from pii.kinds import Kind
from pii.policy import Disclosure, Treatment
from records.language import Bilingual, Language

TREATMENT_MARKS = {
    Treatment.MASK: "遮盖", Treatment.PSEUDONYM: "代称", Treatment.SURROGATE: "替代",
    Treatment.ENCRYPT: "密码串", Treatment.LABEL: "类别名", Treatment.DROP: "删除",
    Treatment.KEEP: "保留",
}  # fmt: skip


def show_policies(listed: PolicyList, language: Language) -> None:
    """Each policy with its recipient, purpose and basis, then what it does with every kind."""
    zh = language is Language.ZH
    for policy in listed.policies:
        about = policy.about
        mark = (" · 默认" if zh else " · default") if policy.name == listed.default else ""
        heading = f"{policy.name} · {about.title.pick(language)}{mark}"
        console.print(heading, style="bold", markup=False, highlight=False)
        basis = ("；" if zh else "; ").join(
            f"{article(b.law, b.article, language)} {b.why.pick(language)}" for b in about.basis
        )
        for name, text in (
            (("提供给" if zh else "for"), about.recipient.pick(language)),
            (("目的" if zh else "purpose"), about.purpose.pick(language)),
            (("依据" if zh else "basis"), basis),
        ):
            console.print(f"  {name}: {text}", markup=False, highlight=False)
    names = [policy.name for policy in listed.policies]
    table = Table("种类" if zh else "Kind", "公开" if zh else "Public", *names, padding=(0, 0))
    for kind in Kind:
        public = listed.disclosure[kind] is Disclosure.PUBLIC
        treatments = [policy.treatment(kind) for policy in listed.policies]
        words = [TREATMENT_MARKS[t] if zh else t.value for t in treatments]
        table.add_row(kind.display.pick(language), "○" if public else "", *words)
    console.print(table)


def show_vault(view: VaultView, language: Language) -> None:
    """Clients and their cases; those whose key is gone, with their certificate."""
    zh = language is Language.ZH
    if not view.clients:
        empty = Bilingual(
            "保险库还是空的。compliance redact --case 名称 会建立案卷。",
            "The vault is empty. compliance redact --case NAME makes a case.",
        )
        console.print(empty.pick(language), style="dim")
        return
    names = ("客户", "编号", "案卷", "条数", "状态")
    table = Table(*(names if zh else ("Client", "Number", "Case", "Entries", "State")))
    for client in view.clients:
        gone = client.shredded_at
        state = (f"已销毁 {gone:%Y-%m-%d}" if zh else f"shredded {gone:%Y-%m-%d}") if gone else ""
        serial = view.certificates.get(client.id, "")
        rows = client.cases or (None,)
        for case in rows:
            table.add_row(
                Text(client.name or "—"),
                client.id,
                Text(case.name if case else "—"),
                str(case.entries) if case else "—",
                f"{state} {serial}".strip(),
            )
    console.print(table)
