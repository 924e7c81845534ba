# Everything below makes .venv first, with a Python of 3.11 or newer that it finds, and installs what it needs into it;
# again only when the requirements changed.

PYTHON ?= $(firstword $(foreach name,python3.14 python3.13 python3.12 python3.11 python3 python, \
	$(shell $(name) -c 'import sys; print(sys.executable if sys.version_info >= (3, 11) else "")' 2>/dev/null)))
BIN := .venv/bin
PORT ?= 8501
WORKERS ?= 3
PYTEST = $(BIN)/python -m pytest
# A test of a page that never answers must not wait for ever.
DRIVING = $(PYTEST) -o faulthandler_timeout=300 -o faulthandler_exit_on_timeout=true
# What `make test` runs beside the other half of the checks that need no browser: it shares the stages that it makes.
BESIDE = tests/pages tests/stage tests/views tests/test_one_record.py tests/test_vocabulary.py

.PHONY: help run serve test bench lint pictures plotly film reference

help:  ## say what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/' | expand -t 8

run: .venv/runtime  ## serve on http://localhost:8501; PORT=... changes it
	@PORT=$(PORT) $(BIN)/python app.py

serve: .venv/runtime  ## serve by several processes behind nginx; WORKERS=3 PORT=8501
	@PORT=$(PORT) WORKERS=$(WORKERS) exec $(BIN)/python deploy/serve.py

test: .venv/browser  ## run every check, the real browser too
	@# Two rows of checks side by side, for two cores. They take about as long.
	@$(BIN)/ruff check .
	@export CHROMIUM="$$(cat .venv/browser)"; failed=""; \
	{ $(DRIVING) tests/browser/test_[!g-z]*.py tests/server tests/deploy || failed=1; \
	  $(PYTEST) $(patsubst %,--ignore=%,tests/browser tests/server tests/deploy $(BESIDE)) || failed=1; \
	  [ -z "$$failed" ]; } & \
	$(DRIVING) tests/browser/test_[g-z]*.py || failed=1; \
	$(PYTEST) $(BESIDE) || failed=1; \
	$(BIN)/mypy || failed=1; \
	wait $$! && [ -z "$$failed" ]

bench: .venv/browser  ## print the benchmark table and write bench.json
	@CHROMIUM="$$(cat .venv/browser)" $(BIN)/python -m tests.bench

lint: .venv/development  ## check the style and the types
	@$(BIN)/ruff check .
	@$(BIN)/mypy

pictures: .venv/browser  ## take the pictures of the pages anew
	@CHROMIUM="$$(cat .venv/browser)" $(BIN)/python -m tests.pictures

plotly: .venv/runtime  ## fetch the cartesian build of plotly.js from npm anew, with its licence
	@$(BIN)/python -m tests.bundles plotly

film: .venv/runtime  ## fetch the libraries that make a film from npm anew, with their licences
	@$(BIN)/python -m tests.bundles film

reference: .venv-reference/ready  ## compute the reference values of other libraries anew
	@for script in tests/reference/make_*.py; do \
		echo "$$script"; PYTHONPATH=. .venv-reference/bin/python "$$script" || exit 1; \
	done

.venv-reference/ready: tests/reference/requirements.txt requirements.txt
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found. Say where one is: make reference PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -m venv .venv-reference
	.venv-reference/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.venv/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found. Install one, or say where it is: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Making .venv with $(PYTHON)"
	@"$(PYTHON)" -m venv .venv || { echo "This Python cannot make an environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

.venv/runtime: requirements.txt | .venv/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.venv/development: requirements-dev.txt requirements.txt | .venv/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@ .venv/runtime

.venv/browser: .ci/browser .venv/development
	@BIN=$(BIN) .ci/browser > $@.new && mv $@.new $@
