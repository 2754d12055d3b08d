"""A question in; a cited answer that was checked, or a reasoned refusal, out.

clear → understand → gather → draft → check → answer. With a model only the draft differs.
"""

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from assistant.answering.answers import Answer, Outcome
from assistant.answering.citations import Checked, check
from assistant.answering.compose import compose
from assistant.answering.drafts import RULES, Draft
from assistant.answering.material import Material, gather
from assistant.answering.model_draft import draft_with
from assistant.app import App
from assistant.errors import EmptyText, ModelFailed, TextTooLong
from knowledge.as_of import day_asked
from pii.detect import Finding
from pii.policy import Treatment, load_policy
from pii.redact import Redaction, redact
from records.language import Bilingual, Language, language_of
from records.people import Person
from records.permissions import Permission
from tickets.retention import decide, record_facts_from_text
from tickets.retention_facts import Decision

LONGEST_QUESTION = 2000

NOT_FOUND = Bilingual(
    "没有找到可以依据的规定，所以不作回答。请问：",
    "No rule was found to rest an answer on, so none is given. Please ask: ",
)


def ask(
    app: App,
    person: Person,
    question: str,
    *,
    as_of: date | None = None,
    language: Language | None = None,
) -> Answer:
    """The answer as of a day (today in China by default), in the question's own language.

    Raises NotPermitted, EmptyText, TextTooLong, or Unavailable while nothing is ingested.
    """
    app.authorise(person, Permission.QUESTION_ASK)
    redaction = clear_text(app, question, LONGEST_QUESTION)
    spoken = language or language_of(question)
    day = as_of or day_asked(question) or app.today()
    material = gather(
        app.library,
        redaction.cleared,
        language=spoken,
        as_of=day,
        decision=_retention(app, redaction.cleared.text, day),
    )
    draft, checked = _draft(app, material)
    answer = _answer(app, redaction, material, draft, checked)
    details = {
        "outcome": answer.outcome.value,
        "as_of": day.isoformat(),
        "quotations": len(answer.quotations),
        "masked": len(redaction.findings),
        "dropped": answer.dropped,
        "written_by": answer.written_by,
    }
    app.record(person, "question:answered", answer.id, details)
    return answer


def clear_text(app: App, text: str, limit: int) -> Redaction:
    """What a person typed, personal data taken out, so that it may go on. Checks its length."""
    if not text.strip():
        raise EmptyText
    if len(text) > limit:
        raise TextTooLong(limit)
    # Half a character cannot be stored or shown; nothing a person types holds one.
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return redact(whole.strip(), app.detector, load_policy("question"))


def kinds_masked(findings: Iterable[Finding], language: Language) -> tuple[str, ...]:
    """What was taken out, by kind and number: 身份证号 ×2. What the policy keeps is not named."""
    policy = load_policy("question")
    masked = [f.kind for f in findings if policy.treatment(f.kind) is not Treatment.KEEP]
    return tuple(
        kind.display.pick(language) + (f" ×{count}" if count > 1 else "")
        for kind, count in Counter(masked).items()
    )


def _retention(app: App, question: str, day: date) -> Decision | None:
    """The retention engine's word, where the question is about keeping or destroying a record."""
    facts = record_facts_from_text(question, today=day)
    if facts is None:
        return None
    return decide(replace(facts, holder=facts.holder or app.settings.holder), today=day)


def _draft(app: App, material: Material) -> tuple[Draft, Checked]:
    """The model's draft if there is a model and its conclusion stands; otherwise the rules'.

    Whether and when a record may go is worked out by the retention engine, and what is declined is
    declined in reviewed words: neither is worded by a model.
    """
    by_rules = compose(material) or Draft(conclusion=None)
    if app.model and by_rules.conclusion and not (material.decision or material.refusal):
        try:
            draft = draft_with(app.model, material)
        except ModelFailed:
            return by_rules, check(by_rules, material)
        checked = check(draft, material)
        if checked.conclusion:
            return replace(draft, next_steps=by_rules.next_steps), checked
    return by_rules, check(by_rules, material)


def _answer(
    app: App, redaction: Redaction, material: Material, draft: Draft, checked: Checked
) -> Answer:
    found = checked.conclusion is not None
    return Answer(
        id=f"Q-{secrets.token_hex(6)}",
        question=redaction.cleared.text,
        language=material.language,
        outcome=Outcome.ANSWERED if found else Outcome.NOT_FOUND,
        conclusion=checked.conclusion,
        conditions=checked.conditions,
        next_steps=draft.next_steps if found else (),
        quotations=checked.quotations,
        as_of=material.as_of,
        masked=kinds_masked(redaction.findings, material.language),
        hand_over="" if found else _hand_over(app, material),
        written_by=draft.written_by if found else RULES,
        dropped=checked.dropped,
    )


def _hand_over(app: App, material: Material) -> str:
    """Why there is no answer, and whom to ask."""
    sentences = [
        Bilingual(
            f"《{one.instrument}》没有第 {one.articles[0]} 条的现行文本，或其正文没有装入。",
            f"《{one.instrument}》 has no article {one.articles[0]} in force, or is not loaded.",
        )
        for one in material.absent
    ]
    said = "".join(
        one.pick(material.language) for one in (*(material.notes or sentences), NOT_FOUND)
    )
    return said + app.settings.officer
