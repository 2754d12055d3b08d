"""The redaction policies a person may choose from, and what each does with every kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.app import App
from pii.kinds import Kind
from pii.policy import Disclosure, RedactionPolicy, load_disclosure, load_policy, policy_names
from records.people import Person
from records.permissions import Permission


@dataclass(frozen=True, slots=True)
class PolicyList:
    """Every policy, the company's split of kinds, and which policy is used when none is named."""

    policies: tuple[RedactionPolicy, ...]
    disclosure: Mapping[Kind, Disclosure]
    default: str


def list_policies(app: App, person: Person) -> PolicyList:
    """The shipped policies and the company's own. Raises NotPermitted, PolicyMistake."""
    app.authorise(person, Permission.FILE_REDACT)
    folder = app.settings.redaction_policies
    listed = PolicyList(
        tuple(load_policy(name, folder) for name in policy_names(folder)),
        load_disclosure(folder),
        app.settings.redaction_policy,
    )
    app.record(person, "policies:listed", "redaction", {"policies": len(listed.policies)})
    return listed
