"""What stands in the way of a notice and what comes next, for terminal and page alike."""

from collections import Counter

from assistant.notices.view import NoticeSummary, NoticeView
from records.language import Bilingual
from tickets.notices.data import APPROVERS, named
from tickets.notices.delivery import Channel, DeliveryState
from tickets.notices.records import NoticeState

_UNSETTLED = {
    DeliveryState.UNCERTAIN: Bilingual(
        "份不能确定是否已发出，请查证后决定（decide）", "uncertain: find out, then decide (decide)"
    ),
    DeliveryState.FAILED: Bilingual(
        "份未能发出：改寄信并登记（record），或再试（decide）",
        "could not be sent: post a letter (record) or try again (decide)",
    ),
    DeliveryState.BOUNCED: Bilingual(
        "份被退回，请改寄信并登记（record）", "bounced: post a letter and put it on record (record)"
    ),
    DeliveryState.WRITTEN: Bilingual(
        "份已写入文件夹，寄出后登记（record）", "written to the folder: send, then record"
    ),
    DeliveryState.BEGUN: Bilingual("份正在发送", "being sent"),
}
_WAITING = {
    Channel.MAIL: Bilingual(
        "封邮件待发出，后台每分钟发出一批，不必再点发送",
        "mails waiting: they leave by themselves, in a turn every minute",
    ),
    Channel.LETTER: Bilingual(
        "封信函待打印寄出，寄出后登记（record）", "letters to print and post, then record (record)"
    ),
}


def next_step(view: NoticeView) -> Bilingual:
    """What is to be done next."""
    summary = view.summary
    if summary.state is NoticeState.DRAFT:
        return _before_release(view)
    if summary.forgotten:
        return Bilingual("客户资料已删除，台账保留", "The clients are erased, the ledger is kept")
    left = [
        (summary.counts[state], said)
        for state, said in _UNSETTLED.items()
        if summary.counts.get(state)
    ]
    waiting = Counter(o.channel for o in view.deliveries if o.state is DeliveryState.WAITING)
    left += [(waiting[channel], said) for channel, said in _WAITING.items() if waiting[channel]]
    if not left:
        return Bilingual("全部发出，凭据在台账里", "All sent; the proof is in the ledger")
    if summary.state is NoticeState.STOPPED:
        return Bilingual("已停止；没有发出的不再发送", "Stopped; what has not left does not leave")
    return Bilingual(
        "；".join(f"{count} {said.zh}" for count, said in left),
        "; ".join(f"{count} {said.en}" for count, said in left),
    )


def counts_line(summary: NoticeSummary) -> Bilingual:
    """How many copies are where."""
    if not summary.clients:
        return Bilingual("还没有收件人", "no clients yet")
    if summary.state is NoticeState.DRAFT:
        return Bilingual(f"{summary.clients} 位客户", f"{summary.clients} clients")
    shown = [
        (state.label, count) for state in DeliveryState if (count := summary.counts.get(state))
    ]
    return Bilingual(
        "，".join(f"{name.zh} {count}" for name, count in shown),
        ", ".join(f"{name.en} {count}" for name, count in shown),
    )


def _before_release(view: NoticeView) -> Bilingual:
    if view.missing:
        said = named(view.missing)
        return Bilingual(f"补充：{said.zh}", f"Still missing: {said.en}")
    if view.overdue:
        said = named(view.overdue)
        return Bilingual(f"期限已过，请改期：{said.zh}", f"Already over, set anew: {said.en}")
    left = APPROVERS - len(view.summary.approvals)
    if left > 0:
        return Bilingual(
            f"还需 {left} 人批准（approve），起草或修改过的人除外",
            f"{left} more to approve (approve), nobody who wrote it",
        )
    if view.summary.drill:
        return Bilingual("演练到此为止，不发送", "The drill ends here; it is never sent")
    return Bilingual("可以发送（send）", "Ready to be sent (send)")
