"""The kinds of personal information we look for, their names, and which are sensitive.

"Sensitive" follows PIPL art. 28. That article lists categories, not fields, so each row names the
standard whose list puts the field there; a lawyer can check the column from top to bottom.
"""

from dataclasses import dataclass
from enum import StrEnum

from records.language import Bilingual


class Sensitivity(StrEnum):
    """Ordinary or sensitive personal information, PIPL art. 28."""

    ORDINARY = "ordinary"
    SENSITIVE = "sensitive"


class Kind(StrEnum):
    """One kind of personal information."""

    PERSON_NAME = "person_name"
    RESIDENT_ID = "resident_id"
    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "email"
    ADDRESS = "address"
    BANK_CARD = "bank_card"
    CREDIT_CODE = "credit_code"
    PASSPORT = "passport"
    TRAVEL_PERMIT = "travel_permit"
    FOREIGNER_ID = "foreigner_id"
    MILITARY_ID = "military_id"
    DRIVING_LICENCE = "driving_licence"
    PLATE = "plate"
    VIN = "vin"
    WECHAT = "wechat"
    QQ = "qq"
    ALIPAY = "alipay"
    BIRTH_DATE = "birth_date"
    SOCIAL_SECURITY = "social_security"
    MEDICAL_INSURANCE = "medical_insurance"
    HOUSING_FUND = "housing_fund"
    IP_ADDRESS = "ip_address"
    MAC_ADDRESS = "mac_address"
    IMEI = "imei"
    COORDINATES = "coordinates"
    ACCOUNT = "account"
    PASSWORD = "password"  # noqa: S105  the name of a kind, not a password
    ORGANISATION = "organisation"

    @property
    def display(self) -> Bilingual:
        """The kind's name for people."""
        return FACTS[self].name

    @property
    def sensitivity(self) -> Sensitivity:
        """Ordinary or sensitive."""
        return FACTS[self].sensitivity


@dataclass(frozen=True, slots=True)
class KindFacts:
    """A kind's name, its class, and the source that puts it there."""

    name: Bilingual
    sensitivity: Sensitivity
    source: str


_B = "GB/T 35273-2020 附录B"
_FINANCE = "GB/T 45574-2025 金融账户"
_LOCATION = "GB/T 45574-2025 行踪轨迹、精准定位"
_HEALTH = "GB/T 45574-2025 医疗健康"
_A = "GB/T 35273-2020 附录A"


def _ordinary(zh: str, en: str, source: str = _A) -> KindFacts:
    return KindFacts(Bilingual(zh, en), Sensitivity.ORDINARY, source)


def _sensitive(zh: str, en: str, source: str = _B) -> KindFacts:
    return KindFacts(Bilingual(zh, en), Sensitivity.SENSITIVE, source)


FACTS: dict[Kind, KindFacts] = {
    Kind.PERSON_NAME: _ordinary("姓名", "name"),
    Kind.RESIDENT_ID: _sensitive("身份证号", "resident ID"),
    Kind.MOBILE: _ordinary("手机号", "mobile number"),
    Kind.LANDLINE: _ordinary("固定电话", "landline"),
    Kind.EMAIL: _ordinary("电子邮箱", "e-mail"),
    Kind.ADDRESS: _ordinary("地址", "address"),
    Kind.BANK_CARD: _sensitive("银行卡号", "bank card", _FINANCE),
    Kind.CREDIT_CODE: _ordinary("统一社会信用代码", "unified social credit code", "GB 32100-2015"),
    Kind.PASSPORT: _sensitive("护照号", "passport"),
    Kind.TRAVEL_PERMIT: _sensitive("通行证号", "travel permit"),
    Kind.FOREIGNER_ID: _sensitive("外国人永久居留身份证号", "foreign permanent resident ID"),
    Kind.MILITARY_ID: _sensitive("军官证号", "military ID"),
    Kind.DRIVING_LICENCE: _sensitive("驾驶证号", "driving licence"),
    Kind.PLATE: _ordinary("车牌号", "number plate"),
    Kind.VIN: _ordinary("车架号", "vehicle identification number"),
    Kind.WECHAT: _ordinary("微信号", "WeChat id"),
    Kind.QQ: _ordinary("QQ号", "QQ number"),
    Kind.ALIPAY: _sensitive("支付宝账号", "Alipay account", _FINANCE),
    Kind.BIRTH_DATE: _ordinary("出生日期", "date of birth"),
    Kind.SOCIAL_SECURITY: _sensitive("社保号", "social security number"),
    Kind.MEDICAL_INSURANCE: _sensitive("医保号", "medical insurance number", _HEALTH),
    Kind.HOUSING_FUND: _sensitive("公积金账号", "housing fund account", _FINANCE),
    Kind.IP_ADDRESS: _ordinary("IP地址", "IP address"),
    Kind.MAC_ADDRESS: _ordinary("MAC地址", "MAC address"),
    Kind.IMEI: _ordinary("设备识别码", "IMEI"),
    Kind.COORDINATES: _sensitive("经纬度", "coordinates", _LOCATION),
    Kind.ACCOUNT: _ordinary("账号", "account"),
    Kind.PASSWORD: _sensitive("密码", "password"),
    Kind.ORGANISATION: _ordinary("单位名称", "organisation", "单独不构成个人信息，按公司政策处理"),
}
