"""A text with personal data taken out; neither the text nor the copy is kept."""

from collections import Counter
from dataclasses import dataclass, field

from assistant.app import App
from assistant.errors import EmptyText, TextTooLong
from assistant.redaction.redacted_copies import policy_named
from pii.policy import Treatment
from pii.redact import redact
from records.errors import BadInput
from records.people import Person
from records.permissions import Permission

LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class RedactedText:
    """The text as it may go on, and how many of each kind were treated."""

    text: str = field(repr=False)
    counts: dict[str, int]


def redact_text(app: App, person: Person, text: str, *, policy: str = "") -> RedactedText:
    """The text treated by a policy. Raises NotPermitted, EmptyText, TextTooLong, BadInput."""
    app.authorise(person, Permission.FILE_REDACT)
    if not text.strip():
        raise EmptyText
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(LONGEST_TEXT)
    chosen = policy_named(app, policy)
    if any(one is Treatment.ENCRYPT for one in chosen.treatments.values()):
        raise BadInput(
            "这个策略会加密部分内容，只能用于文件和案卷。",
            "This policy encrypts values; it is for files and cases only.",
        )
    whole = text.encode("utf-8", "replace").decode("utf-8")
    done = redact(whole, app.detector, chosen)
    treated = Counter(
        one.kind.value for one in done.findings if chosen.treatment(one.kind) is not Treatment.KEEP
    )
    counts = dict(sorted(treated.items()))
    app.record(person, "text:redacted", "text", {"findings": sum(counts.values())})
    return RedactedText(done.cleared.text, counts)
