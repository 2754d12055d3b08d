"""Words that several replies share: labels of certainty, articles, times in China."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from assistant.answering.answers import Claim
from knowledge.duties import Confidence
from knowledge.sources import titled
from records.beijing import to_the_minute
from records.language import Bilingual, Language
from tickets.ticket import DRILL_MARK, Ticket

CHATS = {"slack": Bilingual("Slack", "Slack"), "feishu": Bilingual("飞书", "Feishu")}
ADVICE = Bilingual("建议，不是法律要求", "advice, not law")
POLICY = Bilingual("公司制度", "company policy")
CONDITIONAL = Bilingual("视情况适用", "applies only if graver than known")
CONTESTED = Bilingual("有争议，由人决定", "contested; a person decides")
_CHECKED_ELSEWHERE = Bilingual(
    "编写时已核对，正文未装入", "checked when it was written down; its text is not loaded"
)


MASKED = Bilingual(
    "引文里有遮盖，不是逐字原文，请看原文件",
    "part of the quotation is masked, so it is not word for word; see the document itself",
)


def certainty(
    confidence: Confidence, language: Language, *, is_law: bool = True, is_policy: bool = False
) -> str:
    """The warning beside a statement; empty for law checked against its text."""
    if confidence is not Confidence.VERIFIED:
        return confidence.label.pick(language)
    if is_policy:
        return POLICY.pick(language)
    return "" if is_law else ADVICE.pick(language)


CHANGED = Bilingual(
    "待复核：所引条文与核对时不同", "needs review: the article changed since we checked"
)
OPEN_DISPUTE = Bilingual("有争议，两种理解都列出", "contested; both readings are shown")


def warnings(claim: Claim, language: Language) -> str:
    """All that is to be known beside a statement: who approved it, how sure, disputed, changed."""
    approval = claim.approval
    if approval:
        said = Bilingual(
            f"公司已批准的答复，{approval.by}，{day(approval.on)}",
            f"approved by {approval.by}, {day(approval.on)}",
        ).pick(language)
    else:
        said = certainty(claim.confidence, language, is_law=claim.is_law, is_policy=claim.is_policy)
    return labelled(
        language,
        said,
        OPEN_DISPUTE.pick(language) if claim.contested else "",
        CHANGED.pick(language) if claim.changed else "",
        MASKED.pick(language) if claim.masked else "",
    )


def authority(claim: Claim, language: Language) -> str:
    """The rank of what carries a statement, and how that was checked: 法律（已核对原文）."""
    if claim.level is None:
        return ""
    rank = claim.level.label.pick(language)
    checked = claim.confidence.label.pick(language)
    if claim.mentions and claim.confidence is Confidence.VERIFIED:
        checked = _CHECKED_ELSEWHERE.pick(language)
    if claim.masked:
        checked = MASKED.pick(language)
    if claim.approval:
        checked = Bilingual("公司答复所引", "cited by the company's answer").pick(language)
    return f"{rank}（{checked}）" if language is Language.ZH else f"{rank} ({checked})"


def article(instrument: str, number: str | None, language: Language) -> str:
    """《公司法》第47条, or Company Law (公司法) art. 47; an annex is named as it is."""
    named = titled(instrument).pick(language)
    if not number:
        return named
    main, sub, rest = number.partition("之")
    if not main.isdecimal():
        return f"{named}{number}" if language is Language.ZH else f"{named} {number}"
    if language is Language.EN:
        return f"{named} art. {number}"
    return f"{named}第{main}条{sub}{rest}"


def headed(instrument: str, heading: str, language: Language) -> str:
    """《公司法》第二百三十一条, or Company Law (公司法), 第二百三十一条: headings are the text's own."""
    named = titled(instrument).pick(language)
    return f"{named}{heading}" if language is Language.ZH else f"{named}, {heading}"


def articles(instrument: str, numbers: Sequence[str], language: Language) -> str:
    """One instrument with several articles."""
    if not numbers:
        return article(instrument, None, language)
    first = article(instrument, numbers[0], language)
    if language is Language.EN:
        return ", ".join((first, *numbers[1:]))
    others = [article("", number, language).removeprefix("《》") for number in numbers[1:]]
    return "、".join((first, *others))


def labelled(language: Language, *labels: str) -> str:
    """Several warnings as one; "" where there is none."""
    return ("；" if language is Language.ZH else "; ").join(label for label in labels if label)


def day(value: date) -> str:
    """2026-11-23."""
    return value.isoformat()


def moment(value: datetime, language: Language) -> str:
    """A time in China, said to be one."""
    local = to_the_minute(value)
    return f"{local}（北京时间）" if language is Language.ZH else f"{local} (China time)"


def from_now(value: datetime, now: datetime, language: Language) -> str:
    """还剩 3 小时 20 分, or 已逾期 5 分."""
    left = value - now
    overdue = left < timedelta(0)
    length = span(abs(left), language)
    if language is Language.ZH:
        return f"已逾期 {length}" if overdue else f"还剩 {length}"
    return f"overdue by {length}" if overdue else f"{length} left"


def span(length: timedelta, language: Language) -> str:
    """The two largest units of a length: 3 天 4 小时."""
    minutes = int(length.total_seconds() // 60)
    units = (
        (minutes // 1440, "天", "d"),
        (minutes // 60 % 24, "小时", "h"),
        (minutes % 60, "分", "min"),
    )
    said = [f"{count} {zh if language is Language.ZH else en}" for count, zh, en in units if count][
        :2
    ]
    return " ".join(said) or ("不到 1 分" if language is Language.ZH else "under 1 min")


def ticket_number(ticket: Ticket, language: Language) -> str:
    """The number, and that it is an exercise where it is one."""
    return f"【{DRILL_MARK.pick(language)}】{ticket.id}" if ticket.drill else ticket.id
