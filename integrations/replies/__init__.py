"""The neutral reply: what every door says, before it is put into the door's own format."""

from integrations.replies.answers import answer_reply, error_reply, help_reply, masked_reply
from integrations.replies.board import board_reply, digest_reply
from integrations.replies.files import redaction_reply
from integrations.replies.handovers import (
    feedback_reply,
    handed_over_reply,
    officer_reply,
    reply_kept_reply,
    waiting_reply,
)
from integrations.replies.model import (
    Action,
    Choice,
    Fact,
    Point,
    Press,
    Quote,
    Reply,
    Section,
    Tone,
)
from integrations.replies.text import as_text
from integrations.replies.tickets import (
    destruction_reply,
    incident_reply,
    private_reply,
    restricted_reply,
    ticket_reply,
)

__all__ = [
    "Action",
    "Choice",
    "Fact",
    "Point",
    "Press",
    "Quote",
    "Reply",
    "Section",
    "Tone",
    "answer_reply",
    "as_text",
    "board_reply",
    "destruction_reply",
    "digest_reply",
    "error_reply",
    "feedback_reply",
    "handed_over_reply",
    "help_reply",
    "incident_reply",
    "masked_reply",
    "officer_reply",
    "private_reply",
    "redaction_reply",
    "reply_kept_reply",
    "restricted_reply",
    "ticket_reply",
    "waiting_reply",
]
