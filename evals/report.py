"""The figures of a run as one page that needs nothing else: plots, comparison, what failed and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evals.harness import Result
from evals.suites import Baseline

_WIDTH, _ROW = 420, 22
_SHOWN = 40
_NAMES = {
    "answers": "回答",
    "tuned by rules": "调试半 · 规则作答",
    "tuned with a model": "调试半 · 模型作答",
    "tuned with a cheating model": "调试半 · 造假的模型",
    "untouched by rules": "未见半 · 规则作答",
    "untouched with a model": "未见半 · 模型作答",
    "untouched with a cheating model": "未见半 · 造假的模型",
    "blind by rules": "盲测 · 规则作答",
    "fresh by rules": "新问法可见半 · 规则作答",
    "fresh_untouched by rules": "新问法未见半 · 规则作答",
    "company rules": "公司制度",
    "retention": "保存期限",
    "verification": "核验",
    "retrieval": "检索",
    "addresses": "条号识读",
    "redaction": "脱敏",
    "injections held": "注入攻击",
}
_MEASURES = {
    "outcome": "结果对",
    "citation": "引对条文",
    "facts": "要点齐",
    "direct": "先答是否",
    "refused": "该拒则拒",
    "masked": "已遮蔽",
    "nothing forbidden": "无禁语",
    "nothing invented": "无编造",
    "no lie shown": "谎话不现",
    "told first": "先说对的那一条",
    "told": "说到对的那一条",
    "not told where none answers": "制度没说的不先说制度",
    "the date worked out": "算准日期",
    "a right article behind what is said first of the law": "最先说到法律处有对的条文",
    "a right article in the answer": "答复有对的条文",
    "turned away": "无关问题谢绝",
    "read exactly": "读准",
    "planted values gone": "埋设值已除",
    "look-alikes kept": "相似值保留",
    "wrong drafts caught": "错稿拦下",
    "right drafts let pass": "正稿放行",
}


@dataclass(frozen=True, slots=True)
class Previous:
    """The shares of an earlier run by suite, and when it was."""

    shares: dict[str, float] = field(default_factory=dict)
    at: str = ""


@dataclass(frozen=True, slots=True)
class _Bar:
    """One suite as the page draws it: lengths in pixels."""

    result: Result
    before: float | None
    baseline: Baseline | None

    @property
    def length(self) -> float:
        return round(self.result.share * _WIDTH, 1)

    @property
    def must(self) -> float:
        return round(self.result.threshold * _WIDTH, 1)

    @property
    def was(self) -> float | None:
        return None if self.before is None else round(self.before * _WIDTH, 1)

    @property
    def theirs(self) -> float | None:
        return None if self.baseline is None else round(self.baseline.share * _WIDTH, 1)

    @property
    def change(self) -> str:
        return "" if self.before is None else f"{(self.result.share - self.before) * 100:+.1f}"


def release(results: Sequence[Result], at: date) -> str:
    """The figures as assistant/questions/measured.yaml ships them, which the page of quality shows."""
    suites = [
        {
            "name": {"zh": chinese(one.suite), "en": one.suite},
            "share": round(one.share, 4),
            "number": len(one.scores),
            "threshold": one.threshold,
        }
        for one in results
        if one.scores
    ]
    body = yaml.safe_dump({"at": at, "suites": suites}, allow_unicode=True, sort_keys=False)
    return f"# Written by `python -m evals --release`; read by assistant/questions/read_quality.py.\n{body}"


def chinese(suite: str) -> str:
    """What a suite is called in Chinese; the part nobody named stays as it is."""
    group, _, measure = suite.partition(": ")
    measure = _MEASURES.get(measure, measure)
    return "：".join(part for part in (_NAMES.get(group, group), measure) if part)


def page(
    results: Sequence[Result],
    previous: Previous,
    baselines: Sequence[Baseline],
    *,
    at: datetime,
) -> str:
    """The report as HTML, Chinese first, plots as inline SVG."""
    measured = [one for one in results if one.scores]
    by_suite = {one.suite: one for one in baselines}
    groups: dict[str, list[_Bar]] = {}
    for one in measured:
        bar = _Bar(one, previous.shares.get(one.suite), by_suite.get(one.suite))
        groups.setdefault(one.suite.partition(":")[0], []).append(bar)
    return _PAGE.render(
        groups=groups,
        below=[one for one in measured if not one.passed],
        number=sum(len(one.scores) for one in measured),
        suites=len(measured),
        previous=previous,
        at=at.astimezone().strftime("%Y-%m-%d %H:%M"),
        width=_WIDTH,
        row=_ROW,
        shown=_SHOWN,
        names=_NAMES,
    )


_PAGE = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
).get_template("report.html.j2")
