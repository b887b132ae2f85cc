# What developers run. `make test` is the README's test command and CI's.
PYTHON ?= python
FUZZ_SECONDS ?= 1200

.PHONY: test lint mutants fuzz golden examples schemas docs bench

test:
	$(PYTHON) -m pytest --cov

lint:
	ruff check .
	ruff format --check .
	mypy

# Changes the standard in every single place and expects the tests to notice. Takes a while.
mutants:
	$(PYTHON) tests/mutate_standard.py

# Needs the extra `fuzz`. FUZZ_CORPUS names a folder to go on from; else a temporary one is made.
fuzz:
	$(PYTHON) tests/fuzz_reading.py --seconds $(FUZZ_SECONDS) $(if $(FUZZ_CORPUS),--corpus $(FUZZ_CORPUS))

# After a wanted change of a report or a schema: rewrite what the tests compare with, and read the diff.
golden:
	UPDATE_GOLDEN=1 $(PYTHON) -m pytest -q tests/test_reporters.py -k golden

examples:
	$(PYTHON) -m tests.example_workbooks

schemas:
	for lang in zh en; do etown-check schema --lang $$lang --output examples/schema.$$lang.json --force; done

# docs/errors.md says of each mistake what the tool says of it.
docs:
	$(PYTHON) -c 'import sys; from etown_check.mistakes import errors_page; sys.stdout.reconfigure(encoding="utf-8"); sys.stdout.write(errors_page())' > docs/errors.md.part
	mv docs/errors.md.part docs/errors.md

# How long one file and many, workbooks, documents and ledgers take, beside the start of Python and its YAML parser.
bench:
	$(PYTHON) benchmarks/validate.py --peers
	$(PYTHON) benchmarks/bulk.py
	$(PYTHON) benchmarks/documents.py
	$(PYTHON) benchmarks/ledgers.py
