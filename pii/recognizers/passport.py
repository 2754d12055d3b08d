"""Passport of the People's Republic of China, 护照号.

Entry-exit administration formats: E or G and eight digits; since 2017 E, a letter (not I or O) and
seven digits; D/S/P and eight or DE/SE/PE and seven for diplomatic, service and public affairs.
No check digit, and product codes look alike: a word for a code before it rejects the match. Passports
of other issuers (K and H of Hong Kong, MA of Macau, nine digits and the like) only behind the word.
"""

import re
from dataclasses import replace

from pii.findings import Finding
from pii.kinds import Kind
from pii.recognizers.base import Shape, ShapeRecognizer

_NOT_A_PASSPORT = re.compile(
    r"(?:型号|编号|单号|货号|料号|批号|版本|产品|订单|合同|发票|规格|设备|序列号|SKU|S/N|S"
    r"N|No|model|"
    r"order|part|ref|code)[A-Za-z.:：# 号为是-]{0,6}$",
    re.IGNORECASE,
)
_CONTEXT = re.compile(r"护照|passport", re.IGNORECASE)


class PassportRecognizer(ShapeRecognizer):
    """A Chinese passport number; any alphanumeric one right behind the word passport."""

    kind = Kind.PASSPORT
    shapes = (
        Shape(
            "format",
            re.compile(
                r"(?<![0-9A-Za-z.\-_/#])(?:[EeGg]\d{8}|[Ee][A-HJ-NP-Za-hj-np-z]\d{7}|"
                r"[DSPdsp]\d{8}|[DSPdsp][Ee]\d{7})(?![0-9A-Za-z\-_/]|\.\d)"
            ),
            0.65,
        ),
        Shape(
            "word",
            re.compile(
                r"(?:护照|護照|passport)(?:号码|号|證號|编号|\ ?no\.?|\ ?number|\ ?\#)?"
                r"[^0-9A-Za-z\n\ue000]{0,6}(?P<n>[A-Z]{0,2}\d{6,9})(?![0-9A-Za-z]|[年月日次本人份])",
                re.IGNORECASE | re.VERBOSE,
            ),
            0.9,
            "n",
        ),
        Shape(
            # Two digits, two letters, five digits (France) and the like, in brackets behind the
            # holder: passport copy of Mr Dubois (17AB12345).
            "holder",
            re.compile(
                r"(?:护照|passport)[^\n\ue0000-9]{0,40}[（(](?P<n>(?=[A-Z0-9]*\d{4})[A-Z0-9]{7,9})[)）]",
                re.IGNORECASE,
            ),
            0.9,
            "n",
        ),
    )

    def find(self, text: str) -> list[Finding]:
        """Matches, raised by the word passport before them, dropped behind a word for a code."""
        kept = []
        for result in super().find(text):
            before = text[max(0, result.start - 24) : result.start]
            if _CONTEXT.search(before):
                kept.append(replace(result, score=0.95))
            elif text[result.start] not in "DSPdsp" and not _NOT_A_PASSPORT.search(before):
                kept.append(result)
        return kept
