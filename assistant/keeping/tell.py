"""Whoever is responsible is told once that a period of keeping is over, through every channel."""

from collections.abc import Iterator, Mapping

from assistant.app import App
from assistant.keeping.periods import periods_over, whose
from assistant.notifiers import Notice, Notifier
from assistant.tell_once import ToTell, tell_once
from records.language import Bilingual
from tickets.keeping import Kept


def tell_periods_over(app: App, channels: Mapping[str, Notifier]) -> int:
    """How many notices went out in this turn. Derived anew from the rule each day."""

    def find() -> Iterator[ToTell]:
        with app.database.reading() as session:
            found = periods_over(app, session)
            concerned = whose(app, session, found)
        for kept in found:
            notice = _notice(kept, tuple(sorted(concerned[kept.subject])))
            key = f"{kept.subject}:{kept.day}"
            yield ToTell(key, notice, "kept:told", {"count": kept.count})

    return tell_once(app, channels, f"day:{app.today()}", find)


def _notice(kept: Kept, people: tuple[str, ...]) -> Notice:
    title = Bilingual(f"{kept.subject} 保存期已满", f"{kept.subject}: period of keeping over")
    zh = (
        f"{kept.name.zh}（{kept.count} 条）自 {kept.day} 起可以销毁。"
        f"请申请销毁，或写明理由继续保存：“保存期满”页面，或 compliance kept destroy {kept.subject}。"
    )
    en = (
        f"{kept.name.en} ({kept.count}) may be destroyed from {kept.day} on. Request the destruction, "
        f"or keep it on with a reason: the page “Kept long enough”, or compliance kept destroy {kept.subject}."
    )
    key = f"kept-{kept.subject}-{kept.day}".lower()
    return Notice(key, kept.subject, title, Bilingual(zh, en), people)
