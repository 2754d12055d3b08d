"""What only the web can get wrong.

NotPermitted
├── NotSignedIn       nobody is signed in, or the session has ended
├── SecondFactorNeeded  the company asks for an authenticator beside the password
└── ForeignOrigin     a form sent from another site
BadInput
├── NoFile            a form without a file
├── BadForm           a body that cannot be read as what it says it is
├── BadFields         fields missing or of the wrong shape
├── BadCursor         a cursor that none of our lists gave
└── TooLargeBody      more bytes than are taken
Conflict
└── IngestRunning     the knowledge base is being built right now
"""

from records.errors import BadInput, Conflict, NotPermitted


class NotSignedIn(NotPermitted):
    """Nobody is signed in, or the session has ended."""

    def __init__(self) -> None:
        super().__init__(
            "尚未登录，或登录已过期。请登录后重试。",
            "You are not signed in, or the session has ended. Sign in and try again.",
        )


class SecondFactorNeeded(NotPermitted):
    """The company asks for an authenticator beside the password."""

    def __init__(self) -> None:
        super().__init__(
            "贵公司要求两步验证。请先在“我的账户”里启用。",
            "Your company asks for two-step sign-in. Turn it on under My account first.",
        )


class ForeignOrigin(NotPermitted):
    """A form sent from another site."""

    def __init__(self) -> None:
        super().__init__(
            "这个请求不是从本系统页面发出的，已被拒绝。请打开本系统页面后重试。",
            "This request did not come from our own pages and was refused. Open the page "
            "and try again.",
        )


class NoFile(BadInput):
    """A form without a file."""

    def __init__(self) -> None:
        super().__init__(
            "没有收到文件。请选择一个文件后再提交。",
            "No file arrived. Choose a file, then send the form.",
        )


class BadForm(BadInput):
    """A body that cannot be read as what it says it is."""

    def __init__(self) -> None:
        super().__init__(
            "请求内容无法解析。上传文件请用 multipart/form-data，字段名为 file。",
            "The request body cannot be read. Send files as multipart/form-data, field name: file.",
        )


class BadFields(BadInput):
    """Fields missing or of the wrong shape. Names come from our own models, values never."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"请检查这些字段：{zh}。", f"Check these fields: {en}.")


class BadCursor(BadInput):
    """A cursor that none of our lists gave."""

    def __init__(self) -> None:
        super().__init__(
            "cursor 无效。请用上一页 Link 头里的地址。",
            "The cursor is not valid. Use the address in the Link header of the page before.",
        )


class TooLargeBody(BadInput):
    """More bytes than are taken."""

    def __init__(self, limit: int) -> None:
        size = f"{limit // 1024 // 1024} MB"
        super().__init__(
            f"内容超过 {size} 的上限，已停止接收。请拆分后再试。",
            f"This is over the limit of {size}, so it was not taken. Please split it.",
        )


class IngestRunning(Conflict):
    """The knowledge base is being built right now."""

    def __init__(self) -> None:
        super().__init__(
            "知识库正在更新，请等它完成。",
            "The knowledge base is being updated; wait until that is done.",
        )
