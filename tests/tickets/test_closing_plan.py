"""The plan's days on both sides of each boundary, and every figure read in the article it cites."""

import re
from datetime import UTC, date, datetime
from functools import cache

import pytest

from knowledge.duties import load_duties
from knowledge.statutes import read_statutes
from tickets.citation import Confidence
from tickets.closing.data import (
    Entity,
    KnownDay,
    Question,
    Route,
    StatutoryStep,
    choose,
    closing_data,
)
from tickets.closing.plan import PlanLine, plan
from tickets.closing.project import (
    Counts,
    Item,
    ItemState,
    Project,
    blockers,
    check_days,
    check_item_move,
    how_settled,
    item_ids,
    next_things,
    section_id,
    skip_reasons,
)
from tickets.errors import MoveNotAllowed, StepMissing

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DIGITS = "零一二三四五六七八九"
STEPS = closing_data().steps


def line(step_id: str, days: dict[KnownDay, date]) -> PlanLine:
    """One line of the plan it belongs to."""
    step = next(one for one in STEPS if one.id == step_id)
    route, entities = next(iter(step.routes.items()))
    return next(one for one in plan(route, entities[0], days) if one.step.id == step_id)


@pytest.mark.parametrize(
    ("step", "start", "day", "last"),
    [
        ("publish-cause", KnownDay.CAUSE, date(2026, 11, 1), date(2026, 11, 11)),
        ("publish-cause", KnownDay.CAUSE, date(2024, 2, 20), date(2024, 3, 1)),
        ("publish-cause", KnownDay.CAUSE, date(2025, 2, 20), date(2025, 3, 2)),
        ("form-group", KnownDay.CAUSE, date(2026, 12, 20), date(2027, 1, 4)),
        ("publish-group", KnownDay.GROUP_FORMED, date(2026, 11, 30), date(2026, 12, 10)),
        ("notify-creditors", KnownDay.GROUP_FORMED, date(2026, 1, 31), date(2026, 2, 10)),
        ("announce-creditors", KnownDay.GROUP_FORMED, date(2026, 1, 1), date(2026, 3, 2)),
        ("announce-creditors", KnownDay.GROUP_FORMED, date(2024, 1, 1), date(2024, 3, 1)),
        ("claims-notified", KnownDay.CREDITORS_NOTIFIED, date(2026, 3, 1), date(2026, 3, 31)),
        ("claims-announced", KnownDay.ANNOUNCED, date(2026, 1, 15), date(2026, 3, 1)),
        ("deregister", KnownDay.LIQUIDATION_ENDED, date(2026, 5, 31), date(2026, 6, 30)),
        (
            "partnership-deregister",
            KnownDay.LIQUIDATION_ENDED,
            date(2026, 5, 31),
            date(2026, 6, 15),
        ),
        ("sole-claims", KnownDay.ANNOUNCED, date(2026, 5, 1), date(2026, 6, 30)),
        ("sole-notify", KnownDay.LIQUIDATION_STARTED, date(2026, 3, 1), date(2026, 2, 28)),
        ("undertaking", KnownDay.UNDERTAKING_PUBLISHED, date(2026, 2, 10), date(2026, 3, 2)),
        ("simplified-apply", KnownDay.UNDERTAKING_PUBLISHED, date(2026, 2, 10), date(2026, 3, 22)),
        ("individual-wait", KnownDay.APPLIED, date(2026, 2, 20), date(2026, 3, 2)),
        ("three-years", KnownDay.REVOKED, date(2024, 2, 29), date(2027, 2, 28)),
        ("three-years", KnownDay.REVOKED, date(2025, 2, 28), date(2028, 2, 28)),
        ("forced-sixty", KnownDay.FORCED_ANNOUNCED, date(2026, 1, 1), date(2026, 3, 2)),
        ("forced-ninety", KnownDay.FORCED_ANNOUNCED, date(2026, 1, 1), date(2026, 4, 1)),
        ("court-notifies", KnownDay.BANKRUPTCY_ACCEPTED, date(2026, 2, 3), date(2026, 2, 28)),
        ("bankruptcy-claims", KnownDay.BANKRUPTCY_ANNOUNCED, date(2026, 11, 30), date(2027, 2, 28)),
        ("bankruptcy-claims", KnownDay.BANKRUPTCY_ANNOUNCED, date(2027, 11, 30), date(2028, 2, 29)),
        ("bankruptcy-deregister", KnownDay.BANKRUPTCY_ENDED, date(2026, 12, 25), date(2027, 1, 4)),
        ("further-distribution", KnownDay.BANKRUPTCY_ENDED, date(2024, 2, 29), date(2026, 2, 28)),
        ("branch-deregister", KnownDay.DECIDED, date(2026, 1, 31), date(2026, 3, 2)),
        ("address-register", KnownDay.DECIDED, date(2026, 11, 1), date(2026, 12, 1)),
        ("address-other-registrar", KnownDay.MOVING, date(2027, 3, 1), date(2027, 2, 28)),
        ("online-shop", KnownDay.ONLINE_STOP, date(2026, 12, 31), date(2026, 12, 1)),
        ("staff", KnownDay.EMPLOYMENT_ENDED, date(2026, 12, 31), date(2027, 1, 15)),
        ("insurance", KnownDay.DEREGISTERED, date(2026, 12, 31), date(2027, 1, 30)),
    ],
)
def test_a_period_ends_on_this_day(step: str, start: KnownDay, day: date, last: date) -> None:
    found = line(step, {start: day})
    assert found.due == last
    if found.step.bound in ("by", "before"):
        assert not found.overdue(last)
        assert found.overdue(date.fromordinal(last.toordinal() + 1))
    else:
        assert found.waits(last)
        assert not found.waits(date.fromordinal(last.toordinal() + 1))
        assert not found.overdue(date(2099, 1, 1))


