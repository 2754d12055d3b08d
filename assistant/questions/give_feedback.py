"""Whether an answer was right, said with one press; wrong ones become questions to be measured."""

import json
from pathlib import Path

from assistant.answering.feedback import Feedback, all_feedback, keep_feedback
from assistant.answering.kept_answers import NoSuchAnswer, kept_answer
from assistant.app import App
from assistant.redaction.clearing import clear_text
from records.data_files import BadDataFile, read_yaml
from records.people import Person
from records.permissions import Permission, allowed

LONGEST_REASON = 500
_HEAD = (
    "# Wrong answers, as reported: fill in the articles a right answer quotes (any: [法名 条号]),\n"
    "# or replace `any` by `none: true` for what must be turned away. Cleared text only.\n"
)


def give_feedback(
    app: App, person: Person, answer_id: str, *, right: bool, reason: str = ""
) -> Feedback:
    """The word on an answer, kept; personal data taken out of the reason.

    From whoever asked, or who reads feedback: for others there is no such answer.
    Raises NotPermitted, NotFound, TextTooLong.
    """
    app.authorise(person, Permission.QUESTION_ASK)
    with app.database.reading() as session:
        answer = kept_answer(session, answer_id)
    if answer.asked_by != person.id and not allowed(person, Permission.FEEDBACK_READ):
        app.record(person, "permission:refused", answer.id)
        raise NoSuchAnswer
    cleared = clear_text(app, reason, LONGEST_REASON).cleared.text if reason.strip() else ""
    with app.database.transaction() as session:
        kept = keep_feedback(
            session, answer, person_id=person.id, right=right, reason=cleared, now=app.clock()
        )
        app.append(session, person, "feedback:given", answer.id, {"right": right})
    return kept


def list_feedback(app: App, person: Person) -> tuple[Feedback, ...]:
    """What was said of answers, the newest first. Raises NotPermitted."""
    app.authorise(person, Permission.FEEDBACK_READ)
    with app.database.transaction() as session:
        found = all_feedback(session)
        app.append(session, person, "feedback:listed", "feedback", {"answers": len(found)})
    return found


def export_feedback(app: App, person: Person, suite: Path) -> int:
    """How many wrong answers were new to the file, as questions of the answers suite.

    What stands in the file stays as it is. Raises NotPermitted, BadDataFile.
    """
    app.authorise(person, Permission.FEEDBACK_READ)
    with app.database.reading() as session:
        wrong = {one.answer_id: one for one in all_feedback(session) if not one.right}
    before = suite.read_text(encoding="utf-8") if suite.exists() else f"{_HEAD}questions:\n"
    known = _ids(suite, before)
    new = [one for one in wrong.values() if one.answer_id.lower() not in known]
    if new:
        after = before.rstrip("\n") + "\n" + "".join(map(_question, new))
        _ids(suite, after)
        suite.write_text(after, encoding="utf-8")
    app.record(person, "feedback:exported", "feedback", {"answers": len(new)})
    return len(new)


def _question(wrong: Feedback) -> str:
    """An entry as the suite writes them; JSON quoting keeps any text one YAML scalar."""
    asked = json.dumps(wrong.question, ensure_ascii=False)
    return f"  - id: {wrong.answer_id.lower()}\n    ask: {asked}\n    any: []\n"


def _ids(suite: Path, text: str) -> set[str]:
    """The ids of the questions in a suite file. Raises BadDataFile where it is none."""
    try:
        listed = read_yaml(text)["questions"] or []
        return {str(one["id"]) for one in listed}
    except (ValueError, KeyError, TypeError) as error:
        raise BadDataFile(suite, "not a list of questions with ids") from error
