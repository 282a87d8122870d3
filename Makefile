# The commands of the project; every one of them uses the environment in .venv, made from requirements.lock on first use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PROJECT ?= leap
PORT ?= 8080
WORKERS ?= auto

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench model lock clean

help:  ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/.made: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Samleng needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(VENV)/.made  ## set up a believable project and run it (PROJECT=leap or rrpm, PORT=8080)
	$(BIN)/samleng demo --project $(PROJECT) --port $(PORT)

test: $(VENV)/.made  ## run all tests; says which real parts are missing and how to get them
	$(BIN)/python -m pytest -n $(WORKERS) tests

lint: $(VENV)/.made  ## style, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.made  ## print the figures of benchmarks/
	$(BIN)/python -m benchmarks

model: $(VENV)/.made  ## make the model that reads texts anew, from understanding/messages
	$(BIN)/python -m understanding.learning

lock:  ## pin the dependencies anew (needs uv)
	uv pip compile pyproject.toml --group dev --generate-hashes --no-emit-index-url --universal \
		--python-version 3.11 --upgrade --quiet --custom-compile-command "make lock" -o requirements.lock

clean:  ## remove the environment and what the demo made
	rm -rf $(VENV) var
