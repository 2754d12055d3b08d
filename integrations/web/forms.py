"""The text fields of a form, as typed."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from integrations.web.desk import SignedIn
from integrations.web.errors import BadFields


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


async def read_multi_form(request: Request, _desk: SignedIn) -> dict[str, list[str]]:
    """The fields of a form with every value sent for each, for boxes that are ticked."""
    async with request.form(max_files=0) as form:
        found: dict[str, list[str]] = {}
        for name, value in form.multi_items():
            if isinstance(value, str):
                found.setdefault(name, []).append(value)
        return found


MultiForm = Annotated[dict[str, list[str]], Depends(read_multi_form)]


def as_day(text: str) -> date | None:
    """A day as a form sends it; None where it was left empty. Raises BadFields."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadFields("日期，例如 2026-11-23", "the date, for example 2026-11-23") from None
