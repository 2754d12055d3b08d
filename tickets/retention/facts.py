"""What is asked of the retention engine, and what it answers: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from records.language import Bilingual
from tickets.citation import Citation


class RecordKind(StrEnum):
    """Kinds of records about clients, and those kept beside them."""

    IDENTITY_COPY = "identity_copy"
    CONTACT_DATA = "contact_data"
    CUSTOMER_LIST = "customer_list"
    CLIENT_FILES = "client_files"
    MARKETING_LIST = "marketing_list"
    CONTRACT = "contract"
    TRANSACTION_RECORD = "transaction_record"
    ECOMMERCE_TRANSACTION = "ecommerce_transaction"
    AML_IDENTITY = "aml_identity"
    AML_TRANSACTION = "aml_transaction"
    ACCOUNTING_VOUCHER = "accounting_voucher"
    ACCOUNTING_OTHER = "accounting_other"
    ANNUAL_REPORT = "annual_report"
    ARCHIVES_REGISTER = "archives_register"
    TAX_RECORD = "tax_record"
    INVOICE = "invoice"
    LABOUR_CONTRACT = "labour_contract"
    PAYROLL = "payroll"
    CONSENT_RECORD = "consent_record"
    PIA_REPORT = "pia_report"
    SHARING_RECORD = "sharing_record"
    LOG = "log"
    DISPUTE_FILE = "dispute_file"
    CCTV = "cctv"
    MEDICAL_RECORD = "medical_record"
    CREDIT_RECORD = "credit_record"
    IMPLANT_SALES = "implant_sales"
    OWN_RECORD = "own_record"


class HolderType(StrEnum):
    """Who holds the record: several periods bind only some."""

    COMPANY = "company"
    FINANCIAL = "financial"
    DESIGNATED_NON_FINANCIAL = "designated_non_financial"
    INSURER = "insurer"
    SECURITIES = "securities"
    FUTURES = "futures"
    ECOMMERCE_PLATFORM = "ecommerce_platform"
    MEDICAL = "medical"
    CREDIT_AGENCY = "credit_agency"


class StartEvent(StrEnum):
    """The events that start a period or end a purpose."""

    RELATIONSHIP_ENDED = "relationship_ended"
    ACCOUNT_CLOSED = "account_closed"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    PURPOSE_ACHIEVED = "purpose_achieved"
    TRANSACTION_ENDED = "transaction_ended"
    DOCUMENT_DATED = "document_dated"
    INVOICE_ISSUED = "invoice_issued"
    EMPLOYMENT_ENDED = "employment_ended"
    WAGES_PAID = "wages_paid"
    ASSESSED = "assessed"
    SHARED = "shared"
    LOGGED = "logged"
    CAPTURED = "captured"
    DISPUTE_CLOSED = "dispute_closed"
    LAST_VISIT = "last_visit"
    LAST_DISCHARGE = "last_discharge"
    BAD_CONDUCT_ENDED = "bad_conduct_ended"


class Flag(StrEnum):
    """Facts that switch a rule on or off."""

    ACCOUNTING_ATTACHMENT = "accounting_attachment"
    INPATIENT = "inpatient"
    PSYCHIATRIC = "psychiatric"
    MIGRANT_WORKERS = "migrant_workers"


class Status(StrEnum):
    """What may be done with the record today."""

    NOT_YET = "not_yet"
    MAY_DESTROY = "may_destroy"
    MUST_DELETE = "must_delete"
    BLOCKED = "blocked"
    PERMANENT = "permanent"
    CONTESTED = "contested"
    NEEDS_FACT = "needs_fact"


class Effect(StrEnum):
    """What a rule does to a record."""

    MINIMUM = "minimum"  # must be kept at least so long
    PERMANENT = "permanent"  # must be kept for ever
    CEILING = "ceiling"  # must be gone after so long
    PURPOSE = "purpose"  # must be gone once the purpose is achieved (PIPL 19, 47)
    EVIDENCE = "evidence"  # a reason, not a duty, to keep; it leaves the answer to a person
    ADVICE = "advice"  # named beside the answer, decides nothing


@dataclass(frozen=True)
class RecordFacts:
    """What is known of one record or one kind of records. None and absence mean unknown."""

    kind: RecordKind
    holder: HolderType | None = None
    dates: Mapping[StartEvent, date] = field(default_factory=dict)
    hold: bool = False
    dispute: bool = False
    # Happened for certain, day unknown.
    happened: frozenset[StartEvent] = frozenset()
    # Known not to have happened yet ("客户还没解约").
    not_happened: frozenset[StartEvent] = frozenset()
    flags: Mapping[Flag, bool] = field(default_factory=dict)
    # The dates were read from "三年前" or "2023年5月" rather than from a document.
    approximate: bool = False
    # Further kinds of records named in the same breath; each needs a decision of its own.
    also: tuple[RecordKind, ...] = ()
    # Asked is whether it is kept though the company closes, not until which day.
    whether_kept: bool = False


@dataclass(frozen=True)
class Fact:
    """A fact not known that would change the answer, with the question to ask."""

    name: str
    question: Bilingual


@dataclass(frozen=True)
class RuleOutcome:
    """One rule considered, and what it says of this record."""

    rule_id: str
    name: Bilingual
    effect: Effect
    citation: Citation
    applies: bool
    starts_on: date | None
    last_day: date | None
    running: bool | None
    reason: Bilingual


@dataclass(frozen=True)
class Alternative:
    """The decision if the holder is of this type."""

    holder: HolderType
    name: Bilingual
    decision: "Decision"


@dataclass(frozen=True)
class Decision:
    """What may be done with a record today, why, and what would change it.

    `earliest` is the first day on which destruction is lawful; `latest` the last day on which
    keeping is, where a rule sets one.
    """

    status: Status
    earliest: date | None
    latest: date | None
    deciding: RuleOutcome | None
    considered: tuple[RuleOutcome, ...]
    interim: Bilingual | None
    conditions: tuple[Bilingual, ...]
    missing: tuple[Fact, ...]
    summary: Bilingual
    alternatives: tuple[Alternative, ...] = ()
