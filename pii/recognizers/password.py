"""Passwords and door codes in prose: 门锁密码是660218#, the door code we gave her was Ab-1502!.

No standard shapes a secret, so the word before it decides, and a digit in it tells it from prose.
"""

import re
from collections.abc import Iterator

from pii.findings import Finding
from pii.kinds import Kind
from pii.recognizers.base import Shape
from pii.recognizers.behind_words import BehindWordsRecognizer

_MADE = r"[!#-&*+\--:=?-~][!#-&*-:=?-~]{2,30}[!#-&*+\-/-9=?-~]"
_MADE_UP = rf"(?P<secret>(?=[!-~]{{0,31}}\d){_MADE})"
# Maple@home: a mark inside tells it from a word as well as a digit does.
_MARKED = rf"(?P<secret>(?=[!-~]{{0,31}}[\d@#$%^&*!_]){_MADE})"
_NO_DATE = r"(?!(?:19|20)\d{2}[-/.]\d{1,2}|\d{1,2}[:/]\d{1,2}(?!\d))"
_NOT_COUNTED = r"(?![0-9A-Za-z]|[ ]?[年月日天次位个条份元款项分秒%])"
_WORDS = (
    "密码", "口令", "暗号", "访客码", "门禁码", "门锁码", "开门码", "入户码", "动态码", "验证码", "授权码", "提取码",
    "取件码", "解锁码", "PIN码", "密钥",
)  # fmt: skip
_WORD = "(?:" + "|".join(_WORDS) + ")锁?"
_ABOUT = (
    r"(?:热线|电话|日期|时间|有效|过期|期|次数|长度|手机|邮箱|网址|链接|要求|规则|说明|设置|位)"
)
_BEHIND = rf"[ ]?[:：=]?[ ]?[\"“「]?{_NO_DATE}{_MARKED}{_NOT_COUNTED}"
_IS = r"(?:[ ]?(?:仍|还|就|都|已|现在|目前|暂时|统一)?(?:是|为|叫|用|改为|改成|设为|设成|重置为|换成|给|写)了?)?"
_CHINESE = re.compile(
    rf"{_WORD}(?:[ ]?[（(][^（）()\n]{{1,10}}[）)])?{_IS}{_BEHIND}", re.IGNORECASE
)
# 密码是名字拼音加生日：chen0921, and 密码锁，187136#, which ends the clause.
_FAR = re.compile(
    rf"{_WORD}(?P<about>[^0-9A-Za-z\n\ue000。；;:：，,]{{1,14}})[:：][ ]?{_NO_DATE}{_MARKED}{_NOT_COUNTED}",
    re.IGNORECASE,
)
_AFTER_COMMA = re.compile(
    rf"{_WORD}[，, ][ ]?(?P<secret>\d{{4,8}}[#*]?)(?=[，。,;；）)\s]|$)", re.IGNORECASE
)
# Elsewhere than right behind the word, where the text speaks of one: 忘了，重置后 lucky!5244.
_CHANGED = re.compile(
    rf"(?:重置[后为成]|改[为成回]|换[成回]|新的是|旧的是|老的是|就是|默认)了?[ ]?[:：]?[ ]?"
    rf"(?P<secret>(?=[!-~]{{0,31}}[A-Za-z])(?=[!-~]{{0,31}}\d){_MADE}){_NOT_COUNTED}"
)
# 单元门4821#: figures with a hash behind what has a keypad.
_KEYPAD = re.compile(
    r"(?:进门|开门|门禁|门锁|大门|单元门|楼门|院门|车库门|保险[柜箱]|储物柜|快递柜|信箱)[^\n\ue000。；;\d]{0,10}(?P<secret>\d{4,8}[#*])(?![0-9A-Za-z])"
)
# 开门按996006, and the wifi's: no standard of radio, which is shorter or has a point.
_PRESSED = re.compile(
    r"(?:进门|开门|开锁)(?:请|先)?(?:按|摁|输入?)[ ]?(?P<secret>\d{4,8}[#*]?)(?![0-9A-Za-z楼层])"
)
_WIFI = re.compile(
    r"(?:(?<![A-Za-z])wi-?fi|无线)(?:网络?|名)?[ :：是为]{1,3}"
    r"(?P<secret>(?=[!-~]{0,31}\d)[A-Za-z0-9@#!_$\-]{7,32})(?![!-~])",
    re.IGNORECASE,
)
_SPOKEN_OF = re.compile("密码|口令|password|passcode", re.IGNORECASE)
_REACH = 120
_JOINED = r"(?=[!-~]{0,20}\d)[A-Za-z]{3,16}[@#!$%^&*_\-][A-Za-z0-9@#!$%^&*]{2,12}"
# Maple#9568, Qwe!2871: letters, a mark and figures are nothing else where the text speaks of getting in.
_SHAPED = re.compile(
    r"(?<![!-~])(?P<secret>(?=[!-~]{0,20}[@#!$%^&*])[A-Za-z]{2,16}[@#!$%^&*_\-]"
    r"[A-Za-z0-9@#!$%^&*_\-]{0,12}\d[A-Za-z0-9@#!$%^&*]{0,6})(?![!-~])"
)
_GETTING_IN = re.compile(
    r"密|口令|登[录陆]|后台|账[号户]|帐[号户]|wi-?fi|无线|路由|锁|验证"
    r"|(?<![a-z])(?:log|sign)[ -]?(?:in|on)|passw|passcode|admin|reset|credential",
    re.IGNORECASE,
)
# The same with a joint for a mark, sunny-9343, and figures: where somebody says that one is to be used.
_USED = re.compile(
    r"(?:用|输入?|敲|填|按|改[为成回了]?|换[成回了]?|设[为成]|就?是|还是(?:那个|原来的)?|试试?|叫|变成|密)"
    r"[ ]?[:：]?[ ]{0,2}[\"“「]?"
    rf"(?P<secret>{_NO_DATE}(?:\d{{4,8}}[#*]?|{_JOINED}))"
    r"(?![0-9A-Za-z%.#*\-/:]|[ ]?[年月日号天次位个条份元块万千百点度米平层楼室人只台件页股张斤克吨倍分秒])"
)
_LOCKED = re.compile(
    r"密码|口令|(?<![A-Za-z])PIN|锁|门禁|保险[柜箱]|首次登[录陆]|登[录陆](?:时|请|系统|用)|(?:打|进|解)不?开|开机|后台"
)
_LOCK_REACH = 60
# 大门544420，: what is locked, and figures that end the clause.
_DOOR = re.compile(
    r"(?:(?<![出入专部热快])(?:大|院|房|家|屋|铁|楼道|车库|后|侧)门|门锁|锁屏|开机|门禁"
    r"|保险[柜箱]|储物柜|更衣柜|信箱|解锁)(?:锁|密码?)?[ :：]{0,2}"
    r"(?P<secret>\d{4,8}[#*]?)(?=[ ]?[，,。；;）)\n\ue000]|[ ]?$)"
)
# admin / Maple#9568, guoruoxi34 / sunny_1789: a name to log in with, and its secret.
_PAIR = re.compile(
    r"(?<![!-~])(?:admin|root|administrator|user|guest|[a-z][a-z0-9._]{3,24}\d"
    r"|[A-Za-z0-9._%+\-]{2,30}@[A-Za-z0-9.\-]{4,40})[ ]?[/|][ ]?"
    rf"(?P<secret>{_NO_DATE}{_MADE_UP.replace('(?P<secret>', '(?:')})(?![!-~])"
)
# wifi贴在墙上，Qwe_2871: the same at the end of a clause, right behind the topic.
_NEAR = re.compile(
    r"(?:密码?|口令|wi-?fi|无线网?)[^!-~\n\ue000。；;]{0,10}[，,:：（( ][ ]?"
    rf"(?P<secret>{_NO_DATE}{_JOINED})(?=[ ]?[，,。；;）)\s\ue000]|$)",
    re.IGNORECASE,
)
_IN_ENGLISH = re.compile(
    r"(?<![A-Za-z])(?:is|was|to|use|enter|try|now|becomes?)(?:[ ]now)?[ :]{1,2}[\"“']?"
    rf"(?P<secret>{_NO_DATE}{_JOINED})(?![0-9A-Za-z@])"
)
_ENGLISH_WORDS = (
    "pass", "pw", "PIN", "door", "entry", "access", "gate", "alarm", "safe", "lock", "key", "security", "wifi", "wi-fi",
)  # fmt: skip
_ENGLISH = re.compile(
    rf"""(?<![A-Za-z])
    (?i:pass(?:word|code|phrase)|pwd?|PIN
      |(?:door|entry|access|gate|lock|alarm|safe|key|security|wi-?fi)\ (?:code|password|pin))(?![A-Za-z])
    (?:[^.;\n。；]{{0,40}}?(?<![A-Za-z])(?:is|was|to|be|became|use|enter|try|set|reset)(?![A-Za-z]))?
    (?:[ ]?[:=][ ]?|\s{{1,2}}|[ ]["“'])["“']?{_NO_DATE}{_MADE_UP}""",
    re.VERBOSE,
)


