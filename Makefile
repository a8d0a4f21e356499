# The commands that people and CI run. `make demo` and `make test` do all the set-up on a fresh machine.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: demo test check lint types test-real test-wheel bench clean

demo: $(INSTALLED) ## a small real model answers packed problems; the numbers stand in runs/demo
	$(BIN)/rest-bench eval --model "$$($(BIN)/python models/fetch_smollm2.py)" \
		--levels 1,2,4 --limit 6 --max-tokens 96 --temperature 0 --out runs/demo

test: $(INSTALLED) ## the default suite, under three minutes on two cores
	$(BIN)/pytest

check: lint types test ## all that must hold before a change lands

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(INSTALLED)
	$(BIN)/mypy

test-real: $(INSTALLED) ## SmolLM2-135M-Instruct end to end
	$(BIN)/pytest -n 0 -m real_model

test-wheel: $(INSTALLED) ## a built wheel in an empty venv
	$(BIN)/pytest -n 0 -m wheel

bench: $(INSTALLED) ## ratios against named baselines, for people to read
	for benchmark in benchmarks/[!_]*.py; do $(BIN)/python $$benchmark || exit 1; done

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) build dist
