"""Which kind of personal information gets which treatment: policies a lawyer can read in YAML.

One policy for each recipient and purpose, because what is necessary differs with both (PIPL 6).
The shipped ones lie in `policies/`; a company adds its own in a folder of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

from pii.canonical import canonical
from pii.errors import PolicyMistake
from pii.kinds import Kind
from pii.propagate import parts_of
from records.data_files import Entry, load
from records.language import Bilingual

FOLDER = Path(__file__).parent / "policies"
DISCLOSURE = Path(__file__).parent / "disclosure.yaml"


class Treatment(StrEnum):
    """What happens to a finding."""

    MASK = "mask"
    """Keep the ends people recognise it by: 138****8000."""
    PSEUDONYM = "pseudonym"
    """The same stand-in for the same value throughout a document or case: 客户A."""
    SURROGATE = "surrogate"
    """A value that looks real and belongs to nobody, the same throughout a case."""
    ENCRYPT = "encrypt"
    """A token that only the vault turns back: 〔密：ABCD-EFGH〕."""
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


class Disclosure(StrEnum):
    """Whether a company counts a kind among its public or non-public client information."""

    PUBLIC = "public"
    NON_PUBLIC = "non_public"


class _Words(Entry):
    zh: str
    en: str


class _Basis(Entry):
    law: str
    article: str
    why: _Words


class _File(Entry):
    name: str
    title: _Words
    recipient: _Words
    purpose: _Words
    basis: list[_Basis]
    pictures: Pictures
    for_subject: bool = False
    keep_region: bool = False
    treatments: dict[Kind, Treatment]


class _DisclosureFile(Entry):
    public: list[Kind]
    non_public: list[Kind]


@dataclass(frozen=True, slots=True)
class Basis:
    """An article the policy follows, and what it asks for."""

    law: str
    article: str
    why: Bilingual


@dataclass(frozen=True, slots=True)
class PolicyAbout:
    """For whom, what for and by which articles: what a report says of its policy."""

    title: Bilingual
    recipient: Bilingual
    purpose: Bilingual
    basis: tuple[Basis, ...]


@dataclass(frozen=True)
class RedactionPolicy:
    """A named set of treatments, one for every kind."""

    name: str
    about: PolicyAbout
    pictures: Pictures
    treatments: Mapping[Kind, Treatment]
    for_subject: bool = False
    """Whether the copy goes to the person concerned, whose own data stays (PIPL 45)."""
    keep_region: bool = False
    """Whether surrogates keep the province."""
    own: frozenset[str] = field(default=frozenset(), repr=False)
    """Canonical values of the person concerned."""

    def treatment(self, kind: Kind, value: str = "") -> Treatment:
        """The treatment of a kind; every policy names every kind. One's own value is kept."""
        if self.own and canonical(kind, value) in self.own:
            return Treatment.KEEP
        return self.treatments[kind]

    @property
    def encrypts(self) -> bool:
        """Whether a copy can only be read in full with the vault."""
        return Treatment.ENCRYPT in self.treatments.values()

    def for_person(self, values: Iterable[str]) -> "RedactionPolicy":
        """The policy for one person concerned: these values of theirs stay, word for word."""
        named = [part for value in values for part in (value, *parts_of(Kind.PERSON_NAME, value))]
        own = frozenset(canonical(kind, value) for value in named for kind in Kind) - {""}
        if own and not self.for_subject:
            raise PolicyMistake(
                f"策略“{self.name}”不是给本人的，不能指定本人信息。请改用 individual。",
                f"Policy “{self.name}” is not for the person concerned, so no values of theirs "
                "can stay. Choose individual.",
            )
        if self.for_subject and not own:
            raise PolicyMistake(
                f"策略“{self.name}”要指明本人的信息（姓名、手机号等），其余人的信息才能隐去。",
                f"Policy “{self.name}” needs the person's own values (name, number …), so that "
                "those of others can be hidden.",
            )
        return replace(self, own=own)


