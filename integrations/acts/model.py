"""What an act is: a form it may need, and the verb it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from assistant.app import App
from integrations.replies.forms import Field, FieldKind, Form
from integrations.replies.model import Reply
from records.errors import BadInput
from records.language import Bilingual, Language
from records.people import Person

# What the verbs take for a reason at least.
SHORTEST_REASON = 4


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants done: about what, with which values, and when they said so.

    The same `key` always means the same wish, so that one handed in twice is done once.
    """

    key: str
    said_at: datetime
    subject: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What was written into a field; "" where nothing was."""
        return self.values.get(name, "").strip()


def as_it_is(_app: App, _person: Person, form: Form, _subject: str) -> Form:
    """The form, with nothing to fill in beforehand."""
    return form


@dataclass(frozen=True, slots=True)
class Act:
    """`do` calls the verb, which checks the permission. `fill` knows the subject: choices, numbers.

    `form` is the same for every subject; `form_of` reads it from what the subject names, such as a
    kind of register, and raises a ProductError where it names nothing.
    """

    do: Callable[[App, Person, Wish], Reply]
    form: Callable[[Language], Form] | None = None
    fill: Callable[[App, Person, Form, str], Form] = as_it_is
    form_of: Callable[[App, Language, str], Form] | None = None
    # A file that goes with the reply: its name and bytes.
    paper: Callable[[App, Person, Wish], tuple[str, bytes]] | None = None

    def asks(self, app: App, language: Language, subject: str) -> Form | None:
        """What is to be filled in before it is done; None where nothing is."""
        if self.form_of is not None:
            return self.form_of(app, language, subject)
        return self.form(language) if self.form is not None else None


def numbered(subject: str) -> tuple[str, int]:
    """Ticket and step out of INC-2026-0001:3. Raises BadInput."""
    ticket_id, _, number = subject.partition(":")
    if not (number.isascii() and number.isdecimal() and len(number) < 4):
        raise BadInput("不知道是哪一步，请重新打开工单。", "No such step; open the ticket again.")
    return ticket_id, int(number)


def reason_form(
    title: Bilingual, field: Bilingual, *, required: bool = True
) -> Callable[[Language], Form]:
    """A form with one field of words, `reason`."""

    def form(language: Language) -> Form:
        asked = Field(
            "reason",
            field.pick(language),
            FieldKind.TEXT,
            required=required,
            least=SHORTEST_REASON if required else 0,
            most=200 if required else 1000,
        )
        return Form(language, title.pick(language), (asked,))

    return form
