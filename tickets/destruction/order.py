"""Destruction: an order, and the only ways it may move.

requested → appraised → notified → approved → carried out → evidenced → certified → registered;
refused from any state before it is carried out. Approval takes two different people, neither of
them the requester. A hold stops every step at every state; lifting it returns the order to where
it was, but approvals given before do not survive. Nothing is approved or carried out unless the
retention decision allows it on that day. No function takes a time from the caller's past: the
store stamps the clock's.
"""

from dataclasses import dataclass, replace
from datetime import date

from tickets.errors import MoveNotAllowed, NotLawfulYet, OnHold, SamePerson
from tickets.retention.facts import Decision, Status
from tickets.ticket import State, TicketKind, check_move

APPROVERS = 2
_LAWFUL = (Status.MAY_DESTROY, Status.MUST_DELETE)
_BEFORE_DESTRUCTION = (State.REQUESTED, State.APPRAISED, State.NOTIFIED, State.APPROVED)
_FINISHED = (State.REGISTERED, State.REFUSED)


@dataclass(frozen=True)
class Order:
    """What the rules need to know of one destruction."""

    requester: str
    state: State = State.REQUESTED
    retention: Status = Status.NEEDS_FACT
    earliest: date | None = None
    approvers: tuple[str, ...] = ()
    resume: State | None = None
    executor: str | None = None
    witness: str | None = None
    refused_because: str | None = None

    @property
    def on_hold(self) -> bool:
        """True while a hold stops every step."""
        return self.state is State.BLOCKED


def request(requester: str, decision: Decision) -> Order:
    """A new order; blocked from the start where a hold or dispute is known."""
    order = weigh(Order(requester=requester), decision)
    if decision.status is Status.BLOCKED:
        return place_hold(order)
    return order


def weigh(order: Order, decision: Decision) -> Order:
    """The order with a fresh retention decision; an approval of other facts does not survive."""
    same = (order.retention, order.earliest) == (decision.status, decision.earliest)
    if same:
        return order
    state = State.NOTIFIED if order.state is State.APPROVED else order.state
    return replace(
        order,
        retention=decision.status,
        earliest=decision.earliest,
        approvers=() if order.state in _BEFORE_DESTRUCTION else order.approvers,
        state=state,
    )


def appraise(order: Order, *, today: date) -> Order:
    """The order appraised: someone has looked at the records and the retention decision."""
    _check(order, State.APPRAISED)
    _check_lawful(order, today)
    return replace(order, state=State.APPRAISED)


def notify(order: Order) -> Order:
    """The order with the notices given and their waiting time over."""
    _check(order, State.NOTIFIED)
    return replace(order, state=State.NOTIFIED)


def approve(order: Order, *, by: str, today: date) -> Order:
    """The order with one more approval; approved once two people other than the requester agree."""
    _check(order, State.APPROVED)
    _check_lawful(order, today)
    if by == order.requester:
        raise SamePerson(
            "申请人不能批准自己的销毁申请，请另外两位批准人处理。",
            "The requester cannot approve their own destruction; two others must.",
        )
    if by in order.approvers:
        raise SamePerson(
            "您已经批准过，还需要另一位批准人。",
            "You have approved already; a different second person is needed.",
        )
    approvers = (*order.approvers, by)
    state = State.APPROVED if len(approvers) >= APPROVERS else order.state
    return replace(order, approvers=approvers, state=state)


def carry_out(order: Order, *, by: str, witness: str, today: date) -> Order:
    """The order carried out before a witness, checked against the law once more on the day."""
    _check(order, State.CARRIED_OUT)
    _check_lawful(order, today)
    others = set(order.approvers) - {order.requester}
    if len(others) < APPROVERS:
        raise MoveNotAllowed(
            "批准人不足两位，不能销毁。",
            "Fewer than two people approved; nothing may be destroyed.",
        )
    if by == witness:
        raise SamePerson(
            "监销人必须是执行人以外的人。", "The witness must be someone other than who destroys."
        )
    return replace(order, state=State.CARRIED_OUT, executor=by, witness=witness)


def add_evidence(order: Order) -> Order:
    """The order with its evidence on file."""
    _check(order, State.EVIDENCED)
    return replace(order, state=State.EVIDENCED)


def certify(order: Order, *, by: str) -> Order:
    """The order certified by someone other than who destroyed."""
    _check(order, State.CERTIFIED)
    if by == order.executor:
        raise SamePerson(
            "执行人不能为自己的销毁出具证明。", "Who destroyed cannot certify it themselves."
        )
    return replace(order, state=State.CERTIFIED)


def register(order: Order) -> Order:
    """The order in the permanent register."""
    _check(order, State.REGISTERED)
    return replace(order, state=State.REGISTERED)


def refuse(order: Order, *, reason: str) -> Order:
    """The order refused for good; a hold does not stand in the way of refusing."""
    if not reason.strip():
        raise MoveNotAllowed("驳回需要写明理由。", "A refusal needs a reason.")
    # What was destroyed before a hold came cannot be refused under it.
    check_move(TicketKind.DESTRUCTION, order.resume or order.state, State.REFUSED)
    return replace(order, state=State.REFUSED, resume=None, refused_because=reason)


def place_hold(order: Order) -> Order:
    """The order on hold; approvals given before it no longer count."""
    if order.on_hold or order.state in _FINISHED:
        raise MoveNotAllowed(
            f"工单现在是“{order.state.label.zh}”，不能再暂停。",
            f"The ticket is “{order.state.label.en}” and cannot be put on hold.",
        )
    before = order.state in _BEFORE_DESTRUCTION
    resume = State.NOTIFIED if order.state is State.APPROVED else order.state
    return replace(
        order,
        state=State.BLOCKED,
        resume=resume,
        approvers=() if before else order.approvers,
    )


def lift_hold(order: Order, decision: Decision) -> Order:
    """The order where it was before the hold, with a fresh retention decision."""
    if not order.on_hold or order.resume is None:
        raise MoveNotAllowed("该工单没有暂停。", "The ticket is not on hold.")
    if decision.status is Status.BLOCKED:
        raise OnHold
    return weigh(replace(order, state=order.resume, resume=None), decision)


def _check(order: Order, to: State) -> None:
    if order.on_hold:
        raise OnHold
    check_move(TicketKind.DESTRUCTION, order.state, to)


def _check_lawful(order: Order, today: date) -> None:
    if order.retention not in _LAWFUL:
        raise NotLawfulYet(
            "保存期限的判断不允许销毁，请先查看判断结果和缺少的事实。",
            "The retention decision does not allow destruction; see it and the facts missing.",
        )
    if order.earliest is not None and today < order.earliest:
        raise NotLawfulYet(
            f"最早 {order.earliest} 才可以销毁。",
            f"Destruction is lawful from {order.earliest} at the earliest.",
        )
