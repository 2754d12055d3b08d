"""Those who keep the knowledge are told before a law of our subject takes effect, through every channel.

Thirty days before and seven days before, or as soon as it is known within that time; told anew if its
day moves. The notice names what of ours rests on what changes, as far as everybody may read it; of
quiz items it says only how many.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from assistant.app import App
from assistant.law.law_changes import CITERS, changes_between, quiz_items
from assistant.notifiers import Notice, Notifier
from assistant.operations.upkeep import SYSTEM
from assistant.tell_once import ToTell, tell_once
from knowledge.citing import Citer, Citing
from knowledge.intake import STATUTE
from knowledge.levels import Level
from knowledge.loaded import Coming, LoadedVersion, coming
from knowledge.provisions import DATE_NOT_CERTAIN, PUBLIC
from knowledge.sources import by_name, short_name
from records.language import Bilingual
from records.people import all_people
from records.permissions import Permission, allowed

# So many days before; each is told once.
STAGES = (30, 7)
# What the key of such a notice begins with.
LAW_KEY = "law-"
# So many of one kind are named; of the others only the number is said.
NAMED = 5
# A name longer than this is cut: a step of a playbook is a sentence.
LONGEST = 40
_NOTHING = Bilingual(
    "目前没有义务、制度、通知或试题引用它。", "Nothing of ours cites it at present."
)


def coming_of_ours(
    versions: Sequence[LoadedVersion], *, today: date, within: timedelta
) -> list[Coming]:
    """What takes effect soon, of the national laws only those of our subject; Law & policy has the rest."""
    ours = by_name().keys() | {one.name for one in versions if one.kind != STATUTE}
    found = coming(list(versions), today=today, within=within)
    return [one for one in found if one.name in ours]


def tell_coming_laws(app: App, channels: Mapping[str, Notifier]) -> int:
    """How many notices went out in this turn."""
    return tell_once(app, channels, f"laws:{app.today()}", lambda: _find(app))


def _find(app: App) -> Iterator[ToTell]:
    loaded = app.library.loaded()
    versions = [v for v in loaded if v.audience in PUBLIC and v.level is not Level.POLICY]
    soon = coming_of_ours(versions, today=app.today(), within=timedelta(days=max(STAGES)))
    if not soon:
        return
    cited = [
        *(one for read in CITERS.values() for one in read(app, SYSTEM)),
        *quiz_items(app),
    ]
    with app.database.reading() as session:
        keepers = [
            one.id for one in all_people(session) if allowed(one, Permission.KNOWLEDGE_INGEST)
        ]
    for one in soon:
        stage = min(days for days in STAGES if one.days <= days)
        named = hashlib.sha256(one.name.encode()).hexdigest()[:16]
        key = f"{LAW_KEY}{named}-{one.effective_from}-{stage}"
        touched = _touched(app, one, {v.id: v for v in versions}, cited)
        notice = Notice(key, one.name, _title(one), _text(one, touched), tuple(sorted(keepers)))
        yield ToTell(
            key, notice, "knowledge:coming-told", {"days": one.days, "touched": len(touched)}
        )


def _touched(
    app: App, one: Coming, versions: Mapping[str, LoadedVersion], cited: list[Citing]
) -> list[Citing]:
    """What rests on an article that changes; on any article, where no two versions can be compared."""
    if one.version_id and one.replaces:
        changes = changes_between(app, versions[one.replaces], versions[one.version_id], cited)
        found = [touched.citing for touched in changes.touched]
    else:
        found = [some for some in cited if short_name(some.instrument) == short_name(one.name)]
    return list({(some.citer, some.id): some for some in found}.values())


def _title(one: Coming) -> Bilingual:
    unsure = not one.date_certain
    return Bilingual(
        f"还有 {one.days} 天：{one.name} {one.effective_from} 起施行"
        + (f"（{DATE_NOT_CERTAIN.zh}）" if unsure else ""),
        f"In {one.days} days ({one.effective_from}): {one.name} takes effect"
        + (f" ({DATE_NOT_CERTAIN.en})" if unsure else ""),
    )


def _text(one: Coming, touched: Sequence[Citing]) -> Bilingual:
    title, next_step = _title(one), _next_step(one)
    lines = [_line(citer, [some for some in touched if some.citer is citer]) for citer in Citer]
    said = [line for line in lines if line is not None] or [_NOTHING]
    return Bilingual(
        "\n".join((title.zh, *(line.zh for line in said), next_step.zh)),
        "\n".join((title.en, *(line.en for line in said), next_step.en)),
    )


def _line(citer: Citer, touched: Sequence[Citing]) -> Bilingual | None:
    """One kind of thing: how many, and the first of them by name."""
    if not touched:
        return None
    count, label = len(touched), citer.label
    if citer is Citer.QUIZ:
        return Bilingual(f"{label.zh}（{count}）", f"{label.en} ({count})")
    # The same step stands in several playbooks.
    names = list(dict.fromkeys(_named(one) for one in touched))
    zh = "、".join(one.zh for one in names[:NAMED])
    en = ", ".join(one.en for one in names[:NAMED])
    more = len(names) > NAMED
    return Bilingual(
        f"{label.zh}（{count}）：{zh}{'等' if more else ''}",
        f"{label.en} ({count}): {en}{' and more' if more else ''}",
    )


def _named(one: Citing) -> Bilingual:
    """A duty by its number, anything else by its name."""
    if one.citer is Citer.DUTY:
        return Bilingual(one.id, one.id)
    return Bilingual(_cut(one.name.zh), _cut(one.name.en))


def _cut(name: str) -> str:
    name = name.rstrip("。.")
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _next_step(one: Coming) -> Bilingual:
    if one.version_id is None:
        return Bilingual(
            "原文还没有装入：取得官方文本后运行 compliance knowledge import 文件。",
            "Its text is not loaded: get the official one, then run compliance knowledge import FILE.",
        )
    if one.replaces is None:
        return Bilingual(
            f"请阅读并复核：网页“法规与制度”，或 compliance knowledge show {one.name}。",
            f"Please read and review: Law & policy, or compliance knowledge show {one.name}.",
        )
    return Bilingual(
        f"请在施行前复核：网页“变化与影响”，或 compliance knowledge impact {one.name}。",
        f"Please review before that day: the changes and what they touch under Law & policy, "
        f"or compliance knowledge impact {one.name}.",
    )
