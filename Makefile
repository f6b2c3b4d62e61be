# make run    serve the assistant over the sample forum (sets everything up the first time)
# make test   run the tests (likewise)
# make test-wordpress   run the tests against a real WordPress, where Debian's packages of it are installed
# make demo   the same, and a page of another site that shows it as a widget
# make screenshots FOLDER=shots   pictures of every state of the pages, to be looked at
# make check  format, lint, types and architecture

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --disable-pip-version-check

.PHONY: run demo screenshots test test-wordpress check format install measure lock clean

run: install
	@FORUM_GOLDEN_QUESTIONS=$${FORUM_GOLDEN_QUESTIONS:-examples/golden-questions.yaml} \
		$(BIN)/python app.py serve --sample examples/sample-forum

demo: install
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

# Measurements for docs/measurements.md; the data sets lie where FORUM_EVAL_DATA says.
measure: install $(VENV)/.dev
	$(BIN)/python benchmarks/embedding.py
	$(BIN)/python benchmarks/start.py
	$(BIN)/python benchmarks/attack.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/extraction.py
	$(BIN)/python benchmarks/languages.py
	$(BIN)/python benchmarks/followups.py
	$(BIN)/python benchmarks/wants.py
	$(BIN)/python benchmarks/quoting.py
	$(BIN)/python benchmarks/checks.py
	$(BIN)/python benchmarks/page.py
	$(BIN)/python benchmarks/widget.py
	$(BIN)/python benchmarks/peers.py
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python app.py evaluate $(FORUM_EVAL_DATA)/xquad/beir
	$(BIN)/python app.py evaluate $(FORUM_EVAL_DATA)/piaf_fr/beir --sample 600
	$(BIN)/python app.py evaluate $(FORUM_EVAL_DATA)/squad2_half_dev/dev-v2.0.cs224n.json.gz --sample 600
	$(BIN)/python benchmarks/calibrate_support.py

# A stamp is written last, so that an interrupted set-up goes on where it stopped.
$(VENV)/.created:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.created requirements.lock pyproject.toml
	@echo "Installing the pinned packages; the first time takes some minutes."
	$(PIP) --requirement requirements.lock
	$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/.model: $(VENV)/.runtime
	$(BIN)/python app.py prepare
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(PIP) --requirement requirements.lock --requirement requirements-dev.lock
	@touch $@

# Resolve the newest versions that pyproject.toml allows, in an environment of their own.
lock:
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet torch==2.13.0
	.venv-lock/bin/pip install --quiet --editable .
	{ head -1 requirements.lock; .venv-lock/bin/pip freeze --exclude-editable | sed 's/+cpu//'; } > requirements.lock.new
	.venv-lock/bin/pip install --quiet --upgrade pip && .venv-lock/bin/pip install --quiet --group dev
	{ head -1 requirements-dev.lock; .venv-lock/bin/pip freeze --exclude-editable | sed 's/+cpu//' | grep -vxFf requirements.lock.new; } > requirements-dev.lock.new
	mv requirements.lock.new requirements.lock && mv requirements-dev.lock.new requirements-dev.lock
	rm -rf .venv-lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
