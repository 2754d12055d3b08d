"""Presidio finds through our adapter what the detector finds, and lends what it knows better."""

import subprocess
import sys

import pytest
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine

from pii.detect import ShippedDetector
from pii.findings import resolve
from pii.kinds import Kind
from pii.presidio import AdaptedRecognizer, analyzer, findings
from pii.propagate import everywhere
from pii.recognizers import PATTERNS
from pii.recognizers.mobile import MobileRecognizer

TEXTS = [
    "客户张伟（身份证110105 19491231 002X）住在北京市朝阳区建国路88号3幢2单元1203室。",
    "联系电话：１３８００１３８０００，邮箱zhangsan@163.com，微信号：wx_lin2020",
    "请高律师转告欧阳娜娜：卡6222 0212 3456 7890 128已挂失。订单号13800138000。",
    "Dear Katrin,\n\nMy name is Ewan Carmody, born on 7 March 1981.\n\nBest,\nMireille Duvall\n",
    "车牌京A12345，从202.96.134.133登录，门锁密码是 660218#，护照EA1234567",
    "陈听雪来电。听雪说下周再来。",
    "本季度共受理投诉12件，依照法律和章程的规定办理。",
]


@pytest.fixture(scope="module")
def engine() -> AnalyzerEngine:
    return analyzer()


@pytest.mark.parametrize("text", TEXTS)
def test_the_analyzer_finds_what_the_detector_finds(
    engine: AnalyzerEngine, detector: ShippedDetector, text: str
) -> None:
    found = resolve(findings(engine.analyze(text, language="zh")))
    assert everywhere([text], [found])[0] == detector.find(text)


@pytest.mark.parametrize("build", PATTERNS)
def test_every_recognizer_names_its_kinds_and_finds_only_those(build: type) -> None:
    adapted = AdaptedRecognizer(build())
    kinds = set(adapted.supported_entities)
    assert kinds and kinds <= {kind.value for kind in Kind}
    for text in TEXTS:
        assert {r.entity_type for r in adapted.analyze(text, [])} <= kinds


def test_one_recognizer_works_in_a_registry_of_somebody_elses() -> None:
    engine = AnalyzerEngine(
        registry=RecognizerRegistry(
            recognizers=[AdaptedRecognizer(MobileRecognizer(), "en")], supported_languages=["en"]
        ),
        nlp_engine=NoOpNlpEngine([{"lang_code": "en", "model_name": "none"}]),
        supported_languages=["en"],
    )
    (result,) = engine.analyze("call １３８-0013-8000 now", language="en", entities=["mobile"])
    assert (result.entity_type, result.start, result.end) == ("mobile", 5, 18)
    assert result.recognition_metadata["reason"] == "mobile/range"


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Pay to GB82 WEST 1234 5698 7654 32 today", Kind.BANK_CARD, "GB82 WEST 1234 5698 7654 32"),
        ("her social security number is 536-90-4399.", Kind.SOCIAL_SECURITY, "536-90-4399"),
    ],
)
def test_numbers_of_other_countries_are_found_by_presidios_own(
    detector: ShippedDetector, text: str, kind: Kind, value: str
) -> None:
    found = [(f.kind, text[f.start : f.end]) for f in detector.find(text)]
    assert (kind, value) in found


@pytest.mark.parametrize("text", ["Pay to GB82 WEST 1234 5698 7654 33 today", "part 536-90-4399"])
def test_numbers_that_fail_the_check_or_lack_the_words_are_left(
    detector: ShippedDetector, text: str
) -> None:
    assert [f for f in detector.find(text) if "presidio" in f.reason] == []


def test_a_first_finding_loads_neither_presidio_nor_spacy() -> None:
    code = (
        "import sys; from pii.detect import ShippedDetector as D; "
        "assert D().find('客户张伟的电话是13800138000。'); "
        "print(sorted({'presidio_analyzer', 'spacy', 'pandas', 'torch'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout.strip() == "[]"
