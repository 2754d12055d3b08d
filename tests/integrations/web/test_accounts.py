"""Passwords, codes, links and tokens at the console: what opens, what does not, and how slowly."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.app import App
from assistant.people.manage_people import let_go, make_link
from assistant.people.own_account import accept_authenticator, offer_authenticator, set_password
from integrations.web.api import furnish
from integrations.web.sessions import COOKIE
from records import accounts
from records.accounts import AccountRow, RecoveryCodeRow
from records.api_tokens import ApiTokenRow
from records.audit import latest_events
from records.people import Person, Role
from records.sign_in_limits import TRIES_OF_AN_ACCOUNT

HERE = "http://127.0.0.1:8000"
SAME_ORIGIN = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
Visitor = Callable[[], TestClient]
NAME, PASSWORD = "lin.xiao", "correct horse battery"
WRONG = "登录名、密码或验证码不对"


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords hashed at a hundredth of the cost; one test looks at the true one."""
    if "true_cost" not in request.fixturenames:
        monkeypatch.setattr(accounts, "_HASHER", PasswordHasher(1, 8, 1))
        monkeypatch.setattr(accounts, "_NOBODY", accounts._HASHER.hash("nobody"))


@pytest.fixture
def true_cost() -> None:
    """Asks for the hash as it is outside of tests."""


class Clock:
    """A clock that tests put forward."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(app: App) -> Clock:
    return Clock(app.clock())


@pytest.fixture
def visitor(app: App, web: FastAPI, clock: Clock) -> Callable[[], TestClient]:
    """A function that gives a browser nobody has signed in with; all share the clock."""
    furnish(web, replace(app, clock=clock))

    def browse() -> TestClient:
        return TestClient(
            web,
            base_url=HERE,
            follow_redirects=False,
            headers=SAME_ORIGIN,
            raise_server_exceptions=False,
        )

    return browse


def sign_in(client: TestClient, password: str = PASSWORD, **more: str):
    return client.post("/sign-in", data={"name": NAME, "password": password, **more})


@pytest.fixture
def account(app: App, employee: Person) -> Person:
    set_password(app, employee, name=NAME, password=PASSWORD)
    return employee


@pytest.fixture
def secret(app: App, account: Person) -> str:
    """The secret of the account's authenticator, whose last code was used a minute ago."""
    earlier = replace(app, clock=lambda: app.clock() - timedelta(minutes=1))
    offered = offer_authenticator(earlier, account, current=PASSWORD)
    accept_authenticator(earlier, account, pyotp.TOTP(offered.secret).at(earlier.clock()))
    return offered.secret


@pytest.mark.parametrize("name", [NAME, " Lin.Xiao ", "ＬＩＮ．ＸＩＡＯ"])
def test_the_right_password_signs_in_however_the_name_is_written(
    app: App, account: Person, name: str, visitor: Visitor
) -> None:
    client = visitor()
    response = client.post("/sign-in", data={"name": name, "password": PASSWORD, "to": "/ask"})
    assert (response.status_code, response.headers["location"]) == (303, "/ask")
    assert client.get("/account").status_code == 200


