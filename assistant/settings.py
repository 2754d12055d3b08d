"""Every setting: its environment variable, default and meaning. Only `build()` and commands read it."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from records.language import Language
from records.people import Role
from tickets.retention.facts import HolderType


class Settings(BaseSettings):
    """Read from the environment; each name below, upper-case, with COMPLIANCE_ before it."""

    model_config = SettingsConfigDict(env_prefix="COMPLIANCE_", env_ignore_empty=True)

    home: Path = Field(
        default=Path("var"), description="Folder of the database, index, keys and stored files"
    )
    database_url: str = Field(
        default="",
        description="postgresql://USER:PASSWORD@HOST/NAME; empty means SQLite in the home",
    )
    jobs_database_url: str = Field(
        default="",
        description="URL for durable jobs; empty means the PostgreSQL above, or SQLite in the home",
    )
    master_key: SecretStr | None = Field(
        default=None, description="32 bytes in base64; empty means a key file in the home folder"
    )
    master_key_command: str = Field(
        default="", description="Command that prints the master key, as of a key service; no shell"
    )
    master_key_previous: SecretStr | None = Field(
        default=None, description="The master key before this one, until it has been rotated"
    )
    master_key_file: Path | None = Field(
        default=None, description="The key file of the master key; empty means one in the home"
    )
    master_wrap_command: str = Field(
        default="",
        description="Command of a key service that wraps what it reads, base64 in and out",
    )
    master_unwrap_command: str = Field(
        default="", description="Command of the key service that unwraps it again"
    )
    vault_key_command: str = Field(
        default="", description="Command that prints the vault's key, as of a key service; no shell"
    )
    audit_anchor: str = Field(
        default="",
        description="File or webhook that gets the signed head of the audit log each hour; empty means none",
    )
    backup_passphrase: SecretStr | None = Field(
        default=None, description="Passphrase of backups, 12 characters or more; empty means asked"
    )
    language: Language = Field(default=Language.ZH, description="zh or en, where nobody said")
    officer: str = Field(
        default="贵公司的个人信息保护负责人 / your personal information protection officer",
        description="Whom to ask when the assistant has no answer: a role and a role mailbox",
    )
    holder: HolderType | None = Field(
        default=None, description="What kind of company this is; decides statutory keeping periods"
    )
    policy_folder: Path | None = Field(
        default=None, description="Company policy: docx, doc, wps, pdf, html, xlsx, md, txt"
    )
    regulations_folder: Path | None = Field(
        default=None,
        description="Official texts beyond the national laws: name(YYYY-MM-DD).md, .docx, .pdf, .html",
    )
    knowledge_sources: Path | None = Field(
        default=None, description="List of pinned public texts for compliance knowledge sync (YAML)"
    )
    fetch_private_hosts: str = Field(
        default="",
        description="Hosts that may be private when texts are fetched, by comma; empty means none",
    )
    allow_list: Path | None = Field(
        default=None, description="YAML file of the company's own published details"
    )
    redaction_policies: Path | None = Field(
        default=None, description="Folder of redaction policies of your own: name.yaml"
    )
    vault_key: SecretStr | None = Field(
        default=None, description="Key of the vault, 32 bytes in base64; empty means a key file"
    )
    vault_key_previous: SecretStr | None = Field(
        default=None, description="The vault's key before this one, until it has been rotated"
    )
    vault_key_file: Path | None = Field(
        default=None, description="The key file of the vault; empty means one in the home folder"
    )
    scan_root: Path | None = Field(
        default=None,
        description="Folder on the server below which scans start from the console; empty means none",
    )
    review_minutes: int = Field(
        default=60, ge=5, le=480, description="How long a review may hold the original, encrypted"
    )
    redaction_policy: str = Field(default="standard", description="Policy used when none is named")
    model: str = Field(default="", description="Name of a language model; empty means none")
    model_base_url: str = Field(default="", description="Its OpenAI-compatible endpoint")
    model_api_key: SecretStr | None = Field(default=None, description="Its key, if it wants one")
    model_timeout_seconds: float = Field(
        default=30, gt=0, description="How long one reply may take, retries included"
    )
    model_daily_tokens: int = Field(
        default=2_000_000, ge=0, description="What it may read and write a day; 0 means no limit"
    )
    smtp_host: str = Field(default="", description="Mail server for reminders; empty means none")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Its port")
    smtp_starttls: bool = Field(default=True, description="Whether to encrypt by STARTTLS")
    smtp_user: str = Field(default="", description="Account on the mail server")
    smtp_password: SecretStr | None = Field(default=None, description="Its password")
    mail_from: str = Field(default="", description="Sender of reminders")
    incident_mail: str = Field(
        default="", description="Role mailboxes that get reminders of incidents, by comma"
    )
    report_mail_host: str = Field(
        default="",
        description="IMAP server (TLS) of the mailbox for incident reports; empty means none",
    )
    report_mail_port: int = Field(default=993, ge=1, le=65535, description="Its port")
    report_mail_user: str = Field(default="", description="Account of that mailbox")
    report_mail_password: SecretStr | None = Field(default=None, description="Its password")
    report_mail_folder: str = Field(default="INBOX", description="The folder that is read")
    report_mail_server: str = Field(
        default="",
        description="Name our mail server signs Authentication-Results with; without it every mail is held",
    )
    report_mail_domains: str = Field(
        default="",
        description="Domains whose people may report by mail without being on record, by comma",
    )
    notice_mail_from: str = Field(
        default="",
        description="Sender of notices to clients, by the same mail server; empty means none",
    )
    notice_outbox: Path | None = Field(
        default=None,
        description="Folder notices are written to, unencrypted, where no mail server sends them",
    )
    embedding_folder: Path | None = Field(
        default=None,
        description="Folder of an embedding model: ONNX and tokenizer.json, such as bge-small-zh-v1.5",
    )
    embedding_model: str = Field(
        default="", description="Name of an embedding model behind an endpoint; empty means our own"
    )
    embedding_base_url: str = Field(default="", description="Its OpenAI-compatible endpoint")
    embedding_api_key: SecretStr | None = Field(
        default=None, description="Its key, if it wants one"
    )
    embedding_timeout_seconds: float = Field(
        default=30, gt=0, description="How long one batch of texts may take"
    )
    chroma_url: str = Field(
        default="", description="URL of a Chroma server; empty means vectors in the home folder"
    )
    pgvector_url: str = Field(
        default="",
        description="postgresql://… with the extension pgvector, for vectors; empty means Chroma",
    )
    host: str = Field(default="127.0.0.1", description="Where the web service listens")
    port: int = Field(default=8000, ge=0, le=65535, description="Its port")
    public_url: str = Field(
        default="",
        description="Address people open the console by, as https://compliance.example.cn",
    )
    session_hours: int = Field(default=12, ge=1, le=168, description="How long a sign-in lasts")
    session_idle_minutes: int = Field(
        default=120, ge=5, le=1440, description="How long it lasts unused"
    )
    require_second_factor: bool = Field(
        default=False, description="Whether a password needs an authenticator beside it"
    )
    requests_per_minute: int = Field(
        default=600, ge=10, description="How many requests one person or program may send"
    )
    oidc_issuer: str = Field(
        default="", description="The identity provider's issuer URL; empty means local accounts"
    )
    oidc_client_id: str = Field(default="", description="Our client id there")
    oidc_client_secret: SecretStr | None = Field(default=None, description="Its secret, if any")
    oidc_scopes: str = Field(
        default="openid profile", description="What is asked for, openid always among it"
    )
    oidc_roles_claim: str = Field(
        default="groups", description="The claim whose values give roles; dots lead into objects"
    )
    oidc_roles: dict[str, Role] = Field(
        default_factory=dict,
        description='Which value gives which role, as JSON: {"legal": "records_officer"}',
    )
    oidc_default_role: Role | None = Field(
        default=None, description="Role of those whose claims give none; empty refuses them"
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="text for people or json for programs, on the error stream"
    )
    metrics_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Where Prometheus may ask for figures; 0 means nowhere",
    )
    metrics_host: str = Field(default="127.0.0.1", description="The address of that port")
    otlp_endpoint: str = Field(
        default="",
        description="OpenTelemetry collector (OTLP over gRPC) for traces; empty means off, unless OTEL_… names one",
    )
    slack_bot_token: SecretStr | None = Field(default=None, description="xoxb-… of the Slack app")
    slack_client_id: str = Field(
        default="", description="Of the Slack app, for several workspaces instead of one token"
    )
    slack_client_secret: SecretStr | None = Field(
        default=None, description="Its secret; together they install into several workspaces"
    )
    slack_web_url: str = Field(
        default="https://slack.com/", description="Where people agree to the installation"
    )
    slack_public_url: str = Field(
        default="", description="Our own https address, as Slack reaches it; for installations"
    )
    slack_roles: str = Field(
        default="",
        description="Roles by user group or user: S0123ABCD=records_officer,U0456EFGH=approver",
    )
    slack_digest: bool = Field(
        default=True, description="Whether people hear in the morning what waits for them"
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="Proves that requests over HTTP come from Slack"
    )
    slack_app_token: SecretStr | None = Field(
        default=None, description="xapp-…, for Socket Mode only"
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/", description="Base URL of every Slack Web API call"
    )
    slack_team_id: str | None = Field(
        default=None, description="The one workspace to serve; empty means any that signs"
    )
    slack_default_role: Role | None = Field(
        default=Role.EMPLOYEE, description="Role of workspace members nobody registered"
    )
    feishu_app_id: str = Field(default="", description="cli_… of the Feishu app; empty means none")
    feishu_app_secret: SecretStr | None = Field(default=None, description="Its secret")
    feishu_base_url: str = Field(
        default="https://open.feishu.cn",
        description="Where Feishu's open platform is; https://open.larksuite.com for Lark",
    )
    feishu_tenant_key: str = Field(
        default="", description="The one tenant to serve; empty means the app's own"
    )
    feishu_default_role: Role | None = Field(
        default=Role.EMPLOYEE, description="Role of members of the tenant nobody registered"
    )
    feishu_digest: bool = Field(
        default=True, description="Whether people hear in the morning what waits for them"
    )

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        return self.database_url or _sqlite(self.home / "compliance.db")

    def console_url(self, host: str = "", port: int | None = None) -> str:
        """Where people open the console; without a public address, on this very machine."""
        listening = host or self.host
        here = "127.0.0.1" if listening in {"0.0.0.0", "::"} else listening  # noqa: S104
        return self.public_url.rstrip("/") or f"http://{here}:{self.port if port is None else port}"

    @property
    def has_slack_token(self) -> bool:
        """Whether Slack can be spoken to: by one token, or by those of installations."""
        return bool(self.slack_bot_token or (self.slack_client_id and self.slack_client_secret))

    @property
    def has_slack(self) -> bool:
        """Whether requests from Slack can be taken over HTTP, too."""
        return self.has_slack_token and self.slack_signing_secret is not None

    @property
    def has_feishu(self) -> bool:
        """Whether Feishu can be spoken to."""
        return bool(self.feishu_app_id and self.feishu_app_secret)

    @property
    def jobs_database(self) -> str:
        """The URL for durable jobs in use."""
        if self.jobs_database_url or self.database_url.startswith("postgres"):
            return self.jobs_database_url or self.database_url
        return _sqlite(self.home / "jobs.db")


def _sqlite(path: Path) -> str:
    return f"sqlite:///{path.absolute()}"