def load_policy(name: str = "standard", folder: Path | None = None) -> RedactionPolicy:
    """A policy by name: a shipped one, or one of the company's own folder."""
    known = policy_files(folder)
    if name not in known:
        raise PolicyMistake(
            f"没有名为“{name}”的脱敏策略。可用的有：{'、'.join(known)}。",
            f"There is no redaction policy “{name}”. Choose one of: {', '.join(known)}.",
        )
    return read_policy(known[name])


def policy_names(folder: Path | None = None) -> list[str]:
    """The shipped policies, and those of the folder."""
    return list(policy_files(folder))


def policy_files(folder: Path | None = None) -> dict[str, Path]:
    """Each policy's file by name. Raises PolicyMistake where a company's takes a shipped name."""
    shipped = _shipped()
    if folder is None:
        return shipped
    if not folder.is_dir():
        raise PolicyMistake(
            "没有找到公司脱敏策略的文件夹。请核对 COMPLIANCE_REDACTION_POLICIES。",
            "The folder of redaction policies was not found. Check COMPLIANCE_REDACTION_POLICIES.",
        )
    own = {p.stem: p for p in sorted(folder.glob("*.yaml")) if p.name != DISCLOSURE.name}
    for name in shipped.keys() & own.keys():
        # Questions are cleared by the shipped `question`: no file may quietly weaken it.
        raise PolicyMistake(
            f"公司策略不能与内置策略“{name}”同名。请换一个名字。",
            f"A policy of your own may not be called “{name}” like a shipped one. Rename it.",
        )
    return shipped | own


@cache
def _shipped() -> dict[str, Path]:
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


@cache
def read_policy(path: Path) -> RedactionPolicy:
    """The policy in a file. An unknown key, or a kind without treatment, stops with the path."""
    data = load(path, _File)
    shown = "/".join(path.parts[-2:])
    missing = [kind.value for kind in Kind if kind not in data.treatments]
    if missing:
        raise PolicyMistake(
            f"脱敏策略文件 {shown} 未规定：{'、'.join(missing)}。",
            f"Redaction policy {shown} does not say what to do with: {', '.join(missing)}.",
        )
    if data.name != path.stem:
        raise PolicyMistake(
            f"脱敏策略文件 {shown} 里的 name 应与文件名相同。",
            f"The name in redaction policy {shown} must be that of its file.",
        )
    return RedactionPolicy(
        name=data.name,
        about=PolicyAbout(
            _said(data.title),
            _said(data.recipient),
            _said(data.purpose),
            tuple(Basis(b.law, b.article, _said(b.why)) for b in data.basis),
        ),
        pictures=data.pictures,
        treatments=data.treatments,
        for_subject=data.for_subject,
        keep_region=data.keep_region,
    )


def load_disclosure(folder: Path | None = None) -> Mapping[Kind, Disclosure]:
    """Which kinds count as public: the company's `disclosure.yaml`, or the shipped one."""
    own = folder / DISCLOSURE.name if folder else None
    return _read_disclosure(own if own and own.is_file() else DISCLOSURE)


@cache
def _read_disclosure(path: Path) -> Mapping[Kind, Disclosure]:
    data = load(path, _DisclosureFile)
    shown = "/".join(path.parts[-2:])
    wrong = [kind.value for kind in Kind if (data.public + data.non_public).count(kind) != 1]
    if wrong:
        raise PolicyMistake(
            f"{shown} 应把每一种信息归入公开或非公开之一，请检查：{'、'.join(wrong)}。",
            f"{shown} must put every kind under public or non_public, once: {', '.join(wrong)}.",
        )
    return dict.fromkeys(data.public, Disclosure.PUBLIC) | dict.fromkeys(
        data.non_public, Disclosure.NON_PUBLIC
    )


def _said(words: _Words) -> Bilingual:
    return Bilingual(words.zh, words.en)
