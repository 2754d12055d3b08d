"""What was kept long enough, by page and by program: asked for once, kept on with a reason."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from assistant.app import App
from assistant.registers.work_register import move_entry, open_entry
from records.people import Person, Role
from tests.integrations.web.test_register_pages import RISK, Browser, Headers


@pytest.fixture
def closed(app: App, person_with: Callable[..., Person]) -> str:
    """A risk closed four years ago, kept for three."""
    officer = person_with(Role.OFFICER)
    now = app.clock()
    object.__setattr__(app, "clock", lambda: now - timedelta(days=4 * 366))
    number = open_entry(app, officer, "risk", RISK).id
    move_entry(app, officer, number, "dismissed", reason="不成立")
    object.__setattr__(app, "clock", lambda: now)
    return number


def test_the_page_asks_for_the_destruction_and_leads_to_its_ticket(
    closed: str, browser: Browser
) -> None:
    officer = browser(Role.OFFICER)
    first = officer.get("/").text
    assert closed in first
    assert 'href="/kept"' in first
    assert closed in officer.get("/kept").text
    assert "保存期满，请处理" in officer.get(f"/registers/risk/{closed}").text
    assert closed not in browser(Role.EMPLOYEE).get("/kept").text
    answer = officer.post(f"/kept/{closed}/destroy", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/tickets/DES-")
    assert closed in officer.get(answer.headers["location"]).text
    again = officer.post(f"/kept/{closed}/destroy", follow_redirects=False)
    assert again.headers["location"] == answer.headers["location"]
    assert closed not in officer.get("/kept").text


def test_kept_on_needs_a_day_and_a_reason(closed: str, browser: Browser, app: App) -> None:
    officer = browser(Role.OFFICER)
    later = (app.today() + timedelta(days=400)).isoformat()
    for fields in ({"until": "", "reason": "诉讼未结"}, {"until": later, "reason": ""},
                   {"until": app.today().isoformat(), "reason": "诉讼未结"}):  # fmt: skip
        refused = officer.post(f"/kept/{closed}/extend", data=fields)
        assert refused.status_code in (400, 422), fields
        assert closed in refused.text
    page = officer.post(
        f"/kept/{closed}/extend", data={"until": later, "reason": "诉讼未结"}, follow_redirects=True
    )
    assert closed not in page.text
    assert "诉讼未结" in officer.get(f"/registers/risk/{closed}").text


def test_programs_read_ask_and_keep_on(closed: str, client: TestClient, bearer: Headers) -> None:
    officer = bearer(Role.OFFICER)
    (one,) = client.get("/api/kept", headers=officer).json()
    assert (one["subject"], one["count"], one["extendable"]) == (closed, 1, True)
    assert client.get("/api/kept", headers=bearer(Role.EMPLOYEE)).json() == []
    path = f"/api/kept/{closed}"
    asked = client.post(f"{path}/destruction", headers=officer)
    assert asked.status_code == 201
    assert asked.json() == client.post(f"{path}/destruction", headers=officer).json()
    refused = client.post(
        f"{path}/extension", headers=officer, json={"until": "2031-01-01", "reason": "诉讼未结"}
    )
    assert refused.status_code == 409
    nothing = client.post(f"{path}/destruction", headers=bearer(Role.EMPLOYEE))
    assert nothing.status_code == 404
