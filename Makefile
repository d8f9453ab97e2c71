# Each target sets up what it needs; a second run does not repeat the set-up.

PYTHON ?= python3
export PYTHON
VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/ready-to-run
DEVELOPS := $(VENV)/ready-to-develop
COMPARES := $(VENV)/ready-to-compare
SPARK := $(VENV)/ready-for-spark
OTHERS := benchmarks/node_modules/.package-lock.json
FORGES := tests/forges/node_modules/.package-lock.json
BROWSER := tests/browser/node_modules/.package-lock.json
NPM := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.DELETE_ON_ERROR:
.PHONY: help demo test test-spark check sign bench clean

help:
	@echo 'make demo        see the whole way of an issue, and publish this register into public/'
	@echo 'make test        check everything and run every test'
	@echo 'make test-spark  hold the reports of the inventory equal on a Spark cluster of this machine'
	@echo 'make check       formatting, style, types, floors and generated documents'
	@echo 'make sign        sign the invented records anew with the demonstration keys'
	@echo 'make bench       measure against other programs, side by side'
	@echo 'make clean       remove what these made, the environment included'

demo: $(RUNS)
	@$(BIN)/defectreg demo

test: check $(FORGES) $(BROWSER)
	@$(BIN)/pytest -n 3

test-spark: $(SPARK)
	@DEFECTREG_TEST_SPARK=1 timeout 1800 $(BIN)/pytest tests/spark

check: $(DEVELOPS)
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy --strict
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python docs/generate.py --check

sign: $(DEVELOPS)
	@$(BIN)/python tests/sign.py

bench: $(COMPARES) $(OTHERS)
	@$(BIN)/python -m benchmarks.run

clean:
	rm -rf $(VENV) build dist public *.egg-info tests/forges/node_modules tests/browser/node_modules
	rm -rf benchmarks/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The build's own tools come first, from constraints.txt: pip would fetch the newest ones instead.
$(RUNS): pyproject.toml constraints.txt
	@.ci/machine
	@echo 'Setting up $(VENV) ...'
	@test -x $(BIN)/python -a -x $(BIN)/pip || "$(PYTHON)" -m venv --clear $(VENV)
	@$(INSTALL) hatchling editables
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(DEVELOPS): $(RUNS)
	@echo 'Adding what checks and tests need ...'
	@$(INSTALL) --no-build-isolation --editable '.[dev]'
	@touch $@

# What is measured beside: it takes Node.js, as the forges do.
$(COMPARES): $(DEVELOPS)
	@echo 'Adding what the benchmarks compare with ...'
	@$(INSTALL) --no-build-isolation --editable '.[bench]'
	@touch $@

$(OTHERS): $(DEVELOPS) .ci/machine benchmarks/package.json benchmarks/package-lock.json
	@.ci/machine tests
	@cd benchmarks && $(NPM)
	@touch $@

# Spark, which takes Java, and its Python; its package is built here, for which it takes wheel.
$(SPARK): $(DEVELOPS) .ci/machine
	@.ci/machine tests
	@echo 'Adding Spark ...'
	@$(INSTALL) wheel
	@$(INSTALL) --no-build-isolation --editable '.[spark]'
	@touch $@

# A web server for git, and what runs the GitLab file of a new register.
$(FORGES): $(DEVELOPS) .ci/machine tests/forges/package.json tests/forges/package-lock.json
	@.ci/machine tests
	@echo 'Adding what the tests of the forges need ...'
	@cd tests/forges && $(NPM)
	@touch $@

# A browser, and what judges pages and advisories.
$(BROWSER): $(DEVELOPS) .ci/machine tests/browser/package.json tests/browser/package-lock.json
	@.ci/machine tests
	@echo 'Adding what the tests of the publication need ...'
	@cd tests/browser && $(NPM)
	@touch $@
