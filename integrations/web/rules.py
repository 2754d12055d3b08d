"""GET, POST /api/rules and DELETE /api/rules/{rule_id}: texts that are always or never hidden."""

from datetime import date

from fastapi import APIRouter, Response
from pydantic import Field

from assistant.redaction.manage_rules import RuleList, add_rule, list_rules, withdraw_rule
from integrations.web.bodies import RequestBody, View
from integrations.web.desk import SignedIn
from pii.kinds import Kind
from pii.rules import Effect

router = APIRouter(tags=["rules"])


class NewRule(RequestBody):
    """A text, and whether it is always of a kind (deny) or never to be hidden as one (allow)."""

    effect: Effect
    kind: Kind
    text: str = Field(min_length=1, max_length=200, examples=["0571-88886666"])
    reason: str = Field(min_length=1, max_length=200, examples=["官网公布的总机"])
    after: tuple[str, ...] = Field(default=(), max_length=5, examples=[["法定代表人"]])
    until: date | None = None


class AddedRule(View):
    """The number of the rule."""

    rule_id: str = Field(examples=["R-9f0c2b7d11a8"])


class PublishedView(View):
    """An entry of the company's allow list."""

    kind: Kind
    values: tuple[str, ...]
    patterns: tuple[str, ...]
    after: tuple[str, ...]
    reason: str
    by: str
    until: date


class RuleView(View):
    """A decision; of a denied text only the ends are shown."""

    id: str
    effect: Effect
    kind: Kind
    shown: str
    after: tuple[str, ...]
    reason: str
    created_by: str
    until: date | None


class RuleListView(View):
    """The rules in force today."""

    published: tuple[PublishedView, ...]
    decided: tuple[RuleView, ...]


@router.get("/rules", response_model=RuleListView)
def rules(desk: SignedIn) -> RuleList:
    """The company's allow list and the decisions of reviewers."""
    return list_rules(desk.app, desk.person)


@router.post("/rules", response_model=AddedRule, status_code=201)
def new_rule(desk: SignedIn, body: NewRule) -> AddedRule:
    """A rule in force at once, at every door."""
    rule_id = add_rule(
        desk.app,
        desk.person,
        effect=body.effect,
        kind=body.kind,
        text=body.text,
        reason=body.reason,
        after=body.after,
        until=body.until,
    )
    return AddedRule(rule_id=rule_id)


@router.delete("/rules/{rule_id}", status_code=204, response_class=Response)
def end_rule(desk: SignedIn, rule_id: str) -> Response:
    """The rule no longer holds; its text is erased."""
    withdraw_rule(desk.app, desk.person, rule_id)
    return Response(status_code=204)
