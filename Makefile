# Every command of a working day. On a fresh machine `make run` and `make test` do everything themselves.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := uv==0.13.9
COMPILE := pyproject.toml --universal --generate-hashes --no-header --no-annotate -p 3.11

.PHONY: help setup run check lock format test faults hostile bench clean

help:
	@echo "make run     set up and run (without a token: the rehearsal)"
	@echo "make test    set up and run the tests"
	@echo "make check   format, lint, types, import contracts; locks, licences, known vulnerabilities"
	@echo "make lock    after a change of the dependencies in pyproject.toml"
	@echo "make faults  kill the bot 60 times and judge what became of every message (the long form: docs/reliability.md)"
	@echo "make hostile the long form of the hostile inputs (docs/security.md); make test runs the short one"
	@echo "make bench   what the bot's own work costs, as ratios against a plain way in the same run (docs/operating.md)"
	@echo "make format  let the formatter and the linter mend what they can"

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 setup" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(UV)
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

run: setup
	$(BIN)/python -m bot run

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tests.supply.locks
	$(BIN)/pip-licenses --summary
	$(BIN)/python -m tests.supply.advisories

lock:
	$(BIN)/uv pip compile --quiet $(COMPILE) --extra dev -o requirements.lock
	$(BIN)/uv pip compile --quiet $(COMPILE) -c requirements.lock -o requirements-run.lock

format: setup
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

test: setup
	$(BIN)/pytest

faults: setup
	$(BIN)/python -m tests.faults $(FAULTS)

hostile: setup
	HOSTILE=long $(BIN)/pytest tests/hostile

bench: setup
	$(BIN)/python -m tests.bench $(BENCH)

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
