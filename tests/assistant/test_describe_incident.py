"""What reports and notices must say is written down once and stands in each; what is not stays named."""

import pytest

from assistant.app import App
from assistant.incidents.describe_incident import describe_incident
from assistant.incidents.draft_notice import draft_notice
from assistant.incidents.report_incident import report_incident
from assistant.notices.write_notice import write_notice
from assistant.tickets_view import read_ticket
from records.errors import BadInput
from records.people import Person
from tickets.drafts.filling import DESCRIBED, DraftKind, draft_file
from tickets.notices.data import NoticeKind
from tickets.notices.records import Wish

SAID = {
    "unit": "清禾健身服务有限公司，会员系统",
    "data": "姓名、身份证号",
    "cause": "电脑遗失，硬盘未加密",
    "harm": "可能被冒名办卡",
    "self_help": "留意名下新开账户，可向征信机构查询",
    "responsibility": "门店经理，已停职",
}


def reported(app: App, person: Person) -> str:
    return report_incident(app, person, "笔记本电脑丢了，有1200名客户的身份证号").ticket.id


def test_every_draft_is_filled_and_only_what_was_said_elsewhere_is_missing(
    app: App, administrator: Person
) -> None:
    number = reported(app, administrator)
    before = {
        kind: {one.en for one in draft_notice(app, administrator, number, kind).missing}
        for kind in DraftKind
    }
    describe_incident(app, administrator, number, described_as=SAID)
    for kind in DraftKind:
        made = draft_notice(app, administrator, number, kind)
        elements = draft_file().drafts[kind].elements
        for name in set(elements) & set(SAID):
            assert SAID[name] in made.text
        left = {one.en for one in made.missing}
        assert left == before[kind] - {elements[name].en for name in set(elements) & set(SAID)}
    individuals = draft_notice(app, administrator, number, DraftKind.INDIVIDUALS)
    assert [one.en for one in individuals.missing] == ["remedies taken"]


def test_the_notice_to_individuals_of_the_incident_starts_from_it(
    app: App, administrator: Person
) -> None:
    number = reported(app, administrator)
    describe_incident(app, administrator, number, described_as=SAID)
    wish = Wish(NoticeKind.BREACH, {"harm": "写给个人的说法"}, ticket_id=number)
    written = write_notice(app, administrator, wish)
    with app.database.reading() as session:
        given = app.notices.get(session, written.summary.number).wish.given
    assert given["data"] == SAID["data"]
    assert given["harm"] == "写给个人的说法"
    assert "responsibility" not in given


def test_what_is_written_is_masked_stands_in_the_timeline_and_can_be_taken_back(
    app: App, administrator: Person
) -> None:
    number = reported(app, administrator)
    describe_incident(
        app, administrator, number, described_as={"cause": "周明轩 13800138000 的电脑被偷"}
    )
    kept = read_ticket(app, administrator, number)
    assert "13800138000" not in str(kept.ticket.facts)
    assert "被偷" in str(kept.ticket.facts["described"])
    assert kept.timeline[-1].what == "incident:described"
    assert "原因" in str(kept.timeline[-1].details["about_zh"])
    describe_incident(app, administrator, number, described_as={"cause": ""})
    made = draft_notice(app, administrator, number, DraftKind.INDIVIDUALS)
    assert "cause" in {one.en for one in made.missing}


@pytest.mark.parametrize("given", [{"people": "12"}, {"cause": "  "}, {}])
def test_what_nobody_knows_of_or_says_nothing_new_is_refused(
    app: App, administrator: Person, given: dict[str, str]
) -> None:
    number = reported(app, administrator)
    with pytest.raises(BadInput):
        describe_incident(app, administrator, number, described_as=given)


def test_every_element_of_a_draft_is_a_fact_a_review_a_step_or_written_down() -> None:
    elsewhere = {"contact", "people", "measures", "next", "remedies", "lessons"}
    asked = {name for one in draft_file().drafts.values() for name in one.elements}
    assert asked == set(DESCRIBED) | elsewhere
