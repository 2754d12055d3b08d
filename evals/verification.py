"""How many drafts made wrong on purpose does the check catch, and how many right ones does it let pass?

Each draft starts from a sentence of a law that one of our duties rests on: a right one says it in
everyday words and quotes it; a wrong one changes one thing. `python -m evals.verification` over the
home folder prints the table.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.citations import check
from assistant.answering.drafts import Draft, Point
from assistant.answering.material import Material
from assistant.answering.sources import Source, duty_source
from assistant.app import App
from evals.harness import Result, Score, run
from knowledge.duties import Confidence
from knowledge.paragraphs import split_article
from knowledge.provisions import Provision
from pii.cleared import public_text
from records.language import Language

CAUGHT, LET_PASS = 0.97, 0.9
MODEL = "suite"
_SENTENCE = re.compile(r"[^。；\n：]{18,160}[。；]")
_DUTY = re.compile(r"应当|不得|可以|必须|禁止")
_EXCEPTION = re.compile(
    r"[，；。]?(?:但(?:是)?，?[^。；]*|[^，。；]*另有规定的?，?(?:除外|从其规定))"
)
_NUMBER = re.compile(r"[一二三四五六七八九十百]+(?=个?(?:工作日|日|年|月|万元|倍|小时))")
_MUST = r"(?<![主需重必])要(?!求|件|素)"
# The law's words and what people say for them; nothing else about a right draft is changed.
_EVERYDAY = (
    ("应当", "要"), ("不得", "不能"), ("个人信息处理者", "公司"), ("网络数据处理者", "公司"), ("或者", "或"),
    ("将其", "把它"), ("予以", ""), ("有下列情形之一的", "有这些情形的"), ("、法规", ""),
)  # fmt: skip


def everyday(sentence: str) -> str:
    """A sentence of a law as people would say it."""
    said = sentence.rstrip("。；")
    for law, people in _EVERYDAY:
        said = said.replace(law, people)
    return said + "。"


@dataclass(frozen=True, slots=True)
class Case:
    """One draft, the material it was drafted from, and whether it is right."""

    id: str
    way: str
    draft: Draft
    material: Material
    right: bool


def cases(app: App, *, as_of: date) -> Iterator[Case]:
    """Right and wrong drafts on every duty whose law is loaded."""
    sources = [
        source
        for duty in app.library.duties.values()
        if duty.confidence is Confidence.VERIFIED and duty.has_begun(as_of)
        for source in [duty_source(app.library, duty, as_of)]
        if source.provisions
    ]
    for place, source in enumerate(sources):
        found = _sentence(source.provisions[0])
        if found is None:
            continue
        other = sources[(place + 7) % len(sources)]
        base = _Base(source, found, other, as_of)
        yield Case(f"{source.key} right", "right", base.draft(), base.material(), right=True)
        for way, change in _WRONG.items():
            changed = change(base)
            if changed is not None:
                draft, material = changed
                yield Case(f"{source.key} {way}", way, draft, material, right=False)


@dataclass(frozen=True, slots=True)
class _Base:
    """A right draft, to be changed in one thing."""

    source: Source
    quote: str
    other: Source
    as_of: date

    @property
    def text(self) -> str:
        """The sentence in everyday words."""
        return everyday(self.quote)

    def draft(self, text: str = "", *, key: str = "", quote: str = "") -> Draft:
        point = Point(text or self.text, (key or self.source.key,), quote or self.quote)
        return Draft(conclusion=point, written_by=MODEL)

    def material(self, *sources: Source, as_of: date | None = None) -> Material:
        # Duties elsewhere hold our own words for the law; here the law alone must carry.
        bare = tuple(replace(s, text=s.text) for s in (sources or (self.source, self.other)))
        return Material(
            question=public_text("请问怎么规定的", source="suite"),
            language=Language.ZH,
            as_of=as_of or self.as_of,
            named=(),
            absent=(),
            duties=bare,
            provisions=(),
            policies=(),
            decision=None,
            rules={},
        )


_Changed = tuple[Draft, Material] | None


def _wrong_number(base: _Base) -> _Changed:
    number = _NUMBER.search(base.text)
    if number is None:
        return None
    new = "七" if number[0] != "七" else "九"
    text = base.text[: number.start()] + new + base.text[number.end() :]
    return base.draft(text), base.material()


def _added_number(base: _Base) -> _Changed:
    return base.draft(base.text.rstrip("。") + "，期限是十三日。"), base.material()


def _wrong_article(base: _Base) -> _Changed:
    name = base.source.provisions[0].instrument
    return base.draft(f"按《{name}》第九十八条，{base.text}"), base.material()


def _other_source(base: _Base) -> _Changed:
    if base.quote in "".join(provision.text for provision in base.other.provisions):
        return None
    return base.draft(key=base.other.key), base.material()


def _invented_source(base: _Base) -> _Changed:
    return base.draft(key="S99"), base.material()


def _not_in_force(base: _Base) -> _Changed:
    begun = base.source.provisions[0].effective_from
    if begun is None:
        return None
    return base.draft(), base.material(as_of=date(begun.year - 1, begun.month, 1))


def _flipped(base: _Base) -> _Changed:
    for law, wrong in ((r"不能", "可以"), (_MUST, "不必"), (r"可以", "不能")):
        text, changed = re.subn(law, wrong, base.text, count=1)
        if changed:
            return base.draft(text), base.material()
    return None


def _weaker(base: _Base) -> _Changed:
    text, changed = re.subn(_MUST, "可以", base.text, count=1)
    return (base.draft(text), base.material()) if changed and "可以" not in base.quote else None


def _misquoted(base: _Base) -> _Changed:
    wrong = base.quote.replace("应当", "可以").replace("不得", "应当")
    return (base.draft(quote=wrong), base.material()) if wrong != base.quote else None


def _exception_dropped(base: _Base) -> _Changed:
    paragraphs = [p for one in base.source.provisions for p in split_article(one.text)]
    for paragraph in paragraphs:
        exception = _EXCEPTION.search(paragraph.text)
        kept = re.split(r"[。：]", paragraph.text[: exception.start()])[-1] if exception else ""
        kept = kept.strip("，；。")
        if len(kept) >= 12 and _DUTY.search(kept):
            said = replace(base, quote=kept).text
            return base.draft(said, quote=kept), base.material()
    return None


def _other_conclusion(base: _Base) -> _Changed:
    found = _sentence(base.other.provisions[0])
    if found is None or base.other.provisions[0].id == base.source.provisions[0].id:
        return None
    return base.draft(replace(base, quote=found).text), base.material()


def _other_subject(base: _Base) -> _Changed:
    if "公司" not in base.text or "法院" in base.source.provisions[0].text:
        return None
    return base.draft(base.text.replace("公司", "人民法院", 1)), base.material()


_WRONG: dict[str, Callable[[_Base], _Changed]] = {
    "wrong number": _wrong_number,
    "number added": _added_number,
    "wrong article": _wrong_article,
    "another source": _other_source,
    "invented source": _invented_source,
    "law not in force": _not_in_force,
    "negation flipped": _flipped,
    "duty weakened": _weaker,
    "quotation changed": _misquoted,
    "exception dropped": _exception_dropped,
    "true quote, other conclusion": _other_conclusion,
    "another subject": _other_subject,
}


def _sentence(provision: Provision) -> str | None:
    """The first sentence with a duty in it and without a list behind it."""
    for paragraph in split_article(provision.text):
        for found in _SENTENCE.finditer(paragraph.text):
            if _DUTY.search(found[0]) and not _EXCEPTION.search(found[0]):
                return found[0].strip()
    return None


def verification_suites(app: App, *, as_of: date) -> tuple[Result, Result]:
    """Wrong drafts caught, and right ones let pass."""
    drafts = list(cases(app, as_of=as_of))
    return (
        run("verification: wrong drafts caught", [c for c in drafts if not c.right], _caught, threshold=CAUGHT),
        run("verification: right drafts let pass", [c for c in drafts if c.right], _passes, threshold=LET_PASS),
    )  # fmt: skip


def _caught(case: Case) -> Score:
    conclusion = case.draft.conclusion
    assert conclusion is not None
    stands = check(case.draft, case.material).conclusion is not None
    return Score(case.id, not stands, f"{conclusion.text} ← {conclusion.quote}")


def _passes(case: Case) -> Score:
    caught = _caught(case)
    return Score(case.id, not caught.passed, caught.reason)


def by_way(result: Result) -> dict[str, tuple[int, float]]:
    """For each way of being wrong: how many drafts, and the share caught."""
    ways: dict[str, list[bool]] = {}
    for score in result.scores:
        ways.setdefault(score.case.partition(" ")[2], []).append(score.passed)
    return {way: (len(passed), sum(passed) / len(passed)) for way, passed in ways.items()}


def main() -> None:
    """Print the table over the home folder."""
    from rich.console import Console
    from rich.table import Table

    from assistant.app import build
    from assistant.settings import Settings

    app = build(Settings())
    caught, passed = verification_suites(app, as_of=app.today())
    table = Table("draft", "number", "share")
    for way, (number, share) in by_way(caught).items():
        table.add_row(f"caught: {way}", str(number), f"{share:.3f}")
    table.add_row("caught: all", str(len(caught.scores)), f"{caught.share:.3f}")
    table.add_row("let pass: right", str(len(passed.scores)), f"{passed.share:.3f}")
    Console().print(table)
    for score in [*caught.failures, *passed.failures][:40]:
        print(score.case, score.reason, sep=" | ")
    app.close()


if __name__ == "__main__":
    main()
