"""Office files whose bytes depend on nothing but their content."""

import io
import re
import zipfile
from datetime import UTC, datetime

MADE_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def steady(package: bytes) -> bytes:
    """The same package with one fixed time, stored uncompressed.

    The libraries write the time of saving into the archive and into docProps/core.xml. Stored,
    because compressed bytes differ between builds of zlib.
    """
    stamp = rb"\g<1>" + MADE_AT.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<2>"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _STAMP.sub(stamp, data)
            member = zipfile.ZipInfo(name, MADE_AT.timetuple()[:6])
            member.create_system = 3
            new.writestr(member, data, zipfile.ZIP_STORED)
    return out.getvalue()
