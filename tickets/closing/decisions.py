"""What may become of a client's records when the company closes, by the retention decision of today.

The engine speaks first: a wish that breaks its date is refused with the article. What a person must
weigh (contested), what is not known, and what a hold stops may only be kept.
"""

from enum import StrEnum

from records.language import Bilingual
from tickets.errors import NotLawfulYet
from tickets.retention.facts import Decision, Effect, Status


class Fate(StrEnum):
    """What becomes of a record."""

    TRANSFER = "transfer"
    RETURN = "return"
    DESTROY = "destroy"
    KEEP = "keep"

    @property
    def label(self) -> Bilingual:
        """The decision in both languages."""
        return _FATES[self]

    @property
    def needs_somebody(self) -> bool:
        """Whether a recipient or custodian must be named."""
        return self in (Fate.TRANSFER, Fate.KEEP)


_FATES = {
    Fate.TRANSFER: Bilingual("转移给接收方", "transfer to a recipient"),
    Fate.RETURN: Bilingual("返还客户", "return to the client"),
    Fate.DESTROY: Bilingual("销毁", "destroy"),
    Fate.KEEP: Bilingual("由具名保管人留存", "keep with a named custodian"),
}


class BreaksRetention(NotLawfulYet):
    """The wish breaks what the retention engine decided."""

    def __init__(self, count: int, said: Bilingual) -> None:
        super().__init__(
            f"其中 {count} 份不能这样决定，没有作任何改动。例如：{said.zh}",
            f"{count} of them may not be decided so; nothing was changed. For one: {said.en}",
        )


def may_become(fate: Fate, status: Status, *, bound: bool) -> bool:
    """Whether a record of this status may become this; `bound`: a minimum of law keeps it."""
    if status is Status.MUST_DELETE:
        return fate in (Fate.DESTROY, Fate.RETURN)
    if fate is Fate.KEEP or status is Status.MAY_DESTROY:
        return True
    if fate is Fate.TRANSFER:
        return status in (Status.NOT_YET, Status.PERMANENT)
    return fate is Fate.RETURN and status is Status.NOT_YET and not bound


def is_bound(decision: Decision) -> bool:
    """Whether a minimum of law, not only a purpose still served, keeps the record."""
    rule = decision.deciding
    return rule is not None and rule.effect is not Effect.PURPOSE


def why_not(fate: Fate, decision: Decision) -> Bilingual | None:
    """Why this may not become of a record decided so today, with the article; None if it may."""
    if may_become(fate, decision.status, bound=is_bound(decision)):
        return None
    if decision.status is Status.MUST_DELETE:
        said = Bilingual("应当删除，不能再转移或留存", "it must be deleted, not passed on or kept")
        return _cited(said.zh, said.en, decision)
    return _refusal(fate, decision)


def _refusal(fate: Fate, decision: Decision) -> Bilingual:
    verb = fate.label
    if decision.status is Status.NOT_YET and decision.earliest:
        day = decision.earliest
        return _cited(
            f"最早 {day} 起才能{verb.zh}",
            f"lawful from {day} at the earliest ({verb.en})",
            decision,
        )
    why, rule = decision.summary, decision.deciding
    if decision.status is Status.BLOCKED and rule is not None:
        why = rule.reason
    elif fate is Fate.DESTROY and decision.status is not Status.NEEDS_FACT:
        # It speaks of destruction already.
        return _cited(why.zh, why.en, decision)
    return _cited(f"现在不能{verb.zh}：{why.zh}", f"cannot {verb.en} now: {why.en}", decision)


def _cited(zh: str, en: str, decision: Decision) -> Bilingual:
    rule = decision.deciding
    if rule is None:
        return Bilingual(_ended(zh, "。"), _ended(en, "."))
    law, article = rule.citation.instrument, rule.citation.article
    number = f"第{article}条" if article else ""
    zh, en = zh.rstrip("。"), en.rstrip(".")
    return Bilingual(f"{zh}（《{law}》{number}）。", f"{en} ({law} art. {article or '—'}).")


def _ended(said: str, stop: str) -> str:
    return said if said.endswith(("。", "？", ".", "?")) else f"{said}{stop}"
