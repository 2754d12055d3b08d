"""A text redacted out of a message: what the person may paste elsewhere, and what was found."""

from dataclasses import replace

from assistant.app import App
from assistant.redaction.redact_file import redact_file
from integrations.acts.model import Act, Wish
from integrations.replies import Point, Reply, redaction_reply
from records.language import Language
from records.people import Person


def _redact(app: App, person: Person, wish: Wish) -> Reply:
    language = person.language
    name = "消息.txt" if language is Language.ZH else "message.txt"
    file = redact_file(app, person, wish.text("text").encode("utf-8", "replace"), name)
    return replace(redaction_reply(file, language=language), lead=Point(file.data.decode("utf-8")))


ACTS = {"redact": Act(_redact)}
