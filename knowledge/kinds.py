"""What a question asks for and what a provision gives: a period, a penalty, a definition, …"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.int8]

# Kind: how it is asked for, and how a statute gives it.
_KINDS = {
    "period": (
        "多久|多长时间|期限|几年|几天|几个月|几日|何时|什么时候|时间|时效",
        "[日月年]内|期限|期间|时效|之日起",
    ),
    "penalty": (
        "罚|判|坐牢|犯罪|违法|刑|后果",
        "罚款|处分|有期徒刑|拘留|吊销|没收|责令",
    ),
    "damages": ("赔|责任|承担|损失|补偿|谁负责", "赔偿|民事责任|侵权责任|补偿|承担"),
    "definition": ("什么是|是指|定义|包括哪些|含义|什么叫|哪些|有什么", "是指|所称|包括|：\n"),
    "who": ("谁|哪个部门|哪个机关|什么部门|哪里|向谁", "部门|机关|法院|负责|主管"),
    "allowed": ("可以|能否|能不能|是否|吗|可不可以|有权", "可以|有权|不得|禁止"),
    "how": ("怎么|如何|怎样|程序|流程|手续|材料|条件", "应当|申请|提交|下列|程序|条件"),
    "court": ("法院|诉讼|起诉|官司|告|仲裁", "人民法院|诉讼|起诉|仲裁"),
    "undone": ("无效|撤销|解除|有效|作废|反悔|退", "无效|撤销|解除|终止|效力|退还"),
    "amount": ("多少|几倍|比例|标准|费用|钱|工资", "百分之|倍|标准|费用|元|数额"),
}
KINDS = tuple(_KINDS)
_ASKED = tuple(re.compile(asked) for asked, _ in _KINDS.values())
_GIVEN = tuple(re.compile(given) for _, given in _KINDS.values())


def kinds_asked(question: str) -> Flags:
    """1 for each kind the question asks for, in the order of KINDS."""
    return np.array([rule.search(question) is not None for rule in _ASKED], dtype=np.int8)


def kinds_given(texts: Sequence[str]) -> Flags:
    """A row a text: 1 for each kind it gives."""
    rows = [[rule.search(text) is not None for rule in _GIVEN] for text in texts]
    return np.array(rows, dtype=np.int8).reshape(-1, len(_GIVEN))
