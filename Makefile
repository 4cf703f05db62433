# Two commands: `make run` and `make test`. Each does its own set-up in .venv.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
APT := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint requirements.lock

.PHONY: run test browser bench clean help

help:
	@echo "make run    set up, then start Målvakt: website chat, staff page, and Telegram where a token is set"
	@echo "make test   set up, then formatting, linting, types and tests"
	@echo "make bench  set up, then the speed measurements"
	@echo "make clean  remove the virtual environment"

run: $(VENV)/run.stamp
	$(BIN)/malvakt run

test: $(VENV)/dev.stamp browser
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest

# The browser tests need Chromium; without it they are skipped, and the rest runs.
browser:
	@command -v chromium >/dev/null || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& echo "Installing Chromium for the browser tests" \
		&& { $(APT) chromium fonts-liberation >/dev/null 2>&1 \
			|| { apt-get update -qq && $(APT) chromium fonts-liberation >/dev/null; }; } ; } \
		|| echo "No Chromium: the browser tests are skipped. On Debian: apt install chromium"

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
