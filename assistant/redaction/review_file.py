"""A client file reviewed by a person: what was found, their decisions, then the proven copy.

Unlike `redact_file`, a review must hold the original for a while: encrypted, for the one reviewing
alone, and erased when the review ends or its time is over (`upkeep`).
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from assistant.app import App
from assistant.errors import CaseNeeded, NothingToDecide, TooMuchToReview
from assistant.redaction.cases import OpenCase, open_case, until_kept
from assistant.redaction.eval_cases import keep_cases
from assistant.redaction.manage_rules import keep_rule
from assistant.redaction.redact_file import AS_SET, Wish
from assistant.redaction.redacted_copies import RedactedFile, keep_copy, policy_named
from pii.documents import RedactedDocument, redact_document
from pii.errors import LeakFound
from pii.eval_cases import cases_of
from pii.policy import RedactionPolicy
from pii.review import Decision, Material, Verdict, decided, material, merged
from pii.rules import Effect, key_of, lasting
from records.audit import Detail
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission

MOST_CHARACTERS = 300_000
MOST_GROUPS = 2_000
MOST_ADDED = 500


@dataclass(frozen=True, slots=True)
class Content:
    """What a review holds, sealed: untrusted name, wish, texts and the decisions so far."""

    name: str
    wish: Wish
    material: Material
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A review under way. `held_back` says where the copy would leak as things stand."""

    review_id: str
    policy: str
    material: Material = field(repr=False)
    decisions: tuple[Decision, ...] = field(repr=False)
    keep_until: datetime
    held_back: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The proven copy, and how many decisions became rules."""

    file: RedactedFile
    rules: int


def start_review(
    app: App, person: Person, untrusted_data: bytes, untrusted_name: str, wish: Wish = AS_SET
) -> Review:
    """The findings of a file, kept for review. Raises what `redact_document` raises but a leak.

    Passwords are held with the original, sealed, until the review ends.
    """
    app.authorise(person, Permission.FILE_REVIEW)
    chosen, case = _policy(app, wish), _case(app, person, wish)
    if chosen.encrypts and case is None:
        raise CaseNeeded
    seen: list[Material] = []
    held_back = None
    try:
        redact_document(
            untrusted_data,
            untrusted_name,
            app.detector,
            chosen,
            case.case if case else None,
            passwords=wish.passwords,
            pages=wish.pages,
            observe=lambda segments, treated: seen.append(_readable(material(segments, treated))),
        )
    except LeakFound as leak:
        # What the detector cannot get rid of by itself is what a person is asked for.
        held_back = leak.message
    found = seen[-1]
    content = Content(untrusted_name, replace(wish, policy=chosen.name), found)
    now = app.clock()
    keep_until = now + timedelta(minutes=app.settings.review_minutes)
    with app.database.transaction() as session:
        review_id = app.reviews.start(
            session,
            original=untrusted_data,
            content=_dumped(content),
            owner_id=person.id,
            keep_until=keep_until,
            now=now,
        )
        details: dict[str, Detail] = {"policy": chosen.name, "texts": len(found.groups)}
        app.append(session, person, "review:started", review_id, details)
    return Review(review_id, chosen.name, found, (), keep_until, held_back)


def read_review(app: App, person: Person, review_id: str) -> Review:
    """One's own review as it stands. Raises NotPermitted, NotFound once it is over."""
    app.authorise(person, Permission.FILE_REVIEW)
    now = app.clock()
    with app.database.transaction() as session:
        kept = app.reviews.read(session, review_id, owner_id=person.id, now=now)
        app.append(session, person, "review:read", review_id)
    content = _loaded(kept.content)
    policy = content.wish.policy
    return Review(review_id, policy, content.material, content.decisions, kept.keep_until)


def decide(app: App, person: Person, review_id: str, decisions: Sequence[Decision]) -> Review:
    """The review with these decisions; later ones replace earlier ones about the same text."""
    app.authorise(person, Permission.FILE_REVIEW)
    for decision in decisions:
        _check(app, person, decision)
    now = app.clock()
    with app.database.transaction() as session:
        kept = app.reviews.read(session, review_id, owner_id=person.id, now=now)
        before = _loaded(kept.content)
        together = merged(before.decisions, decisions)
        if len(together) > MOST_GROUPS + MOST_ADDED:
            raise TooMuchToReview
        content = replace(before, decisions=together)
        app.reviews.save(session, review_id, _dumped(content), owner_id=person.id, now=now)
        app.append(session, person, "review:decided", review_id, {"decisions": len(decisions)})
    return Review(review_id, content.wish.policy, content.material, together, kept.keep_until)


