# make chat | ask Q="..." | serve | test | test-all | coverage | check | bench | bench-quick | record | replay | reference | wheel | clean
# The virtual environment in .venv is made and kept up to date as needed; PYTHON names the interpreter (3.11 or newer).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# The question is taken as it is: never expanded by make, never seen by a shell; it reaches the program through the environment.
override Q := $(value Q)
export Q
unexport MAKEFLAGS

.PHONY: chat ask serve test test-all coverage check bench bench-quick record replay reference format wheel clean

chat: $(VENV)/.run
	@$(BIN)/chatbot

ask: $(VENV)/.run
	@$(BIN)/chatbot ask --env Q

serve: $(VENV)/.server
	@$(BIN)/chatbot serve

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

test-all: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# The stages of a question, by the tests of single stages alone; what is measured, and how much of it must be, stands in pyproject.toml.
coverage: $(VENV)/.dev
	$(BIN)/python -m pytest --cov --cov-report=term tests/unit tests/test_rules.py tests/test_policy.py tests/test_pipeline.py tests/test_conversation.py

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.dev
	@mkdir -p build
	$(BIN)/python benchmarks/compare.py --json build/compare.json
	$(BIN)/python benchmarks/growth.py --json build/growth.json $(if $(QUESTIONS),--questions "$(QUESTIONS)")
	$(BIN)/python benchmarks/report.py --compare build/compare.json --growth build/growth.json

bench-quick: $(VENV)/.dev
	$(BIN)/python benchmarks/quick.py

record: $(VENV)/.dev
	$(BIN)/python benchmarks/recording.py record

replay: $(VENV)/.dev
	$(BIN)/python benchmarks/recording.py compare

reference: $(VENV)/.dev
	$(BIN)/python scripts/reference.py

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

wheel: $(VENV)/.dev
	$(BIN)/python -m build --wheel --no-isolation

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing into $(VENV), once ..." >&2
	$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.server: $(VENV)/.run
	$(PIP) install -c constraints.txt -e '.[server]'
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build dist .coverage .pytest_cache .mypy_cache .ruff_cache
