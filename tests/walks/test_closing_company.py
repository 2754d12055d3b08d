"""An invented company with 40 clients, or 500, from its table to a bundle that holds, by commands."""

import csv
import json
import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from integrations.cli import main
from tests.homes import copy_home
from tests.thorough import size

CLIENTS = size(500, 40)
# Two of each client, and a voucher of every tenth.
RECORDS = 2 * CLIENTS + CLIENTS // 10
CLO = "CLO-2026-0001"
FAMILY, GIVEN = "王李张刘陈杨黄赵吴周徐孙", "明轩晓雨若溪子墨嘉怡浩然思远"


@pytest.fixture
def home(small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own, as a person would name it."""
    home = tmp_path / "home"
    copy_home(small_home, home)
    monkeypatch.setenv("COMPLIANCE_HOME", str(home))
    return home


def run(*arguments: str, group: str = "close", code: int = 0) -> None:
    """One command of `compliance close` or another group, which must end so."""
    with pytest.raises(SystemExit) as ended:
        main([group, *arguments])
    assert (ended.value.code or 0) == code, arguments


def table(path: Path) -> Path:
    """Invented clients: a copy of an ID and a contract each, every tenth in the books."""
    chance = random.Random(7)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["客户编号", "客户姓名", "资料种类", "解约日期", "资料日期", "会计附件"])
        for n in range(CLIENTS):
            name = chance.choice(FAMILY) + "".join(chance.choices(GIVEN, k=2))
            end = date(2015, 1, 1) + timedelta(days=chance.randrange(1400))
            rows.writerow([f"QH-{n:04d}", name, "身份证件复印件", end, "", "否"])
            rows.writerow([f"QH-{n:04d}", name, "客户合同", end, "", "否"])
            if n % 10 == 0:
                rows.writerow([f"QH-{n:04d}", name, "会计凭证、账簿", "", end, ""])
    return path


def test_clients_go_from_a_table_to_a_bundle_that_holds(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("start", "清禾健身服务有限公司", "--route", "general")
    capsys.readouterr()
    run("import", CLO, str(table(tmp_path / "clients.csv")), "--holder", "company", "--json")
    imported = json.loads(capsys.readouterr().out)
    assert (imported["clients"], imported["records"]) == (CLIENTS, RECORDS)
    run("decide", CLO, "destroy", code=4)
    custodian = ("--to", "清河档案服务公司", "--contact", "010-60000001")
    run("decide", CLO, "keep", "--kind", "accounting_voucher", *custodian)
    run("decide", CLO, "destroy", "--undecided")
    run("destroy", CLO)
    run("settle", CLO, "keep", "--note", "交接单 7 号")
    run("notices", CLO, "delivered", "--reference", "批次 7")
    run("custodian", CLO, "清河档案服务公司", "--contact", "010-60000001")
    capsys.readouterr()
    run("board", CLO, "--json")
    board = json.loads(capsys.readouterr().out)
    assert [count for _, _, count in board["tickets"]] == [CLIENTS, CLIENTS]
    assert {one["kind"]: one["count"] for one in board["blockers"]} == {
        **{"unsettled": 2 * CLIENTS, "steps": 18, "sections": 20}
    }
    run("end", CLO, code=4)
    reason = ("--reason", "法院要求先行结束，未了事项由管理人承接")
    # Nobody at the keyboard: asked and not answered, nothing ends.
    run("end", CLO, *reason, code=1)
    run("end", CLO, *reason, "--dry-run")
    run("end", CLO, *reason, "--yes")
    run("bundle", CLO, "--out", str(tmp_path))
    bundle = next(tmp_path.glob("CLO-*.zip"))
    capsys.readouterr()
    run("verify", str(bundle), group="bundle")
    assert f"unsettled: {2 * CLIENTS}" in capsys.readouterr().out
    bundle.write_bytes(bundle.read_bytes()[:-1])
    run("verify", str(bundle), group="bundle", code=2)
