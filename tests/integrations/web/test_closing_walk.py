"""An invented company with 40 clients, or 500, from its table to a bundle that holds, by the pages alone."""

import csv
import io
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.app import App
from assistant.papers.check_bundle import check_bundle
from integrations.web.api import furnish
from records.people import Person, Role, give_token
from tests.thorough import size

CLIENTS = size(500, 40)
# Two of each client, and a voucher of every tenth.
RECORDS = 2 * CLIENTS + CLIENTS // 10
CLO = "/closing/CLO-2026-0001"
FAMILY, GIVEN = "王李张刘陈杨黄赵吴周徐孙", "明轩晓雨若溪子墨嘉怡浩然思远"
SAME_ORIGIN = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
PLACES = r'<select name="place">(.*?)</select>'


@dataclass
class Clock:
    """A clock the test turns."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Office:
    """Browsers of everybody a closing needs, over one app whose clock goes on."""

    app: App
    clock: Clock
    people: dict[str, Person]
    web: FastAPI
    signed_in: dict[tuple[str, datetime], TestClient] = field(default_factory=dict)

    def browser(self, name: str) -> TestClient:
        """Somebody signed in now, once a day."""
        if found := self.signed_in.get((name, self.clock.now)):
            return found
        with self.app.database.transaction() as session:
            token = give_token(session, self.people[name].id)
        client = TestClient(
            self.web,
            base_url=SAME_ORIGIN["Origin"],
            follow_redirects=True,
            headers=SAME_ORIGIN,
        )
        assert client.post("/sign-in", data={"token": token}).status_code == 200
        self.signed_in[name, self.clock.now] = client
        return client

    def act(self, name: str, path: str, /, *, text: str = "", **fields: str) -> str:
        """A form handed in, which must be taken; the page it leads to."""
        answer = self.browser(name).post(path, data=fields)
        assert answer.status_code == 200, (path, re.sub(r"<[^>]+>", " ", answer.text)[:3000])
        assert text in answer.text
        return answer.text


@pytest.fixture
def office(app: App, web: FastAPI, person_with: Callable[..., Person]) -> Office:
    clock = Clock(app.clock())
    moving = replace(app, clock=clock)
    furnish(web, moving)
    roles = {
        **{"officer": Role.OFFICER, "first": Role.APPROVER, "second": Role.APPROVER},
        **{"witness": Role.EMPLOYEE, "auditor": Role.AUDITOR},
    }
    return Office(moving, clock, {name: person_with(one) for name, one in roles.items()}, web)


def table() -> bytes:
    """Invented clients as an office keeps them: an e-mail each, a telephone, a column of notes."""
    chance, out = random.Random(7), io.StringIO()
    rows = csv.writer(out)
    heads = ["会员号", "姓名", "手机号", "邮箱", "资料种类", "解约日期", "资料日期", "会计附件"]
    rows.writerow([*heads, "备注"])
    for n in range(CLIENTS):
        who = [f"QH-{n:04d}", chance.choice(FAMILY) + "".join(chance.choices(GIVEN, k=2))]
        who += [f"1380013{n:04d}", f"c{n}@client.example"]
        end = date(2015, 1, 1) + timedelta(days=chance.randrange(1400))
        rows.writerow([*who, "身份证件复印件", end, "", "否", "老客户"])
        rows.writerow([*who, "客户合同", end, "", "否", ""])
        if n % 10 == 0:
            rows.writerow([*who, "会计凭证、账簿", "", end, "", ""])
    return out.getvalue().encode("utf-8-sig")


def destroyed(office: Office, number: str) -> None:
    """A ticket of the project taken all the way to the register."""
    step = f"/tickets/{number}/destruction/"
    office.act("officer", f"{step}appraise", media="paper")
    told = {"clients": str(CLIENTS), "channel": "电子邮件", "wait_days": "15"}
    office.act("officer", f"{step}notify", **told)
    office.clock.now += timedelta(days=16)
    office.act("officer", f"{step}notice-over")
    office.act("officer", f"{step}no-backup", reason="应当删除的资料不留备份")
    for name in ("first", "second"):
        office.act(name, f"{step}approve")
    office.act("first", f"{step}carry-out", witness=office.people["witness"].id)
    office.act("witness", f"{step}witness")
    officer = office.browser("officer")
    photo = officer.post(
        f"{step}evidence", data={"what": "碎纸照片"}, files={"file": ("a.jpg", b"photo")}
    )
    page = photo.text
    office.act("officer", f"{step}complete")
    found = re.search(PLACES, page, re.S)
    assert found
    for place in re.findall(r'value="(\w+)"', found[1]):
        office.act("officer", f"{step}place", place=place, outcome="none", note="逐处核对，没有")
    office.act("second", f"{step}certify", text=f"销毁 {CLIENTS}，返还 0，转移 0")


def may_end(office: Office) -> None:
    """The board says that nothing blocks the end, and to somebody else who ends it."""
    board = office.browser("officer").get(CLO).text
    assert "没有障碍" in board
    assert "可以结束了" in board and "还不能结束" not in board
    assert "由档案与法务人员结束项目" in office.browser("first").get(CLO).text


def test_clients_by_the_pages_from_a_table_to_a_bundle_with_nothing_open(
    office: Office,
) -> None:
    office.act("officer", "/closing", text="一般注销", company="清禾健身服务有限公司",
               route="general", entity="company")  # fmt: skip
    files = {"file": ("clients.csv", table())}
    given = {"holder": "company"}
    page = office.browser("officer").post(f"{CLO}/import", files=files, data=given).text
    assert f"{CLIENTS} 位新客户，{RECORDS} 份资料" in page
    assert "这些列没有读取（表头不认识），如有需要请改表头再导入：备注" in page
    assert "kind=accounting_voucher&amp;status=not_yet#decide" in page

    # What the law forbids is refused whole; each group is then decided by itself.
    refused = office.browser("officer").post(
        f"{CLO}/clients", data={"act": "decide", "decision": "destroy"}
    )
    assert refused.status_code == 409
    keeper = {"somebody": "清河档案服务公司", "contact": "010-60000001"}
    office.act("officer", f"{CLO}/clients", act="decide", decision="keep",
               kind="accounting_voucher", **keeper)  # fmt: skip
    office.act("officer", f"{CLO}/clients", act="decide", decision="destroy", fate="undecided")
    office.act("officer", f"{CLO}/custodian", custodian=keeper["somebody"],
               contact=keeper["contact"])  # fmt: skip

    # Everybody is told by one notice: drafted here, then written out, approved by two, sent.
    page = office.act("officer", f"{CLO}/clients", act="write", notice_kind="destruction",
                      fate="destroy")  # fmt: skip
    assert str(CLIENTS) in page
    office.act("officer", f"{CLO}/clients", act="notice", state="delivered", reference="批次 7",
               fate="keep")  # fmt: skip
    office.act("officer", f"{CLO}/clients", act="notice", state="delivered", reference="批次 8")
    office.act("officer", f"{CLO}/clients", act="settle", fate="keep", note="交接单 7 号")

    page = office.act("officer", f"{CLO}/destroy")
    numbers = re.findall(r'href="/tickets/(DES-\d+-\d+)"', page)
    assert len(numbers) == 2
    for number in numbers:
        destroyed(office, number)

    # The statutory steps with their days, then the twenty sections.
    today, days = office.clock.now.date(), {}
    for name, back in (("cause", 120), ("group_formed", 115), ("creditors_notified", 110),
                       ("announced", 100), ("liquidation_ended", 10), ("deregistered", 1)):  # fmt: skip
        days[name] = (today - timedelta(days=back)).isoformat()
        office.act("officer", f"{CLO}/day", name=name, day=days[name])
    board = office.browser("officer").get(CLO).text
    for shown in board.split('<li class="step')[1:]:
        # What depends on a condition is left out for the reason the page offers: it is not so.
        step = re.findall(r'id="step-([\w-]+)"', shown)[0]
        if_so = 'value="not_so"' in shown
        settled = {"to": "skipped", "reason": "not_so"} if if_so else {"to": "done"}
        office.act("officer", f"{CLO}/item", item=f"step:{step}", note="公告编号 7", **settled)
    for n in range(1, 21):
        office.act("officer", f"{CLO}/item", item=f"section:{n:02d}", to="done", note="清点表 1 号",
                   page="sections")  # fmt: skip
    files = {"file": ("公告.pdf", b"%PDF announcement")}
    page = office.browser("officer").post(
        f"{CLO}/evidence", data={"item": "step:publish-cause", "what": "公示截图"}, files=files
    )
    assert "公示截图" in page.text

    may_end(office)
    assert 'id="decide"' in office.browser("officer").get(f"{CLO}/clients").text
    office.act("officer", f"{CLO}/end", text="项目已结束")
    assert 'id="decide"' not in office.browser("officer").get(f"{CLO}/clients").text
    data = office.browser("auditor").get(f"{CLO}/bundle").content
    found = check_bundle(data, office.app.signer.public_key)
    assert found.stated["blockers"] == {}
    assert found.stated["records"] == {
        **{"all": RECORDS, "settled": RECORDS},
        **{"destroy": 2 * CLIENTS, "keep": CLIENTS // 10},
    }
    assert {name for name in found.members if name.endswith(".json")} == {
        f"certificates/DC-2026-0000{n}.json" for n in (1, 2)
    }
    whole = b"".join(found.members.values())
    assert b"@client.example" not in whole
    assert b"QH-0001" not in whole
    rows = list(csv.DictReader(io.StringIO(found.members["decisions.csv"].decode("utf-8-sig"))))
    assert len(rows) == RECORDS
    assert {row["销毁单 ticket"] for row in rows} == {*numbers, ""}
