"""Which stretches of a long row of numbers can be one identifier written apart.

A page of figures is one row of thousands of groups, and every run of them of eleven to twenty-three
digits could be a number: sixty times the page. Only those are kept that an identifier known by its
form alone can be; what is known by the label before it does not stand in the middle of a row.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from pii.recognizers.bank_card import known_issuer, luhn_holds
from pii.recognizers.credit_code import checksum_holds as credit_code_holds
from pii.recognizers.credit_code import organisation_code_holds
from pii.recognizers.mobile import RANGES
from pii.recognizers.resident_id import checksum_holds, is_date

Check = Callable[[str], bool]
_REGION = r"(?:1[0-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-6]|71|8[12])\d{4}"


def _is_card(number: str) -> bool:
    return known_issuer(number) and luhn_holds(number)


def _is_credit_code(code: str) -> bool:
    # By chance the quicker check of the two holds for one number in eleven.
    inner = not code[:17].isdigit() or organisation_code_holds(code[8:17])
    return inner and credit_code_holds(code)


def _has_date_of_15(number: str) -> bool:
    return is_date("19" + number[6:12])


def _has_letter(number: str) -> bool:
    return not number.isdigit()


def _always(_: str) -> bool:
    return True


# Forms of one length each, and what else must hold. The recognizers decide in the end: a form may
# take more than they do, and may not take less.
_FORMS: Sequence[tuple[str, Check]] = (
    (RANGES, _always),
    (rf"86{RANGES}", _always),
    (rf"0086{RANGES}", _always),
    (r"0[1-9]\d{9}", _always),
    (r"0[1-9]\d{10}", _always),
    (r"[HM]\d{10}", _always),
    (r"[A-Z]{3}\d{12}", _always),
    (r"2088\d{12}", _always),
    (r"[1-8]\d{7}(?:0[1-9]|1[0-2])[0-3]\d{4}", _has_date_of_15),
    (r"[1-9]\d{5}(?:18|19|20)\d{9}[0-9Xx]", checksum_holds),
    (rf"[1-9A-HJNY][1-9A-HJNPQRTUWXY]{_REGION}[0-9A-HJ-NPQRTUWXY]{{10}}", _is_credit_code),
    (r"[0-9A-HJ-NPR-Z]{14}\d{3}", _has_letter),
    (r"4\d{12}", _is_card),
    (r"3[47]\d{13}", _is_card),
    (r"(?:6[0289]|4\d|5[1-5]|2[2-7]|35)\d{14}", _is_card),
    (r"6[0289]\d{15}", _is_card),
    (r"6[0289]\d{16}", _is_card),
    (r"(?:6[0289]|4\d|95)\d{17}", _is_card),
)
_FINDERS = tuple((re.compile(rf"(?=({form}))"), check) for form, check in _FORMS)


def possible_numbers(groups: Sequence[str]) -> Iterator[tuple[int, int]]:
    """First group and the one behind the last of every stretch that can be an identifier."""
    position = 0
    begins: dict[int, int] = {}
    for number, group in enumerate(groups):
        begins[position] = number
        position += len(group)
    begins[position] = len(groups)
    row = "".join(groups)
    for finder, check in _FINDERS:
        for match in finder.finditer(row):
            start, end = match.span(1)
            if start in begins and end in begins and check(match.group(1)):
                yield begins[start], begins[end]
