"""Pages from templates: two languages, Beijing time, nothing unescaped."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from assistant.app import App
from assistant.operations.read_audit import event_name
from assistant.operations.upkeep import SYSTEM
from integrations.replies.answers import LIMITS
from integrations.replies.wording import article, authority, warnings
from integrations.web.desk import LANGUAGE_COOKIE, Desk, chosen_language, known_person
from integrations.web.labels import label
from integrations.web.marking import highlight, marked_segment
from integrations.web.navigation import navigation
from knowledge.numerals import article_heading
from knowledge.sources import english_title, titled
from pii.reasons import reason_words
from records.beijing import to_the_minute
from records.language import Bilingual, Language
from records.people import NUMBERS, ROLE_NAMES, Person, Role, all_people
from records.permissions import Permission, allowed
from tickets.incidents.awareness import AwareBy
from tickets.incidents.event_names import INCIDENT_EVENTS

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
YEAR_SECONDS = 365 * 24 * 3600
# What a sentence of the terminal says to type, which a page has as its form.
COMMANDS = re.compile(r"（[a-z-]+(?: --[a-z]+)?）| \([a-z-]+(?: --[a-z]+)?\)")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a page, if known, and in which language."""

    language: Language
    person: Person | None


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders every page; built once."""

    app: App
    templates: Environment

    def page(
        self, request: Request, desk: Desk, template: str, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """A page for somebody signed in."""
        return self._respond(
            request, template, status, reader=Reader(desk.language, desk.person), values=values
        )

    def public(
        self, request: Request, template: str, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """A page for somebody who may not be signed in."""
        person = known_person(request)
        reader = Reader(chosen_language(request, person), person)
        return self._respond(request, template, status, reader=reader, values=values)

    def error(
        self, request: Request, *, status: int, title: Bilingual, detail: Bilingual
    ) -> HTMLResponse:
        """The page of an error, with the way on."""
        return self.public(
            request, "error.html", status=status, code=status, title=title, detail=detail
        )

    def _people(self) -> Callable[[], list[Person]]:
        """A function that gives everybody, read once a page and if needed."""

        @cache
        def people() -> list[Person]:
            with self.app.database.reading() as session:
                return all_people(session)

        return people

    def _respond(
        self,
        request: Request,
        template: str,
        status: int,
        *,
        reader: Reader,
        values: Mapping[str, Any],
    ) -> HTMLResponse:
        language, person = reader.language, reader.person
        now, people = self.app.clock(), self._people()
        with_names = _names(people)
        groups, pages = navigation(person, request.url.path)
        text = self.templates.get_template(template).render(
            **_words(language),
            now=now,
            person=person,
            path=request.url.path,
            nav_groups=groups,
            nav_pages=pages,
            other_language_url=_other_language_url(request, language),
            may=_permission_test(person),
            with_names=with_names,
            name_of=lambda number: (
                _SYSTEM.pick(language) if number == SYSTEM.id else with_names(number)
            ),
            colleagues=lambda: sorted((one for one in people() if one.roles), key=_by_name),
            roles=[ROLE_NAMES[role].pick(language) for role in sorted(person.roles)]
            if person
            else [],
            **values,
        )
        response = HTMLResponse(text, status)
        if request.query_params.get("lang") in set(Language):
            response.set_cookie(
                LANGUAGE_COOKIE, language, max_age=YEAR_SECONDS, httponly=True, samesite="strict"
            )
        return response


_SYSTEM = Bilingual("系统", "the system")


def build_pages(app: App) -> Pages:
    """The renderer of these parts."""
    return Pages(app, _templates())


@cache
def _templates() -> Environment:
    """Templates with their filters. A name that one does not get is an error, not a gap."""
    templates = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        static=_static_url,
        law_url=law_url,
        law_find=law_find,
        Permission=Permission,
        limits=LIMITS,
        highlight=highlight,
        marked_segment=marked_segment,
        aware_by=lambda source: AwareBy(source or AwareBy.GIVEN).label,
    )
    templates.filters.update(
        moment=moment,
        iso=iso,
        from_iso=datetime.fromisoformat,
        without_commands=lambda text: COMMANDS.sub("", text),
        percent=lambda score: f"{score:.0%}",
        segment=quote,
    )
    return templates


def law_url(instrument: str, provision_id: str = "", words: str = "") -> str:
    """Where a law is read in full, at one article and with the quoted words marked.

    The words are those of the published text, so they may stand in an address.
    """
    query = {key: value for key, value in (("at", provision_id), ("words", words[:300])) if value}
    return f"/law/{quote(instrument, safe='')}" + (f"?{urlencode(query)}#at" if query else "")


def law_find(instrument: str, article: str | None) -> str:
    """Where an article is read, by its name alone."""
    return f"/law?{urlencode({'name': f'《{instrument}》{article_name(article)}'})}"


def article_name(article: str | None) -> str:
    """How the statute writes it: 57 → 第五十七条; several, or a section, as they are."""
    return article_heading(article) if article else ""


def law_name(instrument: str, language: Language) -> str:
    """How a citation begins: 《公司法》, or Company Law (公司法) with a space before its article."""
    named = titled(instrument).pick(language)
    return named if language is Language.ZH else f"{named} "


def english_name(instrument: str, language: Language) -> Markup:
    """What readers of English are shown beside the name of a law; nothing to others."""
    english = english_title(instrument) if language is Language.EN else ""
    return (
        Markup(' <span class="muted" lang="en">{}</span>').format(english) if english else Markup()
    )


def moment(value: datetime) -> str:
    """A time in China, to the minute."""
    return to_the_minute(value)


def iso(value: datetime) -> str:
    """A time for machines."""
    return value.astimezone(UTC).isoformat(timespec="seconds")


def remaining(due_at: datetime, now: datetime, language: Language) -> str:
    """How long is left, or over, in words; the script keeps it running."""
    seconds = int((due_at - now).total_seconds())
    days, rest = divmod(abs(seconds), 86400)
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    zh = "已超时 " if seconds < 0 else "还剩 "
    en = "overdue by " if seconds < 0 else "left: "
    if language is Language.ZH:
        return zh + (f"{days} 天 " if days else "") + clock
    return en + (f"{days} d " if days else "") + clock


def _words(language: Language) -> dict[str, object]:
    def day(value: date) -> str:
        zh = f"{value.year}年{value.month}月{value.day}日"
        return zh if language is Language.ZH else value.isoformat()

    return {
        "language": language,
        "say": lambda zh, en: zh if language is Language.ZH else en,
        "pick": lambda both: both.pick(language),
        "label": lambda value: label(value).pick(language),
        "law_name": lambda instrument: law_name(instrument, language),
        "english_name": lambda instrument: english_name(instrument, language),
        "article_name": lambda number: (
            article_name(number)
            if language is Language.ZH
            else article("", number, language).strip()
        ),
        "warnings": lambda claim: warnings(claim, language),
        "authority": lambda claim: authority(claim, language),
        "role_name": lambda role: ROLE_NAMES[Role(role)].pick(language),
        "day": day,
        "why": lambda reason: reason_words(reason).pick(language),
        "event_name": lambda what: (INCIDENT_EVENTS.get(what) or event_name(what)).pick(language),
        "remaining": lambda due_at, now: remaining(due_at, now, language),
    }


def _names(people: Callable[[], list[Person]]) -> Callable[[str], str]:
    """A function that puts names for the numbers of people in a text."""

    @cache
    def names() -> dict[str, str]:
        return {one.id: one.name for one in people()}

    return lambda text: NUMBERS.sub(lambda found: names().get(found[0], found[0]), text)


def _by_name(person: Person) -> tuple[str, str]:
    return person.name, person.id


def _permission_test(person: Person | None) -> Callable[[Permission], bool]:
    return lambda permission: person is not None and allowed(person, permission)


def _other_language_url(request: Request, language: Language) -> str:
    other = Language.EN if language is Language.ZH else Language.ZH
    kept = [(k, v) for k, v in request.query_params.multi_items() if k not in {"lang", "token"}]
    return f"{quote(request.url.path)}?{urlencode([*kept, ('lang', other)])}"


@cache
def _static_url(name: str) -> str:
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def pages_of(request: Request) -> Pages:
    """The renderer of the service that got this request."""
    pages: Pages = request.app.state.pages
    return pages
