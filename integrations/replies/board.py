"""What waits for a person, as one reply: the first page of a door, and the digest of the day."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from assistant.my_work import MyWork, RunningClock
from integrations.replies.entries import by_what
from integrations.replies.model import Fact, Point, Press, Reply, Section, Tone, Weight
from integrations.replies.wording import article, certainty, from_now, moment, ticket_number
from records.language import Bilingual, Language
from records.people import Person
from tickets.clocks.deadlines import Deadline
from tickets.keeping import Kept
from tickets.notices.data import notice_rules
from tickets.ticket import Ticket

MOST_CLOCKS, MOST_TICKETS, MOST_QUESTIONS = 12, 8, 5

_NAME = Bilingual("客户信息合规助手", "Client information compliance assistant")
_ABLE = Bilingual(
    "提问得到带条文的回答；报告事件，所有时限同时起算；申请销毁，得到最早合法日期；"
    "把文件发给我，拿回脱敏副本。",
    "Ask and get the article with its words; report an incident and every clock runs; request a "
    "destruction and get the lawful day; send me a file and get it back redacted.",
)
_CLOCKS = Bilingual("正在走的时限", "Clocks that run")
_STEPS = Bilingual("由您办的步骤", "Steps in your hands")
_APPROVALS = Bilingual("待您审批", "For your approval")
_WITNESS = Bilingual("待您确认监销", "Destructions you witnessed, to be confirmed")
_TO_ANSWER = Bilingual("等您答复的问题", "Questions that wait for your reply")
_TICKETS = Bilingual("我的工单", "My tickets")
_QUESTIONS = Bilingual("我问过负责人的", "What I asked a person")
_ENTRIES = Bilingual("台账时限", "Deadlines of the registers")
_ENTRY_APPROVALS = Bilingual("台账待您批准", "Register entries for your approval")
_NOTICES = Bilingual("客户通知待您批准", "Notices for your approval")
_KEPT = Bilingual("保存期满", "Kept long enough")
_TO_TAKE = Bilingual("待考试卷", "Exams to take")
_NOTHING = Bilingual("没有等您办的事。", "Nothing waits for you.")
_OPEN = Bilingual("打开", "Open")
_ASK = Bilingual("提问", "Ask")
_INCIDENT = Bilingual("报告事件", "Report an incident")
_DESTROY = Bilingual("申请销毁", "Request destruction")
_RIGHTS = Bilingual("登记权利请求", "Rights request")
_REGISTERS = Bilingual("其他台账", "Other registers")
_EXAMS = Bilingual("考试", "Exams")
_PRACTISE = Bilingual("练一题", "Practise")
_HELP = Bilingual("用法", "How to use it")
_AS_OF = Bilingual("更新于", "As of")
_DIGEST = Bilingual("今天等您办的事", "What waits for you today")


def board_reply(work: MyWork, person: Person, *, now: datetime) -> Reply:
    """The first page: what the product can do, what waits, what is one's own."""
    language = person.language
    waiting = _waiting(work, language, now)
    late = any(one.clock.due_at and one.clock.due_at < now for one in work.entries)
    idle = () if waiting else (Section(_NOTHING.pick(language), ()),)
    return Reply(
        language=language,
        tone=Tone.ALARM if work.clocks or late else Tone.INFO,
        title=_NAME.pick(language),
        lead=Point(_ABLE.pick(language)),
        facts=(Fact(_AS_OF.pick(language), moment(now, language)),),
        sections=(_start(language), *waiting, *idle, *_own(work, language)),
    )


def digest_reply(work: MyWork, person: Person, *, now: datetime) -> Reply:
    """What waits for a person today, and nothing else."""
    language = person.language
    return Reply(
        language=language,
        tone=Tone.ALARM if work.clocks else Tone.CAUTION,
        title=_DIGEST.pick(language),
        lead=Point(moment(now, language)),
        sections=_waiting(work, language, now),
    )


def _start(language: Language) -> Section:
    presses = (
        Press("ask", _ASK.pick(language), weight=Weight.GOOD),
        Press("incident", _INCIDENT.pick(language), weight=Weight.GRAVE),
        Press("destroy", _DESTROY.pick(language)),
        Press("register", _RIGHTS.pick(language)),
        Press("registers", _REGISTERS.pick(language)),
        Press("exams", _EXAMS.pick(language)),
        Press("practise", _PRACTISE.pick(language)),
        Press("help", _HELP.pick(language)),
    )
    return Section(Bilingual("开始", "Begin").pick(language), (), presses)


def _waiting(work: MyWork, language: Language, now: datetime) -> tuple[Section, ...]:
    clocks = work.clocks[:MOST_CLOCKS]
    tickets = [one.ticket for one in clocks] + [one.ticket for one in work.steps]
    concerned = tuple({one.id: one for one in tickets}.values())
    sections = (
        Section(
            _counted(_CLOCKS, len(work.clocks), language),
            tuple(_clock(one, language, now) for one in clocks),
            _openings(concerned if clocks else (), language),
        ),
        _entries(work, language, now),
        Section(
            _STEPS.pick(language),
            tuple(
                Point(
                    f"{ticket_number(one.ticket, language)} · {one.step.step.number}. "
                    f"{one.step.step.text.pick(language)}"
                )
                for one in work.steps[:MOST_TICKETS]
            ),
            _openings(() if clocks else concerned, language),
        ),
        _tickets(_APPROVALS, work.approvals, language),
        _tickets(_WITNESS, work.to_witness, language),
        _to_approve(work, language),
        _notices(work, language),
        kept_section(work.kept, language),
        _exams(work, language, now),
        Section(
            _counted(_TO_ANSWER, len(work.to_answer), language),
            tuple(Point(f"{one.id} · {one.question}") for one in work.to_answer[:MOST_QUESTIONS]),
        ),
    )  # fmt: skip
    return tuple(one for one in sections if one.points)


