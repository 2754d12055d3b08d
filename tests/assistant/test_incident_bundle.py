"""The bundle of an incident: complete, restricted, and any change to it shows."""

import io
import json
import zipfile
from collections.abc import Callable

import pypdfium2
import pytest

from assistant.app import App
from assistant.incidents.bundle import IncidentBundle, export_incident
from assistant.incidents.draft_notice import draft_notice
from assistant.incidents.drills import start_drill
from assistant.incidents.evidence import add_incident_evidence
from assistant.incidents.report_incident import report_incident
from assistant.incidents.work_incident import note_incident, revise_incident, settle_clock
from assistant.papers.bundle import INDEX, MANIFEST, sha256
from assistant.papers.check_bundle import check_bundle
from records.errors import BadInput, NotFound, NotPermitted
from records.people import Person, Role
from records.signing import BadSignature, Signer
from tickets.drafts.filling import DraftKind

Register = Callable[..., Person]
PHOTO = b"\x89PNG photograph of the taxi receipt"


@pytest.fixture
def responder(person_with: Register) -> Person:
    return person_with(Role.RESPONDER)


@pytest.fixture
def filed(app: App, person_with: Register, responder: Person) -> str:
    """An incident with a bit of everything."""
    number = report_incident(app, person_with(), "笔记本电脑丢了").ticket.id
    revise_incident(app, responder, number, facts={"people": 2_000_000}, reason="日志")
    settle_clock(app, responder, number, "cac-4h", reference="回执 118")
    note_incident(app, responder, number, "=1+1 出租车公司回电 13800138000")
    add_incident_evidence(app, responder, number, PHOTO, what="出租车票据照片")
    draft_notice(app, responder, number, DraftKind.FIRST_REPORT)
    return number


@pytest.fixture
def made(app: App, responder: Person, filed: str) -> IncidentBundle:
    return export_incident(app, responder, filed)


def inside(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_everything_on_record_is_in_it_and_it_holds(app: App, made: IncidentBundle) -> None:
    files = inside(made.data)
    assert set(files) == {
        *(MANIFEST, INDEX, "README.txt", "report.pdf", "timeline.csv", "deadlines.csv"),
        *("steps.csv", "facts.json", "notes.csv", "evidence.csv"),
        "drafts/01-INC-2026-0001-first_report.docx",
    }
    assert "回执 118" in files["deadlines.csv"].decode()
    assert sha256(PHOTO) in files["evidence.csv"].decode()
    assert "核对" not in files["notes.csv"].decode()
    assert "13800138000" not in str([data.decode("utf-8", "replace") for data in files.values()])
    assert json.loads(files["facts.json"])["people"] == 2_000_000
    found = check_bundle(made.data, app.signer.public_key)
    assert (found.stated["number"], found.files) == ("INC-2026-0001", made.files)
    assert found.stated["audit"]["seal"]


def test_no_cell_of_a_table_is_a_formula(made: IncidentBundle) -> None:
    notes = inside(made.data)["notes.csv"].decode()
    assert ",=1+1" not in notes and "'=1+1" in notes


def test_the_index_names_every_file_with_its_hash(made: IncidentBundle) -> None:
    files = inside(made.data)
    pdf = pypdfium2.PdfDocument(files[INDEX])
    said = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    pdf.close()
    for name in set(files) - {MANIFEST, INDEX, "README.txt"}:
        assert name in said.replace("\r\n", ""), name
        assert sha256(files[name]) in said.replace("\r\n", "")


@pytest.mark.parametrize(
    "change",
    [
        lambda f: {**f, "timeline.csv": f["timeline.csv"] + b"x"},
        lambda f: {**f, "deadlines.csv": f["deadlines.csv"].replace(b"done", b"open")},
        lambda f: {**f, "more.txt": b"x"},
        lambda f: {name: data for name, data in f.items() if name != "evidence.csv"},
        lambda f: {name: data for name, data in f.items() if name != MANIFEST},
        lambda f: {**f, INDEX: b"%PDF-1.7"},
        lambda f: {**f, MANIFEST: f[MANIFEST].replace(b"INC-2026-0001", b"INC-2026-0002")},
        lambda f: {**f, MANIFEST: f[MANIFEST].replace(b"incident-bundle", b"closing-bundle")},
    ],
)
def test_any_change_shows(
    app: App, made: IncidentBundle, change: Callable[[dict[str, bytes]], dict[str, bytes]]
) -> None:
    files = inside(made.data)
    changed = change(dict(files))
    assert changed != files
    with pytest.raises(BadSignature):
        check_bundle(packed(changed), app.signer.public_key)


def test_damage_another_key_and_another_kind_are_refused(app: App, made: IncidentBundle) -> None:
    key = app.signer.public_key
    half = made.data[: len(made.data) // 2]
    for data in (b"", b"PK", half, made.data[:200] + b"\0" + made.data[201:]):
        with pytest.raises(BadSignature):
            check_bundle(data, key)
    with pytest.raises(BadSignature):
        check_bundle(made.data, Signer(b"s" * 32).public_key)
    files = inside(made.data)
    body = json.loads(files[MANIFEST])["body"]
    files[MANIFEST] = app.signer.sign("destruction-certificate", body).encode()
    with pytest.raises(BadSignature, match="kind"):
        check_bundle(packed(files), key)


def test_a_bundle_made_of_a_drill_is_marked_on_every_page(app: App, responder: Person) -> None:
    number = start_drill(app, responder, "ransomware", [responder.id]).ticket.id
    made = export_incident(app, responder, number)
    assert made.name.startswith("DRILL-")
    assert check_bundle(made.data, app.signer.public_key).stated["drill"] is True
    for name in (INDEX, "report.pdf"):
        pdf = pypdfium2.PdfDocument(inside(made.data)[name])
        for page in pdf:
            assert "DRILL" in page.get_textpage().get_text_bounded()
        pdf.close()


def test_who_may_not_read_incidents_takes_none_out(
    app: App, person_with: Register, responder: Person, filed: str
) -> None:
    export_incident(app, person_with(Role.AUDITOR), filed)
    with pytest.raises(NotPermitted):
        export_incident(app, person_with(Role.EMPLOYEE, Role.OFFICER), filed)
    reporter = person_with()
    own = report_incident(app, reporter, "手机丢了").ticket.id
    with pytest.raises(NotPermitted):
        export_incident(app, reporter, own)
    with pytest.raises(NotFound):
        add_incident_evidence(app, reporter, filed, PHOTO, what="照片")
    for data in (b"", b"x" * (25 * 1024 * 1024 + 1)):
        with pytest.raises(BadInput):
            add_incident_evidence(app, responder, filed, data, what="照片")
