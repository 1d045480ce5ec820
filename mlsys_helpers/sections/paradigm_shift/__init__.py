"""Section 1.1, the data-centric paradigm shift: if nobody wrote the rule, where is the program?"""
