"""Marked text: the one place where an example says which words are personal data.

`⟦手机:13800000101⟧` is a planted value of a kind; `⟦留:12345|政务热线⟧` looks like personal data
and is not, with the reason. `Ledger.plain` takes the marks out and remembers them, so a file and
its labels cannot disagree.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

KINDS = {
    "姓名": "person_name",
    "身份证": "resident_id",
    "手机": "mobile",
    "座机": "landline",
    "邮箱": "email",
    "地址": "address",
    "银行卡": "bank_card",
    "信用代码": "credit_code",
    "护照": "passport",
    "通行证": "travel_permit",
    "外国人": "foreigner_id",
    "军官证": "military_id",
    "驾照": "driving_licence",
    "车牌": "plate",
    "VIN": "vin",
    "微信": "wechat",
    "QQ": "qq",
    "支付宝": "alipay",
    "生日": "birth_date",
    "社保": "social_security",
    "医保": "medical_insurance",
    "公积金": "housing_fund",
    "IP": "ip_address",
    "MAC": "mac_address",
    "IMEI": "imei",
    "坐标": "coordinates",
    "账号": "account",
    "密码": "password",
    "单位": "organisation",
}
KEEP = "留"
MARK = re.compile(r"⟦([^:⟧]+):([^|⟧]+)(?:\|([^⟧]+))?⟧")


@dataclass(frozen=True)
class Label:
    """One marked value: `kind` for a planted one, `why` for one that must stay."""

    value: str
    kind: str | None
    why: str | None


class BadMark(ValueError):
    """A mark names no known kind, or a planted value also stands unmarked in its file."""


@dataclass
class Ledger:
    """Everything marked in one file, by label and place, in order of first appearance."""

    file: str
    places: dict[Label, Counter[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    def plain(self, marked: str, place: str) -> str:
        """The text as it goes into the file."""

        def take_out(mark: re.Match[str]) -> str:
            name, value, why = mark.groups()
            if name != KEEP and name not in KINDS:
                raise BadMark(f"{self.file}: 标记“{name}”不认识 unknown mark")
            label = Label(value, KINDS.get(name), why)
            self.places.setdefault(label, Counter())[place] += 1
            return value

        text = MARK.sub(take_out, marked)
        if "⟦" in text or "⟧" in text:
            raise BadMark(f"{self.file}: 标记没有写完整 broken mark: {text[:40]}")
        # What is left when every planted value is gone: used to find values nobody marked.
        self.texts.append(MARK.sub(lambda m: m[2] if m[1] == KEEP else "\0", marked))
        return text

    def labels(self) -> dict[str, list[dict[str, object]]]:
        """The file's entry in labels.json."""
        self._refuse_unmarked()
        planted: list[dict[str, object]] = []
        keep: list[dict[str, object]] = []
        for label, where in self.places.items():
            common = {"count": where.total(), "places": list(where)}
            if label.kind:
                planted.append({"value": label.value, "kind": label.kind, **common})
            else:
                keep.append({"value": label.value, "why": label.why, **common})
        return {"planted": planted, "keep": keep}

    def _refuse_unmarked(self) -> None:
        for label in self.places:
            if label.kind and any(label.value in text for text in self.texts):
                raise BadMark(f"{self.file}: “{label.value}”有一处没有标记 stands unmarked")
