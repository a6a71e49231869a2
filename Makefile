# S1mpleTrader in two commands: `make run` opens the demo session, `make test` runs everything that CI runs.
# Works with the GNU make of Debian, Ubuntu, Fedora and macOS (3.81). PYTHON=/path/to/python chooses the interpreter.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-slow bench screenshots translations format lock clean set-up set-up-dev set-up-bench qt-libraries

PYTHON ?=
OPERATION ?=
UPGRADE ?=
ONLY ?=
BIN := .venv/bin
STEP = @printf '\n== %s ==\n'

# Tests, benchmarks and screenshots draw into memory, never on the screen of whoever runs them.
test test-slow bench screenshots: export QT_QPA_PLATFORM := offscreen

help: ## show this list
	@printf 'S1mpleTrader\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile
	@printf '\n  PYTHON=/path/to/python3.13 chooses the interpreter (3.11 to 3.13).\n'

run: set-up ## open the demo session in a window (without a screen: run it headless and say where the summary is)
	@$(BIN)/s1mpletrader $(if $(OPERATION),run $(OPERATION))

test: set-up-dev qt-libraries ## everything that CI runs: format, lint, types, layers, tests
	$(STEP) 'ruff format --check'
	@$(BIN)/ruff format --check .
	$(STEP) 'ruff check'
	@$(BIN)/ruff check .
	$(STEP) 'mypy'
	@$(BIN)/mypy
	$(STEP) 'lint-imports'
	@$(BIN)/lint-imports --no-cache
	$(STEP) 'pytest'
	@$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

test-slow: set-up-dev qt-libraries ## the tests that take minutes
	@$(BIN)/python -m pytest -m slow

bench: set-up-bench qt-libraries ## benchmarks: ratios against a named reference, one table at the end (ONLY=sweep takes one)
	@$(BIN)/python -m pytest -m benchmark $(if $(ONLY),-k $(ONLY))

screenshots: set-up-dev qt-libraries ## draw the window's pictures for README and handbook anew
	@$(BIN)/python tools/screenshots.py

translations: set-up-dev ## collect the window's texts for translation, and compile what is translated
	@$(BIN)/pyside6-lupdate $$(git ls-files 'gui/*.py') -locations none -no-obsolete -source-language en \
		-target-language nl -ts resources/translations/s1mpletrader_nl.ts
	@$(BIN)/pyside6-lrelease resources/translations/s1mpletrader_nl.ts -qm resources/translations/s1mpletrader_nl.qm

format: set-up-dev ## let ruff format the tree and mend what it can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: set-up-dev ## resolve the locks anew from pyproject.toml (UPGRADE=--upgrade takes newer releases)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile pyproject.toml --group build $(UPGRADE) \
		--universal --python-version 3.11 --generate-hashes --quiet -o requirements.txt
	@UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile pyproject.toml --group dev -c requirements.txt $(UPGRADE) \
		--universal --python-version 3.11 --generate-hashes --quiet -o requirements-dev.txt
	@UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile pyproject.toml --group bench -c requirements-dev.txt $(UPGRADE) \
		--universal --python-version 3.11 --generate-hashes --quiet -o requirements-bench.txt

clean: ## remove the environment, the caches and what the program wrote into out/
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist out
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

set-up:
	@PYTHON='$(PYTHON)' sh tools/set_up.sh run

set-up-dev:
	@PYTHON='$(PYTHON)' sh tools/set_up.sh dev

set-up-bench:
	@PYTHON='$(PYTHON)' sh tools/set_up.sh bench

qt-libraries:
	@$(BIN)/python -m gui.system_libraries offscreen
