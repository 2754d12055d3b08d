"""The layout keeps its promises: folders, names nobody else installs, documents that are true."""

import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from assistant.settings import Settings

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = set(PROJECT["tool"]["importlinter"]["root_packages"])
BESIDE = {"deploy", "docs", "examples", "tests"}


def test_every_top_level_folder_is_in_the_tower_or_known_beside_it() -> None:
    folders = {
        path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")
    }
    assert folders - {"var", "dist", "build"} == PACKAGES | BESIDE


def test_the_wheel_holds_every_package_but_the_evals() -> None:
    shipped = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert set(shipped) == PACKAGES - {"evals"}


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_no_other_installed_distribution_provides_our_names(package: str) -> None:
    owners = set(packages_distributions().get(package, [])) - {"compliance-assistant"}
    assert not owners, f"{owners} would shadow {package}"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert f"`COMPLIANCE_{name.upper()}`" in documented
    assert Settings.model_fields[name].description


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_every_command_the_readme_shows_exists(readme: str) -> None:
    from typer.main import get_command

    from integrations.cli import commands

    known = get_command(commands).commands  # type: ignore[attr-defined]
    lines = (ROOT / readme).read_text(encoding="utf-8").splitlines()
    shown = [line.split()[2] for line in lines if line.startswith("$ compliance ")]
    assert shown
    assert set(shown) <= set(known)


def test_locked_requirements_name_no_host() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text
