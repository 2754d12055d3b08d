"""Names that pages give to our closed sets, where the set does not bring its own."""

from enum import StrEnum
from typing import Any

from knowledge.duties import Confidence
from pii.kinds import Sensitivity
from pii.policy import Disclosure, Treatment
from pii.report import DISCLOSURES, SENSITIVITIES, TREATMENTS
from pii.rules import EFFECTS
from pii.rules import Effect as RuleEffect
from records.language import Bilingual
from records.permissions import Permission, permission_name
from tickets.incidents.facts import IncidentKind
from tickets.retention.facts import Effect, HolderType, RecordKind, StartEvent, Status
from tickets.retention.rules import rulebook
from tickets.ticket import TicketKind

_NAMES: dict[type[StrEnum], dict[Any, Bilingual]] = {
    Confidence: {
        Confidence.VERIFIED: Bilingual("已核验", "verified"),
        Confidence.VERIFIED_SECONDARY: Confidence.VERIFIED_SECONDARY.label,
        Confidence.UNVERIFIED: Confidence.UNVERIFIED.label,
    },
    Sensitivity: dict(SENSITIVITIES),
    Disclosure: dict(DISCLOSURES),
    Treatment: dict(TREATMENTS),
    RuleEffect: dict(EFFECTS),
    TicketKind: {
        TicketKind.INCIDENT: Bilingual("事件", "incident"),
        TicketKind.DESTRUCTION: Bilingual("销毁", "destruction"),
    },
    Status: {
        Status.NOT_YET: Bilingual("还不能销毁", "Not yet"),
        Status.MAY_DESTROY: Bilingual("可以销毁", "May be destroyed"),
        Status.MUST_DELETE: Bilingual("应当删除", "Must be deleted"),
        Status.BLOCKED: Bilingual("暂停销毁", "On hold"),
        Status.PERMANENT: Bilingual("永久保存", "Keep for ever"),
        Status.CONTESTED: Bilingual("依据有争议，须人工判断", "Contested: a person must decide"),
        Status.NEEDS_FACT: Bilingual("还缺关键信息", "A fact is missing"),
    },
    Effect: {
        Effect.MINIMUM: Bilingual("最短保存", "keep at least"),
        Effect.PERMANENT: Bilingual("永久保存", "keep for ever"),
        Effect.CEILING: Bilingual("最长保存", "keep at most"),
        Effect.PURPOSE: Bilingual("目的实现后删除", "delete once the purpose is achieved"),
        Effect.EVIDENCE: Bilingual("留证需要", "kept as evidence"),
        Effect.ADVICE: Bilingual("提示", "advice"),
    },
    StartEvent: {
        StartEvent.RELATIONSHIP_ENDED: Bilingual("业务关系或合同结束", "relationship ended"),
        StartEvent.ACCOUNT_CLOSED: Bilingual("账户注销", "account closed"),
        StartEvent.CONSENT_WITHDRAWN: Bilingual("撤回同意或退订", "consent withdrawn"),
        StartEvent.PURPOSE_ACHIEVED: Bilingual("处理目的实现", "purpose achieved"),
        StartEvent.TRANSACTION_ENDED: Bilingual("交易完成", "transaction completed"),
        StartEvent.DOCUMENT_DATED: Bilingual("资料日期", "date of the document"),
        StartEvent.INVOICE_ISSUED: Bilingual("发票开具", "invoice issued"),
        StartEvent.EMPLOYMENT_ENDED: Bilingual("劳动合同解除或终止", "employment ended"),
        StartEvent.WAGES_PAID: Bilingual("工资支付", "wages paid"),
        StartEvent.ASSESSED: Bilingual("影响评估完成", "assessment completed"),
        StartEvent.SHARED: Bilingual("最后一次对外提供或委托", "last shared or entrusted"),
        StartEvent.LOGGED: Bilingual("日志形成", "log written"),
        StartEvent.CAPTURED: Bilingual("录像采集", "footage captured"),
        StartEvent.DISPUTE_CLOSED: Bilingual("投诉或争议了结", "dispute closed"),
        StartEvent.LAST_VISIT: Bilingual("最后一次就诊", "last visit"),
        StartEvent.LAST_DISCHARGE: Bilingual("最后一次出院", "last discharge"),
        StartEvent.BAD_CONDUCT_ENDED: Bilingual("不良行为终止", "bad conduct ended"),
    },
    IncidentKind: {
        IncidentKind.LOST_DEVICE: Bilingual("设备丢失或被盗", "lost or stolen device"),
        IncidentKind.MISSENT_MAIL: Bilingual("邮件误发", "e-mail to the wrong person"),
        IncidentKind.RANSOMWARE: Bilingual("勒索软件", "ransomware"),
        IncidentKind.INSIDER_EXPORT: Bilingual("内部人员违规导出", "export by an insider"),
        IncidentKind.VENDOR_BREACH: Bilingual("供应商泄露", "breach at a vendor"),
        IncidentKind.EXPOSED_STORAGE: Bilingual("存储或接口暴露", "exposed storage or interface"),
        IncidentKind.LOST_PAPER: Bilingual("纸质资料丢失", "lost paper"),
        IncidentKind.ACCOUNT_TAKEOVER: Bilingual("账号被盗用", "account takeover"),
        IncidentKind.PHISHING: Bilingual("网络钓鱼", "phishing"),
        IncidentKind.UNAUTHORISED_ACCESS: Bilingual("越权访问", "unauthorised access"),
        IncidentKind.WRONG_DISCLOSURE: Bilingual("错误披露", "wrong disclosure"),
        IncidentKind.REGULATOR_INQUIRY: Bilingual("监管问询", "inquiry by a regulator"),
        IncidentKind.OTHER: Bilingual("其他", "other"),
    },
}


def label(value: Any) -> Bilingual:
    """What a value of one of our closed sets is called on a page."""
    if isinstance(value, RecordKind):
        return rulebook().kinds[value].name
    if isinstance(value, HolderType):
        return rulebook().holders[value]
    if isinstance(value, Permission):
        return permission_name(value)
    if type(value) in _NAMES:
        return _NAMES[type(value)][value]
    # Other sets bring their own names, each package under its own attribute.
    for attribute in ("display", "label", "title"):
        name = getattr(value, attribute, None)
        if isinstance(name, Bilingual):
            return name
    raise LookupError(f"no name for {type(value).__name__}")
