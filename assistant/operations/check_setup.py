"""What is configured, what is missing, and what would be better: `compliance doctor`."""

from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec

from assistant.app import App
from assistant.incidents.mail_reports import held_in
from assistant.notices.senders import sender_of
from assistant.operations.check_model import model_parts
from assistant.operations.setup_part import Part, State
from assistant.settings import Settings
from pii.formats import libreoffice
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission


def check_setup(app: App, person: Person, *, ask_model: bool = False) -> tuple[Part, ...]:
    """How each part stands. With `ask_model` the model is asked for one word. Raises NotPermitted."""
    app.authorise(person, Permission.SETUP_CHECK)
    parts = (
        *_knowledge(app),
        *_company(app.settings),
        _slack(app.settings),
        _feishu(app.settings),
        *_signing_in(app.settings),
        _notices(app.settings),
        _old_formats(),
        *_mailbox(app),
        *model_parts(app, ask_model=ask_model),
    )
    missing = sum(part.state is State.MISSING for part in parts)
    app.record(person, "setup:checked", "setup", {"missing": missing, "model_asked": ask_model})
    return parts


def _knowledge(app: App) -> Iterator[Part]:
    counts = app.library.counts()
    if not counts["provisions"]:
        yield Part(
            "knowledge",
            State.MISSING,
            Bilingual("法律还没有装入：compliance ingest", "No law is loaded: compliance ingest"),
        )
        return
    if problem := app.library.problem():
        yield Part("index", State.MISSING, problem.message)
    yield Part(
        "knowledge",
        State.READY,
        Bilingual(
            f"法律：{counts['instruments']} 部，{counts['provisions']} 条",
            f"Law: {counts['instruments']} instruments, {counts['provisions']} provisions",
        ),
    )
    if not counts["policy_sections"]:
        yield Part(
            "policies",
            State.BETTER,
            Bilingual(
                "公司制度没有装入：compliance ingest --policies 文件夹",
                "No company policy is loaded: compliance ingest --policies FOLDER",
            ),
        )


def _company(settings: Settings) -> Iterator[Part]:
    if settings.officer == Settings.model_fields["officer"].default:
        yield Part(
            "officer",
            State.BETTER,
            Bilingual(
                "没有写明问谁：COMPLIANCE_OFFICER（岗位和邮箱）",
                "Nobody is named to ask: COMPLIANCE_OFFICER (a role and its mailbox)",
            ),
        )
    else:
        yield Part("officer", State.READY, Bilingual("负责人：已设置", "Officer: set"))
    if settings.holder is None:
        yield Part(
            "holder",
            State.BETTER,
            Bilingual(
                "没有写明公司类型，保存期限会按各类分别回答：compliance ingest --holder company"
                "（或 COMPLIANCE_HOLDER）",
                "The kind of company is not set, so keeping periods are given for each kind: "
                "compliance ingest --holder company (or COMPLIANCE_HOLDER)",
            ),
        )
    else:
        name = settings.holder.value
        yield Part("holder", State.READY, Bilingual(f"公司类型：{name}", f"Company: {name}"))


def _signing_in(settings: Settings) -> Iterator[Part]:
    local = settings.host in {"127.0.0.1", "localhost", "::1"}
    safe = settings.public_url.startswith("https://")
    if settings.oidc_issuer:
        yield _provider(settings)
    elif not settings.require_second_factor and not local:
        yield Part(
            "second_factor",
            State.BETTER,
            Bilingual(
                "密码之外不要求两步验证：COMPLIANCE_REQUIRE_SECOND_FACTOR=true",
                "A password is enough to sign in: COMPLIANCE_REQUIRE_SECOND_FACTOR=true asks for more",
            ),
        )
    if not local and not safe:
        yield Part(
            "https",
            State.MISSING,
            Bilingual(
                "网页对外监听，却没有 https：请在前面放反向代理，并设置 COMPLIANCE_PUBLIC_URL=https://…",
                "The console listens to others without https: put a proxy in front and set "
                "COMPLIANCE_PUBLIC_URL=https://…",
            ),
        )
    else:
        way = Bilingual("单位统一登录", "identity provider") if settings.oidc_issuer else None
        way = way or Bilingual("本系统账户", "accounts here")
        yield Part("signing_in", State.READY, Bilingual(f"登录：{way.zh}", f"Signing in: {way.en}"))


def _provider(settings: Settings) -> Part:
    lacking = [
        name
        for name, value in (
            ("COMPLIANCE_OIDC_CLIENT_ID", settings.oidc_client_id),
            ("COMPLIANCE_PUBLIC_URL", settings.public_url),
            ("COMPLIANCE_OIDC_ROLES", settings.oidc_roles or settings.oidc_default_role),
        )
        if not value
    ]
    if lacking:
        names = ", ".join(lacking)
        text = Bilingual(f"单位统一登录还缺：{names}", f"Identity provider: missing {names}")
        return Part("provider", State.MISSING, text)
    return Part(
        "provider", State.READY, Bilingual("单位统一登录：已设置", "Identity provider: set up")
    )


