"""What is kept until a day, and then may go: one rule for everything that tells people of it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from records.language import Bilingual
from records.people import Role
from tickets.periods import add_months


class Sort(StrEnum):
    """What it is that is kept."""

    ENTRY = "entry"
    CLOSING = "closing"


@dataclass(frozen=True)
class Kept:
    """Something kept until a day: what, how much of it, whose it is, and what stands against its going.

    `day` is the first on which it may go; `held` the number of what is open about it, `ticket` of the
    destruction that was asked for already. `extendable`: the law does not demand that it goes.
    """

    subject: str
    sort: Sort
    day: date
    count: int
    name: Bilingual
    roles: frozenset[Role]
    people: frozenset[str] = field(default=frozenset())
    held: str = ""
    ticket: str = ""
    extendable: bool = True

    def over(self, today: date) -> bool:
        """Whether somebody is to be told: the period has run out, nothing holds it, nobody has asked yet."""
        return self.day <= today and not self.held and not self.ticket


def day_after(day: date, years: int) -> date:
    """The first day on which what is kept for so many years from `day` on may go (民法典 201, 202)."""
    return add_months(day, years * 12) + timedelta(days=1)
