# One entry point for people and for CI.   make help
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PYTEST_WORKERS ?= auto
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

.PHONY: help demo test check lint types docs format bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-8s %s\n", $$1, $$2}'

demo: .venv/ready node_modules/.ready ## set everything up, then synth, check and deploy the reference stacks on the embedded emulator
	$(BIN)/python -m tests.emulator.demo

test: .venv/ready node_modules/.ready ## set everything up, then run all tests
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadfile

check: lint types docs test ## what CI runs

lint: .venv/ready ## ruff and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/ready ## mypy, strict
	$(BIN)/mypy

docs: .venv/ready ## write the generated reference pages
	$(BIN)/python -m docs.generate

format: .venv/ready ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/ready node_modules/.ready ## measure against the peers and the budgets
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python -m benchmarks

clean: ## remove what the other targets made
	rm -rf .venv node_modules cdk.out .mypy_cache .ruff_cache

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

node_modules/.ready: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	touch $@
