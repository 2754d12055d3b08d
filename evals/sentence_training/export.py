"""The trained network as model.onnx and tokenizer.json, its large tables in eight bits with a scale for each row.

And back, to go on from.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from evals.sentence_training.base import tokenizer
from evals.sentence_training.network import Network

_MOST = 127


class _Words(torch.nn.Module):  # type: ignore[misc]  # torch is not installed where mypy runs
    """The embeddings of pieces; only those asked for are widened."""

    def __init__(self, table: Any) -> None:
        super().__init__()
        self.scale = table.abs().amax(1, keepdim=True) / _MOST
        self.steps = (table / self.scale).round().to(torch.int8)

    def forward(self, ids: Any) -> Any:
        """Vectors [batch, length, width]."""
        return self.steps[ids].float() * self.scale[ids]


def export(network: Network, pieces: Sequence[tuple[str, float]], folder: Path) -> None:
    """Write both files into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    network = network.eval()
    network.word = _Words(network.word.weight.detach())
    torch.onnx.export(
        network, (torch.full((2, 9), 5),), str(path), dynamo=False, opset_version=17,
        input_names=["input_ids"], output_names=["vectors"],
        dynamic_axes={"input_ids": {0: "batch", 1: "length"}, "vectors": {0: "batch"}},
    )  # fmt: skip
    model = onnx.load(str(path))
    _pack(model.graph)
    onnx.save(model, str(path))
    tokenizer(pieces).save(str(folder / "tokenizer.json"), pretty=False)


def imported(folder: Path) -> tuple[Network, list[tuple[str, float]]]:
    """The network that `export` wrote there, and its pieces with their scores."""
    graph = onnx.load(str(folder / "model.onnx")).graph
    held = {one.name: torch.tensor(numpy_helper.to_array(one)) for one in graph.initializer}
    constants = {
        node.output[0]: torch.tensor(numpy_helper.to_array(node.attribute[0].t))
        for node in graph.node
        if node.op_type == "Constant"
    }
    words = [
        constants[node.input[0]]
        for node in graph.node
        if node.op_type == "Gather" and node.input[1] == "input_ids"
    ]
    weights = {name: values for name, values in held.items() if "MatMul" not in name}
    weights["word.weight"] = words[0].float() * words[1]
    for node in graph.node:
        if node.op_type == "MatMul" and f"{node.input[1]}_steps" in held:
            steps, scale = (held[f"{node.input[1]}_{part}"] for part in ("steps", "scale"))
            name = node.output[0].removesuffix("/MatMul_output_0").strip("/").replace("/", ".")
            weights[f"{name}.weight"] = (steps.float() * scale).T
    network = Network(len(weights["word.weight"]))
    network.load_state_dict(weights)
    said = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    return network, [(piece, score) for piece, score in said["model"]["vocab"]]


def _pack(graph: Any) -> None:
    """What the dense layers multiply by, in whole numbers; widened once, when the model is loaded."""
    dense = {node.input[1] for node in graph.node if node.op_type == "MatMul"}
    kept, nodes = [], []
    for one in graph.initializer:
        if one.name not in dense:
            kept.append(one)
            continue
        values = torch.from_numpy(numpy_helper.to_array(one).copy())
        scale = values.abs().amax(0) / _MOST
        steps = (values / scale).round().to(torch.int8)
        name = {part: f"{one.name}_{part}" for part in ("steps", "wide", "scale")}
        kept += [
            numpy_helper.from_array(steps.numpy(), name["steps"]),
            numpy_helper.from_array(scale.numpy(), name["scale"]),
        ]
        nodes += [
            helper.make_node("Cast", [name["steps"]], [name["wide"]], to=TensorProto.FLOAT),
            helper.make_node("Mul", [name["wide"], name["scale"]], [one.name]),
        ]
    nodes += graph.node
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
