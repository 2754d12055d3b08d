"""Ask a question out of a form."""

from assistant.app import App
from assistant.questions.ask import ask
from integrations.acts.model import Act, Wish
from integrations.replies import Reply, answer_reply, help_reply
from integrations.replies.forms import Field, FieldKind, Form
from records.language import Bilingual, Language
from records.people import Person

_TITLE = Bilingual("提问", "Ask a question")
_QUESTION = Bilingual("您的问题", "Your question")
_HINT = Bilingual(
    "例如：客户解约三年了，他的身份证复印件可以销毁吗？请不要写客户的个人信息。",
    "For example: may we destroy the ID copies of a client who left three years ago? No personal "
    "data, please.",
)


def question_form(language: Language) -> Form:
    """One question."""
    field = Field(
        "question",
        _QUESTION.pick(language),
        FieldKind.TEXT,
        hint=_HINT.pick(language),
        most=2000,
    )
    return Form(language, _TITLE.pick(language), (field,))


def _ask(app: App, person: Person, wish: Wish) -> Reply:
    return answer_reply(ask(app, person, wish.text("question")))


def _help(app: App, person: Person, wish: Wish) -> Reply:
    return help_reply(person.language)


ACTS = {"ask": Act(_ask, question_form), "help": Act(_help)}
