"""A question at the command line, with what is asked back answered on the spot at a terminal."""

from datetime import date

import typer

from assistant.answering.clarify import Clarification
from assistant.app import App
from assistant.questions.ask import ask
from integrations.cli.output import present
from integrations.cli.terminal import statements
from integrations.replies import answer_reply
from records.language import Bilingual, Language
from records.people import Person

_CHOOSE = Bilingual("选一个编号，回车跳过", "Choose a number, Enter skips")
_SAY = Bilingual("请回答，回车跳过", "Your answer, Enter skips")


def converse(
    app: App,
    person: Person,
    question: str,
    *,
    as_of: date | None,
    language: Language | None,
    thread: str,
    at_terminal: bool,
    as_json: bool,
) -> None:
    """Ask, show the answer, and go on while something is asked back and answered."""
    text, choice = question, ""
    while True:
        spoken = language or app.settings.language
        with statements(listening=at_terminal and app.model is not None, language=spoken) as heard:
            answer = ask(
                app,
                person,
                text,
                as_of=as_of,
                language=language,
                thread=thread,
                choice=choice,
                heard=heard,
            )
        present(answer_reply(answer), answer, as_json=as_json)
        if not at_terminal or answer.clarification is None:
            return
        text, choice = _answered(answer.clarification, answer.language)
        if not text:
            return


def _answered(asked: Clarification, language: Language) -> tuple[str, str]:
    """What was answered, and the option it is; nothing where it was skipped."""
    options = list(asked.options)
    words = (_CHOOSE if options else _SAY).pick(language)
    said = typer.prompt(words, default="", show_default=False).strip()
    if said.isdecimal() and 1 <= int(said) <= len(options):
        option = options[int(said) - 1]
        return option.text, option.id
    return said, ""
