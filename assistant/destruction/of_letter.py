"""Whose letter a reply slip belongs to: a slip bears the letter's number, not the client's."""

import re

from assistant.closing.steps import PREFIX, ClosingStep
from records.errors import BadInput
from tickets.closing import progress as closing_progress
from tickets.closing.records import Filter, addressee_of, client_number
from tickets.notices.ledger import deliveries

_LETTER = re.compile(r"(N-\d{4}-\d{4,})-(\d{4,})")


def wrote(closing: ClosingStep, notice: str) -> bool:
    """Whether the notice was written in this project, whatever was decided or written since."""
    timeline = closing.stores.projects.timeline(closing.session, closing.id)
    written = (one for one in timeline if one.what == f"{PREFIX}notice_written")
    return any(one.details.get("notice") == notice for one in written)


def client_meant(closing: ClosingStep, named: str) -> int:
    """The client of the project given by number (C-00042) or by their letter's (N-2026-0001-0042).

    The two do not run alike: a letter's number counts the letters. Raises BadInput where the letter
    is another matter's or nobody's, or where two clients have the same name and address.
    """
    letter = _LETTER.fullmatch(named)
    if letter is None:
        return client_number(named)
    app, session = closing.app, closing.session
    to = None
    if wrote(closing, letter[1]):
        copies = deliveries(session, letter[1])
        people = app.notices.addressees(session, letter[1])
        to = next(
            (who for who, copy in zip(people, copies, strict=False) if copy.key == named), None
        )
    if to is None:
        raise BadInput(
            f"{named} 不是这个注销项目发出的信函，或者其客户资料已删除。请核对，或写客户编号（C-00042）。",
            f"{named} is no letter of this closing, or its client was erased. Check it, or give the "
            "client's number (C-00042).",
        )
    meant = (to.name, to.mail, to.address)
    numbers = closing_progress.clients_of(session, closing.id, Filter())
    found = [
        one.number
        for one in closing.stores.clients.clients(session, closing.id, numbers)
        if (who := addressee_of(one)) and (who.name, who.mail, who.address) == meant
    ]
    if len(found) != 1:
        raise BadInput(
            f"{named} 的姓名和地址对应 {len(found)} 位客户，请写客户编号（C-00042）。",
            f"Name and address of {named} are those of {len(found)} clients; give the client's number.",
        )
    return found[0]
