.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
LOCK := .venv/bin/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links

.PHONY: help run dev test lint types format translate bench screenshots shell lock elasticsearch clean

help: ## Show what there is to run
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Start the portal
	bin/portal

dev: ## Start the portal with DEBUG on, restarting when code changes
	bin/portal --dev

test: ## Run every check and all tests
	bin/test

lint: ## Run the checks that start no server: style, types, import rules, templates
	bin/test --lint

types: ## Check the types
	.venv/bin/mypy

format: ## Format Python and templates
	.venv/bin/ruff check --fix-only --quiet
	.venv/bin/ruff format --quiet
	-git ls-files -z 'portal/*.html' | xargs -0 .venv/bin/djhtml --tabwidth 2
	-git ls-files -z 'portal/*.html' | xargs -0 .venv/bin/djade --target-version 5.2

translate: ## Bring the catalogues up to date with the code (needs gettext)
	$(MANAGE) makemessages --no-location --no-obsolete --locale ru --locale ja --locale ar --ignore '.venv/*' --ignore 'var/*' --ignore 'tests/*'

bench: ## Measure speed; the figures go to benchmarks/
	@for script in benchmarks/*.py; do echo "== $$script"; $(PYTHON) $$script || exit 1; done

screenshots: ## Make the pictures of the README anew (needs Chromium)
	$(PYTHON) -m tests.e2e.screenshots

shell: ## Open a Python shell with the portal's data
	$(MANAGE) shell

elasticsearch: ## Start a real Elasticsearch node on port 9200 for development
	tests/elasticsearch_node/start --port 9200 --data var/elasticsearch

lock: ## Compile requirements/*.in into the locks with hashes
	$(LOCK) requirements/base.in --output-file requirements.txt
	$(LOCK) requirements/dev.in --constraint requirements.txt --output-file requirements/dev.txt

clean: ## Remove what the checks leave behind (never the data in var/)
	rm -rf .mypy_cache .ruff_cache test-results tests/elasticsearch_node/target
	find portal search tests bin -name __pycache__ -prune -exec rm -rf {} +
