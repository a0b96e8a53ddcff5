# The targets that a newcomer needs: `make demo` and `make test`. Each makes what it needs.
#
#   make demo [TIME=real]   a call with a voice agent, recorded
#   make test               all tests
#   make lint               ruff and mypy
#   make sanitize           the audio core's tests under the address and UB sanitizers
#   make fuzz [SECONDS=60]  hostile and random JavaScript scenarios
#   make bench [JSON=file]  figures beside their yardsticks

PYTHON ?= python3
TIME ?= virtual
SECONDS ?= 60
VENV := .venv
BIN := $(VENV)/bin
NATIVE := $(wildcard native/*.c native/*.h native/*.cdef native/build_ffi.py)

.PHONY: demo test lint sanitize fuzz bench clean

demo: $(VENV)/.voxrt
	$(BIN)/voxrt run scenarios/restaurant/restaurant.py \
	    --caller scenarios/restaurant/caller.yaml --agent scenarios/restaurant/agent.yaml \
	    --time $(TIME) --out runs/demo

test: $(VENV)/.voxrt $(VENV)/.test
	$(BIN)/python -m pytest -q

lint: $(VENV)/.voxrt $(VENV)/.test $(VENV)/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

sanitize: $(VENV)/.voxrt $(VENV)/.test
	$(BIN)/python -m pytest -q tests/native -k sanitizer

fuzz: $(VENV)/.voxrt
	$(BIN)/python tests/fuzz $(SECONDS)

bench: $(VENV)/.voxrt $(VENV)/.bench
	$(BIN)/python -m bench $(if $(JSON),--json $(JSON))

# What builds the package goes into the environment first, so that a later rebuild needs no network.
$(VENV)/.tools:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "voxrt needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip 'setuptools>=77' wheel 'cffi>=2.0'
	touch $@

$(VENV)/.voxrt: $(VENV)/.tools pyproject.toml setup.py $(NATIVE)
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install -q --no-build-isolation -e '.[speech,mp3,audio]'
	touch $@

$(VENV)/.%: pyproject.toml | $(VENV)/.voxrt
	$(BIN)/python -m pip install -q --group $*
	touch $@

clean:
	rm -rf $(VENV) build runs voxrt/_native*.so
