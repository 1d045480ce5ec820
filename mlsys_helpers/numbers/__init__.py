"""Every figure of the chapter, recomputed: what it says in our words, what it prints, what comes out here.

`claims/` has a module for each section, written to be read as a table. `claim.py` says what a printed figure promises
and when it is kept, `ledger.py` puts all claims in order, `search.py` finds one, `view.py` and `terminal.py` show them.
"""
