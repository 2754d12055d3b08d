"""Questions handed over, told in Slack: to officers when asked, to who asked when replied.

What was handed over or replied to at another door is told as well, within a minute. Each message
has its own id in the outbox, so telling twice posts once.
"""

from assistant.answering import handovers
from assistant.answering.handovers import Handover
from assistant.app import App
from integrations.replies import officer_reply, waiting_reply
from integrations.slack.blocks import messages
from integrations.slack.outbox import Outbox, Place
from records.people import Role, account_of, people_in_chat

_SLACK = "slack"


def tell(app: App, outbox: Outbox) -> None:
    """Everything that is to be told and was not yet."""
    with app.database.reading() as session:
        asked, replied = handovers.to_tell(session)
        people = people_in_chat(session, _SLACK) if asked else []
    officers = [one for one in people if Role.OFFICER in one[0].roles]
    for handover in asked:
        for officer, slack_id in officers:
            if officer.id != handover.asked_by:
                team, _, user = slack_id.partition(":")
                reply = waiting_reply(handover, officer.language)
                direct = Place(channel=user, team=team)
                outbox.keep(f"{handover.id}:{user}", direct, messages(reply))
        _told(app, handover)
    for handover in replied:
        place = _place(app, handover)
        if place is not None:
            outbox.keep(f"{handover.id}:reply", place, messages(officer_reply(handover)))
        _told(app, handover)


def _place(app: App, handover: Handover) -> Place | None:
    """Where it was asked in Slack; else the asker's direct messages, if they have an account."""
    door, _, where = handover.place.partition(":")
    if door == _SLACK:
        # Those of before several workspaces name none.
        channel, thread, team = (*where.split(":"), "", "")[:3]
        return Place(channel=channel, thread=thread, team=team)
    with app.database.reading() as session:
        slack_id = account_of(session, _SLACK, handover.asked_by)
    if not slack_id:
        return None
    team, _, user = slack_id.partition(":")
    return Place(channel=user, team=team)


def _told(app: App, handover: Handover) -> None:
    with app.database.transaction() as session:
        handovers.told(session, handover, app.clock())
