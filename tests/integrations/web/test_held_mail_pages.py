"""Mails held: listed with the reason for responders alone, a ticket from one in their name."""

from assistant.app import App
from assistant.incidents.mail_reports import take_mail
from records.people import Role
from tests.integrations.web.test_register_pages import Browser

MAIL = "From: x@evil.example\nSubject: 电脑丢了\n\n笔记本电脑丢了，涉及客户周明轩等86人".encode()


def test_a_held_mail_says_why_and_opens_a_ticket(app: App, browser: Browser) -> None:
    held = take_mail(app, MAIL)
    responder = browser(Role.RESPONDER)
    assert "/incidents/mails" in responder.get("/tickets").text
    page = responder.get("/incidents/mails").text
    assert f"M-{held.number}" in page
    assert "发件人未登记" in page
    assert "周明轩" not in page
    assert "evil" not in page
    done = responder.post(f"/incidents/mails/{held.number}/release", follow_redirects=False)
    assert done.status_code == 303
    assert done.headers["location"].startswith("/tickets/INC-")
    assert responder.get(done.headers["location"]).status_code == 200
    assert f"M-{held.number}" not in responder.get("/incidents/mails").text


def test_nobody_else_sees_them_and_one_that_is_not_there_is_told(
    app: App, browser: Browser
) -> None:
    take_mail(app, MAIL)
    employee = browser(Role.EMPLOYEE)
    assert employee.get("/incidents/mails").status_code == 403
    assert "/incidents/mails" not in employee.get("/tickets").text
    gone = browser(Role.RESPONDER).post("/incidents/mails/99/release")
    assert gone.status_code == 404
    assert "没有待核对的邮件 99" in gone.text
