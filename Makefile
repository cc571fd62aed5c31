# Every target installs what it needs. Nothing is installed outside the checkout, but Debian packages where they are missing.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup trials run test check lab lab-stop e2e e2e-alone e2e-apart e2e-mysql bench docs clean

setup: $(READY)

$(READY): pyproject.toml tools/apt.sh
	tools/apt.sh
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable '.[dev,postgresql,redis,etcd,libvirt,vsphere,otel]'
	touch $@

run: setup  ## the first minute: a real Ironic, Corral, and a walk-through
	tools/run.sh

test: setup  ## everything that needs no service to be started
	$(BIN)/pytest --ignore=tests/e2e -m "not lab" --numprocesses 4 --dist loadfile --no-loadscope-reorder

check: setup  ## style, types, layers, generated pages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.generate --check

lab: setup  ## real Keystone, Glance, Neutron, Cinder, Ironic and sushy-tools on loopback
	$(PYTHON) -m lab up

lab-stop:
	$(PYTHON) -m lab stop

trials: setup  # PostgreSQL, Redis and etcd for Corrals of several processes
	tools/apt.sh lab

E2E := CORRAL_REQUIRE_LAB=1 $(BIN)/pytest tests/e2e tests/contract tests/engine tests/upgrade --durations=15

e2e: lab trials  ## the same promises, kept by the real services
	$(E2E) -m "lab and not alone and not apart" --numprocesses 3 --dist loadfile --no-loadscope-reorder
	$(MAKE) --jobs 2 --output-sync e2e-alone e2e-apart

e2e-alone:
	$(E2E) -m "lab and alone"

e2e-apart:
	$(E2E) -m "lab and apart"

MYSQL := LAB_DB=mysql CORRAL_LAB_DIR=$(CURDIR)/.lab/mysql CORRAL_LAB_VENV=$(CURDIR)/.lab/venv

e2e-mysql: trials  ## the same over MariaDB, in a lab of its own beside the other
	tools/apt.sh mysql
	$(PYTHON) -m lab install
	$(MYSQL) $(PYTHON) -m lab up
	$(MYSQL) CORRAL_REQUIRE_LAB=1 CORRAL_LAB_JSON=$(CURDIR)/.lab/mysql/lab.json $(BIN)/pytest tests/contract tests/e2e -m lab; \
		status=$$?; $(MYSQL) $(PYTHON) -m lab stop; exit $$status

bench: lab trials
	$(BIN)/python -m benchmarks.adopt
	$(BIN)/python -m benchmarks.list
	$(BIN)/python -m benchmarks.flows
	$(BIN)/python -m benchmarks.bulk
	$(BIN)/python -m benchmarks.growth --svg docs/reference/growth.svg
	$(BIN)/python -m benchmarks.layouts
	$(BIN)/python -m benchmarks.libvirt_discovery
	$(BIN)/python -m benchmarks.vsphere_discovery
	$(BIN)/python -m benchmarks.sync
	$(BIN)/python -m benchmarks.provisioning
	$(BIN)/python -m benchmarks.bareon
	$(BIN)/python -m benchmarks.chooser

docs: setup  ## write the generated reference pages
	$(BIN)/python -m docs.generate

clean:  ## remove what make made; the lab is stopped first
	-$(PYTHON) -m lab stop
	-test ! -d .lab/mysql || $(MYSQL) $(PYTHON) -m lab stop
	rm -rf $(VENV) .lab .mypy_cache .ruff_cache .pytest_cache .hypothesis
