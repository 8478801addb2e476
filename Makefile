# One entry point for people and for CI.   make help
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PYTEST_WORKERS ?= auto
TEST_ARGS ?=
# Not later: from 2029-07-01 on, Lambda patches no python3.13, which this CDK chooses for its kubectl function. FN-02 then
# rightly stops the demo, until aws-cdk-lib is newer.
LATER ?= 2026-12-05 2027-11-15 2029-06-30
LATER_TESTS ?=
GUIDES ?=
# jsii deletes cache entries that were not used for 30 days. With a later clock, this would be all of them.
LATER_ENV := env JSII_RUNTIME_PACKAGE_CACHE=disabled
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

.PHONY: help demo test compute blueprints test-later check lint types docs docs-check format control controls bench bench-quick \
  oscal test-policy-engine test-policy-mutants data-age dist changelog lock pictures pyz site site-version emulator walk guides clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-19s %s\n", $$1, $$2}'

demo: .venv/ready node_modules/.ready ## set up everything, then synthesize, check and deploy the reference stacks to the embedded emulator
	$(BIN)/python -m tests.emulator.demo

test: .venv/ready node_modules/.ready ## set up everything, then run all tests
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadfile $(TEST_ARGS)

compute: .venv/ready node_modules/.ready ## deploy, change and delete every kind of compute in the embedded emulator
	$(BIN)/python -m pytest -n 0 tests/emulator/test_compute.py tests/emulator/test_node_groups.py

blueprints: .venv/ready node_modules/.ready ## deploy every small app in examples/ to the embedded emulator
	$(BIN)/python -m pytest -n 0 tests/examples tests/emulator/blueprints.py

test-later: .venv/ready node_modules/.ready ## run the test suite and the demo with later dates (needs faketime)
	for day in $(LATER); do \
	  echo "as on $$day"; \
	  $(LATER_ENV) faketime "$$day 12:00:00" $(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadfile $(LATER_TESTS) || exit 1; \
	  $(LATER_ENV) faketime "$$day 12:00:00" $(BIN)/python -m tests.emulator.demo || exit 1; \
	done

check: lint types docs-check test ## run everything that CI runs

lint: .venv/ready ## check style, the direction of imports, spelling and the word list
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/codespell README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md changes examples docs hardened_eks stacks tools app.py
	$(BIN)/python -m tools.words

types: .venv/ready ## check types with mypy (strict)
	$(BIN)/mypy

docs: .venv/ready ## write the generated reference pages
	$(BIN)/python -m docs.generate

docs-check: .venv/ready ## list the generated pages that are stale
	$(BIN)/python -m docs.generate --check

format: .venv/ready ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

control: .venv/ready ## create the files of a new control: make control AREA=nodes NAME=no_swap
	@$(BIN)/python -m tools.new_control "$(AREA)" "$(NAME)"

controls: .venv/ready ## write what is made from the controls: their index, the frozen messages and the snippets; read the diff
	@$(BIN)/python -m tools.control_index
	@$(BIN)/python -m tests.controls.messages
	@$(BIN)/python -m tests.controls.snippets

emulator: .venv/ready ## serve the embedded emulator for your own app, with a trail for EKS, and print its e-mails
	@$(BIN)/python -m tests.emulator

walk: .venv/ready ## follow the tutorials of the built site on an empty machine, to a deployed cluster and an alert
	@$(BIN)/python -m tools.walk

guides: .venv/ready node_modules/.ready ## run every command of the guides on the emulator: all pages, or GUIDES="hook --write"
	@$(BIN)/python -m tests.guides $(GUIDES)

bench: .venv/ready node_modules/.ready ## compare with the peers and the budgets: all groups except audit, or GROUP=synth (ten minutes at most)
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python -m benchmarks $(addprefix --only ,$(GROUP))

bench-quick: .venv/ready node_modules/.ready ## measure the short groups, without peers; write nothing
	$(BIN)/python -m benchmarks --quick

test-policy-engine: .venv/ready ## evaluate every case of the policies with the API server's own code (needs Debian; builds it for minutes)
	@$(BIN)/python -m tools.policy_engine

test-policy-mutants: .venv/ready ## print the mutation score of the policy tests
	@$(BIN)/python -m tests.baseline.score

oscal: .venv/ready ## validate OSCAL documents with compliance-trestle, in a separate environment
	@$(BIN)/python -m tools.oscal

data-age: .venv/ready ## list the dates in the data that have passed, and data that was read long ago
	$(BIN)/python -m tools.data_age

dist: .venv/ready node_modules/.ready ## build the wheel and source distribution, test the wheel without the source tree, write a bill of materials
	$(BIN)/python -m tools.dist

changelog: .venv/ready ## move the files of changes/ into CHANGELOG.md: make changelog VERSION=1.2.0
	@test -n "$(VERSION)" || { echo "name the version: make changelog VERSION=1.2.0"; exit 2; }
	@find changes -name '*.md' ! -name README.md | grep -q . || { \
		echo "changes/ has no fragments, so the section of $(VERSION) would be empty: see changes/README.md"; exit 2; }
	$(BIN)/towncrier build --yes --version "$(VERSION)"

lock: .venv/ready ## pin every package of the development environment, with hashes and without an index URL
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group checker -o requirements-checker.lock

pictures: .venv/ready ## draw the pictures for the README and for examples/ again
	$(BIN)/python -m docs.pictures

pyz: .venv/ready ## build the checker as a single file for Python 3.11 and newer, dist/hardened-eks.pyz
	@$(BIN)/python -m tools.pyz

site: .venv/ready ## build the site in site/, check its links, open a page of each kind in Chromium (apt-get install chromium)
	@$(BIN)/python -m tools.site
	@$(BIN)/python -m pytest -q -n 0 --durations=0 --durations-min=5 tests/tools/site

site-version: .venv/ready ## commit this version of the site to the local branch gh-pages
	@$(BIN)/python -m tools.site publish

clean: ## remove the files that the other targets created
	rm -rf .venv node_modules cdk.out dist site .checker .hypothesis .import_linter_cache .mypy_cache .ruff_cache
	rm -rf $(foreach made,.unpacked .venv node_modules,benchmarks/peers/*/$(made))
	find . -name .git -prune -o -type d -name __pycache__ -prune -exec rm -rf {} +

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
ifdef LOCKED
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
else
	$(BIN)/python -m pip install --quiet --editable . --group dev
endif
ifeq ($(CDK_LIB),oldest)
	$(BIN)/python -m pip install --quiet "$$(sed -n 's/.*"\(aws-cdk-lib\)>=\([0-9.]*\),.*/\1==\2/p' pyproject.toml)"
endif
	touch $@

node_modules/.ready: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	touch $@
