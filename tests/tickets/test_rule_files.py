"""The rule files: complete, honest about their sources, and refused when wrong."""

import shutil
from pathlib import Path

import pytest

from records.data_files import BadDataFile, Entry, load
from tickets.citation import Confidence
from tickets.clocks.data import ClockFile, clocks, load_clocks
from tickets.incidents.grade import IncidentFacts, IncidentKind
from tickets.playbooks.data import FOLDER as PLAYBOOKS
from tickets.playbooks.data import choose, load_playbooks, playbooks
from tickets.retention.decision import RecordKind
from tickets.retention.rules import FOLDER as RETENTION
from tickets.retention.rules import load_rulebook, rulebook


class Small(Entry):
    """A model for the loader's own tests."""

    name: str
    number: int


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("name: a\nnumber: 1\nextra: 2\n", "extra"),
        ("name: a\n", "number"),
        ("name: a\nnumber: '1'\n", "number"),
        ("name: 1\nnumber: 1\n", "name"),
        ("name: a\nname: b\nnumber: 1\n", "twice"),
        ("name: [a\n", "rules.yaml:2"),
        ("", "file"),
        ("- name\n", "file"),
    ],
)
def test_a_bad_file_is_refused_with_its_path_and_place(
    tmp_path: Path, content: str, named: str
) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadDataFile) as caught:
        load(path, Small)
    assert f"{tmp_path.name}/rules.yaml" in caught.value.message.en
    assert named in caught.value.message.en


def test_a_missing_file_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(BadDataFile, match=r"absent\.yaml"):
        load(tmp_path / "absent.yaml", Small)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("rules/client.yaml", "effect: purpose", "effect: sometimes"),
        ("rules/client.yaml", "id: aml-identity", "id: aml-transaction"),
        ("rules/client.yaml", "period: {years: 10}", "period: {}"),
        ("rules/client.yaml", "duty: OB-034", "duty: 反洗钱法"),
        ("rules/client.yaml", "confidence: verified", "confidence: sure"),
        ("rules/labour.yaml", 'article: "50"', "article: 50"),
        ("kinds.yaml", "  cctv:", "  video:"),
        ("holders.yaml", "  insurer:", "  insurance:"),
        ("questions.yaml", "  purpose:", "  aim:"),
        ("answers.yaml", "en: 'Kept for ever, never destroyed.'", "en: ''"),
    ],
)
def test_a_wrong_retention_file_stops_the_start(
    tmp_path: Path, name: str, old: str, new: str
) -> None:
    folder = tmp_path / "retention"
    shutil.copytree(RETENTION, folder)
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadDataFile) as caught:
        load_rulebook(folder)
    assert path.name in caught.value.message.en


def test_a_clock_nobody_verified_must_say_so(tmp_path: Path) -> None:
    path = tmp_path / "clocks.yaml"
    path.write_text(
        "clocks:\n"
        "  - id: some-clock\n"
        "    name: {zh: 报告, en: report}\n"
        "    recipient: {zh: 部门, en: authority}\n"
        "    due: {hours: 2}\n"
        "    when: {}\n"
        "    cite: {duty: OB-217, instrument: 某办法, confidence: unverified}\n"
        "    reason: {zh: 二小时内报告, en: within two hours}\n",
        encoding="utf-8",
    )
    with pytest.raises(BadDataFile, match="待核实"):
        load(path, ClockFile)
    with pytest.raises(BadDataFile, match="待核实"):
        load_clocks(tmp_path)


def test_every_kind_of_record_has_a_rule() -> None:
    for kind in RecordKind:
        assert rulebook().of_kind(kind), kind


def test_every_kind_of_incident_has_a_playbook_of_six_to_nine_steps() -> None:
    for kind in IncidentKind:
        playbook = choose(IncidentFacts(kind))
        assert kind in playbook.kinds
        assert 6 <= len(playbook.steps) <= 9
        assert [one.number for one in playbook.steps] == list(range(1, len(playbook.steps) + 1))
    assert len(playbooks()) == 13


def test_the_first_step_is_practical_and_within_the_hour() -> None:
    for playbook in playbooks():
        within = playbook.steps[0].within
        assert within is not None
        assert within.total_seconds() <= 3600, playbook.id
    lost = choose(IncidentFacts(IncidentKind.LOST_DEVICE)).steps
    assert "远程锁定" in lost[0].text.zh
    assert "不要等" in lost[0].text.zh
    assert "密码" in lost[1].text.zh


def test_a_playbook_with_an_unknown_shared_step_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "playbooks"
    shutil.copytree(PLAYBOOKS, folder)
    path = folder / "attacks.yaml"
    text = path.read_text(encoding="utf-8").replace("use: police", "use: polices", 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadDataFile, match="polices"):
        load_playbooks(folder)


def test_a_missing_playbook_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "playbooks"
    shutil.copytree(PLAYBOOKS, folder)
    (folder / "attacks.yaml").unlink()
    with pytest.raises(BadDataFile, match="ransomware"):
        load_playbooks(folder)


def test_no_chinese_sentence_uses_half_width_punctuation() -> None:
    said = [one.reason.zh for one in rulebook().rules]
    said += [one.reason.zh for one in clocks()]
    said += [step.text.zh for playbook in playbooks() for step in playbook.steps]
    assert not [one for one in said if "," in one or ";" in one or "?" in one]


def test_each_citation_with_an_article_number_was_at_least_seen() -> None:
    for clock in clocks():
        if clock.cite.confidence is Confidence.UNVERIFIED:
            assert "待核实" in clock.reason.zh
