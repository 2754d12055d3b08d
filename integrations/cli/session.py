"""A command's session: the built App and the person at the keyboard."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from records.errors import BadInput

if TYPE_CHECKING:
    from assistant.app import App
    from assistant.settings import Settings
    from records.people import Person

_OPEN: ContextVar["App | None"] = ContextVar("open", default=None)


@contextmanager
def opened() -> Iterator[tuple["App", "Person"]]:
    """The built App and the person at the keyboard; everything closed at the end."""
    from assistant.app import build
    from integrations.identity import person_at_keyboard

    app = build(read_settings())
    before = _OPEN.set(app)
    try:
        yield app, person_at_keyboard(app)
    finally:
        _OPEN.reset(before)
        app.close()


def with_names(text: str) -> str:
    """The text with each person's name before their number, while a command has the App open."""
    from records.people import NUMBERS, all_people

    app = _OPEN.get()
    if app is None or not NUMBERS.search(text):
        return text
    with app.database.reading() as session:
        names = {one.id: one.name for one in all_people(session)}
    return NUMBERS.sub(lambda it: f"{names[it[0]]} ({it[0]})" if it[0] in names else it[0], text)


def read_settings() -> "Settings":
    """The settings from the environment. Raises BadInput naming those that are wrong."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from assistant.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(f"COMPLIANCE_{str(e['loc'][0]).upper()}" for e in error.errors())
    except SettingsError:
        # The one that is JSON.
        names = "COMPLIANCE_OIDC_ROLES"
    raise BadInput(
        f"环境变量的值不对：{names}。说明见 docs/settings.md。",
        f"These settings have wrong values: {names}. See docs/settings.md.",
    )
