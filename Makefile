# Every habit of this repository, one line each: `make help`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PY := $(BIN)/python
MANAGE := $(PY) manage.py

.PHONY: help demo demo-reset test test-embedded bench lint format stack types schema lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Nexus needs Python 3.11 or newer; name it with PYTHON=..."; exit 1; }
	@echo "- making .venv"
	@$(PYTHON) -m venv .venv

# A stamp per lock file, so that an up-to-date environment costs nothing at the next start.
.venv/.runtime: requirements.lock | .venv/pyvenv.cfg
	@echo "- installing what Nexus needs (once)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock | .venv/pyvenv.cfg
	@echo "- installing what developing and testing Nexus needs (once)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/.runtime

demo: .venv/.runtime ## set up, load the demo shop and serve it at http://127.0.0.1:$(PORT)
	@PORT=$(PORT) $(MANAGE) demo

demo-reset: ## throw the demo shop away; the next `make demo` starts over
	@rm -rf var/nexus.sqlite3* var/media
	@echo "The demo shop is gone. 'make demo' makes a new one."

test: .venv/.dev ## run the tests on the services that answer, or embedded
	@$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

test-embedded: .venv/.dev ## run on the embedded default what can differ there (all of it: NEXUS_EMBEDDED=1 make test)
	@NEXUS_EMBEDDED=1 $(BIN)/pytest -n 2 --dist loadgroup --second $(ARGS)

lint: .venv/.dev ## style, types, imports, migrations, workflow and Compose files
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@DATABASE_URL=sqlite://:memory: DJANGO_SETTINGS_MODULE=nexus.settings.test $(MANAGE) makemigrations --check --dry-run
	@$(BIN)/yamllint --strict .github docker-compose.yml .pre-commit-config.yaml
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	@$(BIN)/zizmor --offline --quiet --min-severity medium .github/workflows
	@$(BIN)/hadolint Dockerfile

bench: .venv/.dev ## measure the bars of performance on the database of DATABASE_URL, and write EVIDENCE.md
	@$(PY) -m tests.benchmarks $(ROWS)

format: .venv/.dev ## format the code
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

stack: .venv/.dev ## run every process against the real services that .env names
	@DJANGO_SETTINGS_MODULE=$${DJANGO_SETTINGS_MODULE:-nexus.settings.dev} $(BIN)/honcho start

types: .venv/.dev ## check types only
	@$(BIN)/mypy

schema: .venv/.dev ## export nexus/openapi.yaml and nexus/schema.graphql
	@$(MANAGE) export_schema

lock: .venv/.dev ## resolve requirements*.txt into the lock files
	@for name in requirements requirements-dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header $(ARGS) $$name.txt -o $$name.lock; done

clean: ## remove caches and test leftovers, keep the demo shop
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .coverage* htmlcov var/test-* var/test.sqlite3*
