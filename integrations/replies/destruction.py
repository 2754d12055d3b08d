"""What is on record of a destruction and what comes next, for terminal and page alike."""

from collections.abc import Iterator

from assistant.destruction.steps import Destruction
from records.language import Bilingual
from tickets.destruction.data import destruction_data, places_named
from tickets.destruction.dossier import Dossier
from tickets.destruction.order import APPROVERS
from tickets.retention.facts import Status
from tickets.ticket import State

# Slack shows no longer line than this many choices make.
_NAMED = 20
_NEXT = {
    State.REQUESTED: Bilingual("鉴定（appraise）", "Appraise it"),
    State.APPROVED: Bilingual(
        "执行销毁（carry-out），写明监销人", "Carry it out, naming a witness"
    ),
    State.EVIDENCED: Bilingual("出具证明（certify）", "Certify it"),
    State.REGISTERED: Bilingual("已完成并登记", "Done and registered"),
    State.REFUSED: Bilingual("已驳回", "Refused"),
    State.BLOCKED: Bilingual("已暂停，解除（release）后才能继续", "On hold until it is released"),
}


def next_step(found: Destruction) -> Bilingual:
    """What is to be done next, and what for."""
    told, state = found.dossier, found.ticket.state
    if state is State.REQUESTED and found.decision.status is Status.NEEDS_FACT:
        return Bilingual(
            "先补充还缺的事实（facts）", "First give the facts that are missing (facts)"
        )
    if state is State.APPRAISED:
        if told.notice is None:
            return Bilingual("登记通知（notify）", "Put the notice on record (notify)")
        day = told.notice.over_from
        return (
            Bilingual(f"{day} 起可进入审批（notify --over）", f"From {day}: go on (notify --over)")
            if day
            else Bilingual("进入审批（notify --over）", "Go on (notify --over)")
        )
    if state is State.NOTIFIED:
        left = APPROVERS - len(found.ticket.approvals)
        return Bilingual(f"还需 {left} 人批准（approve）", f"{left} more to approve")
    if state is State.CARRIED_OUT:
        return _after_carrying_out(found)
    if state is State.EVIDENCED and told.open_places:
        named = places_named(told.open_places)
        return Bilingual(f"回答副本去向（place）：{named.zh}", f"Answer for (place): {named.en}")
    if state is State.APPROVED and told.backup is None:
        return Bilingual("先核验备份（backup）", "Have the backup verified first (backup)")
    if state is State.APPROVED and told.notice and told.notice.planned:
        day = told.notice.planned
        return Bilingual(
            f"告知的预定销毁日 {day} 起执行销毁（carry-out），写明监销人",
            f"From {day}, the day told to the clients: carry out, naming a witness (carry-out)",
        )
    return _NEXT[state]


def on_record(found: Destruction) -> Iterator[Bilingual]:
    """What stands in the dossier, a line each."""
    told, media = found.dossier, destruction_data().media
    if told.media:
        names = [media[name].name for name in told.media]
        yield Bilingual(
            f"介质：{'、'.join(one.zh for one in names)}；保护等级 {told.protection}",
            f"Media: {', '.join(one.en for one in names)}; protection class {told.protection}",
        )
    if told.targets:
        done, all_of = len(told.erased), len(told.targets)
        yield Bilingual(f"程序擦除 {done}/{all_of} 项", f"Erased by program: {done} of {all_of}")
    if notice := told.notice:
        yield (
            Bilingual(f"未通知：{notice.without}", f"No notice: {notice.without}")
            if notice.without
            else Bilingual(
                f"已通知 {notice.clients} 位客户（{notice.channel}），等到 {notice.wait_until} 当天为止",
                f"{notice.clients} clients told ({notice.channel}), waiting through "
                f"{notice.wait_until}",
            )
        )
    if told.choices:
        yield _choices(told)
    if backup := told.backup:
        shown = backup.without or f"SHA-256 {backup.sha256}"
        yield Bilingual(f"备份：{shown}", f"Backup: {shown}")
    if approvals := found.ticket.approvals:
        ids = ", ".join(one.person_id for one in approvals)
        yield Bilingual(f"批准人：{ids}", f"Approved by: {ids}")
    if told.executor:
        seen = told.witnessed_at is not None
        yield Bilingual(
            f"执行人 {told.executor}，监销人 {told.witness}（{'已确认' if seen else '未确认'}）",
            f"Carried out by {told.executor}, witness {told.witness} "
            f"({'confirmed' if seen else 'not confirmed yet'})",
        )
    if told.evidence:
        yield Bilingual(f"证据 {len(told.evidence)} 份", f"{len(told.evidence)} files of evidence")
    for one in told.corrections:
        yield Bilingual(
            f"更正：{one.text}（{one.reason}）", f"Correction: {one.text} ({one.reason})"
        )
    if told.serial:
        yield Bilingual(f"证明 {told.serial}", f"Certificate {told.serial}")


def _choices(told: Dossier) -> Bilingual:
    """Every choice by the client's number, what is still owed first; the timeline names the rest."""
    owed = len(told.owed)
    chosen = sorted(told.choices.values(), key=lambda one: one not in told.owed)
    rest = len(chosen) - _NAMED
    zh = "；".join(f"{one.client} {one.label.zh}" for one in chosen[:_NAMED])
    en = "; ".join(f"{one.client}: {one.label.en}" for one in chosen[:_NAMED])
    more_zh, more_en = (f"；另 {rest} 位", f"; {rest} more") if rest > 0 else ("", "")
    due_zh = f"，其中 {owed} 位还没有返还或转移" if owed else ""
    due_en = f", {owed} of them still owed a return or transfer" if owed else ""
    return Bilingual(
        f"客户选择 {len(chosen)} 位{due_zh}：{zh}{more_zh}",
        f"{len(chosen)} clients chose{due_en}: {en}{more_en}",
    )


def _after_carrying_out(found: Destruction) -> Bilingual:
    told = found.dossier
    if told.waiting:
        return Bilingual(
            f"还有 {len(told.waiting)} 项没擦除完，再执行一次（carry-out）",
            f"{len(told.waiting)} items left: carry out once more",
        )
    if told.witnessed_at is None:
        return Bilingual("监销人本人确认（witness）", "The witness confirms (witness)")
    return Bilingual(
        "上传证据，齐全后确认（evidence --complete）",
        "Add evidence, then say it is complete (evidence --complete)",
    )
