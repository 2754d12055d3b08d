"""Every verb at every door, or the reason why not: read from the code, held to parity.yaml.

A verb is at a door when a module of that door, or a function it borrows from another door's module,
names it. A verb that is at neither door nor in the table fails; so does a line that is no longer so.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
DOORS = {
    "cli": ("integrations/cli/*.py",),
    "rest": ("integrations/web/*.py",),
    "web": ("integrations/web/pages/*.py",),
    # What a press, a form or a sentence does in a chat stands with the acts and what chats share.
    "slack": ("integrations/slack/*.py", "integrations/acts/*.py", "integrations/chat/*.py"),
    "feishu": ("integrations/feishu/*.py", "integrations/acts/*.py", "integrations/chat/*.py"),
}
TABLE = yaml.safe_load((Path(__file__).parent / "parity.yaml").read_text(encoding="utf-8"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def verbs() -> set[str]:
    """The verbs, as tests/assistant/test_verbs.py lists them and holds them to permission and audit."""
    module = tree(ROOT / "tests" / "assistant" / "test_verbs.py")
    for node in module.body:
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "GIVEN":
            assert isinstance(node.value, ast.Dict)
            return {one.value for one in node.value.keys if isinstance(one, ast.Constant)}
    raise LookupError("GIVEN")


def imported(node: ast.AST) -> Iterator[tuple[str, str, str]]:
    """Module, name and the name it goes by here, of everything imported from our own packages."""
    for one in ast.walk(node):
        if isinstance(one, ast.ImportFrom) and (one.module or "").startswith(
            ("assistant", "integrations")
        ):
            for name in one.names:
                yield one.module or "", name.name, name.asname or name.name


def named_by(path: Path) -> set[str]:
    """The verbs a module names, and those of what it borrows from another door's module."""
    found = set()
    for module, name, _ in imported(tree(path)):
        source = ROOT / (module.replace(".", "/") + ".py")
        if module.startswith("assistant"):
            found.add(name)
        elif source.exists() and source.parent != path.parent:
            found |= _within(source, name)
    return found


def _within(source: Path, name: str) -> set[str]:
    """The verbs that a function or table of a module names, also through its neighbours there."""
    module = tree(source)
    goes_by = {alias: verb for where, verb, alias in imported(module) if "assistant" in where}
    parts = {
        getattr(one, "name", None) or _target(one): one
        for one in module.body
        if isinstance(one, (ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign))
    }
    found, waiting, seen = set[str](), [name], set[str]()
    while waiting:
        here = waiting.pop()
        if here in parts and here not in seen:
            seen.add(here)
            used = {one.id for one in ast.walk(parts[here]) if isinstance(one, ast.Name)}
            found |= {goes_by[one] for one in used if one in goes_by}
            waiting += [one for one in used if one in parts]
    return found


def _target(node: ast.AST) -> str:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return next((one.id for one in targets if isinstance(one, ast.Name)), "")


def at(door: str) -> set[str]:
    paths = (path for pattern in DOORS[door] for path in sorted(ROOT.glob(pattern)))
    return set().union(*map(named_by, paths))


def absent(door: str) -> dict[str, str]:
    """Each verb the table says is not at this door, with the reason."""
    return {verb: reason for reason, names in TABLE[door].items() for verb in names}


def test_every_verb_is_at_every_door_or_the_table_says_why_not() -> None:
    missing = {
        door: sorted(verbs() - at(door) - set(absent(door)))
        for door in DOORS
        if verbs() - at(door) - set(absent(door))
    }
    assert not missing, f"add to tests/integrations/parity.yaml, with the reason: {missing}"


def test_the_table_says_nothing_that_is_no_longer_so() -> None:
    for door in DOORS:
        assert not set(absent(door)) - verbs(), f"no such verb, {door}"
        assert not set(absent(door)) & at(door), f"reachable by now, {door}"


def test_every_reason_is_a_sentence_and_no_verb_has_two() -> None:
    for door in DOORS:
        names = [verb for verbs_of in TABLE[door].values() for verb in verbs_of]
        assert len(names) == len(set(names)), door
        assert all(len(reason) > 20 for reason in TABLE[door]), door


def test_every_verb_can_be_reached_somehow() -> None:
    everywhere = set().union(*(at(door) for door in DOORS))
    assert verbs() <= everywhere


def test_nothing_but_the_long_connection_needs_the_part_for_feishu() -> None:
    """The extra stays an extra: one module imports it, inside a function."""
    users = {
        path.relative_to(ROOT).as_posix(): [
            node
            for node in tree(path).body
            if isinstance(node, ast.Import | ast.ImportFrom) and "lark_oapi" in ast.dump(node)
        ]
        for package in ("assistant", "integrations", "knowledge", "pii", "records", "tickets")
        for path in (ROOT / package).rglob("*.py")
        if "lark_oapi" in path.read_text(encoding="utf-8")
    }
    assert set(users) == {
        "integrations/feishu/long_connection.py",
        "assistant/operations/check_setup.py",
    }
    assert not any(users.values())
