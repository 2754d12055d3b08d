"""What an answer to a case of ours is worth: plain checks, each with its reason; no model judges."""

import re
from collections.abc import Callable, Sequence

from assistant.answering.answers import Answer, Claim, Outcome
from assistant.answering.refusals import refusals
from assistant.app import App
from evals.asked import Asked
from evals.harness import Result, Score
from knowledge.addresses import parse_address
from knowledge.provisions import Standing

# Just below the least that any half reached in any mode, so that a step back shows. What a model words
# beside the rules reaches least: its statements fall where the quoted words do not carry them.
THRESHOLDS = {
    "outcome": 0.9,
    "citation": 0.75,
    "facts": 0.6,
    "direct": 0.4,
    "refused": 0.6,
    "masked": 1.0,
    "nothing forbidden": 1.0,
    "nothing invented": 1.0,
}
_SPACE = re.compile(r"\s+")


def suites(app: App, run: str, answered: Sequence[Asked]) -> tuple[Result, ...]:
    """One suite for each measure, over the cases it applies to."""
    return tuple(
        Result(
            f"{run}: {measure}",
            tuple(
                Score(one.case.id, not why, why or one.case.turns[-1])
                for one in answered
                if (why := check(app, one)) is not None
            ),
            THRESHOLDS[measure],
        )
        for measure, check in CHECKS.items()
    )


def statements(answer: Answer) -> tuple[Claim, ...]:
    """Everything the answer states."""
    return (*((answer.conclusion,) if answer.conclusion else ()), *answer.conditions)


def said(answer: Answer) -> str:
    """Every word of the answer but those of statutes."""
    asked_back = answer.clarification.question if answer.clarification else ""
    texts = [claim.text for claim in statements(answer)]
    return "\n".join((*texts, *answer.next_steps, answer.instead, asked_back))


def shown(answer: Answer) -> str:
    """Every word of the answer, those of statutes too."""
    return "\n".join((said(answer), *(one.words for one in answer.quotations)))


def _outcome(_app: App, one: Asked) -> str | None:
    """Why the answer ended otherwise than it must; empty where it ended well."""
    got = one.answer.outcome
    return "" if got in one.case.outcomes else f"{got.value}: {_begin(one.answer)}"


def _citation(_app: App, one: Asked) -> str | None:
    if not one.case.any or _ended_apart(one):
        return None
    cited = cited_by(one.answer)
    hit = any(
        (name, number) in cited or (number == "*" and any(name == other for other, _ in cited))
        for name, _, number in (wanted.rpartition(" ") for wanted in one.case.any)
    )
    return "" if hit else f"{sorted(cited)}"


def _ended_apart(one: Asked) -> bool:
    """Whether the case may end without an answer, and did: then it need cite and say nothing."""
    got = one.answer.outcome
    return got in one.case.outcomes and got not in (Outcome.ANSWERED, Outcome.DECLINED)


def cited_by(answer: Answer) -> set[tuple[str, str]]:
    """(name without 中华人民共和国, article) of what the answer's statements quote or name."""
    claims = statements(answer)
    numbers = {number for claim in claims for number in claim.quotations}
    ids = [one.provision_id for one in answer.quotations if one.number in numbers]
    cited = {
        (name.partition("@")[0], article) for name, _, article in (i.rpartition("#") for i in ids)
    }
    cited |= {(m.instrument, a) for c in claims for m in c.mentions for a in (m.articles or ("",))}
    return {(name.removeprefix("中华人民共和国"), article) for name, article in cited}


def _facts(_app: App, one: Asked) -> str | None:
    if not one.case.facts or _ended_apart(one):
        return None
    missing = [fact for fact in one.case.facts if not re.search(fact, shown(one.answer))]
    return f"{missing}: {_begin(one.answer)}" if missing else ""


def _direct(_app: App, one: Asked) -> str | None:
    """Whether a question of yes or no gets a yes or a no."""
    if not one.case.opens or _ended_apart(one):
        return None
    conclusion = one.answer.conclusion
    hit = conclusion and re.search(one.case.opens, conclusion.text)
    return "" if hit else _begin(one.answer)


def _refused(_app: App, one: Asked) -> str | None:
    if not one.case.refusals:
        return None
    got = refused_by(one.answer)
    return (
        ""
        if got in one.case.refusals
        else f"{got or one.answer.outcome.value}: {_begin(one.answer)}"
    )


def refused_by(answer: Answer) -> str:
    """The id of the refusal an answer gave, or nothing."""
    text = answer.conclusion.text if answer.conclusion else ""
    language = answer.language
    said_by = ((said, r.id) for r in refusals().values() for said in r.every_word())
    return next((name for said, name in said_by if said.both().pick(language) == text), "")


def _masked(_app: App, one: Asked) -> str | None:
    if not one.case.masked:
        return None
    named = " ".join(one.answer.masked)
    left = [kind for kind in one.case.masked if not re.search(kind, named)]
    return f"{left}: {named}" if left else ""


def _nothing_forbidden(_app: App, one: Asked) -> str | None:
    found = [never for never in one.case.never if re.search(never, shown(one.answer))]
    return f"{found}" if found else ""


def _nothing_invented(app: App, one: Asked) -> str | None:
    return invented(app, one.answer)


def invented(app: App, answer: Answer) -> str:
    """What in an answer names or quotes law that is not there; looked up anew, apart from the check."""
    wrong = []
    for quotation in answer.quotations:
        provision = app.library.provision_by_id(quotation.provision_id)
        words = _SPACE.sub("", quotation.words)
        stands = provision and provision.standing(answer.as_of) is Standing.IN_FORCE
        if not (provision and stands and words in _SPACE.sub("", provision.text)):
            wrong.append(quotation.provision_id)
    reviewed = _cited_by_duties(app)
    known = reviewed | cited_by(answer)
    for claim in statements(answer):
        wrong += [
            f"{a.instrument} {a.article}"
            for a in parse_address(claim.text)
            if (a.instrument.removeprefix("中华人民共和国"), a.article) not in known
            and app.library.provision(a.instrument, a.article, as_of=answer.as_of) is None
        ]
        wrong += [
            f"{m.instrument} {a}"
            for m in claim.mentions
            for a in m.articles
            if (m.instrument.removeprefix("中华人民共和国"), a) not in reviewed
        ]
    return ", ".join(wrong)


def _cited_by_duties(app: App) -> frozenset[tuple[str, str]]:
    return frozenset(
        (citation.instrument.removeprefix("中华人民共和国"), article)
        for duty in app.library.duties.values()
        for citation in duty.citations
        for article in citation.articles
    )


CHECKS: dict[str, Callable[[App, Asked], str | None]] = {
    "outcome": _outcome,
    "citation": _citation,
    "facts": _facts,
    "direct": _direct,
    "refused": _refused,
    "masked": _masked,
    "nothing forbidden": _nothing_forbidden,
    "nothing invented": _nothing_invented,
}


def _begin(answer: Answer) -> str:
    return said(answer).strip()[:90].replace("\n", " ")
