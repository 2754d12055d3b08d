"""The network: characters and their words in, scores out: nothing, and each tag begins or goes on.

Six residual convolutions over 96 channels, dilated so that each character sees 33 neighbours on
either side (Yu and Koltun 2016; Strubell et al. 2017 for names). Padding is set to zero after every
layer, so a sentence reads the same in whatever batch it stands.
"""

from pathlib import Path
from typing import Any

import numpy
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from pii.characters import FEATURES, PADDING, UNKNOWN_HAN, features, vocabulary
from pii.name_model import TAGS
from pii.words import PLACES

WIDTH, CHANNELS, DILATIONS = 64, 96, (1, 2, 4, 8, 16, 1)
SCORES = 1 + 2 * len(TAGS)
_TAUGHT = 20
_FIRST_HAN = "㐀"


class Network(nn.Module):  # type: ignore[misc]  # torch is not installed where mypy runs
    """Embeddings of the character, of what the surname list says and of its place in a word; convolutions; scores."""

    def __init__(self) -> None:
        super().__init__()
        known = torch.from_numpy(features())
        self.register_buffer("known", known)
        self.characters = nn.Embedding(len(known), WIDTH, padding_idx=PADDING)
        self.listed = nn.Linear(FEATURES, WIDTH, bias=False)
        self.places = nn.Embedding(PLACES, WIDTH)
        self.first = nn.Conv1d(WIDTH, CHANNELS, 3, padding=1)
        self.layers = nn.ModuleList(
            nn.Conv1d(CHANNELS, CHANNELS, 3, padding=d, dilation=d) for d in DILATIONS
        )
        self.drop = nn.Dropout(0.1)
        self.scores = nn.Conv1d(CHANNELS, SCORES, 1)

    def forward(self, ids: Any, words: Any) -> Any:
        """Scores [batch, length, tags]."""
        embedded = self.characters(ids) + self.listed(self.known[ids]) + self.places(words)
        return self.read(embedded, ids)

    def read(self, embedded: Any, ids: Any) -> Any:
        """Scores from embeddings."""
        mask = (ids != PADDING).unsqueeze(1).to(embedded.dtype)
        hidden = torch.relu(self.first(embedded.transpose(1, 2) * mask)) * mask
        for layer in self.layers:
            hidden = (hidden + self.drop(torch.relu(layer(hidden)))) * mask
        return self.scores(hidden).transpose(1, 2)


class _Exported(nn.Module):  # type: ignore[misc]
    """The network with both embeddings folded into one table."""

    def __init__(self, network: Network, seen: Any) -> None:
        super().__init__()
        self.network = network
        with torch.no_grad():
            table = network.characters.weight.clone()
            # A character the corpus hardly holds is "some Chinese character" and its listing.
            rare = [
                n for char, n in vocabulary().items() if char >= _FIRST_HAN and seen[n] < _TAUGHT
            ]
            table[rare] = table[UNKNOWN_HAN].clone()
            table += network.listed(network.known)
            table[PADDING] = 0
        self.table = nn.Parameter(table)

    def forward(self, ids: Any, words: Any) -> Any:
        return self.network.read(self.table[ids] + self.network.places(words), ids)


def export(network: Network, seen: Any, path: Path, notes: dict[str, str]) -> None:
    """Write the network as ONNX, weights in half precision and widened when loaded."""
    example = torch.ones((2, 9), dtype=torch.long)
    torch.onnx.export(
        _Exported(network.eval(), seen), (example, torch.zeros_like(example)), str(path), dynamo=False,
        input_names=["characters", "words"], output_names=["scores"],
        dynamic_axes={name: {0: "batch", 1: "length"} for name in ("characters", "words", "scores")},
    )  # fmt: skip
    model = onnx.load(str(path))
    _halve(model)
    for key, value in notes.items():
        model.metadata_props.add(key=key, value=value)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _halve(model: Any) -> None:
    kept, casts = [], []
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.dtype != numpy.float32 or values.size < 256:
            kept.append(weight)
            continue
        narrow = numpy_helper.from_array(values.astype(numpy.float16), weight.name + ".half")
        kept.append(narrow)
        casts.append(helper.make_node("Cast", [narrow.name], [weight.name], to=TensorProto.FLOAT))
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
