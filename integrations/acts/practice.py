"""Practice by spaced repetition: a question with a press for each option; then key, reason and article."""

from collections.abc import Sequence

from assistant.app import App
from assistant.quizzes.exam import Chosen, Feedback, Question
from assistant.quizzes.items import LETTERS, ItemKind
from assistant.training.practise import Answered, Practice, answer_question, next_question
from integrations.acts.model import Act, Wish, numbered
from integrations.replies import Choice, Fact, Point, Press, Reply, Section, Tone
from integrations.replies.forms import Field, FieldKind, Form
from integrations.replies.model import Weight
from integrations.replies.wording import article, moment
from records.errors import BadInput
from records.language import Bilingual, Language
from records.people import Person

_TITLE = Bilingual("练习题", "Practice question")
_NONE = Bilingual("现在没有要练习的题。", "There is nothing to practise now.")
_AGAIN = Bilingual("下次", "Next")
_NEXT = Bilingual("下一题", "Next question")
_RIGHT = Bilingual("答对了", "Right")
_WRONG = Bilingual("答错了", "Wrong")
_KEY = Bilingual("正确答案", "Right answer")
_REASONS = Bilingual("逐项说明", "Each option")
_OPTIONS = Bilingual("选项", "Options")
_ANSWER = Bilingual("作答（多选）", "Answer (several are right)")
_BACK = Bilingual("再次出现", "Comes back")


def many_form(language: Language) -> Form:
    """For a question with several right options."""
    field = Field("chosen", _OPTIONS.pick(language), FieldKind.MANY)
    return Form(language, _TITLE.pick(language), (field,))


def _practise(app: App, person: Person, wish: Wish) -> Reply:
    return _asked(next_question(app, person, person.language), person.language)


def _asked(found: Practice, language: Language) -> Reply:
    if found.question is None or found.item_id is None:
        at = found.next_at
        facts = (Fact(_AGAIN.pick(language), moment(at, language)),) if at else ()
        lead = Point(_NONE.pick(language))
        return Reply(language, Tone.INFO, _TITLE.pick(language), lead, facts=facts)
    section = Section(
        _OPTIONS.pick(language),
        lettered(found.question.options),
        _answers(found.item_id, found.question, language),
    )
    stem = Point(found.question.stem)
    return Reply(language, Tone.INFO, _TITLE.pick(language), stem, sections=(section,))


def _answers(item_id: str, question: Question, language: Language) -> tuple[Press, ...]:
    if question.kind is ItemKind.MULTIPLE:
        return (Press("answer-many", _ANSWER.pick(language), item_id, Weight.GOOD),)
    return tuple(
        Press("answer", LETTERS[number], f"{item_id}:{number}")
        for number in range(len(question.options))
    )


def lettered(texts: Sequence[str]) -> tuple[Point, ...]:
    """The options under their letters."""
    return tuple(Point(f"{LETTERS[number]}. {text}") for number, text in enumerate(texts))


def _answer(app: App, person: Person, wish: Wish) -> Reply:
    item_id, number = numbered(wish.subject)
    return _said(answer_question(app, person, item_id, frozenset({number})), wish, person.language)


def _answer_many(app: App, person: Person, wish: Wish) -> Reply:
    chosen = chosen_places(wish.text("chosen"))
    return _said(answer_question(app, person, wish.subject, chosen), wish, person.language)


def _said(answered: Answered, wish: Wish, language: Language) -> Reply:
    """Once for each time the question is due, however often the button is pressed."""
    again = f"{answered.next_at.isoformat()}:{wish.subject}:{wish.text('chosen')}"
    return _marked(answered, language).told_once(again)


def chosen_places(text: str) -> Chosen:
    """The options chosen in a form. Raises BadInput."""
    typed = [one for one in text.split(",") if one]
    if not typed or not all(
        one.isascii() and one.isdecimal() and int(one) < len(LETTERS) for one in typed
    ):
        raise BadInput("请从选项中选择。", "Please choose from the options.")
    return frozenset(int(one) for one in typed)


def _offer_options(app: App, person: Person, form: Form, subject: str) -> Form:
    found = next_question(app, person, form.language)
    if found.item_id != subject or found.question is None:
        raise BadInput(
            "这道题已经答过了。请按“下一题”。", "This was answered before. Press “Next question”."
        )
    shown = enumerate(found.question.options)
    return form.offering("chosen", tuple(Choice(str(n), f"{LETTERS[n]}. {t}") for n, t in shown))


def _marked(answered: Answered, language: Language) -> Reply:
    said: Feedback = answered.feedback
    key = "、".join(LETTERS[number] for number in sorted(said.key))
    return Reply(
        language,
        Tone.GOOD if said.right else Tone.CAUTION,
        (_RIGHT if said.right else _WRONG).pick(language),
        Point(
            said.rationale,
            rests_on=tuple(article(one.instrument, one.article, language) for one in said.cites),
        ),
        facts=(
            Fact(_KEY.pick(language), key),
            Fact(_BACK.pick(language), moment(answered.next_at, language)),
        ),
        sections=(Section(_REASONS.pick(language), lettered(said.reasons)),),
        presses=(Press("practise", _NEXT.pick(language), weight=Weight.GOOD),),
    )


ACTS = {
    "practise": Act(_practise),
    "answer": Act(_answer),
    "answer-many": Act(_answer_many, many_form, _offer_options),
}
