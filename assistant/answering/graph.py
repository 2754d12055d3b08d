"""The one road from a question to an answer, as a fixed graph.

clear → understand → retrieve → draft → verify → render. Each step is a function from the state to
what it adds. What a person typed stands in the context, which nothing keeps; the state holds
cleared text only. `understand` may go straight to `render`: a greeting, or a fact to ask back.
"""

import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, TypedDict

from assistant.answering.answers import Answer, Approval, Claim, Outcome
from assistant.answering.approved import Asker
from assistant.answering.citations import Checked, check, check_point
from assistant.answering.clarify import Clarification, ask_before, ask_beside
from assistant.answering.compose import REPORT, compose, decides
from assistant.answering.drafts import RULES, Draft, Point
from assistant.answering.follow_up import FollowUp
from assistant.answering.incident_told import first_step, incident_in, with_its_name
from assistant.answering.material import Material, gather
from assistant.answering.model_draft import draft_with
from assistant.answering.search import Search
from assistant.answering.sources import Source, approved_sources
from assistant.answering.threads import Turn
from assistant.answering.understand import Meaning, meaning, outside, small_talk
from assistant.app import App
from assistant.errors import ModelFailed
from assistant.redaction.clearing import clear_text, kinds_masked
from knowledge.sounds import put_right
from knowledge.traditional import simplified
from knowledge.word_index import understand as take_apart
from pii.cleared import ClearedText
from pii.cores import usable_cores
from pii.policy import load_policy
from pii.redact import redact
from pii.rules import Rules
from records.beijing import shanghai_day
from records.language import Bilingual, Language, language_of
from records.people import person_by_id
from tickets.retention.decision import record_facts_from_text
from tickets.retention.facts import Decision

LONGEST_QUESTION = 2000
# As many steps at once as there are cores: more only take turns, and whoever must be quick (an
# acknowledgement, a page) would wait for all of them. A model's step waits for the model.
_CORES = threading.BoundedSemaphore(usable_cores())

UNCLEAR = Bilingual(
    "没有完全明白您的问题。请写明是什么资料、发生了什么事。",
    "The question is not quite clear. Please say which records it concerns and what happened.",
)
NOT_FOUND_BUT = Bilingual("没有找到可以依据的规定。", "No rule was found to rest an answer on. ")
NOT_FOUND = Bilingual(
    "没有找到可以依据的规定，所以不作回答。请问：",
    "No rule was found to rest an answer on, so none is given. Please ask: ",
)


@dataclass(frozen=True, slots=True)
class Context:
    """What a run may use, and what was typed. Handed to each step, never part of the state."""

    app: App
    untrusted_text: str
    turns: Sequence[Turn]
    choice: str
    as_of: date
    language: Language | None
    asker: Asker
    """For whom an approved answer is sought."""
    heard: Callable[[Claim], None] = lambda _claim: None
    """Told each statement of a model that stands, while the rest is still being written."""


class State(TypedDict, total=False):
    """What the steps know by now. Cleared text only."""

    said: ClearedText
    masked: tuple[str, ...]
    language: Language
    question: ClearedText
    meant: Meaning
    instead: str
    outcome: Outcome
    decision: Decision | None
    clarification: Clarification | None
    material: Material
    draft: Draft
    checked: Checked
    answer: Answer


def run(context: Context) -> Answer:
    """The answer to what was typed."""
    end: State = _graph().invoke(State(), context=context)
    return end["answer"]


@cache
def _graph() -> Any:
    # Imported here: the command line starts a second faster without it.
    from langgraph.graph import END, START, StateGraph
    from langgraph.runtime import Runtime

    def with_context(step: Any) -> Any:
        def node(state: State, runtime: Runtime[Context]) -> State:
            waits = step is write and runtime.context.app.model is not None
            with nullcontext() if waits else _CORES:
                added: State = step(state, runtime.context)
            return added

        return node

    steps = (clear, understand, retrieve, write, verify, render)
    graph: Any = StateGraph(State, context_schema=Context)
    for step in steps:
        graph.add_node(step.__name__, with_context(step))
    graph.add_edge(START, "clear")
    graph.add_edge("clear", "understand")
    graph.add_conditional_edges(
        "understand", lambda state: "render" if state.get("instead") else "retrieve"
    )
    graph.add_edge("retrieve", "write")
    graph.add_edge("write", "verify")
    graph.add_edge("verify", "render")
    graph.add_edge("render", END)
    return graph.compile()


