"""The errors of tickets.

ProductError
├── BadInput
├── NotFound
│   └── TicketNotFound   no ticket under that number
├── NotPermitted
│   ├── SamePerson       one person may not hold both roles
│   └── NotForThisRole   the kind of entry gives this step to others
└── Conflict
    ├── MoveNotAllowed   the ticket's state does not allow the step
    ├── OnHold           a hold stops every step until it is lifted
    ├── StepMissing      what must be on record before the step is not
    └── NotLawfulYet     the retention decision does not allow destruction
"""

from records.errors import Conflict, NotFound, NotPermitted


class TicketNotFound(NotFound):
    """No ticket under that number."""

    def __init__(self, ticket_id: str) -> None:
        super().__init__(
            f"没有编号为 {ticket_id} 的工单。请核对编号,例如 INC-2026-0001。",
            f"There is no ticket {ticket_id}. Check the number, for example INC-2026-0001.",
        )


class SamePerson(NotPermitted):
    """One person may not hold both roles."""


class NotForThisRole(NotPermitted):
    """The kind of entry gives this step to others."""


class MoveNotAllowed(Conflict):
    """The ticket's state does not allow the step."""


class OnHold(Conflict):
    """A hold stops every step until it is lifted."""

    def __init__(self) -> None:
        super().__init__(
            "该销毁单已被暂停(争议、检查或保全),解除前任何一步都不能进行。",
            "This destruction is on hold (dispute, inspection or preservation); "
            "no step is possible until the hold is lifted.",
        )


class NotLawfulYet(Conflict):
    """The retention decision does not allow destruction."""


class StepMissing(Conflict):
    """What must be on record before the step is not."""
