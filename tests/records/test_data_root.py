"""The data root: made once, opened with the master key only, kept when that key is exchanged."""

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.app import App, build, data_root, signer_of
from assistant.operations.rotate_master_key import rotate_master_key
from assistant.redaction.cases import open_case
from assistant.redaction.redact_file import redact_file
from assistant.redaction.redacted_copies import fetch_redacted
from assistant.settings import Settings
from records.audit import latest_events
from records.database import Database
from records.errors import Unavailable
from records.keys import Keys
from records.people import Person, Role, add_person
from tests.records.going_back import downgraded

OLD, NEW = (base64.b64encode(bytes([one]) * 32).decode() for one in (1, 2))
# A key service in miniature: base64 in, base64 out, and it turns its bytes over.
SERVICE = """import base64, sys
print(base64.b64encode(bytes(255 - b for b in base64.b64decode(sys.stdin.read()))).decode())
"""


@pytest.fixture
def product(tmp_path: Path) -> Callable[..., App]:
    """The product in one home, with the settings given."""

    def made(**settings: object) -> App:
        return build(Settings(home=tmp_path / "home", **settings))

    return made


def somebody(app: App) -> Person:
    with app.database.transaction() as session:
        return add_person(session, name="林晓", roles={Role.ADMINISTRATOR}, now=app.clock())


def used(app: App, person: Person) -> str:
    """The number of a file, kept among other things that are sealed."""
    open_case(app, person, "清和-注销", client="清和")
    return redact_file(app, person, "手机：13800138000".encode(), "a.txt").file_id


def holds(app: App, person: Person, file_id: str) -> bool:
    fetch_redacted(app, person, file_id)
    with app.database.reading() as session:
        assert app.vault.find_case(session, "清和-注销")
        return app.audit.verify(session).whole


def secret(key: str) -> SecretStr:
    return SecretStr(key)


def test_the_root_is_random_and_stands_in_the_database_wrapped(
    product: Callable[..., App], tmp_path: Path
) -> None:
    app = product(master_key=secret(OLD))
    assert app.keys.master != base64.b64decode(OLD)
    app.close()
    other = build(Settings(home=tmp_path / "other", master_key=secret(OLD)))
    assert other.keys.master != app.keys.master
    other.close()
    raw = b"".join(one.read_bytes() for one in (tmp_path / "home").glob("*.db*"))
    assert app.keys.master not in raw


def test_a_key_file_is_exchanged_and_everything_is_still_there(
    product: Callable[..., App], tmp_path: Path
) -> None:
    app = product()
    person = somebody(app)
    file_id, public_key = used(app, person), app.signer.public_key
    key_file = tmp_path / "home" / "keys" / "master.key"
    before = key_file.read_bytes()
    rotated = rotate_master_key(app, person)
    assert rotated.before != rotated.key_id
    assert key_file.read_bytes() != before
    assert not key_file.with_name("master.key.next").exists()
    with app.database.reading() as session:
        event = latest_events(session, 1)[0]
    assert (event.action, event.subject) == ("keys:rotated", rotated.key_id)
    app.close()
    again = product()
    assert holds(again, person, file_id)
    assert again.signer.public_key == public_key == signer_of(again.settings).public_key
    again.close()
    key_file.write_bytes(before)
    with pytest.raises(Unavailable, match="COMPLIANCE_MASTER_KEY"):
        product()


def test_a_key_in_the_environment_is_exchanged_by_naming_the_old_one(
    product: Callable[..., App],
) -> None:
    app = product(master_key=secret(OLD))
    person = somebody(app)
    file_id = used(app, person)
    app.close()
    with pytest.raises(Unavailable, match="COMPLIANCE_MASTER_KEY_PREVIOUS"):
        product(master_key=secret(NEW))
    both = product(master_key=secret(NEW), master_key_previous=secret(OLD))
    first, again = rotate_master_key(both, person), rotate_master_key(both, person)
    assert first.before != first.key_id == again.key_id == again.before
    both.close()
    alone = product(master_key=secret(NEW))
    assert holds(alone, person, file_id)
    alone.close()