def finish_review(app: App, person: Person, review_id: str) -> Finished:
    """The copy with the decisions applied and proven; then the original is erased.

    Raises LeakFound where the copy still leaks: the review goes on, and more can be decided.
    """
    app.authorise(person, Permission.FILE_REVIEW)
    now = app.clock()
    with app.database.reading() as session:
        kept = app.reviews.read(session, review_id, owner_id=person.id, now=now)
        _, original = app.files.read(session, kept.original_id, owner_id=person.id)
    content = _loaded(kept.content)
    detector, wish = decided(app.detector, content.decisions), content.wish
    case = _case(app, person, wish)

    def attempt() -> Finished:
        document = redact_document(
            original,
            content.name,
            detector,
            _policy(app, wish),
            case.case if case else None,
            passwords=wish.passwords,
            pages=wish.pages,
        )
        return _release(app, person, review_id, document, original, content.decisions, case)

    finished = until_kept(app, case, attempt)
    cases = cases_of(content.material, content.decisions, random.SystemRandom())
    if cases:
        keep_cases(app.settings.home, cases)
    return finished


def drop_review(app: App, person: Person, review_id: str) -> None:
    """The review ends without a copy; the original is erased at once."""
    app.authorise(person, Permission.FILE_REVIEW)
    now = app.clock()
    with app.database.transaction() as session:
        app.reviews.end(session, review_id, owner_id=person.id, now=now)
        app.append(session, person, "review:dropped", review_id)


def _release(
    app: App,
    person: Person,
    review_id: str,
    document: RedactedDocument,
    original: bytes,
    decisions: Sequence[Decision],
    case: OpenCase | None,
) -> Finished:
    """Stand-ins and copy kept, rules made, review ended, all told in one transaction."""
    now, case_id = app.clock(), case.id if case else ""
    with app.database.transaction() as session:
        # Ended first: of two windows finishing at once, the second finds the review over.
        app.reviews.end(session, review_id, owner_id=person.id, now=now)
        if case:
            case.keep(app, session)
        file = keep_copy(app, session, person, document, original=original, case_id=case_id)
        report = file.report
        details: dict[str, Detail] = {
            "file": file.file_id,
            "policy": report.policy,
            "format": report.format,
            "findings": sum(report.counts.values()),
            "copy_sha256": report.redacted_sha256,
            "case": case_id,
        }
        for verdict in Verdict:
            details[verdict.value] = sum(one.verdict is verdict for one in decisions)
        app.append(session, person, "review:finished", review_id, details)
        rules = [_keep_rules(app, session, person, one) for one in decisions if one.lasting]
    if case:
        case.kept()
    return Finished(file, sum(rules))


def _policy(app: App, wish: Wish) -> RedactionPolicy:
    return policy_named(app, wish.policy).for_person(wish.subject)


def _case(app: App, person: Person, wish: Wish) -> OpenCase | None:
    return open_case(app, person, wish.case, client=wish.client) if wish.case else None


def _readable(found: Material) -> Material:
    """What a person can look through; refused before the copy is written and proven."""
    characters = sum(len(segment.text) for segment in found.segments)
    if characters > MOST_CHARACTERS or len(found.groups) > MOST_GROUPS:
        raise TooMuchToReview
    return found


def _check(app: App, person: Person, decision: Decision) -> None:
    """A decision that could not be carried out is refused now, not at the end."""
    if not key_of(decision.value) or len(decision.value) > 2_000:
        raise NothingToDecide
    if decision.verdict is Verdict.CHANGE and decision.new_kind is None:
        raise NothingToDecide
    if decision.lasting or decision.case:
        app.authorise(person, Permission.RULE_MANAGE)
    if decision.lasting:
        for rule in decision.rules:
            lasting(rule)


def _keep_rules(app: App, session: Session, person: Person, decision: Decision) -> int:
    """How many rules a decision made. Another kind needs one only: the kind given wins by itself."""
    changed = decision.verdict is Verdict.CHANGE
    made = [rule for rule in decision.rules if not (changed and rule.effect is Effect.ALLOW)]
    for rule in made:
        keep_rule(app, session, person, rule, reason=decision.reason or "审核时认定 / review")
    return len(made)


@cache
def _adapter() -> TypeAdapter[Content]:
    return TypeAdapter(Content)


def _dumped(content: Content) -> Any:
    return _adapter().dump_python(content, mode="json")


def _loaded(content: Any) -> Content:
    return _adapter().validate_python(content)
