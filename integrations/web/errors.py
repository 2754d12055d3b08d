"""What only the web can get wrong.

NotPermitted
├── NotSignedIn       nobody is signed in, or the session has ended
└── ForeignOrigin     a form sent from another site
BadInput
├── NoFile            a form without a file
├── BadForm           a body that cannot be read as what it says it is
├── BadFields         fields missing or of the wrong shape
└── TooLargeBody      more bytes than are taken
Conflict
└── IngestRunning     the knowledge base is being built right now
"""

from records.errors import BadInput, Conflict, NotPermitted


class NotSignedIn(NotPermitted):
    """Nobody is signed in, or the session has ended."""

    def __init__(self) -> None:
        super().__init__(
            "尚未登录，或登录已过期。请用访问令牌登录。",
            "You are not signed in, or the session has ended. Sign in with your access token.",
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
