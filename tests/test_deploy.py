"""What is deployed names only settings, commands and packages that exist, and runs as nobody special."""

import json
import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import yaml

from assistant.settings import Settings
from integrations.cli import commands

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
UNIT = (DEPLOY / "compliance.service").read_text(encoding="utf-8")


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def known_commands() -> set[str]:
    return {one.name or one.callback.__name__ for one in commands.registered_commands}


def test_every_setting_named_exists() -> None:
    known = {f"COMPLIANCE_{name.upper()}" for name in Settings.model_fields}
    text = DOCKERFILE + UNIT + str(compose())
    assert set(re.findall(r"COMPLIANCE_[A-Z_]+", text)) <= known


def test_every_command_started_exists() -> None:
    services = compose()["services"]
    started = {services[name]["command"][0] for name in ("web", "worker")}
    started |= {
        re.search(r"ExecStart=\S+ (\w+)", UNIT)[1],
        re.search(r'CMD \["(\w+)"\]\n$', DOCKERFILE)[1],
    }
    assert started == {"serve", "worker"}
    assert started <= known_commands()


def test_the_image_holds_every_package_of_the_wheel_and_copies_only_what_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    copied = [shlex.split(line)[1:-1] for line in re.findall(r"(?m)^COPY (?!--from).*", DOCKERFILE)]
    sources = {one for line in copied for one in line} - {"wheelhouse*"}
    assert set(packages) <= sources
    assert [one for one in sources if not (ROOT / one).exists()] == []


def test_it_runs_as_nobody_special_on_a_root_that_is_not_written() -> None:
    assert re.search(r"(?m)^USER 10001:10001$", DOCKERFILE)
    for name in ("web", "worker"):
        service = compose()["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
    assert "User=compliance" in UNIT
    assert "ProtectSystem=strict" in UNIT
    assert "CapabilityBoundingSet=\n" in UNIT


def test_no_secret_and_no_address_of_a_registry_stands_in_a_file() -> None:
    text = (
        DOCKERFILE
        + UNIT
        + (DEPLOY / "compose.yaml").read_text()
        + (DEPLOY / "wheelhouse").read_text()
    )
    assert not re.search(r"https?://(?!127\.0\.0\.1|vectors)", text)
    secrets = re.findall(r"(?m)^\s*[A-Z_]*(?:PASSWORD|_KEY): (.*)$", text)
    assert secrets
    assert all(value.startswith("${") and "?" in value for value in secrets)


def test_the_script_is_sound_and_says_how_it_is_used() -> None:
    script = str(DEPLOY / "wheelhouse")
    subprocess.run(["bash", "-n", script], check=True)
    said = subprocess.run([script], capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert "make FOLDER" in said.stdout


def test_the_server_of_vectors_is_the_version_the_program_speaks_to() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = re.search(r"(?m)^chromadb==(\S+)", lock)[1]
    assert compose()["services"]["vectors"]["image"] == f"chromadb/chroma:{locked}"


def test_whatever_built_the_image_the_web_is_asked_whether_it_is_well_as_the_dockerfile_says() -> (
    None
):
    (asked,) = re.findall(r"(?s)HEALTHCHECK .*?CMD (\[.*?\])\n", DOCKERFILE)
    assert compose()["services"]["web"]["healthcheck"]["test"] == ["CMD", *json.loads(asked)]
