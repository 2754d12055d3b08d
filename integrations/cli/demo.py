"""`make demo`: the main job on the examples, each step through the same verbs as every door."""

from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.rule import Rule

from assistant.app import App
from assistant.company import with_kind_kept
from assistant.destruction.destroy_data import request_destruction
from assistant.incidents.report_incident import report_incident
from assistant.law.ingest_knowledge import ingest_knowledge
from assistant.operations.check_audit import verify_audit
from assistant.questions.ask import ask
from assistant.redaction.redact_file import Wish
from integrations.cli.redact_files import redact_paths
from integrations.cli.terminal import progress_bars, show_ingest, show_reply
from integrations.cli.terminal_records import show_audit
from integrations.replies import answer_reply, destruction_reply, incident_reply
from knowledge.ingest import IngestReport
from records.errors import NotFound
from records.people import Person
from tickets.retention.facts import HolderType

QUESTIONS = (
    "客户解约三年了,他的身份证复印件可以销毁吗?",
    "公司注销后,愿意继续服务的客户信息可以直接交给接手的公司吗?",
    "同事想把客户名单卖给中介,行不行",
    "我的手机号是13800000000,客户要求删除他的信息,我们必须删吗?",
    "How soon must we report a data breach?",
    "个保法第999条怎么说?",
)
# The company of the examples keeps house for people: it is no bank, so nobody is asked.
HOLDER = HolderType.COMPANY
INCIDENT = "销售的笔记本电脑周五晚上在地铁上丢了,里面有1200名客户的身份证号和电话,硬盘没有加密"
DESTRUCTION = "2021年已解约客户的身份证复印件86份"

console = Console()


@dataclass(frozen=True, slots=True)
class Examples:
    """The folders of the examples."""

    policy: Path
    client_files: Path


def run_demo(app: App, person: Person, folder: Path) -> None:
    """Ingest, ask, redact, report, request, verify. Raises NotFound where the examples are not."""
    examples = Examples(folder / "policy", folder / "client_files")
    if not examples.policy.is_dir() or not examples.client_files.is_dir():
        raise NotFound(
            "没有找到示例。请在代码仓库里运行，或用 --examples 指明文件夹。",
            "The examples were not found. Run this in a checkout, or name the folder: --examples",
        )
    language = app.settings.language
    _step(1, "装入法律、义务和公司制度", "Take in laws, duties and company policy")
    show_ingest(_ingest(app, person, examples), language)
    app = replace(app, settings=with_kind_kept(app.settings))
    _step(2, "提问", "Ask")
    for question in QUESTIONS:
        console.print(f"❓ {question}", style="bold", markup=False, highlight=False)
        show_reply(answer_reply(ask(app, person, question)))
    _step(3, "脱敏客户文件", "Redact client files")
    files = sorted(path for path in examples.client_files.iterdir() if path.is_file())
    out = app.settings.home / "redacted"
    redact_paths(app, person, files, out=out, wish=Wish(), language=language, as_json=False)
    _step(4, "报告事件", "Report an incident")
    reported = report_incident(app, person, INCIDENT)
    show_reply(incident_reply(reported, now=app.clock()))
    _step(5, "申请销毁", "Request destruction")
    show_reply(destruction_reply(request_destruction(app, person, DESTRUCTION)))
    _step(6, "检查操作日志", "Check the audit log")
    show_audit(verify_audit(app, person), language)


def _ingest(app: App, person: Person, examples: Examples) -> IngestReport:
    with progress_bars() as progress:
        return ingest_knowledge(
            app, person, policies=examples.policy, holder=HOLDER, progress=progress
        )


def _step(number: int, zh: str, en: str) -> None:
    console.print()
    console.print(Rule(f"{number}. {zh} · {en}", style="cyan"))