def test_the_simplified_application_opens_the_day_after_the_publication_is_over() -> None:
    found = line("simplified-apply", {KnownDay.UNDERTAKING_PUBLISHED: date(2026, 2, 10)})
    assert found.opens == date(2026, 3, 3)
    assert found.waits(date(2026, 3, 2))
    assert not found.waits(date(2026, 3, 3))


def test_an_unknown_start_is_said_and_never_guessed() -> None:
    for route in Route:
        for entity in closing_data().routes[route].entities:
            for one in plan(route, entity, {}):
                assert one.due is None
                assert one.opens is None
                if one.step.start:
                    assert one.step.start.label.zh in one.said.zh
                    assert "还不知道" in one.said.zh


def test_units_are_stated_as_calendar_days() -> None:
    assert "15个自然日" in line("form-group", {}).said.zh
    assert "15 calendar days" in line("form-group", {}).said.en


def test_a_waiting_period_that_ends_at_a_weekend_is_told() -> None:
    saturday = line("claims-announced", {KnownDay.ANNOUNCED: date(2026, 10, 14)})
    assert saturday.due == date(2026, 11, 28)
    assert saturday.weekend
    assert "203" in saturday.said.zh
    assert not line("claims-announced", {KnownDay.ANNOUNCED: date(2026, 10, 12)}).weekend


@cache
def statutes() -> dict[tuple[str, str], str]:
    """The words of every article cited from an installed statute, by law and number."""
    names = frozenset(one.cite.instrument for one in STEPS)
    return {
        (law.name, article.article): article.text
        for law in read_statutes(names)
        if law.effective_to is None
        for article in law.provisions
    }


