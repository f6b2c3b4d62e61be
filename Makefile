# make run    serve the assistant over the sample forum (sets everything up the first time)
# make test   run the tests (likewise)
# make test-wordpress   run the tests against a real WordPress, where Debian's packages of it are installed
# make demo   the same, and a page of another site that shows it as a widget
# make screenshots FOLDER=shots   pictures of every state of the pages, to be looked at
# make measure FORUM_EVAL_DATA=folder   measure everything, for hours
# make check  format, lint, types and architecture
# make sbom   write sbom.json, a CycloneDX list of every package that the assistant runs with

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --disable-pip-version-check

.PHONY: run demo screenshots test test-wordpress check format install measure sbom lock clean

run: install
	@FORUM_GOLDEN_QUESTIONS=$${FORUM_GOLDEN_QUESTIONS:-examples/golden-questions.yaml} \
		$(BIN)/python app.py serve --sample examples/sample-forum

demo: install
	@$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", 8080)).close()' 2>/dev/null \
		|| { echo "port 8080, for the page of another site, is taken: end what listens there"; exit 1; }
	@echo "A page of another site: http://localhost:8080"
	@$(BIN)/python -m http.server 8080 --bind 127.0.0.1 --directory examples/demo-site >/dev/null 2>&1 & \
		trap "kill $$!" EXIT INT TERM; \
		FORUM_EMBED_ORIGINS="$${FORUM_EMBED_ORIGINS:-http://localhost:8080}" \
		FORUM_GOLDEN_QUESTIONS=$${FORUM_GOLDEN_QUESTIONS:-examples/golden-questions.yaml} \
		$(BIN)/python app.py serve --sample examples/sample-forum

install: $(VENV)/.runtime $(VENV)/.model

screenshots: install $(VENV)/.dev
	@test -n "$(FOLDER)" || { echo "say where to: make screenshots FOLDER=shots"; exit 1; }
	$(BIN)/python benchmarks/screenshots.py $(FOLDER)

test: install $(VENV)/.dev
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

test-wordpress: install $(VENV)/.dev
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile tests/wordpress

check: install $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# What the locks pin, without a time or a number drawn by chance: the same locks make the same file.
SBOM := sbom.json
sbom: $(VENV)/.dev
	cat requirements.lock requirements-torch.lock | $(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --output-file $(SBOM) -

# All measurements, into docs/measurements.json and from there into the documents; the data sets lie
# where FORUM_EVAL_DATA says. Of the widgets of others, WIDGETS names the folder with the packages.
# Some of the scripts do without app.py, which else switches this off.
measure: export ORT_DISABLE_TELEMETRY := 1
measure: export FORUM_EVAL_DATA := $(FORUM_EVAL_DATA)
measure: install $(VENV)/.dev
	@test -n "$(FORUM_EVAL_DATA)" || { echo "say where the data sets lie: make measure FORUM_EVAL_DATA=folder"; exit 1; }
	$(BIN)/python benchmarks/answers.py
	$(BIN)/python benchmarks/writing.py sentences
	$(BIN)/python benchmarks/reader/calibrate.py $(FORUM_EVAL_DATA)/training
	$(BIN)/python benchmarks/retrieval.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/page.py $(if $(WIDGETS),--packages $(WIDGETS))
	$(BIN)/python benchmarks/attack.py
	$(BIN)/python benchmarks/load.py
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python benchmarks/figures.py

# A stamp is written last, so that an interrupted set-up goes on where it stopped.
$(VENV)/.created:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	@touch $@

# Every file is checked against the digests of the locks. torch comes first and by itself: a machine may
# have its wheel without CUDA, which pip would not prefer if it knew the digests when it chooses. The
# other wheel needs gigabytes of CUDA, which have a lock of their own.
$(VENV)/.runtime: $(VENV)/.created requirements.lock requirements-torch.lock requirements-cuda.lock pyproject.toml
	@echo "Installing the pinned packages; the first time takes some minutes."
	$(BIN)/pip download --quiet --no-deps --only-binary :all: --dest $(VENV)/torch $$(grep -o '^torch==[^ ]*' requirements-torch.lock)
	$(PIP) --require-hashes --no-deps --no-index --find-links $(VENV)/torch --requirement requirements-torch.lock
	@rm -r $(VENV)/torch
	@if $(BIN)/python -c 'from importlib.metadata import requires; print(requires("torch"))' | grep -q cuda; then \
		$(PIP) --require-hashes --no-deps --requirement requirements-cuda.lock; fi
	$(PIP) --require-hashes --requirement requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.model: $(VENV)/.runtime
	$(BIN)/python app.py prepare
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(PIP) --require-hashes --no-deps --requirement requirements.lock --requirement requirements-dev.lock
	@touch $@

# Resolve the newest versions that pyproject.toml allows, for every system, with the digest of each
# file that the package index has. `\$$1` is a package with its version, at the head of its digests.
COMPILE := .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	pyproject.toml --group build
CUDA := /^[a-z]/ { kind = /^torch==/ ? "torch" : /^(cuda|nvidia)-|^triton==/ ? "cuda" : "" }
# What makes the list of packages wants it, to check addresses; where it is there, every start takes a second more.
UNUSED := --no-emit-package rfc3987-syntax --no-emit-package lark
TORCH_WITHOUT_CUDA := sha256:6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b  # 2.13.0+cpu, Python 3.11, Linux on x86-64

lock:
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet uv
	$(COMPILE) --output-file .venv-lock/runtime
	$(COMPILE) --group dev $(UNUSED) --constraint .venv-lock/runtime --output-file .venv-lock/all
	{ head -1 requirements.lock; awk '$(CUDA) kind == ""' .venv-lock/runtime; } > .venv-lock/requirements.lock
	{ head -1 requirements-torch.lock; awk '$(CUDA) kind == "torch" { print } /^torch==/ { print "    --hash=$(firstword $(TORCH_WITHOUT_CUDA)) \\" }' .venv-lock/runtime; } > .venv-lock/requirements-torch.lock
	{ head -1 requirements-cuda.lock; awk '$(CUDA) kind == "cuda"' .venv-lock/runtime; } > .venv-lock/requirements-cuda.lock
	{ head -1 requirements-dev.lock; awk 'NR == FNR { known[$$1]; next } /^[a-z]/ { new = !($$1 in known) } new' .venv-lock/runtime .venv-lock/all; } > .venv-lock/requirements-dev.lock
	mv .venv-lock/requirements*.lock .
	rm -rf .venv-lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
