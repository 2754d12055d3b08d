"""The proof: an original is seen in the copy's bytes however it is written, and nothing else is."""

import base64
import gzip
import html
import io
import json
import quopri
import zipfile
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii.errors import LeakFound, TooLarge, UnreadableDocument
from pii.formats.opening import STANDARD_LIMITS, Budget, Limits
from pii.formats.segments import Segment
from pii.kinds import Kind
from pii.occurrences import ValueIndex
from pii.verify import Original, check

NAME = "欧阳明华"
MOBILE = "13800138000"
VALUES = (Original(Kind.PERSON_NAME, NAME), Original(Kind.MOBILE, MOBILE))


def proven(data: bytes, limits: Limits = STANDARD_LIMITS) -> None:
    check(
        data,
        [],
        originals=VALUES,
        left=[],
        budget=Budget(limits),
    )


def blocked(data: bytes) -> bool:
    try:
        proven(data)
    except LeakFound:
        return True
    return False


def packed(text: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b.xml", text)
    return target.getvalue()


def named(text: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(f"{text}.txt", "x")
    return target.getvalue()


def zip_in_zip(text: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("inner.zip", packed(text))
    return target.getvalue()


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "UTF-8": str.encode,
    "GB 18030": lambda v: v.encode("gb18030"),
    "UTF-16 LE": lambda v: v.encode("utf-16-le"),
    "UTF-16 BE at an odd place": lambda v: b"x" + v.encode("utf-16-be"),
    "percent": lambda v: f"https://x.cn/?a=1&n={quote(v)}%20".encode(),
    "percent in GB 18030": lambda v: f"n={quote(v.encode('gb18030'))}%C0%EE".encode(),
    "HTML entities": lambda v: "".join(f"&#{ord(c)};" for c in v).encode(),
    "hexadecimal entities": lambda v: "".join(f"&#x{ord(c):x};" for c in v).encode(),
    "JSON escapes": lambda v: "".join(f"\\u{ord(c):04x}" for c in v).encode(),
    "JSON": lambda v: json.dumps({"a": v}).encode(),
    "base64": lambda v: base64.b64encode(f"说明：{v}，完".encode()),
    "base64 over lines": lambda v: base64.encodebytes(("甲" * 40 + v + "乙" * 40).encode()),
    "base64 of UTF-16": lambda v: base64.b64encode(f"说明：{v}，完".encode("utf-16-le")),
    "quoted-printable": lambda v: quopri.encodestring(("甲" * 20 + v + "乙").encode()),
    "hexadecimal": lambda v: f"<FEFF{v.encode('utf-16-be').hex()}>".encode(),
    "a zip member": packed,
    "the name of a zip member": named,
    "a zip in a zip": zip_in_zip,
    "a zip in base64": lambda v: b"From: a\n\n" + base64.encodebytes(packed(v)),
    "a deflated stream": lambda v: b"%PDF stream\n" + zlib.compress(v.encode()) + b"\nendstream",
    "gzip": lambda v: b"x" + gzip.compress(v.encode()),
    "entities in a zip member": lambda v: packed(f"<a>{''.join(f'&#{ord(c)};' for c in v)}</a>"),
    "an attribute": lambda v: packed(f'<a b="{html.escape(v)}"/>'),
    "base64 in a deflated stream": lambda v: zlib.compress(base64.b64encode(f"甲乙丙{v}".encode())),
}  # fmt: skip


@pytest.mark.parametrize("value", [NAME, MOBILE], ids=["name", "number"])
@pytest.mark.parametrize("written", WRITTEN)
def test_a_value_is_seen_however_it_is_written(written: str, value: str) -> None:
    if written == "hexadecimal" and value == MOBILE:
        pytest.skip("a number in hexadecimal is read as the digits it is written in")
    data = WRITTEN[written](value)
    with pytest.raises(LeakFound) as caught:
        proven(data)
    assert value not in str(caught.value)
    proven(WRITTEN[written]("客户甲乙丙丁"))


@pytest.mark.parametrize(
    "text", ["138001380001", "1 38001380", "欧阳明", "阳明华", "x13800138000x", "138****8000"]
)
def test_what_only_resembles_a_value_does_not_block(text: str) -> None:
    assert not blocked(f"甲{text}乙".encode())
    assert blocked(f"甲{text}乙{NAME}丙".encode())


@pytest.mark.parametrize("text", ["138-0013-8000", "138 0013 8000", "+86 13800138000"])
def test_a_number_is_seen_with_marks_between_its_digits(text: str) -> None:
    with pytest.raises(LeakFound):
        proven(text.encode())


def test_the_place_of_a_hit_says_where_it_is_wrapped() -> None:
    with pytest.raises(LeakFound) as caught:
        proven(zip_in_zip(NAME))
    assert "inner.zip" in caught.value.message.zh
    assert "a/b.xml" in caught.value.message.zh


def test_a_text_split_by_tags_is_seen_in_a_part() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<w:p><w:t>欧阳</w:t><w:t>明华</w:t></w:p>")
    with pytest.raises(LeakFound):
        proven(target.getvalue())


@given(
    st.lists(st.text("甲乙12", min_size=1, max_size=4), max_size=6), st.text("甲乙12 ", max_size=12)
)
def test_values_are_found_where_a_plain_search_finds_them(values: list[str], text: str) -> None:
    found = list(ValueIndex(values).find(text))
    assert all(text[start:end] == value and value in values for start, end, value in found)
    missed = [v for v in values if not v.isascii() and v in text]
    assert found or not missed


def test_random_bytes_block_nothing() -> None:
    noise = zlib.compress(bytes(range(256)) * 400, 9) * 50
    assert not blocked(noise)
    # A value of four characters is seen in the same noise, whatever the encoding.
    for encoding in ("utf-8", "gb18030", "utf-16-le"):
        assert blocked(noise + NAME.encode(encoding) + noise)


@pytest.mark.parametrize("damage", [slice(38, 42), slice(60, None)], ids=["bits", "cut"])
def test_an_archive_nobody_can_read_is_not_released(damage: slice) -> None:
    data = bytearray(packed("甲" * 50))
    data[damage] = b"\xff" * 4
    with pytest.raises(UnreadableDocument):
        proven(b"x\n" + base64.encodebytes(bytes(data)))


def test_the_proof_has_its_limits_too() -> None:
    data = zlib.compress(bytes(5_000_000))
    with pytest.raises(TooLarge):
        proven(data, Limits(unpacked=1_000_000))


def test_a_hit_in_the_second_reading_names_its_place() -> None:
    from records.language import Bilingual

    place = Bilingual("第3行", "line 3")
    with pytest.raises(LeakFound, match="第3行"):
        check(
            b"x",
            [Segment(place, f"甲{NAME}")],
            originals=VALUES,
            left=[],
            budget=Budget(STANDARD_LIMITS),
        )
