# Two commands matter: `make demo` and `make test`. `make help` lists the rest.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
HOME_FOLDER := var
# Commands start each other: compiled modules are kept, whatever the caller's environment says.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo serve test test-thorough check types wheel audit bench sbom lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

demo: $(VENV)/.runtime ## Install, build ./var, run the main job on the examples, then serve the console
	$(BIN)/compliance demo --serve

serve: $(VENV)/.runtime ## Serve the web console (and Slack, when configured)
	$(BIN)/compliance serve

test: $(VENV)/.dev ## Install and run the tests, on two cores
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-thorough: $(VENV)/.dev ## The same with every long test whole (every step died at, every file damaged, …): hours
	COMPLIANCE_LONG=1 $(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/.dev ## Format, lint, types, import contracts; build the wheel and start it
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory -j2 --output-sync types wheel

# Side by side: types take minutes of one core.
types: $(VENV)/.dev
	$(BIN)/mypy

wheel: $(VENV)/.dev
	sh .ci/start-wheel $(BIN)/python

audit: $(VENV)/.dev ## Ask whether a locked package has a known weakness; says how many could be looked up
	$(BIN)/python deploy/audit.py

bench: $(VENV)/.dev ## Measure redaction, answers and a busy service against named baselines
	$(BIN)/python -m evals.bench
	$(BIN)/python -m evals.load

sbom: $(VENV)/.runtime ## Write the bill of materials (CycloneDX) and the table of licences to dist
	@mkdir -p dist
	$(BIN)/python deploy/sbom.py --check
	$(BIN)/python deploy/sbom.py > dist/sbom.cdx.json
	$(BIN)/python deploy/sbom.py --table > dist/licences.md
	@echo "dist/sbom.cdx.json, dist/licences.md"

lock: $(VENV)/bin/pip ## Resolve dependencies again: names, versions and hashes, no addresses
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra source --output-file requirements.lock $(LOCKING)
	$(BIN)/uv pip compile pyproject.toml --extra dev --output-file requirements-dev.lock \
		--constraint requirements.lock $(LOCKING)
	$(BIN)/uv pip compile pyproject.toml --extra ray --extra feishu --output-file requirements-extras.lock \
		--constraint requirements-dev.lock $(LOCKING)
	$(BIN)/uv pip compile pyproject.toml --extra dev --extra evals --output-file requirements-evals.lock \
		--constraint requirements-dev.lock $(LOCKING)

LOCKING := --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--quiet --upgrade --custom-compile-command "make lock"

clean: ## Remove the environment and everything the demo built
	rm -rf $(VENV) $(HOME_FOLDER) dist

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/pip
	@echo "Installing from requirements.lock (a minute or two) …"
	$(BIN)/pip install --quiet --no-deps --no-compile --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/pip
	@echo "Installing from requirements-dev.lock (a minute or two) …"
	$(BIN)/pip install --quiet --no-deps --no-compile --require-hashes --requirement requirements-dev.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/bin/pip:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is missing: apt install python3.11 / 缺少 Python 3.11"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is too old: Python 3.11 or newer is needed / 需要 Python 3.11 或更新版本"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv module is missing: apt install python3-venv / 缺少 venv 模块"; exit 2; }
	$(PYTHON) -m venv $(VENV)
