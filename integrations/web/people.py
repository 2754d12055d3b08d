"""/api/people: who may use the product, and in which roles. For administrators."""

from fastapi import APIRouter, Request, Response
from pydantic import Field

from assistant.people.manage_people import change_roles, everybody, let_go, make_link, register
from integrations.web.bodies import RequestBody, View
from integrations.web.desk import SignedIn
from records.language import Language
from records.people import Person, Role

router = APIRouter(tags=["people"])


class PersonView(View):
    """Somebody registered; without a role they have left."""

    id: str = Field(examples=["P-1a2b3c4d"])
    name: str = Field(examples=["林晓"])
    roles: frozenset[Role]
    language: Language


class NewPerson(RequestBody):
    """Somebody to be registered."""

    name: str = Field(min_length=1, max_length=200, examples=["林晓"])
    roles: frozenset[Role] = Field(min_length=1, examples=[["employee"]])
    slack_id: str | None = Field(default=None, max_length=80, examples=["T0001:U0001"])
    feishu_id: str | None = Field(default=None, max_length=120, examples=["tenant0001:ou_0001"])


class Roles(RequestBody):
    """The roles somebody has from now on."""

    roles: frozenset[Role] = Field(min_length=1, examples=[["employee", "responder"]])


class WantedLink(RequestBody):
    """A link to choose a new password."""

    keep_authenticator: bool = Field(
        default=True, description="False ends two-step sign-in as well: the phone is lost"
    )


class LinkView(View):
    """The address to hand over; it opens once, within a day, and is shown this once."""

    address: str


@router.get("/people", response_model=list[PersonView])
def people(desk: SignedIn) -> list[Person]:
    """Everybody registered, the oldest first."""
    return everybody(desk.app, desk.person)


@router.post("/people", response_model=PersonView, status_code=201)
def new_person(desk: SignedIn, body: NewPerson) -> Person:
    """Somebody registered; POST /api/people/{id}/link lets them choose a password."""
    return register(
        desk.app,
        desk.person,
        name=body.name,
        roles=body.roles,
        slack_id=body.slack_id,
        feishu_id=body.feishu_id,
    )


@router.put("/people/{person_id}/roles", response_model=PersonView)
def new_roles(desk: SignedIn, person_id: str, body: Roles) -> Person:
    """Somebody with other roles."""
    return change_roles(desk.app, desk.person, person_id, body.roles)


@router.post("/people/{person_id}/link", response_model=LinkView, status_code=201)
def new_link(request: Request, desk: SignedIn, person_id: str, body: WantedLink) -> LinkView:
    """A link by which somebody chooses a new password; their sessions are over at once."""
    link = make_link(desk.app, desk.person, person_id, keep_authenticator=body.keep_authenticator)
    return LinkView(address=welcome_address(request, link))


@router.delete("/people/{person_id}", status_code=204, response_class=Response)
def person_gone(desk: SignedIn, person_id: str) -> Response:
    """Somebody has left: no role, password, token or session; what they did stays on record."""
    let_go(desk.app, desk.person, person_id)
    return Response(status_code=204)


def welcome_address(request: Request, link: str) -> str:
    """The whole address of a link, as it is sent to its person."""
    base = request.app.state.app.settings.public_url or str(request.base_url)
    return f"{base.rstrip('/')}/welcome?token={link}"
