"""A notice from the form to the ledger, by page and by program, each step refused with its reason."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader

from assistant.app import App
from assistant.notices.send_notice import send_notice
from assistant.notices.write_notice import approve_notice, write_notice
from integrations.replies.notices import next_step
from records.people import Person, Role
from tickets.notices.data import Addressee, Form, NoticeKind, notice_rules
from tickets.notices.records import Wish

Browser = Callable[..., TestClient]
FIELDS = {
    "kind": "transfer",
    "tongue": "both",
    **{
        key: "2027-01-31" if one.form is not Form.TEXT else f"内容{key}"
        for key, one in notice_rules(NoticeKind.TRANSFER).elements.items()
    },
}
PAGE = "/notices/N-2026-0001"
TABLE = "姓名,地址\n<b>周明轩</b>,杭州 1 号".encode()


def test_the_page_leads_from_the_form_to_the_ledger(browser: Browser) -> None:
    officer, approvers = browser(Role.OFFICER), [browser(Role.APPROVER) for _ in range(2)]
    less = {name: text for name, text in FIELDS.items() if name != "recipient_contact"}
    page = officer.post("/notices/new", data=less, follow_redirects=True).text
    assert "<strong>接收方联系方式</strong>" in page.split("下一步：补全内容")[1]
    files = {"file": ("clients.csv", TABLE)}
    page = officer.post(f"{PAGE}/table", files=files, follow_redirects=True).text
    assert "&lt;b&gt;周明轩&lt;/b&gt;" in page
    assert "<b>周明轩" not in page
    blocked = approvers[0].post(f"{PAGE}/approve", data={"revision": "2"})
    assert blocked.status_code == 409
    assert "缺少：接收方联系方式" in blocked.text
    officer.post(f"{PAGE}/text", data=FIELDS)
    assert officer.post(f"{PAGE}/approve", data={"revision": "3"}).status_code == 403
    for one in approvers:
        assert "我已看过第 3 版" in one.get(PAGE).text
        assert one.post(f"{PAGE}/approve", data={"revision": "3"}).status_code == 303
        assert "我已看过第 3 版" not in one.get(PAGE).text
    assert approvers[0].post(f"{PAGE}/send").status_code == 403
    page = officer.post(f"{PAGE}/send", follow_redirects=True).text
    assert "送达台账" in page
    assert "1 封信函待打印寄出" in page
    step = f"{PAGE}/copies/posted"
    said = {"key": "N-2026-0001-0001", "reference": "XA12345678933"}
    assert "全部发出" in officer.post(step, data=said, follow_redirects=True).text
    ledger = officer.get(f"{PAGE}/ledger.csv").text
    assert "reference=XA12345678933" in ledger
    assert "周明轩" not in ledger
    why = {"reason": "清算结束，资料期满"}
    page = officer.post(f"{PAGE}/forget", data=why, follow_redirects=True)
    assert page.status_code == 200
    assert "只留下送达台账" in page.text
    assert "周明轩" not in page.text


def test_whoever_sends_is_told_when_mails_leave(
    app: App, person_with: Callable[..., Person], tmp_path: Path
) -> None:
    sends = replace(app, settings=app.settings.model_copy(update={"notice_outbox": tmp_path}))
    officer, given = person_with(Role.OFFICER), dict(FIELDS)
    for name in ("kind", "tongue"):
        del given[name]
    clients = [Addressee("周明轩", mail="zhou@example.com"), Addressee("苏念", address="杭州 1 号")]
    made = write_notice(app, officer, Wish(NoticeKind.TRANSFER, given=given), clients).summary
    for _ in range(2):
        approve_notice(app, person_with(Role.APPROVER), made.number, revision=1)
    said = next_step(send_notice(sends, officer, made.number))
    assert said.zh.startswith("1 封邮件待发出，后台每分钟发出一批")
    assert "1 封信函待打印寄出" in said.zh


def test_bad_rows_are_listed_by_number_and_nothing_is_taken_over(browser: Browser) -> None:
    officer = browser(Role.OFFICER)
    officer.post("/notices/new", data=FIELDS)
    files = {"file": ("clients.csv", TABLE + "\n苏念,".encode())}
    response = officer.post(f"{PAGE}/table", files=files)
    assert response.status_code == 400
    assert "第 3 行：邮箱和地址都没有" in response.text
    assert "苏念" not in response.text
    assert "客户：0 位" in response.text


@pytest.mark.parametrize(
    ("step", "fields", "status"),
    [
        ("approve", {"revision": "x"}, 400),
        ("approve", {"revision": "9"}, 409),
        ("text", {"tongue": "fr"}, 400),
        ("text", {**FIELDS, "transferred_on": "soon"}, 400),
        ("client", {"name": "周明轩", "mail": "no"}, 400),
        ("send", {}, 409),
        ("stop", {}, 409),
        ("copies/posted", {"key": "N-2026-0001-0009", "reference": "XA12345"}, 404),
        ("copies/burn", {}, 404),
        ("burn", {}, 404),
    ],
)
def test_a_step_that_cannot_be_taken_comes_back_with_its_reason(
    browser: Browser, step: str, fields: dict[str, str], status: int
) -> None:
    client = browser(*Role)
    client.post("/notices/new", data=FIELDS)
    response = client.post(f"{PAGE}/{step}", data=fields)
    assert response.status_code == status
    assert "Traceback" not in response.text


def test_an_auditor_sees_where_it_stands_and_neither_clients_nor_letters(browser: Browser) -> None:
    officer = browser(Role.OFFICER)
    officer.post("/notices/new", data=FIELDS)
    officer.post(f"{PAGE}/client", data={"name": "周明轩", "address": "杭州 1 号"})
    auditor = browser(Role.AUDITOR)
    page = auditor.get(PAGE)
    assert page.status_code == 200
    assert "周明轩" not in page.text
    assert "内容reason" not in page.text
    assert auditor.get("/notices/copies/N-2026-0001-0001").status_code == 403
    assert browser().get("/notices").status_code == 403


def test_every_kind_has_its_form_and_an_empty_list_says_so(browser: Browser) -> None:
    officer = browser(Role.OFFICER)
    assert "还没有通知" in officer.get("/notices").text
    for kind in NoticeKind:
        assert kind.label.zh in officer.get(f"/notices/new?kind={kind.value}").text
    assert officer.get("/notices/new?kind=nonsense").status_code == 303


def test_a_program_takes_the_same_steps(
    client: TestClient, bearer: Callable[..., dict[str, str]]
) -> None:
    officer, first, second = bearer(Role.OFFICER), bearer(Role.APPROVER), bearer(Role.APPROVER)
    given = {name: text for name, text in FIELDS.items() if name not in ("kind", "tongue")}
    people = [{"name": "周明轩", "address": "杭州 1 号"}]
    body = {"kind": "transfer", "given": given, "clients": people}
    made = client.post("/api/notices", json=body, headers=officer)
    assert made.status_code == 201
    assert made.json()["missing"] == []
    way = "/api/notices/N-2026-0001"
    for one in (first, second):
        assert client.post(f"{way}/approve", json={"revision": 1}, headers=one).status_code == 200
    assert client.post(f"{way}/send", headers=officer).json()["summary"]["state"] == "released"
    letters = client.get(f"{way}/letters.zip", headers=officer).content
    with zipfile.ZipFile(io.BytesIO(letters)) as found:
        (name,) = [one for one in found.namelist() if one.endswith(".pdf")]
        said = PdfReader(io.BytesIO(found.read(name))).pages[0].extract_text()
    assert "周明轩" in said
    assert "未经批准" not in said
    copy = "/api/notice-copies/N-2026-0001-0001"
    posted = client.post(f"{copy}/posted", json={"reference": "XA12345"}, headers=officer)
    assert posted.json()["summary"]["counts"] == {"sent": 1}
    back = client.post(f"{copy}/bounce", json={"reason": "查无此人退回"}, headers=officer)
    assert back.json()["deliveries"][0]["state"] == "bounced"
    bounce = {"file": ("a.eml", b"Subject: hello")}
    assert client.post("/api/notice-bounces", files=bounce, headers=officer).status_code == 400
    (transfer,) = [
        one
        for one in client.get("/api/notice-kinds", headers=officer).json()
        if one["kind"] == "transfer"
    ]
    assert transfer["citations"][0]["article"] == "22"
