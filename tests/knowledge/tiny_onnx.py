"""A tiny embedding model as a file: a table looked up by token, written as ONNX wire format.

ONNX is Protocol Buffers (onnx.proto3); four messages of it are all that one Gather needs.
"""

import json
from pathlib import Path

import numpy as np

WORDS = ("[PAD]", "[UNK]", "客", "户", "删", "除", "泄", "露")
_FLOAT, _INT64 = 1, 7


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _part(field: int, value: bytes | str) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _value_info(name: str, kind: int, sizes: tuple[str | int, ...]) -> bytes:
    dims = b"".join(
        _part(1, _number(1, one) if isinstance(one, int) else _part(2, one)) for one in sizes
    )
    return _part(1, name) + _part(2, _part(1, _number(1, kind) + _part(2, dims)))


def write_model(folder: Path, width: int = 4) -> None:
    """model.onnx and tokenizer.json of a model with one vector a character."""
    table = np.random.default_rng(7).normal(size=(len(WORDS), width)).astype(np.float32)
    tensor = _number(1, table.shape[0]) + _number(1, width) + _number(2, _FLOAT)
    tensor += _part(8, "table") + _part(9, table.tobytes())
    node = _part(1, "table") + _part(1, "input_ids") + _part(2, "out") + _part(4, "Gather")
    graph = _part(1, node) + _part(2, "tiny") + _part(5, tensor)
    graph += _part(11, _value_info("input_ids", _INT64, ("batch", "length")))
    graph += _part(12, _value_info("out", _FLOAT, ("batch", "length", width)))
    model = _number(1, 8) + _part(7, graph) + _part(8, _number(2, 13))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(model)
    (folder / "tokenizer.json").write_text(json.dumps(_tokenizer()), encoding="utf-8")


def _tokenizer() -> dict[str, object]:
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": True,
            "handle_chinese_chars": True,
            "strip_accents": None,
            "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": {w: n for n, w in enumerate(WORDS)},
        },
    }
