.DEFAULT_GOAL := help
SHELL := /bin/sh
export RASA_TELEMETRY_ENABLED := false
BOT := .venv/bot/bin/python
BACKEND := .venv/backend/bin/python
SYSTEM_PYTHON := $(shell command -v python3 || command -v python)
# A file of tests stays on one worker, so that what is dear to make (an engine, a database server) is made once a worker.
PARALLEL := -n auto --dist loadfile
OF_BACKEND := tests --ignore tests/bot --ignore tests/nlu
FAST := not model and not database and not browser and not slow

.PHONY: help setup setup-test run test check check-style check-bot check-backend format train understand eval lint-data talk whatsapp-demo locate route demo practice boundaries doctor bench citizens bench-scale bench-surge bench-soak cluster-demo retrain-demo lock

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup:
	@$(SYSTEM_PYTHON) requirements/install.py run

setup-test:
	@$(SYSTEM_PYTHON) requirements/install.py test

run: setup ## everything on this machine: database, backend, engine, web chat on http://localhost:8000
	@$(BACKEND) -m backend run

test: setup-test check ## all tests
	@$(BACKEND) -m backend train --if-missing
	$(BOT) -m pytest $(PARALLEL) tests/bot tests/nlu -m "model or slow"
	$(BACKEND) -m pytest $(PARALLEL) $(OF_BACKEND) -m "database or model or browser or slow"

check: setup-test ## format, lint, types and fast tests; no model, no network
	@$(MAKE) --no-print-directory -j2 check-style check-bot check-backend

check-style:
	$(BACKEND) -m ruff format --check .
	$(BACKEND) -m ruff check .
	$(BACKEND) -m mypy --python-version 3.12 backend
	$(BOT) -m mypy --python-version 3.10 bot

check-bot:
	$(BOT) -m pytest -q tests/bot tests/nlu -m "$(FAST)"

check-backend:
	$(BACKEND) -m pytest -q $(OF_BACKEND) -m "$(FAST)"

format: setup-test ## rewrite the code in the agreed format
	$(BACKEND) -m ruff format .
	$(BACKEND) -m ruff check --fix .

train: setup ## train a model from bot/data
	@$(BACKEND) -m backend train

understand: setup ## how the live model reads messages: one message a line
	@$(BOT) -m bot understand

eval: setup-test ## measure the language side; writes docs/nlu-report.md anew
	@$(BOT) -m bot eval

lint-data: setup ## check the training data: doubles, labels, counts, leaks, personal data
	@$(BOT) -m bot lint-data

talk: setup ## talk to the running product: one message a line
	@$(BACKEND) -m backend talk

whatsapp-demo: setup-test ## the product with a fake Meta, and a page that looks like a phone
	@$(BACKEND) -m tests.fake_meta

locate: setup ## where is it? a place phrase or lat,lon a line in, JSON out (make -s locate)
	@$(BACKEND) -m backend locate

route: setup ## whose job is it? {"text", "issue", "place"} a line in, JSON out (make -s route)
	@$(BACKEND) -m backend route

demo: setup ## an empty desk filled with invented reports, officers of every role; prints their links
	@$(BACKEND) -m backend demo

practice: setup ## a desk for learning: invented reports, graded tasks, a database of its own
	@$(BACKEND) -m backend practice

boundaries: setup ## install polygons of regencies and districts: make boundaries FILE=…
	@$(BACKEND) -m backend boundaries "$(FILE)"

doctor: setup ## what is wrong with this installation, and what to do
	@$(BACKEND) -m backend doctor

citizens: setup-test ## simulated citizens talk to the product; writes docs/citizens-report.md anew
	@$(BACKEND) -m tests.citizens --report docs/citizens-report.md

bench: setup-test ## measure, side by side in one run; the desk with CASES=1000000 cases
	@$(BACKEND) -m tests.bench
	@$(BACKEND) -m tests.bench.whatsapp
	@$(BACKEND) -m tests.bench.desk --cases $(or $(CASES),20000)
	@$(BACKEND) -m tests.bench.sight --cases $(or $(CASES),20000)

bench-scale: setup-test ## two engines against one
	@$(BACKEND) -m tests.bench.scale

bench-surge: setup-test ## twenty times the ordinary rate for two minutes, on the whole product
	@$(BACKEND) -m tests.bench.surge

bench-soak: setup-test ## does memory grow? make bench-soak MINUTES=30
	@$(BACKEND) -m tests.bench.soak --minutes $(or $(MINUTES),2)

cluster-demo: setup-test ## two backends, three engines, one database: each killed in turn, both upgraded, 500 talks
	@$(BACKEND) -m tests.cluster

retrain-demo: setup-test ## the loop of review and training, once around, in a copy; POISON=1: the drill
	@$(BACKEND) -m tests.retrain $(if $(POISON),--poison)

lock: ## write requirements/*.txt anew from pyproject.toml
	@UV=$$($(SYSTEM_PYTHON) requirements/install.py uv) && for e in bot:3.10 backend:3.12; do \
	  name=$${e%%:*}; version=$${e##*:}; \
	  options="--python-version $$version --generate-hashes --no-emit-index-url --no-emit-find-links --build-constraints requirements/build-constraints.txt --custom-compile-command 'make lock'"; \
	  eval $$UV pip compile pyproject.toml --quiet --extra $$name $$options -o requirements/$$name.txt && \
	  eval $$UV pip compile pyproject.toml --quiet --extra $$name --extra dev -c requirements/$$name.txt $$options -o requirements/dev-$$name.txt || exit 1; \
	done
