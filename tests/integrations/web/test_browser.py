"""The main path in a real browser: sign in, ask, read the source, redact, report, see the clock."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from records.people import Person, Role
from tests.integrations.web.browsers import PATIENCE, browser_tests

pytestmark = browser_tests()


def test_the_main_path(
    chromium: Any,
    address: str,
    person_with: Callable[..., Person],
    token_of: Callable[[Person], str],
    tmp_path: Path,
) -> None:
    find = chromium.find_element

    chromium.get(f"{address}/sign-in?token={token_of(person_with(Role.EMPLOYEE))}")
    assert chromium.current_url == f"{address}/"
    assert "林晓" in find("css selector", ".who").text

    chromium.get(f"{address}/ask")
    find("id", "question").send_keys("个人信息保护法第四十七条")
    find("css selector", "#ask-form .button").click()
    citation = find("css selector", "#answer a[data-panel]")
    chromium.execute_script("arguments[0].click()", citation)
    assert "第四十七条" in find("css selector", "#panel h2").text
    assert find("css selector", "#panel mark").is_displayed()
    find("css selector", "#panel [data-close]").click()
    chromium.get(citation.get_attribute("href"))
    assert "主动删除个人信息" in find("css selector", ".chosen mark").text

    client_file = tmp_path / "客户.csv"
    client_file.write_text("客户姓名,手机号\n张伟,13800138000\n", encoding="utf-8")
    chromium.get(f"{address}/redact")
    find("id", "file").send_keys(str(client_file))
    assert "客户.csv" in find("css selector", ".chosen").text
    find("css selector", "#upload .button").click()
    assert "已复核放行" in find("css selector", ".release").text
    assert "13800138000" not in chromium.page_source

    chromium.get(f"{address}/incidents/new")
    find("id", "description").send_keys("笔记本丢失，里面有欧盟客户的护照号")
    find("css selector", "main .button").click()
    assert "现在就做" in find("css selector", ".step.first").text
    clock = find("css selector", "[data-due]")
    before = clock.text
    time.sleep(2.2)
    assert clock.text != before

    # Nothing was refused by our own policy, and nothing was fetched from elsewhere.
    assert [one["message"] for one in chromium.get_log("browser") if one["level"] == "SEVERE"] == []


def test_what_is_asked_back_is_answered_by_a_button_with_the_keyboard(
    chromium: Any,
    address: str,
    person_with: Callable[..., Person],
    token_of: Callable[[Person], str],
) -> None:
    find = chromium.find_element
    chromium.get(f"{address}/sign-in?token={token_of(person_with(Role.EMPLOYEE))}")
    chromium.get(f"{address}/ask")
    find("id", "question").send_keys("客户解约三年了，他的身份证复印件可以销毁吗？")
    find("css selector", "#ask-form .button").click()
    before = find("id", "conclusion").text
    chips = chromium.find_elements("css selector", ".asked-back .chip")
    bank = next(chip for chip in chips if "银行" in chip.text)
    bank.send_keys("\ue007")
    assert "金融机构" in find("xpath", "//q[contains(., '我们是')]").text
    after = find("id", "conclusion").text
    assert after != before
    assert "还不能销毁" in after
    assert [one["message"] for one in chromium.get_log("browser") if one["level"] == "SEVERE"] == []


def test_a_file_is_reviewed_with_the_keyboard_and_by_selecting_words(
    chromium: Any,
    address: str,
    person_with: Callable[..., Person],
    token_of: Callable[[Person], str],
    tmp_path: Path,
) -> None:
    find = chromium.find_element
    client_file = tmp_path / "客户.txt"
    client_file.write_text(
        "客户姓名：陈明远\n项目代号青松三号，热线0571-88886666。\n", encoding="utf-8"
    )
    chromium.get(f"{address}/sign-in?token={token_of(person_with(Role.OFFICER))}")
    chromium.get(f"{address}/redact")
    find("id", "file").send_keys(str(client_file))
    find("css selector", "button[formaction='/reviews']").click()

    names = [one.text for one in chromium.find_elements("css selector", ".group-value strong")]
    page = find("css selector", "body")
    for _ in range(names.index("0571-88886666") + 1):
        page.send_keys("j")
    find("css selector", ".group.current input:checked").send_keys("r")
    assert find("css selector", ".group.stays strong").text == "0571-88886666"
    assert find("css selector", "mark.stays[data-group]").text == "0571-88886666"

    chromium.execute_script(
        "const text = document.evaluate(\"//p/text()[contains(., '青松三号')]\", document, null,"
        " XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue;"
        "const at = text.data.indexOf('青松三号');"
        "document.getSelection().setBaseAndExtent(text, at, text, at + 4);"
    )
    words = find("id", "add-text")
    deadline = time.monotonic() + PATIENCE
    while words.get_attribute("value") != "青松三号" and time.monotonic() < deadline:
        time.sleep(0.05)
    chromium.execute_script("arguments[0].click()", find("css selector", "button[value=add]"))
    assert find("css selector", "#add .group strong").text == "青松三号"
    find("css selector", "button[value=finish]").click()
    assert "已复核放行" in find("css selector", ".release").text
    assert "0571-88886666" in chromium.page_source
    assert "青松三号" not in chromium.page_source
    assert [one["message"] for one in chromium.get_log("browser") if one["level"] == "SEVERE"] == []
