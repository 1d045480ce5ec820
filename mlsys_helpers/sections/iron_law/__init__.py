"""Section 1.6, the iron law: what is the time spent on?"""
