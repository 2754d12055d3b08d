"""The Model Context Protocol over standard input and output: other assistants ask ours.

The tools are verbs, done as the person at the keyboard, with their permissions and audit. What
comes back was cleared of personal data; errors are the product's own sentences, and neither they
nor the log repeat what was sent in.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Annotated, Any, ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field, TypeAdapter, ValidationError

from assistant.app import App
from assistant.destruction.decide_record import decide_record
from assistant.law.check_citations import check_citations
from assistant.law.read_law import read_address
from assistant.law.search_texts import search_texts
from assistant.questions.ask import ask
from assistant.redaction.redact_text import redact_text
from integrations.errors import UNEXPECTED, log_unexpected
from integrations.web.rates import Rates
from records.errors import BadInput, ProductError
from records.language import Language
from records.people import Person
from tickets.retention.facts import Flag, HolderType, RecordKind, StartEvent

INSTRUCTIONS = """
客户信息合规助手：中国个人信息保护的法条、保存期限、脱敏。条文以本工具返回的原文为准，回答附条号和“截至”日期；
没有依据时会说没有，请不要补写。
Chinese law on client information: exact provisions, keeping periods, redaction. Quote the words
returned, with their article and date; where nothing is found, nothing should be added.
""".strip()
# What is named back in an error must be no more than a name.
_POLICY = re.compile(r"[a-z_]{0,40}")
READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)
GIVEN = ParamSpec("GIVEN")
RESULT = TypeVar("RESULT")

Day = Annotated[
    date | None, Field(description="The day whose law applies, 2026-11-23; today if left out")
]


class Server(MCPServer[Any]):
    """Tells which argument is wrong by its name alone: its value may be somebody's data."""

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
        """The result of a tool."""
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if not isinstance(error.__cause__, ValidationError):
                raise
            fields = sorted({str(one["loc"][0]) for one in error.__cause__.errors() if one["loc"]})
            known = ", ".join(one for one in fields if one.isidentifier() and len(one) < 30)
            raise ToolError(f"请检查这些参数 / Check these arguments: {known}") from None


def create_server(app: App, person: Person) -> Server:
    """The server, acting for one person."""
    server = Server("compliance", instructions=INSTRUCTIONS)
    rates = Rates(app.settings.requests_per_minute)

    def tool(verb: Callable[GIVEN, RESULT]) -> Callable[GIVEN, dict[str, Any]]:
        """The verb as a tool: counted, its result as JSON, its errors as sentences."""

        @wraps(verb)
        def told(*args: GIVEN.args, **kwargs: GIVEN.kwargs) -> dict[str, Any]:
            try:
                rates.count(person.id)
                return _plain(verb(*args, **kwargs))
            except ProductError as error:
                raise ToolError(f"{error.message.zh} / {error.message.en}") from None
            except Exception as error:
                log_unexpected(error, where=f"mcp {verb.__name__}")
                raise ToolError(f"{UNEXPECTED.zh} / {UNEXPECTED.en}") from None

        told.__annotations__["return"] = dict[str, Any]
        server.tool(annotations=READS)(told)
        return told

    @tool
    def search(
        words: Annotated[str, Field(description="What to look for, in words")],
        as_of: Day = None,
        limit: Annotated[int, Field(description="1 to 20")] = 8,
    ) -> object:
        """Provisions of Chinese law and sections of company policy, best first, in force that day."""
        return search_texts(app, person, words, as_of=as_of, limit=limit)

    @tool
    def get_provision(
        address: Annotated[str, Field(description="个保法第47条, PIPL art. 47, 网安法21条(旧)")],
        as_of: Day = None,
    ) -> object:
        """The exact words of the provisions named, as of a day, with notes on version and number."""
        return {"provisions": read_address(app, person, address[:2000], as_of=as_of)}

    @tool
    def check_cited(
        text: Annotated[str, Field(description="A text that cites articles; 8,000 characters")],
        as_of: Day = None,
    ) -> object:
        """Whether each article a text cites exists and is in force, and has the words quoted."""
        check = check_citations(app, person, text, as_of=as_of)
        return {"holds": check.holds, "check": check}

    @tool
    def retention(
        kind: Annotated[RecordKind, Field(description="Which kind of record")],
        holder: Annotated[HolderType | None, Field(description="What kind of company")] = None,
        dates: Annotated[
            dict[StartEvent, date] | None,
            Field(description='{"relationship_ended": "2021-06-30"}'),
        ] = None,
        hold: bool = False,
        dispute: bool = False,
        flags: Annotated[
            dict[Flag, bool] | None, Field(description='{"accounting_attachment": false}')
        ] = None,
    ) -> object:
        """Whether records may be destroyed today, the lawful dates, the rule and its article."""
        return decide_record(
            app, person, kind, holder=holder, dates=dates, hold=hold, dispute=dispute, flags=flags
        )

    @tool
    def redact(
        text: Annotated[str, Field(description="20,000 characters at most; it is not kept")],
        policy: Annotated[
            str, Field(description="A redaction policy; the usual one if empty")
        ] = "",
    ) -> object:
        """The text with personal data taken out, and how many of each kind there were."""
        if not _POLICY.fullmatch(policy):
            raise BadInput("没有这个脱敏策略。", "There is no such redaction policy.")
        return redact_text(app, person, text, policy=policy)

    @tool
    def ask_question(
        question: Annotated[str, Field(description="A question about client information")],
        as_of: Day = None,
        language: Annotated[Language | None, Field(description="zh or en")] = None,
    ) -> object:
        """A short answer with the articles it rests on, checked, or a reasoned refusal."""
        return ask(app, person, question, as_of=as_of, language=language)

    return server


def serve_mcp(app: App, person: Person) -> None:
    """Serve until the other side closes."""
    create_server(app, person).run("stdio")


def _plain(value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        return {name: _json(one) for name, one in value.items()}
    plain: dict[str, Any] = _json(value)
    return plain


def _json(value: object) -> Any:
    return TypeAdapter(type(value)).dump_python(value, mode="json")