def spelled(number: int) -> str:
    """The number as statutes write it: 45 is 四十五."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return head + (DIGITS[ones] if ones else "")


@pytest.mark.parametrize("step", STEPS, ids=[one.id for one in STEPS])
def test_a_step_stands_in_the_article_it_cites(step: StatutoryStep) -> None:
    cite = step.cite
    text = statutes().get((cite.instrument, cite.article))
    if text is None:
        assert cite.duty is not None, "neither readable here nor carried by a duty"
        return
    for unit, figures in (("日", ("days", "after")), ("年", ("years",)), ("个月", ("months",))):
        for name in figures:
            if figure := getattr(step, name):
                assert re.search(rf"(?<![一二三四五六七八九十]){spelled(figure)}{unit}", text)


def test_a_step_without_a_duty_cites_a_statute_that_is_installed() -> None:
    bare = [one for one in STEPS if one.cite.duty is None]
    assert len(bare) > 10
    assert all((one.cite.instrument, one.cite.article) in statutes() for one in bare)
    assert all(one.cite.confidence is Confidence.VERIFIED for one in bare)


def test_every_route_has_steps_for_every_entity_it_is_for() -> None:
    for route in Route:
        for entity in closing_data().routes[route].entities:
            assert plan(route, entity, {}), (route, entity)


def test_sections_rest_on_duties_that_exist() -> None:
    for section in closing_data().sections:
        assert all(one in load_duties() for one in section.duties)


@pytest.mark.parametrize(
    ("answers", "route"),
    [
        ({"only_address": True}, Route.ADDRESS_CHANGE),
        ({"only_address": False, "only_branch": True}, Route.BRANCH),
        ({"only_address": False, "only_branch": False, "insolvent": True}, Route.BANKRUPTCY),
    ],
)
def test_the_first_yes_names_the_route(answers: dict[str, bool], route: Route) -> None:
    assert choose(answers) is route


@pytest.mark.parametrize(("last", "route"), [(True, Route.SIMPLIFIED), (False, Route.GENERAL)])
def test_the_last_question_decides_both_ways(last: bool, route: Route) -> None:
    answers = dict.fromkeys((one.id for one in closing_data().questions), False)
    assert choose(answers | {"no_debts": last}) is route


def test_without_an_answer_the_next_question_is_asked() -> None:
    asked = choose({"only_address": False})
    assert isinstance(asked, Question)
    assert asked.id == "only_branch"


def project(**changes: object) -> Project:
    """A company on the general route."""
    given = {"route": Route.GENERAL, "entity": Entity.COMPANY} | changes
    return Project("CLO-2026-0001", opened_by="P-1", opened_at=NOW, **given)  # type: ignore[arg-type]


def test_a_statutory_step_is_left_out_only_where_its_condition_is_not_so() -> None:
    one = project()
    assert skip_reasons(one, "step:form-group") == {}
    with pytest.raises(StepMissing):
        check_item_move(one, one.item("step:form-group"), ItemState.SKIPPED, reason="not_so")
    check_item_move(one, one.item("step:staff"), ItemState.SKIPPED, reason="not_so")


def test_a_company_that_ends_cannot_say_that_it_goes_on() -> None:
    assert "continues" not in skip_reasons(project(), section_id(4))
    stays = project(route=Route.ADDRESS_CHANGE)
    assert "continues" in skip_reasons(stays, section_id(4))


def test_a_done_item_is_opened_again_before_it_changes() -> None:
    one = project(items={"section:01": Item("section:01", ItemState.DONE)})
    with pytest.raises(MoveNotAllowed):
        check_item_move(one, one.item("section:01"), ItemState.SKIPPED, reason="")
    check_item_move(one, one.item("section:01"), ItemState.OPEN, reason="")


def test_a_settled_item_says_on_which_day_or_why_not() -> None:
    def entered(item: str, state: ItemState, reason: str = "") -> Item:
        # Late in the evening of London it is the next day in China.
        at = datetime(2026, 11, 23, 18, tzinfo=UTC)
        return Item(item, state, note="公告", reason=reason, by="P-1", at=at)

    items = (
        entered("step:announce-creditors", ItemState.DONE),
        entered("step:staff", ItemState.SKIPPED, "not_so"),
        entered("section:10", ItemState.DONE),
    )
    one = project(
        items={item.id: item for item in items}, days={KnownDay.ANNOUNCED: date(2026, 11, 20)}
    )
    said = {item.id: how_settled(one, item) for item in items}
    assert [say.zh if say else "" for say in said.values()] == [
        "2026-11-20 完成（2026-11-24 登记）",
        f"2026-11-24 登记不适用：{skip_reasons(one, 'step:staff')['not_so'].zh}",
        "2026-11-24 登记完成",
    ]
    assert how_settled(one, one.item("section:01")) is None


def test_what_has_not_happened_is_not_known_yet_but_may_be_planned() -> None:
    today = date(2026, 11, 23)
    check_days({KnownDay.CAUSE: today, KnownDay.MOVING: date(2027, 1, 1)}, today=today)
    with pytest.raises(MoveNotAllowed):
        check_days({KnownDay.CAUSE: date(2026, 11, 24)}, today=today)


def test_everything_open_blocks_and_nothing_does_once_all_is_settled() -> None:
    today = date(2027, 6, 1)
    open_counts = Counts(records=9, undecided=1, broken=2, notices=3, unapproved=4, unsettled=5,
                         incidents=6, requests=7)  # fmt: skip
    kinds = [one.kind for one in blockers(project(), open_counts, today=today)]
    assert kinds == [
        *("undecided", "broken", "notices", "unapproved", "unsettled", "incidents", "requests"),
        *("custodian", "steps", "sections"),
    ]
    ids = item_ids(Route.GENERAL, Entity.COMPANY)
    whole = project(items={one: Item(one, ItemState.DONE) for one in ids})
    assert blockers(whole, Counts(records=9, custodian=True), today=today) == ()


def test_a_step_after_the_deregistration_does_not_block_the_end() -> None:
    ids = [one for one in item_ids(Route.GENERAL, Entity.COMPANY) if one != "step:insurance"]
    whole = project(items={one: Item(one, ItemState.DONE) for one in ids})
    assert blockers(whole, Counts(records=9, custodian=True), today=date(2027, 6, 1)) == ()


def test_a_period_marked_done_too_early_blocks() -> None:
    ids = item_ids(Route.GENERAL, Entity.COMPANY)
    items = {one: Item(one, ItemState.DONE) for one in ids}
    early = project(items=items, days={KnownDay.ANNOUNCED: date(2026, 11, 1)})
    counts = Counts(records=9, custodian=True)
    assert [b.kind for b in blockers(early, counts, today=date(2026, 12, 16))] == ["early"]
    assert blockers(early, counts, today=date(2026, 12, 17)) == ()


def test_an_address_change_needs_no_decision_about_clients() -> None:
    kinds = {
        one.kind
        for one in blockers(project(route=Route.ADDRESS_CHANGE), Counts(), today=NOW.date())
    }
    assert kinds == {"steps", "sections"}


def test_the_next_things_are_the_overdue_first() -> None:
    one = project(days={KnownDay.CAUSE: date(2026, 11, 1)})
    found = blockers(one, Counts(records=9, undecided=9), today=date(2026, 11, 12))
    things = next_things(one, found, today=date(2026, 11, 12))
    assert things[0].where == "step:publish-cause"
    said = [thing.said for thing in things]
    assert len(said) == 3
    assert "公示解散事由" in said[0].zh
    assert "已逾期" in said[0].zh
    assert "已逾期" not in said[1].zh


def test_a_period_that_has_run_out_is_a_next_thing_and_one_without_its_start_comes_last() -> None:
    ids = item_ids(Route.GENERAL, Entity.COMPANY)
    rest = ("step:claims-announced", "step:staff")
    items = {one: Item(one, ItemState.DONE) for one in ids if one not in rest}
    one = project(items=items, days={KnownDay.ANNOUNCED: date(2026, 11, 1)})
    days = (date(2026, 12, 16), date(2026, 12, 17))
    waiting, over = ([t.where for t in next_things(one, (), today=day)] for day in days)
    assert waiting == ["step:staff"]
    assert over == ["step:claims-announced", "step:staff"]
