"""What can go wrong in redaction.

ProductError
├── BadInput
│   ├── UnknownFormat        the suffix, or the bytes behind it, is none we can redact
│   ├── UnreadableDocument   damaged, encrypted, or not what its suffix says
│   ├── PasswordNeeded       encrypted, and no password given opens it
│   ├── TooLarge             over a limit of size, entries, ratio, depth, pages or time
│   ├── UnknownPart          a part of the package that nobody knows how to redact
│   ├── PolicyMistake        no such policy, or one that leaves a kind out
│   └── RuleMistake          a rule that would reach too far
└── Conflict
    ├── ScanRunning          another scan of this home is under way
    └── LeakFound            the redacted copy still held personal data; it was not released
"""

from records.errors import BadInput, Conflict
from records.language import Bilingual


class UnknownFormat(BadInput):
    """The suffix, or the bytes behind it, is none we can redact."""


class UnreadableDocument(BadInput):
    """The document is damaged, encrypted, or not what its suffix says."""


class TooLarge(BadInput):
    """The document is over a limit of size, entries, ratio, depth, pages or time."""


class PasswordNeeded(BadInput):
    """The document is encrypted, and no password given opens it."""

    def __init__(self, *, tried: bool = False) -> None:
        said = Bilingual("给出的密码都打不开", "none of the passwords given opens it")
        zh = f"文件已加密，{said.zh}。" if tried else "文件已加密。"
        en = f"The file is encrypted; {said.en}." if tried else "The file is encrypted."
        super().__init__(
            f"{zh}请在“密码”栏填写，或在命令行用 --password 提供打开密码后重试。",
            f"{en} Give its password in the password field, or with --password on the command "
            "line, and retry.",
        )
        self.tried = tried


class UnknownPart(BadInput):
    """The document holds a part that cannot be redacted, named in the message."""

    def __init__(self, part: str) -> None:
        super().__init__(
            f"文件中含有无法脱敏的部分“{part}”（如嵌入对象、宏），未作处理。请删除该部分后重试。",
            f"The document holds a part that cannot be redacted, “{part}” (such as an embedded "
            "object or a macro). Nothing was released; remove the part and try again.",
        )
        self.part = part


class PolicyMistake(BadInput):
    """There is no such policy, or it leaves a kind without treatment."""


class RuleMistake(BadInput):
    """A rule about a text would reach further than it shows."""


class ScanRunning(Conflict):
    """Another scan is under way."""

    def __init__(self) -> None:
        super().__init__(
            "另一次清点正在进行。请等它完成或停止后再运行。",
            "Another scan is under way. Wait until it has finished or stop it.",
        )


class LeakFound(Conflict):
    """The redacted copy still held personal data, so it was not released."""

    def __init__(self, place: Bilingual, kind: Bilingual) -> None:
        super().__init__(
            f"复核发现脱敏后的文件在{place.zh}仍含有{kind.zh}，已停止放行。请联系管理员检查规则。",
            f"The check found {kind.en} left in {place.en} of the redacted copy, so it was not "
            "released. Ask an administrator to review the rules.",
        )
        self.place = place
        self.kind = kind
