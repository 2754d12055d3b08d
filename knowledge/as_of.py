"""The day whose law a question asks for: 截至2025年6月1日, as of 2025-06-01."""

import re
from datetime import date

_DAY = (
    r"(?P<y{n}>(?:19|20)\d\d)\s*[-年./]\s*(?P<m{n}>\d{{1,2}})\s*[-月./]\s*(?P<d{n}>\d{{1,2}})\s*日?"
)
# A date alone is a fact of the case ("2023年5月1日签的合同"), not the day whose law is wanted.
_ASKED = re.compile(
    rf"(?:截至|截止到?|\bas (?:of|at)|\bin force on|按照?|依照?|根据)\s*{_DAY.format(n=1)}"
    r"(?P<law1>\s*(?:当时|时|那时)?(?:有效|施行|适用)?的?(?:规定|法律|法|条文|版本|文本|规则)?)"
    rf"|{_DAY.format(n=2)}\s*(?:时|当时|那天)\s*(?:有效|施行|适用)",
    re.IGNORECASE,
)
_NEEDS_LAW = ("按", "依", "根据")


def day_asked(text: str) -> date | None:
    """The day whose law is asked for; None where today's is."""
    for match in _ASKED.finditer(text):
        if match[0].startswith(_NEEDS_LAW) and not (match["law1"] or "").strip():
            continue
        parts = [match[f"{part}1"] or match[f"{part}2"] for part in "ymd"]
        try:
            return date(*map(int, parts))
        except ValueError:
            continue
    return None
