"""The rules of invented companies with what is asked of each: datasets/company_rules/*.txt.

A line is a trade (#), a heading (##), a rule (-), a question the rule above answers (?), or one that none
of the company's rules answers (!).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.asked import DATASETS

FOLDER = DATASETS / "company_rules"
# The sentence model is trained on none of these: by the first the search is weighed, the last are only measured.
FITTED_ON = (
    *("banqian", "binzang", "diaocha", "huodai", "jianshen", "kuaidi", "qixiu", "zhibo"),
    "zhuxiao",
)
ONLY_MEASURED = ("lvxing", "huizuo")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, the heading it stands under, and questions it answers."""

    heading: str
    words: str
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Company:
    """Its rules in order, and questions that none answers."""

    name: str
    rules: tuple[Rule, ...]
    unanswered: tuple[str, ...]


def companies(names: Sequence[str] = ()) -> list[Company]:
    """Those of these names, or all."""
    found = names or sorted(path.stem for path in FOLDER.glob("*.txt"))
    return [_read(FOLDER / f"{name}.txt") for name in found]


def _read(path: Path) -> Company:
    heading, unanswered = "", []
    rules: list[tuple[str, str, list[str]]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        mark, _, words = line.partition(" ")
        match mark:
            case "#":
                continue
            case "##":
                heading = words
            case "-":
                rules.append((heading, words, []))
            case "?":
                rules[-1][2].append(words)
            case "!":
                unanswered.append(words)
            case _:
                raise ValueError(f"{path.name}, line {number}: no such mark")
    return Company(
        path.stem,
        tuple(Rule(heading, words, tuple(asked)) for heading, words, asked in rules),
        tuple(unanswered),
    )
