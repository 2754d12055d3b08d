"""Long lists in pages: `limit` and `cursor` on every list of the API, and where the next page is.

`page_lists` finds the routes that answer a list, so that a new one is paged without being told.
A cursor names the last item sent and where it stood: items added meanwhile move nothing, and
where that item is gone the place counts.
"""

import base64
import binascii
import hashlib
import inspect
import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Annotated, Any, get_origin
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.routing import APIRoute

from integrations.web.errors import BadCursor

LIMIT = 100
MOST = 500
_PARAMETERS = (
    inspect.Parameter(
        "page_limit",
        inspect.Parameter.KEYWORD_ONLY,
        default=LIMIT,
        annotation=Annotated[
            int, Query(alias="limit", ge=1, le=MOST, description="How many at most")
        ],
    ),
    inspect.Parameter(
        "page_cursor",
        inspect.Parameter.KEYWORD_ONLY,
        default="",
        annotation=Annotated[
            str,
            Query(
                alias="cursor",
                max_length=200,
                description="From the Link header (rel=next) of the page before",
            ),
        ],
    ),
    inspect.Parameter("page_request", inspect.Parameter.KEYWORD_ONLY, annotation=Request),
    inspect.Parameter("page_response", inspect.Parameter.KEYWORD_ONLY, annotation=Response),
)


def page_lists(router: APIRouter) -> None:
    """Every GET route of this router that answers a list, in pages."""
    for route in router.routes:
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and is_list(route):
            route.endpoint = _paged(route.endpoint)


def is_list(route: APIRoute) -> bool:
    """Whether a route answers a bare list."""
    return get_origin(route.response_model) in (list, tuple)


def _paged(endpoint: Callable[..., Sequence[Any]]) -> Callable[..., Sequence[Any]]:
    if hasattr(endpoint, "whole_list"):
        return endpoint

    @wraps(endpoint)
    def page(
        *,
        page_limit: int,
        page_cursor: str,
        page_request: Request,
        page_response: Response,
        **given: Any,
    ) -> Sequence[Any]:
        items = list(endpoint(**given))
        first = _after(items, page_cursor)
        shown = items[first : first + page_limit]
        if first + page_limit < len(items):
            cursor = _cursor(first + len(shown), shown[-1])
            page_response.headers["Link"] = f'<{_next(page_request, cursor)}>; rel="next"'
        return shown

    own = inspect.signature(endpoint, eval_str=True)
    kept = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own.parameters.values()]
    page.__signature__ = own.replace(parameters=[*kept, *_PARAMETERS])  # type: ignore[attr-defined]
    page.whole_list = endpoint  # type: ignore[attr-defined]
    return page


def _after(items: Sequence[Any], cursor: str) -> int:
    """Where the page after this cursor begins."""
    if not cursor:
        return 0
    try:
        place, mark = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * 3))
        if not (isinstance(place, int) and isinstance(mark, str) and place > 0):
            raise ValueError
    except (ValueError, TypeError, binascii.Error):
        raise BadCursor from None
    # Where it stood first: nothing has to be searched unless the list has changed.
    if place <= len(items) and _mark(items[place - 1]) == mark:
        return place
    found = (index + 1 for index, item in enumerate(items) if _mark(item) == mark)
    return next(found, min(place, len(items)))


def _cursor(place: int, last: Any) -> str:
    text = json.dumps([place, _mark(last)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _mark(item: Any) -> str:
    """What tells an item from others: its number where it has one, else all it says."""
    for name in ("id", "job_id", "scan_id", "serial"):
        value = getattr(item, name, None)
        if value is not None:
            return hashlib.sha256(str(value).encode()).hexdigest()[:16]
    return hashlib.sha256(repr(item).encode()).hexdigest()[:16]


def _next(request: Request, cursor: str) -> str:
    query = [(k, v) for k, v in request.query_params.multi_items() if k != "cursor"]
    return f"{request.url.path}?{urlencode([*query, ('cursor', cursor)])}"
