"""An exam by button, one question at a time: started, answered, handed in, its marks and certificate.

What was answered is in the attempt, so the next question is read from there: after a restart, on another
device, or when a button is pressed again.
"""

from assistant.app import App
from assistant.quizzes.exam import Chosen, Feedback, Question
from assistant.quizzes.items import LETTERS, ItemKind
from assistant.training.take_quiz import (
    Marked,
    MyQuiz,
    Paper,
    my_quizzes,
    read_paper,
    save_attempt,
    start_attempt,
    submit_attempt,
)
from assistant.training.training_records import training_certificate
from integrations.acts.model import Act, Wish
from integrations.acts.practice import chosen_places, lettered, many_form
from integrations.replies import Choice, Fact, Point, Press, Reply, Section, Tone
from integrations.replies.forms import Form
from integrations.replies.model import Weight
from integrations.replies.wording import article, from_now, moment
from records.errors import BadInput
from records.language import Bilingual, Language
from records.people import Person

_EXAMS = Bilingual("我的考试", "My exams")
_NONE = Bilingual("没有指派给您的试卷。", "No quiz is assigned to you.")
_HERE = Bilingual(
    "一次一题，按选项作答；答过的题可以再按改选，交卷前都算数。",
    "One question at a time; press an option. An answer may be changed until you hand in.",
)
_START, _GO_ON = Bilingual("开始", "Start"), Bilingual("继续", "Continue")
_MARKS, _CERTIFICATE = Bilingual("成绩与解析", "Marks"), Bilingual("结业证书", "Certificate")
_HAND_IN = Bilingual("交卷", "Hand in")
_SURE = Bilingual(
    "交卷后不能再改。没有作答的题不得分。",
    "After handing in nothing can be changed. A question without an answer gets no mark.",
)
_ANSWER = Bilingual("作答（多选）", "Answer (several are right)")
_OPTIONS = Bilingual("选项", "Options")
_ALL = Bilingual("全部答完，请交卷。", "All answered: please hand in.")
_LATE = Bilingual(
    "时间已到：之后的答案没有接受，按时限内的答案计分。",
    "The time was over: later answers were refused, and those given in time are marked.",
)
_LEFT, _ENDS = Bilingual("已答", "Answered"), Bilingual("截止", "Ends")
_SCORE, _SERIAL = Bilingual("得分", "Score"), Bilingual("记录编号", "Serial")
_PASSED, _FAILED = Bilingual("合格", "Passed"), Bilingual("未达到及格线", "Below the pass mark")
_KEY, _YOURS = Bilingual("正确答案", "Right answer"), Bilingual("您的答案", "Your answer")


def _list(app: App, person: Person, wish: Wish) -> Reply:
    language = person.language
    found = my_quizzes(app, person)
    presses = [press for one in found for press in _ways_on(one, language)]
    lead = Point((_HERE if found else _NONE).pick(language))
    section = Section(_EXAMS.pick(language), tuple(_line(one, language) for one in found))
    return Reply(
        language,
        Tone.INFO,
        _EXAMS.pick(language),
        lead,
        sections=(section,) if found else (),
        presses=tuple(presses),
    )


def _line(one: MyQuiz, language: Language) -> Point:
    rules = one.rules
    zh = [f"{one.questions} 题", f"{rules.minutes} 分钟" if rules.minutes else "不限时"]
    en = [f"{one.questions} questions", f"{rules.minutes} min" if rules.minutes else "no limit"]
    zh += [f"及格 {rules.pass_percent}%", f"还可考 {one.left} 次"]
    en += [f"pass mark {rules.pass_percent}%", f"attempts left: {one.left}"]
    if one.due_at:
        zh.append(f"{moment(one.due_at, Language.ZH)}前")
        en.append(f"by {moment(one.due_at, Language.EN)}")
    if one.best:
        zh.append(f"最好成绩 {one.best.percent}%")
        en.append(f"best {one.best.percent}%")
    return Point(f"{rules.title} · " + Bilingual("，".join(zh), ", ".join(en)).pick(language))