def clear(state: State, context: Context) -> State:
    """Personal data taken out of what was typed; traditional characters and words written by their sound put right."""
    redaction = clear_text(context.app, context.untrusted_text, LONGEST_QUESTION)
    language = context.language or _spoken(context)
    right = put_right(simplified(redaction.cleared.text))
    said = redaction.cleared
    return {
        "said": said if right == said.text else _cleared_again(context.app, right),
        "language": language,
        "masked": kinds_masked(redaction.findings, language),
    }


def understand(state: State, context: Context) -> State:
    """The question made whole; or what is said at once, where nothing is to be looked up."""
    said, language = state["said"], state["language"]
    if talk := small_talk(said.text):
        return {
            "question": said,
            "meant": Meaning(said.text),
            "instead": talk.pick(language),
            "outcome": Outcome.OUTSIDE,
        }
    meant = meaning(
        said.text,
        context.turns,
        choice=context.choice,
        language=language,
        today=context.as_of,
    )
    if len(meant.whole) > LONGEST_QUESTION:
        meant = Meaning(said.text)
    question = said if meant.whole == said.text else _cleared_again(context.app, meant.whole)
    asked = ask_before(question.text, language, _settled(context.turns))
    if asked:
        return {
            "question": question,
            "meant": meant,
            "instead": asked.question,
            "outcome": Outcome.ASKED_BACK,
            "clarification": asked,
        }
    return {"question": question, "meant": meant}


def retrieve(state: State, context: Context) -> State:
    """What the law, the duties, company policy and the retention engine say."""
    question, language, app = state["question"], state["language"], context.app
    incident = incident_in(question.text)
    facts = None
    if state["meant"].about_keeping:
        facts = record_facts_from_text(question.text, today=context.as_of)
    holder = (facts.holder if facts else None) or app.settings.holder
    material = gather(
        Search(
            app.library,
            context.as_of,
            audience=context.asker.audiences,
            published=Rules(app.allow_list.in_force(app.today())).publish,
            holder=holder,
            goes_on=bool(context.turns),
        ),
        with_its_name(question, incident, language_of(question.text)),
        said=question,
        language=language,
        facts=replace(facts, holder=holder) if facts else None,
        incident=incident,
        joined=state["meant"].joined,
        follow_up=_follow_up(state, context),
        approved=_approved(context, question.text, language),
    )
    return {"decision": material.decision, "material": material}


def write(state: State, context: Context) -> State:
    """The rules' draft, or the model's where there is one and nothing was decided by program.

    Whether and when a record may go is worked out by the retention engine, and what is declined is
    declined in reviewed words, what is approved in the officer's, and of what is disputed both readings
    stand: none of them is worded by a model.
    """
    material = state["material"]
    by_rules = compose(material) or Draft(conclusion=None)
    if material.own_rule and check(by_rules, material).conclusion is None:
        by_rules = compose(replace(material, own_rule=False)) or by_rules
    model = context.app.model
    if model and by_rules.conclusion and not _in_our_words(material):
        heard = _Listener(material, model.name, context.heard)
        try:
            draft = draft_with(model, material, heard)
        except ModelFailed:
            return {"draft": by_rules}
        if check(draft, material).conclusion:
            return {"draft": replace(draft, next_steps=by_rules.next_steps)}
    return {"draft": by_rules}


def _in_our_words(material: Material) -> bool:
    disputed = any(duty.contested for duty in material.duties[:1])
    return bool(material.decision or material.refusal or material.approved or disputed)


@dataclass(slots=True)
class _Listener:
    """Checks each point while the model still writes, and passes on the ones that stand.

    A conclusion that does not stand ends it: the rules answer, and nothing wrong was shown.
    """

    material: Material
    written_by: str
    passed_on: Callable[[Claim], None]
    concluded: bool = False

    def __call__(self, point: Point) -> bool:
        claim = check_point(point, self.material, self.written_by).conclusion
        if claim is not None:
            self.passed_on(claim)
        if self.concluded:
            return True
        self.concluded = claim is not None
        return self.concluded


def verify(state: State, context: Context) -> State:
    """Only what stands: sources exist, hold, and say so."""
    return {"checked": check(state["draft"], state["material"])}


