"""IP address, IP地址: RFC 791 dotted quads and RFC 4291 version 6.

Version numbers and section numbers are dotted too: a quad behind a word for a version is rejected,
and one of four small numbers counts only when a word for a machine stands before it.
"""

import ipaddress
import re

from pii.findings import Finding
from pii.kinds import Kind
from pii.recognizers.base import Shape, ShapeRecognizer

_VERSION = re.compile(
    r"(?:\b[vV]|版本号?|version|ver\.?|固件|驱动|release)[ :：为是]{0,3}$", re.IGNORECASE
)
_MACHINE = re.compile(r"IP|地址|主机|服务器|登录|网关|DNS|host|server", re.IGNORECASE)


class IpAddressRecognizer(ShapeRecognizer):
    """Version 4 and 6 addresses."""

    kind = Kind.IP_ADDRESS
    shapes = (
        Shape(
            "v4", re.compile(r"(?<![0-9A-Za-z.])(?:\d{1,3}\.){3}\d{1,3}(?![0-9A-Za-z]|\.\d)"), 0.85
        ),
        Shape(
            "v6",
            re.compile(
                r"(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4}(?![0-9A-Za-z:])"
            ),
            0.85,
        ),
    )

    def check(self, value: str, shape: Shape) -> float | None:
        """Must parse as an address that can belong to a machine."""
        try:
            parsed = ipaddress.ip_address(value)
        except ValueError:
            return None
        return None if parsed.is_unspecified else shape.score

    def find(self, text: str) -> list[Finding]:
        """Addresses, without version and section numbers."""
        return [
            result
            for result in super().find(text)
            if not self._is_number_of_something(text, result)
        ]

    @staticmethod
    def _is_number_of_something(text: str, result: Finding) -> bool:
        before = text[max(0, result.start - 14) : result.start]
        if _VERSION.search(before):
            return True
        value = text[result.start : result.end]
        small = ":" not in value and all(int(part) < 30 for part in value.split("."))
        return small and not value.startswith("10.") and not _MACHINE.search(before)
