"""The errors a person may read, in Chinese and English.

ProductError
├── BadInput       what was given cannot be used; says what to give instead
├── NotFound       nothing under that name or number
├── NotPermitted   the person's role does not allow it
├── Conflict       not allowed in the present state, with the reason
└── Unavailable    a part is missing or busy; says how to get it

Packages subclass one of the five, so every door translates five kinds and no more. Messages say
what happened and what to do, and never hold personal data.
"""

from records.language import Bilingual


class ProductError(Exception):
    """An error with a sentence for the person, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.message = Bilingual(zh, en)


class BadInput(ProductError):
    """What was given cannot be used."""


class NotFound(ProductError):
    """Nothing under that name or number."""


class NotPermitted(ProductError):
    """The person's role does not allow it."""


class Conflict(ProductError):
    """Not allowed in the present state."""


class Unavailable(ProductError):
    """A part is missing or busy."""
