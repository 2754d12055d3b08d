"""Makes every example file and its labels; run again, it writes the same bytes.

    python examples/make_examples.py [--into FOLDER]

The texts live in `sources/` and `making/`, with their personal data marked (see making/marks.py).
All people, firms, streets and numbers are invented; README.md says how.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from making import (
    closing_receipts,
    contract,
    customer_register,
    dispatch_sheets,
    handbook,
    identity_copies,
)
from making.marks import Ledger

HERE = Path(__file__).resolve().parent
HANDBOOK = "客户信息管理手册"
OFFICE: dict[str, Callable[[Ledger], bytes]] = {
    "客户登记表.xlsx": customer_register.make,
    "上门服务派工单.xlsx": dispatch_sheets.make,
    "服务合同.docx": contract.make,
    "身份证复印件登记.docx": identity_copies.make,
    "注销通知回执.docx": closing_receipts.make,
}
# Exports of older finance software come in the Chinese national encoding.
ENCODINGS = {"退款清单.csv": "gb18030", "家政人员与客户对接表.csv": "utf-8-sig"}


def main() -> None:
    """Writes policy/客户信息管理手册.docx, client_files/ and labels.json."""
    parser = argparse.ArgumentParser(description="重新生成示例文件 Make the example files again")
    parser.add_argument("--into", type=Path, default=HERE, help="写到哪个文件夹 where to write")
    into: Path = parser.parse_args().into
    (into / "policy").mkdir(parents=True, exist_ok=True)
    (into / "client_files").mkdir(exist_ok=True)

    source = (HERE / "sources" / "policy" / f"{HANDBOOK}.md").read_text(encoding="utf-8")
    data = handbook.make(Ledger(f"{HANDBOOK}.docx"), source)
    (into / "policy" / f"{HANDBOOK}.docx").write_bytes(data)

    labels = _client_files(into / "client_files")
    text = json.dumps({"files": labels}, ensure_ascii=False, indent=1) + "\n"
    (into / "labels.json").write_text(text, encoding="utf-8", newline="\n")


def _client_files(folder: Path) -> dict[str, object]:
    labels: dict[str, object] = {}
    for source in sorted((HERE / "sources" / "client_files").iterdir()):
        ledger = Ledger(source.name)
        encoding = ENCODINGS.get(source.name, "utf-8")
        text = ledger.plain(source.read_text(encoding="utf-8"), "正文")
        (folder / source.name).write_bytes(text.encode(encoding))
        labels[source.name] = {"encoding": encoding, **ledger.labels()}
    for name, make in OFFICE.items():
        ledger = Ledger(name)
        (folder / name).write_bytes(make(ledger))
        labels[name] = ledger.labels()
    return labels


if __name__ == "__main__":
    main()
