# make demo: a talking listing, from nothing. make test: everything CI runs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test setup setup-dev lint eval bench lock clean

help:
	@echo "make demo    install what is needed and start the demo (PORT and ENGINE_PORT move it)"
	@echo "make test    every check that CI runs"
	@echo "make eval    score the embedded engine on its question set"
	@echo "make bench   ratios side by side: pages, API list, chat"
	@echo "make lock    compile requirements.in and requirements-dev.in again"

setup:
	@$(PYTHON) scripts/bootstrap.py

setup-dev:
	@$(PYTHON) scripts/bootstrap.py --dev

demo: setup
	@exec $(BIN)/python -m config.demo

test: setup-dev
	@scripts/check

eval: setup-dev
	@$(BIN)/python -m evaluation

bench: setup-dev
	@$(BIN)/python -m bench

COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

lock: setup-dev
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf .venv node_modules var staticfiles