def _ways_on(one: MyQuiz, language: Language) -> list[Press]:
    title, presses = one.rules.title, list[Press]()
    if one.running:
        text = f"{_GO_ON.pick(language)} {title}"
        presses.append(Press("exam-next", text, one.running, Weight.GOOD))
    elif one.left:
        text = f"{_START.pick(language)} {title}"
        sure = Bilingual(
            f"开始后计时{f' {one.rules.minutes} 分钟' if one.rules.minutes else ''}，"
            f"用掉 1 次机会（还有 {one.left} 次）。",
            f"It uses one of {one.left} attempts"
            + (f" and lasts {one.rules.minutes} minutes." if one.rules.minutes else "."),
        )
        presses.append(
            Press("exam-start", text, one.quiz_id, Weight.GOOD, confirm=sure.pick(language))
        )
    if one.best:
        text = f"{_MARKS.pick(language)} {title}"
        presses.append(Press("exam-next", text, one.best.source))
    return presses


def _start(app: App, person: Person, wish: Wish) -> Reply:
    return _next(app, person, start_attempt(app, person, wish.subject))


def _go_on(app: App, person: Person, wish: Wish) -> Reply:
    return _next(app, person, wish.subject)


def _next(app: App, person: Person, attempt_id: str, *, done: str = "") -> Reply:
    """The first question without an answer; the marks where the attempt is over."""
    found = read_paper(app, person, attempt_id)
    if isinstance(found, Marked):
        return _marked(found, person.language)
    waiting = next((one for one in found.questions if not one.chosen), None)
    return _asked(app, found, waiting, person.language, done)


def _asked(app: App, paper: Paper, one: Question | None, language: Language, done: str) -> Reply:
    answered = sum(bool(other.chosen) for other in paper.questions)
    facts = [Fact(_LEFT.pick(language), f"{answered}/{len(paper.questions)}")]
    if paper.ends_at:
        left = from_now(paper.ends_at, app.clock(), language)
        facts.append(Fact(_ENDS.pick(language), f"{moment(paper.ends_at, language)} · {left}"))
    hand_in = Press(
        "exam-submit",
        _HAND_IN.pick(language),
        paper.attempt_id,
        Weight.PLAIN if one else Weight.GOOD,
        confirm=_SURE.pick(language),
    )
    title, lead, sections = paper.title, Point(_ALL.pick(language)), tuple[Section, ...]()
    if one is not None:
        place = Bilingual(f"第 {one.place + 1} 题", f"Question {one.place + 1}").pick(language)
        title, lead = f"{paper.title} · {place}", Point(one.stem)
        presses = _options(paper.attempt_id, one, language)
        sections = (Section(_OPTIONS.pick(language), lettered(one.options), presses),)
    return Reply(
        language,
        Tone.INFO,
        title,
        lead,
        facts=tuple(facts),
        sections=sections,
        notes=(done,) if done else (),
        presses=(hand_in,) if answered else (),
    )


def _options(attempt_id: str, one: Question, language: Language) -> tuple[Press, ...]:
    if one.kind is ItemKind.MULTIPLE:
        subject = f"{attempt_id}:{one.place}"
        return (Press("exam-many", _ANSWER.pick(language), subject, Weight.GOOD),)
    return tuple(
        Press("exam-answer", LETTERS[number], f"{attempt_id}:{one.place}:{number}")
        for number in range(len(one.options))
    )


def _answer(app: App, person: Person, wish: Wish) -> Reply:
    attempt_id, (place, option) = _parts(wish.subject, 2)
    return _answered(app, person, wish, attempt_id, place, frozenset({option}))


def _answer_many(app: App, person: Person, wish: Wish) -> Reply:
    attempt_id, (place,) = _parts(wish.subject, 1)
    return _answered(app, person, wish, attempt_id, place, chosen_places(wish.text("chosen")))


def _answered(
    app: App, person: Person, wish: Wish, attempt_id: str, place: int, chosen: Chosen
) -> Reply:
    """The answer kept, and the next question.

    The same answer given twice is told once, whether by two presses or by one taken up after a crash.
    """
    found = read_paper(app, person, attempt_id)
    if isinstance(found, Marked):
        return _marked(found, person.language)
    before = next((one.chosen for one in found.questions if one.place == place), None)
    if before is None:
        raise BadInput("没有这道题。请打开“我的考试”继续。", "No such question; open “My exams”.")
    save_attempt(app, person, attempt_id, {place: chosen})
    letters = "、".join(LETTERS[one] for one in sorted(chosen))
    done = Bilingual(f"第 {place + 1} 题：已答 {letters}", f"Question {place + 1}: {letters}")
    reply = _next(app, person, attempt_id, done=done.pick(person.language))
    return reply if before and before != chosen else reply.told_once(f"{wish.subject}:{letters}")


