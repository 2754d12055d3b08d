"""Allow and deny rules: what the company publishes, what reviewers decided, who may change it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from assistant.app import App
from pii.allow_list import AllowEntry
from pii.kinds import Kind
from pii.operators import mask
from pii.rules import Effect, Rule, key_of, lasting
from records.people import Person
from records.permissions import Permission
from records.redaction_rules import KeptRule

REASON_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A decision as the list shows it: a denied text is somebody's data, so its middle is hidden."""

    id: str
    effect: Effect
    kind: Kind
    shown: str
    after: tuple[str, ...]
    reason: str
    created_by: str
    until: date | None


@dataclass(frozen=True, slots=True)
class RuleList:
    """What the allow list publishes, and the decisions of reviewers, newest first."""

    published: tuple[AllowEntry, ...]
    decided: tuple[ShownRule, ...]


def list_rules(app: App, person: Person) -> RuleList:
    """The rules in force today. Raises NotPermitted."""
    app.authorise(person, Permission.RULE_MANAGE)
    today = app.today()
    with app.database.transaction() as session:
        kept = app.rule_store.active(session, today)
        app.append(session, person, "rule:listed", "rules", {"rules": len(kept)})
    published = tuple(one for one in app.allow_list.entries if one.until >= today)
    return RuleList(published, tuple(_shown(rule) for rule in kept))


def add_rule(
    app: App,
    person: Person,
    *,
    effect: Effect,
    kind: Kind,
    text: str,
    reason: str,
    after: tuple[str, ...] = (),
    until: date | None = None,
) -> str:
    """The number of the new rule, in force at once. Raises NotPermitted, RuleMistake."""
    app.authorise(person, Permission.RULE_MANAGE)
    rule = lasting(Rule(effect, kind, text.strip(), after=after))
    with app.database.transaction() as session:
        return keep_rule(app, session, person, rule, reason=reason, until=until)


def keep_rule(
    app: App,
    session: Session,
    person: Person,
    rule: Rule,
    *,
    reason: str,
    until: date | None = None,
) -> str:
    """The rule kept in the caller's transaction, whose verb has checked the permission."""
    rule_id = app.rule_store.add(
        session,
        effect=rule.effect.value,
        kind=rule.kind.value,
        text=rule.text,
        compared_as=f"{key_of(rule.text)}|{'|'.join(rule.after)}",
        after=rule.after,
        reason=reason.strip()[:REASON_LENGTH],
        until=until,
        person_id=person.id,
        now=app.clock(),
    )
    details = {"effect": rule.effect.value, "kind": rule.kind.value}
    app.append(session, person, "rule:added", rule_id, details)
    return rule_id


def withdraw_rule(app: App, person: Person, rule_id: str) -> None:
    """The rule ends and its text is erased. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.RULE_MANAGE)
    with app.database.transaction() as session:
        app.rule_store.withdraw(session, rule_id, app.clock())
        app.append(session, person, "rule:withdrawn", rule_id)


def _shown(kept: KeptRule) -> ShownRule:
    effect, kind = Effect(kept.effect), Kind(kept.kind)
    return ShownRule(
        id=kept.id,
        effect=effect,
        kind=kind,
        shown=kept.text if effect is Effect.ALLOW else mask(kind, kept.text),
        after=kept.after,
        reason=kept.reason,
        created_by=kept.created_by,
        until=kept.until,
    )
