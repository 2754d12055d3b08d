"""The shipped model read back into a network that can be trained on: its eight-bit weights made wide again."""

import json
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper

from evals.sentence_training.network import Network

# In the order in which a layer uses them.
_DENSE = ("query", "key", "value", "attended", "inner", "outer")


def read(folder: Path) -> tuple[Network, list[tuple[str, float]]]:
    """The network of model.onnx, and the pieces of tokenizer.json with their scores."""
    vocabulary = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"][
        "vocab"
    ]
    pieces = [(piece, score) for piece, score in vocabulary]
    graph = onnx.load(str(folder / "model.onnx")).graph
    held = {one.name: _values(one) for one in graph.initializer}
    constant = {
        node.output[0]: node.attribute[0].t for node in graph.node if node.op_type == "Constant"
    }
    # The first two tables looked up by the pieces: their vectors in eight bits, and the scale of each.
    steps, scale = (
        _values(constant[node.input[0]])
        for node in graph.node
        if node.op_type == "Gather" and node.input[1] == "input_ids"
    )
    network = Network(len(pieces))
    found: dict[str, Any] = {
        "word.weight": steps.float() * scale,
        **{name: values for name, values in held.items() if name in network.state_dict()},
    }
    dense = [
        node.input[1]
        for node in graph.node
        if node.op_type == "MatMul" and f"{node.input[1]}_steps" in held
    ]
    for place, name in enumerate(dense):
        layer, which = divmod(place, len(_DENSE))
        wide = held[f"{name}_steps"].float() * held[f"{name}_scale"]
        found[f"layers.{layer}.{_DENSE[which]}.weight"] = wide.T
    network.load_state_dict(found)
    return network, pieces


def _values(tensor: Any) -> Any:
    return torch.from_numpy(numpy_helper.to_array(tensor).copy())
