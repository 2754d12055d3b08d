"""People and their roles: registered, given links, let go. For administrators."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from assistant.people.manage_people import change_roles, everybody, let_go, make_link, register
from integrations.web.desk import Desk, SignedIn
from integrations.web.errors import BadFields
from integrations.web.forms import Fields
from integrations.web.people import welcome_address
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from records.errors import ProductError
from records.people import Role

router = APIRouter(include_in_schema=False)


@router.get("/people")
def people_page(request: Request, desk: SignedIn) -> Response:
    """Everybody, with their roles."""
    return _page(request, desk)


@router.post("/people")
def person_registered(request: Request, desk: SignedIn, fields: Fields) -> Response:
    """A new person, with the link by which they choose a password."""

    def act() -> str:
        added = register(
            desk.app, desk.person, name=str(fields.get("name", "")), roles=_roles(fields)
        )
        return make_link(desk.app, desk.person, added.id)

    return _done(request, desk, act)


@router.post("/people/{person_id}/roles")
def roles_changed(request: Request, desk: SignedIn, person_id: str, fields: Fields) -> Response:
    """Other roles, from now on."""

    def act() -> str:
        change_roles(desk.app, desk.person, person_id, _roles(fields))
        return ""

    return _done(request, desk, act)


@router.post("/people/{person_id}/link")
def link_made(request: Request, desk: SignedIn, person_id: str, fields: Fields) -> Response:
    """A link to choose a new password, shown this once."""
    keep = "end_authenticator" not in fields
    return _done(
        request,
        desk,
        lambda: make_link(desk.app, desk.person, person_id, keep_authenticator=keep),
    )


@router.post("/people/{person_id}/end")
def person_gone(request: Request, desk: SignedIn, person_id: str) -> Response:
    """Somebody has left."""

    def act() -> str:
        let_go(desk.app, desk.person, person_id)
        return ""

    return _done(request, desk, act)


def _done(request: Request, desk: Desk, act: Callable[[], str]) -> Response:
    try:
        link = act()
    except ProductError as error:
        return _page(request, desk, error)
    return _page(request, desk, link=welcome_address(request, link) if link else "")


def _page(
    request: Request, desk: Desk, error: ProductError | None = None, *, link: str = ""
) -> Response:
    return pages_of(request).page(
        request,
        desk,
        "people.html",
        status=status_of(error) if error else 200,
        people=everybody(desk.app, desk.person),
        all_roles=tuple(Role),
        link=link,
        problem=error.message if error else None,
    )


def _roles(fields: FormData) -> list[Role]:
    try:
        return [Role(str(one)) for one in fields.getlist("role")]
    except ValueError:
        raise BadFields("角色", "the roles") from None
