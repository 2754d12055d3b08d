"""Cases, restoring, shredding and rotating as verbs: what is on record, and what a crash leaves."""

import json
from collections.abc import Callable

import pytest

from assistant.app import App, build
from assistant.destruction.shred_client import (
    complete_certificates,
    read_certificate,
    shred_client,
    try_shredding,
)
from assistant.errors import CaseNeeded, NotConfirmed
from assistant.operations.rotate_vault_key import rotate_vault_key
from assistant.redaction.cases import list_vault, open_case, survey_files
from assistant.redaction.list_policies import list_policies
from assistant.redaction.redact_file import redact_file
from assistant.redaction.redacted_copies import fetch_report
from assistant.redaction.restore_file import restore_file
from pii.case import Case
from pii.report_page import report_page
from records.audit import latest_events
from records.certificates import certificate_page
from records.errors import BadInput, Conflict, NotFound, NotPermitted, Unavailable
from records.people import Person, Role
from records.signing import verify

FILE = "姓名：周明轩\n身份证号：11010519491231002X\n".encode()
REASON = "清算组核对债权"


def redacted(app: App, person: Person, name: str = "清和-注销", data: bytes = FILE) -> bytes:
    case = open_case(app, person, name, client="清和")
    return redact_file(app, person, data, "a.txt", policy="auditor", case=case).data


def test_a_copy_is_restored_for_a_reason_that_is_on_record_without_personal_data(
    app: App, administrator: Person
) -> None:
    copy = redacted(app, administrator)
    assert "周明轩" not in copy.decode()
    restored = restore_file(
        app,
        administrator,
        copy,
        "a.redacted.txt",
        case="清和-注销",
        reason="找周明轩13800138000核对",
    )
    assert restored.data == FILE
    with app.database.reading() as session:
        event = latest_events(session, 1)[0]
    assert event.action == "vault:restored"
    assert event.details["places"] == 2
    assert "核对" in str(event.details["reason"])
    assert "13800138000" not in str(event)


@pytest.mark.parametrize("reason", ["", "  ", "因为", "x" * 300])
def test_without_a_proper_reason_nothing_is_restored_or_shredded(
    app: App, administrator: Person, reason: str
) -> None:
    copy = redacted(app, administrator)
    with pytest.raises(BadInput):
        restore_file(app, administrator, copy, "a.txt", case="清和-注销", reason=reason)
    with pytest.raises(BadInput):
        shred_client(app, administrator, "清和", confirmation="清和", reason=reason)
    assert list_vault(app, administrator).clients[0].name == "清和"


def test_who_restores_may_not_shred_and_who_shreds_may_not_restore(
    app: App, person_with: Callable[..., Person]
) -> None:
    officer, approver = person_with(Role.OFFICER), person_with(Role.APPROVER)
    copy = redacted(app, officer)
    with pytest.raises(NotPermitted):
        shred_client(app, officer, "清和", confirmation="清和", reason=REASON)
    with pytest.raises(NotPermitted):
        restore_file(app, approver, copy, "a.txt", case="清和-注销", reason=REASON)
    shred_client(app, approver, "清和", confirmation="清和", reason=REASON)


def test_a_shredding_that_is_tried_says_what_would_go_and_leaves_it(
    app: App, administrator: Person, person_with: Callable[..., Person]
) -> None:
    copy = redacted(app, administrator)
    gone = try_shredding(app, administrator, " 清和 ")
    assert (gone.cases, gone.entries > 0) == (1, True)
    assert restore_file(app, administrator, copy, "a.txt", case="清和-注销", reason=REASON)
    with pytest.raises(NotPermitted):
        try_shredding(app, person_with(Role.OFFICER), "清和")
    with pytest.raises(NotFound):
        try_shredding(app, administrator, "他家")


def test_a_policy_that_encrypts_needs_a_case_that_is_kept(app: App, administrator: Person) -> None:
    for case in (None, Case()):
        with pytest.raises(CaseNeeded):
            redact_file(app, administrator, FILE, "a.txt", policy="auditor", case=case)


def test_the_next_run_of_a_case_names_people_as_the_last_did(
    app: App, administrator: Person
) -> None:
    first = redacted(app, administrator)
    other = "姓名：李晓梅\n与周明轩同行\n".encode()
    second = redacted(app, administrator, data=other).decode()
    assert first.decode().startswith("姓名：客户A\n")
    assert second == "姓名：客户B\n与客户A同行\n"


def test_of_two_runs_at_once_the_second_takes_up_what_the_first_has_named(
    app: App, administrator: Person
) -> None:
    mine = open_case(app, administrator, "清和-注销", client="清和")
    theirs = open_case(app, administrator, "清和-注销")
    one = redact_file(app, administrator, "姓名：周明轩".encode(), "a.txt", case=mine)
    two = redact_file(app, administrator, "姓名：李晓梅".encode(), "b.txt", case=theirs)
    assert (one.data.decode(), two.data.decode()) == ("姓名：客户A", "姓名：客户B")


def test_a_case_belongs_to_one_client(app: App, administrator: Person) -> None:
    redacted(app, administrator)
    open_case(app, administrator, "别的", client="他家")
    with pytest.raises(Conflict):
        open_case(app, administrator, "清和-注销", client="他家")


def test_a_survey_passes_over_what_it_cannot_read(app: App, administrator: Person) -> None:
    case = Case()
    read = survey_files(app, administrator, [(b"MZ", "a.exe"), (FILE, "a.txt")], case)
    assert read == 1
    assert "周明轩" in {one.value for one in case.known}


class Killed(BaseException):
    """The process ends here."""


