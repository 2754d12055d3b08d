"""Registers by page and by program: forms made from the kind's file, the same refusals at each door."""

import json
import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from assistant.app import App
from integrations.web.api import create_web
from records.people import Person, Role

Browser = Callable[..., TestClient]
Headers = Callable[..., dict[str, str]]
RISK = {"what": "前台电脑未锁屏", "area": "access", "flaw": "yes"}


def test_a_form_made_from_the_file_opens_an_entry_and_leads_on(browser: Browser) -> None:
    officer = browser(Role.OFFICER)
    form = officer.get("/registers/risk/new").text
    for name in ("what", "area", "flaw", "likelihood", "review_on"):
        assert f'name="{name}"' in form
    page = officer.post("/registers/risk/new", data=RISK, follow_redirects=True).text
    assert "RK-2026-0001" in page
    assert "发现缺陷、漏洞立即补救" in page
    assert "数据安全法》第二十九条" in page
    assert "公司内部期限" in page
    step = "/registers/risk/RK-2026-0001/"
    short = officer.post(f"{step}move", data={"to": "assessed"})
    assert short.status_code == 409
    assert "还缺：可能性" in short.text
    changed = RISK | {"area": "storage", "reason": "核对现场"}
    page = officer.post(f"{step}amend", data=changed, follow_redirects=True).text
    assert "访问与使用 → 存储" in page
    assert "前台电脑未锁屏 →" not in page  # only what changed is on record
    done = {"to": "dismissed", "reason": "不成立"}
    page = officer.post(f"{step}move", data=done, follow_redirects=True).text
    assert "保存至 2029年11月24日" in page
    assert "<strong>1</strong><span>已办结</span>" in officer.get("/registers").text


def test_every_kind_has_its_pages_in_both_languages(browser: Browser, app: App) -> None:
    client = browser(*Role)
    for name, kind in app.kinds.items():
        for language in ("zh", "en"):
            listed = client.get(f"/registers/{name}?lang={language}")
            form = client.get(f"/registers/{name}/new?lang={language}")
            assert (listed.status_code, form.status_code) == (200, 200)
            title = kind.name.zh if language == "zh" else kind.name.en
            assert title in listed.text
            # Each control has a label of its own.
            controls = set(re.findall(r' id="(f-[a-z_]+)"', form.text))
            assert controls == set(re.findall(r'<label for="(f-[a-z_]+)"', form.text))


def test_a_form_that_cannot_be_done_comes_back_with_what_was_typed(browser: Browser) -> None:
    officer = browser(Role.OFFICER)
    response = officer.post("/registers/risk/new", data=RISK | {"area": "moon"})
    assert response.status_code == 400
    assert "前台电脑未锁屏" in response.text
    assert "须为所列选项" in response.text
    assert officer.get("/registers/nothing").status_code == 404
    assert officer.get("/registers/risk/RK-2026-9999").status_code == 404


def test_only_the_officer_sees_what_is_sealed_on_the_page(browser: Browser) -> None:
    officer, auditor = browser(Role.OFFICER), browser(Role.AUDITOR)
    officer.post(
        "/registers/rights_request/new",
        data={
            "right": "copy", "received_at": "2026-11-20T09:30", "channel": "mail", "who": "self",
            "requester": "周明轩", "request": "复制交易记录",
        },
    )  # fmt: skip
    address = "/registers/rights_request/RR-2026-0001"
    assert "周明轩" in officer.get(address).text
    assert "周明轩" in officer.get(f"{address}?draft=receipt").text
    seen = auditor.get(address).text
    assert "周明轩" not in seen
    assert "（密存）" in seen
    table = auditor.get("/registers/rights_request/export/csv")
    assert table.headers["content-disposition"].startswith("attachment;")
    assert "周明轩" not in table.text


def test_a_file_is_attached_and_fetched(browser: Browser) -> None:
    officer = browser(Role.OFFICER)
    officer.post("/registers/risk/new", data=RISK)
    step = "/registers/risk/RK-2026-0001/evidence"
    files = {"file": ("a.jpg", b"photo")}
    form = {"field": "proof", "what": "现场照片"}
    page = officer.post(step, data=form, files=files, follow_redirects=True).text
    href = page.split(f'href="{step}/')[1].split('"')[0]
    assert officer.get(f"{step}/{href}").content == b"photo"
    wrong = officer.post(step, data=form | {"field": "what"}, files=files)
    assert wrong.status_code == 400


