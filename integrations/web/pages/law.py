"""Laws and company policy in full, the quoted words marked; one article for the side panel."""

from itertools import groupby

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.law.law_changes import changes_now, compare_versions, list_versions
from assistant.law.read_law import (
    list_instruments,
    read_address,
    read_instrument,
    read_provision,
    readable,
)
from integrations.web.desk import Desk, SignedIn
from integrations.web.problems import status_of
from integrations.web.render import law_url, pages_of
from knowledge.citing import Citer, Citing
from knowledge.levels import Level
from knowledge.provisions import Provision
from records.errors import NotFound
from records.language import Bilingual

router = APIRouter(include_in_schema=False)

# What staff look up most in this field; everything else by name.
SHELF = (
    "中华人民共和国个人信息保护法",
    "中华人民共和国数据安全法",
    "中华人民共和国网络安全法",
    "网络数据安全管理条例",
    "中华人民共和国民法典",
    "中华人民共和国公司法",
    "中华人民共和国市场主体登记管理条例",
    "中华人民共和国档案法",
    "中华人民共和国反洗钱法",
    "中华人民共和国会计法",
    "中华人民共和国电子商务法",
    "中华人民共和国消费者权益保护法",
)


@router.get("/law")
def law_index(request: Request, desk: SignedIn, name: str = "") -> Response:
    """A way in by name or by article: 个保法第47条 leads straight to it.

    Where there is something to know first (an old number, several articles, none), that is shown.
    """
    problem: Bilingual | None = None
    status = 200
    found = read_address(desk.app, desk.person, name) if name.strip() else ()
    if len(found) == 1 and (only := found[0].provision) and not found[0].notes:
        part = found[0].words if found[0].words != only.text else None
        return RedirectResponse(law_url(only.instrument, only.id, part or ""), 303)
    if name.strip() and not found:
        try:
            text = read_instrument(desk.app, desk.person, name.strip())
        except NotFound as error:
            problem, status = error.message, status_of(error)
        else:
            return RedirectResponse(law_url(text.name), 303)
    if found and not any(one.provision for one in found):
        status = 404
    loaded = list_instruments(desk.app, desk.person)
    known = list_versions(desk.app, desk.person)
    return pages_of(request).page(
        request,
        desk,
        "law_index.html",
        status=status,
        name=name,
        problem=problem,
        found=found,
        shelf=[one for one in SHELF if one in loaded],
        policies=[one for one, level in loaded.items() if level is Level.POLICY],
        counts=desk.app.library.counts(readable(desk.person)),
        known=known,
    )


@router.get("/law-changes")
def changes_now_page(request: Request, desk: SignedIn) -> Response:
    """What changes soon and what changed lately, each with how much of ours it touches."""
    changes = changes_now(desk.app, desk.person)
    return pages_of(request).page(
        request, desk, "law_changes_now.html", changes=changes, today=desk.app.today()
    )


@router.get("/law-changes/{name:path}")
def changes_page(
    request: Request, desk: SignedIn, name: str, old: str = "", new: str = ""
) -> Response:
    """Two versions article by article, and the duties, clocks, rules and policies they touch."""
    changes = compare_versions(desk.app, desk.person, old or name, new if old else "")
    touched: dict[Citer, dict[Citing, set[str]]] = {}
    for one in changes.touched:
        article = one.change.new_article or f"old-{one.change.old_article}"
        touched.setdefault(one.citing.citer, {}).setdefault(one.citing, set()).add(article)
    return pages_of(request).page(
        request,
        desk,
        "law_changes.html",
        changes=changes,
        touched=touched,
        versions=list_versions(desk.app, desk.person, name).versions,
        today=desk.app.today(),
    )


@router.get("/law/{name:path}")
def law_page(
    request: Request, desk: SignedIn, name: str, at: str = "", words: str = ""
) -> Response:
    """The whole text with its table of articles; the article `at` open, the `words` marked."""
    text = read_instrument(desk.app, desk.person, name)
    chapters = [
        (chapter, list(provisions))
        for chapter, provisions in groupby(text.provisions, key=lambda one: one.chapter)
    ]
    return pages_of(request).page(
        request,
        desk,
        "law.html",
        text=text,
        chapters=chapters,
        at=at,
        words=words,
        today=desk.app.today(),
        versions=list_versions(desk.app, desk.person, text.name).versions,
        earlier=None if at in {one.id for one in text.provisions} else _earlier(desk, at),
    )


@router.get("/panel/{provision_id:path}")
def side_panel(request: Request, desk: SignedIn, provision_id: str, words: str = "") -> Response:
    """One article as a piece of page, for the panel beside an answer."""
    provision = read_provision(desk.app, desk.person, provision_id)
    return pages_of(request).page(request, desk, "panel.html", provision=provision, words=words)


def _earlier(desk: Desk, provision_id: str) -> Provision | None:
    """An article that was cited as of another day and is not in the text of today."""
    try:
        return read_provision(desk.app, desk.person, provision_id) if provision_id else None
    except NotFound:
        return None
