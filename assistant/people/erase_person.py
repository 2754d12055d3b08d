"""What we keep about somebody of the company erased, when they leave or ask (个人信息保护法 47).

Name, accounts and token go, and what they asked, were answered and said about answers, and when they
are to practise what; their stored files and reviews end. What they did stays on record under their
number alone: the audit log, tickets and approvals are kept as evidence, and hold numbers only.
"""

from dataclasses import dataclass

from sqlalchemy import delete, select

from assistant.answering.feedback import FeedbackRow
from assistant.answering.handovers import HandoverRow
from assistant.answering.kept_answers import KeptAnswerRow
from assistant.answering.threads import TurnRow
from assistant.app import App
from assistant.errors import NotConfirmed
from assistant.quizzes.tables import CardRow
from records.accounts import forget_account
from records.api_tokens import ApiTokenRow
from records.errors import Conflict, NotFound
from records.file_store import FileRow
from records.people import Person, PersonRow, Role, all_people
from records.permissions import Permission
from records.reviews import ReviewRow
from records.sessions import end_sessions


@dataclass(frozen=True, slots=True)
class Erased:
    """How much went, under the number that remains."""

    person_id: str
    questions: int
    files: int


def erase_person(
    app: App, person: Person, person_id: str, *, confirmation: str, dry_run: bool = False
) -> Erased:
    """The person's data erased for good; with `dry_run` only counted.

    `confirmation` is their number typed once more.

    Raises NotPermitted, NotConfirmed, NotFound, Conflict for oneself or the last administrator.
    """
    app.authorise(person, Permission.PEOPLE_MANAGE)
    if confirmation.strip() != person_id:
        raise NotConfirmed
    now = app.clock()
    with app.database.transaction() as session:
        row = session.get(PersonRow, person_id, with_for_update=True)
        if row is None:
            raise NotFound(
                "没有这个人。用 compliance people list 查看编号。",
                "No such person; see the numbers with: compliance people list",
            )
        held = {one.id for one in all_people(session) if Role.ADMINISTRATOR in one.roles}
        if person_id == person.id or held == {person_id}:
            raise Conflict(
                "不能删除自己或唯一的管理员。请由另一位管理员处理。",
                "Nobody erases themselves, nor the only administrator. Ask another one.",
            )
        asked = select(KeptAnswerRow.id).where(KeptAnswerRow.asked_by == person_id)
        answers = list(session.scalars(asked))
        kept = (FileRow.owner_id == person_id, FileRow.erased_at.is_(None))
        files = session.scalars(select(FileRow).where(*kept)).all()
        details = {"questions": len(answers), "files": len(files)}
        if dry_run:
            app.append(session, person, "people:erasure-tried", person_id, details)
            return Erased(person_id, len(answers), len(files))
        session.execute(delete(TurnRow).where(TurnRow.answer_id.in_(answers)))
        session.execute(delete(HandoverRow).where(HandoverRow.asked_by == person_id))
        session.execute(delete(FeedbackRow).where(FeedbackRow.person_id == person_id))
        session.execute(delete(KeptAnswerRow).where(KeptAnswerRow.id.in_(answers)))
        running = (ReviewRow.owner_id == person_id, ReviewRow.ended_at.is_(None))
        for review in session.scalars(select(ReviewRow).where(*running)).all():
            app.reviews.end_at_once(session, review, now)
        for file in files:
            app.files.erase(session, file.id, now)
        session.execute(delete(ApiTokenRow).where(ApiTokenRow.person_id == person_id))
        session.execute(delete(CardRow).where(CardRow.person_id == person_id))
        forget_account(session, person_id)
        end_sessions(session, person_id)
        _forget(row)
        app.append(session, person, "people:erased", person_id, details)
    app.database.scrub()
    return Erased(person_id, len(answers), len(files))


def _forget(row: PersonRow) -> None:
    """The number alone remains: whatever may be empty is, no role is left."""
    for column in PersonRow.__table__.columns:
        if column.nullable:
            setattr(row, column.name, None)
    row.name, row.roles = row.id, ""
