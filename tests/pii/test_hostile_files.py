"""Damaged and hostile files of every format: refused with a sentence, or redacted; nothing else.

The short form runs a few hundred files. The long form, before a release or after a change to a
format, takes as many as it is told to:

    FUZZ_ROUNDS=5000 python -m pytest tests/pii/test_hostile_files.py -k random
"""

import io
import os
import random
import re
import time
import zipfile
from collections.abc import Callable, Sequence
from email.message import EmailMessage

import docx
import openpyxl
import pptx
import pytest

from pii.documents import redact_document
from pii.errors import TooLarge, UnknownPart, UnreadableDocument
from pii.findings import Finding
from pii.formats.opening import Limits
from pii.formats.registry import FORMATS
from pii.kinds import Kind
from pii.policy import RedactionPolicy
from records.errors import ProductError

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "5"))
MOBILE = "13800138000"
WHOLE = re.compile(rf"(?<!\d)(?<!\\u){MOBILE}(?!\d)")
"""A doubled stretch may make a longer number of it, and a lost one an escape of its first digits:
neither is a mobile number any more."""
SLOWEST = 10


class Mobiles:
    """Finds mobile numbers only, at once: here it is the formats that are tried."""

    def find(self, text: str, *, label: str | None = None) -> list[Finding]:
        return [
            Finding(Kind.MOBILE, m.start(), m.end(), 1.0, "mobile/test")
            for m in re.finditer(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)
        ]

    def find_all(
        self, texts: Sequence[str], *, labels: Sequence[str | None] | None = None
    ) -> list[list[Finding]]:
        return [self.find(text) for text in texts]


def office(kind: str) -> bytes:
    target = io.BytesIO()
    if kind == "docx":
        document = docx.Document()
        document.add_paragraph(f"电话{MOBILE}")
        document.add_table(1, 2).rows[0].cells[0].text = MOBILE
        document.save(target)
    elif kind == "xlsx":
        workbook = openpyxl.Workbook()
        workbook.worksheets[0].append(["手机", int(MOBILE), f'="1380"&"{MOBILE}"'])
        workbook.save(target)
    else:
        slides = pptx.Presentation()
        slide = slides.slides.add_slide(slides.slide_layouts[0])
        slide.shapes.title.text = f"电话{MOBILE}"
        slides.save(target)
    return target.getvalue()


def archive(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name.replace("_", "."), data)
    return target.getvalue()


def mail() -> bytes:
    message = EmailMessage()
    message["From"] = "a@example.com"
    message["Subject"] = f"电话{MOBILE}"
    message.set_content(f"电话{MOBILE}\n")
    message.add_alternative(f"<p>电话{MOBILE}</p>", subtype="html")
    message.add_attachment(archive(a_txt=MOBILE.encode()), maintype="application",
                           subtype="zip", filename="a.zip")  # fmt: skip
    return message.as_bytes()


SAMPLES: dict[str, bytes] = {
    ".txt": f"电话{MOBILE}\n".encode(),
    ".md": f"| 手机 |\n|---|\n| {MOBILE} |\n".encode(),
    ".csv": f"手机,甲\n{MOBILE},乙\n".encode("gb18030"),
    ".tsv": f"手机\t甲\n{MOBILE}\t乙\n".encode("utf-16"),
    ".json": f'{{"手机": {MOBILE}, "b": ["{MOBILE}", {{"c": "\\u7535{MOBILE}"}}]}}'.encode(),
    ".jsonl": f'{{"手机": {MOBILE}}}\n{{"b": "{MOBILE}"}}\n'.encode(),
    ".xml": f'<?xml version="1.0"?><a b="{MOBILE}"><c>电话{MOBILE}<d/>甲</c></a>'.encode(),
    ".html": (
        f'<!DOCTYPE html><p title="{MOBILE}">电话<b>{MOBILE[:4]}</b>{MOBILE[4:]}</p>'
        f'<script type="application/json">{{"a": {MOBILE}}}</script><!-- {MOBILE} -->'
    ).encode(),
    ".ics": f"BEGIN:VCALENDAR\r\nX:{MOBILE[:5]}\r\n {MOBILE[5:]}\r\n".encode(),
    ".eml": mail(),
    ".zip": archive(a_txt=MOBILE.encode(), b_docx=office("docx"), c_zip=archive(d_csv=b"x")),
    ".docx": office("docx"),
    ".xlsx": office("xlsx"),
    ".pptx": office("pptx"),
}


def outcome(data: bytes, suffix: str, policy: RedactionPolicy) -> bytes | None:
    """The copy, or None where the file was refused with a sentence; within the time."""
    began = time.process_time()
    try:
        copy = redact_document(data, f"a{suffix}", Mobiles(), policy, limits=Limits(seconds=10))
    except ProductError as error:
        assert MOBILE not in str(error)
        return None
    finally:
        assert time.process_time() - began < SLOWEST
    return copy.data


def readable(data: bytes) -> str:
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return "\n".join(readable(packed.read(name)) for name in packed.namelist())


