"""What the company itself publishes: a YAML file a person edits, read strictly.

Not personal data to be hidden: the switchboard, the mailbox, the registered address, the legal
representative as published (企业信息公示暂行条例 8). Each entry says why, who put it there and until
when, because a number that is given up may become somebody's own.
"""

from datetime import date
from pathlib import Path
from typing import Self

from pydantic import Field, field_validator, model_validator

from pii.errors import RuleMistake
from pii.kinds import Kind
from pii.rules import BEFORE, LONGEST, Effect, Rule, lasting
from records.data_files import BadDataFile, Entry, load

LARGEST_BYTES = 1024 * 1024
MOST_ENTRIES = 2000


class AllowEntry(Entry):
    """One published detail, or several of one kind with the same reason."""

    kind: Kind
    values: tuple[str, ...] = Field(default=(), max_length=500)
    patterns: tuple[str, ...] = Field(default=(), max_length=50)
    after: tuple[str, ...] = Field(default=(), max_length=20)
    reason: str = Field(min_length=2, max_length=LONGEST)
    by: str = Field(min_length=1, max_length=80)
    until: date

    @field_validator("after")
    @classmethod
    def words_are_short(cls, after: tuple[str, ...]) -> tuple[str, ...]:
        """Words that could not stand within reach would silence the entry."""
        if any(not words.strip() or len(words) > BEFORE for words in after):
            raise ValueError(f"words under 'after' have 1 to {BEFORE} characters")
        return after

    @model_validator(mode="after")
    def holds_rules(self) -> Self:
        """Each value and pattern must be one that a rule may hold."""
        if not self.values and not self.patterns:
            raise ValueError("give values or patterns")
        try:
            self.rules()
        except RuleMistake as error:
            raise ValueError(error.message.zh + " / " + error.message.en) from None
        return self

    def rules(self) -> list[Rule]:
        """The entry as rules."""
        given = [(value, False) for value in self.values] + [(p, True) for p in self.patterns]
        return [
            lasting(Rule(Effect.ALLOW, self.kind, text, after=self.after, is_pattern=is_pattern))
            for text, is_pattern in given
        ]


class AllowList(Entry):
    """The whole file."""

    entries: tuple[AllowEntry, ...] = Field(max_length=MOST_ENTRIES)

    def in_force(self, today: date) -> tuple[Rule, ...]:
        """The rules that hold on a day; an entry holds to the end of its last day."""
        return tuple(
            rule for entry in self.entries if entry.until >= today for rule in entry.rules()
        )


def read_allow_list(path: Path) -> AllowList:
    """The file as it stands. Raises BadDataFile with line and entry."""
    if path.is_file() and path.stat().st_size > LARGEST_BYTES:
        raise BadDataFile(path, "over 1 MB")
    return load(path, AllowList)
