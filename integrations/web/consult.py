"""POST /api/search, /api/citations/check, /api/retention, /api/redact-text: one look, nothing kept."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import Field

from assistant.destruction.decide_record import DecidedRecord, decide_record
from assistant.law.check_citations import LONGEST_TEXT as LONGEST_CITING
from assistant.law.check_citations import CitationCheck, check_citations
from assistant.law.search_texts import LONGEST_WORDS, MOST_HITS, Found, search_texts
from assistant.redaction.redact_text import LONGEST_TEXT, RedactedText, redact_text
from integrations.web.bodies import RequestBody, Said, View
from integrations.web.desk import SignedIn
from integrations.web.law import ProvisionView
from integrations.web.tickets import DecisionView
from tickets.retention.facts import Flag, HolderType, RecordKind, StartEvent

router = APIRouter(tags=["consult"])


class Words(RequestBody):
    """What to look for, and on which day it must be in force."""

    words: str = Field(min_length=1, max_length=LONGEST_WORDS, examples=["身份证复印件 销毁"])
    as_of: date | None = None
    limit: int = Field(default=8, ge=1, le=MOST_HITS)


class HitView(View):
    """A provision, and how well it meets the words."""

    provision: ProvisionView
    score: float
    by: str


class FoundView(View):
    """The provisions, best first; the words as they were searched for, personal data masked."""

    words: str
    as_of: date
    hits: tuple[HitView, ...]


class CitingText(RequestBody):
    """A text that cites articles and may quote them."""

    text: str = Field(
        min_length=1,
        max_length=LONGEST_CITING,
        examples=["个人信息保护法第四十七条：“处理目的已实现、无法实现或者为实现处理目的不再必要”"],
    )
    as_of: date | None = None


class AddressView(View):
    """One provision as it was named."""

    instrument: str
    article: str
    paragraph: int | None
    item: int | None
    old: bool


class LookupView(View):
    """What it leads to on that day; without a provision the notes say why."""

    address: AddressView
    provision: ProvisionView | None
    words: str | None
    notes: tuple[Said, ...]


class QuoteView(View):
    """Words in quotation marks, and the provision that has them."""

    words: str
    found_in: str | None


class CheckView(View):
    """Whether all of it holds, and each part."""

    holds: bool
    as_of: date
    citations: tuple[LookupView, ...]
    quotes: tuple[QuoteView, ...]


class Record(RequestBody):
    """One kind of record, and what is known of it."""

    kind: RecordKind
    holder: HolderType | None = None
    dates: dict[StartEvent, date] = Field(
        default_factory=dict, examples=[{"relationship_ended": "2021-06-30"}]
    )
    hold: bool = False
    dispute: bool = False
    flags: dict[Flag, bool] = Field(
        default_factory=dict, examples=[{"accounting_attachment": False}]
    )


class DecidedView(View):
    """What may be done with it today."""

    kind: RecordKind
    holder: HolderType | None
    today: date
    decision: DecisionView


class Text(RequestBody):
    """A text to be redacted."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT, examples=["客户手机：138 0013 8000"])
    policy: str = Field(default="", max_length=80, examples=["standard"])


class RedactedTextView(View):
    """The text as it may go on."""

    text: str
    counts: dict[str, int]


@router.post("/search", response_model=FoundView)
def search(desk: SignedIn, body: Words) -> Found:
    """Provisions of law and sections of company policy that speak to the words."""
    return search_texts(desk.app, desk.person, body.words, as_of=body.as_of, limit=body.limit)


@router.post("/citations/check", response_model=CheckView)
def checked(desk: SignedIn, body: CitingText) -> CitationCheck:
    """Whether the articles a text cites are in force and have the words it quotes."""
    return check_citations(desk.app, desk.person, body.text, as_of=body.as_of)


@router.post("/retention", response_model=DecidedView)
def decided(desk: SignedIn, body: Record) -> DecidedRecord:
    """Keep or destroy, until when, by which article. No ticket is opened."""
    given: dict[str, Any] = dict(body)
    return decide_record(desk.app, desk.person, **given)


@router.post("/redact-text", response_model=RedactedTextView)
def redacted(desk: SignedIn, body: Text) -> RedactedText:
    """A text with personal data taken out; it is not kept."""
    return redact_text(desk.app, desk.person, body.text, policy=body.policy)
