"""Policies: what each asks for, whose word it follows, and what a company may add."""

from pathlib import Path

import pytest
import yaml

from knowledge.library import Library
from pii.errors import PolicyMistake
from pii.kinds import Kind
from pii.policy import (
    FOLDER,
    Disclosure,
    Treatment,
    load_disclosure,
    load_policy,
    policy_names,
    read_policy,
)
from records.data_files import BadDataFile
from records.database import Database

MAY_BE_KEPT = {Kind.ORGANISATION, Kind.CREDIT_CODE}


@pytest.mark.parametrize("name", policy_names())
def test_every_policy_treats_every_kind_and_keeps_no_personal_one(name: str) -> None:
    policy = load_policy(name)
    assert set(policy.treatments) == set(Kind)
    assert {k for k, t in policy.treatments.items() if t is Treatment.KEEP} <= MAY_BE_KEPT


def test_every_policy_names_an_article_that_stands_in_the_library(small_home: Path) -> None:
    database = Database(f"sqlite:///{small_home / 'compliance.db'}")
    library = Library(database, small_home / "index")
    for name in policy_names():
        for basis in load_policy(name).about.basis:
            provisions = library.instrument(basis.law)
            assert any(p.article == basis.article for p in provisions), (name, basis)
    database.close()


def company_policy(folder: Path, name: str, **changes: object) -> None:
    """A company's own policy: the shipped standard one under another name, with changes."""
    data = yaml.safe_load((FOLDER / "standard.yaml").read_text("utf-8"))
    data |= {"name": name} | changes
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")


def test_a_company_adds_policies_in_a_folder_of_its_own(tmp_path: Path) -> None:
    treatments = dict.fromkeys((kind.value for kind in Kind), "drop")
    company_policy(tmp_path, "to_parent", treatments=treatments)
    assert "to_parent" in policy_names(tmp_path)
    assert load_policy("to_parent", tmp_path).treatment(Kind.MOBILE) is Treatment.DROP
    assert "to_parent" not in policy_names()


def test_a_company_policy_may_not_take_the_name_of_a_shipped_one(tmp_path: Path) -> None:
    company_policy(tmp_path, "question")
    with pytest.raises(PolicyMistake, match="question"):
        load_policy("question", tmp_path)


def test_a_company_policy_is_called_what_its_file_is_called(tmp_path: Path) -> None:
    company_policy(tmp_path, "other")
    (tmp_path / "other.yaml").rename(tmp_path / "another.yaml")
    with pytest.raises(PolicyMistake, match=r"another\.yaml"):
        load_policy("another", tmp_path)


@pytest.mark.parametrize(
    "text", ["name: x\nunknown: 1\n", "treatments: {mobile: shout}\n", "name: [", ""]
)
def test_a_wrong_policy_stops_with_its_path(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadDataFile, match=r"mine\.yaml"):
        read_policy(path)


def test_a_policy_that_leaves_a_kind_out_is_refused_by_the_name_of_the_kind(tmp_path: Path) -> None:
    company_policy(tmp_path, "gap", treatments={"mobile": "mask"})
    with pytest.raises(PolicyMistake, match="resident_id"):
        load_policy("gap", tmp_path)


def test_an_unknown_policy_names_the_known_ones() -> None:
    with pytest.raises(PolicyMistake, match="standard"):
        load_policy("none")


def test_a_missing_folder_of_policies_is_told_by_its_setting(tmp_path: Path) -> None:
    with pytest.raises(PolicyMistake, match="COMPLIANCE_REDACTION_POLICIES"):
        policy_names(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Kind.PERSON_NAME, "陈明远", Treatment.KEEP),
        (Kind.PERSON_NAME, "明远", Treatment.KEEP),
        (Kind.PERSON_NAME, "陈明", Treatment.LABEL),
        (Kind.MOBILE, "+86 138-0013-8000", Treatment.KEEP),
        (Kind.MOBILE, "１３８００１３８０００", Treatment.KEEP),
        (Kind.MOBILE, "13800138001", Treatment.LABEL),
        (Kind.RESIDENT_ID, "11010519491231002X", Treatment.LABEL),
    ],
)
def test_the_person_concerned_keeps_their_own_values_and_nobody_elses(
    kind: Kind, value: str, expected: Treatment
) -> None:
    policy = load_policy("individual").for_person(["陈明远", "13800138000"])
    assert policy.treatment(kind, value) is expected


def test_only_the_policy_for_the_person_concerned_takes_values_and_it_needs_them() -> None:
    with pytest.raises(PolicyMistake, match="individual"):
        load_policy("standard").for_person(["陈明远"])
    with pytest.raises(PolicyMistake, match="individual"):
        load_policy("individual").for_person([" - "])
    assert load_policy("standard").for_person([]).own == frozenset()


def test_every_kind_is_public_or_not_and_a_company_may_say_which(tmp_path: Path) -> None:
    shipped = load_disclosure()
    assert set(shipped) == set(Kind)
    assert shipped[Kind.ORGANISATION] is Disclosure.PUBLIC
    assert shipped[Kind.RESIDENT_ID] is Disclosure.NON_PUBLIC
    others = [kind.value for kind in Kind if kind is not Kind.MOBILE]
    own = {"public": ["mobile"], "non_public": others}
    (tmp_path / "disclosure.yaml").write_text(yaml.safe_dump(own), "utf-8")
    assert load_disclosure(tmp_path)[Kind.MOBILE] is Disclosure.PUBLIC
    assert "disclosure" not in policy_names(tmp_path)


def test_a_kind_that_is_both_or_neither_is_named(tmp_path: Path) -> None:
    kinds = [kind.value for kind in Kind]
    own = {"public": kinds, "non_public": ["mobile"]}
    (tmp_path / "disclosure.yaml").write_text(yaml.safe_dump(own), "utf-8")
    with pytest.raises(PolicyMistake, match="mobile"):
        load_disclosure(tmp_path)
