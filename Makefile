# CodeZest. `make help` lists the targets.

SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
PROJECTS := pyproject.toml packages/codezest-db/pyproject.toml packages/codezest-sandbox/pyproject.toml
UI_SOURCES := $(shell find ui -path ui/node_modules -prune -o -type f -print 2>/dev/null)
PYTEST_FLAGS ?= -n 3 --dist loadfile --no-loadscope-reorder

# Every command below starts many processes; without this, each would compile everything anew where it is set.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check check-code check-types check-texts check-ui bench smoke lighthouse screenshots assets format lock clean setup dev

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup assets ## set up what is missing and start everything on http://localhost:8000
	@exec $(VENV)/bin/codezest serve

test: dev assets ## run every test, installing what it needs
	@tools/ensure_chromium.sh
	@tools/ensure_toolchains.sh
	$(PY) -m pytest $(PYTEST_FLAGS)

check: check-code check-types check-texts check-ui ## lint, formatting, types and import contracts; with -j side by side

check-code: dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports

check-types: dev
	$(VENV)/bin/basedpyright

check-texts: dev
	$(PY) tools/translations.py check

check-ui: assets
	cd ui && npm run --silent check

bench: dev assets ## print the performance figures, each a ratio from one run
	PYTHONPATH=tests $(PY) bench/run.py

smoke: dev assets ## start everything on a free port, walk the journey over HTTP, stop it
	PYTHONPATH=tests $(PY) tools/smoke.py

assets: src/codezest/web/static/build/manifest.json

setup: $(VENV)/.runtime

dev: $(VENV)/.dev

format: dev ## rewrite the sources as the formatter wants them
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

lock: ## resolve the newest versions into the lock files (needs uv)
	tools/lock.sh

clean: ## remove what was set up; data in var/ stays
	rm -rf $(VENV) ui/node_modules src/codezest/web/static/build .pytest_cache .ruff_cache .import_linter_cache

$(VENV)/bin/python:
	@tools/make_venv.sh "$(PYTHON)" $(VENV)

$(VENV)/.runtime: $(VENV)/bin/python requirements/runtime.lock $(PROJECTS)
	@[ -e $(VENV)/.dev ] || $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.lock
	@[ ! -e $(VENV)/.dev ] || $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e packages/codezest-db -e packages/codezest-sandbox -e .
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.runtime
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@ && touch $(VENV)/.runtime $@

ui/node_modules/.stamp: ui/package-lock.json
	@tools/check_node.sh
	@cd ui && npm ci --ignore-scripts --no-audit --no-fund --silent && touch node_modules/.stamp

src/codezest/web/static/build/manifest.json: ui/node_modules/.stamp $(UI_SOURCES)
	@cd ui && npm run --silent build
	@touch $@

lighthouse: dev assets ## measure the main pages with Lighthouse
	cd tools/lighthouse && npm ci --ignore-scripts --no-audit --no-fund --silent
	PYTHONPATH=tests $(PY) tools/lighthouse/measure.py

screenshots: dev assets ## make the pictures that README and docs show
	PYTHONPATH=tests $(PY) tools/screenshots.py docs/images
