"""Replies to questions, and the replies every door needs: errors and help."""

from assistant.answering.answers import Answer, Claim, Outcome, Quotation
from integrations.replies.model import Choice, Fact, Point, Quote, Reply, Section, Tone
from integrations.replies.wording import articles, authority, day, warnings
from records.language import Bilingual, Language

LIMITS = Bilingual(
    "依据条文整理，供内部办事参考，不是法律意见；拿不准时请问负责人。",
    "Put together from the provisions for use inside the company; it is not legal advice. In doubt, ask.",
)
_TITLES = {
    Outcome.ANSWERED: Bilingual("结论", "Conclusion"),
    Outcome.DECLINED: Bilingual("不能这样做", "This may not be done"),
    Outcome.ASKED_BACK: Bilingual("先问一句", "One question first"),
    Outcome.NOT_FOUND: Bilingual("没有找到依据", "No source found"),
    Outcome.OUTSIDE: Bilingual("客户信息合规助手", "Client information compliance assistant"),
}
_NOT_LOADED = Bilingual("（正文未装入，不能引用原文）", " (text not loaded, so not quoted)")


def answer_reply(answer: Answer) -> Reply:
    """The answer: conclusion, conditions, the article's words, as-of date, what was masked."""
    language = answer.language
    title = _TITLES[answer.outcome].pick(language)
    asked = answer.clarification
    choices = tuple(Choice(one.id, one.text) for one in asked.options) if asked else ()
    if answer.conclusion is None:
        sought = answer.outcome is Outcome.NOT_FOUND
        return Reply(
            language=language,
            tone=Tone.CAUTION if sought else Tone.INFO,
            title=title,
            lead=Point(answer.instead),
            facts=_facts(answer, with_date=sought),
            sections=_ask_instead(answer),
            masked=answer.masked,
            choices=choices,
            about=answer.id if sought else "",
        )
    sections = (
        Section(
            _pick(language, "条件与例外", "Conditions and exceptions"),
            tuple(_point(claim, language) for claim in answer.conditions if not claim.beside),
        ),
        Section(
            _pick(language, "下一步", "What to do next"),
            tuple(Point(step) for step in answer.next_steps),
        ),
        Section(
            _pick(language, "另外可能相关", "May also matter"),
            tuple(_point(claim, language) for claim in answer.conditions if claim.beside),
        ),
    )
    return Reply(
        language=language,
        tone=_tone(answer.outcome, answer.conclusion),
        title=title,
        lead=_point(answer.conclusion, language),
        facts=_facts(answer, with_date=True),
        sections=tuple(section for section in sections if section.points),
        quotes=tuple(_quote(quotation, language) for quotation in answer.quotations),
        notes=_notes(answer),
        masked=answer.masked,
        asks=asked.question if asked else "",
        choices=choices,
        about=answer.id,
    )


def _ask_instead(answer: Answer) -> tuple[Section, ...]:
    title = _pick(answer.language, "您是不是想问", "Did you mean")
    points = tuple(Point(question) for question in answer.ask_instead)
    return (Section(title, points),) if points else ()


def _tone(outcome: Outcome, conclusion: Claim) -> Tone:
    sure = conclusion.is_law or conclusion.approval is not None
    doubtful = conclusion.contested or conclusion.changed
    return Tone.GOOD if outcome is Outcome.ANSWERED and sure and not doubtful else Tone.CAUTION


def _facts(answer: Answer, *, with_date: bool) -> tuple[Fact, ...]:
    """How a follow-up was understood, and by which day's law it is answered."""
    language = answer.language
    understood = Fact(_pick(language, "接上文，理解为", "Understood as"), answer.question)
    as_of = Fact(_pick(language, "按此日的规定", "Law as of"), day(answer.as_of))
    rank = authority(answer.conclusion, language) if answer.conclusion else ""
    ranked = Fact(_pick(language, "依据层级", "Authority"), rank)
    return (
        ((understood,) if answer.follows else ())
        + ((as_of,) if with_date else ())
        + ((ranked,) if rank else ())
    )


def error_reply(message: Bilingual, language: Language) -> Reply:
    """What went wrong and what to do."""
    title = _pick(language, "没有完成", "Not done")
    return Reply(
        language=language, tone=Tone.FAILED, title=title, lead=Point(message.pick(language))
    )


_MASKED = Bilingual("您的消息里有个人信息", "Your message holds personal data")


