"""What was kept long enough: opened, its destruction asked for, kept on with a reason."""

from dataclasses import replace
from datetime import date

from assistant.app import App
from assistant.keeping.act import destroy_kept, extend_kept, read_kept
from integrations.acts.model import SHORTEST_REASON, Act, Wish
from integrations.replies import Press, Reply
from integrations.replies.forms import Field, FieldKind, Form
from integrations.replies.keeping import kept_reply
from integrations.replies.model import Weight
from records.language import Bilingual, Language
from records.people import Person
from tickets.keeping import Kept

_DESTROY = Bilingual("申请销毁", "Request destruction")
_EXTEND = Bilingual("继续保存", "Keep on")
_UNTIL, _WHY = Bilingual("保存至", "Until"), Bilingual("理由", "Reason")
_KEPT_ON = Bilingual("继续保存", "is kept on")


def extend_form(language: Language) -> Form:
    """Until which day, and why."""
    fields = (
        Field("until", _UNTIL.pick(language), FieldKind.DAY, ahead=True),
        Field("reason", _WHY.pick(language), FieldKind.TEXT, least=SHORTEST_REASON, most=200),
    )
    return Form(language, _EXTEND.pick(language), fields)


def _presses(app: App, kept: Kept, language: Language) -> tuple[Press, ...]:
    if not kept.over(app.today()):
        return ()
    sure = Bilingual(
        f"申请销毁 {kept.subject}？之后仍须鉴定、通知和两人批准。",
        f"Request the destruction of {kept.subject}? Appraisal, notice and two approvals follow.",
    )
    asking = Press(
        "kept-destroy", _DESTROY.pick(language), kept.subject, Weight.GOOD, sure.pick(language)
    )
    keeping = Press("kept-extend", _EXTEND.pick(language), kept.subject)
    return (asking, keeping) if kept.extendable else (asking,)


def _show(app: App, person: Person, wish: Wish) -> Reply:
    kept = read_kept(app, person, wish.subject)
    reply = kept_reply(kept, person.language)
    return replace(reply, presses=_presses(app, kept, person.language))


def _destroy(app: App, person: Person, wish: Wish) -> Reply:
    kept = read_kept(app, person, wish.subject)
    tickets = destroy_kept(app, person, kept.subject)
    return kept_reply(kept, person.language, tickets=tickets)


def _extend(app: App, person: Person, wish: Wish) -> Reply:
    until = date.fromisoformat(wish.text("until"))
    kept = extend_kept(app, person, wish.subject, until, reason=wish.text("reason"))
    return kept_reply(kept, person.language, said=_KEPT_ON)


ACTS = {
    "kept": Act(_show),
    "kept-destroy": Act(_destroy),
    "kept-extend": Act(_extend, extend_form),
}
