# Tasmim: everything is one word. `make demo` first.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON_ANY := $(shell command -v python3 || command -v python)
PORT ?= 8000
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header
export PORT

.PHONY: help demo dev install install-dev check test bench lock messages clean

help: ## This list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

python:
	@test -n "$(PYTHON_ANY)" || { echo "Error: Python is missing. Install Python 3.11 or newer (Debian: apt-get install python3 python3-venv)."; exit 1; }

demo: python ## Everything on this machine, with two firms to look at; PORT=8000
	@CHECK_PORT=$(PORT) $(PYTHON_ANY) scripts/bootstrap.py runtime
	@exec $(BIN)/python -m config.run demo

dev: python ## The same, starting again when the source changes
	@CHECK_PORT=$(PORT) $(PYTHON_ANY) scripts/bootstrap.py dev
	@exec $(BIN)/python -m config.run dev

install: python ## The virtual environment with what runs
	@$(PYTHON_ANY) scripts/bootstrap.py runtime

install-dev: python ## The same with the tools and tests
	@$(PYTHON_ANY) scripts/bootstrap.py dev

check: install-dev ## Lint, format, types, floors, templates, CSS, migrations, texts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python scripts/check_templates.py
	$(BIN)/python scripts/check_css.py
	$(BIN)/python scripts/build_assets.py --check
	$(BIN)/python scripts/check_sizes.py
	$(BIN)/python scripts/check_dependencies.py
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(BIN)/python scripts/messages.py check

test: install-dev ## Every test, browser tests included
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile

bench: install-dev ## Figures, one JSON object a line
	$(BIN)/python scripts/bench.py

lock: install-dev ## Resolves requirements/*.in again, with hashes
	$(BIN)/python -m pip install --quiet uv
	$(COMPILE) requirements/runtime.in --output-file requirements/runtime.txt
	$(COMPILE) requirements/dev.in --output-file requirements/dev.txt

messages: install-dev ## Collects new texts for translation
	$(BIN)/python scripts/messages.py update

clean: ## Removes what was built and all local data (.data), not the virtual environment
	rm -rf .data .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
