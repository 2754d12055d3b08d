"""Ticket pages: clocks, first steps, decisions, and forms that come back with their reason."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from records.people import Role

Browser = Callable[..., TestClient]


def test_a_reported_incident_shows_its_clocks_and_its_first_step(browser: Browser) -> None:
    client = browser()
    fields = {
        "description": "昨晚丢了一台笔记本，里面有欧盟客户的护照号",
        "aware_at": "2026-11-20T10:00",
        "sensitive": "yes",
    }
    page = client.post("/incidents/new", data=fields, follow_redirects=True).text
    # 72 hours from Friday ten o'clock are over at ten on Monday, the fixed time of the tests.
    assert 'data-due="2026-11-23T02:00:00+00:00"' in page
    assert "已超时" in page
    for expected in ("2026-11-23 10:00", "立即", "现在就做", "视情况适用", "暂定", "INC-2026-0001"):
        assert expected in page
    assert "INC-2026-0001" in client.get("/").text


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"description": ""}, "内容是空的"),
        ({"description": "丢了", "people": "很多"}, "人数"),
        ({"description": "丢了", "people": "-1"}, "人数"),
        ({"description": "丢了", "aware_at": "昨天"}, "知悉时间"),
        ({"description": "丢了", "aware_at": "2027-01-01T00:00"}, "知悉时间不能晚于现在"),
    ],
)
def test_an_incident_form_comes_back_as_typed_with_the_reason(
    browser: Browser, fields: dict[str, str], expected: str
) -> None:
    client = browser()
    response = client.post("/incidents/new", data=fields)
    assert response.status_code == 400
    assert expected in response.text
    assert fields["description"] in response.text
    assert "这里还没有工单" in client.get("/tickets").text


def test_a_destruction_shows_the_date_the_rules_and_what_depends_on_the_holder(
    browser: Browser,
) -> None:
    fields = {"description": "2021年已解约客户的身份证复印件86份"}
    page = browser().post("/destructions/new", data=fields, follow_redirects=True).text
    for expected in ("考虑过的规则", "按单位类型，结论不同", "还需要知道", "金融机构", "DES-2026"):
        assert expected in page


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"description": "一些东西"}, "看不出要销毁的是哪类资料"),
        ({"description": "发票", "record_kind": "x"}, "下拉选项"),
        ({"description": "发票", "event": "invoice_issued"}, "一起填写"),
        ({"description": "发票", "event_date": "2020-01-01"}, "一起填写"),
    ],
)
def test_a_destruction_form_comes_back_with_the_reason(
    browser: Browser, fields: dict[str, str], expected: str
) -> None:
    response = browser().post("/destructions/new", data=fields)
    assert response.status_code == 400
    assert expected in response.text


def test_a_colleague_s_ticket_reads_as_not_found(browser: Browser) -> None:
    fields = {"description": "笔记本丢失，1200名客户"}
    location = browser().post("/incidents/new", data=fields).headers["location"]
    assert browser().get(location).status_code == 404
    assert browser(Role.RESPONDER).get(location).status_code == 200
