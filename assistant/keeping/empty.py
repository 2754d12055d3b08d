"""What the product keeps itself goes when its destruction is carried out: entries of the registers."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.keeping.periods import kept_as
from records.people import Person
from tickets.errors import NotLawfulYet, OnHold
from tickets.ticket import Json


def check_may_go(app: App, session: Session, subject: str) -> None:
    """Nothing, or the reason why it may not go today: its day was put off, or something about it is open."""
    kept = kept_as(app, session, subject)
    if kept is not None and kept.held:
        raise OnHold
    if kept is None or kept.day > app.today():
        raise NotLawfulYet(
            "这一项现在没有期满的内容可以销毁。", "Nothing of it is past its period of keeping now."
        )


def empty_kept(
    app: App, session: Session, person: Person, subject: str, ticket_id: str
) -> Mapping[str, Json]:
    """Emptied within the transaction that carries the destruction out; its files go right after it."""
    kept = kept_as(app, session, subject)
    assert kept is not None, "checked before anything was touched"
    entry = app.entries.get(session, kept.subject, to_change=True)
    for one in entry.evidence:
        app.files.end(session, one.file_id, app.clock())
    name = app.kinds[entry.kind].name.zh
    app.entries.empty(session, entry.id, title=f"{name}（已按 {ticket_id} 销毁）")
    app.ticket_store.note(
        session, entry.id, at=app.clock(), person_id=person.id, what="entry:destroyed",
        details={"about_zh": f"内容已按 {ticket_id} 销毁", "about_en": f"contents destroyed by {ticket_id}"},
    )  # fmt: skip
    app.append(session, person, "entry:destroyed", entry.id, {"ticket": ticket_id})
    return {"result": "erased", "count": 1, "files": len(entry.evidence)}
