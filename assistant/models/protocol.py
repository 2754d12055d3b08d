"""What the product needs of a language model."""

from collections.abc import Iterator
from typing import Protocol

from pydantic import BaseModel

from pii.cleared import ClearedText

Shape = type[BaseModel]


class LanguageModel(Protocol):
    """A model that writes JSON. It is only ever given text that may leave."""

    @property
    def name(self) -> str:
        """What it is called by."""
        ...

    def stream(
        self, instructions: ClearedText, material: ClearedText, shape: Shape
    ) -> Iterator[str]:
        """The text of its reply, a piece at a time, as JSON of that shape if it obeys.

        Raises ModelFailed, before the first piece or after any of them.
        """
        ...