def _parts(subject: str, count: int) -> tuple[str, list[int]]:
    """The attempt, and so many numbers behind it. Raises BadInput."""
    attempt_id, *numbers = subject.split(":")
    known = all(one.isascii() and one.isdecimal() and len(one) < 4 for one in numbers)
    if len(numbers) != count or not known:
        raise BadInput("按钮已过期。请打开“我的考试”继续。", "An old button; open “My exams”.")
    return attempt_id, [int(one) for one in numbers]


def _offer_options(app: App, person: Person, form: Form, subject: str) -> Form:
    attempt_id, (place,) = _parts(subject, 1)
    found = read_paper(app, person, attempt_id)
    questions = () if isinstance(found, Marked) else found.questions
    one = next((q for q in questions if q.place == place), None)
    if one is None:
        raise BadInput("这次考试已经结束。", "This attempt is over.")
    shown = enumerate(one.options)
    return form.offering("chosen", tuple(Choice(str(n), f"{LETTERS[n]}. {t}") for n, t in shown))


def _hand_in(app: App, person: Person, wish: Wish) -> Reply:
    marked = submit_attempt(app, person, wish.subject)
    return _marked(marked, person.language).told_once(f"{wish.subject}:marks")


def _marked(marked: Marked, language: Language) -> Reply:
    """Marks, and for each question key, reason and article; the certificate where it was passed."""
    kept = marked.result
    zh = f"{kept.points}/{kept.out_of}（{kept.percent}%，及格线 {kept.pass_percent}%）"
    en = f"{kept.points}/{kept.out_of} ({kept.percent}%, pass mark {kept.pass_percent}%)"
    presses = [Press("exams", _EXAMS.pick(language))]
    if kept.passed:
        text = _CERTIFICATE.pick(language)
        presses.insert(0, Press("certificate", text, kept.serial, Weight.GOOD))
    return Reply(
        language,
        Tone.GOOD if kept.passed else Tone.CAUTION,
        f"{marked.title} · {(_PASSED if kept.passed else _FAILED).pick(language)}",
        Point(Bilingual(zh, en).pick(language)),
        facts=(
            Fact(_SCORE.pick(language), f"{kept.percent}%"),
            Fact(_SERIAL.pick(language), kept.serial),
        ),
        sections=tuple(_explained(one, language) for one in marked.feedback),
        notes=(_LATE.pick(language),) if marked.late else (),
        presses=tuple(presses),
    )


def _explained(said: Feedback, language: Language) -> Section:
    one = said.question
    sign, key, yours = "✓" if said.right else "✗", _letters(said.key), _letters(one.chosen)
    answers = f"{_KEY.pick(language)} {key}" + (
        "" if said.right else f" · {_YOURS.pick(language)} {yours or '—'}"
    )
    cites = tuple(article(c.instrument, c.article, language) for c in said.cites)
    points = (Point(answers), Point(said.rationale, rests_on=cites))
    return Section(f"{sign} {one.place + 1}. {one.stem}", points)


def _letters(places: Chosen) -> str:
    return "、".join(LETTERS[one] for one in sorted(places))


def _certificate(app: App, person: Person, wish: Wish) -> Reply:
    training_certificate(app, person, wish.subject)
    said = Bilingual("证书（PDF）随后发来。", "The certificate (PDF) follows.")
    title = f"{_CERTIFICATE.pick(person.language)} {wish.subject}"
    return Reply(person.language, Tone.GOOD, title, Point(said.pick(person.language)))


def _certificate_file(app: App, person: Person, wish: Wish) -> tuple[str, bytes]:
    return f"{wish.subject}.pdf", training_certificate(app, person, wish.subject)


ACTS = {
    "exams": Act(_list),
    "exam-start": Act(_start),
    "exam-next": Act(_go_on),
    "exam-answer": Act(_answer),
    "exam-many": Act(_answer_many, many_form, _offer_options),
    "exam-submit": Act(_hand_in),
    "certificate": Act(_certificate, paper=_certificate_file),
}
