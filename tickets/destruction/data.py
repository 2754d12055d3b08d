"""Media and places of destruction as reviewed data: how each is destroyed, what must be answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import Field

from records.data_files import Entry, load
from records.language import Bilingual
from tickets.data import Said

FOLDER = Path(__file__).parent
VAULT_KEY = "vault_key"
STANDARDS = "NIST SP 800-88 Rev. 2; ISO/IEC 21964-1:2018"


class Outcome(StrEnum):
    """What a method reaches, in the terms of NIST SP 800-88 Rev. 2."""

    CLEAR = "clear"
    PURGE = "purge"
    DESTROY = "destroy"

    @property
    def label(self) -> Bilingual:
        """The outcome in both languages."""
        return {
            Outcome.CLEAR: Bilingual("清除", "clear"),
            Outcome.PURGE: Bilingual("净化", "purge"),
            Outcome.DESTROY: Bilingual("物理销毁", "destroy"),
        }[self]


class Particle(Entry):
    """Category and lowest security level of ISO/IEC 21964-1 by protection class."""

    class2: str = Field(pattern=r"^[PFOTHE]-[1-7]$")
    class3: str = Field(pattern=r"^[PFOTHE]-[1-7]$")


class Medium(Entry):
    """One medium and its method."""

    name: Said
    method: Said
    outcome: Outcome
    particle: Particle | None = None
    program: bool = False
    evidence: Said
    limit: Said | None = None
    """What a certificate says that this method does not reach."""


class Place(Entry):
    """One place where copies may lie."""

    name: Said
    ask: Said
    expires: bool = False


class MediaFile(Entry):
    """media.yaml."""

    media: dict[str, Medium] = Field(min_length=1)


class PlaceFile(Entry):
    """places.yaml."""

    places: dict[str, Place] = Field(min_length=1)


@dataclass(frozen=True)
class DestructionData:
    """Everything the files say."""

    media: Mapping[str, Medium]
    places: Mapping[str, Place]


@cache
def destruction_data() -> DestructionData:
    """What is shipped, read at first use."""
    return DestructionData(
        load(FOLDER / "media.yaml", MediaFile).media,
        load(FOLDER / "places.yaml", PlaceFile).places,
    )


def places_named(keys: Iterable[str]) -> Bilingual:
    """Places as people read and type them: 备份（backups）."""
    names = [(destruction_data().places[key].name, key) for key in keys]
    return Bilingual(
        "、".join(f"{name.zh}（{key}）" for name, key in names),
        ", ".join(f"{name.en} ({key})" for name, key in names),
    )
