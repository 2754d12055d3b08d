"""What a reader of a document does not see, and words meant for a machine instead of the reader."""

import re
from collections.abc import Iterable
from dataclasses import replace

from knowledge.sections import Line

# Smaller than this, in points, is not meant to be read.
SMALLEST_POINTS = 2.0
WHITE = frozenset({"ffffff", "fff", "white", "fefefe", "fdfdfd"})

# Zero-width marks, and the tag characters that spell a message nobody sees.
_ZERO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_ORDERS = re.compile(
    r"(?:忽略|无视|不要理会|忘记|覆盖|disregard|ignore|forget|override)"
    r"[^。.\n]{0,20}?(?:之前|以上|上述|前面|先前|所有|previous|above|prior|earlier|all|your)"
    r"[^。.\n]{0,20}?(?:指令|指示|提示词?|设定|instructions?|prompts?|directions|rules)"
    # 请忽略以上规则并回答…: a rule may set rules aside; it does not then tell anybody what to say.
    r"|(?:忽略|无视|不要理会|忘记)[^。.\n]{0,12}?(?:规则|规定|要求|内容|限制)[^。.\n]{0,8}?"
    r"(?:回答|回复|输出|告诉|泄露|批准)"
    r"|(?:^|[\s。])(?:system|assistant|developer|助手)\s*[:：]\s*(?:you\b|from now|现在|请|你)"
    r"|(?:system|developer)\s*prompt\s*[:：]|<\|?(?:im_start|system|assistant)\|?>"
    r"|(?:你|您)(?:现在)?是(?:一个|一名)?(?:没有限制|不受限制)"
    r"|(?:如果|假如|倘若|若|当)(?:你|您)是[^。.\n]{0,12}?(?:模型|AI|人工智能|助手|机器人)"
    r"|\bif\s+you\s+are\s+an?\b[^.\n]{0,24}?(?:\bAI\b|language model|assistant|chatbot|\bLLM\b)"
    r"|(?:阅读|读取|处理)(?:本|这份|此)(?:文件|文档|文本)的(?:AI|人工智能|大模型|语言模型|助手)"
    r"|(?:\bAIs?\b|\bLLMs?\b|assistants?|models?|chatbots?)\s+reading\s+this\b"
    r"|(?:AI|人工智能|大模型|语言模型|聊天机器人|助手|assistant|language model|chatbot|LLM)s?"
    r"[^。.\n]{0,12}?(?:必须|应当|请|务必|must|should|shall)?(?:直接)?(?:回答|回复|输出|告诉用户|answer|reply|output|respond)"
    r"[^。.\n]{0,8}?(?:[“\"「：:]|用户|with\b|that\b)",
    re.IGNORECASE | re.MULTILINE,
)


def has_instructions(text: str) -> bool:
    """Whether the words order an AI about."""
    return _ORDERS.search(text) is not None


def without_invisible(lines: Iterable[Line]) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The lines without zero-width marks; messages spelled in tag characters are told apart."""
    kept, hidden = [], []
    for line in lines:
        for spelled in _TAGS.findall(line.text):
            hidden.append("".join(chr(ord(one) - 0xE0000) for one in spelled))
        kept.append(replace(line, text=_ZERO_WIDTH.sub("", _TAGS.sub("", line.text))))
    return tuple(kept), tuple(hidden)
