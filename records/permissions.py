"""What each role may do, and the check every verb makes first."""

from dataclasses import replace
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import RootModel

from records.data_files import Said, load
from records.errors import NotPermitted
from records.language import Bilingual
from records.people import ROLE_NAMES, Person, Role


class Permission(StrEnum):
    """What a verb needs, spelled subject:action. 个人信息保护法 51: 操作权限."""

    QUESTION_ASK = "question:ask"
    HANDOVER_REPLY = "handover:reply"
    ANSWER_APPROVE = "answer:approve"
    FEEDBACK_READ = "feedback:read"
    KNOWLEDGE_READ = "knowledge:read"
    KNOWLEDGE_INGEST = "knowledge:ingest"
    FILE_REDACT = "file:redact"
    FILE_REVIEW = "file:review"
    FILE_SCAN = "file:scan"
    RULE_MANAGE = "rule:manage"
    CASE_USE = "case:use"
    VAULT_READ = "vault:read"
    VAULT_RESTORE = "vault:restore"
    VAULT_SHRED = "vault:shred"
    VAULT_ROTATE = "vault:rotate"
    INCIDENT_REPORT = "incident:report"
    INCIDENT_READ = "incident:read"
    INCIDENT_HANDLE = "incident:handle"
    DRILL_RUN = "drill:run"
    DESTRUCTION_REQUEST = "destruction:request"
    DESTRUCTION_READ = "destruction:read"
    DESTRUCTION_PREPARE = "destruction:prepare"
    DESTRUCTION_APPROVE = "destruction:approve"
    DESTRUCTION_CARRY_OUT = "destruction:carry_out"
    DESTRUCTION_WITNESS = "destruction:witness"
    DESTRUCTION_CERTIFY = "destruction:certify"
    DESTRUCTION_HOLD = "destruction:hold"
    CLOSING_READ = "closing:read"
    CLOSING_MANAGE = "closing:manage"
    CLOSING_END_ANYWAY = "closing:end_anyway"
    REGISTER_USE = "register:use"
    REGISTER_REPORT = "register:report"
    NOTICE_READ = "notice:read"
    NOTICE_OPEN = "notice:open"
    NOTICE_WRITE = "notice:write"
    NOTICE_APPROVE = "notice:approve"
    NOTICE_SEND = "notice:send"
    RETENTION_DECIDE = "retention:decide"
    TICKET_LIST = "ticket:list"
    QUIZ_TAKE = "quiz:take"
    QUIZ_MANAGE = "quiz:manage"
    QUIZ_RESULTS = "quiz:results"
    AUDIT_READ = "audit:read"
    AUDIT_VERIFY = "audit:verify"
    ACCOUNT_OWN = "account:own"
    PEOPLE_MANAGE = "people:manage"
    SETUP_CHECK = "setup:check"
    BACKUP_MAKE = "backup:make"
    KEYS_ROTATE = "keys:rotate"


class _Names(RootModel[dict[Permission, Said]]):
    """The permissions and what they are called."""


def permission_name(permission: Permission) -> Bilingual:
    """What a permission is called where people read it."""
    return _names()[permission]


@cache
def _names() -> dict[Permission, Bilingual]:
    named = load(Path(__file__).with_name("permission_names.yaml"), _Names).root
    return {permission: named[permission].both() for permission in Permission}


_EVERYBODY = frozenset(
    {
        Permission.QUESTION_ASK,
        Permission.KNOWLEDGE_READ,
        Permission.FILE_REDACT,
        Permission.FILE_REVIEW,
        Permission.INCIDENT_REPORT,
        Permission.DESTRUCTION_REQUEST,
        # Only whoever the executor names can act on it.
        Permission.DESTRUCTION_WITNESS,
        # The kind of entry says which role may do which step.
        Permission.REGISTER_USE,
        Permission.RETENTION_DECIDE,
        Permission.TICKET_LIST,
        Permission.ACCOUNT_OWN,
        Permission.QUIZ_TAKE,
    }
)

# A token that could give out tokens, or change how its owner signs in, would have no bounds.
SCOPES = frozenset(Permission) - {Permission.ACCOUNT_OWN, Permission.PEOPLE_MANAGE}

