"""Which kind of personal information gets which treatment: policies a lawyer can read in YAML."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from pii.errors import PolicyMistake
from pii.kinds import Kind
from records.data_files import Entry, load
from records.language import Bilingual

FOLDER = Path(__file__).parent / "policies"


class Treatment(StrEnum):
    """What happens to a finding."""

    MASK = "mask"
    """Keep the ends people recognise it by: 138****8000."""
    PSEUDONYM = "pseudonym"
    """The same stand-in for the same value throughout a document or case: 客户A."""
    LABEL = "label"
    """The name of the kind: 〔身份证号〕."""
    DROP = "drop"
    """Nothing is left."""
    KEEP = "keep"
    """Left as it is; still reported."""


class Pictures(StrEnum):
    """What happens to pictures in a document: we cannot read what they show."""

    BLANK = "blank"
    """Each is replaced by an empty one."""
    REFUSE = "refuse"
    """A document with pictures is refused."""
    READ = "read"
    """Text in each is recognised, and what is found painted over."""


class _Title(Entry):
    zh: str
    en: str


class _File(Entry):
    name: str
    title: _Title
    purpose: str
    pictures: Pictures
    treatments: dict[Kind, Treatment]


@dataclass(frozen=True)
class RedactionPolicy:
    """A named set of treatments, one for every kind."""

    name: str
    title: Bilingual
    purpose: str
    pictures: Pictures
    treatments: Mapping[Kind, Treatment]

    def treatment(self, kind: Kind) -> Treatment:
        """The treatment of a kind; every policy names every kind."""
        return self.treatments[kind]


def load_policy(name: str = "standard") -> RedactionPolicy:
    """A shipped policy by name: standard, question, sharing."""
    known = policy_names()
    if name not in known:
        raise PolicyMistake(
            f"没有名为“{name}”的脱敏策略。可用的有：{'、'.join(known)}。",
            f"There is no redaction policy “{name}”. Choose one of: {', '.join(known)}.",
        )
    return read_policy(FOLDER / f"{name}.yaml")


def policy_names() -> list[str]:
    """The shipped policies."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def read_policy(path: Path) -> RedactionPolicy:
    """The policy in a file. An unknown key, or a kind without treatment, stops with the path."""
    data = load(path, _File)
    missing = [kind.value for kind in Kind if kind not in data.treatments]
    if missing:
        raise PolicyMistake(
            f"脱敏策略文件 {path} 未规定：{'、'.join(missing)}。",
            f"Redaction policy {path} does not say what to do with: {', '.join(missing)}.",
        )
    title = Bilingual(data.title.zh, data.title.en)
    return RedactionPolicy(data.name, title, data.purpose, data.pictures, data.treatments)
