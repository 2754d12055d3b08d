"""How many one destruction destroyed, returned and transferred; nothing counts twice.

In a closing project what was destroyed is what the ticket still holds, counted; otherwise it is the
clients who were told less those who chose otherwise. Where nobody was told, no number is on record.
"""

from dataclasses import dataclass

from tickets.destruction.dossier import Choice, Dossier
from tickets.errors import StepMissing


@dataclass(frozen=True)
class Count:
    """Clients and their records; None where no number is on record."""

    clients: int | None
    records: int | None = None


@dataclass(frozen=True)
class Tally:
    """What became of what the ticket was opened for."""

    destroyed: Count
    returned: Count
    transferred: Count


def tally(told: Dossier, held: Count | None) -> Tally:
    """The numbers; `held`: what the ticket holds of its closing project, None without a project."""
    returned, transferred = (_chose(told, one, held) for one in (Choice.RETURN, Choice.TRANSFER))
    if held is not None:
        return Tally(held, returned, transferred)
    notice = told.notice
    left = None
    if notice is not None and not notice.without:
        left = notice.clients - (returned.clients or 0) - (transferred.clients or 0)
    return Tally(Count(left), returned, transferred)


def check_left(found: Tally) -> None:
    """Nothing, or StepMissing: a certificate says how many were destroyed, so some must be left."""
    left = found.destroyed.clients
    if left is not None and left < 0:
        raise StepMissing(
            "选择返还或转移的客户比通知的还多，请核对客户编号和通知人数。",
            "More clients chose return or transfer than were told; check their numbers and the notice.",
        )
    if left == 0:
        raise StepMissing(
            "资料已全部返还或转移，没有可销毁的，请驳回这张工单。",
            "Everything is returned or transferred and nothing is left to destroy; refuse the ticket.",
        )


def _chose(told: Dossier, choice: Choice, held: Count | None) -> Count:
    chosen = [one for one in told.choices.values() if one.choice is choice]
    if held is None:
        return Count(len(chosen))
    moved = [len(one.records) for one in chosen if one.records]
    return Count(len(moved), sum(moved))
