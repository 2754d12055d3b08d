"""The kinds of personal information we look for, their names, and which are sensitive.

"Sensitive" follows PIPL art. 28. That article lists categories, not fields, so each row of
`kinds.yaml` names the standard whose list puts the field there, and what is in doubt about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import Field, RootModel

from records.data_files import BadDataFile, Entry, load
from records.language import Bilingual

PATH = Path(__file__).with_suffix(".yaml")


class Sensitivity(StrEnum):
    """Ordinary or sensitive personal information, PIPL art. 28."""

    ORDINARY = "ordinary"
    SENSITIVE = "sensitive"


class Kind(StrEnum):
    """One kind of personal information."""

    PERSON_NAME = "person_name"
    RESIDENT_ID = "resident_id"
    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "email"
    ADDRESS = "address"
    BANK_CARD = "bank_card"
    CREDIT_CODE = "credit_code"
    PASSPORT = "passport"
    TRAVEL_PERMIT = "travel_permit"
    FOREIGNER_ID = "foreigner_id"
    MILITARY_ID = "military_id"
    DRIVING_LICENCE = "driving_licence"
    PLATE = "plate"
    VIN = "vin"
    WECHAT = "wechat"
    QQ = "qq"
    ALIPAY = "alipay"
    BIRTH_DATE = "birth_date"
    SOCIAL_SECURITY = "social_security"
    MEDICAL_INSURANCE = "medical_insurance"
    HOUSING_FUND = "housing_fund"
    IP_ADDRESS = "ip_address"
    MAC_ADDRESS = "mac_address"
    IMEI = "imei"
    COORDINATES = "coordinates"
    ACCOUNT = "account"
    PASSWORD = "password"  # noqa: S105  the name of a kind, not a password
    ORGANISATION = "organisation"

    @property
    def display(self) -> Bilingual:
        """The kind's name for people."""
        return facts()[self].name

    @property
    def sensitivity(self) -> Sensitivity:
        """Ordinary or sensitive."""
        return facts()[self].sensitivity


@dataclass(frozen=True, slots=True)
class KindFacts:
    """A kind's name, its class, and the source that puts it there."""

    name: Bilingual
    sensitivity: Sensitivity
    category: str | None
    """The category of PIPL 28 or GB/T 45574-2025; None where only the older list has the field."""
    source: str
    doubt: str | None
    """What is not settled about the class."""


class _Row(Entry):
    zh: str
    en: str
    class_: Sensitivity = Field(alias="class")
    category: str | None
    source: str
    doubt: str | None


class _File(RootModel[dict[Kind, _Row]]):
    """Every kind once."""


@cache
def facts(path: Path = PATH) -> Mapping[Kind, KindFacts]:
    """The facts about every kind, read once; a kind left out stops with the path."""
    rows = load(path, _File).root
    missing = [kind.value for kind in Kind if kind not in rows]
    if missing:
        raise BadDataFile(path, f"says nothing of: {', '.join(missing)}")
    return {
        kind: KindFacts(Bilingual(row.zh, row.en), row.class_, row.category, row.source, row.doubt)
        for kind, row in rows.items()
    }
