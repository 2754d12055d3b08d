"""Files attached to a PDF (ISO 32000-2, 7.11.4): each redacted by its own format and attached again.

One that cannot be read (a format nobody knows, damage, a password) is left out and named in the
report. Icons on pages go: their files are listed with the others. Descriptions and dates go too.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import pikepdf

from pii.errors import PasswordNeeded, TooLarge, UnreadableDocument
from pii.formats.names import distinct, safe_part
from pii.formats.opening import Members, Opening, suffix_of, suffix_of_copy
from pii.formats.pdf_copy import saved
from pii.formats.segments import Opened, Segment, edited
from pii.operators import Edit
from records.language import Bilingual

_NAME = Bilingual("附件名", "the name of an attachment")
_FILE_KEYS = frozenset({"/Type", "/F", "/UF", "/EF", "/AFRelationship"})
_STREAM_KEYS = frozenset({"/Type", "/Length", "/Filter", "/DecodeParms"})


@dataclass
class Attachments:
    """The attached files of a document, opened, and what is said of those left out."""

    stems: list[str] = field(default_factory=list)
    suffixes: list[str] = field(default_factory=list)
    documents: list[Opened] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def segments(self) -> list[Segment]:
        """The names, then what the files hold."""
        return [*(Segment(_NAME, stem) for stem in self.stems), *self._members.segments]

    @property
    def removed(self) -> list[str]:
        """What is not carried over."""
        return [*self.left_out, *self._members.removed]

    @property
    def _members(self) -> Members:
        return Members(self.documents)

    def attached(self, pdf: bytes, edits: Sequence[Sequence[Edit]]) -> bytes:
        """The PDF with the files attached, edits made in them and in their names."""
        if not self.documents:
            return pdf
        count = len(self.stems)
        stems = [edited(stem, made) for stem, made in zip(self.stems, edits[:count], strict=True)]
        parts = zip(stems, self.suffixes, strict=True)
        names = distinct(safe_part(stem) + suffix for stem, suffix in parts)
        files = self._members.write_each(edits[count:])
        with pikepdf.open(io.BytesIO(pdf)) as target:
            for name, data in zip(names, files, strict=True):
                spec = pikepdf.AttachedFileSpec(target, data, filename=name)
                target.attachments[name] = spec
                del target.attachments[name].obj.EF.F["/Params"]
            return saved(target)


def take(pdf: pikepdf.Pdf, opening: Opening) -> Attachments:
    """The attached files, opened; nothing in the document leads to them any more."""
    found = Attachments()
    for number, spec in enumerate(_specs(pdf), start=1):
        place = Bilingual(f"附件{number}", f"attachment {number}")
        name = _name(spec)
        suffix = suffix_of(name)
        shown = suffix if suffix.isascii() and len(suffix) <= 8 else ""
        said = f"{place.zh} / {place.en} ({shown or '?'})"
        try:
            document = opening.open_member(_bytes(spec), name, place)
        except PasswordNeeded:
            found.left_out.append(f"{said}: 已加密，未带入 / encrypted, left out")
        except TooLarge:
            raise
        except Exception:
            # Whatever a library trips over in it: the file is gone, the document is not.
            found.left_out.append(f"{said}: 无法读取，未带入 / cannot be read, left out")
        else:
            found.stems.append(PurePosixPath(name).stem)
            found.suffixes.append(suffix_of_copy(name, opening.formats))
            found.documents.append(document)
    return found


def attachments_again(pdf: pikepdf.Pdf, opening: Opening) -> list[Segment]:
    """The second reading of the attached files, which are taken out of the open document.

    Raises UnreadableDocument where anything else is written down beside them.
    """
    segments = []
    specs = list(_specs(pdf))
    for number, spec in enumerate(specs, start=1):
        place = Bilingual(f"附件{number}", f"attachment {number}")
        keys, of_stream = set(spec.keys()), set(_stream(spec).keys())
        if not (keys <= _FILE_KEYS and of_stream <= _STREAM_KEYS):
            raise UnreadableDocument(
                "复核发现附件带有不应保留的信息，未放行。",
                "The check found something kept beside an attachment; it was not released.",
            )
        name = _name(spec)
        segments.append(Segment(_NAME, name))
        segments += opening.read_member_again(_bytes(spec), name, place)
    return segments


def _specs(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """File specifications with a file in them, each once; their ties to the document are cut."""
    specs = [attached.obj for attached in pdf.attachments.values()]
    names = pdf.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and "/EmbeddedFiles" in names:
        del names["/EmbeddedFiles"]
    owners: list[Any] = [pdf.Root, *(page.obj for page in pdf.pages)]
    for owner in owners:
        if isinstance(owner.get("/AF"), pikepdf.Array):
            specs += owner.AF.as_list()
            del owner["/AF"]
        annotations = owner.get("/Annots")
        if isinstance(annotations, pikepdf.Array):
            specs += _of_icons(annotations)
    seen: list[Any] = []
    for spec in specs:
        if isinstance(spec, pikepdf.Dictionary) and "/EF" in spec and spec not in seen:
            seen.append(spec)
            if isinstance(_stream(spec), pikepdf.Stream):
                yield spec


def _of_icons(annotations: Any) -> list[Any]:
    found = []
    for index in range(len(annotations) - 1, -1, -1):
        one = annotations[index]
        if isinstance(one, pikepdf.Dictionary) and one.get("/Subtype") == "/FileAttachment":
            found.append(one.get("/FS"))
            del annotations[index]
    return found[::-1]


def _stream(spec: Any) -> Any:
    files = spec.get("/EF")
    if not isinstance(files, pikepdf.Dictionary):
        return None
    return next(
        (files[key] for key in ("/UF", "/F", "/Unix", "/Mac", "/DOS") if key in files), None
    )


def _bytes(spec: Any) -> bytes:
    return bytes(_stream(spec).read_bytes())


def _name(spec: Any) -> str:
    """The file's name without folders, as safe as one can be."""
    for key in ("/UF", "/F", "/Unix", "/Mac", "/DOS"):
        value = spec.get(key)
        if isinstance(value, pikepdf.String) and str(value).strip():
            return safe_part(str(value).replace("\\", "/").rpartition("/")[2])
    return "file"
