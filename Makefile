# Aliases; start.py does the work, and also runs where there is no make.
PYTHON ?= python3

.PHONY: lab test build doctor

lab test build doctor:
	$(PYTHON) start.py $@
