"""The label vocabulary: which label announces which kind."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pydantic import Field

from pii.kinds import Kind
from records.data_files import Entry, load

PATH = Path(__file__).parent / "labels.yaml"
LONGEST = 16
BY_CELLS = "（整列）"
"""Behind a label that no header says but all cells of a column."""
IN_PIECES = "（分格）"
"""Behind the label of a cell that holds a piece of a value, whatever its shape."""
_DECORATION = re.compile(
    (
        r"[（(【\[〔].*?[）)】\]〕]|[\s*＊:：_\-#/、.。]|\d+$|^\d+|^[一二三四五六七八九十]+、|"
        r"必填|选填"
    ),
    re.IGNORECASE,
)

_NO_LABEL = re.compile(r"[〔〕，。；！？]")
_IMPERSONAL_GAP = re.compile(r"[ :：#为是\"'.]{0,4}$")


class _Words(Entry):
    labels: list[str]
    not_: list[str] = Field(alias="not")


class _File(Entry):
    kinds: dict[Kind, _Words]
    columns: dict[Kind, list[str]]
    asked: dict[Kind, list[str]]
    whose: list[str]
    roles: list[str]
    impersonal: list[str]
    estates: list[str]
    doors: list[str]


@dataclass(frozen=True)
class Vocabulary:
    """Labels in their plain form, each with its kind; None where a label says "not personal"."""

    kinds: Mapping[str, Kind | None]
    spellings: tuple[str, ...]
    impersonal: tuple[str, ...]
    whose: frozenset[str] = frozenset()
    """Words before `name` that make it a person's: customer, real, contact."""
    roles: frozenset[str] = frozenset()
    """Words behind whose colon only a full name is a person's: 会计, 抄送."""
    asked: Mapping[Kind, Sequence[str]] = field(default_factory=dict)
    """Words for what has no shape of its own, as a question names it."""
    written: Mapping[str, str] = field(default_factory=dict)
    """Labels in their plain form, and as the file has them."""

    estates: frozenset[str] = frozenset()
    """Columns that say in which estate or village a door is, beside one of `doors`."""
    doors: frozenset[str] = frozenset()

    def kind_of(self, label: str) -> Kind | None:
        """The kind a label announces: by its whole text, or else by its longest known ending."""
        plain = self._known(label)
        return self.kinds[plain] if plain is not None else None

    def word_of(self, label: str) -> str:
        """Our own word for a label; never the label, which may hold a name: 周明轩的电话 → 电话."""
        plain = self._known(label)
        return self.written.get(plain, plain) if plain is not None else ""

    def is_role(self, label: str) -> bool:
        """Whether a colon behind the label may be followed by a person: 财务审核：, 抄送：."""
        plain = plain_label(label)
        return plain in self.roles or any(
            plain[start:] in self.roles for start in range(1, len(plain) - 1)
        )

    def _known(self, label: str) -> str | None:
        # A cell that says 地址〔地址〕 is what redaction left of a sentence, and a sentence is no label.
        if _NO_LABEL.search(label):
            return None
        plain = plain_label(label)
        if not plain or len(plain) > LONGEST + 8:
            return None
        if plain in self.kinds:
            return plain
        # English keys are whole words: "filename" is no name, customer_name was split before.
        if plain.isascii():
            return self._by_english_words(label)
        for start in range(1, len(plain) - 1):
            if plain[start:] in self.kinds:
                return plain[start:]
        return None

    def _by_english_words(self, label: str) -> str | None:
        words = [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", label)]
        for start in range(1, len(words)):
            tail = "".join(words[start:])
            # Everything has a name: cityName, goods_name.
            if tail == "name" and words[start - 1] not in self.whose:
                return None
            if tail in self.kinds:
                return tail
        return None

    def is_impersonal(self, text: str, start: int) -> bool:
        """Whether a label such as 订单号 stands right before that place."""
        before = _IMPERSONAL_GAP.sub("", text[max(0, start - 20) : start]).lower()
        return before.endswith(self.impersonal) and not before.endswith(self.spellings)


def plain_label(label: str) -> str:
    """A label without marks, brackets, numbers, spaces, case: `客户 姓名(必填)：` → 客户姓名."""
    return _DECORATION.sub("", label).lower()


def read_vocabulary(path: Path = PATH) -> Vocabulary:
    """The vocabulary in a file; unknown keys stop with the path."""
    data = load(path, _File)
    kinds: dict[str, Kind | None] = {}
    for kind, words in data.kinds.items():
        kinds |= {plain_label(word): kind for word in words.labels}
    for words in data.kinds.values():
        for word in words.not_:
            kinds.setdefault(plain_label(word), None)
    for kind, columns in data.columns.items():
        kinds |= {plain_label(word): kind for word in columns}
    kinds |= {plain_label(word): None for word in data.impersonal}
    spellings = {word.lower() for words in data.kinds.values() for word in words.labels}
    return Vocabulary(
        kinds,
        tuple(sorted(spellings, key=len, reverse=True)),
        tuple(sorted(data.impersonal, key=len, reverse=True)),
        frozenset(data.whose),
        frozenset(data.roles),
        data.asked,
        _as_written(data),
        frozenset(map(plain_label, data.estates)),
        frozenset(map(plain_label, data.doors)),
    )


def _as_written(data: _File) -> dict[str, str]:
    words = [*data.impersonal, *itertools.chain(*data.columns.values())]
    words += itertools.chain(*([*w.not_, *w.labels] for w in data.kinds.values()))
    return {plain_label(word): word for word in words}


@cache
def vocabulary() -> Vocabulary:
    """The shipped vocabulary, read once."""
    return read_vocabulary()
