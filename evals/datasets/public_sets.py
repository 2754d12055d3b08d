"""Public sets the user has on disk, as documents with gold spans. None is shipped or downloaded.

Three forms cover the usual ones: a column file with a character and a BIO, BMES or BIOES tag a line
(MSRA, Weibo, resumes), CLUENER's JSON lines (`label: {name: {张三: [[0, 1]]}}`, ends included), and
JSON or JSON lines with `text` and a list of spans (pii-bench-zh and the like, ends excluded).
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from evals.datasets.business_documents import BusinessDocument, Span

LARGEST = 256 * 1024 * 1024
# What the sets call our kinds; what is not listed is nobody's personal data, or not ours to find.
KIND_OF = {
    "per": "person_name", "nr": "person_name", "name": "person_name", "person": "person_name",
    "person_name": "person_name", "per.nam": "person_name", "private_person": "person_name",
    "姓名": "person_name", "address": "address", "addr": "address", "地址": "address",
    "private_address": "address", "id_card": "resident_id", "idcard": "resident_id",
    "resident_id": "resident_id", "身份证号": "resident_id", "身份证": "resident_id",
    "phone": "mobile", "mobile": "mobile", "phone_number": "mobile", "手机号": "mobile",
    "private_phone": "mobile", "telephone": "landline", "landline": "landline",
    "email": "email", "private_email": "email", "邮箱": "email", "bank_card": "bank_card",
    "bankcard": "bank_card", "credit_card": "bank_card", "银行卡号": "bank_card",
    "passport": "passport", "plate": "plate", "license_plate": "plate", "car_plate": "plate",
    "ip": "ip_address", "ip_address": "ip_address", "wechat": "wechat", "qq": "qq",
    "birth_date": "birth_date", "birthday": "birth_date", "password": "password",
    "secret": "password",
}  # fmt: skip


class NotASet(ValueError):
    """The file is in none of the three forms; the message names the file and the line."""


def read_public_set(path: Path) -> list[BusinessDocument]:
    """The documents of a file, by its form."""
    if path.stat().st_size > LARGEST:
        raise NotASet(f"{path.name}: larger than {LARGEST} bytes")
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix in (".json", ".jsonl"):
        records = _records(text, path.name)
        return [_from_record(record, f"{path.name}:{n}") for n, record in enumerate(records, 1)]
    return list(_from_columns(text, path.name))


def _records(text: str, name: str) -> list[dict[str, Any]]:
    try:
        whole = json.loads(text)
        records = whole if isinstance(whole, list) else whole.get("data", [whole])
    except json.JSONDecodeError:
        try:
            records = [json.loads(line) for line in text.splitlines() if line.strip()]
        except json.JSONDecodeError as error:
            raise NotASet(f"{name}: neither JSON nor JSON lines") from error
    if not all(isinstance(record, dict) for record in records):
        raise NotASet(f"{name}: not a list of records")
    return list(records)


def _from_record(record: dict[str, Any], place: str) -> BusinessDocument:
    text = record.get("text") or record.get("content") or record.get("source_text")
    if not isinstance(text, str):
        raise NotASet(f"{place}: no text")
    spans = list(_spans(record, place))
    if any(not 0 <= span.start < span.end <= len(text) for span in spans):
        raise NotASet(f"{place}: a span outside the text")
    return BusinessDocument(f"{place}.txt", text, tuple(spans), ())


def _spans(record: dict[str, Any], place: str) -> Iterator[Span]:
    if isinstance(record.get("label"), dict):
        yield from _from_cluener(record["label"])
        return
    listed = next(
        (record[key] for key in ("entities", "spans", "labels", "label") if key in record), None
    )
    if not isinstance(listed, list):
        raise NotASet(f"{place}: no list of spans")
    for one in listed:
        label, start, end = _entry(one, place)
        if kind := KIND_OF.get(label.lower()):
            yield Span(kind, start, end)


def _entry(one: Any, place: str) -> tuple[str, int, int]:
    try:
        if isinstance(one, dict):
            label = next(
                one[key] for key in ("label", "type", "entity", "entity_type") if key in one
            )
            return str(label), int(one["start"]), int(one["end"])
        start, end, label = one
        return str(label), int(start), int(end)
    except (KeyError, StopIteration, TypeError, ValueError) as error:
        raise NotASet(f"{place}: a span without start, end and label") from error


def _from_cluener(labels: dict[str, dict[str, list[list[int]]]]) -> Iterator[Span]:
    for label, values in labels.items():
        if kind := KIND_OF.get(label.lower()):
            for places in values.values():
                for first, last in places:
                    yield Span(kind, first, last + 1)


def _from_columns(text: str, name: str) -> Iterator[BusinessDocument]:
    rows: list[tuple[str, str]] = []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if not line.strip():
            if rows:
                yield _sentence(rows, f"{name}:{number}")
            rows = []
            continue
        cells = line.split()
        if len(cells) < 2:
            raise NotASet(f"{name}:{number}: no tag")
        rows.append((cells[0], cells[-1]))


def _sentence(rows: Iterable[tuple[str, str]], place: str) -> BusinessDocument:
    text, spans, open_label, start = "", [], "", 0
    for token, tag in [*rows, ("", "O")]:
        mark, _, label = tag.partition("-")
        if open_label and (mark in "OBS" or label != open_label):
            spans.append((open_label, start, len(text)))
            open_label = ""
        if mark != "O" and not open_label:
            open_label, start = label, len(text)
        text += token
    found = [Span(KIND_OF[lab.lower()], a, b) for lab, a, b in spans if lab.lower() in KIND_OF]
    return BusinessDocument(f"{place}.txt", text, tuple(found), ())
