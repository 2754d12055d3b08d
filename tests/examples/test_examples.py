"""The examples are what they say: reproducible, readable, rightly labelled, nobody's data."""

import json
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
from lxml import etree

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CLIENT_FILES = sorted((EXAMPLES / "client_files").iterdir())
LABELS = json.loads((EXAMPLES / "labels.json").read_text(encoding="utf-8"))["files"]
MADE = ["labels.json", "policy/客户信息管理手册.docx"]
MADE += [f"client_files/{path.name}" for path in CLIENT_FILES]

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))


def resident_id_holds(value: str) -> bool:
    if len(value) == 15:
        return re.fullmatch(r"\d{6}\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])\d{3}", value) is not None
    total = sum(int(digit) * weight for digit, weight in zip(value, ID_WEIGHTS, strict=False))
    return len(value) == 18 and "10X98765432"[total % 11] == value[17]


def luhn_holds(value: str) -> bool:
    doubled = [int(d) * (1 + place % 2) for place, d in enumerate(reversed(value))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def credit_code_holds(value: str) -> bool:
    total = sum(CODE_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(value[:17]))
    return len(value) == 18 and CODE_ALPHABET[(31 - total % 31) % 31] == value[17]


def vin_holds(value: str) -> bool:
    numbers = [int(VIN_VALUES.get(c, c)) for c in value]
    remainder = sum(n * w for n, w in zip(numbers, VIN_WEIGHTS, strict=True)) % 11
    return value[8] == ("X" if remainder == 10 else str(remainder))


def mobile_holds(value: str) -> bool:
    """A mobile of an existing prefix with the four zeros that no example number lacks."""
    return re.fullmatch(r"(86)?1[3-9]\d0000\d{4}", value) is not None


@pytest.fixture(scope="module")
def made_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    script = EXAMPLES / "make_examples.py"
    subprocess.run([sys.executable, str(script), "--into", str(folder)], check=True)
    return folder


@pytest.mark.parametrize("name", MADE)
def test_making_a_file_again_gives_the_same_bytes(made_again: Path, name: str) -> None:
    assert (made_again / name).read_bytes() == (EXAMPLES / name).read_bytes()


def test_every_client_file_has_labels_and_every_label_file_exists() -> None:
    assert {path.name for path in CLIENT_FILES} == set(LABELS)
    assert {path.suffix for path in CLIENT_FILES} == {
        ".txt",
        ".md",
        ".csv",
        ".tsv",
        ".docx",
        ".xlsx",
    }


@pytest.mark.parametrize("path", CLIENT_FILES, ids=lambda path: path.name)
def test_every_labelled_value_occurs_in_its_file(path: Path) -> None:
    text = "\n".join(texts_in(path))
    entries = LABELS[path.name]["planted"] + LABELS[path.name]["keep"]
    missing = [e["value"] for e in entries if text.count(e["value"]) < e["count"]]
    assert missing == []


def test_hidden_places_really_hold_planted_values() -> None:
    places = {
        place
        for entry in LABELS.values()
        for label in entry["planted"]
        for place in label["places"]
    }
    for hidden in ("页眉", "批注", "批注作者", "修订作者", "已删除文字", "文档属性", "工作表名"):
        assert hidden in places
    assert any(place.startswith("隐藏的旧系统导入!") for place in places)
    assert any(place.startswith("隐藏的个人客户!M") for place in places)


def test_hidden_sheet_and_numeric_cells_are_stored_as_such() -> None:
    book = openpyxl.load_workbook(EXAMPLES / "client_files" / "客户登记表.xlsx")
    assert book["旧系统导入"].sheet_state == "hidden"
    assert book["个人客户"].column_dimensions["M"].hidden
    assert book["个人客户"]["F2"].value == 13800000101
    assert book["个人客户"]["D2"].is_date


def test_the_refund_list_is_in_the_national_encoding() -> None:
    data = (EXAMPLES / "client_files" / "退款清单.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert data.decode("gb18030").startswith("序号,订单号")


@pytest.mark.parametrize(
    ("kind", "is_valid"),
    [
        ("resident_id", resident_id_holds),
        ("foreigner_id", resident_id_holds),
        ("bank_card", luhn_holds),
        ("imei", luhn_holds),
        ("credit_code", credit_code_holds),
        ("vin", vin_holds),
        ("mobile", mobile_holds),
    ],
)
def test_planted_numbers_pass_their_checksum_or_format(
    kind: str, is_valid: Callable[[str], bool]
) -> None:
    values = [plain_number(value) for value in planted(kind)]
    assert values
    assert [value for value in values if not is_valid(value)] == []


def test_long_numbers_that_must_stay_fail_every_checksum() -> None:
    kept = [plain_number(e["value"]) for entry in LABELS.values() for e in entry["keep"]]
    eighteen = [value for value in kept if re.fullmatch(r"\d{18}", value)]
    nineteen = [value for value in kept if re.fullmatch(r"\d{16}|\d{19}", value)]
    assert len(set(eighteen)) >= 10
    assert [value for value in eighteen if resident_id_holds(value)] == []
    assert nineteen
    assert [value for value in nineteen if luhn_holds(value)] == []


def test_resident_ids_use_sequence_codes_no_living_adult_has() -> None:
    for value in map(plain_number, planted("resident_id")):
        assert value[-4:-1] in {"996", "997", "998", "999"} or len(value) == 15


def test_the_policies_name_owner_version_approval_and_review() -> None:
    for path in sorted((EXAMPLES / "policy").iterdir()):
        text = "\n".join(texts_in(path))
        for item in ("版本", "归口岗位", "批准岗位", "批准日期", "下次复审"):
            assert item in text, f"{path.name}: {item}"


def test_the_policies_carry_the_sections_the_examples_point_to() -> None:
    handbook = "\n".join(texts_in(EXAMPLES / "policy" / "客户信息管理手册.docx"))
    plan = (EXAMPLES / "policy" / "信息安全事件应急预案.md").read_text(encoding="utf-8")
    for heading in ("3.2 客户档案的保存期限", "4.1 销毁审批", "5.3 受托方违约", "6.3 投诉与争议"):
        assert heading in handbook
    for heading in ("### 4.5 涉及未成年人", "### 5.1 电脑、手机遗失", "### 5.2 邮件或快递发错"):
        assert heading in plan


def planted(kind: str) -> set[str]:
    """Every planted value of one kind."""
    return {e["value"] for entry in LABELS.values() for e in entry["planted"] if e["kind"] == kind}


def plain_number(value: str) -> str:
    return re.sub(r"[\s+-]", "", unicodedata.normalize("NFKC", value)).upper()


def texts_in(path: Path) -> Iterator[str]:
    """All text of a file, hidden places included."""
    if path.suffix == ".docx":
        docx.Document(str(path))
        yield from _parts_text(path)
    elif path.suffix == ".xlsx":
        yield from _workbook_text(path)
    else:
        encoding = LABELS.get(path.name, {}).get("encoding", "utf-8")
        yield path.read_bytes().decode(encoding)


def _parts_text(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if not name.endswith(".xml") or "styles" in name or "theme" in name:
                continue
            root = etree.fromstring(package.read(name))
            for element in root.iter("{*}p"):
                yield "".join(element.itertext())
            for element in root.iter():
                yield from (v for k, v in element.attrib.items() if k.endswith("}author"))
            if name == "docProps/core.xml":
                yield from root.itertext()


def _workbook_text(path: Path) -> Iterator[str]:
    book = openpyxl.load_workbook(path)
    yield book.properties.creator or ""
    for sheet in book.worksheets:
        yield sheet.title
        yield sheet.oddFooter.left.text or ""
        yield from (rule.formula1 or "" for rule in sheet.data_validations.dataValidation)
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.value is not None:
                yield cell.value.date().isoformat() if cell.is_date else str(cell.value)
            if cell.comment:
                yield from (cell.comment.text, cell.comment.author)
