"""Questions handed over, told in a chat: to officers when asked, to who asked when replied.

What was handed over or replied to at another door is told as well, within a minute. With several chats
each tells its own people, and the question counts as told when all have.
"""

from collections.abc import Callable

from assistant.answering import handovers
from assistant.answering.handovers import Handover
from assistant.app import App
from integrations.chat.telling import Teller, chats_of, once, was_told
from integrations.replies import officer_reply, waiting_reply
from records.people import Person, Role, account_of, people_in_chat


def tell(app: App, teller: Teller) -> None:
    """Everything that is to be told in this chat and was not yet."""
    with app.database.reading() as session:
        asked, replied = handovers.to_tell(session)
        people = people_in_chat(session, teller.chat) if asked else []
    officers = [one for one in people if Role.OFFICER in one[0].roles]
    for handover in asked:
        _told(app, teller, handover, "asked", _asking(teller, handover, officers))
    for handover in replied:
        _told(app, teller, handover, "replied", _replying(app, teller, handover))


def _asking(
    teller: Teller, handover: Handover, officers: list[tuple[Person, str]]
) -> Callable[[], None]:
    def to_officers() -> None:
        for officer, account in officers:
            if officer.id != handover.asked_by:
                key = f"{handover.id}:{account.partition(':')[2]}"
                teller.to_person(account, key, waiting_reply(handover, officer.language))

    return to_officers


def _replying(app: App, teller: Teller, handover: Handover) -> Callable[[], None]:
    """Where it was asked in this chat; else the asker's own messages, if it was asked in no other."""

    def to_asker() -> None:
        key, door = f"{handover.id}:reply", handover.place.partition(":")[0]
        if door == teller.chat:
            teller.to_place(handover.place, key, officer_reply(handover))
        elif door not in chats_of(app.settings):
            with app.database.reading() as session:
                account = account_of(session, teller.chat, handover.asked_by)
            if account:
                teller.to_person(account, key, officer_reply(handover))

    return to_asker


def _told(app: App, teller: Teller, handover: Handover, what: str, say: Callable[[], None]) -> None:
    chats = {*chats_of(app.settings), teller.chat}
    if chats == {teller.chat}:
        say()
    else:
        once(app, _key(teller.chat, handover, what), say)
        if not all(was_told(app, _key(one, handover, what)) for one in chats):
            return
    with app.database.transaction() as session:
        handovers.told(session, handover, app.clock())


def _key(chat: str, handover: Handover, what: str) -> str:
    return f"{chat}:{handover.id}:{what}"
