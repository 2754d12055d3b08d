"""Errors at this door: problem+json (RFC 9457) for the API, a page for people.

Both languages go out; no exception text and no value that was sent in ever does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from assistant.errors import TooManyRequests, TooManyTries
from integrations.errors import UNEXPECTED, http_status, log_unexpected
from integrations.web.errors import (
    BadFields,
    BadForm,
    NotSignedIn,
    SecondFactorNeeded,
    TooLargeBody,
)
from integrations.web.limits import BodyTooLarge
from records.errors import BadInput, Conflict, NotFound, NotPermitted, ProductError, Unavailable
from records.language import Bilingual


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is answered instead of what was asked for."""

    status: int
    slug: str
    title: Bilingual
    detail: Bilingual
    headers: Mapping[str, str] | None = None


TITLES: dict[type[ProductError], Bilingual] = {
    BadInput: Bilingual("内容无法使用", "That cannot be used"),
    NotPermitted: Bilingual("没有权限", "Not permitted"),
    NotFound: Bilingual("没有找到", "Not found"),
    Conflict: Bilingual("现在还不能这样做", "Not possible right now"),
    Unavailable: Bilingual("暂时不可用", "Not available at the moment"),
}
NOT_SIGNED_IN = Bilingual("请先登录", "Please sign in")
TOO_MANY = Bilingual("请稍候再试", "Too many requests")
TOO_LARGE = Bilingual("文件过大", "Too large")
FAILED = Bilingual("程序出错", "Something went wrong")
NO_PAGE = Refusal(
    404,
    "no-page",
    Bilingual("没有这个页面", "No such page"),
    Bilingual(
        "地址可能写错了，或者页面已经移走。请从导航重新进入。",
        "The address may be mistyped, or the page has moved. Use the navigation to go on.",
    ),
)
WRONG_METHOD = Refusal(
    405,
    "method",
    Bilingual("不支持这种请求方式", "Method not allowed"),
    Bilingual(
        "这个地址不接受这种请求方式，请查看 /api/openapi.json。",
        "This address does not take that method; see /api/openapi.json.",
    ),
)
BAD_HOST = Refusal(
    421,
    "host",
    Bilingual("主机名不被接受", "Host name not accepted"),
    Bilingual(
        "请用安装时配置的地址访问，例如 http://127.0.0.1:8000。",
        "Use the address this service was set up with, for example http://127.0.0.1:8000.",
    ),
)
IDEMPOTENCY = {
    "key": Refusal(
        400,
        "idempotency-key",
        TITLES[BadInput],
        Bilingual(
            "Idempotency-Key 请用 1 到 200 个可见 ASCII 字符。",
            "Use 1 to 200 visible ASCII characters for Idempotency-Key.",
        ),
    ),
    "other": Refusal(
        422,
        "idempotency-key-reused",
        TITLES[Conflict],
        Bilingual(
            "这个 Idempotency-Key 已用于另一个请求。请换一个。",
            "This Idempotency-Key was used for another request. Use a new one.",
        ),
    ),
    "running": Refusal(
        409,
        "idempotency-key-running",
        TITLES[Conflict],
        Bilingual(
            "同一请求还在处理中，请稍后再取结果。",
            "The same request is still being worked on; ask again a little later.",
        ),
        {"Retry-After": "1"},
    ),
}
CRASH = Refusal(500, "unexpected", FAILED, UNEXPECTED)


