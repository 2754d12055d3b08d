"""An embedding model the company sets: an ONNX folder on this machine, or an endpoint.

Both take ClearedText only. The vectors of a text are kept beside the index, so that a long run that
was cut short goes on where it stopped, and a later one embeds only what changed.
"""

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np

from knowledge.embeddings import Embedder, Vectors, unit
from knowledge.errors import BadEmbeddingModel, EmbeddingUnavailable
from pii.cleared import ClearedText

_LONGEST = 512
_BATCH, _TOGETHER = 64, 16
_MODELS = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
_WIDEST = 8192

Pooling = Literal["first", "mean"]


class OnnxEmbedder:
    """A model such as bge-small-zh-v1.5: a folder with an ONNX file and tokenizer.json."""

    def __init__(self, folder: Path, longest: int = _LONGEST) -> None:
        """Of a text the first `longest` pieces are read. Raises BadEmbeddingModel."""
        import onnxruntime
        from tokenizers import Tokenizer

        model = next((folder / name for name in _MODELS if (folder / name).is_file()), None)
        if model is None:
            raise BadEmbeddingModel
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            self._session = onnxruntime.InferenceSession(
                str(model), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            # Both libraries raise bare exceptions for a file that is not what it should be.
            raise BadEmbeddingModel from error
        self._tokenizer.enable_truncation(longest)
        if self._tokenizer.padding is None:
            self._tokenizer.enable_padding()
        self._inputs = {wanted.name for wanted in self._session.get_inputs()}
        self._pooling = _pooling(folder)
        self._prefix = ""
        with model.open("rb") as file:
            self.name = f"onnx {folder.name} {hashlib.file_digest(file, 'sha256').hexdigest()[:12]}"

    def encode(self, texts: Sequence[ClearedText]) -> Vectors:
        """A unit vector a text."""
        # Those of a length together: the shorter are padded to the longest beside them.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place].text))
        parts = [
            self._batch([texts[place] for place in order[begin : begin + _TOGETHER]])
            for begin in range(0, len(texts), _TOGETHER)
        ]
        return unit(np.concatenate(parts)[np.argsort(order)])

    def before(self, prefix: str) -> Self:
        """The same model, with these words before every text."""
        found = copy(self)
        found._prefix, found.name = prefix, f"{self.name} {prefix}"
        return found

    def _batch(self, texts: Sequence[ClearedText]) -> Vectors:
        encoded = self._tokenizer.encode_batch([self._prefix + text.text for text in texts])
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        given = {
            "input_ids": np.array([one.ids for one in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([one.type_ids for one in encoded], dtype=np.int64),
        }
        wanted = {name: value for name, value in given.items() if name in self._inputs}
        try:
            found = np.asarray(self._session.run(None, wanted)[0], dtype=np.float32)
        except Exception as error:
            raise BadEmbeddingModel from error
        if found.ndim == 2:
            return found
        if self._pooling == "first":
            return np.ascontiguousarray(found[:, 0])
        weights = mask[:, :, None].astype(np.float32)
        mean: Vectors = (found * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
        return mean


def _pooling(folder: Path) -> Pooling:
    """How token vectors become one, as sentence-transformers writes it down; the first by default."""
    try:
        said = json.loads((folder / "1_Pooling" / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "first"
    return "mean" if said.get("pooling_mode_mean_tokens") else "first"


class EndpointEmbedder:
    """An OpenAI-compatible /embeddings endpoint (vLLM, Xinference, Ollama, a provider)."""

    def __init__(self, model: str, base_url: str, api_key: str, timeout_seconds: float) -> None:
        from langchain_openai import OpenAIEmbeddings
        from pydantic import SecretStr

        self.name = f"endpoint {model}"
        self._client = OpenAIEmbeddings(
            model=model,
            base_url=base_url or None,
            # Servers without keys still want the header.
            api_key=SecretStr(api_key or "none"),
            timeout=timeout_seconds,
            max_retries=2,
            chunk_size=_BATCH,
            # Texts go as text: token numbers of another model would mean nothing to it.
            check_embedding_ctx_length=False,
        )

    def encode(self, texts: Sequence[ClearedText]) -> Vectors:
        """A unit vector a text. Raises EmbeddingUnavailable."""
        try:
            answered = self._client.embed_documents([text.text for text in texts])
            found = np.array(answered, dtype=np.float32)
        except Exception as error:
            raise EmbeddingUnavailable from error
        whole = found.ndim == 2 and len(found) == len(texts) and 0 < found.shape[1] <= _WIDEST
        if not whole or not np.isfinite(found).all():
            raise EmbeddingUnavailable
        return unit(found)


@dataclass(frozen=True)
class Kept:
    """An embedder whose vectors are kept in a file, by a hash of the text; never the text."""

    embedder: Embedder
    path: Path

    @property
    def name(self) -> str:
        """What the index remembers."""
        return self.embedder.name

    def encode(self, texts: Sequence[ClearedText]) -> Vectors:
        """A unit vector a text, from the file where it was embedded before."""
        if len(texts) == 1:
            # A question: kept nowhere.
            return self.embedder.encode(texts)
        keys = [self._key(text) for text in texts]
        with closing(sqlite3.connect(self.path)) as kept:
            kept.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")
            known = _read(kept, keys)
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            todo = list(missing)
            for start in range(0, len(todo), _BATCH):
                batch = todo[start : start + _BATCH]
                for key, vector in zip(
                    batch, self.embedder.encode([missing[key] for key in batch]), strict=True
                ):
                    known[key] = vector
                    row = (key, vector.tobytes())
                    kept.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?)", row)
                kept.commit()
        return np.stack([known[key] for key in keys])

    def _key(self, text: ClearedText) -> bytes:
        return hashlib.sha256(f"{self.name}\0{text.text}".encode()).digest()


def _read(kept: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, Any]:
    found = {}
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        marks = ",".join("?" * len(batch))
        rows = kept.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", batch)  # noqa: S608
        found.update({key: np.frombuffer(vector, dtype=np.float32) for key, vector in rows})
    return found


def embedder_from(
    *,
    folder: Path | None,
    model: str,
    base_url: str,
    api_key: str,
    timeout_seconds: float,
    kept_in: Path,
) -> Embedder | None:
    """The embedder that is set; None where the built-in one serves."""
    if folder is not None:
        return Kept(OnnxEmbedder(folder), kept_in)
    if model:
        return Kept(EndpointEmbedder(model, base_url, api_key, timeout_seconds), kept_in)
    return None