def test_a_wrong_password_and_an_unknown_name_are_told_alike(
    app: App, account: Person, visitor: Visitor
) -> None:
    client = visitor()
    wrong = sign_in(client, "correct horse batterx")
    unknown = client.post("/sign-in", data={"name": "nobody.here", "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == 403
    assert WRONG in wrong.text
    assert wrong.text == unknown.text
    assert COOKIE not in client.cookies
    assert PASSWORD not in unknown.text


def test_after_a_few_tries_even_the_right_password_waits_longer_each_time(
    app: App, account: Person, visitor: Visitor, clock: Clock
) -> None:
    client = visitor()
    for _ in range(TRIES_OF_AN_ACCOUNT):
        assert sign_in(client, "wrong wrong wrong").status_code == 403
    refused = sign_in(client)
    assert refused.status_code == 429
    first = int(refused.headers["retry-after"])
    clock.passes(first + 1)
    assert sign_in(client, "wrong wrong wrong").status_code == 403
    again = sign_in(client)
    assert again.status_code == 429
    assert int(again.headers["retry-after"]) > first
    clock.passes(86401)
    assert sign_in(client).status_code == 303


def test_a_name_nobody_has_is_slowed_down_just_the_same(
    app: App, account: Person, visitor: Visitor
) -> None:
    client = visitor()
    body = {"name": "nobody.here", "password": PASSWORD}
    statuses = [client.post("/sign-in", data=body).status_code for _ in range(6)]
    assert statuses == [403] * 5 + [429]


def test_one_address_cannot_try_a_password_on_everybody(
    app: App, account: Person, monkeypatch: pytest.MonkeyPatch, visitor: Visitor
) -> None:
    monkeypatch.setattr("records.sign_in_limits.TRIES_OF_AN_ADDRESS", 3)
    client = visitor()
    for number in range(3):
        client.post("/sign-in", data={"name": f"n{number}", "password": PASSWORD})
    assert sign_in(client).status_code == 429


def test_with_two_steps_the_password_alone_opens_nothing(
    app: App, secret: str, visitor: Visitor
) -> None:
    client = visitor()
    assert sign_in(client).status_code == 403
    assert sign_in(client, code="000000").status_code == 403
    assert sign_in(client, code=pyotp.TOTP(secret).at(app.clock())).status_code == 303


def test_a_code_is_good_once(app: App, secret: str, visitor: Visitor, clock: Clock) -> None:
    code = pyotp.TOTP(secret).at(app.clock())
    assert sign_in(visitor(), code=code).status_code == 303
    assert sign_in(visitor(), code=code).status_code == 403
    clock.passes(31)
    assert sign_in(visitor(), code=pyotp.TOTP(secret).at(clock())).status_code == 303


@pytest.mark.parametrize(("seconds", "opens"), [(-30, True), (30, True), (-90, False), (90, False)])
def test_a_clock_may_be_half_a_minute_off(
    app: App, secret: str, seconds: int, opens: bool, visitor: Visitor
) -> None:
    code = pyotp.TOTP(secret).at(app.clock() + timedelta(seconds=seconds))
    # The code used at the set-up lies a minute back.
    assert (sign_in(visitor(), code=code).status_code == 303) is opens


def test_a_recovery_code_replaces_a_code_once(app: App, account: Person, visitor: Visitor) -> None:
    offered = offer_authenticator(app, account, current=PASSWORD)
    codes = accept_authenticator(app, account, pyotp.TOTP(offered.secret).at(app.clock()))
    assert len(set(codes)) == 10
    typed = codes[0].lower().replace("-", " ")
    assert sign_in(visitor(), code=typed).status_code == 303
    assert sign_in(visitor(), code=codes[0]).status_code == 403
    assert sign_in(visitor(), code=codes[1]).status_code == 303


@pytest.mark.usefixtures("true_cost")
def test_no_secret_stands_in_the_database_in_clear(app: App, account: Person, secret: str) -> None:
    with app.database.reading() as session:
        row = session.get_one(AccountRow, account.id)
        codes = session.query(RecoveryCodeRow).all()
    assert row.password_hash is not None and row.password_hash.startswith(
        "$argon2id$v=19$m=65536,t=3,p=4$"
    )
    assert row.totp is not None and secret.encode() not in row.totp
    assert len(codes) == 10 and all(len(one.digest) == 64 for one in codes)


def test_two_steps_are_turned_on_by_scanning_and_typing_the_first_code(
    app: App, account: Person, visitor: Visitor
) -> None:
    client = visitor()
    sign_in(client)
    shown = client.post("/account/authenticator", data={"current": PASSWORD})
    assert shown.status_code == 200
    assert 'src="data:image/svg+xml' in shown.text
    secret = re.search(r'class="secret">([A-Z2-7]{32})<', shown.text)
    assert secret is not None
    wrong = client.post("/account/authenticator/code", data={"code": "000000"})
    assert wrong.status_code == 403
    code = pyotp.TOTP(secret[1]).at(app.clock())
    done = client.post("/account/authenticator/code", data={"code": code})
    assert len(re.findall(r"<li><code>[A-Z2-9]{5}-[A-Z2-9]{5}</code>", done.text)) == 10
    assert "已启用" in client.get("/account").text


def test_turning_two_steps_off_takes_the_password_and_a_code(
    app: App, secret: str, visitor: Visitor, clock: Clock
) -> None:
    client = visitor()
    code = pyotp.TOTP(secret).at(app.clock())
    sign_in(client, code=code)
    clock.passes(31)
    fresh = pyotp.TOTP(secret).at(clock())
    way = "/account/authenticator/end"
    assert client.post(way, data={"current": PASSWORD, "code": code}).status_code == 403
    assert client.post(way, data={"current": "wrong wrong 1", "code": fresh}).status_code == 403
    assert client.post(way, data={"current": PASSWORD, "code": fresh}).status_code == 303
    assert sign_in(visitor()).status_code == 303


@pytest.mark.parametrize(
    "password",
    ["short pass", "aaaaaaaaaaaaaa", "abababababab", f"my {NAME} password", "x" * 129, ""],
)
def test_a_password_easy_to_guess_is_refused_with_the_reason(
    app: App, account: Person, password: str, visitor: Visitor
) -> None:
    client = visitor()
    sign_in(client)
    form = {"name": NAME, "current": PASSWORD, "password": password, "again": password}
    response = client.post("/account/password", data=form)
    assert response.status_code == 400
    assert not password or password not in response.text


def test_a_new_password_needs_the_old_one_and_ends_every_other_session(
    app: App, account: Person, visitor: Visitor
) -> None:
    here, elsewhere = visitor(), visitor()
    sign_in(here)
    sign_in(elsewhere)
    form = {"name": NAME, "password": "another long sentence", "again": "another long sentence"}
    assert here.post("/account/password", data=form).status_code == 403
    assert elsewhere.get("/").status_code == 200
    done = here.post("/account/password", data=form | {"current": PASSWORD})
    assert done.status_code == 303
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 303
    assert sign_in(visitor()).status_code == 403
    assert sign_in(visitor(), "another long sentence").status_code == 303


def test_guessing_the_current_password_in_an_open_session_is_slowed_down_too(
    app: App, account: Person, visitor: Visitor
) -> None:
    client = visitor()
    sign_in(client)
    form = {"name": NAME, "password": "another long sentence", "again": "another long sentence"}
    tries = [
        client.post("/account/password", data=form | {"current": f"guess number {n}"}).status_code
        for n in range(6)
    ]
    assert tries == [403] * 5 + [429]


def test_a_link_lets_its_person_choose_a_password_once_and_ends_their_sessions(
    app: App, account: Person, administrator: Person, visitor: Visitor
) -> None:
    signed_in = visitor()
    sign_in(signed_in)
    link = make_link(app, administrator, account.id)
    assert signed_in.get("/").status_code == 303
    client = visitor()
    assert client.get("/welcome", params={"token": link}).status_code == 200
    form = {"token": link, "name": NAME, "password": "a brand new sentence"}
    twice = client.post("/welcome", data=form | {"again": "a brand new sentenca"})
    assert (twice.status_code, "不一样" in twice.text) == (400, True)
    done = client.post("/welcome", data=form | {"again": "a brand new sentence"})
    assert (done.status_code, done.headers["location"]) == (303, "/account")
    assert client.get("/").status_code == 200
    again = client.post("/welcome", data=form | {"again": "a brand new sentence"})
    assert again.status_code == 403
    assert sign_in(visitor()).status_code == 403


def test_a_link_leaves_two_steps_on_unless_the_phone_is_lost(
    app: App, account: Person, administrator: Person, secret: str, visitor: Visitor
) -> None:
    make_link(app, administrator, account.id)
    assert sign_in(visitor()).status_code == 403
    make_link(app, administrator, account.id, keep_authenticator=False)
    assert sign_in(visitor()).status_code == 303


def test_one_sees_where_one_is_signed_in_and_ends_it_there(
    app: App, account: Person, visitor: Visitor
) -> None:
    here, elsewhere = visitor(), visitor()
    sign_in(here)
    elsewhere.headers["User-Agent"] = "Mozilla/5.0 (iPhone; x) <b>Safari/605</b>"
    sign_in(elsewhere)
    page = here.get("/account").text
    assert "Safari, iPhone" in page and "<b>Safari" not in page
    numbers = set(re.findall(r"/account/sessions/(W-\w+)/end", page))
    assert len(numbers) == 2
    mine = re.findall(r"/account/sessions/(W-\w+)/end", page[: page.index("就是这里") + 400])[-1]
    (other,) = numbers - {mine}
    assert here.post(f"/account/sessions/{other}/end").status_code == 303
    assert elsewhere.get("/").status_code == 303
    assert here.get("/").status_code == 200


def test_nobody_ends_the_session_of_another(
    app: App, account: Person, browser: Callable[..., TestClient], visitor: Visitor
) -> None:
    victim = visitor()
    sign_in(victim)
    (number,) = re.findall(r"/account/sessions/(W-\w+)/end", victim.get("/account").text)
    assert browser().post(f"/account/sessions/{number}/end").status_code == 404
    assert victim.get("/").status_code == 200


def test_a_token_is_made_shown_once_used_within_its_scope_and_revoked(
    app: App, account: Person, visitor: Visitor
) -> None:
    client = visitor()
    sign_in(client)
    form = {"name": "归档系统", "scope": ["ticket:list", "question:ask"], "days": "30"}
    made = client.post("/account/tokens", data=form)
    text = re.search(r"compliance_[\w-]{43}", made.text)
    assert text is not None
    assert text[0] not in client.get("/account").text
    with app.database.reading() as session:
        row = session.query(ApiTokenRow).one()
    assert text[0] not in (row.token_sha256, row.name) and row.used_at is None
    program = visitor()
    headers = {"Authorization": f"Bearer {text[0]}"}
    assert program.get("/api/tickets", headers=headers).status_code == 200
    assert program.get("/api/policies", headers=headers).status_code == 403
    assert program.get("/api/account", headers=headers).status_code == 403
    with app.database.reading() as session:
        assert session.get_one(ApiTokenRow, row.id).used_at == app.clock()
    assert client.post(f"/account/tokens/{row.id}/end").status_code == 303
    assert program.get("/api/tickets", headers=headers).status_code == 401


def test_where_the_company_asks_for_two_steps_a_password_leads_to_them_first(
    app: App, account: Person, visitor: Visitor, web: FastAPI
) -> None:
    strict = replace(app, settings=app.settings.model_copy(update={"require_second_factor": True}))
    client = visitor()
    furnish(web, strict)
    sign_in(client)
    assert client.get("/").headers["location"] == "/account"
    assert client.get("/api/status").status_code == 403
    assert client.get("/account").status_code == 200
    offered = offer_authenticator(app, account, current=PASSWORD)
    accept_authenticator(app, account, pyotp.TOTP(offered.secret).at(app.clock()))
    assert client.get("/").status_code == 200


def test_whoever_leaves_is_out_at_once_by_every_way(
    app: App,
    account: Person,
    administrator: Person,
    token_of: Callable[[Person], str],
    visitor: Visitor,
) -> None:
    client, token = visitor(), token_of(account)
    sign_in(client)
    let_go(app, administrator, account.id)
    assert client.get("/").status_code == 303
    assert sign_in(visitor()).status_code == 403
    assert visitor().post("/sign-in", data={"token": token}).status_code == 403


def test_the_last_administrator_can_neither_leave_nor_step_down(
    app: App, administrator: Person, token_of: Callable[[Person], str], visitor: Visitor
) -> None:
    client = visitor()
    client.post("/sign-in", data={"token": token_of(administrator)})
    assert client.post(f"/people/{administrator.id}/end").status_code == 409
    form = {"role": ["employee"]}
    assert client.post(f"/people/{administrator.id}/roles", data=form).status_code == 409


def test_an_administrator_registers_somebody_who_then_comes_in_by_the_link(
    app: App, browser: Callable[..., TestClient], visitor: Visitor
) -> None:
    office = browser(Role.ADMINISTRATOR)
    made = office.post("/people", data={"name": "周明轩", "role": ["employee", "responder"]})
    link = re.search(r"/welcome\?token=([\w-]+)", made.text)
    assert link is not None
    form = {
        "token": link[1],
        "name": "周明轩",
        "password": "十二个字以上的一句话啊啊",
        "again": "十二个字以上的一句话啊啊",
    }
    client = visitor()
    assert client.post("/welcome", data=form).status_code == 303
    assert "周明轩" in client.get("/account").text
    assert client.get("/people").status_code == 403


def test_signing_in_and_failing_to_leaves_events_without_names_or_passwords(
    app: App, account: Person, visitor: Visitor
) -> None:
    client = visitor()
    sign_in(client, "wrong wrong wrong")
    client.post("/sign-in", data={"name": "nobody.here", "password": PASSWORD})
    sign_in(client)
    with app.database.reading() as session:
        events = latest_events(session, 3)
    assert [(one.action, one.subject) for one in reversed(events)] == [
        ("sign-in:refused", account.id),
        ("sign-in:refused", "unknown"),
        ("sign-in:done", account.id),
    ]
    assert not any(word in str(events) for word in (NAME, PASSWORD, "nobody", "wrong wrong"))