class Problem(BaseModel):
    """An error as RFC 9457 writes it, with the same two sentences in English beside it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "urn:compliance:not-permitted",
                "title": "没有权限",
                "title_en": "Not permitted",
                "status": 403,
                "detail": "您的角色没有此项操作权限（audit:verify）。请联系：审计人员、管理员。",
                "detail_en": "Your role does not allow this (audit:verify). Ask: auditor.",
            }
        }
    )

    type: str
    title: str
    title_en: str
    status: int
    detail: str
    detail_en: str


RESPONSES: dict[int | str, dict[str, object]] = {
    status: {"model": Problem, "description": title.en, "content": {"application/problem+json": {}}}
    for status, title in (
        (400, TITLES[BadInput]),
        (401, NOT_SIGNED_IN),
        (403, TITLES[NotPermitted]),
        (404, TITLES[NotFound]),
        (409, TITLES[Conflict]),
        (413, TOO_LARGE),
        (422, TITLES[Conflict]),
        (429, TOO_MANY),
        (500, FAILED),
        (503, TITLES[Unavailable]),
    )
}


def install(web: FastAPI) -> None:
    """Let every error of every route end here."""
    web.add_exception_handler(ProductError, _product_error)
    web.add_exception_handler(RequestValidationError, _invalid)
    web.add_exception_handler(HTTPException, _http_error)


def unexpected(request: Request) -> Response:
    """The answer when something failed that nobody foresaw."""
    try:
        return answer(request, CRASH)
    except Exception as error:
        # Even the page failed: plain words are left.
        log_unexpected(error, where="error page")
        return PlainTextResponse(f"{UNEXPECTED.zh}\n{UNEXPECTED.en}\n", 500)


def bad_host() -> Response:
    """The answer to a request for a host that is not us; no page, for it would need our files."""
    return _document(BAD_HOST)


def too_large(request: Request, limit: int) -> Response:
    """The answer to a body over the limit, where no route has been reached."""
    return _product_error(request, TooLargeBody(limit))


def title_of(error: ProductError) -> Bilingual:
    """The heading over an error's sentence."""
    if isinstance(error, NotSignedIn):
        return NOT_SIGNED_IN
    if isinstance(error, TooLargeBody):
        return TOO_LARGE
    if isinstance(error, (TooManyTries, TooManyRequests)):
        return TOO_MANY
    return next(title for kind, title in TITLES.items() if isinstance(error, kind))


def status_of(error: ProductError) -> int:
    """The HTTP status of an error here: the common table, and those only HTTP knows."""
    known = {NotSignedIn: 401, TooLargeBody: 413, TooManyTries: 429, TooManyRequests: 429}
    return known.get(type(error)) or http_status(error)


def headers_of(error: ProductError | None) -> dict[str, str]:
    """What goes out with an error besides its words."""
    if isinstance(error, (TooManyTries, TooManyRequests)):
        return {"Retry-After": str(error.seconds)}
    return {}


def answer(request: Request, refusal: Refusal) -> Response:
    """A problem document for programs, a page for people."""
    if request.url.path.startswith(("/api/", "/healthz")):
        return _document(refusal)
    pages = request.app.state.pages
    page: Response = pages.error(
        request, status=refusal.status, title=refusal.title, detail=refusal.detail
    )
    page.headers.update(refusal.headers or {})
    return page


def problem_of(error: ProductError | None) -> Problem:
    """The error as RFC 9457 writes it, where it goes out as an event; None for one nobody foresaw."""
    return _problem(CRASH if error is None else _refusal(error))


def _problem(refusal: Refusal) -> Problem:
    return Problem(
        type=f"urn:compliance:{refusal.slug}",
        title=refusal.title.zh,
        title_en=refusal.title.en,
        status=refusal.status,
        detail=refusal.detail.zh,
        detail_en=refusal.detail.en,
    )


def _document(refusal: Refusal) -> Response:
    return JSONResponse(
        _problem(refusal).model_dump(),
        refusal.status,
        dict(refusal.headers or {}),
        media_type="application/problem+json",
    )


def _product_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProductError)
    if isinstance(error, NotSignedIn):
        return _sign_in_first(request, error)
    if isinstance(error, SecondFactorNeeded) and not request.url.path.startswith("/api/"):
        return RedirectResponse("/account", 303)
    return answer(request, _refusal(error))


def _refusal(error: ProductError) -> Refusal:
    slug = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()
    return Refusal(
        status_of(error), slug, title_of(error), error.message, headers_of(error) or None
    )


def _sign_in_first(request: Request, error: NotSignedIn) -> Response:
    if request.url.path.startswith("/api/"):
        headers = {"WWW-Authenticate": "Bearer"}
        return _document(Refusal(401, "not-signed-in", NOT_SIGNED_IN, error.message, headers))
    back = quote(request.url.path) if request.method == "GET" else "/"
    return RedirectResponse(f"/sign-in?to={back}", 303)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    names = sorted({_field(part["loc"], request) for part in error.errors()})
    return _product_error(request, BadFields("、".join(names), ", ".join(names)))


def _field(location: tuple[int | str, ...], request: Request) -> str:
    """The field's name if it is one of ours: whatever else stands there was sent in."""
    known: frozenset[str] = request.app.state.field_names
    names = [str(part) for part in location[1:] if part in known]
    return ".".join(names) or "body"


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, BodyTooLarge):
        return _product_error(request, TooLargeBody(error.limit))
    if error.status_code == 405:
        return answer(request, replace(WRONG_METHOD, headers=error.headers))
    if error.status_code == 404:
        return answer(request, NO_PAGE)
    return _product_error(request, BadForm())