# Whoever may turn stand-ins back may not destroy the keys, and the other way round.
_RESTORES = frozenset({Permission.CASE_USE, Permission.VAULT_READ, Permission.VAULT_RESTORE})
_SHREDS = frozenset({Permission.VAULT_READ, Permission.VAULT_SHRED})

# Reading a notice shows its states and counts; opening it shows clients and letters.
_WRITES_NOTICES = frozenset(
    {Permission.NOTICE_READ, Permission.NOTICE_OPEN, Permission.NOTICE_WRITE}
)

# Incidents are restricted: whoever reported one reads it, and the roles that handle them.
_GRANTS = {
    Role.EMPLOYEE: frozenset[Permission](),
    Role.TRAINER: frozenset(
        {Permission.QUIZ_MANAGE, Permission.QUIZ_RESULTS, Permission.DRILL_RUN}
    ),
    Role.RESPONDER: frozenset(
        {Permission.INCIDENT_READ, Permission.INCIDENT_HANDLE, Permission.DRILL_RUN}
    )
    | _WRITES_NOTICES,
    Role.OFFICER: frozenset(
        {
            *(Permission.DESTRUCTION_READ, Permission.KNOWLEDGE_INGEST),
            *(Permission.RULE_MANAGE, Permission.FILE_SCAN),
            *(Permission.HANDOVER_REPLY, Permission.ANSWER_APPROVE, Permission.FEEDBACK_READ),
            *(Permission.DESTRUCTION_PREPARE, Permission.DESTRUCTION_CARRY_OUT),
            *(Permission.DESTRUCTION_HOLD, Permission.REGISTER_REPORT),
            *(Permission.CLOSING_READ, Permission.CLOSING_MANAGE),
            *(Permission.NOTICE_APPROVE, Permission.NOTICE_SEND),
        }
    )
    | _RESTORES
    | _WRITES_NOTICES,
    Role.APPROVER: frozenset(
        {
            *(Permission.DESTRUCTION_READ, Permission.DESTRUCTION_APPROVE),
            *(Permission.DESTRUCTION_CARRY_OUT, Permission.DESTRUCTION_CERTIFY),
            *(Permission.DESTRUCTION_HOLD, Permission.CLOSING_READ),
            # Whoever runs the project does not end it over what blocks it.
            Permission.CLOSING_END_ANYWAY,
            *(Permission.NOTICE_READ, Permission.NOTICE_OPEN, Permission.NOTICE_APPROVE),
        }
    )
    | _SHREDS,
    Role.AUDITOR: frozenset(
        {
            *(Permission.DESTRUCTION_HOLD, Permission.REGISTER_REPORT),
            *(Permission.INCIDENT_READ, Permission.DESTRUCTION_READ),
            *(Permission.AUDIT_READ, Permission.AUDIT_VERIFY, Permission.VAULT_READ),
            *(Permission.NOTICE_READ, Permission.FEEDBACK_READ),
            Permission.CLOSING_READ,
            Permission.QUIZ_RESULTS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(Permission),
}


def allowed(person: Person, permission: Permission) -> bool:
    """Whether any of the person's roles grants it, and the token shown, if any, is for it."""
    if person.only is not None and permission not in person.only:
        return False
    return any(permission in _EVERYBODY or permission in _GRANTS[role] for role in person.roles)


def require(person: Person, permission: Permission) -> None:
    """Pass, or raise NotPermitted naming the roles that could."""
    if allowed(person, permission):
        return
    name = permission_name(permission)
    if person.only is not None and allowed(replace(person, only=None), permission):
        raise NotPermitted(
            f"这个令牌没有此项权限：{name.zh}（{permission}）。请用包含它的令牌。",
            f"This token is not for that: {name.en} ({permission}). Use one that includes it.",
        )
    able = [ROLE_NAMES[role] for role in Role if permission in _GRANTS[role]]
    zh, en = "、".join(name.zh for name in able), ", ".join(name.en for name in able)
    raise NotPermitted(
        f"您的角色没有此项操作权限：{name.zh}（{permission}）。请联系：{zh}。",
        f"Your role does not allow this: {name.en} ({permission}). Ask: {en}.",
    )
