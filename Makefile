.DEFAULT_GOAL := help
PYTHON ?= python3
.PHONY: help setup run test check bench lock clean

help: ## This list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Build .venv with everything that running, testing and benchmarking need
	@$(PYTHON) hb.py setup

run: ## Everything on this machine: demonstration clinic, simulated homes (ARGS="--homes 5")
	@$(PYTHON) hb.py run $(ARGS)

test: ## All tests, several at once (ARGS="-n 0 tests/unit")
	@$(PYTHON) hb.py test $(ARGS)

check: ## ruff, mypy --strict, import-linter, types of scripts where node is present
	@$(PYTHON) hb.py check

bench: ## Benchmarks, as a table of ratios side by side
	@$(PYTHON) hb.py bench $(ARGS)

lock: ## Resolve requirements/*.lock anew (needs uv)
	@$(PYTHON) hb.py lock

clean: ## Remove what setup and tests made
	rm -rf node_modules .venv .venv-peers build dist var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