def _slack(settings: Settings) -> Part:
    installs = bool(settings.slack_client_id and settings.slack_client_secret)
    if settings.slack_bot_token is None and not installs:
        text = Bilingual(
            "Slack：没有设置，见 docs/slack.md", "Slack: not set up; see docs/slack.md"
        )
        return Part("slack", State.BETTER, text)
    if not (settings.slack_signing_secret or settings.slack_app_token):
        return Part(
            "slack",
            State.MISSING,
            Bilingual(
                "Slack：还缺 COMPLIANCE_SLACK_SIGNING_SECRET（或 Socket Mode 的 "
                "COMPLIANCE_SLACK_APP_TOKEN）",
                "Slack: COMPLIANCE_SLACK_SIGNING_SECRET is missing (or, for Socket Mode, "
                "COMPLIANCE_SLACK_APP_TOKEN)",
            ),
        )
    if not (settings.slack_team_id or installs):
        return Part(
            "slack",
            State.BETTER,
            Bilingual(
                "Slack：已设置；建议用 COMPLIANCE_SLACK_TEAM_ID 写明只服务哪个工作区",
                "Slack: set up; better name the workspace it serves: COMPLIANCE_SLACK_TEAM_ID",
            ),
        )
    return Part("slack", State.READY, Bilingual("Slack：已设置", "Slack: set up"))


def _feishu(settings: Settings) -> Part:
    if not (settings.feishu_app_id or settings.feishu_app_secret):
        text = Bilingual(
            "飞书：没有设置，见 docs/feishu.md", "Feishu: not set up; see docs/feishu.md"
        )
        return Part("feishu", State.BETTER, text)
    if not settings.has_feishu:
        lacking = "COMPLIANCE_FEISHU_APP_" + ("SECRET" if settings.feishu_app_id else "ID")
        text = Bilingual(f"飞书：还缺 {lacking}", f"Feishu: {lacking} is missing")
        return Part("feishu", State.MISSING, text)
    if find_spec("lark_oapi") is None:
        text = Bilingual(
            "飞书：没有安装组件，请运行 pip install 'compliance-assistant[feishu]'",
            "Feishu: its part is not installed: pip install 'compliance-assistant[feishu]'",
        )
        return Part("feishu", State.MISSING, text)
    text = Bilingual(
        "飞书：已设置，用 compliance feishu 启动", "Feishu: set up; compliance feishu starts it"
    )
    return Part("feishu", State.READY, text)


def _notices(settings: Settings) -> Part:
    sender = sender_of(settings)
    if sender is None:
        text = Bilingual(
            "客户通知：没有设置发送方式，只能打印寄出，见 docs/notices.md",
            "Notices: nothing is set up that sends them, they can only be posted; docs/notices.md",
        )
        return Part("notices", State.BETTER, text)
    how = Bilingual("邮件", "mail") if sender.name == "mail" else Bilingual("文件夹", "a folder")
    return Part("notices", State.READY, Bilingual(f"客户通知：{how.zh}", f"Notices: {how.en}"))


def _old_formats() -> Part:
    """LibreOffice converts old Word, Excel and PowerPoint files, and draws vector pictures."""
    command = libreoffice.program()
    if command is None:
        text = Bilingual(
            "LibreOffice：没有安装，.doc、.xls、.ppt、.wps、.rtf、.odt 等旧格式会被拒绝：apt install libreoffice",
            "LibreOffice: not installed, so .doc, .xls, .ppt, .wps, .rtf, .odt and the like are "
            "refused: apt install libreoffice",
        )
        return Part("old_formats", State.BETTER, text)
    version = libreoffice.version(command)
    if not libreoffice.has_walls(command):
        text = Bilingual(
            f"LibreOffice {version}：可以转换旧格式，但系统不允许隔离（user namespaces），转换后的图片一律换成空白；"
            "见 docs/operations.md",
            f"LibreOffice {version}: converts old formats, but this system allows no walls around it "
            "(user namespaces), so their pictures are blanked; see docs/operations.md",
        )
        return Part("old_formats", State.BETTER, text)
    text = Bilingual(
        f"LibreOffice {version}：旧格式可以脱敏",
        f"LibreOffice {version}: old formats are converted",
    )
    return Part("old_formats", State.READY, text)


def _mailbox(app: App) -> Iterator[Part]:
    """Whether incidents can be reported by mail, and what of it waits for a responder, and why."""
    settings = app.settings
    given = {
        "COMPLIANCE_REPORT_MAIL_HOST": settings.report_mail_host,
        "COMPLIANCE_REPORT_MAIL_USER": settings.report_mail_user,
        "COMPLIANCE_REPORT_MAIL_PASSWORD": settings.report_mail_password,
        "COMPLIANCE_REPORT_MAIL_SERVER": settings.report_mail_server,
    }
    lacking = [name for name, value in given.items() if not value]
    if len(lacking) == len(given):
        text = Bilingual(
            "事件邮箱：没有设置，见 docs/incidents.md",
            "Mailbox for incidents: not set up, see docs/incidents.md",
        )
        yield Part("mailbox", State.BETTER, text)
    elif lacking:
        names = ", ".join(lacking)
        text = Bilingual(f"事件邮箱：还缺 {names}", f"Mailbox for incidents: {names} missing")
        yield Part("mailbox", State.MISSING, text)
    else:
        text = Bilingual("事件邮箱：已设置", "Mailbox for incidents: set")
        yield Part("mailbox", State.READY, text)
    with app.database.reading() as session:
        held = Counter(one.held for one in held_in(app, session) if one.held)
    if held:
        zh = "、".join(f"{why.label.zh} {count} 封" for why, count in held.items())
        en = ", ".join(f"{why.label.en}: {count}" for why, count in held.items())
        text = Bilingual(
            f"待核对的事件邮件：{zh}（“待核对邮件”页面，或 compliance incident held）",
            f"Mails held: {en} (page “Held mails”, or compliance incident held)",
        )
        yield Part("held_mails", State.BETTER, text)