def masked_reply(masked: tuple[str, ...], language: Language, chat: Bilingual) -> Reply:
    """To whoever pasted personal data where others read along: which kinds, how many, what to do."""
    delete_it = Bilingual(
        f"处理前已先遮盖，但原消息还留在{chat.zh}里，频道里的人都能看到。请删除它。",
        f"It was masked before anything else, but your message is still in {chat.en}, where everybody "
        "in the channel reads it. Please delete it.",
    )
    return Reply(
        language=language,
        tone=Tone.CAUTION,
        title=_MASKED.pick(language),
        lead=Point(delete_it.pick(language)),
        facts=(Fact(_pick(language, "遮盖了", "Masked"), "、".join(masked)),),
    )


_HELP = (
    Bilingual(
        "提问：直接写下问题，或 /compliance ask 客户解约三年了，他的身份证复印件可以销毁吗？",
        "Ask: just write the question, or /compliance ask may we destroy an ID copy?",
    ),
    Bilingual(
        "报告事件：/compliance incident 笔记本电脑丢了，里面有 1200 名客户的资料",
        "Report an incident: /compliance incident a laptop with data of 1200 clients is gone",
    ),
    Bilingual(
        "申请销毁：/compliance destroy 2020 年到期合同的客户身份证复印件",
        "Request destruction: /compliance destroy ID copies of contracts that ended in 2020",
    ),
    Bilingual(
        "脱敏：/compliance redact 一段文字；文件就私信发给我，脱敏副本发还给您",
        "Redact: /compliance redact some text; send me a file directly and its redacted copy comes back",
    ),
    Bilingual(
        "@我 或私信我也可以：在开头写“提问：”“事件：”“销毁：”或“脱敏：”。不写就是提问。",
        "Mentioning or messaging me works too: begin with “ask:”, “incident:”, “destroy:” or “redact:”. "
        "Without one of them it is a question.",
    ),
)
# What only one of the chats has.
_HELP_IN = {
    "Slack": Bilingual(
        "主页上是等您办的事；消息菜单里可以把一条消息变成事件、就它提问或脱敏。",
        "The Home tab shows what waits for you; the menu of a message turns it into an incident, asks "
        "about it, or redacts it.",
    ),
    "Feishu": Bilingual(
        "私信发“待办”：等您办的事，以及提问、报告、申请、登记、考试的按钮。",
        "Send me “todo” directly: what waits for you, and buttons to ask, report, request, register "
        "and take exams.",
    ),
}
_HELP_NOTE = Bilingual(
    "请不要粘贴客户的个人信息。万一粘贴了，我会先遮盖再处理，并提醒您删除原消息。",
    "Please do not paste clients' personal data. If you do, I mask it first and remind you to "
    "delete the message.",
)


def help_reply(language: Language, chat: Bilingual | None = None) -> Reply:
    """What can be asked for, with an example of each; and what the chat has beside."""
    lines = (*_HELP, _HELP_IN[chat.en]) if chat else _HELP
    return Reply(
        language=language,
        tone=Tone.INFO,
        title=_pick(language, "客户信息合规助手", "Client information compliance assistant"),
        lead=Point(_pick(language, "我能做这些：", "What I can do:")),
        sections=(
            Section(
                _pick(language, "用法", "How to use it"),
                tuple(Point(line.pick(language)) for line in lines),
            ),
        ),
        notes=(_HELP_NOTE.pick(language),),
    )


def _point(claim: Claim, language: Language) -> Point:
    rests_on = tuple(
        articles(mention.instrument, mention.articles, language) + _NOT_LOADED.pick(language)
        for mention in claim.mentions
    )
    return Point(claim.text, warnings(claim, language), claim.quotations, rests_on)


def _quote(quotation: Quotation, language: Language) -> Quote:
    return Quote(
        number=quotation.number,
        instrument=quotation.instrument,
        heading=quotation.heading,
        words=quotation.words,
        rank=quotation.level.label.pick(language),
        in_force_since=quotation.in_force_since,
        provision_id=quotation.provision_id,
        date_certain=quotation.date_certain,
    )


def _notes(answer: Answer) -> tuple[str, ...]:
    """What was taken out; and, once in a thread, how far this goes."""
    limits = (LIMITS.pick(answer.language),) if answer.first else ()
    if not answer.dropped:
        return limits
    zh = f"另有 {answer.dropped} 处表述没有通过核对，已去掉。"
    en = f"Statements taken out because they failed the check: {answer.dropped}."
    return (_pick(answer.language, zh, en), *limits)


def _pick(language: Language, zh: str, en: str) -> str:
    return Bilingual(zh, en).pick(language)
