# Aliases; start.py does the work, and also runs where there is no make.
PYTHON ?= python3

.PHONY: lab test build site doctor

lab test build site doctor:
	$(PYTHON) start.py $@