def test_a_form_of_another_site_changes_nothing(browser: Browser) -> None:
    officer = browser(Role.OFFICER)
    foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert officer.post("/registers/risk/new", data=RISK, headers=foreign).status_code == 403
    assert "没有符合的条目" in officer.get("/registers/risk").text


def test_a_program_does_the_same(client: TestClient, bearer: Headers) -> None:
    officer, approver = bearer(Role.OFFICER), bearer(Role.APPROVER)
    kinds = client.get("/api/registers", headers=officer).json()
    action = next(one for one in kinds if one["id"] == "action")
    assert action["example"]["source"] == "audit"
    me = client.post("/api/registers/risk", json={"values": RISK}, headers=officer)
    assert me.status_code == 201
    number = me.json()["number"]
    way = f"/api/registers/risk/{number}"
    amended = client.post(
        f"{way}/amend", json={"values": {"area": "people"}, "reason": "更正"}, headers=officer
    ).json()
    assert amended["words"]["area"] == {"zh": "人员", "en": "people"}
    assert [one["what"] for one in amended["timeline"]] == ["entry:opened", "entry:amended"]
    refused = client.post(f"{way}/approve", headers=approver)
    assert refused.status_code == 409
    moved = client.post(f"{way}/move", json={"to": "dismissed", "reason": "无"}, headers=officer)
    assert moved.json()["state"] == "dismissed"
    files = {"file": ("a.jpg", b"photo")}
    late = client.post(f"{way}/evidence", data={"field": "proof"}, files=files, headers=officer)
    assert late.status_code == 400
    listed = client.get("/api/registers/risk?search=锁屏", headers=officer).json()
    assert [one["number"] for one in listed] == [number]
    assert client.get(f"{way}", headers=bearer()).status_code == 404
    overview = client.get("/api/registers/overview", headers=officer).json()
    assert next(one for one in overview if one["kind"] == "risk")["closed"] == 1
    body = client.get("/api/registers/risk/export?form=json", headers=officer).json()
    assert body["entries"][0]["number"] == number


def test_the_description_of_the_api_gives_an_example_of_every_kind(app: App) -> None:
    described = create_web(app).openapi()
    post = described["paths"]["/api/registers/{kind}"]["post"]
    examples = post["requestBody"]["content"]["application/json"]["examples"]
    assert set(examples) == set(app.kinds)


@pytest.mark.parametrize("kind", ["risk", "dispute"])
def test_the_command_line_does_the_same(
    kind: str, app: App, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    administrator: Person,
) -> None:  # fmt: skip
    from contextlib import contextmanager

    from integrations.cli import registers

    @contextmanager
    def at_the_keyboard() -> object:
        yield app, administrator

    monkeypatch.setattr(registers, "opened", at_the_keyboard)
    values = [f"{name}={value}" for name, value in app.kinds[kind].example.items()]
    registers.list_all(kind, state="", words="", only_open=False, overdue=False, lang=None)
    nothing = capsys.readouterr().out
    assert "还没有登记" in nothing and f"compliance register open {kind} -s" in nothing
    registers.open_new(kind, values=values, key="", lang=None, as_json=True)
    made = json.loads(capsys.readouterr().out)
    assert made["kind"] == kind
    registers.amend(made["number"], reason="备注", values=None, lang=None, as_json=False)
    assert "备注" in capsys.readouterr().out
    registers.list_all(kind, state="", words="", only_open=True, overdue=False, lang=None)
    assert made["number"] in capsys.readouterr().out
    registers.list_all(kind, state="", words="没有的字", only_open=False, overdue=False, lang=None)
    assert "没有符合条件的条目" in capsys.readouterr().out
    for one in ("", kind):
        registers.kinds(one, lang=None, as_json=False)
        assert app.kinds[kind].name.zh in capsys.readouterr().out


def test_the_year_is_a_page_with_plots_and_files(browser: Browser) -> None:
    officer = browser(Role.OFFICER)
    officer.post("/registers/risk/new", data=RISK | {"area": "sharing"})
    page = officer.get("/registers/review").text
    assert page.count("<svg") >= 2
    assert ">sharing and entrusting</text>" in officer.get("/registers/review?lang=en").text
    assert "登记 1 条" in page
    assert "<script" not in page.split("<main")[1]
    assert officer.get("/registers/review/2026/pdf").content.startswith(b"%PDF")
    assert officer.get("/registers/review/2026/docx").content.startswith(b"PK")
    assert officer.get("/registers/review?year=1999").status_code == 400
    assert browser().get("/registers/review").status_code == 403
    assert officer.get("/api/registers/review/2026").json()["months"][10] == 1
