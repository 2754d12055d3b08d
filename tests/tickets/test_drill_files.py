"""The scenarios of drills: consistent with the rules they train, refused where they are not."""

import shutil
from pathlib import Path

import pytest

from records.data_files import BadDataFile
from tickets.drills.data import FOLDER, load_scenarios, scenarios
from tickets.incidents.text import facts_from_text
from tickets.playbooks.data import choose


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("severity: general", "severity: major", "grade as general"),
        ("id: pipl57-authority", "id: police", "do not start"),
        ("wrong: [cac-4h", "wrong: [dsl29", "it runs"),
        ("wrong: [cac-4h", "wrong: [cac-5h", "no such clock"),
        ("at: 20", "at: 200", "injects"),
        ("at: 8,", "at: 20,", "injects"),
        ("within: 60", "within: 600", "after the end"),
        ("people: '1200'", "persons: '1200'", "nobody knows"),
        ("people: '1200'", "people: 'many'", "number"),
        ("steps: [1, 2, 3, 4]", "steps: [1, 22]", "fewer steps"),
        ("kind: lost_device", "kind: lost_laptop", "kind"),
    ],
)
def test_a_scenario_that_contradicts_the_rules_is_refused(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    shutil.copy(FOLDER / "lost-laptop.yaml", tmp_path / "lost-laptop.yaml")
    path = tmp_path / "lost-laptop.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadDataFile, match=named):
        load_scenarios(tmp_path)


def test_each_opening_reads_as_its_kind_and_every_playbook_step_expected_exists() -> None:
    for one in scenarios():
        assert facts_from_text(one.opening.zh).kind is one.kind, one.id
        assert len(choose(one.known_at_the_end()).steps) >= max(one.expect.steps)
