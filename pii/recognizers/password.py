"""Passwords and door codes in prose: 门锁密码是660218#, the door code we gave her was Ab-1502!.

No standard shapes a secret, so the word before it decides, and a digit in it tells it from prose.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape, ShapeRecognizer

_MADE_UP = r"(?P<secret>(?=[!-~]{0,31}\d)[!#-&*+\--:=?-~][!#-&*-:=?-~]{2,30}[!#-&*+\-/-9=?-~])"
_NOT_COUNTED = r"(?![0-9A-Za-z]|[ ]?[年月日天次位个条份元款项分%])"
_CHINESE = re.compile(
    rf"""(?:密码|口令|暗号|访客码|门禁码|门锁码|开门码|入户码|动态码|验证码)
    (?:[ ]?[（(][^（）()\n]{{1,10}}[）)])?
    (?:[ ]?(?:仍|还|就|都|已|现在|目前|暂时|统一)?(?:是|为|叫|用|改为|改成|设为|设成|重置为|换成))?
    [ ]?[:：=]?[ ]?["“「]?{_MADE_UP}{_NOT_COUNTED}""",
    re.VERBOSE,
)
_ENGLISH = re.compile(
    rf"""(?<![A-Za-z])
    (?i:pass(?:word|code|phrase)|(?:door|entry|access|gate|lock|alarm)\ code|PIN)(?![A-Za-z])
    (?:[^.;\n。；]{{0,40}}?(?<![A-Za-z])(?:is|was|to|be|became)(?![A-Za-z]))?
    (?:[ ]?[:=][ ]?|\s{{1,2}}|[ ]["“'])["“']?{_MADE_UP}""",
    re.VERBOSE,
)


class PasswordRecognizer(ShapeRecognizer):
    """A secret behind the word for one."""

    kind = Kind.PASSWORD
    shapes = (
        Shape("secret", _CHINESE, 0.85, "secret"),
        Shape("secret_en", _ENGLISH, 0.85, "secret"),
    )
