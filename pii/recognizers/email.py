"""E-mail address, 电子邮箱.

RFC 5321 mailbox in its usual form: ASCII local part, dotted domain. Searched outwards from the @,
because Chinese text leaves no space before or after an address, and because a pattern that starts
at every letter is ten times slower. (Presidio's own recognizer asks the network for suffixes.)
"""

import re

from pii.findings import Finding
from pii.kinds import Kind
from pii.recognizers.base import ShapeRecognizer

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._%+\-]{0,62}[A-Za-z0-9_+\-])?\Z")
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.){1,6}"
    # Not .orgSkills, where a line's end was read over.
    r"(?:[A-Z]?[a-z]{1,23}|[A-Z]{2,24})(?<=[A-Za-z]{2})(?![A-Za-z])"
)
_LONGEST_LOCAL = 64


class EmailRecognizer(ShapeRecognizer):
    """An e-mail address beside any script."""

    kind = Kind.EMAIL

    def find(self, text: str) -> list[Finding]:
        """Every @ with a local part before and a domain behind."""
        found = []
        at = text.find("@")
        while at >= 0:
            local = _LOCAL.search(text, max(0, at - _LONGEST_LOCAL), at)
            domain = _DOMAIN.match(text, at + 1)
            if local and domain:
                found.append(self.result(self.kind, local.start(), domain.end(), 1.0, "mailbox"))
            at = text.find("@", at + 1)
        return found
