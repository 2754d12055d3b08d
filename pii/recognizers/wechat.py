"""WeChat's own ids: `wxid_` and what the service makes up, until people choose another name."""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape, ShapeRecognizer


class WechatRecognizer(ShapeRecognizer):
    """An id as WeChat gives it."""

    kind = Kind.WECHAT
    shapes = (
        Shape("wxid", re.compile(r"(?<![0-9A-Za-z_])wxid_[0-9a-z]{8,24}(?![0-9A-Za-z_])"), 0.9),
    )
