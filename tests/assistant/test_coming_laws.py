"""Before a law takes effect those who keep the knowledge are told, a month and a week ahead, once each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.app import App
from assistant.law.coming_laws import NAMED, coming_of_ours
from assistant.law.law_changes import compare_versions
from assistant.remind import send_reminders
from assistant.tell_once import CLAIM
from knowledge.citing import Citer
from knowledge.loaded import SOON
from records.people import Person, Role
from tests.assistant.test_import_texts import UPDATE, small_home, take
from tests.assistant.test_remind import Letterbox

__all__ = ["small_home"]

NAME = "网络数据安全管理条例"
OLD = (
    f"# {NAME}\n第十一条 发生事件的，启动预案并报告。\n第十二条 提供数据的，订立合同。\n"
    "第十三条 本条例自{day}起施行。\n"
)
NEW = OLD.replace("并报告", "并在一小时内报告")
DAY = date(2027, 3, 1)


def texts(folder: Path, day: str = "2027年3月1日") -> tuple[Path, Path]:
    """Two invented versions of a regulation, of which the second is yet to come."""
    first, second = folder / f"{NAME}(2024-01-01).md", folder / f"{NAME}(2026-11-01).md"
    first.write_text(OLD.format(day="2024年3月1日"), encoding="utf-8")
    second.write_text(NEW.format(day=day), encoding="utf-8")
    return first, second


@pytest.fixture
def coming(app: App, administrator: Person, tmp_path: Path) -> App:
    """The product with a regulation that reads differently from the day on."""
    take(app, administrator, *texts(tmp_path))
    return app


def before(app: App, days: int) -> App:
    """The product so many days before the day, at nine in the morning in Beijing."""
    day = DAY - timedelta(days=days)
    return replace(app, clock=lambda: datetime(day.year, day.month, day.day, 1, tzinfo=UTC))


def of_laws(box: Letterbox) -> list[str]:
    return [one.title.zh for one in box.taken if one.key.startswith("law-")]


def test_told_a_month_and_a_week_before_and_at_no_other_time(coming: App) -> None:
    box, told = Letterbox(), {}
    for days in (45, 31, 30, 29, 15, 8, 7, 6, 1, 0, -1):
        for _ in range(2):
            send_reminders(before(coming, days), [box])
        told[days] = len(of_laws(box))
    assert told == {45: 0, 31: 0, 30: 1, 29: 1, 15: 1, 8: 1, 7: 2, 6: 2, 1: 2, 0: 2, -1: 2}
    assert of_laws(box) == [f"还有 {days} 天：{NAME} {DAY} 起施行" for days in (30, 7)]


def test_the_keepers_of_the_knowledge_are_told_what_it_touches(
    coming: App, administrator: Person, person_with: Callable[..., Person]
) -> None:
    officer, employee = person_with(Role.OFFICER), person_with()
    trainer, box = person_with(Role.TRAINER), Letterbox()
    send_reminders(before(coming, 30), [box])
    (notice,) = [one for one in box.taken if one.ticket_id == NAME]
    assert {administrator.id, officer.id} <= set(notice.people)
    assert not {employee.id, trainer.id} & set(notice.people)
    touched = {
        (one.citing.citer, one.citing.id, one.citing.name.zh)
        for one in compare_versions(coming, administrator, NAME).touched
    }
    for citer in (Citer.DUTY, Citer.CLOCK, Citer.PLAYBOOK):
        own = {some for some in touched if some[0] is citer}
        assert own
        (line,) = [
            some for some in notice.text.zh.splitlines() if some.startswith(citer.label.zh + "（")
        ]
        assert line.startswith(f"{citer.label.zh}（{len(own)}）：")
        names = {some[1] if citer is Citer.DUTY else some[2] for some in own}
        assert line.endswith("等") is (len(names) > NAMED)
        if citer is Citer.DUTY:
            assert set(line.partition("：")[2].split("、")) == names
    assert str(DAY) in notice.text.en and f"knowledge impact {NAME}" in notice.text.en


def test_a_text_known_by_name_only_is_told_with_all_that_cites_it(app: App) -> None:
    """The catalogue knows a standard that takes effect on 2027-01-01; whose day nobody has checked."""
    box = Letterbox()
    with_day = replace(app, clock=lambda: datetime(2026, 12, 27, 1, tzinfo=UTC))
    (known,) = coming_of_ours(app.library.loaded(), today=with_day.today(), within=SOON)
    send_reminders(with_day, [box])
    (notice,) = [one for one in box.taken if one.key.startswith("law-")]
    assert notice.ticket_id == known.name
    assert "还有 5 天" in notice.title.zh and "未经核实" in notice.title.zh
    assert "compliance knowledge import" in notice.text.zh
    send_reminders(with_day, [box])
    assert len(of_laws(box)) == 1, "the earlier stage is not made up for"


def test_quiz_items_are_counted_and_not_told(coming: App, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.law import coming_laws
    from knowledge.citing import Citing
    from records.language import Bilingual

    stem = Bilingual("事件发生后多久报告？", "How soon is an incident reported?")
    items = [Citing(Citer.QUIZ, f"Q-{n}", stem, NAME, "11") for n in range(3)]
    monkeypatch.setattr(coming_laws, "quiz_items", lambda _app: iter(items))
    box = Letterbox()
    send_reminders(before(coming, 7), [box])
    (notice,) = [one for one in box.taken if one.ticket_id == NAME]
    assert "培训试题（3）" in notice.text.zh.splitlines()
    assert stem.zh not in notice.text.zh and stem.en not in notice.text.en


def test_what_only_one_role_may_read_is_not_named(
    coming: App, administrator: Person, tmp_path: Path
) -> None:
    folder = tmp_path / "policies"
    folder.mkdir()
    for name, audience in (("公开事件规程", ""), ("内部审批规程", "可见范围：approver\n")):
        words = f"版本：1.0\n批准日期：2026-05-01\n{audience}一、报告\n按{NAME}第十一条报告。\n"
        (folder / f"{name}.txt").write_text(words, encoding="utf-8")
    UPDATE(coming, policies=folder, progress=lambda _s, _d, _t: None)
    box = Letterbox()
    send_reminders(before(coming, 7), [box])
    (notice,) = [one for one in box.taken if one.ticket_id == NAME]
    assert "公司制度（1）：公开事件规程" in notice.text.zh
    assert "内部审批规程" not in notice.text.zh


def test_another_day_is_told_anew(coming: App, administrator: Person, tmp_path: Path) -> None:
    box = Letterbox()
    send_reminders(before(coming, 7), [box])
    take(coming, administrator, texts(tmp_path, "2027年3月5日")[1])
    send_reminders(before(coming, 6), [box])
    assert of_laws(box) == [
        f"还有 7 天：{NAME} 2027-03-01 起施行",
        f"还有 10 天：{NAME} 2027-03-05 起施行",
    ]


def test_a_channel_that_was_down_is_told_later_and_the_others_not_again(coming: App) -> None:
    up, down = Letterbox("up"), Letterbox("down")
    down.refuses = True
    for _ in range(2):
        send_reminders(before(coming, 30), [up, down])
    down.refuses = False
    for _ in range(2):
        send_reminders(before(coming, 29), [up, down])
    assert (len(of_laws(up)), len(of_laws(down))) == (1, 1)


def test_a_process_that_died_with_it_holds_it_up_for_as_long_as_its_claim(coming: App) -> None:
    class Dies(Letterbox):
        def send(self, notice: object) -> None:
            raise KeyboardInterrupt

    app, box = before(coming, 7), Letterbox()
    with pytest.raises(KeyboardInterrupt):
        send_reminders(app, [Dies()])
    send_reminders(app, [box])
    assert of_laws(box) == []
    later = replace(app, clock=lambda: before(coming, 7).clock() + CLAIM)
    for _ in range(2):
        send_reminders(later, [box])
    assert len(of_laws(box)) == 1
