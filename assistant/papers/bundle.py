"""An evidence bundle: files in a zip with an index to read and a signed manifest to check by.

One format for incidents, destructions and closing projects: what goes in is the caller's, under a
purpose of its own, so that a bundle of one kind never passes for another. The manifest states
`format`, `number`, `made_at`, `made_by`, `audit` (event and seal), `files` (name, sha256, size,
zh, en), and what the kind adds. Made twice from the same files and moment it is the same to the
byte. A reader needs nothing of ours but the public key, which must come by another way.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assistant.papers.paper import ACCENT, MARGIN, SOFT, WIDTH, Paper
from records.language import Bilingual
from records.signing import BadSignature, Signer, verify

MANIFEST, INDEX, README = "manifest.json", "index.pdf", "README.txt"
FORMAT = "evidence-bundle/1"
LARGEST_BYTES = 1024 * 1024 * 1024
MOST_FILES = 20_000
_LABELS = 130
# A zip must date its members; the moment is in the manifest.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_README = """\
证据包：index.pdf 是目录；manifest.json 列出每个文件的 SHA-256，并附 Ed25519 签名。
核验（离线）：{command} 证据包.zip --key 公钥
公钥请向出具方另行取得，不要只看包内自带的。

Evidence bundle: index.pdf lists what is inside; manifest.json names the SHA-256 of every file and is
signed with Ed25519. To check it offline: {command} BUNDLE.zip --key KEY
Get the public key from the issuer by another way, not from the bundle itself.
"""


@dataclass(frozen=True, slots=True)
class About:
    """What the bundle is about: purpose and heading, what the index says, what the manifest states."""

    purpose: str
    title: Bilingual
    number: str
    made_at: datetime
    made_by: str
    audit: Mapping[str, Any]
    """The last event of the log and its seal."""
    rows: tuple[tuple[Bilingual, tuple[str, ...]], ...]
    """What the index says of the matter: a label and its lines."""
    stated: Mapping[str, Any]
    command: str
    mark: Bilingual | None = None
    """What stands across every page of what is no evidence of anything real: a drill."""


@dataclass(frozen=True, slots=True)
class Bundled:
    """The bytes of the bundle, how many files, and the hash of the whole."""

    data: bytes = field(repr=False)
    files: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CheckedBundle:
    """A bundle whose manifest holds and whose files are all as it names them."""

    purpose: str
    stated: Mapping[str, Any]
    files: int
    members: Mapping[str, bytes] = field(repr=False)
    """Every file but the manifest, by name."""


def make_bundle(
    about: About, files: Mapping[str, tuple[Bilingual, bytes]], signer: Signer
) -> Bundled:
    """The files, each with what it is called in the index, in one signed zip."""
    readme = _README.format(command=about.command).encode()
    listed = {**files, README: (Bilingual("怎样核验", "How to check"), readme)}
    index = _index(about, listed, signer.public_key)
    listed[INDEX] = (Bilingual("目录", "Index"), index)
    body = {
        **about.stated,
        "format": FORMAT,
        "number": about.number,
        "made_at": about.made_at.isoformat(timespec="seconds"),
        "made_by": about.made_by,
        "audit": about.audit,
        "files": [
            {"name": name, "sha256": sha256(data), "size": len(data), "zh": said.zh, "en": said.en}
            for name, (said, data) in sorted(listed.items())
        ],
    }
    members = {name: data for name, (_, data) in listed.items()}
    members[MANIFEST] = signer.sign(about.purpose, body).encode()
    data = zipped(members)
    return Bundled(data, len(members), sha256(data))


def verify_bundle(untrusted: bytes, public_key: str, *purposes: str) -> CheckedBundle:
    """What a bundle states, if no file is missing, changed, added or twice. Raises BadSignature."""
    files = unzipped(untrusted)
    statement = verify(files.pop(MANIFEST, b"{}"), public_key)
    if statement.purpose not in purposes or statement.body.get("format") != FORMAT:
        raise BadSignature(
            "签名相符，但这不是证据包，而是另一类文件。",
            "The signature holds, but this is another kind of statement, no bundle.",
        )
    stated = {one["name"]: (one["sha256"], one["size"]) for one in statement.body["files"]}
    found = {name: (sha256(data), len(data)) for name, data in files.items()}
    if wrong := sorted(name for name in {*stated, *found} if stated.get(name) != found.get(name)):
        raise BadSignature(
            f"有 {len(wrong)} 个文件与清单不符（缺少、多出或被改动），例如 {wrong[0][:80]}。",
            f"{len(wrong)} files differ from the manifest (missing, added or changed), such as "
            f"{wrong[0][:80]}.",
        )
    return CheckedBundle(statement.purpose, statement.body, len(files) + 1, files)


def sha256(data: bytes) -> str:
    """The hash that manifests name a file by."""
    return hashlib.sha256(data).hexdigest()


def _index(about: About, files: Mapping[str, tuple[Bilingual, bytes]], public_key: str) -> bytes:
    paper, right = Paper(marks_stay=True, mark=about.mark), WIDTH - MARGIN
    paper.y -= 20
    paper.write(about.title.zh, x=MARGIN, y=paper.y, size=20)
    paper.y -= 16
    paper.write(about.title.en, x=MARGIN, y=paper.y, size=10, ink=SOFT)
    paper.y -= 22
    paper.write(about.number, x=MARGIN, y=paper.y, size=13, ink=ACCENT)
    paper.y -= 10
    paper.rule(ink=ACCENT, width=1.2)
    for label, lines in about.rows:
        _row(paper, label, lines)
    paper.y -= 14
    paper.block("文件与校验值  Files and their SHA-256", x=MARGIN, size=12, right=right)
    paper.y -= 2
    for name, (said, data) in sorted(files.items()):
        paper.room(40)
        paper.block(
            f"{name}  {said.zh} {said.en}  ({len(data):,} B)", x=MARGIN, size=9, right=right
        )
        paper.block(sha256(data), x=MARGIN, size=7.5, right=right, ink=SOFT)
    paper.y -= 8
    paper.block("核验  How to check", x=MARGIN, size=9.5, right=right)
    for text in (
        "manifest.json 用 Ed25519 签名，载有包括本目录在内的每个文件的 SHA-256；公钥请向出具方另行取得。 "
        "manifest.json is signed and names every file, this index too; get the public key another way.",
        f"公钥 public key (Ed25519): {public_key}",
        f"离线核验 offline: {about.command} BUNDLE.zip --key KEY",
        "时间均为北京时间。 All times are Beijing time.",
    ):
        paper.block(text, x=MARGIN, size=7.5, right=right, ink=SOFT)
    return paper.pdf(f"{about.title.zh} {about.number}")


def _row(paper: Paper, label: Bilingual, lines: Sequence[str]) -> None:
    paper.room(34)
    page, top = len(paper.pages), paper.y
    paper.write(label.zh, x=MARGIN, y=top - 15, size=10)
    paper.write(label.en, x=MARGIN, y=top - 27, size=7.5, ink=SOFT)
    paper.y -= 3
    for text in lines:
        paper.block(text, x=MARGIN + _LABELS, size=9.5, right=WIDTH - MARGIN)
    low = paper.y - 6
    paper.y = min(low, top - 33) if len(paper.pages) == page else low
    paper.rule()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files in one zip, the same to the byte from the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, date_time=_ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return out.getvalue()


def unzipped(untrusted: bytes) -> dict[str, bytes]:
    """The files of the zip. Raises BadSignature where it is none of ours."""
    try:
        with zipfile.ZipFile(io.BytesIO(untrusted)) as archive:
            members = archive.infolist()
            names = [one.filename for one in members]
            too_much = sum(one.file_size for one in members) > LARGEST_BYTES
            if too_much or len(names) > MOST_FILES or len(set(names)) != len(names):
                raise zipfile.BadZipFile
            return {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise BadSignature(
            "这不是本系统的证据包，或已损坏。",
            "This is no bundle of this product, or it is damaged.",
        ) from error
