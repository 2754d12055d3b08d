"""A command's session: the built App and the person at the keyboard."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from records.errors import BadInput

if TYPE_CHECKING:
    from assistant.app import App
    from assistant.settings import Settings
    from records.people import Person


@contextmanager
def opened() -> Iterator[tuple["App", "Person"]]:
    """The built App and the person at the keyboard; everything closed at the end."""
    from assistant.app import build
    from integrations.identity import person_at_keyboard

    app = build(read_settings())
    try:
        yield app, person_at_keyboard(app)
    finally:
        app.close()


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
