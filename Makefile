# make run [DOCS=path] [PORT=8000] · make test · make test-long [N=200] [SEED=1] · make bench · make measure
PYTHON ?= python3
PORT ?= 8000
PROJECT ?= project
DOCS ?=
VENV := .venv
# As they were given, to the shell as its variables: a path may hold quotes, blanks and dollars.
override DOCS := $(value DOCS)
override PROJECT := $(value PROJECT)
export DOCS PROJECT PORT
export WORKBENCH_STUDIO_VENV ?= $(CURDIR)/.venv-studio

.PHONY: run test test-long lint bench measure clean
.DEFAULT_GOAL := run

run: $(VENV)/.installed-run
	@exec $(VENV)/bin/workbench --project "$$PROJECT" up --port "$$PORT" $${DOCS:+"$$DOCS"}

test: $(VENV)/.installed-test
	@$(VENV)/bin/python -m tests.prepare
	$(MAKE) --no-print-directory lint
	$(VENV)/bin/python -m tests.together

# What takes minutes: N files made to do harm, N histories of syncs on a way that breaks and 25 times
# as many against a model of Label Studio, 5 N releases through each exporter and its consumer, all in
# the order of SEED.
test-long: export N ?= 200
test-long: export SEED ?= 1
test-long: $(VENV)/.installed-test
	$(VENV)/bin/python -m pytest -m long

lint: $(VENV)/.installed-test
	$(VENV)/bin/flake8 app.py labels exporters workbench tests bench examples
	$(VENV)/bin/mypy

# Reading, suggesting and syncing; suggesting beside peers and syncing beside the SDK are kept in
# docs/bench.md.
bench: $(VENV)/.installed-bench
	@$(VENV)/bin/python -m bench.reading
	@$(VENV)/bin/python -m bench.checking
	@$(VENV)/bin/python -m bench.suggesting --write docs/bench.md
	@$(VENV)/bin/python -m bench.exporting --write docs/bench.md
	@$(VENV)/bin/python -m bench.syncing --write docs/bench.md

# The scores of suggestions: counted on the demo gold, after a change of rules, lexicons or gold.
measure: $(VENV)/.installed-test
	@$(VENV)/bin/python -m workbench.measure

# A virtual environment is whole when its mark is there; an interrupted one is finished.
$(VENV)/.installed-%: setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
	  echo "The workbench needs Python 3.10 or newer; $(PYTHON) is older or missing." \
	       "Name another one: make PYTHON=python3.12"; exit 1; }
	@echo "Installing the workbench into $(VENV) (once, about a minute) …"
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV) || { \
	  echo "Python cannot make virtual environments here." \
	       "On Debian: apt-get install python3-venv"; exit 1; }
	@$(VENV)/bin/python -m pip install -q --disable-pip-version-check -e \
	  ".[$(if $(filter run,$*),spacy,$*)]" 2>$(VENV)/pip.log || { \
	  grep -i error $(VENV)/pip.log | tail -n 3; \
	  echo "The packages could not be installed: is there a network? The whole log: $(VENV)/pip.log"; \
	  exit 1; }
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .hypothesis build *.egg-info
