"""What the long connection hands over: written down as a durable job, then acknowledged.

Feishu takes the return of `do_without_validation` for the acknowledgement, and sends again what raised.
Nobody is called on the way there.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any

from assistant.app import App
from integrations.acts import ACTS
from integrations.chat.said import Door, Said, dict_in, text_in
from integrations.chat.wanted import Wanted
from integrations.errors import log_unexpected
from integrations.feishu.events import (
    CARD,
    MENU,
    MESSAGE,
    file_in,
    kind_of,
    press_key,
    said_by_press,
    said_in_message,
    tenant_of,
    tenant_of_person,
    wanted_by_form,
    wanted_by_menu,
    wanted_by_press,
)
from integrations.feishu.forms import taken_card
from integrations.feishu.work import ACT_JOB, FILE_JOB, SAID_JOB
from integrations.replies.forms import problems
from records.errors import ProductError
from records.jobs import Jobs
from records.language import Bilingual, Language

_WORKING = Bilingual("正在处理…", "Working on it…")
_LOST = Bilingual(
    "现在收不下您的请求，请稍后再试。", "Your request cannot be taken now. Please try again soon."
)
_OLD = Bilingual("按钮已过期。", "This button is an old one.")
_NOT_OURS = Bilingual("本助手只服务于本企业成员。", "This assistant serves its own company only.")

logger = logging.getLogger(__name__)


class Events:
    """Takes events and presses. `own` is our open_id."""

    def __init__(self, app: App, jobs: Jobs, own: str) -> None:
        self._app = app
        self._jobs = jobs
        self._own = own

    def do_without_validation(self, payload: bytes) -> dict[str, Any] | None:
        """Take one event; what is to be shown to whoever pressed. Raises what could not be kept."""
        try:
            body = dict_in(json.loads(payload))
        except (ValueError, RecursionError):
            return None
        kind = kind_of(body)
        if kind == CARD:
            return self._pressed(body)
        if kind in (MESSAGE, MENU) and self._ours(body):
            try:
                self._heard(body) if kind == MESSAGE else self._chosen(body)
            except ProductError:
                raise
            except Exception as error:
                # The SDK would log its text, which may quote somebody.
                log_unexpected(error, where="feishu event")
                raise RuntimeError(type(error).__name__) from None
        return None

    def _heard(self, body: Mapping[str, Any]) -> None:
        said = said_in_message(body, self._own, self._app.clock())
        if said is None:
            return
        key = text_in(dict_in(dict_in(body.get("event")).get("message")).get("message_id"))
        file = file_in(body)
        if file is not None and said.door is Door.DIRECT:
            sent = {"message": file.message, "file": file.key, "name": file.name, "type": file.type}
            payload = {**sent, "key": key, "team": said.team, "user": said.user}
            self._jobs.submit(FILE_JOB, key, payload, lane=f"{said.team}:{said.user}")
        else:
            self._write_down(said, key)

    def _chosen(self, body: Mapping[str, Any]) -> None:
        if wanted := wanted_by_menu(body, self._app.clock()):
            self._keep(wanted)

    def _pressed(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A sentence at the top of the person's window; a form is replaced once it was taken."""
        language = self._app.settings.language
        if not self._ours(body):
            return _toast(_NOT_OURS, language, "error")
        value = dict_in(dict_in(dict_in(body.get("event")).get("action")).get("value"))
        try:
            if "form" in value:
                return self._handed_in(body)
            said = said_by_press(body, self._app.clock())
            if said is not None:
                self._write_down(said, press_key(body, said))
            elif wanted := wanted_by_press(body, self._app.clock()):
                self._keep(wanted)
            else:
                return _toast(_OLD, language, "error")
        except ProductError as error:
            return _toast(error.message, language, "error")
        except Exception as error:
            log_unexpected(error, where="feishu press")
            return _toast(_LOST, language, "error")
        return _toast(_WORKING, language, "info")

    def _handed_in(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """What is wrong in the form, or that it was received."""
        now = self._app.clock()
        wanted, language = wanted_by_form(body, now)
        act = ACTS.get(wanted.act) if wanted else None
        asked = act.asks(self._app, language, wanted.subject) if act and wanted else None
        if wanted is None or asked is None:
            return _toast(_OLD, language, "error")
        wrong = problems(asked, wanted.values, now)
        if wrong:
            names = {one.id: one.label for one in asked.fields}
            said = "；".join(f"{names[field]}：{problem}" for field, problem in wrong.items())
            return {"toast": {"type": "error", "content": said[:200]}}
        self._keep(wanted)
        card = {"type": "raw", "data": taken_card(language, asked.title)}
        return {**_toast(_WORKING, language, "success"), "card": card}

    def _write_down(self, said: Said, key: str) -> None:
        """Hand it to the durable jobs, in the order of its conversation; the same key is one job."""
        self._jobs.submit(SAID_JOB, key, {**said.payload(), "key": key}, lane=said.conversation)

    def _keep(self, wanted: Wanted) -> None:
        self._jobs.submit(ACT_JOB, wanted.key, wanted.payload())

    def _ours(self, body: Mapping[str, Any]) -> bool:
        """Whether it is for our app, in the tenant it serves, by a member of it."""
        settings, tenant = self._app.settings, tenant_of(body)
        app_id = text_in(dict_in(body.get("header")).get("app_id"))
        served = settings.feishu_tenant_key in ("", tenant)
        if (
            tenant
            and served
            and tenant_of_person(body) == tenant
            and app_id == settings.feishu_app_id
        ):
            return True
        logger.warning("an event of another tenant was left alone")
        return False


def _toast(said: Bilingual, language: Language, kind: str) -> dict[str, Any]:
    return {"toast": {"type": kind, "content": said.pick(language)}}
