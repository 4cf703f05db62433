# Two commands: `make run` and `make test`. Each does its own set-up in .venv.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint requirements.lock

.PHONY: run test bench clean help

help:
	@echo "make run    set up, then start Målvakt (Telegram where a token is set, else a chat here)"
	@echo "make test   set up, then formatting, linting, types and tests"
	@echo "make bench  set up, then the speed measurements"
	@echo "make clean  remove the virtual environment"

run: $(VENV)/run.stamp
	$(BIN)/malvakt run

test: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest

bench: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Målvakt needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "No virtual environment could be made. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

# The lock names torch in the version whose CPU build the set-up knows; see "models" in pyproject.toml.
$(VENV)/run.stamp: pyproject.toml requirements.lock | $(BIN)/python
	@echo "Setting up in $(VENV): a few minutes the first time"
	$(PIP) --editable '.[models]'
	@touch $@

$(VENV)/dev.stamp: pyproject.toml requirements.lock | $(BIN)/python
	@echo "Setting up in $(VENV): a few minutes the first time"
	$(PIP) --editable '.[models,dev]'
	@touch $@ $(VENV)/run.stamp