def test_a_copy_is_never_released_before_its_stand_ins_are_kept(
    app: App, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = open_case(app, administrator, "清和-注销", client="清和")

    def killed(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr(type(app.files), "keep", killed)
    with pytest.raises(Killed):
        redact_file(app, administrator, FILE, "a.txt", policy="auditor", case=case)
    assert list_vault(app, administrator).clients[0].cases[0].entries == 0


def test_shredding_leaves_a_certificate_anybody_can_check_and_nothing_to_restore(
    app: App, administrator: Person
) -> None:
    copy = redacted(app, administrator)
    certificate = shred_client(app, administrator, "清和", confirmation="清和", reason=REASON)
    body = verify(certificate.text, app.signer.public_key).body
    assert body["client"]["name"] == "清和"
    assert body["scope"] == {"cases": 1, "entries": 4}
    assert body["database"]["remains_overwritten"] is True
    with app.database.reading() as session:
        seals = {event.number for event in latest_events(session, 10)}
        assert app.audit.verify(session).whole
    assert body["audit"]["event"] in seals
    with pytest.raises(NotFound):
        restore_file(app, administrator, copy, "a.txt", case="清和-注销", reason=REASON)
    assert read_certificate(app, administrator, certificate.serial).text == certificate.text
    page = certificate_page(certificate, app.signer.public_key)
    assert "<script" not in page
    assert certificate.serial in page
    view = list_vault(app, administrator)
    assert view.certificates == {view.clients[0].id: certificate.serial}


@pytest.mark.parametrize("typed", ["", "清", "清和 公司", "他家"])
def test_a_name_typed_wrongly_destroys_nothing(app: App, administrator: Person, typed: str) -> None:
    copy = redacted(app, administrator)
    with pytest.raises(NotConfirmed):
        shred_client(app, administrator, "清和", confirmation=typed, reason=REASON)
    restored = restore_file(app, administrator, copy, "a.txt", case="清和-注销", reason=REASON)
    assert restored.data == FILE


def test_a_shredding_cut_short_before_the_key_is_gone_changes_nothing(
    app: App, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = redacted(app, administrator)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(type(app.certificates), "draft", killed)
        with pytest.raises(Killed):
            shred_client(app, administrator, "清和", confirmation="清和", reason=REASON)
    restored = restore_file(app, administrator, copy, "a.txt", case="清和-注销", reason=REASON)
    assert restored.data == FILE


def test_a_shredding_cut_short_after_it_still_gets_its_certificate(
    app: App, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    redacted(app, administrator)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(type(app.database), "scrub", killed)
        with pytest.raises(Killed):
            shred_client(app, administrator, "清和", confirmation="清和", reason=REASON)
    assert complete_certificates(app, administrator) == 1
    assert complete_certificates(app, administrator) == 0
    view = list_vault(app, administrator)
    serial = view.certificates[view.clients[0].id]
    body = read_certificate(app, administrator, serial).body
    assert (body["client"]["name"], body["scope"]["entries"]) == ("清和", 4)


def test_after_rotation_everything_is_still_restored(app: App, administrator: Person) -> None:
    copy = redacted(app, administrator)
    key_file = app.settings.home / "keys" / "vault.key"
    before = key_file.read_bytes()
    assert rotate_vault_key(app, administrator) == 1
    assert key_file.read_bytes() != before
    restored = restore_file(app, administrator, copy, "a.txt", case="清和-注销", reason=REASON)
    assert restored.data == FILE


def test_a_report_is_kept_for_its_day_with_a_summary_that_fits_it(
    app: App, administrator: Person
) -> None:
    file = redact_file(app, administrator, FILE, "周明轩.txt")
    kept = fetch_report(app, administrator, file.file_id)
    assert kept.report == file.report
    assert kept.keep_until == file.keep_until
    body = verify(kept.summary, app.signer.public_key).body
    assert body == json.loads(json.dumps(file.report.summary()))
    assert body["original_fingerprint"]
    for text in (kept.summary, report_page(kept.report), kept.report.to_json()):
        assert "周明轩" not in text
        assert "11010519491231002X" not in text
    page = report_page(kept.report)
    for word in ("敏感", "GB/T", "非公开", "遮盖", "masked", "第1行", "公司内部"):
        assert word in page
    assert "<script" not in page


def test_somebody_elses_report_is_not_found(
    app: App, administrator: Person, employee: Person
) -> None:
    file = redact_file(app, administrator, FILE, "a.txt")
    with pytest.raises(NotFound):
        fetch_report(app, employee, file.file_id)


def test_the_person_concerned_gets_their_own_data_and_nobody_elses(
    app: App, administrator: Person
) -> None:
    data = "姓名：周明轩，电话：13800138000\n姓名：李晓梅，电话：13900139000\n".encode()
    file = redact_file(
        app, administrator, data, "a.txt", policy="individual", subject=["周明轩", "13800138000"]
    )
    expected = "姓名：周明轩，电话：13800138000\n姓名：〔姓名〕，电话：〔手机号〕\n"
    assert file.data.decode() == expected
    kept = {line.kind for line in file.report.lines if line.treatment.value == "keep"}
    assert len(kept) == 2


def test_a_vault_key_of_ones_own_is_asked_for(app: App, administrator: Person) -> None:
    redacted(app, administrator)
    settings = app.settings.model_copy(update={"vault_key_file": app.settings.home / "other.key"})
    other = build(settings, clock=app.clock, detector=app.detector)
    with pytest.raises(Unavailable, match="COMPLIANCE_VAULT_KEY"):
        list_vault(other, administrator)
    other.close()


def test_policies_are_listed_with_the_default_and_the_companys_split(
    app: App, employee: Person
) -> None:
    listed = list_policies(app, employee)
    assert listed.default == "standard"
    assert {"processor", "auditor", "individual", "abroad"} <= {p.name for p in listed.policies}
