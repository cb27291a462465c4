# make run: everything set up, the demo runs (make run PORT=8001: on another port).  make test: everything set up, all tests.  make check: what CI runs.  make audit: findings, licences, parts.
SHELL := /bin/bash
BIN := .venv/bin

.PHONY: run test check lint types web bench audit clean

run: .venv/.ready-run
	$(BIN)/consult demo $(if $(PORT),--port $(PORT))

test: .venv/.ready-dev
	tools/test

check: lint types web test

lint: .venv/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python tools/generate_wire.py --check
	$(BIN)/python tools/generate_settings.py --check
	$(BIN)/python -m tools.generate_parts --check
	node_modules/.bin/biome ci web tests/web

types: .venv/.ready-dev
	$(BIN)/mypy

web: .venv/.ready-dev
	node_modules/.bin/tsc -p web

bench: .venv/.ready-dev
	$(BIN)/consult bench

audit: .venv/.ready-dev
	tools/audit

.venv/.ready-run: pyproject.toml tools/setup
	tools/setup run

.venv/.ready-dev: pyproject.toml package.json tools/setup
	tools/setup dev

clean:
	rm -rf .venv node_modules
