"""What doors say of a register entry: its clocks and its timeline, in one line each."""

from datetime import datetime

from assistant.registers.read_registers import EntryView
from integrations.replies.model import Fact, Point, Reply, Section, Tone
from integrations.replies.wording import article, certainty, from_now, labelled, moment
from records.language import Bilingual, Language
from tickets.clocks.deadlines import Deadline, Outcome
from tickets.registers.clocks import HOUSE, open_clocks
from tickets.registers.kinds import Kind, Move
from tickets.registers.values import shown
from tickets.ticket import Event, Json

NAMES = {
    "entry:opened": Bilingual("登记", "Opened"),
    "entry:amended": Bilingual("补充或更正", "Filled in or corrected"),
    "entry:moved": Bilingual("流转", "Moved"),
    "entry:approved": Bilingual("批准", "Approved"),
    "entry:evidence": Bilingual("加入证据", "Evidence attached"),
    "entry:kept_on": Bilingual("继续保存", "Kept on"),
    "entry:destroyed": Bilingual("已销毁", "Destroyed"),
    "entry:reminded": Bilingual("提醒", "Reminder"),
}
_ENDED = {
    Outcome.DONE: Bilingual("已完成", "met"),
    Outcome.NOT_APPLICABLE: Bilingual("不再适用", "no longer applies"),
    Outcome.SUPERSEDED: Bilingual("已更正，重新计时", "corrected and begun anew"),
}
_CLOCKS = Bilingual("时限", "Clocks")
_WAYS = Bilingual("下一步（在台账页面办理）", "Ways on (on the register's page)")
_STATE, _REGISTER = Bilingual("状态", "State"), Bilingual("台账", "Register")
_NUMBER, _NEXT = Bilingual("编号", "Number"), Bilingual("最近的时限", "Nearest clock")
_ELSEWHERE = Bilingual(
    "姓名、联系方式等加密保存的内容不在这里显示，请到台账页面查看。",
    "What is kept encrypted, such as name and contact, is not shown here: read it on the register's page.",
)


def entry_reply(
    view: EntryView, language: Language, *, now: datetime, said: Bilingual | None = None
) -> Reply:
    """An entry for a door that others keep: number, state, clocks and ways on; nothing that is sealed."""
    entry, kind = view.shown.entry, view.shown.kind
    state, waiting = kind.state(entry.state), [*open_clocks(entry.deadlines)]
    dated = next((one for one in waiting if one.due_at), None)
    title = f"{entry.id} {(said or kind.name).pick(language)}"
    sections = (
        Section(
            _CLOCKS.pick(language),
            tuple(Point(clock_line(one, language, now=now)) for one in waiting),
        ),
        Section(
            _WAYS.pick(language),
            (
                *(Point(o.name.pick(language)) for o in view.moves),
                *(Point(later_line(o, wants, language)) for o, wants in view.later),
            ),
        ),
    )
    return Reply(
        language,
        Tone.CAUTION if waiting else Tone.INFO,
        title,
        Point(view.shown.title.pick(language)),
        facts=(
            Fact(_NUMBER.pick(language), entry.id),
            Fact(_REGISTER.pick(language), kind.name.pick(language)),
            Fact(_STATE.pick(language), state.name.pick(language) if state else entry.state),
            *(
                (Fact(_NEXT.pick(language), clock_state(dated, language, now=now)),)
                if dated
                else ()
            ),
        ),
        sections=tuple(one for one in sections if one.points),
        notes=(_ELSEWHERE.pick(language),) if entry.sealed else (),
    )


def later_line(move: Move, wants: Bilingual, language: Language) -> str:
    """A move that is not open yet, and what must be filled in first."""
    zh, en = f"{move.name.zh}（须先填写：{wants.zh}）", f"{move.name.en} (first: {wants.en})"
    return Bilingual(zh, en).pick(language)


def clock_line(one: Deadline, language: Language, *, now: datetime) -> str:
    """Name, when, to whom, and by what: the article, or a period of the house."""
    parts = [one.name.pick(language), clock_state(one, language, now=now), by_what(one, language)]
    return (" · ").join(part for part in parts if part)


def clock_state(one: Deadline, language: Language, *, now: datetime) -> str:
    """Met, late, at once, or by when."""
    if one.outcome is not None and one.satisfied_at is not None:
        late = one.outcome is Outcome.DONE and one.due_at and one.satisfied_at > one.due_at
        said = _ENDED[one.outcome].pick(language)
        return said + (Bilingual("（超期）", " (late)").pick(language) if late else "")
    if one.due_at is None:
        return Bilingual("及时办理", "promptly").pick(language)
    when, left = moment(one.due_at, language), from_now(one.due_at, now, language)
    return Bilingual(f"{when}前（{left}）", f"by {when} ({left})").pick(language)


def by_what(one: Deadline, language: Language) -> str:
    """The article with how sure we are of it; a period of the house is never shown as law."""
    if not one.duty_id:
        return HOUSE.pick(language)
    cited = article(one.instrument, one.article, language)
    return labelled(language, cited, certainty(one.confidence, language))


def event_line(event: Event, kind: Kind, language: Language) -> str:
    """One line of the timeline."""
    name = NAMES.get(event.what, Bilingual(event.what, event.what)).pick(language)
    told = "; ".join(part.pick(language) for part in event_parts(event, kind))
    when = moment(event.at, language)
    return f"{when} {name} {told}".rstrip() + f" — {event.person_id}"


def event_parts(event: Event, kind: Kind) -> tuple[Bilingual, ...]:
    """What a line of the timeline tells: the states, each field before and after, the reason."""
    details, said = event.details, []
    if details.get("to"):
        before, after = (_state(kind, details.get(name)) for name in ("from", "to"))
        said.append(
            after
            if before.zh == after.zh
            else Bilingual(f"{before.zh} → {after.zh}", f"{before.en} → {after.en}")
        )
    changes = details.get("changes")
    for name, change in changes.items() if isinstance(changes, dict) else ():
        said.append(_changed(kind, name, change))
    for name in ("text", "about_zh"):
        if details.get(name):
            zh = str(details[name])
            said.append(Bilingual(zh, str(details.get("about_en", zh))))
    if details.get("after"):
        number = details["after"]
        said.append(
            Bilingual(f"{number} 办结时自动登记", f"entered by itself when {number} was done")
        )
    if details.get("next"):
        said.append(Bilingual(f"下一次：{details['next']}", f"next: {details['next']}"))
    return tuple(said)


def _changed(kind: Kind, name: str, change: Json) -> Bilingual:
    field = kind.field(name)
    if field is None or not isinstance(change, dict):
        return Bilingual(name, name)
    before, after = shown(field, change.get("from")), shown(field, change.get("to"))
    if field.sealed:
        return Bilingual(f"{field.name.zh}（密存，已改）", f"{field.name.en} (sealed, changed)")
    zh = f"{before.zh} → {after.zh}" if before.zh else after.zh
    en = f"{before.en} → {after.en}" if before.en else after.en
    return Bilingual(f"{field.name.zh}：{zh}", f"{field.name.en}: {en}")


def _state(kind: Kind, name: Json) -> Bilingual:
    found = kind.state(str(name))
    return found.name if found else Bilingual(str(name), str(name))
