"""An embedding model the company sets: a folder, an endpoint; kept vectors; what goes wrong."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from knowledge import index
from knowledge.embeddings import Embedder, Vectors, built_in
from knowledge.errors import BadEmbeddingModel, EmbeddingUnavailable, OtherEmbedder
from knowledge.index import Stores
from knowledge.ingest import ingest
from knowledge.library import Library
from knowledge.model_embeddings import EndpointEmbedder, Kept, OnnxEmbedder, embedder_from
from pii.cleared import ClearedText, public_text
from tests.knowledge.conftest import TODAY, empty_database, quiet
from tests.knowledge.tiny_onnx import write_model

SMALL = frozenset({"中华人民共和国个人信息保护法"})


def cleared(*texts: str) -> list[ClearedText]:
    return [public_text(text, source="test") for text in texts]


@dataclass
class Endpoint:
    """A local imitation of /embeddings, and what it was sent."""

    url: str = ""
    asked: list[list[str]] = field(default_factory=list)
    answer: str = "good"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    state = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.asked.append(body["input"])
            vectors = [[float(len(text)), 1.0, float("删" in text)] for text in body["input"]]
            if state.answer == "short":
                vectors = vectors[:-1]
            payload = {
                "object": "list",
                "model": body["model"],
                "data": [
                    {"object": "embedding", "index": n, "embedding": v}
                    for n, v in enumerate(vectors)
                ],
                "usage": {"prompt_tokens": 1, "total_tokens": 1},
            }
            self.send_response(400 if state.answer == "refused" else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(
                b"<html>" if state.answer == "garbage" else json.dumps(payload).encode()
            )

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    yield state
    server.shutdown()
    server.server_close()


def test_a_folder_with_a_model_embeds_each_text_at_length_one(tmp_path: Path) -> None:
    write_model(tmp_path / "tiny")
    found = OnnxEmbedder(tmp_path / "tiny").encode(cleared("客户", "删除客户", "客户泄露信息"))
    assert found.shape == (3, 4)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1)
    # bge takes the first token: both begin with 客.
    assert found[0] == pytest.approx(found[2])
    assert found[0] != pytest.approx(found[1])


def test_a_model_that_says_mean_is_pooled_without_the_padding(tmp_path: Path) -> None:
    write_model(tmp_path)
    (tmp_path / "1_Pooling").mkdir()
    said = json.dumps({"pooling_mode_mean_tokens": True})
    (tmp_path / "1_Pooling" / "config.json").write_text(said, encoding="utf-8")
    model = OnnxEmbedder(tmp_path)
    alone = model.encode(cleared("删除"))[0]
    beside_a_long_one = model.encode(cleared("删除", "客户泄露客户泄露"))[0]
    assert alone == pytest.approx(beside_a_long_one)
    assert alone == pytest.approx(model.encode(cleared("除删"))[0])


@pytest.mark.parametrize("damage", ["no model", "no tokenizer", "not a model", "not a tokenizer"])
def test_a_folder_that_cannot_be_used_is_named(damage: str, tmp_path: Path) -> None:
    write_model(tmp_path)
    if damage == "no model":
        (tmp_path / "model.onnx").unlink()
    elif damage == "no tokenizer":
        (tmp_path / "tokenizer.json").unlink()
    else:
        name = "model.onnx" if damage == "not a model" else "tokenizer.json"
        (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(BadEmbeddingModel):
        OnnxEmbedder(tmp_path)


def test_an_endpoint_is_asked_in_batches_and_answers_at_length_one(endpoint: Endpoint) -> None:
    embedder = EndpointEmbedder("some-model", endpoint.url, "", 5)
    found = embedder.encode(cleared(*(f"第{n}条" for n in range(70))))
    assert found.shape == (70, 3)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1)
    assert [len(batch) for batch in endpoint.asked] == [64, 6]


@pytest.mark.parametrize("answer", ["short", "refused", "garbage"])
def test_an_endpoint_that_answers_wrongly_is_said(answer: str, endpoint: Endpoint) -> None:
    endpoint.answer = answer
    with pytest.raises(EmbeddingUnavailable):
        EndpointEmbedder("some-model", endpoint.url, "", 5).encode(cleared("甲", "乙"))


def test_an_endpoint_that_is_not_there_is_said() -> None:
    with pytest.raises(EmbeddingUnavailable):
        EndpointEmbedder("some-model", "http://127.0.0.1:9/v1", "", 0.5).encode(cleared("甲"))


class Breaking:
    """An embedder that fails after some batches, as an endpoint does at night."""

    name = "breaking"

    def __init__(self, batches: int) -> None:
        self.left = batches
        self.texts = 0

    def encode(self, texts: list[ClearedText]) -> Vectors:
        if not self.left:
            raise EmbeddingUnavailable
        self.left -= 1
        self.texts += len(texts)
        return np.ones((len(texts), 2), dtype=np.float32)


def test_a_run_cut_short_goes_on_where_it_stopped(tmp_path: Path) -> None:
    texts = cleared(*(f"第{n}条" for n in range(200)))
    first, second = Breaking(2), Breaking(9)
    with pytest.raises(EmbeddingUnavailable):
        Kept(first, tmp_path / "kept.db").encode(texts)  # type: ignore[arg-type]
    found = Kept(second, tmp_path / "kept.db").encode(texts)  # type: ignore[arg-type]
    assert (first.texts, second.texts, len(found)) == (128, 72, 200)
    assert "第1条".encode() not in (tmp_path / "kept.db").read_bytes()


def test_nothing_set_means_the_built_in_model(tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    chosen = embedder_from(
        folder=None, model="", base_url="", api_key="", timeout_seconds=1, kept_in=kept
    )
    assert chosen is None
    assert Stores(chosen).maker is built_in()


def test_an_index_knows_its_embedder_and_another_one_means_building_again(tmp_path: Path) -> None:
    write_model(tmp_path / "tiny")
    embedder: Embedder = Kept(OnnxEmbedder(tmp_path / "tiny"), tmp_path / "kept.db")
    database, folder = empty_database(tmp_path), tmp_path / "index"
    ingest(database, folder, policies=None, progress=quiet, only=SMALL)
    assert index.embedder_in_use(folder) == built_in().name
    question = public_text("客户信息泄露了要通知谁", source="test")
    library = Library(database, folder, Stores(embedder))
    with pytest.raises(OtherEmbedder):
        library.search(question, as_of=TODAY)
    ingest(
        database,
        folder,
        policies=None,
        progress=quiet,
        only=SMALL,
        rebuild=True,
        stores=library.stores,
    )
    assert index.embedder_in_use(folder) == embedder.name
    assert "57" in {hit.provision.article for hit in library.search(question, as_of=TODAY)}
    # The other way round it is said as well.
    with pytest.raises(OtherEmbedder):
        Library(database, folder).search(question, as_of=TODAY)
    database.close()


def test_a_question_is_answered_by_words_while_the_endpoint_is_down(
    tmp_path: Path, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    embedder = Kept(EndpointEmbedder("some-model", endpoint.url, "", 5), tmp_path / "kept.db")
    database, folder = empty_database(tmp_path), tmp_path / "index"
    ingest(database, folder, policies=None, progress=quiet, only=SMALL, stores=Stores(embedder))
    library = Library(database, folder, Stores(embedder))
    question = public_text("客户信息泄露了要通知谁", source="test")
    with_vectors = library.search(question, as_of=TODAY)
    endpoint.answer = "refused"
    assert "57" in {hit.provision.article for hit in library.search(question, as_of=TODAY)}
    assert "EmbeddingUnavailable" in caplog.text
    assert with_vectors
    database.close()
