"""The kinds that ship: whole, reachable, honest; and a bad file is refused with path and line."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from records.data_files import BadDataFile
from records.people import Role
from tickets.registers.entries import opened
from tickets.registers.entry import Acting, RegisterEntry
from tickets.registers.kind_files import load_kind, load_kinds, mistakes
from tickets.registers.kinds import FOLDER, FieldType, Kind, Standing
from tickets.registers.kinds import Move as KindMove
from tickets.registers.values import holds, missing, value_of
from tickets.working_days import WorkCalendar

KINDS = load_kinds(FOLDER)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
# What of the twenty sections of the source document has its place outside the registers.
ELSEWHERE = {4: "destruction tickets", 11: "incidents and playbooks"}


def moves(kind: Kind) -> Iterator[KindMove]:
    return (move for state in kind.states for move in state.moves)


def test_each_of_the_twenty_sections_has_its_place() -> None:
    covered = {section for kind in KINDS.values() for section in kind.sections} | set(ELSEWHERE)
    assert covered == set(range(1, 21))


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_state_is_reached_and_every_way_ends(kind: Kind) -> None:
    assert list(mistakes(kind)) == []
    ends = {state.id for state in kind.states if state.final}
    assert ends
    # From every state an end can be reached.
    leads = {state.id: {move.to for move in state.moves} for state in kind.states}
    good = set(ends)
    while more := {s for s, to in leads.items() if to & good} - good:
        good |= more
    assert good == set(leads)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_moves_are_for_roles_and_standings_that_exist(kind: Kind) -> None:
    for move in moves(kind):
        assert set(move.by) <= {*Role, *Standing}
        if Standing.OWNER in move.by:
            assert kind.owner
        if move.approvals:
            # Whoever may open it can always find somebody else to approve.
            assert set(move.approvals.by) - {Role.EMPLOYEE}


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_the_example_of_a_kind_opens(kind: Kind) -> None:
    values = {}
    for name, raw in kind.example.items():
        field = kind.field(name)
        assert field is not None
        values[name] = value_of(field, raw, now=NOW)
    assert missing(kind, values) == ()
    entry = RegisterEntry("X-1", kind.id, kind.first.id, values, "P-1", NOW)
    started = opened(kind, entry, Acting("P-1", frozenset(Role), NOW, WorkCalendar()))
    for clock in started.deadlines:
        assert clock.satisfied_at is None
        assert not clock.duty_id or clock.instrument


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_what_others_approve_is_another_persons_decision(kind: Kind) -> None:
    for state, count in kind.gated.items():
        assert count >= 1
        assert state != kind.first.id


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_drafts_ask_only_for_fields_of_their_kind(kind: Kind) -> None:
    from jinja2 import Environment, meta

    known = {one.id for one in kind.fields if one.type is not FieldType.FILE}
    for draft in kind.drafts:
        for text in (draft.text.zh, draft.text.en):
            assert meta.find_undeclared_variables(Environment(autoescape=True).parse(text)) <= known


def test_a_period_nobody_checked_says_so_and_one_of_the_house_cites_nothing() -> None:
    for kind in KINDS.values():
        for clock in kind.clocks:
            if clock.cite is None:
                assert any(word in clock.reason.zh for word in ("公司", "登记的", "合同"))
            elif clock.cite.confidence == "unverified":
                assert "待核实" in clock.reason.zh


def test_sharing_calls_for_an_assessment_under_article_55() -> None:
    for name in ("sharing", "entrusting"):
        (call,) = KINDS[name].calls_for
        assert (call.kind, call.cite and call.cite.article) == ("impact_assessment", "55")
        assert holds(call.when, {})
    keep = KINDS["impact_assessment"].keep
    assert (keep.years, keep.cite and keep.cite.article) == (3, "56")


GOOD = (FOLDER / "verification.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("prefix: VF", "prefix: vf", "prefix"),
        ("prefix: VF", "prefix: INC", "prefix INC is taken"),
        ("title: [scope]", "title: [scop]", "there is no field scop"),
        ("{to: done,", "{to: doen,", "there is no state doen"),
        ("met_by: [done]", "met_by: [finished]", "there is no state finished"),
        ("due: {field: due_on}", "due: {field: due}", "there is no field due"),
        ("due: {field: due_on}", "due: {days: 3, hours: 2}", "due needs one"),
        ("needs: [checked, wrong,", "needs: [checkd, wrong,", "there is no field checkd"),
        ("required_when: {result: [action]}", "required_when: {result: [bad]}", "never bad"),
        ("to: [action]", "to: [actions]", "there is no kind actions"),
        ("again: {at: done", "again: {at: planed", "there is no state planed"),
        ("months: every", "months: scope", "scope is not of type number"),
        ("due: due_on,", "due: due_on, year: scope,", "scope is not of type number"),
        ("due: due_on,", "due: due_on, year: yeer,", "there is no field yeer"),
        ("List}, type: file", "List}, type: file, required: true", "list is a file"),
        ("List}, type: file", "List}, type: file, required_when: {result: [good]}", "list is a file"),
        ("owner: owner", "owner: scope", "scope is not of type person"),
        ("name: {zh: 已停止, en: stopped}, final: true", "name: {zh: 已停止, en: stopped}", "final"),
        ("works: [records_officer]", "works: [boss]", "works"),
        ("  - {id: due_on,", "  - {id: every,", "exists twice"),
        ("keep: {years: 3,", "keep: {years: 0,", "years"),
        ("type: person", "type: persona", "type"),
        ("sections: [6]", "sectoins: [6]", "sectoins"),
        ("{to: stopped, name", "{to: planned, name", "nothing leads to stopped"),
        ("met_by: [done]", "cite: {duty: OB-135, instrument: 中华人民共和国个人信息保护法, article: \"8\","
         " confidence: unverified}\n    met_by: [done]", "待核实"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_and_line(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    assert old in GOOD
    folder = tmp_path / "kinds"
    shutil.copytree(FOLDER, folder)
    (folder / "verification.yaml").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(BadDataFile) as refusal:
        load_kinds(folder)
    said = refusal.value.message.en
    assert problem in said
    assert "verification.yaml:" in said
    line = int(said.split("verification.yaml:")[1].split(")")[0])
    assert 1 <= line <= GOOD.count("\n") + 3


def test_the_line_is_the_line_of_the_mistake(tmp_path: Path) -> None:
    path = tmp_path / "verification.yaml"
    path.write_text(GOOD.replace("months: every", "months: evry"), encoding="utf-8")
    number = next(n for n, text in enumerate(GOOD.splitlines(), 1) if "months: every" in text)
    with pytest.raises(BadDataFile, match=f"yaml:{number}"):
        load_kind(path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("{{ sumary }}", "there is no field sumary"), ("{{ scope", "cannot be read")],
)
def test_a_draft_that_cannot_be_filled_in_is_named(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "verification.yaml"
    said = f"{{zh: '{text}', en: '{{{{ scope }}}}'}}"
    draft = f"drafts: [{{id: told, name: {{zh: 甲, en: a}}, states: [done], text: {said}}}]\n"
    path.write_text(GOOD + draft, encoding="utf-8")
    with pytest.raises(BadDataFile, match=problem):
        load_kind(path)


def test_a_gate_that_can_be_walked_round_is_refused(tmp_path: Path) -> None:
    text = (FOLDER / "sharing.yaml").read_text(encoding="utf-8")
    around = "{to: active, name: {zh: 直接提供, en: just share}}"
    way = (
        "{to: cancelled, name: {zh: 取消, en: cancel}, by: [records_officer, opener], reason: true}"
    )
    assert way in text
    path = tmp_path / "sharing.yaml"
    path.write_text(text.replace(way, around), encoding="utf-8")
    with pytest.raises(BadDataFile, match="can be reached without its approval"):
        load_kind(path)


def test_a_file_of_the_company_replaces_the_shipped_kind_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(GOOD.replace("years: 3", "years: 7"), encoding="utf-8")
    kinds = load_kinds(FOLDER, tmp_path)
    assert kinds["verification"].keep.years == 7
    assert len(kinds) == len(KINDS)
