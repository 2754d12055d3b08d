"""The text fields of a form, as typed."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from integrations.web.desk import SignedIn


async def read_form(request: Request, _desk: SignedIn) -> dict[str, str]:
    """The fields of a form; the last wins where one is sent twice."""
    async with request.form(max_files=0) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


Form = Annotated[dict[str, str], Depends(read_form)]


async def read_fields(request: Request, _desk: SignedIn) -> FormData:
    """The fields of a form where one may be sent several times."""
    async with request.form(max_files=0) as form:
        return form


Fields = Annotated[FormData, Depends(read_fields)]
