"""The rules page: what the company publishes, what reviewers decided; adding and withdrawing."""

from enum import StrEnum
from typing import TypeVar

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.redaction.manage_rules import add_rule, list_rules, withdraw_rule
from integrations.web.desk import Desk, SignedIn
from integrations.web.errors import BadFields
from integrations.web.forms import Form, as_day
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from pii.kinds import Kind
from pii.rules import Effect
from records.errors import ProductError

router = APIRouter(include_in_schema=False)
Choice = TypeVar("Choice", bound=StrEnum)

FIELDS = ("effect", "kind", "text", "after", "reason", "until")


@router.get("/rules")
def rules_page(request: Request, desk: SignedIn) -> Response:
    """The rules in force today."""
    return _page(request, desk, dict.fromkeys(FIELDS, ""))


@router.post("/rules")
def rule_added(request: Request, desk: SignedIn, fields: Form) -> Response:
    """Back to the list, or the form again with the reason."""
    form = {name: fields.get(name, "").strip() for name in FIELDS}
    try:
        add_rule(
            desk.app,
            desk.person,
            effect=_choice(Effect, form["effect"]),
            kind=_choice(Kind, form["kind"]),
            text=form["text"],
            reason=_said(form["reason"]),
            after=(form["after"],) if form["after"] else (),
            until=as_day(form["until"]),
        )
    except ProductError as error:
        return _page(request, desk, form, error)
    return RedirectResponse("/rules", 303)


@router.post("/rules/{rule_id}/withdraw")
def rule_withdrawn(desk: SignedIn, rule_id: str) -> Response:
    """The rule ends; back to the list."""
    withdraw_rule(desk.app, desk.person, rule_id)
    return RedirectResponse("/rules", 303)


def _page(
    request: Request, desk: Desk, form: dict[str, str], error: ProductError | None = None
) -> Response:
    return pages_of(request).page(
        request,
        desk,
        "rules.html",
        status=status_of(error) if error else 200,
        rules=list_rules(desk.app, desk.person),
        problem=error.message if error else None,
        form=form,
        kinds=tuple(Kind),
        effects=tuple(Effect),
    )


def _choice(choices: type[Choice], text: str) -> Choice:
    try:
        return choices(text)
    except ValueError:
        raise BadFields("下拉选项", "the choices") from None


def _said(reason: str) -> str:
    if not reason:
        raise BadFields("理由", "the reason")
    return reason
