"""Whether the language model is set up and answers as it is asked."""

import time
from collections.abc import Iterator

from pydantic import BaseModel

from assistant.app import App
from assistant.errors import ModelFailed
from assistant.models import Endpoint, Guarded, LanguageModel
from assistant.models.profiles import Rung
from assistant.operations.setup_part import Part, State
from pii.cleared import public_text
from records.language import Bilingual

_INSTRUCTIONS = 'Answer with JSON only: {"word": "ok"}'


_RUNGS: dict[Rung, Bilingual] = {
    "tool": Bilingual("用工具调用", "by a tool call"),
    "json": Bilingual("用 JSON 模式", "by JSON mode"),
    "plain": Bilingual("只用提示", "by the prompt alone"),
}


class Word(BaseModel):
    """What a model is asked for to see whether it answers."""

    word: str


def model_parts(app: App, *, ask_model: bool) -> Iterator[Part]:
    """How the model stands; with `ask_model` whether it answers, too."""
    model = app.model
    if model is None:
        yield Part(
            "model",
            State.READY,
            Bilingual(
                "语言模型：没有设置，由规则作答（功能完整）；见 docs/models.md",
                "Language model: none, the rules answer (nothing is missing); see docs/models.md",
            ),
        )
        return
    yield Part("model", State.READY, _configured(model))
    if ask_model:
        yield _asked(model)


def _configured(model: LanguageModel) -> Bilingual:
    if not isinstance(model, Guarded):
        return Bilingual(f"语言模型：{model.name}", f"Language model: {model.name}")
    limit = f" / {model.daily_tokens:,}" if model.daily_tokens else ""
    spent = f"{model.spent_today():,}{limit}"
    return Bilingual(
        f"语言模型：{model.name}；今天用了 {spent} token",
        f"Language model: {model.name}; tokens used today: {spent}",
    )


def _asked(model: LanguageModel) -> Part:
    """Whether it answers, and in which way it takes questions. Nothing of the company's is sent."""
    instructions = public_text(_INSTRUCTIONS, source="setup check")
    began = time.monotonic()
    try:
        reply = "".join(model.stream(instructions, public_text("ok?", source="setup check"), Word))
    except ModelFailed as error:
        return Part("model_reply", State.MISSING, _failure(error))
    seconds = time.monotonic() - began
    endpoint = model.model if isinstance(model, Guarded) else model
    rung = _RUNGS[endpoint.rung] if isinstance(endpoint, Endpoint) else _RUNGS["plain"]
    if "{" not in reply:
        return Part(
            "model_reply",
            State.MISSING,
            Bilingual(
                "语言模型：有回复，但不是 JSON，回答会由规则作出；请换一个模型。",
                "Language model: it replies, but not in JSON, so the rules will answer; try another.",
            ),
        )
    return Part(
        "model_reply",
        State.READY,
        Bilingual(
            f"语言模型：答了，{seconds:.1f} 秒，{rung.zh}",
            f"Language model: it answers, {seconds:.1f} s, {rung.en}",
        ),
    )


def _failure(error: ModelFailed) -> Bilingual:
    return Bilingual(
        f"{error.message.zh}请核对 COMPLIANCE_MODEL、COMPLIANCE_MODEL_BASE_URL、"
        "COMPLIANCE_MODEL_API_KEY；期间由规则作答。",
        f"{error.message.en} Check COMPLIANCE_MODEL, COMPLIANCE_MODEL_BASE_URL and "
        "COMPLIANCE_MODEL_API_KEY; meanwhile the rules answer.",
    )
