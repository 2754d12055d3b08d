"""Medical insurance and patient numbers, 医保号, 病历号, 住院号.

The insurance number follows 国家医疗保障局 or the region: a letter or none and eight to twenty digits.
Patient numbers are each hospital's own. GB/T 45574-2025 counts them to health information.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape
from pii.recognizers.behind_words import BehindWordsRecognizer, bare_number


class MedicalInsuranceRecognizer(BehindWordsRecognizer):
    """A number behind the word for one."""

    kind = Kind.MEDICAL_INSURANCE
    words = (
        "医保",
        "医疗保险",
        "新农合",
        "住院",
        "门诊",
        "病历",
        "病案",
        "就诊",
        "体检",
        "检验",
        "影像",
    )
    worded = (
        Shape(
            "word",
            re.compile(
                r"(?:(?:医保|医疗保险|新农合)(?:个人)?(?:卡|账户|电子凭证)?(?:的)?"
                r"(?:卡号|编号|号码|号|账号)|(?:住院|门诊|病历|病案|就诊|就诊卡|体检|检验|影像)号码?)"
                r"[^0-9A-Za-z\n\ue000。；;]{0,8}"
                r"(?P<n>[A-Z]{0,3}\d{5,20}|\d{17}[\dX])(?![0-9A-Za-z]|\.\d|[ ]?元)",
                re.IGNORECASE,
            ),
            0.9,
            "n",
        ),
        bare_number("医保卡?|医疗保险卡?|新农合", r"[A-Z]{0,2}\d{8,20}"),
    )