def render(state: State, context: Context) -> State:
    """The answer, with the one fact worth asking back."""
    if state.get("instead"):
        return {"answer": _unanswered(state, context, state["instead"], state["outcome"])}
    checked, material, draft = state["checked"], state["material"], state["draft"]
    if checked.conclusion is None:
        near = tuple(context.app.library.nearest_questions(material.question, state["language"]))
        outcome, instead = _nothing(context.app, material, near)
        return {"answer": _unanswered(state, context, instead, outcome, near)}
    decision = state["decision"] if material.rules and not checked.conclusion.approval else None
    clarification = (
        ask_beside(material.question.text, decision, state["language"], _settled(context.turns))
        if decision
        and not (material.refusal or material.named)
        and (decides(material, decision) or not (material.own_rule or material.duties))
        else None
    )
    asked = clarification.question if clarification else None
    answer = replace(
        _unanswered(state, context, "", Outcome.ANSWERED),
        outcome=Outcome.DECLINED if material.refusal else Outcome.ANSWERED,
        conclusion=checked.conclusion,
        conditions=checked.conditions,
        next_steps=tuple(step for step in draft.next_steps if step != asked),
        quotations=checked.quotations,
        written_by=draft.written_by,
        dropped=checked.dropped,
        clarification=clarification,
    )
    return {"answer": answer}


def _spoken(context: Context) -> Language:
    """The language of what was typed; a bare number goes on in the thread's own."""
    wordless = not any(character.isalpha() for character in context.untrusted_text)
    before = context.turns[-1].whole if context.turns and wordless else context.untrusted_text
    return language_of(before)


def _follow_up(state: State, context: Context) -> FollowUp | None:
    """What was typed, and the question before it, where both were joined and each could be asked by itself."""
    if not state["meant"].apart:
        return None
    return FollowUp(state["said"], _cleared_again(context.app, context.turns[-1].whole))


def _cleared_again(app: App, whole: str) -> ClearedText:
    """What was put together of cleared pieces, looked at once more as one text."""
    return redact(whole, app.detector, load_policy("question")).cleared


def _settled(turns: Sequence[Turn]) -> frozenset[str]:
    """What was asked back in this thread already; nobody is asked twice."""
    return frozenset(turn.clarification for turn in turns if turn.clarification)


def _approved(context: Context, question: str, language: Language) -> tuple[Source, ...]:
    """The company's approved answer to this question; about another day's law there is none."""
    app, day = context.app, context.app.today()
    if context.as_of != day:
        return ()
    found = app.approved.find(question, context.asker, language=language, day=day)
    if found is None:
        return ()
    answer, provisions = found
    with app.database.reading() as session:
        officer = person_by_id(session, answer.approved_by)
    by = officer.name if officer else answer.approved_by
    approval = Approval(answer.id, by, shanghai_day(answer.approved_at))
    return approved_sources(answer.id, answer.content, provisions, approval)


def _unanswered(
    state: State,
    context: Context,
    instead: str,
    outcome: Outcome,
    ask_instead: tuple[str, ...] = (),
) -> Answer:
    return Answer(
        id=f"Q-{secrets.token_hex(6)}",
        question=state["question"].text,
        language=state["language"],
        outcome=outcome,
        conclusion=None,
        conditions=(),
        next_steps=(),
        quotations=(),
        as_of=context.as_of,
        masked=state["masked"],
        instead=instead,
        ask_instead=ask_instead,
        written_by=RULES,
        dropped=state["checked"].dropped if "checked" in state else 0,
        follows=state["meant"].follows,
        first=not context.turns,
        clarification=state.get("clarification"),
    )


def _nothing(app: App, material: Material, near: tuple[str, ...]) -> tuple[Outcome, str]:
    """Why there is no answer, and whom to ask; or, outside the subject, what can be asked.

    `near` are questions like it that have one.
    """
    language = material.language
    told = material.incident
    if told and not material.absent:
        return Outcome.NOT_FOUND, "".join(
            one.pick(language) for one in (NOT_FOUND_BUT, REPORT, first_step(told))
        )
    found = material.duties or material.provisions or material.policies or material.absent
    if not found and not take_apart(material.question.text).on_subject:
        return Outcome.OUTSIDE, (UNCLEAR if near else outside()).pick(language)
    sentences = [
        Bilingual(
            f"《{one.instrument}》没有第 {one.articles[0]} 条的现行文本，或其正文没有装入。",
            f"《{one.instrument}》 has no article {one.articles[0]} in force, or is not loaded.",
        )
        for one in material.absent
    ]
    apart = "" if language is Language.ZH else " "
    said = apart.join(one.pick(language) for one in (*(material.notes or sentences), NOT_FOUND))
    return Outcome.NOT_FOUND, said + app.settings.officer
