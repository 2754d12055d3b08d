"""Everybody finds each page they may open, and nothing else, two rows at most."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from integrations.web.navigation import GROUPS, navigation
from records.people import Person, Role
from records.permissions import allowed

ENTRIES = [entry for group in GROUPS for entry in group.entries]


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_the_pages_it_may_open_and_no_others(
    role: Role, browser: Callable[..., TestClient]
) -> None:
    client, person = browser(role), Person("P", "x", frozenset({role}))
    for entry in ENTRIES:
        groups, pages = navigation(person, entry.href)
        shown = {one.href for one in (*groups, *pages)}
        may = entry.needs is None or allowed(person, entry.needs)
        assert (entry.href in shown) == may, entry.href
        assert (client.get(entry.href).status_code == 200) == may, entry.href
        assert len(groups) <= 7


@pytest.mark.parametrize(
    ("path", "group", "page"),
    [
        ("/tickets/INC-2026-0001", "/tickets", "/tickets"),
        ("/registers/risk", "/tickets", "/registers"),
        ("/register", "/tickets", "/register"),
        ("/approved", "/ask", "/questions"),
        ("/redacted/F-1", "/redact", "/redact"),
        ("/law/个人信息保护法", "/law", None),
        ("/account", None, None),
    ],
)
def test_where_you_are_is_marked_once(path: str, group: str | None, page: str | None) -> None:
    groups, pages = navigation(Person("P", "x", frozenset(Role)), path)
    assert [one.href for one in groups if one.here] == [group] * (group is not None)
    assert [one.href for one in pages if one.here] == [page] * (page is not None)


def test_nobody_sees_any() -> None:
    assert navigation(None, "/") == ([], [])