def turned(data: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def spliced(data: bytearray, chance: random.Random, change: Callable[[bytes], bytes]) -> bytes:
    start = chance.randrange(len(data))
    end = start + chance.randint(1, 64)
    return bytes(data[:start]) + change(bytes(data[start:end])) + bytes(data[end:])


def damaged_member(data: bytearray, chance: random.Random) -> bytes:
    """One part of a package damaged, the package itself whole: the damage reaches the parser."""
    if not data.startswith(b"PK"):
        return turned(data, chance)
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        chosen = chance.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            if name == chosen and part:
                part = DAMAGE[chance.choice(list(DAMAGE)[:-1])](bytearray(part), chance)
            new.writestr(name, part)
    return target.getvalue()


DAMAGE: dict[str, Callable[[bytearray, random.Random], bytes]] = {
    "cut": lambda data, chance: bytes(data[: chance.randrange(len(data))]),
    "bits turned": turned,
    "a stretch zeroed": lambda data, chance: spliced(data, chance, lambda piece: bytes(len(piece))),
    "a stretch doubled": lambda data, chance: spliced(data, chance, lambda piece: piece * 3),
    "a stretch lost": lambda data, chance: spliced(data, chance, lambda _: b""),
    "a part damaged": damaged_member,
}


@pytest.mark.parametrize("suffix", SAMPLES)
def test_a_sound_file_is_redacted(suffix: str, standard: RedactionPolicy) -> None:
    copy = outcome(SAMPLES[suffix], suffix, standard)
    assert copy is not None
    assert MOBILE not in readable(copy)


def test_every_format_has_a_sample_or_is_the_twin_of_one() -> None:
    twins = {".htm": ".html", ".ndjson": ".jsonl", ".vcf": ".ics"}
    text_and_office = {
        s for s in FORMATS if FORMATS[s].name not in ("pdf", "picture", "tiff", "png", "jpeg")
    } - {s for s in FORMATS if FORMATS[s].copy_suffix}  # test_old_office.py, test_macros.py
    assert text_and_office == set(SAMPLES) | set(twins)


@pytest.mark.parametrize("suffix", SAMPLES)
def test_random_damage_is_refused_or_redacted(suffix: str, standard: RedactionPolicy) -> None:
    chance = random.Random(f"{suffix} 2026")
    for _ in range(ROUNDS):
        for damage in DAMAGE.values():
            copy = outcome(damage(bytearray(SAMPLES[suffix]), chance), suffix, standard)
            assert copy is None or not WHOLE.search(readable(copy))


def nested(levels: int) -> bytes:
    data = b"x"
    for level in range(levels):
        data = archive(**{f"a_{'zip' if level else 'txt'}": data})
    return data


def many(count: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for number in range(count):
            packed.writestr(f"{number}.txt", "")
    return target.getvalue()


def with_member(name: str, data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, data)
    return target.getvalue()


HOSTILE: dict[str, tuple[bytes, str, type[Exception]]] = {
    "a bomb by ratio": (with_member("a.txt", b"0" * 20_000_000), ".zip", TooLarge),
    "zips in zips": (nested(9), ".zip", TooLarge),
    "thousands of members": (many(5_100), ".zip", TooLarge),
    "a program": (with_member("a.exe", b"MZ\x90"), ".zip", UnknownPart),
    "a program named as text": (with_member("a.txt", b"MZ\x90\0\0"), ".zip", UnknownPart),
    "entities": (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', ".xml", UnreadableDocument),
    "elements in elements": (b"<a>" * 5000 + b"</a>" * 5000, ".xml", UnreadableDocument),
    "tags in tags": (b"<div>" * 5000, ".html", UnreadableDocument),
    "lists in lists": (b"[" * 200_000 + b"]" * 200_000, ".json", TooLarge),
    # The lone bytes would make GB 18030 of it, and a character nobody defined of the first digit.
    "a number behind broken UTF-8": (
        "电话1".encode() + b"\x9d1\x9d" + MOBILE.encode(),
        ".txt",
        UnreadableDocument,
    ),
    "no mail": (b"hello", ".eml", UnreadableDocument),
    "a mail with a program": (
        b"From: a@b.cn\nContent-Type: application/x-msdownload; name=a.exe\n\nMZ",
        ".eml",
        UnknownPart,
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_hostile_is_refused_by_its_own_error(what: str, standard: RedactionPolicy) -> None:
    data, suffix, error = HOSTILE[what]
    with pytest.raises(error):
        redact_document(data, f"a{suffix}", Mobiles(), standard)


def test_a_file_that_takes_too_long_is_given_up(standard: RedactionPolicy) -> None:
    with pytest.raises(TooLarge, match="时间"):
        redact_document(b"x", "a.txt", Mobiles(), standard, limits=Limits(seconds=-1))


@pytest.mark.parametrize(
    "name", ["../../etc/a.txt", "/a.txt", "C:\\a\\b.txt", "..\\a.txt", "a/./b.txt"]
)
def test_no_name_in_an_archive_leads_out_of_it(name: str, standard: RedactionPolicy) -> None:
    copy = outcome(with_member(name, b"x"), ".zip", standard)
    assert copy is not None
    with zipfile.ZipFile(io.BytesIO(copy)) as packed:
        (kept,) = packed.namelist()
    assert not kept.startswith("/")
    assert not {"..", "C:", "."} & set(kept.split("/"))


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".html", f"<p>电话{MOBILE}</p><s{MOBILE}}}< script>甲</s{MOBILE}}}<>".encode()),
        (
            ".eml",
            b'From: a@example.com\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n'
            b"--x\nContent-Type: text/pl%b\n\n--x\nContent-Type: text/plain\n\ntel %b\n--x--\n"
            % (str(MOBILE).encode(), str(MOBILE).encode()),
        ),
    ],
)
def test_a_number_in_the_name_of_a_tag_or_a_type_goes(
    suffix: str, data: bytes, standard: RedactionPolicy
) -> None:
    copy = outcome(data, suffix, standard)
    assert copy is not None
    assert not WHOLE.search(readable(copy))
