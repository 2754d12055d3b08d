"""The English questions: what answers them is there, and a company's tables are read as tables."""

from pathlib import Path

import pytest

from evals.english import FILE, Cases, rules_of_folder, written
from records.data_files import load


@pytest.mark.parametrize("name", ["example", "jianshen", "fudao"])
def test_what_answers_each_question_stands_in_the_policies(name: str, tmp_path: Path) -> None:
    rules = rules_of_folder(written(name, tmp_path))
    cases = load(FILE, Cases)
    for case in (*cases.read.get(name, ()), *cases.held.get(name, ())):
        right = [said for section, _, said in rules if case.answered_by(section, said)]
        assert bool(right) == bool(case.at), case.q


def test_rows_of_a_company_are_read_as_rows(tmp_path: Path) -> None:
    said = [said for _, _, said in rules_of_folder(written("jianshen", tmp_path))]
    assert "材料：健康问卷；起算点：重填或退会；期限：六个月" in said