class PasswordRecognizer(BehindWordsRecognizer):
    """A secret behind the word for one."""

    kind = Kind.PASSWORD
    words = (*_WORDS, *_ENGLISH_WORDS, "WiFi", "Wi-Fi", "进门", "开门", "开锁", "无线")
    worded = (
        Shape("secret", _CHINESE, 0.85, "secret"),
        Shape("secret", _AFTER_COMMA, 0.8, "secret"),
        Shape("secret", _PRESSED, 0.85, "secret"),
        Shape("secret", _WIFI, 0.8, "secret"),
        Shape("secret_en", _ENGLISH, 0.85, "secret"),
    )

    def find(self, text: str) -> list[Finding]:
        """Behind the word, at the end of its clause, and where one is said to have changed."""
        found = super().find(text)
        if "#" in text:
            for match in _KEYPAD.finditer(text):
                found.append(self.result(self.kind, *match.span("secret"), 0.85, "secret"))
        found += self._told(_DOOR, text)
        found += self._told(_NEAR, text)
        found += self._told(_SHAPED, text, _GETTING_IN, _REACH)
        found += self._told(_PAIR, text, _GETTING_IN, _REACH)
        found += self._told(_USED, text, _LOCKED, _LOCK_REACH)
        found += self._told(_IN_ENGLISH, text, _GETTING_IN, _REACH)
        if not _SPOKEN_OF.search(text):
            return found
        for match in _FAR.finditer(text):
            if not re.search(_ABOUT, match["about"]):
                found.append(self.result(self.kind, *match.span("secret"), 0.85, "secret"))
        for match in _CHANGED.finditer(text):
            if _SPOKEN_OF.search(text, max(0, match.start() - _REACH), match.start()):
                found.append(self.result(self.kind, *match.span("secret"), 0.8, "secret"))
        return found

    def _told(
        self,
        shape: re.Pattern[str],
        text: str,
        topic: re.Pattern[str] | None = None,
        reach: int = 0,
    ) -> Iterator[Finding]:
        """What has the shape, where the topic was spoken of in the `reach` characters before."""
        for match in shape.finditer(text):
            start, end = match.span("secret")
            if topic is None or topic.search(text, max(0, start - reach), start):
                yield self.result(self.kind, start, end, 0.74, "spoken_of")
