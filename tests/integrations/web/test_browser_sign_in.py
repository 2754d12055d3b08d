"""Signing in by a real browser: at a provider on another site, and with an authenticator that reads the picture."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import cv2
import numpy as np
import pyotp
import pytest

from assistant.app import App
from assistant.people.manage_people import let_go, make_link
from records.people import Person, Role, all_people
from tests.integrations.web.browsers import browser_tests, served
from tests.integrations.web.provider import CLIENT, Provider, provider_at

pytestmark = browser_tests()

NAME, PASSWORD = "lin.xiao", "correct horse battery"
Find = Callable[..., Any]


@pytest.fixture
def provider(app: App) -> Iterator[Provider]:
    """Another site than ours, as far as a browser is concerned."""
    with provider_at("localhost", app.clock().timestamp()) as imitation:
        yield imitation


def scanned(picture: bytes) -> str:
    """What a phone reads off the screen."""
    seen = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    # The other detector of OpenCV misses one code of twenty.
    return str(cv2.QRCodeDetectorAruco().detectAndDecode(seen)[0])


def severe(chromium: Any) -> list[str]:
    """What the console complained of, but for answers that refuse, which it counts as errors."""
    said = [one["message"] for one in chromium.get_log("browser") if one["level"] == "SEVERE"]
    return [one for one in said if "status of 403" not in one and "favicon" not in one]


def test_the_company_account_signs_in_and_who_left_stays_out(
    chromium: Any, app: App, administrator: Person, provider: Provider
) -> None:
    settings = app.settings.model_copy(
        update={
            "oidc_issuer": provider.url,
            "oidc_client_id": CLIENT,
            "oidc_roles": {"legal": Role.OFFICER},
        }
    )
    find: Find = chromium.find_element

    def by_provider() -> None:
        chromium.get(f"{address}/tickets")
        find("css selector", "a[href^='/sign-in/provider']").click()
        find("id", "agree").click()

    with served(replace(app, settings=settings)) as address:
        by_provider()
        # The strict cookie has come along, though the way led over another site.
        assert find("css selector", ".who").text.startswith("林晓")
        assert chromium.current_url == f"{address}/tickets"
        with app.database.reading() as session:
            (newcomer,) = (one for one in all_people(session) if one.id != administrator.id)
        let_go(app, administrator, newcomer.id)
        by_provider()
        assert find("css selector", "[role=alert]").is_displayed()
        assert find("id", "password").is_displayed()
        chromium.get(f"{address}/tickets")
        assert "/sign-in" in chromium.current_url
    assert severe(chromium) == []


def test_an_authenticator_is_set_up_by_its_picture_and_each_code_opens_once(
    chromium: Any, app: App, administrator: Person, employee: Person
) -> None:
    passed = [timedelta(0)]
    moving = replace(app, clock=lambda: app.clock() + passed[0])
    find: Find = chromium.find_element

    def fill(**values: str) -> None:
        for name, value in values.items():
            field = find("css selector", f"input[name={name}]:not([type=hidden])")
            field.clear()
            field.send_keys(value)
        field.submit()

    def sign_in(code: str) -> None:
        chromium.delete_all_cookies()
        chromium.get(f"{address}/sign-in")
        fill(name=NAME, password=PASSWORD, code=code)

    def typed(code: str) -> None:
        find("id", "code").send_keys(code)
        find("id", "code").submit()

    with served(moving) as address:
        chromium.get(f"{address}/welcome?token={make_link(moving, administrator, employee.id)}")
        fill(name=NAME, password=PASSWORD, again=PASSWORD)
        find("id", "offer-current").send_keys(PASSWORD)
        find("id", "offer-current").submit()
        phone = pyotp.parse_uri(scanned(find("css selector", "img.qr").screenshot_as_png))
        assert isinstance(phone, pyotp.TOTP)
        typed("000000")
        assert "六位数字" in find("css selector", "[role=alert]").text
        typed(phone.at(moving.clock()))
        codes = [one.text for one in chromium.find_elements("css selector", ".codes code")]
        assert len(set(codes)) == 10

        sign_in(phone.at(moving.clock()))  # used at the set-up
        assert find("css selector", "[role=alert]").is_displayed()
        passed[0] += timedelta(seconds=31)
        sign_in(phone.at(moving.clock()))
        assert find("css selector", ".who").text.startswith("林晓")
        sign_in(phone.at(moving.clock()))
        assert find("css selector", "[role=alert]").is_displayed()
        sign_in(codes[3].lower())
        assert find("css selector", ".who").text.startswith("林晓")
        sign_in(codes[3])
        assert find("css selector", "[role=alert]").is_displayed()
        # The phone is lost, and so are the codes: an administrator's link ends the second step.
        link = make_link(moving, administrator, employee.id, keep_authenticator=False)
        chromium.delete_all_cookies()
        chromium.get(f"{address}/welcome?token={link}")
        fill(name=NAME, password=PASSWORD, again=PASSWORD)
        sign_in("")
        assert find("css selector", ".who").text.startswith("林晓")
    assert severe(chromium) == []
