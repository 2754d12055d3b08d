"""Train the name model: `python -m evals.training.train CORPUS.jsonl.gz pii/name_model.onnx`.

Needs torch and onnx, in an environment of their own: docs/name-model.md. One seed, two threads,
about a quarter of an hour.
"""

import argparse
import gzip
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy
import torch
from torch import nn

from evals.training.network import SCORES, Network, export
from pii.characters import PADDING, UNKNOWN_HAN, encode, vocabulary
from pii.name_model import TAGS
from pii.normalise import normalise
from pii.sentences import sentences
from pii.words import word_places

SEED = 20260119
_CHARACTERS_A_BATCH = 6000
_HIDDEN_SHARE = 0.015
_HELD = 4000
_NAME_WEIGHT = 1.5
_BEGINS = {tag: 2 * number + 1 for number, tag in enumerate(TAGS)}


def examples(path: Path) -> list[tuple[Any, Any, Any]]:
    """Numbers, places in words and tags of each sentence, cut as the product cuts them."""
    read: list[tuple[Any, Any, Any]] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            text, spans = json.loads(line)
            tags = numpy.zeros(len(text), dtype=numpy.int64)
            for start, end, tag in spans:
                tags[start:end] = _BEGINS[tag] + 1
                tags[start] = _BEGINS[tag]
            read_as = normalise([text])
            numbers = encode(read_as.text[: read_as.body])
            read.extend(
                (numbers[start:end], _places(read_as.text[start:end]), tags[start:end])
                for start, end in sentences(read_as.text[: read_as.body])
            )
    return read


def _places(sentence: str) -> Any:
    return numpy.frombuffer(word_places(sentence), dtype=numpy.uint8)


def batches(
    read: Sequence[tuple[Any, Any, Any]], chosen: random.Random
) -> Iterator[tuple[Any, Any, Any]]:
    """Batches of sentences of about one length, in random order."""
    order = sorted(range(len(read)), key=lambda i: (len(read[i][0]), chosen.random()))
    groups: list[list[int]] = []
    group: list[int] = []
    for i in order:
        if group and len(read[i][0]) * (len(group) + 1) > _CHARACTERS_A_BATCH:
            groups.append(group)
            group = []
        group.append(i)
    groups.append(group)
    chosen.shuffle(groups)
    for group in groups:
        length = max(len(read[i][0]) for i in group)
        ids = numpy.full((len(group), length), PADDING, dtype=numpy.int64)
        words = numpy.zeros_like(ids)
        tags = numpy.full((len(group), length), -100, dtype=numpy.int64)
        for row, i in enumerate(group):
            size = len(read[i][0])
            ids[row, :size], words[row, :size], tags[row, :size] = read[i]
        yield torch.from_numpy(ids), torch.from_numpy(words), torch.from_numpy(tags)


def train(read: Sequence[tuple[Any, Any, Any]], epochs: int, limit: float) -> Network:
    """A trained network; stops early, with the rate run down, when the seconds are used up."""
    torch.manual_seed(SEED)
    chosen = random.Random(SEED)
    network = Network()
    weights = torch.tensor([1.0, *[_NAME_WEIGHT] * 2, *[1.0] * (SCORES - 3)])
    loss_of = nn.CrossEntropyLoss(weight=weights, ignore_index=-100, label_smoothing=0.02)
    optimiser = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=0.01)
    started = time.monotonic()
    total = sum(1 for _ in batches(read, random.Random(0))) * epochs
    step = 0
    for _ in range(epochs):
        for ids, words, tags in batches(read, chosen):
            done = max(step / total, (time.monotonic() - started) / limit)
            if done >= 1:
                return network
            for group in optimiser.param_groups:
                group["lr"] = 3e-3 * min(1.0, (step + 1) / 300) * (1 - done) + 1e-5
            hidden = (torch.rand(ids.shape) < _HIDDEN_SHARE) & (ids >= min(vocabulary().values()))
            scores = network(ids.masked_fill(hidden, UNKNOWN_HAN), words)
            loss = loss_of(scores.reshape(-1, SCORES), tags.reshape(-1))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            step += 1
            if step % 200 == 0:
                print(
                    f"{step}/{total} {time.monotonic() - started:.0f}s {loss.item():.4f}",
                    flush=True,
                )
    return network


def measured(network: Network, held: Sequence[tuple[Any, Any, Any]]) -> str:
    """Characters of people found, and precision, on sentences kept out of training."""
    network.eval()
    right = found = wanted = 0
    with torch.no_grad():
        for ids, words, tags in batches(held, random.Random(0)):
            guessed = network(ids, words).argmax(2)
            people, guesses = (tags == 1) | (tags == 2), (guessed == 1) | (guessed == 2)
            inside = tags != -100
            right += int((people & guesses & inside).sum())
            found += int((guesses & inside).sum())
            wanted += int(people.sum())
    return f"recall {right / wanted:.4f} precision {right / found:.4f}"


def main() -> None:
    """Train, measure, export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    read = examples(given.corpus)
    random.Random(SEED).shuffle(read)
    kept_out = min(_HELD, len(read) // 20)
    held, taught = read[:kept_out], read[kept_out:]
    seen = numpy.bincount(
        numpy.concatenate([ids for ids, _, _ in taught]), minlength=max(vocabulary().values()) + 1
    )
    print(f"{len(taught)} sentences, {int(seen.sum())} characters", flush=True)
    network = train(taught, given.epochs, given.seconds)
    figures = measured(network, held)
    print(figures)
    export(network, seen, given.out, {"seed": str(SEED), "held_out_sentences": figures})


if __name__ == "__main__":
    main()
