"""What was kept long enough, as a reply: what it is, since when it may go, what was asked for."""

from collections.abc import Sequence

from integrations.replies.model import Fact, Point, Reply, Tone
from records.language import Bilingual, Language
from tickets.keeping import Kept
from tickets.ticket import Ticket

OVER = Bilingual("保存期已满", "Period of keeping over")
_ASKED = Bilingual("已申请销毁", "Destruction requested")
_WHAT, _SINCE, _COUNT = (
    Bilingual("内容", "What"), Bilingual("可销毁自", "May go from"), Bilingual("数量", "How many")
)  # fmt: skip
_HELD = Bilingual("尚未了结", "Still open")
_TICKET = Bilingual("销毁工单", "Destruction ticket")
_LEAD = Bilingual(
    "申请后仍须鉴定、通知和两人批准；要继续保存，请写明理由和日期。",
    "A request still takes appraisal, notice and two approvals; to keep it on, give a reason and a day.",
)
_MUST = Bilingual(
    "其中有法律规定应当删除的资料，不能延长。",
    "The law demands that some of it goes; it is not kept on.",
)


def kept_reply(
    kept: Kept, language: Language, *, said: Bilingual | None = None, tickets: Sequence[Ticket] = ()
) -> Reply:
    """One thing that was kept, and the tickets its destruction was asked for with."""
    numbers = [one.id for one in tickets] or ([kept.ticket] if kept.ticket else [])
    title = said or (_ASKED if numbers else OVER)
    facts = (
        Fact(_WHAT.pick(language), kept.name.pick(language)),
        Fact(_COUNT.pick(language), str(kept.count)),
        Fact(_SINCE.pick(language), kept.day.isoformat()),
        *((Fact(_TICKET.pick(language), ", ".join(numbers)),) if numbers else ()),
        *((Fact(_HELD.pick(language), kept.held),) if kept.held else ()),
    )
    return Reply(
        language,
        Tone.CAUTION,
        f"{kept.subject} {title.pick(language)}",
        Point(_LEAD.pick(language)),
        facts=facts,
        notes=() if kept.extendable else (_MUST.pick(language),),
    )
