"""The review after an incident: what happened, why, what worked, and who does what by when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from records.errors import BadInput, NotFound
from tickets.errors import MoveNotAllowed
from tickets.incidents.facts import Severity
from tickets.ticket import Json, State, Ticket

MOST_ACTIONS = 50


@dataclass(frozen=True)
class Action:
    """Something to be done after the incident, by somebody, by a day."""

    number: int
    text: str
    owner: str
    due_on: date
    done_at: datetime | None = None
    done_by: str | None = None
    note: str = ""
    # Its number in the register of remedial actions.
    entry: str = ""


@dataclass(frozen=True)
class Review:
    """The review as it stands; written again it replaces the words, never an action that was done."""

    happened: str
    cause: str
    worked: str
    better: str
    by: str
    at: datetime
    actions: tuple[Action, ...] = ()


def review_of(ticket: Ticket) -> Review | None:
    """The review the ticket keeps."""
    kept = ticket.facts.get("review")
    if not isinstance(kept, dict):
        return None
    actions = kept.get("actions")
    return Review(
        happened=str(kept["happened"]),
        cause=str(kept["cause"]),
        worked=str(kept["worked"]),
        better=str(kept["better"]),
        by=str(kept["by"]),
        at=datetime.fromisoformat(str(kept["at"])),
        actions=tuple(_action(one) for one in actions) if isinstance(actions, list) else (),
    )


def reviewed(
    ticket: Ticket,
    review: Review,
    actions: Sequence[Action],
    enter: Callable[[Action], str] = lambda _action: "",
) -> Ticket:
    """The ticket with its review; the actions given are added to those on record.

    `enter` puts a new action into the register and gives its number there.

    Raises MoveNotAllowed before the handling has ended and once closed, BadInput for too many.
    """
    if ticket.state is not State.HANDLED:
        raise MoveNotAllowed(
            "复盘在处置结束之后、关闭之前写。",
            "The review is written after the handling has ended and before closing.",
        )
    before = review_of(ticket)
    kept = before.actions if before else ()
    fresh = tuple(
        replace(one, number=number) for number, one in enumerate(actions, start=len(kept) + 1)
    )
    if len(kept) + len(fresh) > MOST_ACTIONS:
        raise BadInput("整改行动太多，请合并。", "Too many actions; combine some.")
    entered = tuple(replace(one, entry=enter(one)) for one in fresh)
    return _with(ticket, replace(review, actions=(*kept, *entered)))


def action_done(ticket: Ticket, number: int, *, at: datetime, by: str, note: str) -> Ticket:
    """The ticket with this action done. Also after closing: actions outlast the incident.

    Raises NotFound, MoveNotAllowed where it was done before.
    """
    review = review_of(ticket)
    one = action_of(ticket, number)
    if one.done_at is not None or review is None:
        raise MoveNotAllowed("这项行动已经完成。", "This action was done before.")
    return _exchanged(ticket, review, replace(one, done_at=at, done_by=by, note=note))


def action_followed(
    ticket: Ticket, entry: str, *, done: bool, at: datetime, by: str, note: str
) -> Ticket:
    """The ticket with the action of this register entry done, or open again, as the entry is.

    The same ticket where the entry is of no action, or the action stands so already.
    """
    review = review_of(ticket)
    one = next((one for one in review.actions if one.entry == entry), None) if review else None
    if review is None or one is None or done == (one.done_at is not None):
        return ticket
    if done:
        return _exchanged(ticket, review, replace(one, done_at=at, done_by=by, note=note))
    return _exchanged(ticket, review, replace(one, done_at=None, done_by=None, note=""))


def action_of(ticket: Ticket, number: int) -> Action:
    """The action of that number. Raises NotFound."""
    review = review_of(ticket)
    found = next((one for one in review.actions if one.number == number), None) if review else None
    if found is None:
        raise NotFound(f"没有第 {number} 项行动。", f"There is no action {number}.")
    return found


def check_reviewed(ticket: Ticket) -> None:
    """Nothing, or MoveNotAllowed: above the lowest grade an incident closes with its review."""
    grave = Severity(str(ticket.facts["severity"])) is not Severity.GENERAL
    if grave and review_of(ticket) is None:
        raise MoveNotAllowed(
            "较大以上事件关闭前须先复盘（原因、做得好的、整改行动）。",
            "A larger or graver incident is reviewed before it is closed.",
        )


def _exchanged(ticket: Ticket, review: Review, action: Action) -> Ticket:
    actions = tuple(action if one.number == action.number else one for one in review.actions)
    return _with(ticket, replace(review, actions=actions))


def _with(ticket: Ticket, review: Review) -> Ticket:
    kept: dict[str, Json] = {
        "happened": review.happened,
        "cause": review.cause,
        "worked": review.worked,
        "better": review.better,
        "by": review.by,
        "at": review.at.isoformat(),
        "actions": [_as_json(one) for one in review.actions],
    }
    return replace(ticket, facts={**ticket.facts, "review": kept})


def _as_json(one: Action) -> Json:
    return {
        "number": one.number,
        "text": one.text,
        "owner": one.owner,
        "due_on": one.due_on.isoformat(),
        "done_at": one.done_at.isoformat() if one.done_at else None,
        "done_by": one.done_by,
        "note": one.note,
        "entry": one.entry,
    }


def _action(kept: Json) -> Action:
    if not isinstance(kept, dict):
        raise TypeError("an action is a mapping")
    done_at, done_by = kept.get("done_at"), kept.get("done_by")
    return Action(
        number=int(str(kept["number"])),
        text=str(kept["text"]),
        owner=str(kept["owner"]),
        due_on=date.fromisoformat(str(kept["due_on"])),
        done_at=datetime.fromisoformat(str(done_at)) if done_at else None,
        done_by=str(done_by) if done_by else None,
        note=str(kept.get("note") or ""),
        entry=str(kept.get("entry") or ""),
    )
