"""Each sealed value, in a column or inside JSON, is opened by the check; a damaged one is named by its row."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from assistant.app import App
from assistant.operations.check_records import Checked, check_records
from assistant.operations.sealed_values import COLUMNS, INSIDE
from assistant.registers.work_register import amend_entry, open_entry
from records.people import Person, Role

ROOT = Path(__file__).parents[2]
PHONE = "13800138000"
# What keys are derived for and `sealed_values` does not open: no key that seals what the database keeps …
SEALS_NO_ROW = {
    *("audit", "signing", "fingerprints", "inventory", "sign-in-limits", "recovery-codes"),
    *("vault-names", "backup-key-id", "way-back"),
    *("erasure-certificate", "destruction-certificate"),
}
# … or a check of its own: stored files, jobs, letters.
CHECKED_APART = {"files", "jobs", "letters"}


def sealed(app: App, person: Person) -> Checked:
    return next(one for one in check_records(app, person) if one.name == "sealed")


def changed(app: App, table: str, key: object, column: str, change: Callable[[Any], Any]) -> None:
    """What a row says in JSON changed past every rule of ours, as a damaged disk does it."""
    with app.database.transaction() as session:
        names = session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t"),
            {"t": table},
        ).all()
        for name in names:
            session.execute(text(f"DROP TRIGGER {name}"))
        where = f"FROM {table} WHERE id = :key"
        before = session.scalar(text(f"SELECT {column} {where}"), {"key": key})
        after = change(json.loads(before or ""))
        session.execute(
            text(f"UPDATE {table} SET {column} = :after WHERE id = :key"),
            {"key": key, "after": after if isinstance(after, str) else json.dumps(after)},
        )


def flipped(value: str) -> str:
    """One character in the middle replaced by another of the same alphabet."""
    at = len(value) // 2
    return value[:at] + ("1" if value[at] != "1" else "2") + value[at + 1 :]


def test_a_field_of_an_entry_that_does_not_open_is_named_and_not_told(
    app: App, administrator: Person
) -> None:
    values = {
        name: administrator.id if value == "PERSON" else value
        for name, value in app.kinds["rights_request"].example.items()
    }
    told = {**values, "requester": f"周明轩 {PHONE}"}
    numbers = [open_entry(app, administrator, "rights_request", told).id for _ in range(2)]
    amend_entry(app, administrator, numbers[0], {"requester": "周明轩"}, reason="号码已停用")
    before = sealed(app, administrator)
    assert before.whole and before.number >= 3

    def an_earlier_value(facts: Any) -> Any:
        facts["sealed"]["requester"][0] = flipped(facts["sealed"]["requester"][0])
        return facts

    changed(app, "tickets", numbers[0], "facts", an_earlier_value)
    after = sealed(app, administrator)
    assert after.damaged == (f"tickets {numbers[0]}",)
    assert numbers[0] in after.text.zh and numbers[0] in after.text.en
    assert after.number == before.number
    assert PHONE not in repr(after) and "周明轩" not in repr(after)


def test_json_that_is_broken_is_named_and_the_others_are_read_on(
    app: App, administrator: Person
) -> None:
    example = app.kinds["dispute"].example
    numbers = [open_entry(app, administrator, "dispute", example).id for _ in range(3)]
    changed(app, "tickets", numbers[1], "facts", lambda facts: json.dumps(facts)[:-1])
    changed(app, "tickets", numbers[2], "facts", lambda facts: {**facts, "sealed": [1]})
    assert sealed(app, administrator).damaged == tuple(f"tickets {one}" for one in numbers[1:])


def test_the_path_of_a_file_to_erase_is_opened(
    office: Any, person_with: Callable[..., Person], tmp_path: Path
) -> None:
    path = tmp_path / "周明轩.txt"
    path.write_text("手机：13800138000", encoding="utf-8")
    office.noticed(files=(path,))
    checker = person_with(*Role)
    assert sealed(office.app, checker).whole
    with office.app.database.reading() as session:
        row = session.scalar(
            text("SELECT id FROM ticket_events WHERE what = 'destruction:appraised'")
        )

    def other_bytes(details: Any) -> Any:
        details["targets"][0]["sealed"] = flipped(details["targets"][0]["sealed"])
        return details

    changed(office.app, "ticket_events", row, "details", other_bytes)
    found = sealed(office.app, checker)
    assert found.damaged == (f"ticket_events {row}",)
    assert "周明轩" not in repr(found)


def test_every_purpose_a_key_is_derived_for_is_known_here() -> None:
    texts = [
        path.read_text(encoding="utf-8")
        for package in ("assistant", "integrations", "records", "tickets", "pii", "knowledge")
        for path in (ROOT / package).rglob("*.py")
    ]
    used = {one for said in texts for one in re.findall(r'derive\(\s*"([a-z-]+)"', said)}
    named = [said for said in texts if "import Sealing" in said]
    used |= {one for said in named for one in re.findall(r'(?m)^PURPOSE = "([a-z-]+)"', said)}
    opened = {purpose for purpose, _ in COLUMNS.values()} | {one.purpose for one in INSIDE.values()}
    assert used == opened | SEALS_NO_ROW | CHECKED_APART
