"""Every row of the annex on both sides of its figure; what is unsure says so; what would raise it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from records.data_files import BadDataFile, load
from records.errors import BadInput
from tickets.citation import Confidence
from tickets.incidents.fact_values import read_fact, read_facts
from tickets.incidents.grade import IncidentFacts, IncidentKind, Severity, grade, questions
from tickets.incidents.grading_data import GRADING_FILE, GradingFile, grading_data

SMALL = IncidentFacts(IncidentKind.RANSOMWARE, people=10)
CRITICAL = replace(SMALL, critical_infrastructure=True)

# A fact, a figure, the grade one below it and at it.
ROWS = [
    ("people", 1_000_000, Severity.GENERAL, Severity.LARGER),
    ("people", 10_000_000, Severity.LARGER, Severity.MAJOR),
    ("people", 100_000_000, Severity.MAJOR, Severity.EXTREME),
    ("loss_yuan", 5_000_000, Severity.GENERAL, Severity.LARGER),
    ("loss_yuan", 20_000_000, Severity.LARGER, Severity.MAJOR),
    ("loss_yuan", 100_000_000, Severity.MAJOR, Severity.EXTREME),
    ("lives_affected", 100_000, Severity.GENERAL, Severity.LARGER),
    ("lives_affected", 1_000_000, Severity.LARGER, Severity.MAJOR),
    ("lives_affected", 10_000_000, Severity.MAJOR, Severity.EXTREME),
    # Critical infrastructure counts as larger by our caution, whatever the outage.
    ("whole_outage_minutes", 30, Severity.LARGER, Severity.LARGER),
    ("whole_outage_minutes", 120, Severity.LARGER, Severity.MAJOR),
    ("whole_outage_minutes", 360, Severity.MAJOR, Severity.EXTREME),
    ("main_outage_minutes", 120, Severity.LARGER, Severity.LARGER),
    ("main_outage_minutes", 360, Severity.LARGER, Severity.MAJOR),
    ("main_outage_minutes", 1440, Severity.MAJOR, Severity.EXTREME),
]


def test_the_table_has_every_row_of_the_file() -> None:
    assert {(f, n) for f, n, _, _ in ROWS} == {(r.fact, r.at_least) for r in grading_data().rows}


@pytest.mark.parametrize(("fact", "figure", "below", "at"), ROWS)
def test_a_row_begins_with_its_figure(
    fact: str, figure: int, below: Severity, at: Severity
) -> None:
    known = CRITICAL if "outage" in fact else SMALL
    assert grade(replace(known, **{fact: figure - 1})).severity is below
    found = grade(replace(known, **{fact: figure}))
    assert found.severity is at
    assert any(f"{figure:,}" in one.zh and "附件" in one.zh for one in found.reasons)


@pytest.mark.parametrize("row", grading_data().rows, ids=lambda row: f"{row.fact}-{row.at_least}")
def test_a_figure_nobody_checked_says_so_and_stays_provisional(row: object) -> None:
    assert isinstance(row, type(grading_data().rows[0]))
    known = CRITICAL if "outage" in row.fact else SMALL
    found = grade(replace(known, **{row.fact: row.at_least}))
    unsure = row.confidence is Confidence.UNVERIFIED
    assert any("待核实" in one.zh for one in found.reasons) is unsure
    if unsure and found.severity.rank > grade(known).severity.rank:
        assert found.provisional
        assert found.confidence is Confidence.UNVERIFIED


def test_outages_count_only_of_critical_infrastructure() -> None:
    assert "whole_outage_minutes" not in questions(SMALL)
    assert "whole_outage_minutes" in questions(CRITICAL)
    assert grade(replace(SMALL, whole_outage_minutes=9999)).severity is Severity.GENERAL


def test_important_data_is_larger_out_of_caution_and_for_a_person_to_judge() -> None:
    found = grade(replace(SMALL, important_data=True))
    assert (found.severity, found.provisional) == (Severity.LARGER, True)
    assert not grade(replace(SMALL, important_data=False)).provisional


def test_what_would_raise_a_grade_names_the_next_row_of_each_fact_and_no_lower_one() -> None:
    said = " ".join(one.zh for one in grade(SMALL).would_raise)
    assert "1,000,000 人" in said and "附件三第5项" in said
    assert "5,000,000 元" in said and "待核实" in said
    assert "关键信息基础设施" in said
    higher = " ".join(one.zh for one in grade(replace(SMALL, people=1_000_000)).would_raise)
    assert "10,000,000 人" in higher and "关键信息基础设施" not in higher
    assert grade(replace(SMALL, people=100_000_000)).would_raise == ()
    assert grade(IncidentFacts(IncidentKind.REGULATOR_INQUIRY)).would_raise == ()


def test_following_what_would_raise_it_does_raise_it() -> None:
    followed = 0
    for known in (SMALL, CRITICAL, replace(SMALL, people=1_000_000)):
        now, hints = grade(known), " ".join(one.zh for one in grade(known).would_raise)
        for row in grading_data().rows:
            measured = grading_data().questions[row.fact].measured
            assert measured is not None
            if measured.zh.format(n=f"{row.at_least:,}") in hints:
                raised = grade(replace(known, **{row.fact: row.at_least}))
                assert raised.severity is row.severity
                assert raised.severity.rank > now.severity.rank
                followed += 1
    assert followed == 11


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("people", "1200", 1200),
        ("people", "1.2万", 12_000),
        ("people", "", None),
        ("sensitive", "否", False),
        ("sensitive", " ", None),
        ("minors", "YES", True),
        ("minors", "", False),
        ("kind", "phishing", IncidentKind.PHISHING),
        ("loss_yuan", "3亿", 300_000_000),
    ],
)
def test_a_fact_is_read_as_typed(name: str, text: str, value: object) -> None:
    assert read_fact(name, text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [("people", "many"), ("people", "-3"), ("people", "9" * 11), ("minors", "x"), ("kind", "fire")],
)
def test_what_is_no_answer_is_refused(name: str, text: str) -> None:
    with pytest.raises(BadInput):
        read_fact(name, text)


def test_unanswered_facts_are_left_out() -> None:
    assert read_facts({"people": "", "minors": "no", "nothing": "1"}) == {"minors": False}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("fact: people, severity: larger", "fact: persons, severity: larger"),
        ("  archives: {ask", "  archive: {ask"),
        ("    measured: {zh: '直接经济损失 {n} 元', en: 'a direct loss of {n} yuan'}\n", ""),
        ("  important_data: {severity", "  vital_data: {severity"),
        ("at_least: 1000000,", "at_least: 0,"),
    ],
)
def test_a_wrong_grading_file_is_refused(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "grading.yaml"
    shutil.copy(GRADING_FILE, path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadDataFile):
        load(path, GradingFile)
