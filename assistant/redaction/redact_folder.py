"""Many files redacted: a folder or a store to another, on this machine or a cluster.

A run again does only what changed: by content, by policy, by rules and by the version of the
detector. Files that cannot be redacted are named in a list and remembered, so that they are not tried
again; no copy of them leaves. What stands for whom is not kept: for a case use `redact_file`.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.app import App
from assistant.errors import CaseNeeded
from assistant.papers.table_files import csv_file
from assistant.redaction.engines import checked_source, chosen_engine
from assistant.redaction.redacted_copies import policy_named
from assistant.redaction.scan_folder import rules_version
from pii.bulk import Done, Progress, run
from pii.bulk_redaction import BulkRedaction, Copy
from pii.cores import usable_cores
from pii.formats.opening import Limits
from pii.inventory import STATES, State
from pii.places import place_of
from pii.policy import RedactionPolicy
from pii.scan_state import Manifest
from records.beijing import SHANGHAI
from records.errors import BadInput
from records.people import Person
from records.permissions import Permission

PURPOSE = "bulk-redaction"


@dataclass(frozen=True, slots=True)
class Redacted:
    """A finished run: its number, the folder of its lists, files by what became of them."""

    run_id: str
    folder: Path
    states: Mapping[State, int]
    known_before: int


def redact_folder(
    app: App,
    person: Person,
    source: str,
    target: str,
    *,
    progress: Progress,
    policy: str = "",
    engine: str = "local",
    workers: int = 0,
    seconds: float = 120,
) -> Redacted:
    """Copies of every file that can be redacted, and lists of the copies and of the others.

    Raises NotPermitted, CaseNeeded for a policy that encrypts, NotFound, BadInput, Unavailable.
    """
    app.authorise(person, Permission.FILE_SCAN)
    app.authorise(person, Permission.FILE_REDACT)
    chosen = policy_named(app, policy)
    if chosen.encrypts:
        raise CaseNeeded
    place, spread = checked_source(app, source), chosen_engine(engine)
    if "://" not in target and "://" not in source:
        _apart(Path(source), Path(target))
    workers = workers or usable_cores()
    app.record(person, "redaction:started", "files", {"workers": workers, "policy": chosen.name})
    setup = BulkRedaction(
        app.keys.derive("inventory"),
        app.rules.current().rules,
        seconds,
        Limits(seconds=seconds),
        policy=chosen,
        target=place_of(target),
    )
    manifest = Manifest(_home(app) / "manifest.jsonl", _version(app, chosen, target), Copy)
    try:
        done = sorted(
            run(place, manifest, setup, workers=workers, progress=progress, engine=spread),
            key=lambda one: one.path,
        )
    finally:
        manifest.close()
    run_id, folder = _written(app, done, chosen)
    states = Counter(one.result.state for one in done)
    app.record(
        person,
        "redaction:finished",
        run_id,
        {"files": len(done), "copies": states[State.READ], "policy": chosen.name},
    )
    return Redacted(run_id, folder, states, sum(one.known_before for one in done))


def _apart(source: Path, target: Path) -> None:
    """Copies among the originals would be redacted again by the next run."""
    inside = target.resolve(), source.resolve()
    if inside[0].is_relative_to(inside[1]) or inside[1].is_relative_to(inside[0]):
        raise BadInput(
            "结果文件夹要与原文件夹分开。请用 --out 另选。",
            "The folder of the copies must be apart from that of the originals. Choose --out.",
        )


def _home(app: App) -> Path:
    return app.settings.home / "redactions"


def _version(app: App, policy: RedactionPolicy, target: str) -> str:
    """What was made by other code, under another policy or for another place is made again."""
    told = repr(sorted((k.value, t.value) for k, t in policy.treatments.items()))
    told += f"{policy.name} {policy.pictures} {policy.keep_region} {target}"
    return rules_version(app.rules.current()) + hashlib.sha256(told.encode()).hexdigest()[:12]


def _written(app: App, done: Sequence[Done], policy: RedactionPolicy) -> tuple[str, Path]:
    """The lists of a run, and a signed statement that holds their hashes."""
    now = app.clock().astimezone(SHANGHAI)
    run_id = f"R-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    folder = _home(app) / run_id
    folder.mkdir(parents=True, mode=0o700)
    made = [one for one in done if one.result.state is State.READ]
    left = [one for one in done if one.result.state is not State.READ]
    lists = {
        "copies.csv": csv_file(
            [
                ("file", "mark", "copy", "sha256", "findings"),
                *(
                    (o.path, o.mark, o.result.path, o.result.sha256, o.result.findings)
                    for o in made
                ),
            ]
        ),
        "quarantine.csv": csv_file(
            [
                ("file", "mark", "state", "原因", "reason"),
                *((o.path, o.mark, o.result.state.value, *_said(o.result.state)) for o in left),
            ]
        ),
    }
    for name, data in lists.items():
        (folder / name).write_bytes(data)
    body = {
        "run": run_id,
        "made_at": now.isoformat(timespec="seconds"),
        "policy": policy.name,
        "copies": len(made),
        "quarantined": len(left),
        **{name: hashlib.sha256(data).hexdigest() for name, data in lists.items()},
    }
    (folder / "statement.json").write_text(app.signer.sign(PURPOSE, body), encoding="utf-8")
    return run_id, folder


def _said(state: State) -> tuple[str, str]:
    return STATES[state].zh, STATES[state].en
