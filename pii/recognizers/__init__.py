"""One file an identifier: its standard, its pattern, its check."""

from collections.abc import Callable

from pii.lac import LacModel
from pii.name_model import NameModel
from pii.recognizers.account import AccountRecognizer
from pii.recognizers.address import AddressRecognizer
from pii.recognizers.alipay import AlipayRecognizer
from pii.recognizers.answered import AnsweredRecognizer
from pii.recognizers.bank_card import BankCardRecognizer
from pii.recognizers.base import Recognizer
from pii.recognizers.birth_date import BirthDateRecognizer
from pii.recognizers.coordinates import CoordinatesRecognizer
from pii.recognizers.credit_code import CreditCodeRecognizer
from pii.recognizers.driving_licence import DrivingLicenceRecognizer
from pii.recognizers.email import EmailRecognizer
from pii.recognizers.english_address import EnglishAddressRecognizer
from pii.recognizers.foreigner_id import ForeignerIdRecognizer
from pii.recognizers.framed_name import FramedNameRecognizer
from pii.recognizers.hong_kong_id import HongKongIdRecognizer
from pii.recognizers.housing_fund import HousingFundRecognizer
from pii.recognizers.imei import ImeiRecognizer
from pii.recognizers.ip_address import IpAddressRecognizer
from pii.recognizers.labelled import LabelledRecognizer
from pii.recognizers.landline import LandlineRecognizer
from pii.recognizers.latin_name import LatinNameRecognizer
from pii.recognizers.mac_address import MacAddressRecognizer
from pii.recognizers.medical_insurance import MedicalInsuranceRecognizer
from pii.recognizers.military_id import MilitaryIdRecognizer
from pii.recognizers.mobile import MobileRecognizer
from pii.recognizers.organisation import OrganisationRecognizer
from pii.recognizers.passport import PassportRecognizer
from pii.recognizers.password import PasswordRecognizer
from pii.recognizers.person_name import PersonNameRecognizer
from pii.recognizers.plate import PlateRecognizer
from pii.recognizers.predefined import PredefinedRecognizer
from pii.recognizers.qq import QqRecognizer
from pii.recognizers.residence_permit import ResidencePermitRecognizer
from pii.recognizers.resident_id import ResidentIdRecognizer
from pii.recognizers.social_security import SocialSecurityRecognizer
from pii.recognizers.table_by_blanks import TableByBlanksRecognizer
from pii.recognizers.table_in_text import TableInTextRecognizer
from pii.recognizers.titled_name import TitledNameRecognizer
from pii.recognizers.travel_permit import TravelPermitRecognizer
from pii.recognizers.vin import VinRecognizer
from pii.recognizers.wechat import WechatRecognizer

PATTERNS: tuple[Callable[[], Recognizer], ...] = (
    AlipayRecognizer,  # before mobile and e-mail: of equals the first stands
    ResidentIdRecognizer,
    ResidencePermitRecognizer,
    ForeignerIdRecognizer,
    HongKongIdRecognizer,
    MobileRecognizer,
    LandlineRecognizer,
    EmailRecognizer,
    BankCardRecognizer,
    CreditCodeRecognizer,
    PassportRecognizer,
    TravelPermitRecognizer,
    MilitaryIdRecognizer,
    DrivingLicenceRecognizer,
    PlateRecognizer,
    VinRecognizer,
    IpAddressRecognizer,
    MacAddressRecognizer,
    ImeiRecognizer,
    CoordinatesRecognizer,
    AddressRecognizer,
    OrganisationRecognizer,
    LabelledRecognizer,
    AnsweredRecognizer,
    TableInTextRecognizer,
    TableByBlanksRecognizer,
    TitledNameRecognizer,
    FramedNameRecognizer,
    BirthDateRecognizer,
    EnglishAddressRecognizer,
    LatinNameRecognizer,
    PasswordRecognizer,
    WechatRecognizer,
    QqRecognizer,
    AccountRecognizer,
    SocialSecurityRecognizer,
    MedicalInsuranceRecognizer,
    HousingFundRecognizer,
    PredefinedRecognizer,
)
"""Every recognizer that needs no model."""


def names() -> Recognizer:
    """The recognizer that needs models, which load themselves when first asked."""
    return PersonNameRecognizer(NameModel(), LacModel())
