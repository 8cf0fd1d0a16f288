# Everything people run. Needs Python 3.11 or newer, pip and make; the rest comes with
# `make run` into a virtual environment of the project's own (VENV=... for another one).

VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
# Installs in a third of the processor time that the pip of Python 3.11 takes.
PIP := pip==26.3
SLOWEST := --durations=10
NODE := tests/system/contracts/node
# The files with made-up examples: collecting all others would take longer than some tests.
MADE_UP = $(shell grep -rlw hypothesis tests --include='test_*.py' --exclude-dir=system)
# Python keeps what it has compiled: a run of the tests starts hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run rides test test-system check messages replay bench chaos guards lighthouse pictures clean
.DEFAULT_GOAL := help

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.installed ## start the whole shop here, until Ctrl-C
	@$(BIN)/python -m devtools.run

rides: $(VENV)/.installed ## start another project on the same bus: rides in a town (ARGS=--help)
	@$(BIN)/python examples/rides/run.py $(ARGS)

test: $(VENV)/.installed-dev ## every rule, quickly (ARGS="-k name" for some of them)
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(SLOWEST) --ignore=tests/system $(ARGS)

test-system: $(VENV)/.installed-dev $(NODE)/node_modules/.installed ## what takes real systems: kills, storms, several machines; and every made-up example
	@$(BIN)/python -m pytest -n 4 --dist loadscope --no-loadscope-reorder $(SLOWEST) --hypothesis-profile=thorough -m "system or hypothesis" tests/system $(MADE_UP) $(ARGS)

check: $(VENV)/.installed-dev ## format, lint, types, boundaries between the apps, fresh documents, kept contracts, texts translated, known weaknesses
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	cd examples/rides && PYTHONPATH=.:../.. $(abspath $(BIN))/mypy .
	cd examples/rides && PYTHONPATH=.:../.. $(abspath $(BIN))/lint-imports
	$(BIN)/python manage.py docs --check
	$(BIN)/python manage.py contracts check
	$(BIN)/python -m devtools.messages --check
	$(BIN)/bandit --quiet --recursive --exclude './$(VENV),./.venv*,./var' --configfile pyproject.toml -ll -ii .
	$(BIN)/python -m tests.audit

messages: $(VENV)/.installed-dev ## bring the catalogues of translated texts up to date
	@$(BIN)/python -m devtools.messages

replay: $(VENV)/.installed ## replay a trading day: FILE=day.csv [ARGS="--stock 20"] [JSON=out.json]
	@$(BIN)/python -m devtools.replay_day "$(FILE)" $(ARGS) $(if $(JSON),--json-to "$(JSON)")

bench: $(VENV)/.installed-dev ## measure how fast events flow (ARGS=--help for what can be set)
	@$(BIN)/python -m devtools.bench $(ARGS)

chaos: $(VENV)/.installed-dev ## a real system in a storm, then the audit (ARGS="--orders 2000 --seed 1")
	@$(BIN)/python -m devtools.chaos $(ARGS)

guards: $(VENV)/.installed-dev ## take out each guard of a promise in turn: a test must tell (writes docs/guards.md)
	@$(BIN)/python -m tests.guards $(ARGS)

lighthouse: $(VENV)/.installed-dev ## rate the main pages with Lighthouse (needs Chromium and npm)
	@$(BIN)/python -m tests.system.browser.lighthouse

pictures: $(VENV)/.installed-dev ## choose the README's pictures from those the browser tests have kept
	@$(BIN)/python -m tests.system.browser.show

clean: ## remove the virtual environment and caches; what the shop has stored in var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -rf examples/rides/.mypy_cache examples/rides/.import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Installed again only when the list of requirements has changed. Python compiles what it imports;
# to compile all that is installed takes a third of the time.
$(VENV)/.installed: requirements.txt | $(VENV)/.made
	$(BIN)/python -m pip install --disable-pip-version-check --no-compile -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements-bridges.txt requirements.txt | $(VENV)/.made
	$(BIN)/python -m pip install --disable-pip-version-check --no-compile -r requirements-dev.txt
	@touch $(VENV)/.installed $@

# Parsers of other people's, for the tests.
$(NODE)/node_modules/.installed: $(NODE)/package-lock.json
	cd $(NODE) && npm ci --ignore-scripts
	@touch $@

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-compile $(PIP)
	@touch $@