def _entries(work: MyWork, language: Language, now: datetime) -> Section:
    """The clocks of the registers: what, by when, to whom, by which article or period of the house."""
    shown = work.entries[:MOST_CLOCKS]
    points = tuple(
        Point(
            f"{one.shown.entry.id} · {one.shown.kind.name.pick(language)} · "
            f"{_when(one.clock, language, now)} → {one.clock.recipient.pick(language)} · "
            f"{one.clock.name.pick(language)}",
            rests_on=(by_what(one.clock, language),),
        )
        for one in shown
    )
    numbers = dict.fromkeys(one.shown.entry.id for one in shown)
    return Section(
        _counted(_ENTRIES, len(work.entries), language), points, _entry_openings(numbers, language)
    )


def _to_approve(work: MyWork, language: Language) -> Section:
    shown = work.entry_approvals[:MOST_TICKETS]
    points = tuple(Point(f"{one.entry.id} · {one.kind.name.pick(language)}") for one in shown)
    heading = _counted(_ENTRY_APPROVALS, len(work.entry_approvals), language)
    return Section(heading, points, _entry_openings((one.entry.id for one in shown), language))


def _notices(work: MyWork, language: Language) -> Section:
    shown = work.notices[:MOST_TICKETS]
    points = tuple(
        Point(f"{one.id} · {notice_rules(one.wish.kind).name.pick(language)}") for one in shown
    )
    opening = _OPEN.pick(language)
    presses = tuple(Press("notice", f"{opening} {one.id}", one.id) for one in shown)
    return Section(_counted(_NOTICES, len(work.notices), language), points, presses)


def _entry_openings(numbers: Iterable[str], language: Language) -> tuple[Press, ...]:
    opening = _OPEN.pick(language)
    return tuple(Press("entry", f"{opening} {one}", one) for one in numbers)[:MOST_TICKETS]


def kept_section(found: Sequence[Kept], language: Language) -> Section:
    """What was kept long enough: what, how much, since when it may go; a press asks for that."""
    shown = found[:MOST_TICKETS]
    points = tuple(
        Point(f"{one.subject} · {_since(one, language)} · {one.name.pick(language)}")
        for one in shown
    )
    presses = tuple(
        Press("kept", f"{_OPEN.pick(language)} {one.subject}", one.subject) for one in shown
    )
    return Section(_counted(_KEPT, len(found), language), points, presses)


def _since(one: Kept, language: Language) -> str:
    return Bilingual(
        f"{one.count} 条，自 {one.day} 起可销毁", f"{one.count}, may go from {one.day}"
    ).pick(language)


def _exams(work: MyWork, language: Language, now: datetime) -> Section:
    points = tuple(
        Point(
            one.rules.title
            + (f" · {moment(one.due_at, language)} · {from_now(one.due_at, now, language)}"
               if one.due_at else "")
        )
        for one in work.exams[:MOST_TICKETS]
    )  # fmt: skip
    presses = (Press("exams", _EXAMS.pick(language)),) if points else ()
    return Section(_counted(_TO_TAKE, len(work.exams), language), points, presses)


def _own(work: MyWork, language: Language) -> tuple[Section, ...]:
    questions = tuple(
        Point(f"{one.question} → {one.reply}" if one.reply else one.question)
        for one in work.own_questions[:MOST_QUESTIONS]
    )
    sections = (
        _tickets(_TICKETS, work.own_tickets, language),
        Section(_QUESTIONS.pick(language), questions),
    )
    return tuple(one for one in sections if one.points)


def _tickets(heading: Bilingual, tickets: tuple[Ticket, ...], language: Language) -> Section:
    shown = tickets[:MOST_TICKETS]
    points = tuple(
        Point(f"{one.id} · {one.state.label.pick(language)} · {one.title}") for one in shown
    )
    return Section(
        _counted(heading, len(tickets), language), points, _openings(shown, language)
    )  # fmt: skip


def _openings(tickets: tuple[Ticket, ...], language: Language) -> tuple[Press, ...]:
    return tuple(
        Press("show", f"{_OPEN.pick(language)} {one.id}", one.id) for one in tickets[:MOST_TICKETS]
    )


def _clock(running: RunningClock, language: Language, now: datetime) -> Point:
    ticket, clock = running.ticket, running.clock
    text = f"{ticket_number(ticket, language)} · {_when(clock, language, now)} → {clock.recipient.pick(language)}"
    return Point(
        f"{text} · {clock.name.pick(language)}",
        certainty(clock.confidence, language),
        rests_on=(article(clock.instrument, clock.article, language),),
    )


def _when(clock: Deadline, language: Language, now: datetime) -> str:
    if clock.due_at is None:
        return Bilingual("立即", "at once").pick(language)
    return f"{moment(clock.due_at, language)} · {from_now(clock.due_at, now, language)}"


def _counted(heading: Bilingual, count: int, language: Language) -> str:
    return f"{heading.pick(language)} · {count}"
