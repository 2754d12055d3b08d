"""What a person typed, personal data taken out before anything else happens to it."""

from collections import Counter
from collections.abc import Iterable

from assistant.app import App
from assistant.errors import EmptyText, ReasonMissing, TextTooLong
from pii.detect import Finding
from pii.policy import Treatment, load_policy
from pii.redact import Redaction, redact
from records.errors import BadInput
from records.language import Language

LONGEST_REASON = 200
_SHORTEST_REASON = 4


def clear_text(app: App, text: str, limit: int) -> Redaction:
    """What a person typed, personal data taken out, so that it may go on. Checks its length."""
    if not text.strip():
        raise EmptyText
    if len(text) > limit:
        raise TextTooLong(limit)
    # Half a character cannot be stored or shown; nothing a person types holds one.
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return redact(whole.strip(), app.detector, load_policy("question"))


def clear_reason(app: App, reason: str, limit: int) -> str:
    """Why something was done, personal data taken out. Raises ReasonMissing, TextTooLong."""
    if not reason.strip():
        raise ReasonMissing
    return clear_text(app, reason, limit).cleared.text


def stated_reason(app: App, reason: str) -> str:
    """A reason fit for the log: personal data taken out. Raises BadInput when there is none."""
    if len(reason.strip()) < _SHORTEST_REASON:
        raise BadInput(
            f"请写明事由，至少 {_SHORTEST_REASON} 个字，例如：清算组核对债权，工单 DES-2026-0003。",
            f"Give the reason in {_SHORTEST_REASON} characters or more, for example: liquidation group "
            "checks claims, ticket DES-2026-0003.",
        )
    return clear_text(app, reason, LONGEST_REASON).cleared.text


def kinds_masked(findings: Iterable[Finding], language: Language) -> tuple[str, ...]:
    """What was taken out, by kind and number: 身份证号 ×2. What the policy keeps is not named."""
    policy = load_policy("question")
    masked = [f.kind for f in findings if policy.treatment(f.kind) is not Treatment.KEEP]
    return tuple(
        kind.display.pick(language) + (f" ×{count}" if count > 1 else "")
        for kind, count in Counter(masked).items()
    )
