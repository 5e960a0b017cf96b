# Two commands for a newcomer: `make demo` and `make test`. Needs only Python ≥ 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo run test chromium check bench lock clean

$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --require-hashes --compile-bytecode -r requirements.lock
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps --editable .
	@touch $(STAMP)

demo: $(STAMP)  ## the main job, embedded, no tokens
	$(BIN)/intake109 demo

run: $(STAMP)  ## the product with config.yaml
	$(BIN)/intake109 run --config config.yaml

test: $(STAMP) chromium  ## the tests; browser tests use Chromium, or say that they are skipped
	$(BIN)/python -m pytest -n 2 --dist worksteal

chromium:  ## found, or installed where that is possible
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-core fonts-noto-color-emoji >/dev/null; \
	else echo "No Chromium here and no right to install it: the browser tests will be skipped."; fi

check: $(STAMP)  ## style, types, floor plan
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)  ## every measurement, tables on screen and JSON in bench/out
	$(BIN)/python -m bench

lock:  ## renew requirements.lock after a change of pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header -o requirements.lock

clean:
	rm -rf $(VENV) var
