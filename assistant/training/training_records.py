"""Results of training: mine, everybody's, and the certificate of one passed."""

from dataclasses import dataclass

from assistant.app import App
from assistant.quizzes.certificate import certificate_of_completion
from assistant.quizzes.store import NoSuch
from records.errors import Conflict
from records.people import Person, all_people, person_by_id
from records.permissions import Permission, allowed
from records.training import TrainingResult, result, results


@dataclass(frozen=True, slots=True)
class Trained:
    """A result and whose it is."""

    result: TrainingResult
    name: str


def my_results(app: App, person: Person) -> tuple[TrainingResult, ...]:
    """What I took, newest first. Raises NotPermitted."""
    app.authorise(person, Permission.QUIZ_TAKE)
    with app.database.transaction() as session:
        found = tuple(results(session, person_id=person.id))
        app.append(session, person, "training:read", "mine", {"results": len(found)})
    return found


def all_results(app: App, person: Person, quiz_id: str = "") -> tuple[Trained, ...]:
    """Everybody's results, of one quiz or all, newest first. Raises NotPermitted."""
    app.authorise(person, Permission.QUIZ_RESULTS)
    with app.database.transaction() as session:
        names = {one.id: one.name for one in all_people(session)}
        found = results(session, subject=quiz_id.strip())
        app.append(session, person, "training:read", "everybody", {"results": len(found)})
    return tuple(Trained(one, names.get(one.person_id, one.person_id)) for one in found)


def training_certificate(app: App, person: Person, serial: str) -> bytes:
    """The certificate of completion as a PDF: my own, or anybody's for whoever sees all results.

    Raises NotPermitted, NotFound, Conflict where it was not passed.
    """
    app.authorise(person, Permission.QUIZ_TAKE)
    with app.database.transaction() as session:
        found = result(session, serial)
        if found is None or not (
            found.person_id == person.id or allowed(person, Permission.QUIZ_RESULTS)
        ):
            raise NoSuch
        if not found.passed:
            raise Conflict(
                "没有达到及格线，不出具证书。", "Below the pass mark; there is no certificate."
            )
        owner = person_by_id(session, found.person_id)
        app.append(session, person, "training:certificate", found.serial)
    return certificate_of_completion(found, owner.name if owner else found.person_id)
