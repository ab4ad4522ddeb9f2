# Everything this project does, each by one word. Each installs what it needs into .tools and .venv first:
# a machine with Python 3.11 or newer, pip, make and the package registries is enough.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

# The first Python that is new enough and can install the installer; `make PYTHON=/path/to/python …` decides otherwise.
PYTHON ?= $(shell for name in python3.11 python3 python3.12 python3.13 python3.14; do \
	"$$name" -c 'import pip, sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' >/dev/null 2>&1 \
	&& command -v "$$name" && break; done)

UV := .tools/bin/uv
BIN := .venv/bin
READY := .venv/.ready

export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
export PIP_ROOT_USER_ACTION := ignore
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME

# A process without a home directory still needs a place for caches.
ifeq ($(strip $(HOME)),)
export HOME := $(CURDIR)/.tools/home
endif

# How many processes run the tests; 0 for one after the other.
WORKERS ?= 2
# More words for pytest, the proofs or the benches: `make tests ARGS="-k signing"`, `make bench ARGS="--only NAME"`.
ARGS ?=

.PHONY: help run install test tests lint types floors prove bench screenshots translations clean

help: ## Print this list
	@sed -nE 's/^([a-z]+):[^#]*## (.*)$$/  make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null \
		|| sed -nE 's/^([a-z]+):[^#]*## (.*)$$/  make \1   \2/p' Makefile

run: $(READY) ## Serve the demo coalition: migrates, loads, starts web and worker, prints where to go
	@$(BIN)/workflow demo

install: $(READY) ## Install the locked packages into .venv, and nothing else

test: lint types floors tests ## Everything CI runs: lint, types, floors, then all tests

tests: $(READY) ## The tests alone (SQLite, PostgreSQL, browser); ARGS="…" goes to pytest
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

lint: $(READY) ## Style and the mistakes that a reader of code can see (ruff)
	@$(BIN)/ruff check .

types: $(READY) ## Types, strictly (mypy)
	@$(BIN)/mypy

floors: $(READY) ## Who may import whom (import-linter)
	@$(BIN)/lint-imports --no-logo

prove: $(READY) ## Whole lives at random, races and kills; writes build/prove.json
	@$(BIN)/python -m tests.prove $(ARGS)
	@test -n "$(ARGS)" || WHOLE=1 $(BIN)/python -m pytest -q tests/web/test_hostile_input.py

bench: $(READY) ## Timings and query counts; writes build/bench.json
	@$(BIN)/python -m tests.bench $(ARGS)

screenshots: $(READY) ## Take the pictures of the README again
	@$(BIN)/python docs/screenshots.py

translations: $(READY) ## Collect the sentences, bring every catalogue up to date, compile it
	@mkdir -p build
	@$(BIN)/pybabel -q extract -F pyproject.toml -k lazy_gettext -c "Translators:" --ignore-dirs ".* build" --sort-by-file --no-wrap \
		--add-location=file --project undersigned --version "" -o build/messages.pot .
	@$(BIN)/pybabel -q update -i build/messages.pot -d translations --no-wrap --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date
	@$(BIN)/pybabel compile -d translations --statistics

clean: ## Remove what was made here: environment, tools, caches, builds, demo data
	@rm -rf .venv .tools build dist demo-data .run .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(UV): tools.txt
	@test -n "$(PYTHON)" || { echo "No Python from 3.11 to 3.14 with pip was found; name one: make PYTHON=/path/to/python …" >&2; exit 1; }
	@echo "Installing uv into .tools"
	@"$(PYTHON)" -m pip install --quiet --require-hashes --no-deps --upgrade --target .tools -r tools.txt
	@touch $(UV)

$(READY): $(UV) uv.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python from 3.11 to 3.14 was found; name one: make PYTHON=/path/to/python …" >&2; exit 1; }
	@echo "Installing the locked packages into .venv"
	@UV_PYTHON="$$("$(PYTHON)" -c 'import sys; print(sys.executable)')" $(UV) sync --frozen --quiet
	@touch $(READY)
