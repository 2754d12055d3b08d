"""A program that damages the files of an index at random, lets a process open it, and looks what came.

`python -m tests.faults.damaging FOLDER SEED ROUNDS EVERY` prints one line of JSON per damage. Each so many
files of an index have their turn in a round. A child opens the damaged copy and asks, or has it open already while it
is damaged; another builds it anew. Children, because a library may end the whole process over damage.
"""

import json
import os
import random
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.embeddings import Vectors
from knowledge.ingest import ingest
from knowledge.library import Library
from knowledge.model_embeddings import OnnxEmbedder
from pii.cleared import ClearedText, public_text
from records.database import Database
from records.errors import Unavailable
from tests.faults.dying import in_child, load

TODAY = date(2026, 11, 23)
RULES = (
    ("仓库办法", "company", "访客登记本由门卫锁入前台铁柜，至少保存三年。"),
    ("仓库办法", "company", "冷库温度每两小时记录一次，记录交质量部存档。"),
    ("印章办法", "officers", "公章外借须经总经理书面批准，并于当日归还。"),
)
QUESTIONS = [
    public_text(said, source="a question of a test")
    for said in ("访客登记本锁在哪里，保存几年", "冷库温度多久记录一次", "公章外借要谁批准")
]
AUDIENCE = frozenset({"company", "officers"})
Damage = Callable[[Path, random.Random], None]
Said = dict[str, Any]


def flip(path: Path, chance: random.Random) -> None:
    """One to eight bits, anywhere."""
    data = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 8) if data else 0):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    over(path, data)


def blank(path: Path, chance: random.Random) -> None:
    """A run of bytes nulled, as a disk that lost a block."""
    data = bytearray(path.read_bytes())
    start = chance.randrange(len(data) or 1)
    end = min(len(data), start + chance.choice((1, 16, 512, 4096)))
    data[start:end] = bytes(end - start)
    over(path, data)


def cut(path: Path, chance: random.Random) -> None:
    """The end lost."""
    os.truncate(path, chance.randrange(path.stat().st_size or 1))


def delete(path: Path, _chance: random.Random) -> None:
    """The whole file lost."""
    path.unlink()


def append(path: Path, chance: random.Random) -> None:
    """Something more at the end."""
    with path.open("ab") as file:
        file.write(chance.randbytes(chance.choice((1, 100, 5000))))


def over(path: Path, data: bytes | bytearray) -> None:
    """Written into the same file, as a disk does it: whoever has it open or mapped sees it."""
    with path.open("r+b") as file:
        file.write(data)


DAMAGES: dict[str, Damage] = {one.__name__: one for one in (flip, blank, cut, delete, append)}


def unread(_: OnnxEmbedder, texts: Sequence[ClearedText]) -> Vectors:
    """Any vectors: a search of the index takes none that the model of sentences makes, and it is slow."""
    return np.random.default_rng(len(texts)).normal(size=(len(texts), 384)).astype(np.float32)


def build(folder: Path) -> None:
    """An index of invented rules: so many for everybody that Chroma writes its graph, a few for officers."""
    (folder / "policies").mkdir()
    for name, audience, many in (("仓库办法", "company", 1200), ("印章办法", "officers", 40)):
        said = [f"第 {n} 号货架由第 {n % 7} 班看管。" for n in range(many)]
        said += [rule for of, _, rule in RULES if of == name]
        lines = [f"第{n}条 {one}" for n, one in enumerate(said, start=1)]
        head = f"---\naudience: {audience}\n---\n# {name}\n\n"
        (folder / "policies" / f"{name}.md").write_text(head + "\n\n".join(lines), encoding="utf-8")
    database = opened(folder)
    database.upgrade()
    build_index(folder, folder / "index")


def build_index(folder: Path, index: Path) -> None:
    """The index from what is loaded, afresh: `compliance knowledge rebuild`."""
    ingest(
        opened(folder), index, policies=folder / "policies", only=frozenset(), rebuild=True,
        progress=lambda _stage, _done, _total: None,
    )  # fmt: skip


def opened(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'compliance.db'}")


def asked(library: Library) -> Said:
    """What an index says to each question, or the sentence by which it is refused."""
    try:
        found = [
            [hit.provision.id for hit in library.search(one, as_of=TODAY, audience=AUDIENCE)]
            for one in QUESTIONS
        ]
    except Unavailable as error:
        return {"refused": type(error).__name__, "text": f"{error.message.zh} {error.message.en}"}
    return {"answers": found}


def harmed(folder: Path, index: Path, wanted: Said) -> Said:
    """What is said after one damage by a process that opens the index, or had it open."""
    library = Library(opened(folder), index)
    if wanted["live"]:
        asked(library)
    chance = random.Random(wanted["seed"])
    DAMAGES[str(wanted["damage"])](index / str(wanted["file"]), chance)
    return asked(library)


def once(folder: Path, wanted: Said, *, mend: bool) -> Said:
    """One damage to a copy of the index: what was said, and what is once it was built anew."""
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder / "index", copy)
    try:
        said = in_child(partial(harmed, folder, copy, wanted))
    except AssertionError:
        said = {"crashed": True}
    if mend:
        in_child(partial(build_index, folder, copy))
        said["mended"] = in_child(lambda: asked(Library(opened(folder), copy)))
    return {**wanted, **said}


def main(folder: Path, seed: int, rounds: int, every: int) -> None:
    """Each so many files damaged in each round, each time otherwise; one in twenty is built anew."""
    chance = random.Random(seed)
    load()
    OnnxEmbedder.encode = unread  # type: ignore[method-assign]
    folder.mkdir(exist_ok=True)
    in_child(lambda: build(folder))
    whole = folder / "index"
    names = sorted(str(one.relative_to(whole)) for one in whole.rglob("*") if one.is_file())
    # Opened twice: what an opening itself writes is no damage.
    told = [in_child(lambda: asked(Library(opened(folder), whole))) for _ in range(2)]
    print(json.dumps({"told": told, "files": names}), flush=True)  # noqa: T201
    kinds, number = list(DAMAGES), 0
    for turn in range(rounds):
        for at in range(turn % every, len(names), every):
            # In ten rounds each file meets each damage twice: closed, and open.
            live = (turn // len(kinds) + at // every) % 2 == 1
            wanted: Said = {"file": names[at], "damage": kinds[(turn + at) % len(kinds)],
                            "live": live, "seed": chance.getrandbits(32)}  # fmt: skip
            number += 1
            line = once(folder, wanted, mend=number % 20 == 1)
            print(json.dumps(line, ensure_ascii=False), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