def test_a_key_service_wraps_the_root_and_takes_over_from_a_key_file(
    product: Callable[..., App], tmp_path: Path
) -> None:
    service = tmp_path / "service.py"
    service.write_text(SERVICE)
    command = f"python3 {service}"
    app = product()
    person = somebody(app)
    file_id = used(app, person)
    app.close()
    served = product(master_wrap_command=command, master_unwrap_command=command)
    assert rotate_master_key(served, person).key_id == "service"
    served.close()
    (tmp_path / "home" / "keys" / "master.key").unlink()
    again = product(master_wrap_command=command, master_unwrap_command=command)
    assert holds(again, person, file_id)
    again.close()
    with pytest.raises(Unavailable):
        product(master_wrap_command="false", master_unwrap_command="false")


def before_there_was_a_root(app: App) -> None:
    """The home as the release before left it."""
    downgraded(app.database, "0018")
    app.close()


def with_root(monkeypatch: pytest.MonkeyPatch, root: bytes) -> None:
    """New roots are the master key itself, as everything was made with before."""
    monkeypatch.setattr("records.data_root.token_bytes", lambda _: root)


def test_an_older_home_keeps_its_keys_and_its_master_key_can_be_exchanged_from_then_on(
    product: Callable[..., App], monkeypatch: pytest.MonkeyPatch
) -> None:
    master = base64.b64decode(OLD)
    with monkeypatch.context() as patched:
        with_root(patched, master)
        app = product(master_key=secret(OLD))
    assert app.keys == Keys(master)
    person = somebody(app)
    file_id = used(app, person)
    before_there_was_a_root(app)
    with pytest.raises(Unavailable, match="COMPLIANCE_MASTER_KEY"):
        product(master_key=secret(NEW))
    upgraded = product(master_key=secret(OLD))
    assert upgraded.keys == Keys(master)
    assert holds(upgraded, person, file_id)
    upgraded.close()
    # Both at once: upgraded and exchanged.
    rotated = product(master_key=secret(NEW), master_key_previous=secret(OLD))
    rotate_master_key(rotated, person)
    rotated.close()
    alone = product(master_key=secret(NEW))
    assert holds(alone, person, file_id)
    alone.close()


def test_an_unused_home_of_the_release_before_gets_a_random_root(
    product: Callable[..., App],
) -> None:
    app = product(master_key=secret(OLD))
    before_there_was_a_root(app)
    again = product(master_key=secret(OLD))
    assert again.keys.master not in (app.keys.master, base64.b64decode(OLD))
    again.close()


@pytest.mark.parametrize("committed", [False, True])
def test_a_rotation_cut_short_leaves_a_product_that_starts(
    product: Callable[..., App], committed: bool
) -> None:
    app = product()
    person = somebody(app)
    file_id = used(app, person)
    ring = app.root.source.begin_rotation()
    if committed:
        with app.database.transaction() as session:
            app.root.rewrap(session, ring)
    app.close()
    again = product()
    assert holds(again, person, file_id)
    rotate_master_key(again, person)
    again.close()
    last = product()
    assert holds(last, person, file_id)
    last.close()


def test_what_a_key_service_answers_wrongly_is_never_committed(
    product: Callable[..., App], tmp_path: Path
) -> None:
    """It wraps, and gives something else back: the old key stays."""
    service = tmp_path / "service.py"
    service.write_text("import base64, os\nprint(base64.b64encode(os.urandom(60)).decode())\n")
    app = product()
    person = somebody(app)
    file_id = used(app, person)
    app.close()
    command = f"python3 {service}"
    broken = product(master_wrap_command=command, master_unwrap_command=command)
    with pytest.raises(Unavailable):
        rotate_master_key(broken, person)
    broken.close()
    again = product()
    assert holds(again, person, file_id)
    again.close()


@pytest.mark.both_engines
def test_several_first_starts_agree_on_one_root(database: Database, tmp_path: Path) -> None:
    root = data_root(Settings(home=tmp_path / "home"))
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: root.keys(database), range(6)))
    assert len({keys.master for keys in found}) == 1
